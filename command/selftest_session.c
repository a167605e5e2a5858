/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selftest_session.c - runs one session of a self-test; see selftest.h.
 */
#include "config.h"

#include "base/text.h"
#include "base/say.h"
#include "command/selftest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/bad_rounds.h"
#include "command/command.h"

static int fail(const struct fs_reason *why, int status)
{
	say_error("selftest", why);
	return status;
}

static void take_outcome(struct selftest *test, const struct comparison *comparison, struct selftest_outcome *outcome)
{
	const struct summary_row *base = comparison->rows[0].base;

	outcome->row = comparison->rows[0];
	outcome->base = base->interval.median;
	outcome->new = comparison->rows[0].new->interval.median;
	outcome->metrics = comparison->n;
	outcome->slower = comparison->verdicts[COMPARE_SLOWER];
	outcome->faster = comparison->verdicts[COMPARE_FASTER];
	outcome->changed = comparison->verdicts[COMPARE_CHANGED];
	test->unit = clock_counts_instructions(base->run->clock) ? "insn" : "ns";
	snprintf(test->metric, sizeof(test->metric), "%s %s %s %s", base->cell->bench, base->cell->setup, base->cell->device, base->metric);
}

/* Says why a session gave no outcome. Returns an exit status. */
static int say_no_outcome(const struct session_result *result, enum summary_verdict verdict)
{
	size_t bad = 0;

	if (verdict == SUMMARY_ALL_SKIPPED) {
		say_with_remedy(
			"selftest", "name another benchmark; fivestep doctor shows what works here", "the measurement is skipped on this machine");
		return EXIT_ALL_SKIPPED;
	}
	for (int i = 0; i < SESSION_SIDES; i++)
		bad += bad_rounds_say("selftest", &result->runs[i], &result->summaries[i]);
	if (bad == 0)
		say_with_remedy("selftest", "name another benchmark", "no metric has values on both sides");
	return EXIT_BAD_DATA;
}

/* Judges as `fivestep compare` does. */
static int judge(struct selftest *test, const struct session *session, struct selftest_outcome *outcome)
{
	struct session_result result;
	struct fs_reason why = {0};
	int err = session_compare(session, &result, &why), status = EXIT_FINE;
	enum summary_verdict verdict = err == 0 ? summary_judge(result.summaries, SESSION_SIDES) : SUMMARY_FINE;

	if (err != 0)
		status = fail(&why, EXIT_OWN_ERROR);
	else if (verdict == SUMMARY_FINE && result.comparison.n != 0)
		take_outcome(test, &result.comparison, outcome);
	else
		status = say_no_outcome(&result, verdict);
	session_result_free(&result);
	return status;
}

/* Measures two equal sides, one with a wait added. Returns an exit status. */
int selftest_measure(struct selftest *test, double inject_ns, unsigned rounds, struct selftest_outcome *outcome)
{
	struct session_options options = test->request->options;
	struct session *session = calloc(1, sizeof(*session));
	char *stem = text_format("%s/%u", test->folder, test->sessions++), *waiting = text_format("%s --inject %.0f", test->request->on, inject_ns);
	struct fs_reason why = {0};
	int err, status = EXIT_OWN_ERROR;

	memset(outcome, 0, sizeof(*outcome));
	if (session == NULL || stem == NULL || waiting == NULL)
		goto out;
	options.sides[0] = test->request->on;
	options.sides[1] = inject_ns > 0 ? waiting : test->request->on;
	options.words = (char *const *)test->request->words;
	options.n_words = test->request->n_words;
	options.seed = test->seed + test->sessions;
	if (rounds != 0)
		options.rounds_min = options.rounds_max = rounds;
	err = session_start(session, &options, stem, &why);
	if (err == 0)
		err = session_run(session, test->stop, &why);
	outcome->rounds = session->rounds[0];
	outcome->seconds = (double)(fs_now() - session->began_ns) / 1e9;
	if (err != 0)
		status = fail(&why, err == -EINVAL ? EXIT_USAGE : EXIT_OWN_ERROR);
	else
		status = *test->stop ? 128 + *test->stop : judge(test, session, outcome);
	for (int i = 0; i < SESSION_SIDES; i++)
		unlink(session->paths[i]);
	session_free(session);
out:
	free(session);
	free(stem);
	free(waiting);
	return status;
}
