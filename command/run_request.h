/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_request.h - what the command line of `fivestep run` asks for, and the plan that comes of it.
 */
#ifndef FIVESTEP_RUN_REQUEST_H
#define FIVESTEP_RUN_REQUEST_H

#include "harness/plan/plan.h"

#define RUN_REQUEST_OPTIONS 32
#define RUN_REQUEST_WORDS   64u

struct run_request {
	const char *words[RUN_REQUEST_WORDS + 1]; /* one more for the plan that is measured where none is named */
	unsigned nwords;
	unsigned nparams;
	const char *setups, *devices, *output, *resume;
	struct {
		const char *name, *value;
	} option[RUN_REQUEST_OPTIONS]; /* they win over the plan's own */
	unsigned noptions;
	uint64_t seed;
	bool seeded, dry_run, tap, quiet, anonymous;
};

/* The plan that is named, or one line of the names and parameters; with the options over its own. 0, or -errno with the reason */
int run_request_plan(struct plan *plan, struct run_request *request, struct fs_reason *why);

#endif
