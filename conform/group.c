/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group.c - memory cgroups: pages on the device are charged like others, and a group that runs out of memory loses the process that is over its limit
 * and no other's pages.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conform/conform.h"
#include "conform/control.h"

#define KEY   1
#define OTHER 2

/*
 * The kernel charges in batches of 64 pages for each CPU (MEMCG_CHARGE_BATCH), so what the group says is that much off: the tolerance. The range is
 * four times as long.
 */
#define BATCH 64
#define LEAST 512

static size_t tolerance(void)
{
	size_t pages = (size_t)sysconf(_SC_NPROCESSORS_CONF) * BATCH;

	return pages > LEAST ? pages : LEAST;
}

static size_t group_bytes(const struct fs_args *args)
{
	(void)args;
	return 4 * tolerance() * fs_page_bytes();
}

/* A buffer none of whose pages exists, of a process in a group of its own. */
static int open_in_group(struct fs_job *job, struct conform *c, struct control_group *group)
{
	int err = conform_open_bytes(job, c, group_bytes(NULL)), entered;

	if (err < 0)
		return err;
	err = control_group_open(job, group, "memory");
	if (err < 0)
		return conform_close(c, err);
	entered = control_group_enter(group);
	if (entered < 0)
		err = conform_close(c, control_group_close(group, fs_error(job, entered, "cannot enter a control group: %s", strerror(-entered))));
	return err;
}

/* A page on a list of some CPU's own does not move; to ask again empties those lists. */
static int go(struct conform *c)
{
	int err = 0;

	for (int turn = 0; turn < 4 && err == 0; turn++)
		err = conform_move(c, 0, c->pages, FS_DEVICE);
	return err == 0 ? conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages on the device") : err;
}

static double charged_pages(const struct conform *c, const struct control_group *group)
{
	return (double)control_number(control_group_file(group, "memory.current")) / (double)c->page_bytes;
}

static int charge(struct conform *c, const struct control_group *group)
{
	double before = charged_pages(c, group), slack = (double)tolerance();
	int err;

	conform_fill(c, 0, c->pages, KEY);
	fs_expect(c->job, "pages charged for what the CPU filled", charged_pages(c, group) - before, FS_GE, (double)c->pages - slack);
	err = go(c);
	if (err < 0)
		return err;
	fs_expect(c->job, "pages charged while they are on the device", charged_pages(c, group) - before, FS_GE, (double)c->pages - slack);
	fs_expect(c->job, "and not twice", charged_pages(c, group) - before, FS_LE, (double)c->pages + slack);
	err = conform_compare(c, 0, c->pages, KEY);
	fs_expect(c->job, "pages charged when they are back", charged_pages(c, group) - before, FS_GE, (double)c->pages - slack);
	if (err == 0 && madvise(c->buf.cpu, c->pages * c->page_bytes, MADV_DONTNEED) == 0)
		fs_expect(c->job, "pages charged when they are gone", charged_pages(c, group) - before, FS_LE, slack);
	return err;
}

static int charges(struct fs_job *job)
{
	struct control_group group;
	struct conform c;
	int err = open_in_group(job, &c, &group);

	return err < 0 ? err : conform_close(&c, control_group_close(&group, charge(&c, &group)));
}

/* Gone from the device, without the CPU's having touched them again. */
static int charge_and_drop(struct conform *c, const struct control_group *group)
{
	double before = charged_pages(c, group), slack = (double)tolerance();
	int err = conform_device_fill(c, 0, c->pages, KEY);

	if (err == 0)
		err = go(c);
	if (err < 0)
		return err;
	fs_expect(c->job, "pages charged for what the device filled", charged_pages(c, group) - before, FS_GE, (double)c->pages - slack);
	if (madvise(c->buf.cpu, c->pages * c->page_bytes, MADV_DONTNEED) == 0)
		fs_expect(c->job, "pages charged when they are gone", charged_pages(c, group) - before, FS_LE, slack);
	return 0;
}

static int charges_device(struct fs_job *job)
{
	struct control_group group;
	struct conform c;
	int err = open_in_group(job, &c, &group);

	return err < 0 ? err : conform_close(&c, control_group_close(&group, charge_and_drop(&c, &group)));
}

/* ---- out of memory */

static const struct control_group *child_group;

/* In a group that has room for a quarter of what it writes: it does not return. */
static int child_exceeds(struct conform *c)
{
	if (control_group_enter(child_group) < 0)
		return -1;
	conform_fill(c, 0, c->pages, OTHER);
	return 0;
}

static int exceed(struct conform *c, const struct control_group *group)
{
	struct conform_child child;
	char limit[32];
	int err, ended;

	snprintf(limit, sizeof(limit), "%zu", c->pages / 4 * c->page_bytes);
	conform_fill(c, 0, c->pages, KEY);
	err = go(c);
	if (err == 0 && control_write(control_group_file(group, "memory.max"), limit) < 0)
		err = fs_skip(c->job, "a guest's kernel of fivestep guest build", "no limit can be set for a memory cgroup");
	control_write(control_group_file(group, "memory.swap.max"), "0");
	child_group = group;
	if (err == 0)
		err = conform_child_start(c, child_exceeds, &child);
	if (err < 0)
		return err;
	ended = conform_child_end(&child);
	fs_expect(c->job, "the signal that ended the process over the limit", ended, FS_EQ, SIGKILL);
	fs_expect(c->job, "processes killed for memory", (double)control_field(control_group_file(group, "memory.events"), "oom_kill"), FS_EQ, 1);
	err = conform_settle(c);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, KEY);
	return err == 0 ? conform_compare(c, 0, c->pages, KEY) : err;
}

static int exceeds(struct fs_job *job)
{
	struct control_group group;
	struct conform c;
	int err = conform_open_bytes(job, &c, group_bytes(NULL));

	if (err < 0)
		return err;
	err = control_group_open(job, &group, "memory");
	return conform_close(&c, err < 0 ? err : control_group_close(&group, exceed(&c, &group)));
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = group_bytes, .run = what, \
	}

const struct fs_bench conform_group[] = {
	CASE("group_charge", "pages on the device in a memory cgroup",
		"Pages of a memory cgroup's process stay charged to it, once, while they are on the device, and no longer when they are gone.",
		charges),
	CASE("group_charge_device", "pages that the device touches first in a memory cgroup",
		"Pages that the device is the first to touch are charged to the memory cgroup of the process whose memory they are.", charges_device),
	CASE("group_exceeded", "a process is killed for memory while its pages are on the device",
		"A process that is killed for memory while its pages are on the device leaves those of its parent as they are.", exceeds),
	{0},
};
