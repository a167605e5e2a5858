/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare.h - compares a run with a base: the cells and metrics that both have, how much each changed, and a verdict.
 *
 * The method is described in docs/method.md: one value per round, the change as the Hodges-Lehmann estimate on the logarithms with its 95 %
 * interval, a verdict by margin, and the false discovery rate controlled over all tests. Pure functions over summaries.
 */
#ifndef FIVESTEP_COMPARE_H
#define FIVESTEP_COMPARE_H

#include "analysis/summary/summary.h"
#include "base/text.h"

#define COMPARE_MARGIN_PCT		1.0 /* under the wall clock: 10 rounds with 1 % noise find a change of 3 % (tests/analysis/compare_power) */
#define COMPARE_MARGIN_INSTRUCTIONS_PCT 0.2 /* boots of the guest agree to 0.05 % in instructions */
#define COMPARE_MARGIN_HISTOGRAM_PCT	1.6 /* a bucket's width: a histogram cannot resolve less */
#define COMPARE_ROUNDS			10  /* in each run: with fewer there is no verdict */
/*
 * A change counts up to this false discovery rate over all tests, and up to this p by itself. Both are stricter than the usual
 * 5 %: if the margin is small compared with the noise, they alone keep a gate from false alarms (tests/analysis/compare_power).
 */
#define COMPARE_Q 0.01
#define COMPARE_P 0.005

/*
 * The error limits of a single comparison. A session of `fivestep ab` compares several times and stops depending on the result: its
 * limits and the error of its intervals are divided by the number of looks that it may take, so that they hold for the whole session.
 */
struct compare_limits {
	unsigned looks;
	double p, q, confidence;
};

/*
 * CHANGED: a count that is declared exact differs; it has no better or worse. SUSPECT: the whole interval lies beyond the
 * margin, but that could be chance among so many metrics, or the run's own drift. DISTURBED: the machine was too busy for a verdict on times.
 */
enum compare_verdict {
	COMPARE_SAME,
	COMPARE_FASTER,
	COMPARE_UNDECIDED,
	COMPARE_SUSPECT,
	COMPARE_DISTURBED,
	COMPARE_CHANGED,
	COMPARE_SLOWER,
	COMPARE_VERDICTS
};
extern const char *const compare_verdict_names[COMPARE_VERDICTS];

/* The cause of a verdict. */
enum compare_cause {
	COMPARE_INSIDE,	   /* the whole interval lies within the margin */
	COMPARE_BEYOND,	   /* the whole interval lies beyond it */
	COMPARE_ACROSS,	   /* it crosses a limit of the margin */
	COMPARE_CHANCE,	   /* beyond, but among so many tests it could be chance */
	COMPARE_DRIFT,	   /* beyond, but not by more than the drift within a run */
	COMPARE_FEW,	   /* fewer rounds than COMPARE_ROUNDS */
	COMPARE_NO_SCALE,  /* the base's median is 0: no percentage, and the difference may be 0 */
	COMPARE_FROM_ZERO, /* the base's median is 0: no percentage, but the whole interval of the difference lies on one side of 0 */
	COMPARE_EQUAL,	   /* exact or deterministic, and the same in every round of both */
	COMPARE_DIFFERENT, /* exact, the same in all rounds of a run, but not in both runs */
	COMPARE_BUSY,	   /* a time, and CPUs were waited for in too much of it */
	COMPARE_CAUSES
};
/* One word each, for programs. */
extern const char *const compare_cause_names[COMPARE_CAUSES];

