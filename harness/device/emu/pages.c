/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages.c - anonymous memory of one page size, so that transparent huge pages do not decide what is measured.
 */
#include "config.h"

#include "harness/device/emu/pages.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdint.h>
#include <sys/mman.h>

#define HUGE_BYTES ((size_t)2 << 20)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static size_t round_up(size_t bytes)
{
	return (bytes + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1);
}

void *pages_map(size_t bytes, bool huge, int node)
{
	size_t room = round_up(bytes) + HUGE_BYTES, before;
	unsigned char *p = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* Give back what is there for alignment only. */
	before = (size_t)(-(uintptr_t)p & (HUGE_BYTES - 1));
	if (before > 0)
		munmap(p, before);
	munmap(p + before + round_up(bytes), HUGE_BYTES - before);
	p += before;
	madvise(p, round_up(bytes), huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	if (node >= 0 && pages_bind(p, bytes, node) != 0) {
		pages_unmap(p, bytes);
		p = NULL;
	}
	return p;
}

int pages_populate(void *address, size_t bytes)
{
	return madvise(address, round_up(bytes), MADV_POPULATE_WRITE) == 0 ? 0 : -errno;
}

void pages_unmap(void *address, size_t bytes)
{
	if (address != NULL)
		munmap(address, round_up(bytes));
}

int pages_bind(void *address, size_t bytes, int node)
{
	struct bitmask *nodes;
	long result;

	if (node < 0)
		return 0;
	nodes = numa_allocate_nodemask();
	numa_bitmask_setbit(nodes, (unsigned)node);
	result = mbind(address, round_up(bytes), MPOL_BIND, nodes->maskp, nodes->size + 1, 0);
	numa_bitmask_free(nodes);
	return result == 0 ? 0 : -errno;
}
