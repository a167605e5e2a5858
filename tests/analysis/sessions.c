/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sessions.c - the procedure of `fivestep ab` as it is shipped, simulated from the first look to the last: its looks (analysis/statistics/looks.h),
 * its comparison (compare_make) and its rule to stop (compare_is_decided). What is the same must not get a verdict in more than 1 % of whole
 * sessions; docs/method.md quotes what is printed here. `tests/analysis/sessions SEED` draws other noise.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analysis/statistics/looks.h"
#include "command/session.h"
#include "tests/fake/runs.h"
#include "tests/tap.h"

#define SEED	   20260207
#define BASE_NS	   4000.0
#define WHOLE_MANY 20 /* metrics of a session that has several */

static void test_looks(void)
{
	static const struct {
		struct looks_plan plan;
		unsigned looks;
		const char *name;
	} fixture[] = {
		{{.rounds_min = 16, .rounds_max = 48, .turn = 1}, 5, "16 to 48 rounds: at 16, 24, 32, 40 and 48"},
		{{.rounds_min = 16, .rounds_max = 47, .turn = 1}, 5, "16 to 47: at 16, 24, 32, 40 and 47"},
		{{.rounds_min = 16, .rounds_max = 49, .turn = 1}, 6, "16 to 49: at 48 and at 49, too"},
		{{.rounds_min = 24, .rounds_max = 24, .turn = 1}, 1, "exactly 24: one"},
		{{.rounds_min = 16, .rounds_max = 48, .turn = 4}, 2, "in turns of 4: at 16 and 48"},
		{{.rounds_min = 10, .rounds_max = 48, .turn = 4}, 3, "turns of 4 that do not fit: at 12, 44 and 48"},
		{{.rounds_min = 16, .rounds_max = 48, .turn = 1, .timed = true}, 6, "a time limit is one look more"},
	};

	for (size_t f = 0; f < FS_ARRAY_SIZE(fixture); f++) {
		const struct looks_plan *plan = &fixture[f].plan;
		unsigned due = 1 + plan->timed; /* the look at the most rounds, and that of the time limit */

		for (unsigned done = plan->turn; done < plan->rounds_max; done += plan->turn)
			due += looks_due(plan, done);
		is_int(looks_count(plan), fixture[f].looks, "%s", fixture[f].name);
		is_int(due, fixture[f].looks, "and so many are due");
	}
	ok(!looks_due(&fixture[0].plan, 15) && !looks_due(&fixture[0].plan, 23) && looks_due(&fixture[0].plan, 24), "not a round sooner");
}

static void test_limits(void)
{
	struct fake_run base, new;
	struct compare_limits limits;
	bool made = fake_run_make(&base, 1, 1), made_too = fake_run_make(&new, 1, 1);

	ok(made && made_too, "two runs");
	limits = compare_limits_of(&base.run, &new.run);
	ok(limits.looks == 1 && limits.p == COMPARE_P && limits.q == COMPARE_Q && limits.confidence == STATISTICS_CONFIDENCE,
		"runs of no session are looked at once");
	fake_run_session(&base, &new, 16, 48, 1, 0);
	limits = compare_limits_of(&base.run, &new.run);
	is_int(limits.looks, 5, "a session of 16 to 48 rounds five times");
	is_near(limits.p, COMPARE_P / 5, 1e-15, "p is divided");
	is_near(limits.q, COMPARE_Q / 5, 1e-15, "and the false discovery rate");
	is_near(1.0 - limits.confidence, 0.01, 1e-12, "and the error of intervals");
	fake_run_session(&base, &new, 16, 48, 1, 60);
	is_int(compare_limits_of(&base.run, &new.run).looks, 6, "once more with a time limit");
	fake_run_session(&base, &new, 16, 16, 1, 60);
	is_int(compare_limits_of(&base.run, &new.run).looks, 2, "exactly 16 rounds with a time limit twice at most");
	fake_run_session(&base, &new, 16, 8, 1, 0);
	is_int(compare_limits_of(&base.run, &new.run).looks, 1, "options without a meaning are one look");
	fake_run_session(&base, &new, 16, 48, 0, 0);
	is_int(compare_limits_of(&base.run, &new.run).looks, 1, "and so is a turn of nothing");
	fake_run_free(&base);
	fake_run_free(&new);
}

/* What came of so many sessions. */
struct outcome {
	unsigned sessions, wrong, found, same, undecided; /* sessions with any such verdict; found: SLOWER; wrong: another one but SAME */
	double rounds;					  /* mean */
};

static void draw(gsl_rng *rng, struct fake_run *fake, double noise, double factor)
{
	for (size_t i = 0; i < fake->summary.n * fake->room; i++)
		fake->values[i] = BASE_NS * factor * exp(gsl_ran_gaussian(rng, noise));
}

