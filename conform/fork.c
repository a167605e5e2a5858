/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fork.c - a process forks, executes another program or ends while its pages are on the device.
 */
#include "config.h"

#include <unistd.h>

#include "conform/conform.h"

#define KEY_BEFORE 1
#define KEY_PARENT 2
#define KEY_CHILD  3

static int child_compares(struct conform *c)
{
	return conform_compare(c, 0, c->pages, KEY_BEFORE);
}

static int child_fills(struct conform *c)
{
	conform_fill(c, 0, c->pages, KEY_CHILD);
	return conform_compare(c, 0, c->pages, KEY_CHILD);
}

static int child_executes(struct conform *c)
{
	(void)c;
	execl("/proc/self/exe", "fivestep", "--version", NULL);
	return -1;
}

static int child_ends(struct conform *c)
{
	(void)c;
	return 0;
}

/* A child that was forked while all pages are on the device. */
static int fork_there(struct conform *c, int (*work)(struct conform *c), struct conform_child *child)
{
	int err;

	conform_fill(c, 0, c->pages, KEY_BEFORE);
	err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages on the device before the fork");
	return err == 0 ? conform_child_start(c, work, child) : err;
}

/* What the child does, then both of the parent's sides: nothing of the child's may reach them. */
static int child_then_parent(struct fs_job *job, int (*work)(struct conform *c), const char *what)
{
	struct conform_child child;
	struct conform c;
	int err = conform_open_ordinary(job, &c);

	if (err < 0)
		return err;
	err = fork_there(&c, work, &child);
	if (err == 0)
		err = conform_child_go(&c, &child, what);
	if (err == 0)
		err = conform_settle(&c);
	if (err == 0)
		err = conform_device_compare(&c, 0, c.pages, KEY_BEFORE);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY_BEFORE);
	if (err == 0 && fs_is_frail(job))
		conform_fill(&c, 0, c.pages, KEY_PARENT);
	else if (err == 0)
		err = conform_device_fill(&c, 0, c.pages, KEY_PARENT);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY_PARENT);
	return conform_close(&c, err);
}

static int child_reads(struct fs_job *job)
{
	return child_then_parent(job, child_compares, "the child does not read what the parent had written");
}

static int child_writes(struct fs_job *job)
{
	return child_then_parent(job, child_fills, "the child does not read what it has written itself");
}

static int child_exec(struct fs_job *job)
{
	return child_then_parent(job, child_executes, "the child cannot execute another program");
}

static int child_exit(struct fs_job *job)
{
	return child_then_parent(job, child_ends, "the child cannot end");
}

/* The parent's device or CPU writes before the child reads. */
static int parent_first(struct fs_job *job, enum fs_side side)
{
	struct conform_child child;
	struct conform c;
	int err = side == FS_DEVICE ? conform_need_robust(job) : 0;

	if (err == 0)
		err = conform_open_ordinary(job, &c);
	if (err < 0)
		return err;
	err = fork_there(&c, child_compares, &child);
	if (err == 0 && side == FS_DEVICE)
		err = conform_device_fill(&c, 0, c.pages, KEY_PARENT);
	else if (err == 0)
		conform_fill(&c, 0, c.pages, KEY_PARENT);
	if (err == 0)
		err = conform_child_go(&c, &child, "the child reads what was written after the fork");
	if (err == 0)
		err = conform_settle(&c);
	if (err == 0)
		err = conform_device_compare(&c, 0, c.pages, KEY_PARENT);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY_PARENT);
	return conform_close(&c, err);
}

static int device_writes(struct fs_job *job)
{
	return parent_first(job, FS_DEVICE);
}

static int cpu_writes(struct fs_job *job)
{
	return parent_first(job, FS_HOST);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_bytes,            \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_fork[] = {
	CASE("fork_child_reads", "a forked child reads pages that are on the device",
		"A child that was forked while pages are on the device reads what the parent had written, and the parent keeps it.", child_reads),
	CASE("fork_child_writes", "a forked child writes pages that are on the device",
		"What a forked child writes reaches neither the parent's CPU nor its device.", child_writes),
	CASE("fork_device_writes", "the device writes after a fork", "What the parent's device writes after a fork does not reach the child.",
		device_writes),
	CASE("fork_parent_writes", "the parent writes pages that are on the device after a fork",
		"What the parent's CPU writes after a fork does not reach the child.", cpu_writes),
	CASE("fork_exec", "a forked child executes another program",
		"A child that executes another program while pages are on the device leaves the parent's as they are.", child_exec),
	CASE("fork_exit", "a forked child ends", "A child that ends while pages are on the device leaves the parent's as they are.", child_exit),
	{0},
};
