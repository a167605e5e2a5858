/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels.h - what sharing memory with a device costs on several kernels: runs of one plan in the guest, in instructions, one run a kernel.
 *
 *   kernels.c       operations and stages, as the runs have them; the table and its JSON
 *   kernels_draw.c  the picture
 *   kernels_where.c the stages in which two of them differ
 */
#ifndef FIVESTEP_KERNELS_H
#define FIVESTEP_KERNELS_H

#include <stdio.h>

#include "analysis/summary/summary.h"
#include "base/reason.h"

#define KERNELS_MAX	   8 /* as many series as a picture can tell apart */
#define KERNELS_OPERATIONS 9
#define KERNELS_LABEL	   48
#define KERNELS_STAGES	   16 /* at most; of device faults and of CPU faults */

/* A line of the table: a value for each kernel in instructions, NaN where its run has none. */
struct kernels_line {
	const char *name;
	double value[KERNELS_MAX];
};

struct kernels {
	const struct runfile *run[KERNELS_MAX]; /* oldest kernel first, and smallest pages */
	char label[KERNELS_MAX][KERNELS_LABEL]; /* "6.12.117"; with the size of base pages where the runs differ in it: "6.12.117 64K" */
	unsigned n;
	struct kernels_line operation[KERNELS_OPERATIONS]; /* those that some kernel has */
	unsigned n_operations;
	struct kernels_line stage[KERNELS_STAGES]; /* of one fault, as the driver of softdev times them */
	unsigned n_stages;
	char unlike[256]; /* what else differs between the runs, so that it is not the kernel alone; "" if nothing */
};

/* Points into runs and summaries. 0; -EINVAL with the reason where they are not of this kind. */
int kernels_make(const struct runfile *runs, const struct summary *summaries, size_t n, struct kernels *kernels, struct fs_reason *why);
void kernels_print(const struct kernels *kernels, FILE *out);
int kernels_write_json(const struct kernels *kernels, const char *path, struct fs_reason *why);
/* Draws DIR/kernels.svg (and png, pdf), the numbers in DIR/data. pictures: why there is none, if gnuplot is not there. */
int kernels_draw(const struct kernels *kernels, const char *dir, double paper_mm, struct fs_reason *pictures, struct fs_reason *why);

/* Prints a line for each kind of fault and request that takes longer or less long in the driver of softdev, and in which stages. Returns how many. */
unsigned kernels_where(const struct runfile *base, const struct runfile *new, FILE *out);

#endif
