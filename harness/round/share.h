/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * share.h - the memory that the runner and a round's process share: the request to the child, and all its results. It is a memfd mapped by both, so
 * that samples survive a crash of the child and no file is left.
 */
#ifndef FIVESTEP_SHARE_H
#define FIVESTEP_SHARE_H

#include <stdatomic.h>

#include "harness/plan/plan.h"
#include "harness/plan/selection.h"
#include "harness/machine/topology.h"
#include "harness/round/calls.h"
#include "results/words.h"

#define SHARE_MAGIC    0x66697665u
#define SHARE_METRICS  16
#define SHARE_SAMPLES  512
#define SHARE_EVIDENCE 256
#define SHARE_CHECKS   32 /* all that crosscheck.c can make */
#define SHARE_NOISES   16
#define SHARE_EVENTS   (FS_EVENTS + FS_DEVICE_COUNTS + CALLS) /* the selected ones, the device's own, and the explicit calls */

/*
 * Log-linear buckets: values below 2^HISTOGRAM_BITS have a bucket each, above that every power of two is
 * cut into 2^HISTOGRAM_BITS parts, so that a bucket is at most 1.6 % wide.
 */
#define HISTOGRAM_BITS	  6
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS)

struct fs_histogram {
	uint32_t count[HISTOGRAM_BUCKETS];
};
/* The bucket of a value, and the values that a bucket holds: low <= value < high. */
unsigned histogram_bucket(uint64_t value);
void histogram_bounds(unsigned bucket, uint64_t *low, uint64_t *high);

struct share_metric {
	unsigned nsamples;
	unsigned lost;	       /* samples beyond SHARE_SAMPLES */
	unsigned dropped;      /* by the benchmark's rule */
	char dropped_why[160]; /* the last of them; too long: ends with "..." */
	double sample[SHARE_SAMPLES];
	double contains[FS_COSTS]; /* in one unit of a value; all 0: nothing is declared */
};

struct share_evidence {
	char what[128];
	double seen, expected;
	enum fs_relation relation;
	bool holds;
};

/* One event of one counter source, as differences over each step and over the whole round. */
struct share_event {
	char name[SELECTION_SOURCE + FS_EVENT_NAME + sizeof(FS_EVENT_USER)]; /* "perf.page-faults" */
	char unit[16];
	char counts[160];	 /* what it was resolved to, or empty */
	int selected;		 /* index in the selection; -1: of the device, or a whole source that is absent */
	struct fs_reason absent; /* not empty: why it could not be counted */
	struct fs_reading step[FS_STEPS], whole;
};

struct share_noise {
	char name[64]; /* "cuda.sm_mhz" */
	double value;
};

struct share_step {
	bool done;
	uint64_t ns;
	uint64_t implied[FS_COSTS]; /* if share->is_implied */
};

struct share {
	uint32_t magic;
	/* Set by the runner. */
	char cell[CELL_TEXT];
	uint64_t seed;
	unsigned timeout_s;
	uint64_t inject_ns;
	uint64_t inputs; /* a digest of the real inputs that the cell names; 0: none */
	uint64_t spawned_ns;
	struct selection selection;
	struct fs_machine machine;
	/* Set by the child. */
	_Atomic bool finished;	     /* the verdict below is the child's own */
	_Atomic uint64_t started_ns; /* the first step, or the first line of the benchmark */
	enum verdict verdict;
	struct fs_reason why;
	char image[96]; /* the code variant of the device's bodies; empty: unknown; too long: ends with "..." */
	unsigned nmetrics;
	struct share_metric metric[SHARE_METRICS]; /* in the order of the declaration */
	struct fs_histogram histogram[SHARE_METRICS];
	unsigned nevidence, evidence_lost;
	struct share_evidence evidence[SHARE_EVIDENCE];
	unsigned nchecks; /* comparisons of counters: they do not affect the verdict */
	struct share_evidence check[SHARE_CHECKS];
	unsigned nnoises, noise_lost;
	struct share_noise noise[SHARE_NOISES];
	struct share_step step[FS_STEPS];
	bool is_implied;     /* the policy states the events of each step, and the counts agree */
	uint64_t counted_ns; /* from the first reading of the counters to the last */
	unsigned nevents;
	struct share_event event[SHARE_EVENTS];
};

#endif
