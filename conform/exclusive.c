/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exclusive.c - pages that stay on the host, and that the device reaches alone (make_device_exclusive() in the kernel), as for atomics over a bus
 * that has none. The CPU's touch of such a page takes it back.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/conform.h"

#define KEY   1
#define OTHER 2

static int expect_seized(struct conform *c, size_t first, size_t n, size_t pages, const char *what)
{
	size_t seen;
	int err = fs_device_seized(c->job, &c->buf.memory, first * c->page_bytes, n * c->page_bytes, &seen);

	if (err == 0)
		fs_expect(c->job, what, (double)seen, FS_EQ, (double)pages);
	return err;
}

/* Filled by the CPU, and all of it the device's alone. */
static int open_seized(struct fs_job *job, struct conform *c)
{
	int err = conform_open_ordinary(job, c);

	if (err < 0)
		return err;
	conform_fill(c, 0, c->pages, KEY);
	err = fs_device_seize(job, &c->buf.memory, 0, c->pages * c->page_bytes);
	if (err == 0)
		err = expect_seized(c, 0, c->pages, c->pages, "pages that are the device's alone");
	return err == 0 ? 0 : conform_close(c, err);
}

/*
 * The CPU reads and writes pages before the middle; those from there on must remain the device's. One between them is left out: the kernel's test
 * device forgets a page more than it is told to (dmirror_do_update() in lib/test_hmm.c takes the end of a range for its last page).
 */
static int touch_half(struct conform *c)
{
	size_t half = c->pages / 2, touched = half - 1;
	int err = conform_device_compare(c, half, c->pages - half, KEY);

	if (err == 0)
		err = expect_seized(c, 0, c->pages, c->pages, "pages that are the device's alone after it has read some");
	if (err == 0)
		err = conform_compare(c, 0, touched, KEY);
	if (err == 0)
		err = expect_seized(c, 0, touched, 0, "pages that are the device's alone after the CPU's touch");
	if (err == 0)
		err = expect_seized(c, half, c->pages - half, c->pages - half, "pages beside them that are");
	conform_fill(c, 0, touched, OTHER);
	if (err == 0)
		err = conform_device_compare(c, 0, touched, OTHER);
	return err == 0 ? conform_compare(c, touched, c->pages - touched, KEY) : err;
}

static int ends(struct fs_job *job)
{
	struct conform c;
	int err = open_seized(job, &c);

	return err < 0 ? err : conform_close(&c, touch_half(&c));
}

static int child_fills(struct conform *c)
{
	int err = conform_compare(c, 0, c->pages, KEY);

	conform_fill(c, 0, c->pages, OTHER);
	return err == 0 ? conform_compare(c, 0, c->pages, OTHER) : err;
}

static int forks(struct fs_job *job)
{
	struct conform_child child;
	struct conform c;
	int err = open_seized(job, &c);

	if (err < 0)
		return err;
	err = conform_child_start(&c, child_fills, &child);
	if (err == 0)
		err = expect_seized(&c, 0, c.pages, 0, "pages that are the device's alone after a fork");
	if (err == 0)
		err = conform_child_go(&c, &child, "the child does not read what the parent had written");
	if (err == 0)
		err = conform_device_compare(&c, 0, c.pages, KEY);
	return conform_close(&c, err == 0 ? conform_compare(&c, 0, c.pages, KEY) : err);
}

/* The device's write comes first, as in mprotect_refuses_write: nothing is asked of it after. */
static int protects(struct fs_job *job)
{
	struct conform c;
	int err = open_seized(job, &c), write;

	if (err < 0)
		return err;
	if (mprotect(c.buf.cpu, c.pages * c.page_bytes, PROT_READ) != 0)
		return conform_close(&c, fs_error(job, -errno, "mprotect: %s", strerror(errno)));
	write = conform_device_fill(&c, 0, c.pages, OTHER);
	if (write < 0)
		fs_forgive(job);
	fs_expect(job, "writes of the device that were refused", write < 0, FS_EQ, 1);
	return conform_compare(&c, 0, c.pages, KEY);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_bytes,            \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_exclusive[] = {
	CASE("exclusive_ends", "the CPU touches pages that the device has for itself",
		"A page that the device has for itself stays so until the CPU touches it, and no longer; both sides read what the other wrote.",
		ends),
	CASE("exclusive_fork", "a process forks while the device has pages for itself",
		"A child that was forked while the device has pages for itself reads them, and its writes reach neither side of the parent.", forks),
	CASE("exclusive_mprotect", "pages that the device has for itself become read-only",
		"A write by the device to pages that it had for itself and that mprotect() made read-only is refused, and changes nothing.",
		protects),
	{0},
};
