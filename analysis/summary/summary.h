/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * summary.h - summarizes a run, one row for each cell and metric: the basis of tables, reports and JSON.
 *
 * A round's value is the median of its samples; a histogram metric NAME gives NAME_p50, NAME_p99 and NAME_max,
 * one value per round each. Only rounds with verdict ok give values; the others are counted separately, never dropped.
 */
#ifndef FIVESTEP_SUMMARY_H
#define FIVESTEP_SUMMARY_H

#include "base/text.h"
#include "results/runfile.h"
#include "base/statistics.h"

struct summary_row {
	const struct runfile *run;
	const struct runfile_cell *cell;
	const char *base; /* the metric's name in the records: metric without _p50 and the like; NULL if metric is */
	char *metric;	  /* NULL if the cell has no value at all; this is then its only row */
	const char *unit; /* of the metric; "" if there is none */
	enum fs_better better;
	const char *floor; /* "benchmark.metric" as recorded, or NULL */
	bool histogram;	   /* derived from a histogram metric */
	bool brief;	   /* shown in a table without --all */
	double *values;	   /* one per round, in the order of the rounds */
	unsigned *rounds;  /* the number of each value's round */
	size_t n_values;
	struct statistics_interval interval; /* of values; n is 0 if there are none */
	int outliers;			     /* of values: flagged, not dropped */
	double floor_median;		     /* of the floor metric in the same run and unit; NaN if there is none */
	bool beats_floor;		     /* by more than the intervals of both: then it is not a valid floor here */

	/* Of the cell, the same in each of its rows. */
	const char *stop;	   /* as recorded; "skip" or "unfinished" if the run has no end record */
	bool visited;		   /* there is a round; otherwise verdict is meaningless */
	enum verdict verdict;	   /* the worst */
	size_t verdicts[VERDICTS]; /* rounds of each */
	const char *why, *remedy;  /* of the first round with the worst verdict; "" when ok */
	size_t throttled;	   /* rounds in which a device's clocks were throttled */
	char *disagreement;	   /* counters that contradict each other, and in how many rounds; NULL if none do */
};

struct summary {
	struct summary_row *rows; /* in the order of the run's cells, then of a cell's metrics; the rows of a cell are adjacent */
	size_t n;
	/*
	 * Percent of the rounds' time in which something waited for a CPU, or in which the hypervisor stole the CPU; the
	 * larger of the two, 0 if neither was recorded. Rounds of one run share this background noise: no statistics can tell it from a change.
	 */
	double disturbed_pct;
	bool borrowed; /* the rows' texts and numbers are owned by the run */
};

/* The summary points into run, which must outlive it. Returns 0 or -ENOMEM. */
int summary_make(const struct runfile *run, struct summary *summary);
void summary_free(struct summary *summary);

/* Sets the row's value in one round of its cell. Returns 1; 0 if that round gives none; -ENOMEM. */
int summary_value(const struct summary_row *row, const struct runfile_round *round, double *value);
/* Rounds of the row's cell, whatever their verdict. */
size_t summary_rounds(const struct summary_row *row);
/* The first row of the next cell; summary->n after the last. For walks over cells. */
size_t summary_next_cell(const struct summary *summary, size_t i);

/*
 * Adds the note beside the numbers, nothing if there is nothing to say: rounds that did not count, the ratio to the floor,
 * outliers, too few rounds for an interval; the reason if there is no value.
 */
void summary_note(const struct summary_row *row, struct text *text);
/* "1.21 x floor.raw_fault", "83 % of floor.memcpy"; "" if there is no floor. */
void summary_floor(const struct summary_row *row, struct text *text);

/* The exit status that follows from all rows. */
enum summary_verdict { SUMMARY_FINE, SUMMARY_BAD_DATA, SUMMARY_ALL_SKIPPED };
enum summary_verdict summary_judge(const struct summary *summaries, size_t n);

#endif
