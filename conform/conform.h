/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conform.h - what cases of conformance share: a range of whole pages that both sides work on, filled and compared by either side.
 *
 * A case is declared like a benchmark (struct fs_bench) with a promise, and measures nothing: fs_wrong() and fs_expect() say that the promise is not
 * kept. Every page's contents follow from its number in the range and a key, so a page that is lost, stale or at another's place is seen.
 */
#ifndef FIVESTEP_CONFORM_H
#define FIVESTEP_CONFORM_H

#include "harness/fivestep.h"

/* The buffer of a round. Pages are counted from its start. */
struct conform {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t page_bytes, pages;
	bool mapped; /* a case has mapped something over it */
};

/* Bytes of a case's buffer: 16 pages. For struct fs_bench. */
size_t conform_bytes(const struct fs_args *args);

int conform_open(struct fs_job *job, struct conform *c);
/* The same with a buffer that has room for two huge pages that are aligned, wherever it begins; and the number of the page where the first one may.
 */
size_t conform_huge_bytes(const struct fs_args *args);
int conform_open_huge(struct fs_job *job, struct conform *c, size_t *first);
/* Also a skip if the process may not map other memory at the buffer's addresses. */
int conform_open_ordinary(struct fs_job *job, struct conform *c);
int conform_open_bytes(struct fs_job *job, struct conform *c, size_t bytes);
/* Returns err unchanged. */
int conform_close(struct conform *c, int err);

unsigned char *conform_at(const struct conform *c, size_t page);

/* What each side does with n pages from the first on; both are done when they return. Comparing reports the first word that differs: fs_wrong(). */
void conform_fill(const struct conform *c, size_t first, size_t n, ulong key);
int conform_compare(const struct conform *c, size_t first, size_t n, ulong key);
int conform_device_fill(struct conform *c, size_t first, size_t n, ulong key);
int conform_device_compare(struct conform *c, size_t first, size_t n, ulong key);

/*
 * After a call that changed the host's page tables while pages are on the device. They come back first where the device's driver would bring the
 * kernel down (fs_is_frail()); or if the case is about just that, it is a skip.
 */
int conform_settle(struct conform *c);
int conform_need_robust(struct fs_job *job);

/* Maps memory over n pages: as mmap() does with MAP_FIXED. fd -1: anonymous. */
int conform_map(struct conform *c, size_t first, size_t n, int prot, int flags, int fd);
/* A key under which all pages hold zeros. */
#define CONFORM_ZEROS 0

/*
 * A child that shares the buffer copy-on-write. It does work() when conform_child_go() is called, which waits for it to end: 0, or fs_wrong() if
 * work() did not return 0. work() is in the child: what it says is printed to the round's log.
 */
struct conform_child {
	int pid, go;
};
int conform_child_start(struct conform *c, int (*work)(struct conform *c), struct conform_child *child);
int conform_child_go(struct conform *c, struct conform_child *child, const char *what);
/* It does work() from now on; conform_child_end() only waits. */
void conform_child_tell(struct conform_child *child);
/* The same for a child that may be killed: returns the signal that did it, 0 if it has ended well, -1 if not. */
int conform_child_end(struct conform_child *child);

int conform_move(struct conform *c, size_t first, size_t n, enum fs_side to);
/* Evidence that so many of the n pages are on a side. */
int conform_expect(struct conform *c, size_t first, size_t n, enum fs_side side, size_t pages, const char *what);

#endif
