/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * summary.h - what a run says, one row for each cell and metric: what tables, reports and JSON are made of.
 *
 * A round's value is the median of its samples; a histogram metric NAME gives NAME_p50, NAME_p99 and NAME_max,
 * each a value a round. Only rounds with verdict ok give values; the others are counted beside, never dropped.
 */
#ifndef FIVESTEP_SUMMARY_H
#define FIVESTEP_SUMMARY_H

#include "results/runfile.h"
#include "base/statistics.h"

struct summary_row {
	const struct runfile *run;
	const struct runfile_cell *cell;
	const char *base; /* the metric's name in the records: metric without _p50 and the like; NULL as metric */
	char *metric;	  /* NULL: the cell has no value at all, and this is its only row */
	const char *unit; /* of the metric; "" without one */
	enum fs_better better;
	const char *floor; /* "benchmark.metric" as recorded, or NULL */
	bool histogram;	   /* made of a histogram metric */
	bool brief;	   /* belongs in a table that is not asked for everything */
	double *values;	   /* one a round, in the order of the rounds */
	unsigned *rounds;  /* the number of the round that each is of */
	size_t n_values;
	struct statistics_interval interval; /* of values; n is 0 without any */
	int outliers;			     /* of values: flagged, not dropped */
	double floor_median;		     /* of the floor metric in the same run and unit; NaN without one */
	bool beats_floor;		     /* by more than the intervals of both: then it is no floor for this */

	/* Of the cell, the same in each of its rows. */
	const char *stop;	   /* as recorded; "skip" or "unfinished" where the run has no end record */
	bool visited;		   /* there is a round; without one verdict means nothing */
	enum verdict verdict;	   /* the worst */
	size_t verdicts[VERDICTS]; /* rounds of each */
	const char *why, *remedy;  /* of the first round with the worst verdict; "" when ok */
	size_t throttled;	   /* rounds in which a device's clocks were held down */
	char *disagreement;	   /* counters that contradict each other, and in how many rounds; NULL: none do */
};

struct summary {
	struct summary_row *rows; /* in the order of the run's cells, then of a cell's metrics; a cell's rows follow each other */
	size_t n;
	/*
	 * Percent of the rounds' time in which something waited for a CPU, or in which the hypervisor gave the CPU to another machine; the
	 * larger of the two, 0 where neither was recorded. Rounds of one run share such weather: no statistics can tell it from a change.
	 */
	double disturbed_pct;
	bool borrowed; /* the rows' texts and numbers belong to the run */
};

/* The summary points into run, which must live longer. 0 or -ENOMEM. */
int summary_make(const struct runfile *run, struct summary *summary);
void summary_free(struct summary *summary);

/* The row's value in one round of its cell: 1; 0 where that round gives none; -ENOMEM. */
int summary_value(const struct summary_row *row, const struct runfile_round *round, double *value);
/* Rounds of the row's cell, whatever their verdict. */
size_t summary_rounds(const struct summary_row *row);
/* The first row of the next cell; summary->n after the last. For walks over cells. */
size_t summary_next_cell(const struct summary *summary, size_t i);

/*
 * What is worth knowing beside the numbers, "" if nothing: rounds that did not count, the ratio to the floor,
 * outliers, too few rounds for an interval; the reason where there is no value.
 */
void summary_note(const struct summary_row *row, char *text, size_t bytes);
/* "1.21 x floor.raw_fault", "83 % of floor.memcpy"; "" without floor. */
void summary_floor(const struct summary_row *row, char *text, size_t bytes);

/* What all rows say together. */
enum summary_verdict { SUMMARY_FINE, SUMMARY_BAD_DATA, SUMMARY_ALL_SKIPPED };
enum summary_verdict summary_judge(const struct summary *summaries, size_t n);

#endif
