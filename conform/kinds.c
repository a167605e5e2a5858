/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kinds.c - every kind of memory that a process has: whether the device reaches it, and whether its pages move when the device touches them or when
 * they are asked to. `fivestep conform --table` makes the table of docs/conformance.md from the metrics of these cases.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conform/conform.h"

#define KEY   1
#define OTHER 2

static const struct fs_metric metrics[] = {
	{.name = "moved_by_access", .unit = "pages", .better = FS_EXACT, .help = "pages on the device after it has read them"},
	{.name = "moved_by_request", .unit = "pages", .better = FS_EXACT, .help = "pages on the device after they were asked to move"},
	{.name = "refused_access", .unit = "accesses", .better = FS_EXACT, .help = "reads by the device that ended in an error"},
	{.name = "refused_request", .unit = "requests", .better = FS_EXACT, .help = "requests to move that ended in an error"},
	{0},
};

/* A kind: maps n pages from the first on and gives them the contents of a key. */
typedef int (*make_fn)(struct conform *c, size_t first, size_t n, ulong key);

static size_t pages_on_device(struct conform *c, size_t first, size_t n)
{
	uint8_t *sides = calloc(n, 1);
	size_t found = 0;

	if (sides == NULL || fs_residence(c->job, &c->buf, first * c->page_bytes, n * c->page_bytes, sides) < 0)
		n = 0;
	for (size_t i = 0; i < n; i++)
		found += sides[i] == FS_DEVICE;
	free(sides);
	return found;
}

/*
 * The device reads, the range is asked to move, the device reads again, writes where it may, and the CPU compares. An access that is refused ends the
 * case: the device may not have survived it. Then nothing is released; the process ends.
 */
static int look(struct conform *c, size_t first, size_t n, ulong key, bool writable)
{
	int err = conform_device_compare(c, first, n, key);
	bool refused = err < 0 && err != -EBADMSG;

	fs_sample(c->job, "refused_access", refused);
	if (err < 0)
		return err;
	fs_sample(c->job, "moved_by_access", (double)pages_on_device(c, first, n));
	err = conform_move(c, first, n, FS_DEVICE);
	fs_sample(c->job, "refused_request", err < 0);
	if (err < 0)
		fs_forgive(c->job);
	else
		fs_sample(c->job, "moved_by_request", (double)pages_on_device(c, first, n));
	err = conform_device_compare(c, first, n, key);
	if (err == 0 && writable)
		err = conform_device_fill(c, first, n, OTHER);
	return err == 0 ? conform_compare(c, first, n, writable ? OTHER : key) : err;
}

static int kind(struct fs_job *job, make_fn make, ulong key, bool writable)
{
	struct conform c;
	int err = conform_open_ordinary(job, &c);

	if (err < 0)
		return err;
	err = make(&c, 0, c.pages, key);
	if (err == 0)
		err = look(&c, 0, c.pages, key, writable);
	return err < 0 ? err : conform_close(&c, err);
}

static int huge_kind(struct fs_job *job, make_fn make)
{
	struct conform c;
	size_t first;
	int err = conform_open_huge(job, &c, &first);

	if (err == 0)
		err = make(&c, first, fs_huge_bytes() / c.page_bytes, KEY);
	if (err == 0)
		err = look(&c, first, fs_huge_bytes() / c.page_bytes, KEY, true);
	return err < 0 ? err : conform_close(&c, err);
}

/* ---- how each is made */

static int map_and_fill(struct conform *c, size_t first, size_t n, ulong key, int flags, int fd)
{
	int err = conform_map(c, first, n, PROT_READ | PROT_WRITE, flags, fd);

	if (err == 0)
		conform_fill(c, first, n, key);
	return err;
}

static int make_heap(struct conform *c, size_t first, size_t n, ulong key)
{
	return map_and_fill(c, first, n, key, MAP_PRIVATE, -1);
}

/* What makes a mapping a stack to the kernel is that it grows down. */
static int make_stack(struct conform *c, size_t first, size_t n, ulong key)
{
	return map_and_fill(c, first, n, key, MAP_PRIVATE | MAP_GROWSDOWN | MAP_STACK, -1);
}

static int make_file(struct conform *c, size_t first, size_t n, ulong key, int flags)
{
	char path[] = "/tmp/fivestep-conform-XXXXXX";
	int fd = mkstemp(path), err;

	if (fd < 0)
		return fs_error(c->job, -errno, "no file in /tmp: %s", strerror(errno));
	unlink(path);
	err = ftruncate(fd, (off_t)(n * c->page_bytes)) == 0 ? 0 : fs_error(c->job, -errno, "ftruncate: %s", strerror(errno));
	if (err == 0)
		err = map_and_fill(c, first, n, key, flags, fd);
	close(fd);
	return err;
}

static int make_file_private(struct conform *c, size_t first, size_t n, ulong key)
{
	return make_file(c, first, n, key, MAP_PRIVATE);
}

static int make_file_shared(struct conform *c, size_t first, size_t n, ulong key)
{
	return make_file(c, first, n, key, MAP_SHARED);
}

static int make_shmem(struct conform *c, size_t first, size_t n, ulong key)
{
	return map_and_fill(c, first, n, key, MAP_SHARED, -1);
}

