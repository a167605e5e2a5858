/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare.h - a run against a base: the cells and metrics that both have, how much each changed, and a verdict.
 *
 * The method is docs/method.md's: one value a round, the change as the Hodges-Lehmann estimate on the logarithms with its 95 %
 * interval, a verdict by margin, and the false discovery rate kept over all that was tested. Pure functions over summaries.
 */
#ifndef FIVESTEP_COMPARE_H
#define FIVESTEP_COMPARE_H

#include "analysis/summary/summary.h"

#define COMPARE_MARGIN_PCT		1.0 /* under the wall clock: 10 rounds with 1 % noise find a change of 3 % (tests/analysis/compare_power) */
#define COMPARE_MARGIN_INSTRUCTIONS_PCT 0.2 /* boots of the guest agree to 0.05 % in instructions */
#define COMPARE_MARGIN_HISTOGRAM_PCT	1.6 /* a bucket's width: no histogram tells less apart */
#define COMPARE_ROUNDS			10  /* in each run, under which there is no verdict */
/*
 * A change counts up to this false discovery rate over all that was tested, and up to this p for itself. Both are stricter than the usual
 * 5 %: where the margin is small against the noise they alone keep a gate from failing for nothing (tests/analysis/compare_power).
 */
#define COMPARE_Q 0.01
#define COMPARE_P 0.005

/*
 * What a single comparison may do by chance. A session of `fivestep ab` compares several times and stops when it likes what it sees: its
 * limits and the error of its intervals are divided by the looks that it may take, so that they hold for the whole session.
 */
struct compare_limits {
	unsigned looks;
	double p, q, confidence;
};

/*
 * CHANGED: a count that is to be exact and is not the same; better or worse is not for it to say. SUSPECT: the interval lies wholly beyond the
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

/* Why the verdict is what it is. */
enum compare_cause {
	COMPARE_INSIDE,	   /* the whole interval lies within the margin */
	COMPARE_BEYOND,	   /* the whole interval lies beyond it */
	COMPARE_ACROSS,	   /* it reaches across */
	COMPARE_CHANCE,	   /* beyond, but among so many tests it could be chance */
	COMPARE_DRIFT,	   /* beyond, but not beyond what a run drifts by itself */
	COMPARE_FEW,	   /* fewer rounds than COMPARE_ROUNDS */
	COMPARE_NO_SCALE,  /* the base's median is 0: no percentage, and the difference may be none */
	COMPARE_FROM_ZERO, /* the base's median is 0: no percentage, but the whole interval of the difference lies on one side of 0 */
	COMPARE_EQUAL,	   /* exact or deterministic, and the same in every round of both */
	COMPARE_DIFFERENT, /* exact, the same in all rounds of a run, but not in both runs */
	COMPARE_BUSY,	   /* a time, and something waited for a CPU in too much of it */
	COMPARE_CAUSES
};
/* One word each, for programs. */
extern const char *const compare_cause_names[COMPARE_CAUSES];

struct compare_row {
	const struct summary_row *base, *new;
	bool paired;  /* rounds of one number belong together: taken one after the other by `fivestep ab`, or twins */
	bool twins;   /* the rounds were not drawn beside each other: they do the same (compare_are_twins) */
	size_t pairs; /* of rounds with a value each, where paired */
	/*
	 * The clock counts instructions, and either the rounds are twins or no run's values vary. What differs then is no chance but a fact, in as
	 * few rounds as there are: lo_pct and hi_pct are the least and the largest change of any round, and it is tested only where rounds disagree.
	 */
	bool deterministic;
	double least_pct, most_pct; /* change of any pair, or of all of them where values do not vary */
	double margin_pct;
	/* Of one half of a run against the other, the larger of both runs: a change within that is none. Of pairs, where it cancels: 0. */
	double drift_pct;
	bool has_change; /* change_pct is a number */
	double change_pct;
	bool has_interval;
	double lo_pct, hi_pct; /* of the change */
	int from_zero;	       /* where there is no percentage: on which side of 0 the whole interval of the difference lies; 0: on both */
	bool tested;	       /* one of the family: p and q are numbers */
	double p, q;
	double delta; /* Cliff's: -1 to 1 */
	enum compare_verdict verdict;
	enum compare_cause cause;
	double more_rounds; /* that would about decide, in each run; 0: decided; infinite: more than is sensible */
};

/* What is in one run only, or without a value in one. */
struct compare_alone {
	const struct summary_row *row; /* of the run that has it */
	bool whole;		       /* the cell; otherwise one metric of it */
	bool in_base;
	const char *why; /* what the other run says: "no such cell", "skip: no device" */
	const char *detail;
};

struct comparison {
	struct compare_limits limits;
	struct compare_row *rows; /* in the order of the base */
	size_t n, tested;
	size_t verdicts[COMPARE_VERDICTS];
	struct compare_alone *alone; /* the base's first */
	size_t n_alone;
	size_t empty; /* cells of both without a value in either */
	double base_disturbed_pct, new_disturbed_pct;
	bool too_disturbed; /* either of them, where times of runs that took no turns are compared */
};

/* margin_pct 0: the default of the runs' clock. The comparison points into the summaries, which must live longer. 0 or -ENOMEM. */
int compare_make(const struct summary *base, const struct summary *new, double margin_pct, struct comparison *comparison);
void compare_free(struct comparison *comparison);

/*
 * A run is said to be disturbed (struct summary) from so many percent on, and too disturbed for a verdict on times from so many: its own threads
 * wait for each other in up to 33 % of the time on a quiet machine of two CPUs.
 */
#define COMPARE_DISTURBED_PCT	  5.0
#define COMPARE_TOO_DISTURBED_PCT 50.0

/* Both count instructions and grew from one seed: round for round, the same was done in the same order. */
bool compare_are_twins(const struct runfile *base, const struct runfile *new);
/* Both are sides of one session of `fivestep ab`. */
bool compare_are_sides(const struct runfile *base, const struct runfile *new);
/* Of two sides by the looks of their session, else of one look. */
struct compare_limits compare_limits_of(const struct runfile *base, const struct runfile *new);

/* Something was compared, and nothing is left UNDECIDED or SUSPECT: a session may stop. */
bool compare_is_decided(const struct comparison *comparison);
/* What the row would be called if its interval were sure: SLOWER, FASTER or CHANGED. */
enum compare_verdict compare_leaning(const struct compare_row *row);
/* What stops a gate from passing, though it is no regression: rows that are DISTURBED, and those that are SUSPECT and not FASTER. */
size_t compare_doubtful(const struct comparison *comparison);
/* What all rows say together: the worst in the order SLOWER, CHANGED, DISTURBED, SUSPECT, UNDECIDED, FASTER, SAME. */
enum compare_verdict compare_verdict_of(const struct comparison *comparison);
/* Cells or metrics of the base that the new run has no value for. */
size_t compare_missing(const struct comparison *comparison);

#define COMPARE_MANY_ROUNDS 1000 /* more than that is no advice */
/* One line: why this verdict, and about how many rounds would decide. With opinion, two other methods' as well, which takes a while. */
void compare_explain(const struct comparison *comparison, const struct compare_row *row, bool opinion, char *text, size_t bytes);
/* "about 30 more rounds would tell", "" where the verdict needs none. */
void compare_advice(const struct compare_row *row, char *text, size_t bytes);

#endif
