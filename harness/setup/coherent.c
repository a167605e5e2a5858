/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * coherent.c - what the cdm setups share: memory that both sides access, and the residence of its pages.
 */
#include "config.h"

#include "harness/setup/common.h"

#include <string.h>

int coherent_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf, enum fs_side side)
{
	int err = fs_device_alloc(job, FS_MEMORY_COHERENT, bytes, side, &buf->memory);

	buf->cpu = buf->memory.cpu;
	return err;
}

int coherent_alloc_host(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return coherent_alloc(job, bytes, buf, FS_HOST);
}

int coherent_alloc_device(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	return coherent_alloc(job, bytes, buf, FS_DEVICE);
}

void coherent_release(struct fs_job *job, struct fs_buffer *buf)
{
	fs_device_free(job, &buf->memory);
	buf->cpu = NULL;
}

int coherent_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_side side)
{
	uint64_t entered, left, conflicts, on_device = 0;
	int err = shared_expect_side(job, buf, side);

	if (err < 0 || !fs_device_count(job, "entered_device", &entered) || !fs_device_count(job, "left_device", &left))
		return err;
	err = shared_count_on_device(job, buf, &on_device);
	if (err == 0)
		fs_expect(job, "entered_device - left_device", (double)entered - (double)left, FS_EQ, (double)on_device);
	/* After residence: that is what looks at the page tables. */
	if (err == 0 && fs_device_count(job, "residence_conflicts", &conflicts))
		fs_expect(job, "residence_conflicts", (double)conflicts, FS_EQ, 0);
	return err;
}

int coherent_evidence_host(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	(void)after;
	return coherent_evidence(job, buf, FS_HOST);
}

int coherent_evidence_device(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	(void)after;
	return coherent_evidence(job, buf, FS_DEVICE);
}

/* New pages are allocated on that side, whichever side touches them first. */
static void imply_on(struct fs_implied *implied, enum fs_side side)
{
	if (implied->step == FS_ALLOC)
		memset(implied->where, side, implied->pages->n);
	common_imply(implied);
	implied->n[FS_COST_LAUNCH] += implied->step == FS_DEVICE_COMPUTE;
	for (size_t i = 0; i < implied->pages->n; i++) {
		if (implied->pages->touch[i] != 0)
			imply_exists(implied, i);
	}
}

void coherent_imply_host(struct fs_implied *implied)
{
	imply_on(implied, FS_HOST);
}

void coherent_imply_device(struct fs_implied *implied)
{
	imply_on(implied, FS_DEVICE);
}
