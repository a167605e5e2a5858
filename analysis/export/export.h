/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * export.h - the interface of export formats for other programs: one file per format in analysis/export/, one line in local.mk.
 *
 * The file analysis/export/NAME.c defines export_NAME. Texts come from records and may hold anything: each format escapes them in its own
 * way. Each gives the unit of every number, and marks missing numbers.
 */
#ifndef FIVESTEP_EXPORT_H
#define FIVESTEP_EXPORT_H

#include <stdio.h>

#include "analysis/summary/summary.h"

struct export_format {
	const char *name;
	const char *summary; /* one line: its contents and its readers */
	bool several;	     /* a file can hold several runs; otherwise exactly one */
	/* summaries[i] is that of runs[i]. Returns 0, or negative errno with the reason; the caller checks the stream for errors. */
	int (*write)(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why);
};

#endif
