/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_memory.c - copies beyond the cache and of single pages, and the buffers that are read; see floor.c.
 */
#include "config.h"

#include "bench/floor.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* A buffer of huge pages, where they are available. */
struct area {
	unsigned char *base; /* as mapped */
	unsigned char *p;    /* aligned to a chunk */
	size_t bytes;
};

size_t floor_bytes(const struct fs_args *args)
{
	return (fs_arg_size(args, "size") + FLOOR_CHUNK - 1) / FLOOR_CHUNK * FLOOR_CHUNK;
}

static int area_map(struct area *area, size_t bytes)
{
	area->bytes = bytes;
	area->base = mmap(NULL, bytes + FLOOR_CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area->base == MAP_FAILED) {
		area->base = NULL;
		return -errno;
	}
	area->p = (unsigned char *)(((uintptr_t)area->base + FLOOR_CHUNK - 1) & ~(FLOOR_CHUNK - 1));
	madvise(area->p, bytes, MADV_HUGEPAGE);
	return 0;
}

static void area_unmap(struct area *area)
{
	if (area->base != NULL)
		munmap(area->base, area->bytes + FLOOR_CHUNK);
}

static void fill(struct area *area, uint64_t seed)
{
	ulong *words = (ulong *)area->p;

	for (size_t i = 0; i < area->bytes / sizeof(*words); i++)
		words[i] = i ^ seed;
}

/* In pieces of so many bytes; fills in GB/s of each pass. */
static void memcpy_passes(struct area *to, const struct area *from, size_t piece, double rate[FLOOR_PASSES])
{
	for (int pass = 0; pass < FLOOR_PASSES; pass++) {
		uint64_t start = fs_now();

		for (size_t at = 0; at < from->bytes; at += piece)
			memcpy(to->p + at, from->p + at, at + piece < from->bytes ? piece : from->bytes - at);
		rate[pass] = (double)from->bytes / (double)(fs_now() - start);
	}
}

static void measure_memcpy(struct fs_job *job, struct area *to, const struct area *from)
{
	const size_t pieces[] = {FLOOR_CHUNK / 32, FLOOR_CHUNK, from->bytes};
	double best[FLOOR_PASSES], rate[FLOOR_PASSES], sorted[FLOOR_PASSES], best_median = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(pieces); i++) {
		memcpy_passes(to, from, pieces[i], rate);
		memcpy(sorted, rate, sizeof(sorted));
		if (repeat_median(sorted, FLOOR_PASSES) <= best_median)
			continue;
		memcpy(best, rate, sizeof(best));
		best_median = repeat_median(sorted, FLOOR_PASSES);
	}
	for (int pass = 0; pass < FLOOR_PASSES; pass++)
		fs_sample(job, "memcpy", best[pass]);
}

/* Every page once, in an order that runs through both buffers at random. */
static void measure_memcpy_4k(struct fs_job *job, struct area *to, const struct area *from, size_t page)
{
	unsigned bits = 63 - (unsigned)__builtin_clzll(from->bytes / page);
	ulong pages = 1ul << bits, part = pages / FLOOR_PASSES, key = fs_seed(job);

	for (ulong pass = 0; pass < FLOOR_PASSES; pass++) {
		uint64_t start = fs_now();

		for (ulong i = pass * part; i < (pass + 1) * part; i++) {
			ulong offset = order_at(i, bits, key) * page;

			memcpy(to->p + offset, from->p + offset, page);
		}
		fs_sample(job, "memcpy_4k", (double)(fs_now() - start) / (double)part);
	}
}

static int measure_copies(struct fs_job *job, struct area *to, const struct area *from)
{
	measure_memcpy(job, to, from);
	if (memcmp(to->p, from->p, from->bytes) != 0)
		return fs_wrong(job, "memcpy: the copy differs");
	measure_memcpy_4k(job, to, from, page_bytes());
	return 0;
}

int floor_memory(struct fs_job *job)
{
	struct area from = {0}, to = {0};
	size_t bytes = floor_bytes(fs_args(job));
	uint64_t seed = fs_seed(job);
	int err = area_map(&from, bytes);

	if (err == 0)
		err = area_map(&to, bytes);
	if (err < 0) {
		fs_error(job, err, "no memory for two buffers of %zu bytes", bytes);
		goto out;
	}
	fill(&from, seed);
	memset(to.p, 0, bytes);
	err = measure_copies(job, &to, &from);
	if (err == 0)
		err = floor_read(job, (const ulong *)to.p, bytes / sizeof(ulong), seed);
out:
	area_unmap(&to);
	area_unmap(&from);
	return err;
}
