/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_coherent.c - device-coherent memory, which the CPU reaches without a fault; and private memory on a chosen node.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGES 1024

static struct softdev_info info_now(void)
{
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	struct softdev_info info = part_info(&(struct part){.fd = fd});

	close(fd);
	return info;
}

static void on_demand(unsigned granule)
{
	struct part part = part_make(PAGES, &(struct part_options){.granule = granule, .kind = SOFTDEV_COHERENT});
	struct softdev_counts c;

	is_int(part_device(&part, part_add), 0, "coherent, granule %u: a device process touches each page once", granule);
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_DEVICE_FAULT], PAGES / granule, "coherent, granule %u: one device fault a granule", granule);
	is_int((long long)c.pages[SOFTDEV_DEVICE_FAULT], PAGES, "coherent, granule %u: every page moves", granule);
	is_int((long long)part_on_device(&part), PAGES, "coherent, granule %u: the page tables say so", granule);
	part_host_add(&part);
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_HOST_FAULT], 0, "coherent, granule %u: the CPU does not fault", granule);
	is_int((long long)part_on_device(&part), PAGES, "coherent, granule %u: and the pages stay", granule);
	is_int((long long)part_wrong(&part, 2), 0, "coherent, granule %u: the data are right", granule);
	is_int((long long)part_moved(&part, false), PAGES, "coherent, granule %u: back by request", granule);
	is_int((long long)part_wrong(&part, 2), 0, "coherent, granule %u: with their data", granule);
	part_free(&part);
}

/* ---- as by the process's own page tables */

static void filled(struct part *part)
{
	struct softdev_range range = {.start = (uintptr_t)part->buf, .bytes = part->bytes};

	part->shared[0] = ioctl(part->fd, SOFTDEV_FILL, &range) == 0;
	part_add(part);
}

static void mapped_ahead(void)
{
	struct part part = part_make(PAGES, &(struct part_options){.granule = 1, .kind = SOFTDEV_COHERENT, .policy = SOFTDEV_REMOTE});
	struct softdev_range range = {.start = (uintptr_t)part.buf, .bytes = part.bytes};
	struct softdev_move half = {.start = range.start, .bytes = range.bytes / 2, .side = SOFTDEV_DEVICE};
	struct softdev_counts c;

	is_int(ioctl(part.fd, SOFTDEV_MOVE, &half), 0, "half of the pages are moved to coherent memory");
	is_int(ioctl(part.fd, SOFTDEV_FILL, &range) == 0 ? 0 : errno, EINVAL, "only a device process can fill its page tables");
	is_int(part_device(&part, filled), 0, "a device process fills its page tables and touches each page");
	ok(part.shared[0] != 0, "it is allowed to");
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_DEVICE_FAULT], 0, "it does not fault");
	is_int((long long)c.mapped_device_pages, PAGES / 2, "coherent pages are mapped");
	is_int((long long)c.mapped_host_pages, PAGES / 2, "and the others where they are");
	is_int((long long)part_on_device(&part), PAGES / 2, "none has moved");
	is_int((long long)part_wrong(&part, 1), 0, "mapped ahead: the data are right");
	part_free(&part);
}

static void made(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .kind = SOFTDEV_COHERENT, .untouched = true});
	struct softdev_counts c;
	uint64_t any = 0;

	is_int((long long)part_moved(&part, true), 64, "pages that nobody has touched are made in coherent memory");
	c = part_counts(&part);
	is_int((long long)c.made_pages, 64, "they are counted");
	for (size_t i = 0; i < part.bytes / 8; i++)
		any |= part.buf[i];
	is_int((long long)any, 0, "they begin as zeros");
	munmap((void *)part.buf, part.bytes / 2);
	is_int((long long)part_counts(&part).dropped_pages, 32, "they go with their mapping");
	part_free(&part);
}

static void limited(void)
{
	struct part part = part_make(PAGES, &(struct part_options){.granule = 16, .capacity = PAGES / 2, .kind = SOFTDEV_COHERENT});
	struct softdev_counts c;

	is_int(part_device(&part, part_add), 0, "coherent, capacity of half: a device process touches all");
	c = part_counts(&part);
	is_int((long long)c.pages[SOFTDEV_EVICTION], PAGES / 2, "coherent, capacity of half: the other half is evicted");
	is_int((long long)part_on_device(&part), PAGES / 2, "coherent, capacity of half: half is there");
	is_int((long long)part_wrong(&part, 1), 0, "coherent, capacity of half: the data are right");
	part_free(&part);
}

