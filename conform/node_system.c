/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_system.c - what the system does with memory on a node without CPUs beside what a process asks for: cpusets, automatic balancing, demotion,
 * taking memory away. All of it is set for the whole machine, so in a guest alone.
 */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/control.h"
#include "conform/node_range.h"
#include "harness/machine/pages.h"

#define PAGES 64
#define KEY   1

#define UNPLUG_MOST	(1ull << 30)
#define BALANCE_MOST_NS 40000000000ull

/* ---- cpusets */

/* What a thread does in a cpuset with one node alone. */
struct confined {
	struct fs_job *job;
	struct node_pair pair;
	struct control_group group;
	int (*run)(struct fs_job *job, const struct node_pair *pair);
	int err;
};

static void *confined_run(void *arg)
{
	struct confined *confined = arg;
	int err = control_group_enter_thread(&confined->group);

	confined->err =
		err == 0 ? confined->run(confined->job, &confined->pair) : fs_error(confined->job, err, "cannot enter a cpuset: %s", strerror(-err));
	return NULL;
}

/*
 * Not the process: all its memory would go to the node, that of its program as well, which other processes run, too. In an emulated guest memory that
 * was a program's is slow for a long time.
 */
static int confine(struct confined *confined, const struct fs_node *node)
{
	int err = control_group_open(confined->job, &confined->group, "cpuset");
	pthread_t thread;
	char text[16];

	if (err < 0)
		return err;
	snprintf(text, sizeof(text), "%d", node->id);
	err = control_write(control_group_file(&confined->group, "cpuset.mems"), text);
	if (err < 0)
		err = fs_error(confined->job, err, "a cpuset with node %d: %s", node->id, strerror(-err));
	else if ((err = -pthread_create(&thread, NULL, confined_run, confined)) < 0)
		err = fs_error(confined->job, err, "no thread: %s", strerror(-err));
	else
		err = pthread_join(thread, NULL) == 0 ? confined->err : -EIO;
	return control_group_close(&confined->group, err);
}

static int new_range(struct fs_job *job, struct conform *c)
{
	return node_map(job, c, PAGES * fs_page_bytes(), fs_page_bytes());
}

static int keep_out(struct fs_job *job, const struct node_pair *pair)
{
	struct conform c;
	int err = new_range(job, &c), refused;

	if (err < 0)
		return err;
	refused = node_try_bind(&c, MPOL_BIND, node_set(pair->device, NULL));
	conform_fill(&c, 0, c.pages, KEY);
	err = node_expect(&c, pair->device, 0, "pages on the device's node, bound to it in a cpuset without it");
	fs_expect(job, "the error of mbind", -refused, FS_EQ, EINVAL);
	return err == 0 ? conform_compare(&c, 0, c.pages, KEY) : err;
}

static int node_cpuset_without(struct fs_job *job)
{
	struct confined confined = {.job = job, .run = keep_out};
	int err = node_find(job, &confined.pair);

	return err == 0 ? confine(&confined, confined.pair.host) : err;
}

static int place(struct fs_job *job, const struct node_pair *pair)
{
	struct conform c;
	int err = new_range(job, &c);

	if (err < 0)
		return err;
	conform_fill(&c, 0, c.pages, KEY);
	err = node_expect(&c, pair->device, c.pages, "pages on the device's node, without a policy");
	return err == 0 ? conform_compare(&c, 0, c.pages, KEY) : err;
}

static int node_cpuset_alone(struct fs_job *job)
{
	struct confined confined = {.job = job, .run = place};
	int err = node_find(job, &confined.pair);

	return err == 0 ? confine(&confined, confined.pair.device) : err;
}

/* ---- automatic balancing */

/* Filled on a node, and then without a policy. */
static int fill_on(struct fs_job *job, struct conform *c, const struct fs_node *node, size_t bytes)
{
	int err = node_map(job, c, bytes, fs_page_bytes());

	if (err == 0)
		err = node_bind_range(c, MPOL_BIND, node_set(node, NULL));
	if (err < 0)
		return err;
	conform_fill(c, 0, c->pages, KEY);
	err = node_expect(c, node, c->pages, "pages on the node where they are filled");
	return err == 0 ? node_bind_range(c, MPOL_DEFAULT, node_set(NULL, NULL)) : err;
}

