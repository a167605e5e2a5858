/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fivestep.h - the one header a contributor reads: the contracts of benchmark, kernel, setup, device and
 * counter source, and what the harness gives to each.
 *
 * The words are those of docs/design.md. A cell is a benchmark or kernel x setup x device x parameters; a
 * round is one visit to it in a fresh process, and struct fs_job is that round as its code sees it.
 *
 * It is the sum of the headers below, one a subject; contributors include this one only.
 *
 * Errors: functions return 0 or a positive answer, or -errno with the reason kept in the job; the caller
 * passes it on unchanged. Sizes are in bytes, times in ns (fs_now()), unless a name says otherwise.
 */
#ifndef FIVESTEP_H
#define FIVESTEP_H

#include "harness/fivestep/common.h"  /* the round, sides and steps, pages, the clock */
#include "harness/fivestep/param.h"   /* parameters */
#include "harness/fivestep/input.h"   /* real inputs */
#include "harness/fivestep/cost.h"    /* kinds of events that cost time */
#include "harness/fivestep/result.h"  /* what a round gives: metrics, evidence, verdicts, drawings */
#include "harness/fivestep/memory.h"  /* memory that both sides work on */
#include "harness/fivestep/device.h"  /* a device */
#include "harness/fivestep/setup.h"   /* a setup, and what setups and benchmarks call */
#include "harness/fivestep/bench.h"   /* a benchmark */
#include "harness/fivestep/kernel.h"  /* a kernel */
#include "harness/fivestep/counter.h" /* a counter source */

/* Your own program. */

/* Benchmarks, kernels and cases of conformance beside the built-in ones; each list ends with NULL and may be NULL. */
struct fs_extension {
	const struct fs_bench *const *benches;
	const struct fs_kernel *const *kernels;
	const struct fs_bench *const *cases;
};
/* All of fivestep as a function: your main() adds an extension. Returns the exit status. */
int fivestep_main(int argc, char **argv, const struct fs_extension *extension);

#endif
