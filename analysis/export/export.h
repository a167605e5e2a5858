/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * export.h - runs as other programs read them: one file a format in analysis/export/, one line in local.mk.
 *
 * The file analysis/export/NAME.c defines export_NAME. Texts come from records and may hold anything: each format escapes them its own
 * way. Each says the unit of every number, and says what has no number.
 */
#ifndef FIVESTEP_EXPORT_H
#define FIVESTEP_EXPORT_H

#include <stdio.h>

#include "analysis/summary/summary.h"

struct export_format {
	const char *name;
	const char *summary; /* one line: who reads it, and what is in it */
	bool several;	     /* runs in one file; otherwise exactly one */
	/* summaries[i] is that of runs[i]. 0, or negative errno with the reason; errors of the stream are for the caller to see. */
	int (*write)(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why);
};

#endif