static void shared_with_a_child(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .inherited = true, .kind = SOFTDEV_COHERENT});
	int ends[2], status = -1;
	pid_t child;

	part_moved(&part, true);
	if (pipe(ends) != 0)
		return;
	child = fork();
	if (child == 0) {
		char go;
		size_t n = read(ends[0], &go, 1) != 1;

		n += part_wrong(&part, 0);
		_exit(n > 255 ? 255 : (int)n);
	}
	is_int(part_device(&part, part_add), 0, "coherent, fork: the device writes to pages that a child shares");
	if (write(ends[1], "g", 1) != 1 || waitpid(child, &status, 0) != child)
		status = -1;
	is_int(status, 0, "coherent, fork: the child sees what was there before");
	is_int((long long)part_wrong(&part, 1), 0, "coherent, fork: the parent sees what the device wrote");
	close(ends[0]);
	close(ends[1]);
	part_free(&part);
}

/* ---- what is refused */

static int tried(unsigned long request, void *arg)
{
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC), err = ioctl(fd, request, arg) == 0 ? 0 : errno;

	close(fd);
	return err;
}

static void too_much(const struct softdev_info *info)
{
	struct softdev_reserve reserve = {.pages = info->pages[SOFTDEV_COHERENT], .node = -1, .kind = SOFTDEV_COHERENT};
	struct part part = part_make(8, &(struct part_options){.granule = 1});
	struct softdev_bind bind = {.abi = SOFTDEV_ABI, .start = (uintptr_t)part.shared, .bytes = part.page, .granule_pages = 1, .node = -1};
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);

	is_int(tried(SOFTDEV_RESERVE, &reserve), 0, "all coherent memory can be reserved");
	reserve.pages++;
	is_int(tried(SOFTDEV_RESERVE, &reserve), ENOSPC, "one page more cannot");
	reserve.kind = SOFTDEV_KINDS;
	is_int(tried(SOFTDEV_RESERVE, &reserve), EINVAL, "nor memory of no kind");
	reserve = (struct softdev_reserve){.pages = 8, .node = -1, .kind = SOFTDEV_COHERENT};
	is_int(ioctl(fd, SOFTDEV_RESERVE, &reserve), 0, "some is reserved");
	is_int(ioctl(fd, SOFTDEV_BIND, &bind) == 0 ? 0 : errno, EINVAL, "a binding of the other kind is refused then");
	close(fd);
	part_free(&part);
}

/* ---- private memory on a node */

/* Pages that were taken of a node where it was wanted, so far; -1 where the kernel does not say. */
static long long taken_of(int node)
{
	char path[64];
	long long pages = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/numastat", node);
	file = fopen(path, "re");
	if (file != NULL && fscanf(file, "numa_hit %lld", &pages) != 1)
		pages = -1;
	if (file != NULL)
		fclose(file);
	return pages;
}

/* What else the kernel needs meanwhile is far less. */
static void on_a_node(int node)
{
	const long long pages = 4096;
	struct softdev_reserve reserve = {.pages = (uint64_t)pages, .node = node, .kind = SOFTDEV_PRIVATE};
	long long before[2] = {taken_of(0), taken_of(1)}, taken[2];

	is_int(tried(SOFTDEV_RESERVE, &reserve), 0, "node %d: private memory is reserved there", node);
	for (int i = 0; i < 2; i++)
		taken[i] = taken_of(i) - before[i];
	ok(taken[node] >= pages && taken[node] < pages * 9 / 8, "node %d: the memory behind it is of that node", node);
	ok(taken[1 - node] < pages / 8, "node %d: and not of the other", node);
	diag("pages taken: %lld of node 0, %lld of node 1", taken[0], taken[1]);
}

void softdev_coherent_cases(void)
{
	struct softdev_info info = info_now();

	if (info.pages[SOFTDEV_COHERENT] != 0) {
		on_demand(1);
		on_demand(16);
		mapped_ahead();
		made();
		limited();
		shared_with_a_child();
		too_much(&info);
		is_int((long long)info_now().free_pages[SOFTDEV_COHERENT], (long long)info.pages[SOFTDEV_COHERENT],
			"all coherent pages are in their pool");
	} else {
		skip("the module was loaded without coherent memory", 1);
	}
	if (taken_of(1) >= 0) {
		on_a_node(1);
		on_a_node(0);
	} else {
		skip("one node", 1);
	}
}
