/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.h - what many runs say over time: where each series changed its level, whether that is for the worse, and what differed then.
 */
#ifndef FIVESTEP_HISTORY_H
#define FIVESTEP_HISTORY_H

#include "analysis/statistics/change_points.h"
#include "analysis/history/index.h"
#include "analysis/compare/unlike.h"

#define HISTORY_FALSE	 0.01			      /* of whole checks that chance may fail, however many series they look at */
#define HISTORY_SPARE	 2.0			      /* by which each test is stricter: several ways lead to a change (tests/analysis/chance) */
#define HISTORY_DRIFTING 20			      /* runs of a drift that new ones are held against */
#define HISTORY_MIN	 (CHANGE_POINTS_BACK_MIN + 1) /* runs of a series under which nothing can be said */
#define HISTORY_AROUND	 2			      /* runs by which a change may be seen early or late */
#define HISTORY_SEED	 UINT64_C(20170622)	      /* of permutations: the same history gives the same answer */

enum history_state {
	HISTORY_BETTER,
	HISTORY_EXPECTED,  /* a note says so */
	HISTORY_RECOVERED, /* for the worse, and later back to what it was */
	HISTORY_OLDER,	   /* for the worse, before the runs that are asked about */
	HISTORY_CHANGED,   /* a count that is to be exact */
	HISTORY_WORSE,
	HISTORY_STATES
};
extern const char *const history_state_names[HISTORY_STATES];

struct history_change {
	size_t series; /* of history.series */
	struct change_point point;
	int64_t before, at; /* runs: the last of the old level, the first of the new one */
	enum history_state state;
	const char *why; /* the note's text; "" without */
};

/* A series with its points in the order of the runs. */
struct history_line {
	size_t n;
	int64_t *runs;
	double *values, *lo, *hi;
};

struct history {
	struct index_series *series;
	size_t n_series, few; /* few: those with too few points to tell: HISTORY_MIN, or, where there is noise, `needs` */
	size_t needs;
	double rho;    /* correlation of neighbours, over all series */
	int64_t *runs; /* all, in their order */
	size_t n_runs;
	size_t *rank; /* of a run's id in runs */
	struct index_note *notes;
	size_t n_notes;
	struct history_change *changes;
	size_t n_changes;
	size_t states[HISTORY_STATES];
};

struct history_options {
	const char *const *globs; /* of series; none: all */
	size_t n_globs;
	double margin_pct; /* a smaller change is none; 0: the default of the series' clock */
	int64_t since;	   /* changes from this run on count; 0: all */
	bool accepted;	   /* it is a baseline: what leads to its level is older, too */
	size_t n_new;	   /* only whether the last so many runs are at the level of those before; 0: all changes */
};

/* Reads the index and judges. 0 or negative errno with the reason; history_free() in any case. */
int history_make(const struct index *index, const struct history_options *options, struct history *history, struct fs_reason *why);
void history_free(struct history *history);

/* p of a change over all places of one of so many series, below which it is believed. */
double history_limit(size_t n_series);

int history_read_line(const struct history *history, const struct index *index, size_t series, struct history_line *line, struct fs_reason *why);
void history_line_free(struct history_line *line);

/* What differs between two runs: identity, factors, state. unlike_free() in any case. */
int history_unlike(const struct index *index, int64_t before, int64_t at, struct unlike *unlike, struct fs_reason *why);

#endif