struct compare_row {
	const struct summary_row *base, *new;
	bool paired;	/* rounds with the same number are partners: measured in turns by `fivestep ab`, or of a same-seed pair */
	bool same_seed; /* not measured in turns, but the rounds do the same (compare_are_same_seed) */
	size_t pairs;	/* of rounds with a value each, if paired */
	/*
	 * The clock counts instructions, and either the runs are a same-seed pair or neither run's values vary. A difference is then a fact and not
	 * chance, however few the rounds: lo_pct and hi_pct are the smallest and the largest change of any round, and a test is made only if rounds
	 * disagree.
	 */
	bool deterministic;
	double least_pct, most_pct; /* smallest and largest change of any pair, or of all if values do not vary */
	double margin_pct;
	/* The change from one half of a run to the other, the larger of both runs: a smaller change counts as none. 0 for pairs, where drift cancels.
	 */
	double drift_pct;
	bool has_change; /* change_pct is a number */
	double change_pct;
	bool has_interval;
	double lo_pct, hi_pct; /* of the change */
	int from_zero;	       /* without a percentage: the side of 0 on which the whole interval of the difference lies; 0: on both */
	bool tested;	       /* it is one of the tests: p and q are numbers */
	double p, q;
	double delta; /* Cliff's: -1 to 1 */
	enum compare_verdict verdict;
	enum compare_cause cause;
	double more_rounds; /* estimated to decide, in each run; 0: decided; infinite: more than is sensible */
};

/* A cell or metric that is only in one run, or has a value only in one. */
struct compare_alone {
	const struct summary_row *row; /* of the run that has it */
	bool whole;		       /* the cell; otherwise one metric of it */
	bool in_base;
	const char *why; /* why the other run has none: "no such cell", "skip: no device" */
	const char *detail;
};

struct comparison {
	struct compare_limits limits;
	struct compare_row *rows; /* in the order of the base */
	size_t n, tested;
	size_t verdicts[COMPARE_VERDICTS];
	struct compare_alone *alone; /* the base's first */
	size_t n_alone;
	size_t empty; /* cells of both runs without a value in either */
	double base_disturbed_pct, new_disturbed_pct;
	bool too_disturbed; /* either of them, if times are compared and the runs did not take turns */
};

/* margin_pct 0: the default of the runs' clock. The comparison points into the summaries, which must outlive it. Returns 0 or -ENOMEM. */
int compare_make(const struct summary *base, const struct summary *new, double margin_pct, struct comparison *comparison);
void compare_free(struct comparison *comparison);

/*
 * Limits (struct summary) from which a run is reported as disturbed, and from which it is too disturbed for a verdict on times: its own threads
 * wait for each other in up to 33 % of the time on a quiet machine with two CPUs.
 */
#define COMPARE_DISTURBED_PCT	  5.0
#define COMPARE_TOO_DISTURBED_PCT 50.0

/* A same-seed pair: both count instructions and have the same seed, so that round by round the same is done in the same order. */
bool compare_are_same_seed(const struct runfile *base, const struct runfile *new);
/* Both are sides of one session of `fivestep ab`. */
bool compare_are_sides(const struct runfile *base, const struct runfile *new);
/* The limits of two sides by the looks of their session, else those of one look. */
struct compare_limits compare_limits_of(const struct runfile *base, const struct runfile *new);

/* Whether something was compared and nothing is UNDECIDED or SUSPECT: then a session may stop. */
bool compare_is_decided(const struct comparison *comparison);
/* The verdict that the row would have if its interval were significant: SLOWER, FASTER or CHANGED. */
enum compare_verdict compare_leaning(const struct compare_row *row);
/* The number of rows that keep a gate from passing without being regressions: those that are DISTURBED, or SUSPECT and not FASTER. */
size_t compare_doubtful(const struct comparison *comparison);
/* The verdict over all rows: the worst in the order SLOWER, CHANGED, DISTURBED, SUSPECT, UNDECIDED, FASTER, SAME. */
enum compare_verdict compare_verdict_of(const struct comparison *comparison);
/* The number of cells and metrics of the base for which the new run has no value. */
size_t compare_missing(const struct comparison *comparison);

#define COMPARE_MANY_ROUNDS 1000 /* more rounds are not advised */
/* Explains a verdict in one line, and estimates how many rounds would decide. With opinion, two other methods are added, which takes a while. */
void compare_explain(const struct comparison *comparison, const struct compare_row *row, bool opinion, struct text *text);
/* "about 30 more rounds would decide", "" if the verdict needs none. */
void compare_advice(const struct compare_row *row, struct text *text);

#endif
