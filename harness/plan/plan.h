/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.h - turns a text into a list of cells. Pure: independent of the machine.
 *
 *   # a comment
 *   option rounds=10 max-rounds=200 cell-time=6s precision=5 time-limit=6m counters=default,faults
 *   run triad jacobi setup=copy*,hmm device=emu size=16M,64M
 *   run sparse_touch setup=copy,hmm touched=0.1:*10:100
 *
 * Each `run` line is a cross product of names, setups, devices and parameter values. Names, setups and
 * devices may be globs; setups and devices default to `*`. A parameter applies to the cells whose parts
 * declare it and in which it acts; one that acts in no cell is an error. A combination that can never have a meaning (a benchmark of faults under a
 * setup without faults) is left out if a glob matched it, and is a skip if the user named it. The command line is such a line.
 */
#ifndef FIVESTEP_PLAN_H
#define FIVESTEP_PLAN_H

#include "harness/plan/cell.h"
#include "harness/plan/selection.h"

/* Between words of a line. */
#define PLAN_BLANKS " \t\r\n"

/* Limits on the values that the command line, a plan or a run file may request. */
#define PLAN_CELLS_MAX	   65536
#define PLAN_ROUNDS_MAX	   1e6
#define PLAN_INJECT_MAX_NS 1e10

#define PLAN_NAME 256 /* room for the name of any file */

/* How long and how precisely to measure. */
struct plan_options {
	unsigned rounds_min, rounds_max;
	double precision_pct;
	double time_limit_s;	       /* 0: none */
	double cell_time_s;	       /* an imprecise cell stops after rounds of this total duration; 0: no limit */
	double timeout_s;	       /* of a round; 0: the benchmark's own, or 60 */
	double inject_ns;	       /* busy wait added to every measured time, for selftest; 0: none */
	char counters[SELECTION_TEXT]; /* selection.h */
};

/* Slot of a hash table of cells by their text. */
struct plan_seen {
	uint64_t hash;	/* of its text */
	unsigned place; /* from 1; 0: none */
};

struct plan {
	char name[PLAN_NAME];
	char *text; /* as given; NULL for a plan from the command line */
	struct plan_options options;
	struct cell *cells;
	unsigned ncells;
	struct plan_seen *seen; /* of the first nseen cells, a table of room_seen slots */
	size_t nseen, room_seen;
};

void plan_init(struct plan *plan);
void plan_free(struct plan *plan);

/* Adds a file's lines; errors name file and line. */
int plan_read(struct plan *plan, const char *path, struct fs_reason *why);
/* A plan's name: its file's name, up to the first dot. */
void plan_name_of(const char *path, char name[PLAN_NAME]);
/* Adds one line, without its first word `run`. */
int plan_add(struct plan *plan, const char *line, struct fs_reason *why);
/* One option as NAME=VALUE: rounds, max-rounds, cell-time, precision, time-limit, timeout, counters, inject. */
int plan_option(struct plan_options *options, const char *name, const char *value, struct fs_reason *why);

#endif