static int make_locked(struct conform *c, size_t first, size_t n, ulong key)
{
	int err = map_and_fill(c, first, n, key, MAP_PRIVATE, -1);

	if (err == 0 && mlock(conform_at(c, first), n * c->page_bytes) != 0)
		err = fs_skip(c->job, "raise the limit of locked memory (ulimit -l)", "cannot lock memory: %s", strerror(errno));
	return err;
}

static int make_read_only(struct conform *c, size_t first, size_t n, ulong key)
{
	int err = map_and_fill(c, first, n, key, MAP_PRIVATE, -1);

	if (err == 0 && mprotect(conform_at(c, first), n * c->page_bytes, PROT_READ) != 0)
		err = fs_error(c->job, -errno, "mprotect: %s", strerror(errno));
	return err;
}

/* Read by the CPU and never written: the kernel's one page of zeros. */
static int make_zero(struct conform *c, size_t first, size_t n, ulong key)
{
	int err = conform_map(c, first, n, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);

	return err == 0 ? conform_compare(c, first, n, key) : err;
}

static int make_untouched(struct conform *c, size_t first, size_t n, ulong key)
{
	(void)key;
	return conform_map(c, first, n, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
}

static int child_waits(struct conform *c)
{
	(void)c;
	pause();
	return 0;
}

/* Shared copy-on-write with a child that lives as long as this process. */
static int make_forked(struct conform *c, size_t first, size_t n, ulong key)
{
	struct conform_child child;
	int err = map_and_fill(c, first, n, key, MAP_PRIVATE, -1);

	return err == 0 ? conform_child_start(c, child_waits, &child) : err;
}

static int make_huge(struct conform *c, size_t first, size_t n, ulong key)
{
	struct fs_mapped seen = {0};
	int err = conform_map(c, first, n, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);

	if (err == 0)
		madvise(conform_at(c, first), n * c->page_bytes, MADV_HUGEPAGE);
	if (err == 0)
		conform_fill(c, first, n, key);
	if (err == 0)
		err = fs_mapped_add(0, conform_at(c, first), n * c->page_bytes, &seen);
	if (err == 0 && seen.huge_bytes < n * c->page_bytes)
		err = fs_skip(c->job, "as root: echo madvise >/sys/kernel/mm/transparent_hugepage/enabled", "the kernel makes no huge page");
	return err;
}

/* Reserves one page if none is, which only root may. */
static int make_hugetlb(struct conform *c, size_t first, size_t n, ulong key)
{
	void *at = conform_at(c, first);
	FILE *file = fopen("/proc/sys/vm/nr_hugepages", "we");

	if (file != NULL) {
		fputs("2\n", file);
		fclose(file);
	}
	c->mapped = true;
	if (mmap(at, n * c->page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0) != at)
		return fs_skip(c->job, "as root: echo 2 >/proc/sys/vm/nr_hugepages", "no huge page is reserved: %s", strerror(errno));
	conform_fill(c, first, n, key);
	return 0;
}

/* ---- the cases */

#define KIND(kind_name, run_as)                                                                                                                      \
	static int kind_##kind_name(struct fs_job *job)                                                                                              \
	{                                                                                                                                            \
		return run_as;                                                                                                                       \
	}

KIND(heap, kind(job, make_heap, KEY, true))
KIND(stack, kind(job, make_stack, KEY, true))
KIND(file_private, kind(job, make_file_private, KEY, true))
KIND(file_shared, kind(job, make_file_shared, KEY, true))
KIND(shmem, kind(job, make_shmem, KEY, true))
KIND(locked, kind(job, make_locked, KEY, true))
KIND(read_only, kind(job, make_read_only, KEY, false))
KIND(zero, kind(job, make_zero, CONFORM_ZEROS, true))
KIND(untouched, kind(job, make_untouched, CONFORM_ZEROS, true))
KIND(forked, kind(job, make_forked, KEY, !fs_is_frail(job)))
KIND(huge, huge_kind(job, make_huge))
KIND(hugetlb, huge_kind(job, make_hugetlb))

#define CASE(kind_name, text, size)                                                                                                                  \
	{                                                                                                                                            \
		.name = FS_CASE "kind_" #kind_name, .summary = text, .promise = "The device reaches " text " like the CPU.", .metrics = metrics,     \
		.needs = FS_MOVE | FS_RESIDENCE, .bytes = size, .run = kind_##kind_name,                                                             \
	}

const struct fs_bench conform_kinds[] = {
	CASE(heap, "the heap: anonymous private memory", conform_bytes),
	CASE(stack, "a stack", conform_bytes),
	CASE(file_private, "a private mapping of a file", conform_bytes),
	CASE(file_shared, "a shared mapping of a file", conform_bytes),
	CASE(shmem, "shared anonymous memory (shmem)", conform_bytes),
	CASE(huge, "a transparent huge page", conform_huge_bytes),
	CASE(hugetlb, "a reserved huge page (hugetlb)", conform_huge_bytes),
	CASE(forked, "memory shared copy-on-write after a fork", conform_bytes),
	CASE(locked, "locked memory (mlock)", conform_bytes),
	CASE(read_only, "read-only memory", conform_bytes),
	CASE(zero, "the page of zeros", conform_bytes),
	CASE(untouched, "memory that nobody touched", conform_bytes),
	{0},
};
