/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench.h - microbenchmarks, and the cases of conformance, which are declared alike. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_BENCH_H
#define FIVESTEP_CONTRACT_BENCH_H

#include "harness/fivestep/param.h"
#include "harness/fivestep/result.h"

struct fs_bench {
	const char *name, *summary;
	unsigned needs;	    /* offers that the setup must have */
	bool host_only;	    /* uses neither setup nor device */
	unsigned timeout_s; /* of one round; 0: the harness's default */
	const struct fs_param *params;
	const struct fs_metric *metrics; /* NULL: none */
	const struct fs_plot *plots;	 /* may be NULL */
	/* Bytes of its buffer, known before anything is allocated. NULL: its parameter "size". */
	size_t (*bytes)(const struct fs_args *args);
	int (*run)(struct fs_job *job);
	/*
	 * Only of a case of conformance (conform/): what the kernel promises, in one plain sentence; and if a kernel of today is known to do
	 * something else, why: its failure is then expected. Both NULL: a benchmark.
	 */
	const char *promise, *expected_failure;
};

/* The name of each case begins with it, so that no glob of benchmarks matches one. */
#define FS_CASE "conform."

#endif
