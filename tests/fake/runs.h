/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_runs.h - summaries of two runs of any number of cells with one metric each, for tests that draw the rounds' values themselves.
 */
#ifndef FIVESTEP_TESTS_FAKE_RUNS_H
#define FIVESTEP_TESTS_FAKE_RUNS_H

#include "analysis/compare/compare.h"

struct fake_run {
	struct runfile run;
	struct runfile_cell *cells;
	struct summary summary; /* a row a cell: metric "ns", lower is better */
	double *values;		/* room for that many rounds of every cell, one cell after the other */
	unsigned *rounds;
	char (*names)[32];
	size_t room;
};

/* Rows have all their rounds, numbered from 0; values are 0. False without memory; fake_run_free() takes it in any case. */
bool fake_run_make(struct fake_run *fake, size_t cells, size_t rounds);
void fake_run_free(struct fake_run *fake);
/* From now on rows have only the first so many rounds; their medians are made anew. */
void fake_run_rounds(struct fake_run *fake, size_t rounds);
/* Both become sides of one session of `fivestep ab` with these options. */
void fake_run_session(struct fake_run *base, struct fake_run *new, unsigned rounds_min, unsigned rounds_max, unsigned turn, double time_limit_s);

#endif
