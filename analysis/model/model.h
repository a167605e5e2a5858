/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model.h - the cost model: a program's step costs the sum of its events, each times what it costs on this machine, and the program's own computing.
 *
 * Events are counted or follow from a policy (harness/fivestep/cost.h, in the records); what one costs, its unit cost, is found by weighted
 * non-negative least squares from the benchmarks of one run, which say what their values contain. Unit costs belong to a way of sharing: the device
 * and the kind of memory ("emu/mirror"), with what was set of their parameters. Computing is no event of the machine: it is what the programs in that
 * run (under copies, in the plan calibrate) take beyond their events, as a curve over the bytes worked on. No name of a benchmark, program or setup
 * is known here.
 *
 * Intervals come from resampling the run's rounds: MODEL_DRAWS fits beside the one of the medians.
 */
#ifndef FIVESTEP_MODEL_H
#define FIVESTEP_MODEL_H

#include <stdio.h>

#include "base/statistics.h"
#include "base/text.h"
#include "results/runfile.h"

#define MODEL_DRAWS 200
#define MODEL_FITS  (1 + MODEL_DRAWS) /* the first is the one of the medians */

/* A metric of a cell whose values contain events. */
struct model_row {
	const struct runfile_cell *cell;
	const char *metric;
	double *values; /* a round: the time that contains the events, in ns or instructions */
	size_t n;
	double contains[FS_COSTS]; /* the mean of the rounds */
	double misfit;		   /* what the fit says, over the median, - 1 */
};

/* The unit costs of one way of sharing. */
struct model_group {
	char *name;
	struct model_row *rows;
	size_t n_rows;
	bool is_contained[FS_COSTS], is_doubtful[FS_COSTS]; /* by some row; not determined by the rows although contained */
	double condition;
	double (*unit)[FS_COSTS]; /* MODEL_FITS */
};

/* A program's own computing at one size. */
enum model_part { MODEL_FILL, MODEL_BODY, MODEL_AFTER, MODEL_PARTS };
struct model_reference {
	char *work; /* name and parameters, without the size */
	const struct runfile_cell *cell;
	double bytes[MODEL_PARTS];
	double (*took)[MODEL_PARTS]; /* MODEL_FITS */
};

struct model {
	const struct runfile *run;
	struct model_group *groups;
	size_t n_groups;
	struct model_reference *references;
	size_t n_references;
};

/* The model points into run, which must outlive it. 0, -ENOMEM, or -ENODATA with the reason. Call model_free() in any case. */
int model_make(const struct runfile *run, struct model *model, struct fs_reason *why);
void model_free(struct model *model);
/* Forgets the programs' computing of cells that keep() refuses. Returns how many are left. */
typedef bool model_keep(const struct model *model, const struct runfile_cell *cell, const void *arg);
size_t model_keep_computing(struct model *model, model_keep *keep, const void *arg);

/* What is changed for "what if"; nothing at first. */
struct what_if {
	double factor[FS_COSTS]; /* of the unit cost */
	double value[FS_COSTS];	 /* in place of it, in ns; negative: none */
	size_t granule;		 /* bytes of mirrored memory that move together; 0: as they are */
	const char *machine;	 /* whose figures these are (machines.h); NULL: nobody's */
	struct text figures;	 /* of that machine, a line each with the source */
};
void what_if_clear(struct what_if *what_if); /* nothing is changed; call it first */
void what_if_free(struct what_if *what_if);
/* "", or what was changed, for a title: "; WHAT IF unit costs were others". */
void what_if_title(const struct what_if *what_if, FILE *out);
/* The figures that were used, with their sources. */
void what_if_sources(const struct what_if *what_if, FILE *out);
/* "fault_to_device=/3,copy_byte_to_device=x2,page=2M". 0, or -EINVAL with the part that is wrong. */
int what_if_parse(struct what_if *what_if, const char *text, struct fs_reason *why);
bool what_if_changes(const struct what_if *what_if);

/* A program under a way of sharing: what the record of a cell says. */
struct model_case {
	char *group;
	char *work;		    /* NULL: a program whose computing is as below */
	double computing[FS_STEPS]; /* time or instructions of steps 2 to 4 */
	double events[FS_STEPS][FS_COSTS];
};
/* The medians of the ok rounds that say their events. 1; 0 if none does; -ENOMEM. Call model_case_free() in any case. */
int model_case_of(const struct runfile *run, const struct runfile_cell *cell, struct model_case *c);
void model_case_free(struct model_case *c);

/* What an event costs in that fit, as changed. */
double model_unit_cost(const struct model_group *group, const struct what_if *what_if, unsigned fit, unsigned kind);

struct prediction {
	struct statistics_interval step[FS_STEPS], total;
	/* The kind of event with the largest part of the total, and that part; FS_COSTS: none. Computing has the kinds of its bytes. */
	double part[FS_COSTS]; /* of each kind in the total */
	enum fs_cost dominant;
	double dominant_part;
	bool lacks[FS_COSTS];	 /* events of the program whose unit cost is not known: the prediction is too low by them */
	bool doubtful[FS_COSTS]; /* those whose unit cost no benchmark tells apart from others: the prediction holds if they come in the same
				    proportion */
	bool is_reference;	 /* its computing was measured in this very cell */
};
/* 1; 0 with the reason if nothing can be said: no unit costs of that way of sharing, or no computing of that program. */
int model_predict(
	const struct model *model, const struct what_if *what_if, const struct model_case *c, struct prediction *prediction, struct fs_reason *why);
/* Appends what is not sure of a prediction: "lacks fault_to_host, touch_by_device not told apart". */
void prediction_doubts(const struct prediction *prediction, struct text *text);

#endif
