/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * swap.c - pages are swapped out beside those on the device, and go to the device from swap space.
 *
 * Swap space is a disk in memory, which the kernel of fivestep guest build has.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <numaif.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <unistd.h>

#include "conform/conform.h"
#include "conform/control.h"

#define KEY   1
#define OTHER 2

#define DISK	 "/dev/ram0"
#define SWAPPED	 (1ull << 62) /* in /proc/PID/pagemap: in swap space, or in memory that the CPU cannot reach */
#define ATTEMPTS 100

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* What mkswap(8) writes: the first page of the disk. */
struct header {
	char boot[1024];
	uint32_t version, last_page, bad_pages;
};

static int format(struct fs_job *job)
{
	static union {
		struct header header;
		char bytes[1 << 16];
	} page;
	size_t bytes = fs_page_bytes();
	int fd = open(DISK, O_RDWR | O_CLOEXEC), err = 0;
	off_t all = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;

	if (fd < 0)
		return fs_skip(job, "fivestep guest run -- conform, with a kernel of fivestep guest build", "this kernel has no " DISK " to swap to");
	page.header.version = 1;
	page.header.last_page = (uint32_t)((size_t)all / bytes - 1);
	memcpy(page.bytes + bytes - 10, "SWAPSPACE2", 10);
	if (bytes > sizeof(page) || pwrite(fd, page.bytes, bytes, 0) != (ssize_t)bytes || fsync(fd) != 0)
		err = fs_error(job, -errno, DISK " cannot be written: %s", strerror(errno));
	close(fd);
	return err;
}

static int start_swapping(struct fs_job *job)
{
	int err = control_need_guest(job, "would start to swap");

	if (err == 0)
		err = format(job);
	if (err == 0 && swapon(DISK, 0) != 0)
		err = errno == ENOSYS
			      ? fs_skip(job, "fivestep guest run -- conform, with a kernel of fivestep guest build", "this kernel cannot swap")
			      : fs_error(job, -errno, "swapon: %s", strerror(errno));
	return err;
}

static int stop_swapping(struct fs_job *job, int err)
{
	if (swapoff(DISK) != 0 && err == 0)
		err = fs_error(job, -errno, "swapoff: %s", strerror(errno));
	return err;
}

static int count_swapped(const struct conform *c, size_t first, size_t n, size_t *swapped)
{
	uint64_t entry;
	int err = 0;

	*swapped = 0;
	for (size_t page = first; page < first + n && err == 0; page++) {
		err = control_pagemap(conform_at(c, page), &entry);
		*swapped += err == 0 && (entry & SWAPPED) != 0;
	}
	return err;
}

/* A page in a list of some CPU's own is not swapped out. To move any page to another node empties the lists of all CPUs. */
static void empty_lists(void)
{
	static char page;
	void *pages[] = {&page};
	int node = 0, status;

	page = 1;
	numa_move_pages(0, 1, pages, &node, &status, MPOL_MF_MOVE);
}

static int swap_out(struct conform *c, size_t first, size_t n)
{
	size_t swapped = 0;
	int err = 0;

	for (unsigned i = 0; i < ATTEMPTS && err == 0 && swapped < n; i++) {
		empty_lists();
		if (madvise(conform_at(c, first), n * c->page_bytes, MADV_PAGEOUT) != 0)
			return fs_skip(c->job, "Linux 5.4 or newer", "this kernel has no MADV_PAGEOUT");
		err = count_swapped(c, first, n, &swapped);
	}
	if (err < 0)
		return fs_error(c->job, err, "/proc/self/pagemap cannot be read: %s", strerror(-err));
	fs_expect(c->job, "pages that were swapped out", (double)swapped, FS_EQ, (double)n);
	return 0;
}

/* ---- beside pages on the device */

/*
 * The page just before those on the device stays: the kernel's test device forgets a page more than it is told to (dmirror_do_update() in
 * lib/test_hmm.c takes the end of a range for its last page), and to look for one that is on the device brings the kernel down (fs_device.is_frail).
 */
static int neighbours(struct conform *c)
{
	size_t quarter = c->pages / 4, before = quarter - 1;
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = conform_move(c, quarter, 2 * quarter, FS_DEVICE);
	if (err == 0)
		err = swap_out(c, 0, before);
	if (err == 0)
		err = swap_out(c, 3 * quarter, quarter);
	if (err == 0)
		err = conform_expect(c, quarter, 2 * quarter, FS_DEVICE, 2 * quarter, "pages on the device while those beside them are swapped out");
	if (err == 0)
		err = conform_compare(c, 0, quarter, KEY);
	if (err == 0)
		err = conform_device_compare(c, quarter, 2 * quarter, KEY);
	if (err == 0)
		err = swap_out(c, 0, before);
	/* Swap space goes away: what is in it comes back, what is on the device has to stay. */
	err = stop_swapping(c->job, err);
	if (err == 0)
		err = conform_expect(c, quarter, 2 * quarter, FS_DEVICE, 2 * quarter, "pages on the device after swapoff()");
	return err == 0 ? conform_compare(c, 0, c->pages, KEY) : err;
}

/* ---- from swap space to the device, and out again with what it wrote */

static int device_touches(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = swap_out(c, 0, c->pages);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, KEY);
	if (err == 0)
		err = conform_device_fill(c, 0, c->pages, OTHER);
	/* The kernel may keep what it read from swap space: it must not take that for what is to be written there. */
	if (err == 0)
		err = conform_move(c, 0, c->pages, FS_HOST);
	if (err == 0)
		err = swap_out(c, 0, c->pages);
	if (err == 0)
		err = conform_compare(c, 0, c->pages, OTHER);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, OTHER);
	return stop_swapping(c->job, err);
}

/* ---- pages in swap space are asked to move: whether they do is the kernel's choice */

static int asked_to_move(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = swap_out(c, 0, c->pages);
	if (err == 0)
		err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, KEY);
	if (err == 0)
		err = conform_compare(c, 0, c->pages, KEY);
	return stop_swapping(c->job, err);
}

/* body stops swapping. */
static int with_swap(struct fs_job *job, int (*body)(struct conform *c))
{
	struct conform c;
	int err = conform_open_ordinary(job, &c);

	if (err < 0)
		return err;
	err = start_swapping(job);
	return conform_close(&c, err == 0 ? body(&c) : err);
}

static int beside(struct fs_job *job)
{
	return with_swap(job, neighbours);
}

static int touched(struct fs_job *job)
{
	return with_swap(job, device_touches);
}

static int asked(struct fs_job *job)
{
	return with_swap(job, asked_to_move);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_bytes,            \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_swap[] = {
	CASE("swap_neighbours", "pages beside those on the device are swapped out and come back",
		"Pages on the device stay there, with their contents, while pages beside them are swapped out, come back, and swap space goes away.",
		beside),
	CASE("swap_device", "the device touches pages that are swapped out",
		"The device reads pages that are swapped out, and what it writes to them is what comes back when they have been swapped out again.",
		touched),
	CASE("swap_move", "pages that are swapped out are asked to move to the device",
		"Pages that are swapped out when they are asked to move to the device keep their contents for both sides.", asked),
	{0},
};
