/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_request.h - the options and names given to `fivestep run`, and the plan made from them.
 */
#ifndef FIVESTEP_RUN_REQUEST_H
#define FIVESTEP_RUN_REQUEST_H

#include "harness/plan/plan.h"

#define RUN_REQUEST_OPTIONS 32
#define RUN_REQUEST_WORDS   64u

struct run_request {
	const char *words[RUN_REQUEST_WORDS + 1]; /* one more for the default plan */
	unsigned nwords;
	unsigned nparams;
	const char *setups, *devices, *output, *resume;
	struct {
		const char *name, *value;
	} option[RUN_REQUEST_OPTIONS]; /* they override those of the plan */
	unsigned noptions;
	uint64_t seed;
	bool seeded, dry_run, tap, quiet, anonymous;
};

/* Reads the plan named, or makes a plan of the names and parameters; options override those of the plan. 0, or -errno with the reason */
int run_request_plan(struct plan *plan, struct run_request *request, struct fs_reason *why);

#endif
