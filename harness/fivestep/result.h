/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * result.h - what a round gives: metrics, evidence, verdicts; and how results are drawn. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_RESULT_H
#define FIVESTEP_CONTRACT_RESULT_H

#include "harness/fivestep/common.h"

enum fs_better { FS_LOWER, FS_HIGHER, FS_EXACT, FS_BETTERS };
enum fs_metric_kind {
	FS_SAMPLES,   /* a few values a round; the round's value is their median */
	FS_HISTOGRAM, /* one entry a touch, in ns; reported as NAME_p50, NAME_p99, NAME_max */
};

/*
 * Declared by benchmarks in arrays that end with a zero entry; the first is the one that stopping looks at.
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
 * How results are drawn: one entry a picture, in arrays that end with a zero entry. The run record holds them, and a report draws
 * them without knowing the benchmark. Where nothing is declared, histograms become distributions, a parameter with three or
 * more values becomes lines, and else the first metric becomes bars.
 */
enum fs_draw {
	FS_DRAW_NONE,
	FS_DRAW_BARS,	      /* each metric a bar, one group a cell */
	FS_DRAW_STACK,	      /* the metrics are parts of mark, one on the other: a cost split */
	FS_DRAW_DISTRIBUTION, /* of a histogram, cumulative: every touch */
	FS_DRAW_LINES,	      /* the metric over a parameter, one line a setup */
	FS_DRAW_CROSSING,     /* the same, marked where another setup becomes the best */
	FS_DRAW_HEAT,	      /* the metric over two parameters, one row a setup */
	FS_DRAWS,
};
extern const char *const fs_draw_names[FS_DRAWS]; /* "", "bars", ... as in the records */

struct fs_plot {
	enum fs_draw draw;
	const char *metrics;   /* names separated by blanks, of one unit; a histogram by its own name */
	const char *over, *by; /* parameters: over is the axis (LINES, CROSSING), or outer and inner column (HEAT) */
	const char *mark;      /* STACK: the metric of the whole, a dot with its interval */
	const char *title;     /* the question that the picture answers */
};

void fs_sample(struct fs_job *job, const char *metric, double value);
/* A value that was measured and is not given, by a rule that the benchmark states; why is one line without the numbers. Counted, recorded and shown.
 */
void fs_drop(struct fs_job *job, const char *metric, const char *why);
/* Adds one entry to a histogram metric. Resolve the metric once, outside of the timed loop. */
struct fs_histogram;
struct fs_histogram *fs_histogram(struct fs_job *job, const char *metric);
void fs_histogram_add(struct fs_histogram *h, uint64_t ns);

/* Evidence: seen RELATION expected must hold, or the round is `invalid`. All of it is recorded. */
enum fs_relation { FS_EQ, FS_GE, FS_LE, FS_RELATIONS };
bool fs_expect(struct fs_job *job, const char *what, double seen, enum fs_relation relation, double expected);
/* What may have disturbed the round, or was other than in the last one: a device's clocks and temperatures. Recorded as noise DEVICE.NAME. */
void fs_noise(struct fs_job *job, const char *device, const char *name, double value);

/*
 * Brackets of what a benchmark times, as the one of the five steps that it is: counters are read outside of them, and the record has
 * their differences for that step alone; brackets of one step add up. A kernel's steps have theirs from the harness.
 */
void fs_step_begin(struct fs_job *job, enum fs_step step);
int fs_step_end(struct fs_job *job, enum fs_step step, int err); /* returns err unchanged */

/* Verdicts other than ok. Each records its reason and returns a negative errno to be passed on. */
int fs_wrong(struct fs_job *job, const char *fmt, ...) FS_PRINTF(2, 3); /* fail: the data are wrong */
int fs_skip(struct fs_job *job, const char *remedy, const char *fmt, ...) FS_PRINTF(3, 4);
int fs_error(struct fs_job *job, int err, const char *fmt, ...) FS_PRINTF(3, 4); /* fail: err is -errno */
void fs_code_variant(struct fs_job *job, const char *fmt, ...) FS_PRINTF(2, 3);	 /* for the record: what the device's bodies run from */
struct fs_reason *fs_why(struct fs_job *job);					 /* where a part that fails leaves its reason */

#endif
