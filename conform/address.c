/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * address.c - system calls that change a range whose pages are on the device: mremap, munmap, mprotect, madvise; and signals during its faults.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "conform/conform.h"

#define KEY   1
#define OTHER 2

/* Filled by the CPU, and all of it on the device. */
static int open_there(struct fs_job *job, struct conform *c)
{
	int err = conform_open_ordinary(job, c);

	if (err < 0)
		return err;
	conform_fill(c, 0, c->pages, KEY);
	err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages on the device before the call");
	return err == 0 ? 0 : conform_close(c, err);
}

static int refused(struct conform *c, const char *call)
{
	return fs_error(c->job, -errno, "%s: %s", call, strerror(errno));
}

/* ---- mremap: away, read there, and back */

static int away_and_back(struct conform *c)
{
	size_t bytes = c->pages * c->page_bytes;
	unsigned char *home = c->buf.cpu, *other = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (other == MAP_FAILED || mremap(home, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, other) != other)
		return refused(c, "mremap");
	c->mapped = true;
	c->buf.cpu = other;
	err = conform_compare(c, 0, c->pages / 2, KEY);
	c->buf.cpu = home;
	if (err == 0 && mremap(other, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, home) != home)
		err = refused(c, "mremap back");
	if (err == 0)
		err = conform_settle(c);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, KEY);
	return err == 0 ? conform_compare(c, 0, c->pages, KEY) : err;
}

static int moves_address(struct fs_job *job)
{
	struct conform c;
	int err = open_there(job, &c);

	return err < 0 ? err : conform_close(&c, away_and_back(&c));
}

/* ---- munmap and madvise: what is gone is gone for both sides, what is beside it stays */

static int expect_hole(struct conform *c, bool device_first)
{
	size_t quarter = c->pages / 4;
	int err = device_first ? conform_device_compare(c, quarter, 2 * quarter, CONFORM_ZEROS) : 0;

	if (err == 0)
		err = conform_compare(c, quarter, 2 * quarter, CONFORM_ZEROS);
	if (err == 0)
		err = conform_device_compare(c, quarter, 2 * quarter, CONFORM_ZEROS);
	if (err == 0)
		err = conform_device_compare(c, 0, quarter, KEY);
	if (err == 0)
		err = conform_compare(c, 0, quarter, KEY);
	return err == 0 ? conform_compare(c, 3 * quarter, quarter, KEY) : err;
}

static int unmaps(struct fs_job *job)
{
	struct conform c;
	int err = open_there(job, &c);

	if (err < 0)
		return err;
	if (munmap(conform_at(&c, c.pages / 4), c.pages / 2 * c.page_bytes) != 0)
		err = refused(&c, "munmap");
	if (err == 0)
		err = conform_map(&c, c.pages / 4, c.pages / 2, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
	return conform_close(&c, err == 0 ? expect_hole(&c, true) : err);
}

static int drops(struct fs_job *job)
{
	struct conform c;
	int err = open_there(job, &c);

	if (err < 0)
		return err;
	if (madvise(conform_at(&c, c.pages / 4), c.pages / 2 * c.page_bytes, MADV_DONTNEED) != 0)
		err = refused(&c, "madvise");
	return conform_close(&c, err == 0 ? expect_hole(&c, false) : err);
}

/* ---- mprotect */

static int protect(struct conform *c, int prot)
{
	return mprotect(c->buf.cpu, c->pages * c->page_bytes, prot) == 0 ? 0 : refused(c, "mprotect");
}

static int protects(struct fs_job *job)
{
	struct conform c;
	int err = conform_need_robust(job);

	if (err == 0)
		err = open_there(job, &c);
	if (err < 0)
		return err;
	err = protect(&c, PROT_READ);
	if (err == 0)
		err = conform_device_compare(&c, 0, c.pages, KEY);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY);
	if (err == 0)
		err = protect(&c, PROT_READ | PROT_WRITE);
	if (err == 0)
		err = conform_device_fill(&c, 0, c.pages, OTHER);
	return conform_close(&c, err == 0 ? conform_compare(&c, 0, c.pages, OTHER) : err);
}

