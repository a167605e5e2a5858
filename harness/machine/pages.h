/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages.h - anonymous memory of one page size, on a node if one is given; moving it between nodes, and asking where it is.
 */
#ifndef FIVESTEP_DEVICE_PAGES_H
#define FIVESTEP_DEVICE_PAGES_H

#include <stddef.h>
#include <stdint.h>

struct fs_reason;

/*
 * Maps untouched whole pages of one size: page is fs_page_bytes() or fs_huge_bytes(), the same when unmapping. The start is aligned to a huge page,
 * whatever their size. node -1: no policy, pages are allocated where they are touched. NULL with errno from mmap or mbind.
 */
void *pages_map(size_t bytes, size_t page, int node);
/* Allocates its pages now. 0 or -errno */
int pages_populate(void *address, size_t bytes, size_t page);
/*
 * The reason why pages_map or pages_populate failed with errno err, with the remedy that fits: too little memory, or a policy that
 * the kernel or a container refuses. Returns -err.
 */
int pages_because(struct fs_reason *why, int err, size_t bytes, int node);
/*
 * Whether this process may place memory on a node and ask where it is: tried with a page that is not touched, so that nothing is allocated. 0, or
 * -errno with the reason: a container's filter, a cpuset, a kernel without memory policies.
 */
int pages_probe(int node, struct fs_reason *why);
void pages_unmap(void *address, size_t bytes, size_t page); /* NULL is fine */
#define PAGES_BATCH 512
/* move_pages of n base pages, at most PAGES_BATCH; nodes NULL only queries. status: a node or -errno for each. 0 or -errno */
int pages_nodes(void *address, unsigned long n, const int *nodes, int *status);
/* Moves the base pages of a range to a node, and counts those that are there afterwards and those that are not. 0 or -errno */
int pages_move(void *address, size_t bytes, int node, uint64_t *placed, uint64_t *not_placed);
/* Writes an enum fs_side for each base page of the range; FS_SIDES: on neither node. 0 or -errno */
int pages_sides(void *address, size_t bytes, int host_node, int device_node, uint8_t *side);

/*
 * Reads and writes each page of a mapping without changing its content, even if others write there meanwhile. A page that is in the page tables may
 * still have a slow first access: a hypervisor without nested page tables fills its shadow tables then, at microseconds a page that no counter in the
 * guest shows.
 */
void pages_use(void *address, size_t bytes, size_t page_bytes);

#endif
