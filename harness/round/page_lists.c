/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page_lists.c - see page_lists.h.
 *
 * A page from a per-CPU page list costs a few hundred instructions less than one that the buddy allocator must split off, and which of the two a
 * round gets depends on how the previous process ended: freeing a thread's stack empties the list. So a round that counts instructions first
 * touches and frees memory to fill the lists. Nothing else is freed between that and the measurement.
 *
 * A timer tick costs thousands of instructions and may preempt the task. When ticks occur must not depend on the number of instructions before the
 * round, which changes with boot parameters or file lengths.
 */
#include "config.h"

#include "harness/round/page_lists.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "harness/machine/pages.h"

/* Migration allocates the new page before it frees the old one; page tables come on top. */
#define PAGES_OF_A_PAGE 2
#define SPARE_BYTES	(4ul << 20)
/* Short pipes: the kernel's array for a long one would be a large allocation, and freeing it empties the list again. */
#define PIPES	   256
#define PIPE_PAGES 64
/* The lists do not hold more of a node than this. */
#define SHARE_OF_NODE 8
/* A multiple of the timer tick for every CONFIG_HZ (100, 250, 300, 1000). */
#define ALIGN_NS  100000000
#define SECOND_NS 1000000000

/* Bound to the node: if it is full it is left alone, instead of touching its neighbour twice. */
static void fill_node(const struct fs_node *node, size_t bytes)
{
	size_t page = fs_page_bytes();
	unsigned char *p = pages_map(bytes, page, node->id);

	for (size_t at = 0; p != NULL && at < bytes; at += page)
		*(volatile unsigned char *)(p + at) = 1;
	pages_unmap(p, bytes, page);
}

/*
 * Pages mapped by a process are movable, those allocated by a driver are not, and the lists are separate by migrate type. Data written to a pipe is
 * in unmovable pages.
 */
static void fill_unmovable(const struct fs_machine *machine, size_t bytes)
{
	static const char page[4096];
	int ends[PIPES][2];
	unsigned n = 0;

	for (size_t filled = 0; n < PIPES && filled < bytes && pipe2(ends[n], O_NONBLOCK | O_CLOEXEC) == 0; n++) {
		fcntl(ends[n][1], F_SETPIPE_SZ, PIPE_PAGES * (int)machine->page_bytes);
		for (ssize_t got = 1; got > 0 && filled < bytes; filled += machine->page_bytes)
			got = write(ends[n][1], page, sizeof(page));
	}
	while (n-- > 0) {
		close(ends[n][0]);
		close(ends[n][1]);
	}
}

void page_lists_fill(const struct fs_machine *machine, size_t bytes)
{
	size_t wanted = PAGES_OF_A_PAGE * bytes + SPARE_BYTES;

	fill_unmovable(machine, wanted);
	for (unsigned i = 0; i < machine->nnodes; i++) {
		const struct fs_node *node = &machine->nodes[i];

		if (node->bytes / SHARE_OF_NODE > wanted)
			fill_node(node, wanted);
	}
}

void page_lists_align_tick(void)
{
	struct timespec at;

	if (clock_gettime(CLOCK_MONOTONIC, &at) != 0)
		return;
	at.tv_nsec = (at.tv_nsec / ALIGN_NS + 1) * ALIGN_NS;
	at.tv_sec += at.tv_nsec / SECOND_NS;
	at.tv_nsec %= SECOND_NS;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}
