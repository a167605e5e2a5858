/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_judge.h - classifies the changes of a series.
 */
#ifndef FIVESTEP_HISTORY_JUDGE_H
#define FIVESTEP_HISTORY_JUDGE_H

#include "analysis/history/history.h"

/* The margin: the requested one, else the default of the series' clock and kind. */
double history_margin_pct(const struct history_options *options, const struct index_series *series);
/* first and last: the level at which the series started, and its current one. *why is set to the text of the note that expects the change. */
enum history_state history_judge(const struct history *history, const struct history_options *options, const struct history_change *change,
	const struct history_line *line, double first, double last, const char **why);

#endif
