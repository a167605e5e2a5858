/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.h - from a text to a list of cells. Pure: nothing of the machine is looked at.
 *
 *   # a comment
 *   option rounds=10 max-rounds=30 precision=5 time-limit=6m counters=default,faults
 *   run triad jacobi setup=copy*,hmm device=emu size=16M,64M
 *   run sparse_touch setup=copy,hmm touched=0.1:*10:100
 *
 * Each `run` line is a cross product of names, setups, devices and parameter values. Names, setups and
 * devices may be globs; left out, setups and devices are `*`. A parameter goes to the cells whose parts
 * declare it. A combination that can never have a meaning (a benchmark of faults under a setup without
 * faults) is left out when a glob named it and is a skip when the user did. The command line is such a line.
 */
#ifndef FIVESTEP_PLAN_H
#define FIVESTEP_PLAN_H

#include "harness/params.h"
#include "harness/selection.h"

#define CELL_TEXT 1024

struct cell {
	unsigned id;
	const char *name;
	const struct fs_bench *bench; /* one of bench and kernel */
	const struct fs_kernel *kernel;
	const struct fs_setup *setup;	/* NULL where the benchmark uses none */
	const struct fs_device *device; /* likewise */
	bool device_named;		/* by the plan: it is not left out where it is not there */
	struct fs_args args;
	bool skipped;
	struct fs_reason skip;
};

/* How long and how exactly to measure. */
struct plan_options {
	unsigned rounds_min, rounds_max;
	double precision_pct;
	double time_limit_s;	       /* 0: none */
	double timeout_s;	       /* of a round; 0: the benchmark's own, or 60 */
	double inject_ns;	       /* added to each time that a benchmark takes, by a busy wait: selftest; 0: none */
	char counters[SELECTION_TEXT]; /* selection.h */
};

struct plan {
	char name[64];
	char *text; /* as given; NULL for a plan from the command line */
	struct plan_options options;
	struct cell *cells;
	unsigned ncells, room;
};

void plan_init(struct plan *plan);
void plan_free(struct plan *plan);

/* Adds a file's lines; errors name file and line. */
int plan_read(struct plan *plan, const char *path, struct fs_reason *why);
/* Adds one line that begins after the word `run`. */
int plan_add(struct plan *plan, const char *line, struct fs_reason *why);
/* One option as NAME=VALUE: rounds, max-rounds, precision, time-limit, timeout, counters, inject. */
int plan_option(struct plan_options *options, const char *name, const char *value, struct fs_reason *why);

const char *cell_setup(const struct cell *cell);  /* its name, or "-" */
const char *cell_device(const struct cell *cell); /* its name, or "-" */
unsigned cell_needs(const struct cell *cell);	  /* offers that its benchmark or kernel asks of a setup */
unsigned cell_timeout_s(const struct cell *cell);
/* The cell as a line that plan_add reads back, every parameter written out. */
void cell_text(const struct cell *cell, char text[CELL_TEXT]);
/* The parameters that were set, as "granule=4K size=64M"; "" for none. For people. */
void cell_params_set(const struct cell *cell, char *text, size_t bytes);

/* "90s", "8m", "1h30m", "120": seconds. -EINVAL */
int duration_parse(const char *text, double *seconds);

#endif
