/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_plot.h - draws series over time.
 */
#ifndef FIVESTEP_HISTORY_PLOT_H
#define FIVESTEP_HISTORY_PLOT_H

#include "analysis/history/history.h"

/*
 * Writes DIR/NNN-SERIES.svg, .png and .pdf of each series, with the numbers in DIR/data; with changed_only, of those that changed. *drawn counts
 * them. Without gnuplot, writes only the numbers and returns 0, with the reason in pictures. Returns 0 or negative errno with the reason.
 */
int history_plot(const struct history *history, const struct index *index, const char *dir, double paper_mm, bool changed_only, size_t *drawn,
	struct fs_reason *pictures, struct fs_reason *why);

#endif
