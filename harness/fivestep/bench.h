/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench.h - microbenchmarks. Included by fivestep.h.
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
	const struct fs_metric *metrics;
	const struct fs_plot *plots; /* may be NULL */
	/* Bytes of its buffer, known before anything is allocated. NULL: its parameter "size". */
	size_t (*bytes)(const struct fs_args *args);
	int (*run)(struct fs_job *job);
};

#endif
