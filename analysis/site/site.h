/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site.h - writes a history as static pages, as a CI publishes them: all series, the changes, the runs, and an Atom feed.
 *
 * No script is needed and all links are relative, so the pages work from a file share as well as from any web server. A page is replaced in one
 * step, and only if it differs. Pages of an earlier site in that folder that no longer belong to it are removed; other files are left alone.
 */
#ifndef FIVESTEP_SITE_H
#define FIVESTEP_SITE_H

#include "analysis/history/history.h"

struct site_counts {
	size_t written, same, removed; /* pages */
};

/* Returns 0 or negative errno with the reason. */
int site_write(const struct history *history, const struct index *index, const char *dir, struct site_counts *counts, struct fs_reason *why);

#endif
