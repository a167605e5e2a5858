/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * range.c - pages that both sides fill and compare; see conform.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/conform.h"
#include "conform/touch.body.h"

#define PAGES 16

size_t conform_bytes(const struct fs_args *args)
{
	(void)args;
	return PAGES * fs_page_bytes();
}

size_t conform_huge_bytes(const struct fs_args *args)
{
	(void)args;
	return 3 * fs_huge_bytes();
}

static int open_range(struct fs_job *job, struct conform *c, size_t bytes)
{
	*c = (struct conform){.job = job, .page_bytes = fs_page_bytes(), .pages = bytes / fs_page_bytes()};
	return fs_alloc(job, bytes, &c->buf);
}

int conform_open(struct fs_job *job, struct conform *c)
{
	return open_range(job, c, conform_bytes(NULL));
}

int conform_open_ordinary(struct fs_job *job, struct conform *c)
{
	return conform_open_bytes(job, c, conform_bytes(NULL));
}

int conform_open_bytes(struct fs_job *job, struct conform *c, size_t bytes)
{
	if (!fs_is_ordinary(job))
		return fs_skip_device(job, FS_TRAIT_ORDINARY, NULL, "reaches memory of its own making alone, not what the process maps");
	return open_range(job, c, bytes);
}

int conform_open_huge(struct fs_job *job, struct conform *c, size_t *first)
{
	uintptr_t huge = fs_huge_bytes(), at;
	int err = conform_open_bytes(job, c, conform_huge_bytes(NULL));

	if (err < 0)
		return err;
	at = (uintptr_t)c->buf.cpu;
	*first = (((at + huge - 1) & ~(huge - 1)) - at) / c->page_bytes;
	return err;
}

int conform_close(struct conform *c, int err)
{
	/* The buffer is returned as it was allocated: base pages that nothing has touched. */
	if (c->mapped && mmap(c->buf.cpu, c->buf.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED &&
		err == 0)
		err = -errno;
	if (c->mapped)
		madvise(c->buf.cpu, c->buf.bytes, MADV_NOHUGEPAGE);
	fs_release(c->job, &c->buf);
	return err;
}

int conform_map(struct conform *c, size_t first, size_t n, int prot, int flags, int fd)
{
	void *at = conform_at(c, first);

	c->mapped = true;
	if (mmap(at, n * c->page_bytes, prot, flags | MAP_FIXED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0) != at)
		return fs_error(c->job, -errno, "cannot map memory over the buffer: %s", strerror(errno));
	return 0;
}

unsigned char *conform_at(const struct conform *c, size_t page)
{
	return (unsigned char *)c->buf.cpu + page * c->page_bytes;
}

/* ---- the CPU */

void conform_fill(const struct conform *c, size_t first, size_t n, ulong key)
{
	for (size_t page = first; page < first + n; page++) {
		ulong *words = (ulong *)conform_at(c, page);

		for (size_t i = 0; i < c->page_bytes / sizeof(*words); i++)
			words[i] = touch_word(page, i, key);
	}
}

int conform_compare(const struct conform *c, size_t first, size_t n, ulong key)
{
	for (size_t page = first; page < first + n; page++) {
		const volatile ulong *words = (const volatile ulong *)conform_at(c, page);

		for (size_t i = 0; i < c->page_bytes / sizeof(*words); i++) {
			ulong seen = words[i], expected = touch_word(page, i, key);

			if (seen != expected)
				return fs_wrong(c->job, "the CPU reads %lx in word %zu of page %zu, not %lx", seen, i, page, expected);
		}
	}
	return 0;
}

/* ---- the device */

/*
 * The part of the buffer that a launch reads before and writes back after, for a device that works on a copy: pages beyond it are not to be touched.
 * Any other device touches what its body touches.
 */
static int launch(struct conform *c, size_t first, size_t n, ulong key, bool writes)
{
	struct fs_buffer part = c->buf;
	bool whole = fs_device_reaches(c->job);
	struct fs_launch launch = {.name = "touch",
		.body = touch_body,
		.args.u = {c->page_bytes, key, writes, whole ? 0 : first},
		.first = first,
		.last = first + n,
		.reads_only = !writes};
	int err;

	if (!whole) {
		part.memory.cpu = conform_at(c, first);
		part.memory.bytes = part.bytes = n * c->page_bytes;
	}
	fs_results_clear(c->job);
	err = fs_launch_start(c->job, &part, &launch);
	return err == 0 ? fs_launch_wait(c->job) : err;
}

int conform_device_fill(struct conform *c, size_t first, size_t n, ulong key)
{
	return launch(c, first, n, key, true);
}

int conform_device_compare(struct conform *c, size_t first, size_t n, ulong key)
{
	int err = launch(c, first, n, key, false);
	ulong different = err == 0 ? fs_results(c->job)[0] : 0;

	if (different == 0)
		return err;
	return fs_wrong(c->job, "the device reads %lu words of pages %zu to %zu that are not what was written", different, first, first + n - 1);
}

int conform_move(struct conform *c, size_t first, size_t n, enum fs_side to)
{
	return fs_move(c->job, &c->buf, first * c->page_bytes, n * c->page_bytes, to);
}

int conform_expect(struct conform *c, size_t first, size_t n, enum fs_side side, size_t pages, const char *what)
{
	uint8_t *sides = malloc(n);
	size_t found = 0;
	int err;

	if (sides == NULL)
		return fs_error(c->job, -ENOMEM, "out of memory");
	err = fs_residence(c->job, &c->buf, first * c->page_bytes, n * c->page_bytes, sides);
	for (size_t i = 0; i < n && err == 0; i++)
		found += sides[i] == side;
	if (err == 0)
		fs_expect(c->job, what, (double)found, FS_EQ, (double)pages);
	free(sides);
	return err;
}

int conform_settle(struct conform *c)
{
	return fs_is_frail(c->job) ? conform_move(c, 0, c->pages, FS_HOST) : 0;
}

int conform_need_robust(struct fs_job *job)
{
	if (!fs_is_frail(job))
		return 0;
	return fs_skip_device(
		job, FS_TRAIT_STURDY, NULL, "has a driver that brings the kernel down at a page that stayed on the device while page tables changed");
}
