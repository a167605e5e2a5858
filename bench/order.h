/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * order.h - what benchmarks share on the CPU's side: base pages, powers of two, residence, medians.
 */
#ifndef FIVESTEP_BENCH_ORDER_H
#define FIVESTEP_BENCH_ORDER_H

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "bench/order.body.h"
#include "harness/fivestep.h"

static inline size_t page_bytes(void)
{
	return fs_page_bytes();
}

/* Of this process so far. */
static inline uint64_t minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_minflt;
}

/* The same with major ones: what waits for its page, as a device's does, is one of these or those by the kernel's version. */
static inline uint64_t page_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

/* n == 1 << order_bits(n), or order_bits(n) == 64 where n is no power of two. */
static inline unsigned order_bits(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0 ? (unsigned)__builtin_ctzll(n) : 64;
}

/* The parameter `size` of a buffer that is touched page by page. */
#define SIZE_PARAM(initially, text)                                                                                                                  \
	{                                                                                                                                            \
		.name = "size", .type = FS_PARAM_SIZE, .initial = initially, .min = 64 << 10, .min_pages = 16, .max = 64.0 * (1ull << 30),           \
		.help = text                                                                                                                         \
	}

/* The parameter `size` as a power of two of so many bytes; a skip with that remedy where it is none. 0 or negative. */
static inline int size_bits(struct fs_job *job, size_t unit, const char *remedy, unsigned *bits)
{
	uint64_t bytes = fs_size(job, "size");

	*bits = order_bits(bytes / unit);
	return *bits < 64 && bytes % unit == 0 ? 0 : fs_skip(job, remedy, "the size is not a power of two");
}

/* What devices count by the direction: faults that were served there, and pages that moved there. */
static inline const char *faults_to(enum fs_side to)
{
	return to == FS_HOST ? "faults_to_host" : "faults_to_device";
}

static inline const char *pages_to(enum fs_side to)
{
	return to == FS_HOST ? "pages_to_host" : "pages_to_device";
}

/* How much a device count grew since it was `before`; false where the device does not keep it. */
static inline bool count_grew(struct fs_job *job, const char *name, uint64_t before, uint64_t *by)
{
	uint64_t now;

	if (!fs_device_count(job, name, &now))
		return false;
	*by = now - before;
	return true;
}

/* A device count now, 0 where the device does not keep it: what count_grew() is told later. */
static inline uint64_t count_now(struct fs_job *job, const char *name)
{
	uint64_t now = 0;

	return fs_device_count(job, name, &now) ? now : 0;
}

/* What a device counted in one direction so far; 0 what it does not count. What it counts from then on is evidence (count_grew()). */
struct traffic {
	uint64_t faults, pages;
};

static inline struct traffic traffic_now(struct fs_job *job, enum fs_side to)
{
	return (struct traffic){.faults = count_now(job, faults_to(to)), .pages = count_now(job, pages_to(to))};
}

/* Starts a body and waits for its end. 0 or negative. */
static inline int launch_run(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	int err = fs_launch_start(job, buf, launch);

	return err < 0 ? err : fs_launch_wait(job);
}

/* Base pages of the whole buffer that are on a side. Needs FS_RESIDENCE. */
static inline int pages_on_side(struct fs_job *job, struct fs_buffer *buf, enum fs_side side, uint64_t *pages)
{
	size_t page = page_bytes(), n = (buf->bytes + page - 1) / page;
	uint8_t *sides = malloc(n);
	int err;

	*pages = 0;
	if (sides == NULL)
		return fs_error_memory(job);
	err = fs_residence(job, buf, 0, n * page, sides);
	for (size_t i = 0; i < n && err == 0; i++)
		*pages += sides[i] == side;
	free(sides);
	return err;
}

/*
 * Evidence: the pages of a buffer that is new are on one side, whichever its setup puts them on: none has spilled over to the other, or was moved.
 * Pages whose residence the device does not know do not count. 0 or negative on error.
 */
static inline int expect_one_side(struct fs_job *job, struct fs_buffer *buf)
{
	uint64_t on_host, on_device;
	int err;

	if ((fs_offers(job) & FS_RESIDENCE) == 0)
		return 0;
	err = pages_on_side(job, buf, FS_HOST, &on_host);
	if (err == 0)
		err = pages_on_side(job, buf, FS_DEVICE, &on_device);
	if (err == 0)
		fs_expect(job, "pages_astray", (double)(on_host < on_device ? on_host : on_device), FS_EQ, 0);
	return err;
}

/* Evidence: the page tables agree with the driver's ownership table for all pages queried so far, where the device compares them. */
static inline bool expect_no_conflicts(struct fs_job *job)
{
	uint64_t conflicts;

	return !fs_device_count(job, "residence_conflicts", &conflicts) || fs_expect(job, "residence_conflicts", (double)conflicts, FS_EQ, 0);
}

/*
 * Evidence: every page of the buffer is on the side, without conflicts. 1 where it holds or cannot be asked, 0 where it
 * fails (the round is invalid then), negative on error.
 */
static inline int expect_side(struct fs_job *job, struct fs_buffer *buf, enum fs_side side)
{
	uint64_t pages;
	int err;
	bool holds;

	if ((fs_offers(job) & FS_RESIDENCE) == 0)
		return 1;
	err = pages_on_side(job, buf, side, &pages);
	if (err < 0)
		return err;
	holds = fs_expect(job, side == FS_HOST ? "pages_on_host" : "pages_on_device", (double)pages, FS_EQ,
		(double)((buf->bytes + page_bytes() - 1) / page_bytes()));
	return expect_no_conflicts(job) && holds ? 1 : 0;
}

#endif
