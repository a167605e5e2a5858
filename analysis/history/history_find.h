/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_find.h - finds where a series changed its level.
 */
#ifndef FIVESTEP_HISTORY_FIND_H
#define FIVESTEP_HISTORY_FIND_H

#include "analysis/history/history.h"

/* All changes of a series. Free *points with free(), also after an error. Returns 0 or -errno. */
int history_find(struct history *history, const struct history_options *options, const struct index_series *series, const struct history_line *line,
	struct change_point **points, size_t *n);
/* One point if the last n_new values are not at the level of those before, else none. Free *points with free(). */
int history_find_new(struct history *history, const struct history_options *options, const struct index_series *series,
	const struct history_line *line, size_t n_new, struct change_point **points, size_t *n);

#endif
