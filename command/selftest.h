/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selftest.h - what a self-test measures, and one session of it.
 */
#ifndef FIVESTEP_SELFTEST_H
#define FIVESTEP_SELFTEST_H

#include "command/session.h"

#define SELFTEST_WORDS 64

struct selftest_request {
	char *words[SELFTEST_WORDS]; /* of run */
	size_t n_words;
	const char *on; /* a side: what both are measured on */
	double change_pct;
	unsigned repeat;
	struct session_options options;
	bool quick, named;
};

/* What the sessions found. */
struct selftest {
	const struct selftest_request *request;
	const volatile sig_atomic_t *stop;
	char folder[64];
	unsigned sessions;
	uint64_t seed;
	double pct_per_ns; /* of the first metric, for each ns of waiting */
	const char *unit;  /* of waiting: what the clock counts */
	char metric[256];
	unsigned wrong, undecided;
};

/* Of one session: the metric that waits were calibrated for, and all. */
struct selftest_outcome {
	struct compare_row row; /* its base and new are gone */
	double base, new;
	size_t metrics, slower, changed, faster;
	unsigned rounds;
	double seconds;
};

/* Measures both sides on the same, one with a wait of inject_ns in it; rounds: exactly so many, 0: as the request says. An exit status. */
int selftest_measure(struct selftest *test, double inject_ns, unsigned rounds, struct selftest_outcome *outcome);

#endif