/* The device's write comes first: its process may not survive it, and nothing is asked of it after. */
static int refuses(struct fs_job *job, int prot)
{
	struct conform c;
	int err = conform_need_robust(job), write;

	if (err == 0)
		err = open_there(job, &c);
	if (err < 0)
		return err;
	err = protect(&c, prot);
	write = err == 0 ? conform_device_fill(&c, 0, c.pages, OTHER) : 0;
	if (err == 0 && write < 0)
		fs_forgive(job);
	if (err == 0)
		fs_expect(job, "writes of the device that were refused", write < 0, FS_EQ, 1);
	if (err == 0)
		err = protect(&c, PROT_READ | PROT_WRITE);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY);
	/* The process ends, and with it the buffer. */
	return err;
}

static int refuses_write(struct fs_job *job)
{
	return refuses(job, PROT_READ);
}

static int refuses_all(struct fs_job *job)
{
	return refuses(job, PROT_NONE);
}

/* ---- signals: a page that comes back does so whatever interrupts the fault */

static volatile sig_atomic_t signals_seen;

static void count_signal(int number)
{
	(void)number;
	signals_seen++;
}

/* Until so many signals were taken, pages go there by request and come back by faults. */
static int go_under_signals(struct conform *c)
{
	int err = 0;

	for (ulong key = KEY; err == 0 && (signals_seen < 20 || key < 20); key++) {
		conform_fill(c, 0, c->pages, key);
		err = conform_move(c, 0, c->pages, FS_DEVICE);
		if (err == 0)
			err = conform_compare(c, 0, c->pages, key);
	}
	return err;
}

static int interrupted(struct fs_job *job)
{
	struct sigaction action = {.sa_handler = count_signal, .sa_flags = SA_RESTART}, before;
	struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
	struct conform c;
	int err = conform_open(job, &c);

	if (err < 0)
		return err;
	sigaction(SIGALRM, &action, &before);
	setitimer(ITIMER_REAL, &often, NULL);
	err = go_under_signals(&c);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	return conform_close(&c, err);
}

#define CASE(case_name, text, promised, what) CASE_NEEDS(0, case_name, text, promised, what)
#define CASE_NEEDS(more, case_name, text, promised, what)                                                                                            \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE | (more), .bytes = conform_bytes,   \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_address[] = {
	CASE("mremap", "a range whose pages are on the device gets another address",
		"Pages on the device go along when mremap() moves their range, and have their contents at the new address and back at the old one.",
		moves_address),
	CASE("munmap", "a part of a range whose pages are on the device is unmapped",
		"After munmap() neither side sees a page that was on the device: new memory at the address holds zeros. Pages beside it stay.",
		unmaps),
	CASE("madvise_dontneed", "pages on the device are dropped",
		"After MADV_DONTNEED both sides read zeros where pages were on the device. Pages beside it stay.", drops),
	CASE("mprotect_read", "a range whose pages are on the device becomes read-only and writable again",
		"Both sides read a range that mprotect() made read-only, and write it when it is writable again.", protects),
	/* Where the device shares the process's own page tables, such a write may end the process. */
	CASE_NEEDS(FS_FAULTS, "mprotect_refuses_write", "the device writes to read-only memory",
		"A write by the device to memory that mprotect() made read-only is refused, and changes nothing.", refuses_write),
	CASE_NEEDS(FS_FAULTS, "mprotect_refuses_all", "the device writes to memory without access",
		"A write by the device to memory that mprotect() made inaccessible is refused, and changes nothing.", refuses_all),
	CASE("signals", "signals arrive while pages come back", "Signals that arrive while pages come back by faults lose no page and no contents.",
		interrupted),
	{0},
};