/* Uses both ranges until the far one has come. When the kernel looks at them is its own choice: it may take so long that the case is a skip. */
static int use_until_near(struct conform *near, struct conform *far, const struct node_pair *pair)
{
	uint64_t start = fs_now();
	ssize_t left = 1, there;

	/* A page on its way is on neither node. */
	while (left > 0 && fs_now() - start < BALANCE_MOST_NS) {
		int err = conform_compare(far, 0, far->pages, KEY);

		if (err == 0)
			err = conform_compare(near, 0, near->pages, KEY);
		there = err == 0 ? node_count(far, pair->host) : err;
		left = there >= 0 ? (ssize_t)far->pages - there : there;
	}
	return left <= 0 ? (int)left : fs_skip(far->job, "run it again, alone", "the kernel has not balanced %zd pages in time", left);
}

static int balance(struct fs_job *job, const struct node_pair *pair)
{
	struct conform near, far;
	int err = fill_on(job, &near, pair->host, PAGES * fs_page_bytes());

	if (err == 0)
		err = fill_on(job, &far, pair->device, PAGES * fs_page_bytes());
	if (err == 0)
		err = use_until_near(&near, &far, pair);
	if (err == 0)
		err = node_expect(&far, pair->host, far.pages, "pages that came to the CPU's node");
	return err == 0 ? node_expect(&near, pair->host, near.pages, "pages that stayed there") : err;
}

static int node_balancing(struct fs_job *job)
{
	struct control_setting setting;
	struct node_pair pair;
	int err = node_find(job, &pair);

	if (err == 0)
		err = control_need_guest(job, "would switch automatic balancing on");
	if (err == 0)
		err = control_set(job, &setting, "/proc/sys/kernel/numa_balancing", "1", "automatic balancing");
	if (err < 0)
		return err;
	err = balance(job, &pair);
	control_reset(&setting);
	return err;
}

/* ---- demotion */

/* Reclaims in the group what no one uses; only then does anybody look where it is. */
static int reclaim(struct conform *c, const struct control_group *group)
{
	char bytes[32];

	snprintf(bytes, sizeof(bytes), "%zu", c->pages * c->page_bytes);
	madvise(c->buf.cpu, c->pages * c->page_bytes, MADV_COLD);
	/* It may get less than that, and says so by an error. */
	return control_write(control_group_file(group, "memory.reclaim"), bytes) == -ENOENT ? -ENOENT : 0;
}

static int demote(struct fs_job *job, const struct control_group *group, const struct node_pair *pair)
{
	struct conform c;
	int err = fill_on(job, &c, pair->host, PAGES * fs_page_bytes());
	ssize_t there;

	if (err < 0)
		return err;
	if (reclaim(&c, group) < 0)
		return fs_skip(job, "Linux 5.19 or newer", "this kernel has no memory.reclaim");
	there = node_count(&c, pair->device);
	fs_expect(job, "pages that went to the device's node", (double)there, FS_GE, 1);
	/* From the lowest tier nothing goes up. */
	if (there >= 0 && reclaim(&c, group) == 0)
		fs_expect(job, "of those, pages that stay when it is its turn", (double)node_count(&c, pair->device), FS_GE, (double)there);
	return there < 0 ? (int)there : conform_compare(&c, 0, c.pages, KEY);
}

static int node_demotion(struct fs_job *job)
{
	struct control_setting setting;
	struct control_group group;
	struct node_pair pair;
	int err = node_find(job, &pair);

	if (err == 0)
		err = control_group_open(job, &group, "memory");
	if (err < 0)
		return err;
	err = control_set(job, &setting, "/sys/kernel/mm/numa/demotion_enabled", "1", "demotion between tiers");
	if (err == 0)
		err = control_group_enter(&group);
	if (err == 0)
		err = demote(job, &group, &pair);
	control_reset(&setting);
	return control_group_close(&group, err);
}

/* ---- taking memory away */

