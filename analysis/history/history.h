/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.h - analyses many runs over time: where each series changed its level, whether for the worse, and what else differed then.
 */
#ifndef FIVESTEP_HISTORY_H
#define FIVESTEP_HISTORY_H

#include "analysis/statistics/change_points.h"
#include "analysis/history/index.h"
#include "analysis/compare/unlike.h"

#define HISTORY_FALSE	 0.01 /* share of whole checks that may raise a false alarm, however many series they cover */
#define HISTORY_SPARE	 2.0  /* factor by which each test is stricter, as several tests can find a change (tests/analysis/chance) */
#define HISTORY_DRIFTING 20   /* last runs of a drift with which new ones are compared */
#define HISTORY_MIN	 (CHANGE_POINTS_BACK_MIN + 1) /* runs of a series: with fewer, nothing can be said */
#define HISTORY_AROUND	 2			      /* runs by which a change may be located early or late */
#define HISTORY_SEED	 UINT64_C(20170622)	      /* of permutations, so that the same history gives the same answer */

enum history_state {
	HISTORY_BETTER,
	HISTORY_EXPECTED,  /* noted as expected */
	HISTORY_RECOVERED, /* for the worse, and later back to the old level */
	HISTORY_OLDER,	   /* for the worse, before --since */
	HISTORY_CHANGED,   /* a count that is declared exact */
	HISTORY_WORSE,
	HISTORY_STATES
};
extern const char *const history_state_names[HISTORY_STATES];

struct history_change {
	size_t series; /* of history.series */
	struct change_point point;
	int64_t before, at; /* runs: the last of the old level, the first of the new one */
	enum history_state state;
	const char *why; /* the note's text; "" if there is none */
};

/* A series with its points in the order of the runs. */
struct history_line {
	size_t n;
	int64_t *runs;
	double *values, *lo, *hi;
};

struct history {
	struct index_series *series;
	size_t n_series, few; /* few: series with too few points to decide: HISTORY_MIN, or with noise `needs` */
	size_t needs;
	double rho;    /* correlation of neighbours, over all series */
	int64_t *runs; /* all, in their order */
	size_t n_runs;
	size_t *rank; /* index in runs, by a run's id */
	struct index_note *notes;
	size_t n_notes;
	struct history_change *changes;
	size_t n_changes;
	size_t states[HISTORY_STATES];
};

struct history_options {
	const char *const *globs; /* of series; none: all */
	size_t n_globs;
	double margin_pct; /* a smaller change counts as none; 0: the default of the series' clock */
	int64_t since;	   /* changes from this run on count; 0: all */
	bool accepted;	   /* since is a baseline: a change that leads to its level is older as well */
	size_t n_new;	   /* only check whether the last n_new runs are at the level of those before; 0: all changes */
};

/* Reads the index and judges all changes. Returns 0 or negative errno with the reason; call history_free() in any case. */
int history_make(const struct index *index, const struct history_options *options, struct history *history, struct fs_reason *why);
void history_free(struct history *history);

/* The limit of p of a change, over all positions of one of n series. */
double history_limit(size_t n_series);

int history_read_line(const struct history *history, const struct index *index, size_t series, struct history_line *line, struct fs_reason *why);
void history_line_free(struct history_line *line);

/* The differences between two runs: identity, factors, state. Call unlike_free() in any case. */
int history_unlike(const struct index *index, int64_t before, int64_t at, struct unlike *unlike, struct fs_reason *why);

#endif
