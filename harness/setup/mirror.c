/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mirror.c - what the hmm setups share: memory that the device mirrors, and the evidence that pages moved.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "harness/setup/common.h"

int mirror_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	int err = fs_device_alloc(job, FS_MEMORY_MIRROR, bytes, FS_HOST, &buf->memory);

	buf->cpu = buf->memory.cpu;
	return err;
}

void mirror_release(struct fs_job *job, struct fs_buffer *buf)
{
	fs_device_free(job, &buf->memory);
	buf->cpu = NULL;
}

/* seen == the sum of two counts, if the device keeps all three */
static void expect_sum(struct fs_job *job, const char *sum, const char *a, const char *b)
{
	uint64_t sum_value, a_value, b_value;

	if (fs_device_count(job, sum, &sum_value) && fs_device_count(job, a, &a_value) && fs_device_count(job, b, &b_value))
		fs_expect(job, sum, (double)sum_value, FS_EQ, (double)(a_value + b_value));
}

/* Every page that moved to the device and did not come back is on it. */
static int expect_conservation(struct fs_job *job, struct fs_buffer *buf)
{
	uint64_t there, back, on_device;
	int err = shared_count_on_device(job, buf, &on_device);

	if (err == 0 && fs_device_count(job, "pages_to_device", &there) && fs_device_count(job, "pages_to_host", &back))
		fs_expect(job, "pages_to_device - pages_to_host", (double)there - (double)back, FS_EQ, (double)on_device);
	return err;
}

int mirror_evidence(struct fs_job *job, struct fs_buffer *buf)
{
	uint64_t conflicts;
	int err = expect_conservation(job, buf);

	/* After residence, which reads the page tables. */
	if (err == 0 && fs_device_count(job, "residence_conflicts", &conflicts))
		fs_expect(job, "residence_conflicts", (double)conflicts, FS_EQ, 0);
	expect_sum(job, "events_to_device", "faults_to_device", "remaps_to_device");
	expect_sum(job, "events_to_host", "faults_to_host", "remaps_to_host");
	return err;
}

/* If the device counts neither faults nor pages, residence is the proof that its work moved any. */
int mirror_expect_moved(struct fs_job *job, struct fs_buffer *buf)
{
	uint64_t counted, on_device, of;
	int err;

	if (fs_device_count(job, "faults_to_device", &counted) || fs_device_count(job, "pages_to_device", &counted))
		return 0;
	err = shared_count_pages(job, buf, FS_DEVICE, &on_device, &of);
	if (err == 0)
		fs_expect(job, "input_pages_on_device", (double)on_device, FS_GE, of != 0 ? 1 : 0);
	return err;
}

/* Moves the granule that a page is in, unless it is there already; returns whether it moved. */
static bool bring(struct fs_implied *implied, size_t page)
{
	size_t first = page / implied->granule * implied->granule, last = first + implied->granule;
	enum fs_side to = implied_side(implied);
	bool moves = implied->where[page] != to;

	for (size_t i = first; moves && i < last && i < implied->pages->n; i++) {
		imply_moves(implied, i, to);
		imply_exists(implied, i);
	}
	return moves;
}

void mirror_imply(struct fs_implied *implied)
{
	enum fs_side side = implied_side(implied);

	common_imply(implied);
	implied->n[FS_COST_LAUNCH] += implied->step == FS_DEVICE_COMPUTE;
	for (size_t i = 0; i < implied->pages->n; i++) {
		if (implied->pages->touch[i] == 0)
			continue;
		if (bring(implied, i)) {
			/* The touched page moves by the fault, its neighbours with it. */
			implied->n[FS_COST_FAULT + side]++;
			implied->n[FS_COST_PAGE + side]--;
		}
		imply_exists(implied, i);
	}
}

void mirror_imply_prefetch(struct fs_implied *implied, unsigned flags)
{
	bool moves = implied->step == FS_DEVICE_COMPUTE || implied->step == FS_CPU_AFTER;

	for (unsigned i = 0; i < FS_REGIONS && moves && implied->regions[i].bytes != 0; i++) {
		size_t first = implied->regions[i].offset / fs_page_bytes(), end = implied->regions[i].offset + implied->regions[i].bytes;

		if ((implied->regions[i].flags & flags) == 0)
			continue;
		implied->n[FS_COST_MIGRATE + implied_side(implied)]++;
		for (size_t page = first; page * fs_page_bytes() < end; page++)
			bring(implied, page);
	}
}
