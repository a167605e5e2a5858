/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reclaim.c - the kernel takes memory back from pages that may be freed; and a side that has no memory left for pages that come.
 */
#include "config.h"

#include <errno.h>
#include <numa.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/conform.h"
#include "conform/control.h"

#define KEY   1
#define OTHER 2

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static int advise(struct conform *c, size_t first, size_t n, int advice, const char *name)
{
	if (madvise(conform_at(c, first), n * c->page_bytes, advice) == 0)
		return 0;
	if (errno == EINVAL)
		return fs_skip(c->job, "Linux 5.4 or newer", "this kernel has no %s", name);
	return fs_error(c->job, -errno, "%s: %s", name, strerror(errno));
}

/* To the device, changed by no one there, and back by the CPU's touch. */
static int there_and_back(struct conform *c, ulong key)
{
	int err = conform_move(c, 0, c->pages, FS_DEVICE);

	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages on the device");
	if (err == 0)
		err = conform_move(c, 0, c->pages, FS_HOST);
	return err == 0 ? conform_compare(c, 0, c->pages, key) : err;
}

/*
 * Each CPU keeps a few pages in a batch of its own, where they can neither move nor be taken back; its next call empties that. So what is said of
 * pages is said on the CPU that handled them.
 */
static int on_one_cpu(struct conform *c, int (*body)(struct conform *c))
{
	/* As large as the kernel's, however many CPUs there are. */
	struct bitmask *before = numa_allocate_cpumask(), *one = numa_allocate_cpumask();
	int err, cpu = sched_getcpu();

	if (cpu < 0 || numa_sched_getaffinity(0, before) < 0 || numa_sched_setaffinity(0, numa_bitmask_setbit(one, (unsigned)cpu)) < 0) {
		err = fs_error(c->job, -errno, "cannot stay on one CPU: %s", strerror(errno));
	} else {
		err = body(c);
		numa_sched_setaffinity(0, before);
	}
	numa_bitmask_free(before);
	numa_bitmask_free(one);
	return err;
}

/* Of another page, too: that call empties the batch of the first. */
static int may_be_freed(struct conform *c)
{
	void *other = mmap(NULL, c->page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	int err;

	if (other == MAP_FAILED)
		return fs_error(c->job, -errno, "no memory for a page: %s", strerror(errno));
	err = advise(c, 0, c->pages, MADV_FREE, "MADV_FREE");
	if (err == 0)
		madvise(other, c->page_bytes, MADV_FREE);
	munmap(other, c->page_bytes);
	return err;
}

/* What says that a page must not be dropped is one bit of its entry in the page tables, the dirty bit. */
static int written_again(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = may_be_freed(c);
	if (err == 0)
		conform_fill(c, 0, c->pages, OTHER);
	if (err == 0)
		err = there_and_back(c, OTHER);
	if (err == 0)
		err = advise(c, 0, c->pages, MADV_PAGEOUT, "MADV_PAGEOUT");
	if (err == 0)
		err = conform_compare(c, 0, c->pages, OTHER);
	return err == 0 ? conform_device_compare(c, 0, c->pages, OTHER) : err;
}

static int frees(struct fs_job *job)
{
	struct conform c;
	int err = conform_open_ordinary(job, &c);

	return err < 0 ? err : conform_close(&c, on_one_cpu(&c, written_again));
}

/* ---- a device without memory */

/* A quarter of the pages finds no room on the device; which ones, is the driver's choice. */
static int refused_to_device(struct conform *c)
{
	int err = fs_device_refuse(c->job, FS_DEVICE, (unsigned)(c->pages / 4));

	if (err < 0)
		return err;
	conform_fill(c, 0, c->pages, KEY);
	err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_DEVICE, c->pages - c->pages / 4, "pages that found room on the device");
	if (err == 0)
		err = conform_compare(c, 0, c->pages / 2, KEY);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, KEY);
	if (err == 0)
		err = conform_device_fill(c, 0, c->pages, OTHER);
	return err == 0 ? conform_compare(c, 0, c->pages, OTHER) : err;
}

/* The same on the way back: they stay on the device, and come later. */
static int refused_to_host(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_device_fill(c, 0, c->pages, OTHER);
	if (err == 0)
		err = fs_device_refuse(c->job, FS_HOST, (unsigned)(c->pages / 4));
	if (err == 0)
		err = conform_move(c, 0, c->pages, FS_HOST);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_HOST, c->pages - c->pages / 4, "pages that found room on the host");
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, OTHER);
	return err == 0 ? conform_compare(c, 0, c->pages, OTHER) : err;
}

static int no_room(struct fs_job *job, int (*work)(struct conform *c))
{
	struct conform c;
	int err = conform_open_ordinary(job, &c);

	return err < 0 ? err : conform_close(&c, work(&c));
}

static int device_full(struct fs_job *job)
{
	return no_room(job, refused_to_device);
}

static int host_full(struct fs_job *job)
{
	return no_room(job, refused_to_host);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_bytes,            \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_reclaim[] = {
	CASE("madvise_free", "pages that may be freed are written again and go to the device",
		"Pages that were written after MADV_FREE are not dropped when they come back from the device and memory is taken back.", frees),
	CASE("device_full", "the device has no room for a part of a range",
		"Pages that find no room on the device stay on the host, and both sides read and write all of them.", device_full),
	CASE("host_full", "the host has no room for pages that come back",
		"Pages that find no room on the host stay on the device with their contents, and come back later.", host_full),
	{0},
};
