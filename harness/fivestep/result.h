/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * result.h - results of a round: metrics, evidence, verdicts; and how they are drawn. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_RESULT_H
#define FIVESTEP_CONTRACT_RESULT_H

#include "harness/fivestep/common.h"

enum fs_better { FS_LOWER, FS_HIGHER, FS_EXACT, FS_BETTERS };
enum fs_metric_kind {
	FS_SAMPLES,   /* a few values per round; the round's value is their median */
	FS_HISTOGRAM, /* one entry per access, in ns; reported as NAME_p50, NAME_p99, NAME_max */
};

/*
 * Declared by benchmarks in arrays that end with a zero entry; adaptive stopping uses the first one.
 * floor names the physical limit measured in the same run, as "benchmark.metric" ("floor.memcpy"): `show`
 * prints the ratio to it.
 */
struct fs_metric {
	const char *name;
	const char *unit; /* "ns", "GB/s", "faults", "pages", "bytes", "ratio", "%" */
	enum fs_better better;
	enum fs_metric_kind kind;
	const char *floor;
	const char *help;
};

/*
 * How results are drawn: one entry per picture, in arrays that end with a zero entry. They are in the run record, so that a report can draw them
 * without knowing the benchmark. Without a declaration, histograms become distributions, a parameter with three or more values becomes lines,
 * and otherwise the first metric becomes bars.
 */
enum fs_draw {
	FS_DRAW_NONE,
	FS_DRAW_BARS,	      /* a bar for each metric, a group for each cell */
	FS_DRAW_STACK,	      /* the metrics are stacked parts of mark: a breakdown of cost */
	FS_DRAW_DISTRIBUTION, /* cumulative distribution of a histogram */
	FS_DRAW_LINES,	      /* the metric over a parameter, a line for each setup */
	FS_DRAW_CROSSING,     /* the same, with marks where another setup becomes the best */
	FS_DRAW_HEAT,	      /* the metric over two parameters, a row for each setup */
	FS_DRAW_AGAINST,      /* the first metric over the second, a point for each value of a parameter, a curve for each setup */
	FS_DRAW_MULTIPLES,    /* how the metric is distributed, a small plot for each cell, on one scale */
	FS_DRAWS,
};
extern const char *const fs_draw_names[FS_DRAWS]; /* "", "bars", ... as in the records */

struct fs_plot {
	enum fs_draw draw;
	const char *metrics;   /* names separated by blanks, of one unit (AGAINST: y and x); a histogram by its own name */
	const char *over, *by; /* parameters: over is the axis (LINES, CROSSING), what is swept (AGAINST), or outer and inner column (HEAT) */
	const char *mark;      /* STACK: the metric of the whole, a dot with its interval. AGAINST: y where x is 0 */
	const char *title;     /* the question that the picture answers */
};

void fs_sample(struct fs_job *job, const char *metric, double value);
/* Drops a measured value by a rule that the benchmark documents; why is one line without numbers. Dropped values are counted, recorded and shown. */
void fs_drop(struct fs_job *job, const char *metric, const char *why);
/* Adds one entry to a histogram metric. Resolve the metric once, outside of the timed loop. */
struct fs_histogram;
struct fs_histogram *fs_histogram(struct fs_job *job, const char *metric);
void fs_histogram_add(struct fs_histogram *h, uint64_t ns);

/* Evidence: seen RELATION expected must hold, or the round is `invalid`. All of it is recorded. */
enum fs_relation { FS_EQ, FS_GE, FS_LE, FS_RELATIONS };
bool fs_expect(struct fs_job *job, const char *what, double seen, enum fs_relation relation, double expected);
/* Conditions that may perturb a round (a device's clocks, temperature). Recorded as noise DEVICE.NAME. */
void fs_noise(struct fs_job *job, const char *device, const char *name, double value);

/*
 * Start and end of what a benchmark times, assigned to one of the five steps: counters are read just outside, and the record has their differences
 * for that step; several sections of one step add up. The harness calls them for a kernel's steps.
 */
void fs_step_begin(struct fs_job *job, enum fs_step step);
int fs_step_end(struct fs_job *job, enum fs_step step, int err); /* returns err unchanged */

/* Verdicts other than ok. Each records its reason and returns a negative errno to be passed on. */
int fs_wrong(struct fs_job *job, const char *fmt, ...) FS_PRINTF(2, 3); /* fail: the data are wrong */
int fs_skip(struct fs_job *job, const char *remedy, const char *fmt, ...) FS_PRINTF(3, 4);
int fs_error(struct fs_job *job, int err, const char *fmt, ...) FS_PRINTF(3, 4); /* fail: err is -errno */
int fs_error_memory(struct fs_job *job);					 /* fail: out of memory; -ENOMEM */
void fs_code_variant(struct fs_job *job, const char *fmt, ...) FS_PRINTF(2, 3);	 /* for the record: the code variant of the device's bodies */
struct fs_reason *fs_why(struct fs_job *job);					 /* where a failing part stores its reason */

#endif
