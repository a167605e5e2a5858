/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selftest.h - the request and state of a self-test, and one session of it.
 */
#ifndef FIVESTEP_SELFTEST_H
#define FIVESTEP_SELFTEST_H

#include "command/session.h"

#define SELFTEST_WORDS 64

struct selftest_request {
	char *words[SELFTEST_WORDS]; /* arguments of `run` */
	size_t n_words;
	const char *on; /* a side (side.h) that both are based on */
	double change_pct;
	unsigned repeat;
	struct session_options options;
	bool quick, named;
};

/* The state of all tests. */
struct selftest {
	const struct selftest_request *request;
	const volatile sig_atomic_t *stop;
	char *folder;
	unsigned sessions;
	uint64_t seed;
	double pct_per_ns; /* change of the first metric for each ns of waiting */
	const char *unit;  /* unit of the wait: what the clock counts */
	char metric[256];
	unsigned wrong, undecided;
};

/* The outcome of one session: the calibrated metric, and the verdicts of all. */
struct selftest_outcome {
	struct compare_row row; /* its base and new are dangling */
	double base, new;
	size_t metrics, slower, changed, faster;
	unsigned rounds;
	double seconds;
};

/* Measures two equal sides, one with a wait of inject_ns added; rounds: exactly that many, 0: as requested. Returns an exit status. */
int selftest_measure(struct selftest *test, double inject_ns, unsigned rounds, struct selftest_outcome *outcome);

#endif
