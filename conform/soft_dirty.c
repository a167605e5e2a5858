/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * soft_dirty.c - which pages were written since a program asked: soft-dirty bits, by which checkpoints and live migration find what to save again.
 * A write to /proc/self/clear_refs clears them, /proc/self/pagemap shows them. A page that was written and is not marked is lost for a checkpoint;
 * one that is marked and was not written costs time, so that is no fault.
 */
#include "config.h"

#include <string.h>

#include "conform/conform.h"
#include "conform/control.h"

#define KEY	   1
#define OTHER	   2
#define SOFT_DIRTY (1ull << 55)

static int marks_count(struct conform *c, size_t first, size_t n, size_t *marked)
{
	uint64_t entry;
	int err = 0;

	*marked = 0;
	for (size_t page = first; page < first + n && err == 0; page++) {
		err = control_pagemap(conform_at(c, page), &entry);
		*marked += err == 0 && (entry & SOFT_DIRTY) != 0;
	}
	return err == 0 ? 0 : fs_error(c->job, err, "/proc/self/pagemap cannot be read: %s", strerror(-err));
}

static int expect_marked(struct conform *c, size_t n, const char *what)
{
	size_t marked;
	int err = marks_count(c, 0, n, &marked);

	if (err == 0)
		fs_expect(c->job, what, (double)marked, FS_EQ, (double)n);
	return err;
}

static int marks_clear(struct conform *c)
{
	int err = control_write("/proc/self/clear_refs", "4");

	return err == 0 ? 0 : fs_error(c->job, err, "/proc/self/clear_refs cannot be written: %s", strerror(-err));
}

/* Whether the kernel has such bits at all: one without them shows every page unmarked. */
static int need_marks(struct conform *c)
{
	size_t marked;
	int err = marks_clear(c);

	conform_fill(c, 0, 1, KEY);
	if (err == 0)
		err = marks_count(c, 0, 1, &marked);
	if (err == 0 && marked == 0)
		err = fs_skip(c->job, "fivestep guest run -- conform, or a kernel with CONFIG_MEM_SOFT_DIRTY",
			"this kernel does not mark pages that are written");
	return err;
}

static int go(struct conform *c, enum fs_side side, const char *what)
{
	int err = conform_move(c, 0, c->pages, side);

	return err == 0 ? conform_expect(c, 0, c->pages, side, c->pages, what) : err;
}

/* ---- marks go along */

static int marked_by_cpu(struct conform *c)
{
	size_t half = c->pages / 2;
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = marks_clear(c);
	conform_fill(c, 0, half, OTHER);
	if (err == 0)
		err = go(c, FS_DEVICE, "pages on the device");
	if (err == 0)
		err = expect_marked(c, half, "written pages that are marked on the device");
	if (err == 0)
		err = go(c, FS_HOST, "pages that are back");
	return err == 0 ? expect_marked(c, half, "written pages that are marked when they are back") : err;
}

/* ---- what the device writes */

static int marked_by_device(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY);
	err = go(c, FS_DEVICE, "pages on the device");
	if (err == 0)
		err = marks_clear(c);
	if (err == 0)
		err = conform_device_fill(c, 0, c->pages, OTHER);
	if (err == 0)
		err = go(c, FS_HOST, "pages that are back");
	if (err == 0)
		err = expect_marked(c, c->pages, "pages that the device has written and that are marked");
	return err == 0 ? conform_compare(c, 0, c->pages, OTHER) : err;
}

static int with_marks(struct fs_job *job, int (*body)(struct conform *c))
{
	struct conform c;
	int err = conform_open_ordinary(job, &c);

	if (err < 0)
		return err;
	err = need_marks(&c);
	return conform_close(&c, err == 0 ? body(&c) : err);
}

static int kept(struct fs_job *job)
{
	return with_marks(job, marked_by_cpu);
}

/* To clear the marks tells drivers to forget what they know of the page tables, while the pages stay. */
static int device_writes(struct fs_job *job)
{
	int err = conform_need_robust(job);

	return err == 0 ? with_marks(job, marked_by_device) : err;
}

#define CASE(case_name, text, promised, what, ...)                                                                                                   \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_bytes,            \
		.run = what, __VA_ARGS__                                                                                                             \
	}

const struct fs_bench conform_soft_dirty[] = {
	CASE("soft_dirty_kept", "pages that are marked as written go to the device and come back",
		"Pages that the CPU wrote stay marked as written (soft-dirty) on the device and when they come back.", kept),
	CASE("soft_dirty_device", "the device writes pages whose marks were cleared",
		"Pages that the device wrote are marked as written (soft-dirty) like those that the CPU wrote.", device_writes,
		.expected_failure = "the mark is in the CPU's page table, which a device does not write, and a driver has no call to set it"),
	{0},
};