/* One session: looks when it is due, stops when all is decided, compares what it has. False without memory. */
static bool session(struct fake_run *base, struct fake_run *new, struct outcome *outcome)
{
	struct looks_plan plan = {.rounds_min = SESSION_ROUNDS_MIN, .rounds_max = SESSION_ROUNDS_MAX, .turn = 1};
	struct comparison comparison = {0};
	bool fine = true, decided = false;
	unsigned done = 0;

	while (fine && !decided && done < plan.rounds_max) {
		done++;
		if (done < plan.rounds_max && !looks_due(&plan, done))
			continue;
		compare_free(&comparison);
		fake_run_rounds(base, done);
		fake_run_rounds(new, done);
		fine = !compare_make(&base->summary, &new->summary, 0.0, &comparison);
		decided = compare_is_decided(&comparison);
	}
	outcome->sessions++;
	outcome->rounds += done;
	outcome->found += comparison.verdicts[COMPARE_SLOWER] != 0;
	outcome->wrong += comparison.verdicts[COMPARE_SLOWER] + comparison.verdicts[COMPARE_FASTER] + comparison.verdicts[COMPARE_CHANGED] != 0;
	outcome->same += comparison.verdicts[COMPARE_SAME] != 0;
	outcome->undecided += comparison.verdicts[COMPARE_UNDECIDED] != 0;
	compare_free(&comparison);
	return fine;
}

static bool simulate(gsl_rng *rng, unsigned sessions, size_t metrics, double noise, double factor, struct outcome *outcome)
{
	struct fake_run base, new;
	bool made = fake_run_make(&base, metrics, SESSION_ROUNDS_MAX), made_too = fake_run_make(&new, metrics, SESSION_ROUNDS_MAX);
	bool fine = made && made_too;

	memset(outcome, 0, sizeof(*outcome));
	fake_run_session(&base, &new, SESSION_ROUNDS_MIN, SESSION_ROUNDS_MAX, 1, 0.0);
	for (unsigned s = 0; s < sessions && fine; s++) {
		draw(rng, &base, noise, 1.0);
		draw(rng, &new, noise, factor);
		fine = session(&base, &new, outcome);
	}
	outcome->rounds /= sessions;
	fake_run_free(&base);
	fake_run_free(&new);
	return fine;
}

static void test_same(gsl_rng *rng)
{
	static const struct {
		unsigned sessions;
		size_t metrics;
		double noise;
	} cases[] = {{5000, 1, 0.1}, {2000, 1, 0.02}, {250, WHOLE_MANY, 0.1}};
	struct outcome outcome;

	for (size_t i = 0; i < FS_ARRAY_SIZE(cases); i++) {
		bool fine = simulate(rng, cases[i].sessions, cases[i].metrics, cases[i].noise, 1.0, &outcome);

		diag("%u sessions of %zu metric(s), both sides the same, noise %.0f %%: %u with a false verdict (%.2f %%), %u with something "
		     "UNDECIDED; "
		     "%.0f rounds on average",
			outcome.sessions, cases[i].metrics, cases[i].noise * 100.0, outcome.wrong, 100.0 * outcome.wrong / outcome.sessions,
			outcome.undecided, outcome.rounds);
		ok(fine && outcome.wrong * 100 <= outcome.sessions, "at most 1 %% of whole sessions have a false verdict");
	}
}

static void test_found(gsl_rng *rng)
{
	static const struct {
		size_t metrics;
		double noise, factor;
		bool found; /* or the same */
	} cases[] = {{1, 0.01, 1.03, true}, {WHOLE_MANY, 0.01, 1.03, true}, {1, 0.01, 1.0, false}, {1, 0.01, 1.01, false}};
	struct outcome outcome;

	for (size_t i = 0; i < FS_ARRAY_SIZE(cases); i++) {
		unsigned sessions = cases[i].metrics == 1 ? 1000 : 100;
		bool fine = simulate(rng, sessions, cases[i].metrics, cases[i].noise, cases[i].factor, &outcome);

		diag("%u sessions of %zu metric(s), %+.0f %%, noise %.0f %%: SLOWER in %u, SAME in %u, UNDECIDED in %u; %.0f rounds on average",
			outcome.sessions, cases[i].metrics, (cases[i].factor - 1.0) * 100.0, cases[i].noise * 100.0, outcome.found, outcome.same,
			outcome.undecided, outcome.rounds);
		if (cases[i].found)
			ok(fine && outcome.found >= 0.98 * outcome.sessions, "3 %% are found in 98 %% of the sessions");
		else if (cases[i].factor == 1.0)
			ok(fine && outcome.same >= 0.9 * outcome.sessions, "what is the same is called SAME in 90 %%");
		else
			ok(fine && outcome.same <= 0.05 * outcome.sessions, "what changed by the margin itself is called SAME in at most 5 %%");
	}
}

int main(int argc, char **argv)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	if (rng == NULL)
		return 99;
	gsl_rng_set(rng, argc > 1 ? strtoul(argv[1], NULL, 10) : SEED);
	test_looks();
	test_limits();
	test_same(rng);
	test_found(rng);
	gsl_rng_free(rng);
	done_testing();
	return exit_status();
}
