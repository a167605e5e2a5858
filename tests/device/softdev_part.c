/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_part.c - see softdev_part.h.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static void need(bool there, const char *what)
{
	if (!there) {
		diag("%s: %s", what, strerror(errno));
		abort();
	}
}

/* Aligned to a huge page, so that granules are whole. */
static void *map_aligned(size_t bytes)
{
	char *p = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *at;

	need(p != MAP_FAILED, "mmap");
	at = (char *)(((uintptr_t)p + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1));
	if (at > p)
		munmap(p, (size_t)(at - p));
	munmap(at + bytes, (size_t)(p + HUGE_BYTES - at));
	madvise(at, bytes, MADV_NOHUGEPAGE);
	return at;
}

struct part part_make(size_t pages, const struct part_options *options)
{
	struct part part = {.fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC), .page = (size_t)sysconf(_SC_PAGESIZE), .pages = pages};
	struct softdev_bind bind = {.abi = SOFTDEV_ABI,
		.granule_pages = options->granule,
		.policy = options->policy,
		.migrate_after = options->after,
		.pin_after = options->pin,
		.flags = options->flags,
		.capacity_pages = options->capacity,
		.kind = options->kind,
		.clock = SOFTDEV_CLOCK_CYCLES,
		.node = options->on_node ? options->node : -1};

	need(part.fd >= 0, SOFTDEV_NODE);
	part.bytes = pages * part.page;
	part.buf = map_aligned(part.bytes);
	part.shared = mmap(NULL, part.page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(part.shared != MAP_FAILED, "mmap");
	if (!options->inherited)
		madvise((void *)part.buf, part.bytes, MADV_DONTFORK);
	for (size_t i = 0; i < pages && !options->untouched; i++)
		part.buf[i * part.page / 8] = i;
	bind.start = (uintptr_t)part.buf;
	bind.bytes = part.bytes;
	need(ioctl(part.fd, SOFTDEV_BIND, &bind) == 0, "SOFTDEV_BIND");
	return part;
}

void part_free(struct part *part)
{
	munmap((void *)part->buf, part->bytes);
	munmap((void *)part->shared, part->page);
	close(part->fd);
}

pid_t part_start(struct part *part, part_fn fn)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (mmap((void *)part->buf, part->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, part->fd, (off_t)(uintptr_t)part->buf) == MAP_FAILED)
		_exit(99);
	fn(part);
	_exit(0);
}

int part_device(struct part *part, part_fn fn)
{
	pid_t pid = part_start(part, fn);
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

struct softdev_counts part_counts(const struct part *part)
{
	struct softdev_counts counts = {0};

	need(ioctl(part->fd, SOFTDEV_COUNT, &counts) == 0, "SOFTDEV_COUNT");
	return counts;
}

struct softdev_info part_info(const struct part *part)
{
	struct softdev_info info = {0};

	need(ioctl(part->fd, SOFTDEV_INFO, &info) == 0, "SOFTDEV_INFO");
	return info;
}

size_t part_on_device(const struct part *part)
{
	unsigned char *places = malloc(part->pages);
	struct softdev_where where = {.start = (uintptr_t)part->buf, .bytes = part->bytes, .places = (uintptr_t)places};
	size_t n = 0;

	need(places != NULL && ioctl(part->fd, SOFTDEV_WHERE, &where) == 0, "SOFTDEV_WHERE");
	for (size_t i = 0; i < part->pages; i++)
		n += (places[i] & SOFTDEV_PLACE_MASK) == SOFTDEV_PLACE_DEVICE;
	free(places);
	return n;
}

size_t part_moved(struct part *part, bool to_device)
{
	struct softdev_move move = {.start = (uintptr_t)part->buf, .bytes = part->bytes, .side = to_device ? SOFTDEV_DEVICE : SOFTDEV_HOST};

	need(ioctl(part->fd, SOFTDEV_MOVE, &move) == 0, "SOFTDEV_MOVE");
	return move.moved_pages;
}

void part_inject(const struct part *part, unsigned failure, unsigned count)
{
	struct softdev_inject inject = {failure, count};

	need(ioctl(part->fd, SOFTDEV_INJECT, &inject) == 0, "SOFTDEV_INJECT");
}

size_t part_wrong(const struct part *part, uint64_t added)
{
	size_t n = 0;

	for (size_t i = 0; i < part->pages; i++)
		n += part->buf[i * part->page / 8] != i + added;
	return n;
}

void part_read(struct part *part)
{
	for (size_t i = 0; i < part->pages; i++)
		(void)part->buf[i * part->page / 8];
}

void part_add(struct part *part)
{
	for (size_t i = 0; i < part->pages; i++)
		part->buf[i * part->page / 8] += 1;
}

void part_host_add(struct part *part)
{
	part_add(part);
}
