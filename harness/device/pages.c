/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages.c - anonymous memory of one page size, so that transparent huge pages do not decide what is measured.
 */
#include "config.h"

#include "harness/device/pages.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/fivestep.h"

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
	if (node >= 0) {
		int err = pages_bind(p, bytes, node);

		if (err < 0) {
			pages_unmap(p, bytes);
			errno = -err;
			p = NULL;
		}
	}
	return p;
}

int pages_because(struct fs_reason *why, int err, size_t bytes, int node)
{
	if (err == EPERM || err == EACCES || err == ENOSYS)
		return fs_because(why, -err, "allow mbind in the container's seccomp profile (docker run --cap-add SYS_NICE)",
			"a memory policy for node %d is refused here: mbind: %s", node, strerror(err));
	if (err == EINVAL)
		return fs_because(why, -err, "name a node with memory that this process's cpuset allows; fivestep doctor lists them",
			"the kernel takes no memory policy for node %d: mbind: %s", node, strerror(err));
	return fs_because(why, -err, "a smaller size", "no memory for %zu bytes: %s", bytes, strerror(err));
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

int pages_nodes(void *address, unsigned long n, const int *nodes, int *status)
{
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	void *pages[PAGES_BATCH];

	for (unsigned long i = 0; i < n; i++) {
		pages[i] = (unsigned char *)address + i * page_bytes;
		status[i] = -EINVAL; /* what the kernel does not reach was not moved */
	}
	/* A positive answer is how many pages were not moved: status says which. */
	return move_pages(0, n, pages, nodes, status, MPOL_MF_MOVE) < 0 ? -errno : 0;
}

int pages_move(void *address, size_t bytes, int node, uint64_t *placed, uint64_t *not_placed)
{
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE), pages = (bytes + page_bytes - 1) / page_bytes;
	int nodes[PAGES_BATCH], status[PAGES_BATCH], err = 0;

	for (int i = 0; i < PAGES_BATCH; i++)
		nodes[i] = node;
	for (size_t done = 0; done < pages && err == 0; done += PAGES_BATCH) {
		unsigned long n = pages - done < PAGES_BATCH ? pages - done : PAGES_BATCH;

		err = pages_nodes((unsigned char *)address + done * page_bytes, n, nodes, status);
		for (unsigned long i = 0; i < n && err == 0; i++) {
			*placed += status[i] == node;
			*not_placed += status[i] != node;
		}
	}
	return err;
}

int pages_sides(void *address, size_t bytes, int host_node, int device_node, uint8_t *side)
{
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE), pages = bytes / page_bytes;
	int status[PAGES_BATCH], err = 0;

	for (size_t done = 0; done < pages && err == 0; done += PAGES_BATCH) {
		unsigned long n = pages - done < PAGES_BATCH ? pages - done : PAGES_BATCH;

		err = pages_nodes((unsigned char *)address + done * page_bytes, n, NULL, status);
		for (unsigned long i = 0; i < n && err == 0; i++)
			side[done + i] = status[i] == device_node ? FS_DEVICE : status[i] == host_node ? FS_HOST : FS_SIDES;
	}
	return err;
}
