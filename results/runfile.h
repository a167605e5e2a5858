/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile.h - reads the JSON Lines file of a run (results/SCHEMA.md) into memory, and never writes one.
 *
 * A run file may end anywhere: complete lines are used, others get a warning "file:line: what"; nothing is left out without one. Unknown members are
 * ignored. All memory belongs to the run and is freed by runfile_free(); repeated texts are stored once.
 */
#ifndef FIVESTEP_RUNFILE_H
#define FIVESTEP_RUNFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/statistics.h"
#include "results/words.h"

#define RUNFILE_DIGEST	   ".digest"   /* after a run's name: what its digest is called (analysis/summary/digest_beside.h) */
#define RUNFILE_LINE_BYTES (32u << 20) /* maximum length of a line: the run record of the largest plan is shorter */
#define RUNFILE_SHORT_ID   8	       /* characters of a run's id that name it in texts */
#define RUNFILE_WARNINGS   1000	       /* per file; the last one says that there were more */

struct runfile_metric {
	const char *name, *unit;
	const char *floor; /* "benchmark.metric", or NULL */
	enum fs_better better;
	double *samples; /* or a histogram in ns: the other one is NULL and 0 */
	size_t n_samples;
	size_t n_dropped; /* samples that were measured but dropped by a rule of the benchmark; dropped_why is the rule, or "" */
	const char *dropped_why;
	struct statistics_bucket *buckets;
	size_t n_buckets;
	const double *contains; /* events in one unit of a value, by enum fs_cost; NULL if none are declared */
};

/* One counter's reading. enabled_ns and running_ns are 0 if the source is not multiplexed. */
struct runfile_count {
	const char *name, *unit;
	double value;
	double enabled_ns, running_ns;
	unsigned to; /* FS_TO() the side to which what it counts went, as its device declares; 0: it counts something else */
};

struct runfile_step {
	const char *name;
	double ns;
	struct runfile_count *counts;
	size_t n_counts;
	struct runfile_count *derived; /* derived from these by the run's counter groups */
	size_t n_derived;
	const double *events; /* implied by the policy, by enum fs_cost; NULL if the record does not say */
};

struct runfile_evidence {
	const char *what, *relation; /* "==", ">=" or "<=" */
	double seen, expected;
	bool holds;
};

/* A name with a number (noise) or a text (params, absent counters). */
struct runfile_number {
	const char *name;
	double value;
};
struct runfile_text {
	const char *name, *text;
	bool set;  /* of a parameter: by the plan or the command line */
	bool word; /* likewise, in pages of the machine: "base" */
};

struct runfile_round {
	unsigned number, line; /* line: its line in the file, from 1 */
	enum verdict verdict;
	const char *why, *remedy; /* never NULL */
	double start_ms, wall_ms;
	struct runfile_metric *metrics;
	size_t n_metrics;
	struct runfile_step *steps; /* for a benchmark only those that it brackets */
	size_t n_steps;
	struct runfile_count *counts; /* over the whole round */
	size_t n_counts;
	struct runfile_count *derived; /* likewise: not the sum over the steps */
	size_t n_derived;
	struct runfile_text *absent; /* counters that could not be read, and why */
	size_t n_absent;
	struct runfile_evidence *evidence;
	size_t n_evidence;
	struct runfile_evidence *checks; /* counters compared with each other: a disagreement is not a verdict */
	size_t n_checks;
	struct runfile_number *noise;
	size_t n_noise;
};

struct runfile_cell {
	long id;
	const char *bench, *kind, *setup, *device; /* setup and device are "-" if there is none */
	struct runfile_text *params;
	size_t n_params;
	struct runfile_round **rounds; /* in the order of the file; no number occurs twice */
	size_t n_rounds;
	const char *stop; /* from the end record, or NULL if there is none */
};

struct runfile {
	char *path;
	/* The run record; texts are never NULL: a missing one is empty. */
	json_t *header; /* the whole record; NULL if the file has none */
	const char *id, *started, *plan, *seed, *clock, *fingerprint;
	bool guest, emulated; /* the machine as a whole */

	struct runfile_cell *cells; /* in the order of the run record */
	size_t n_cells, n_rounds;
	const char *stop; /* from the end record, or NULL: killed, or still running */
	const char *why;  /* from the end record if the run did not end by itself, or NULL */
	unsigned resumes;

	char **warnings; /* "file:line: what is wrong" */
	size_t n_warnings;

	struct arena *arena;
	void *memory; /* of the texts if they come from a digest (analysis/summary/digest.h), whose cells have no rounds */
};

/*
 * Reads a file. 0, or negative errno with the reason: -ENOENT and the like, -ENODATA for an empty file or one
 * without any record, -EPROTONOSUPPORT for a schema that is unknown or newer. A run without rounds is read
 * (0, with a warning). *run is always set to something that runfile_free() takes.
 */
int runfile_load(const char *path, struct runfile *run, struct fs_reason *why);
void runfile_free(struct runfile *run);

/* NULL if there is none with that id, number or name. */
struct runfile_cell *runfile_find_cell(const struct runfile *run, long id);
const struct runfile_metric *runfile_find_metric(const struct runfile_round *round, const char *name);
const char *runfile_param(const struct runfile_cell *cell, const char *name);

/* The worst verdict of the cell's rounds; false if it has none. */
bool runfile_cell_verdict(const struct runfile_cell *cell, enum verdict *verdict);
/* The number of the cell's rounds with that verdict. */
size_t runfile_count_verdict(const struct runfile_cell *cell, enum verdict verdict);
bool runfile_is_kernel(const struct runfile_cell *cell);
/* Whether a device is emulated, by "devices" of the run record. */
bool runfile_device_emulated(const struct runfile *run, const char *device);
/* Whether the machine or the cell's device is emulated. */
bool runfile_cell_emulated(const struct runfile *run, const struct runfile_cell *cell);

/* Whether a member of the object is a list that contains the text. */
bool runfile_lists(const json_t *object, const char *list, const char *text);

/* The summary of a benchmark; "" if the record has none. */
const char *runfile_bench_summary(const struct runfile *run, const char *bench);
/* A benchmark's plots, as JSON; NULL if the record has none. */
json_t *runfile_bench_plots(const struct runfile *run, const char *bench);
/* What a device's coherent memory is: "NUMA node"; "" if the record does not say. */
const char *runfile_device_coherent(const struct runfile *run, const char *device);
/* FS_TO() the side to which what a device's count counts went, by its whole name: "emu.pages_to_device"; 0 if it counts something else. */
unsigned runfile_count_to(const struct runfile *run, const char *count);
/* The kind of memory of a setup's buffer: "device", "mirror", "coherent"; "" if the record does not say. */
const char *runfile_setup_memory(const struct runfile *run, const char *setup);

/* Whether a setup copies from host memory that the driver allocated. */
bool runfile_setup_pinned(const struct runfile *run, const char *setup);

#define RUNFILE_PARTS 4
/* The parameters' declarations by the parts of a cell: benchmark, setup, device, and those of no part; each NULL if the record does not say. */
void runfile_parameters(const struct runfile *run, const struct runfile_cell *cell, const json_t *parameters[RUNFILE_PARTS]);
/* The declaration of a parameter by the first of them that has one; NULL if none has. */
const json_t *runfile_declared(const struct runfile *run, const struct runfile_cell *cell, const char *param);
/* Whether the setup has that offer: "FAULTS", "MOVE"... */
bool runfile_setup_offers(const struct runfile *run, const char *setup, const char *offer);

#endif
