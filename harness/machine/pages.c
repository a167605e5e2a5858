/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages.c - anonymous memory of one page size, so that transparent huge pages do not decide what is measured.
 */
#include "config.h"

#include "harness/machine/pages.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/fivestep.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static size_t round_up(size_t bytes, size_t page)
{
	return (bytes + page - 1) / page * page;
}

/* Sets the node of pages at first touch from now on; -1: the toucher's node. 0 or -errno */
static int bind_to(void *address, size_t length, int node)
{
	struct bitmask *nodes;
	int err;

	if (node < 0)
		return 0;
	nodes = numa_allocate_nodemask();
	numa_bitmask_setbit(nodes, (unsigned)node);
	err = mbind(address, length, MPOL_BIND, nodes->maskp, nodes->size + 1, 0) == 0 ? 0 : -errno;
	numa_bitmask_free(nodes);
	return err;
}

void *pages_map(size_t bytes, size_t page, int node)
{
	size_t align = fs_huge_bytes() > page ? fs_huge_bytes() : page, length = round_up(bytes, page), before;
	unsigned char *p = mmap(NULL, length + align, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int err;

	if (p == MAP_FAILED)
		return NULL;
	/* Unmap what was mapped only for alignment. */
	before = (size_t)(-(uintptr_t)p & (align - 1));
	if (before > 0)
		munmap(p, before);
	munmap(p + before + length, align - before);
	p += before;
	madvise(p, length, page > fs_page_bytes() ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	err = bind_to(p, length, node);
	if (err < 0) {
		pages_unmap(p, bytes, page);
		errno = -err;
		p = NULL;
	}
	return p;
}

int pages_because(struct fs_reason *why, int err, size_t bytes, int node)
{
	if (err == EPERM || err == EACCES || err == ENOSYS)
		return fs_because(why, -err, "allow mbind in the container's seccomp profile (docker run --cap-add SYS_NICE)",
			"a memory policy for node %d is not permitted: mbind: %s", node, strerror(err));
	if (err == EINVAL)
		return fs_because(why, -err, "name a node with memory that this process's cpuset allows; fivestep doctor lists them",
			"the kernel rejects a memory policy for node %d: mbind: %s", node, strerror(err));
	return fs_because(why, -err, "a smaller size", "no memory for %zu bytes: %s", bytes, strerror(err));
}

int pages_populate(void *address, size_t bytes, size_t page)
{
	return madvise(address, round_up(bytes, page), MADV_POPULATE_WRITE) == 0 ? 0 : -errno;
}

void pages_unmap(void *address, size_t bytes, size_t page)
{
	if (address != NULL)
		munmap(address, round_up(bytes, page));
}

int pages_nodes(void *address, unsigned long n, const int *nodes, int *status)
{
	size_t page_bytes = fs_page_bytes();
	void *pages[PAGES_BATCH];

	for (unsigned long i = 0; i < n; i++) {
		pages[i] = (unsigned char *)address + i * page_bytes;
		status[i] = -EINVAL; /* pages that the kernel does not get to were not moved */
	}
	/* A positive result is the number of pages that were not moved: status says which. */
	return move_pages(0, n, pages, nodes, status, MPOL_MF_MOVE) < 0 ? -errno : 0;
}

int pages_probe(int node, struct fs_reason *why)
{
	size_t page = fs_page_bytes();
	void *address = pages_map(page, page, node);
	int status, err;

	if (address == NULL)
		return pages_because(why, errno, page, node);
	err = pages_nodes(address, 1, NULL, &status);
	pages_unmap(address, page, page);
	if (err < 0)
		fs_because(why, err, "allow move_pages in the container's seccomp profile (docker run --cap-add SYS_NICE)",
			"moving pages to node %d is not permitted: move_pages: %s", node, strerror(-err));
	return err;
}

int pages_move(void *address, size_t bytes, int node, uint64_t *placed, uint64_t *not_placed)
{
	size_t page_bytes = fs_page_bytes(), pages = (bytes + page_bytes - 1) / page_bytes;
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
	size_t page_bytes = fs_page_bytes(), pages = bytes / page_bytes;
	int status[PAGES_BATCH], err = 0;

	for (size_t done = 0; done < pages && err == 0; done += PAGES_BATCH) {
		unsigned long n = pages - done < PAGES_BATCH ? pages - done : PAGES_BATCH;

		err = pages_nodes((unsigned char *)address + done * page_bytes, n, NULL, status);
		for (unsigned long i = 0; i < n && err == 0; i++)
			side[done + i] = status[i] == device_node ? FS_DEVICE : status[i] == host_node ? FS_HOST : FS_SIDES;
	}
	return err;
}

void pages_use(void *address, size_t bytes, size_t page_bytes)
{
	unsigned char *p = address;

	for (size_t at = 0; at < bytes; at += page_bytes) {
		unsigned char seen = *(volatile unsigned char *)(p + at);

		/* A store that the compiler keeps, and that loses no concurrent store. */
		__atomic_compare_exchange_n(p + at, &seen, seen, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
}