/* The block of memory that a page is in, as a path in sysfs. 0 or -errno */
static int block_of(const void *page, char *path, size_t bytes)
{
	uint64_t entry = 0, block = 0;
	char text[32];
	int err = control_pagemap(page, &entry);

	if (control_read("/sys/devices/system/memory/block_size_bytes", text, sizeof(text)) == 0)
		sscanf(text, "%lx", &block);
	entry &= CONTROL_PFN;
	if (err < 0 || entry == 0 || block == 0)
		return -ENOENT;
	snprintf(path, bytes, "/sys/devices/system/memory/memory%llu/state", (unsigned long long)(entry * fs_page_bytes() / block));
	return 0;
}

/*
 * Takes away the first block with pages of the range that holds nothing of the kernel: path is its. 0, or a skip if there is none. Whether a block
 * can go, only trying says.
 */
static int take_a_block(struct conform *c, char *path, size_t bytes)
{
	int err = -ENOENT, refused = 0;
	char last[96] = "";

	for (size_t page = 0; page < c->pages && err != 0; page += PAGES) {
		err = block_of(conform_at(c, page), path, bytes);
		if (err == 0 && strcmp(path, last) == 0)
			err = -EBUSY;
		else if (err == 0)
			err = refused = control_write(path, "offline");
		snprintf(last, sizeof(last), "%s", path);
	}
	if (err == 0)
		return 0;
	return fs_skip(c->job, "CONFIG_MEMORY_HOTREMOVE, and a block of memory that holds nothing of the kernel",
		"no memory of the node can be taken away: %s", strerror(refused < 0 ? -refused : -err));
}

static int unplug(struct conform *c)
{
	char taken[96], path[96];
	size_t left = 0;
	int err = take_a_block(c, taken, sizeof(taken));

	if (err < 0)
		return err;
	for (size_t page = 0; page < c->pages; page++)
		left += block_of(conform_at(c, page), path, sizeof(path)) == 0 && strcmp(path, taken) == 0;
	fs_expect(c->job, "pages that are still in the block", (double)left, FS_EQ, 0);
	err = conform_compare(c, 0, c->pages, KEY);
	control_write(taken, "online");
	return err;
}

/* A quarter of the node's memory, so that more than one block has pages of it. */
static int node_unplug(struct fs_job *job)
{
	struct node_pair pair;
	struct conform c;
	size_t bytes;
	int err = node_find(job, &pair);

	if (err == 0)
		err = control_need_guest(job, "would take memory away");
	if (err < 0)
		return err;
	bytes = pair.device->free_bytes / 4;
	if (bytes > UNPLUG_MOST)
		return fs_skip(job, "fivestep guest run --device-memory 512M", "would fill a quarter of a large node");
	err = fill_on(job, &c, pair.device, bytes / (PAGES * fs_page_bytes()) * PAGES * fs_page_bytes());
	return err == 0 ? unplug(&c) : err;
}

#define CASE(case_name, text, promised, ...)                                                                                                         \
	{                                                                                                                                            \
		.name = FS_CASE #case_name, .summary = text, .promise = promised, .host_only = true, .run = case_name, __VA_ARGS__                   \
	}

const struct fs_bench conform_node_system[] = {
	CASE(node_cpuset_without, "a cpuset without the device's node",
		"A thread whose cpuset leaves out the device's node has no page there, whatever policy it asks for."),
	CASE(node_cpuset_alone, "a cpuset with the device's node alone",
		"A thread whose cpuset has the device's node alone has all its new pages there, without a policy."),
	CASE(node_balancing, "automatic balancing and the device's node",
		"Automatic balancing brings pages that a CPU uses from the device's node, and takes none there.", .timeout_s = 180),
	CASE(node_demotion, "memory is demoted to the device's node",
		"Where demotion is on, cold pages of the CPU's node go to the device's when their group has to shrink, with their contents.",
		.expected_failure = "before Linux 6.7 tiers did not follow from what firmware says of nodes (HMAT)"),
	CASE(node_unplug, "memory of the device's node is taken away",
		"When a block of the device's node is taken away, pages in it move elsewhere, with their contents."),
	{0},
};
