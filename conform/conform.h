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
};

/* Bytes of a case's buffer: 16 pages. For struct fs_bench. */
size_t conform_bytes(const struct fs_args *args);

int conform_open(struct fs_job *job, struct conform *c);
/* Returns err unchanged. */
int conform_close(struct conform *c, int err);

unsigned char *conform_at(const struct conform *c, size_t page);

/* What each side does with n pages from the first on; both are done when they return. Comparing reports the first word that differs: fs_wrong(). */
void conform_fill(const struct conform *c, size_t first, size_t n, ulong key);
int conform_compare(const struct conform *c, size_t first, size_t n, ulong key);
int conform_device_fill(struct conform *c, size_t first, size_t n, ulong key);
int conform_device_compare(struct conform *c, size_t first, size_t n, ulong key);

int conform_move(struct conform *c, size_t first, size_t n, enum fs_side to);
/* Evidence that so many of the n pages are on a side. */
int conform_expect(struct conform *c, size_t first, size_t n, enum fs_side side, size_t pages, const char *what);

#endif
