/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selftest.c - fivestep selftest: a gate that cannot fail is worse than no gate. Sessions with and without a known slowdown go the whole way on
 * this machine: rounds, records, comparison, verdict. The slowdown must be found; without one, nothing may be found.
 *
 * The slowdown is a busy wait inside every measured time. How much of it shows up in the metric is calibrated first, so that the slowdown has the
 * requested size.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "base/say.h"
#include "command/command.h"
#include "command/selftest.h"
#include "command/usage.h"
#include "harness/run/runner.h"

enum { KEY_QUICK = 256, KEY_REPEAT, KEY_CHANGE, KEY_ON, KEY_MARGIN, KEY_ROUNDS, KEY_MAX_ROUNDS, KEY_TURN, KEY_SEED, KEY_SETUP, KEY_DEVICE };

#define CHANGE_PCT	  10.0
#define CALIBRATE_ROUNDS  5
#define CALIBRATE_NS	  1000.0
#define CALIBRATE_MOST_NS 1e9
#define ENOUGH		  1.2  /* times the base: large enough to be scaled down from */
#define FALSE_SHARE	  0.05 /* of repeats that may fail: verdicts rest on 95 % intervals */
#define CLEAR_SHARE	  0.02 /* of the base: with a smaller change, the wait does not show up in the metric */

/* ---- options */

static double percent(struct argp_state *state, const char *name, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || (*end != '\0' && strcmp(end, "%") != 0) || !(value > 0 && value < 1000))
		usage_error(state, "--%s=%s: expected a percentage above 0", name, text);
	return value;
}

static unsigned whole(struct argp_state *state, const char *name, const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || text[0] == '-' || value < 1 || value > 100000)
		usage_error(state, "--%s=%s: expected a whole number from 1 to 100000", name, text);
	return (unsigned)value;
}

static void add(struct argp_state *state, const char *option, char *word)
{
	struct selftest_request *request = state->input;

	/* leaves slots for name_usual() */
	if (request->n_words + 10 >= SELFTEST_WORDS)
		usage_error(state, "more than %d arguments", SELFTEST_WORDS - 10);
	if (option != NULL)
		request->words[request->n_words++] = (char *)option;
	request->words[request->n_words++] = word;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct selftest_request *request = state->input;
	struct session_options *options = &request->options;

	switch (key) {
	case KEY_QUICK:
		request->quick = true;
		return 0;
	case KEY_REPEAT:
		request->repeat = whole(state, "repeat", arg);
		return 0;
	case KEY_CHANGE:
		request->change_pct = percent(state, "change", arg);
		return 0;
	case KEY_ON:
		request->on = arg;
		return 0;
	case KEY_MARGIN:
		options->margin_pct = percent(state, "margin", arg);
		return 0;
	case KEY_ROUNDS:
		options->rounds_min = options->rounds_max = whole(state, "rounds", arg);
		return 0;
	case KEY_MAX_ROUNDS:
		options->rounds_max = whole(state, "max-rounds", arg);
		return 0;
	case KEY_TURN:
		options->turn = whole(state, "turn", arg);
		return 0;
	case KEY_SEED:
		options->seed = whole(state, "seed", arg);
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case KEY_SETUP:
		add(state, "--setup", arg);
		return 0;
	case KEY_DEVICE:
		add(state, "--device", arg);
		return 0;
	case 'p':
		add(state, "-p", arg);
		return 0;
	case ARGP_KEY_ARG:
		request->named = true;
		add(state, NULL, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"quick", KEY_QUICK, 0, 0, "only test no change and a slowdown of 10 %, not what change this machine can resolve", 0},
	{"repeat", KEY_REPEAT, "N", 0, "run each test N times; one in 20 may fail", 0},
	{"change", KEY_CHANGE, "PCT", 0, "the slowdown that must be found (default 10 %)", 0},
	{"on", KEY_ON, "SIDE", 0, "what to test: another build, or 'guest run --clock instructions --' (see fivestep ab --help)", 0},
	{"margin", KEY_MARGIN, "PCT", 0, "as for fivestep compare", 0},
	{"rounds", KEY_ROUNDS, "N", 0, "exactly N rounds of each side", 0},
	{"max-rounds", KEY_MAX_ROUNDS, "N", 0, "at most N rounds of each side", 0},
	{"turn", KEY_TURN, "N", 0, "rounds per turn", 0},
	{"seed", KEY_SEED, "N", 0, "seed for the order of turns", 0},
	{"setup", KEY_SETUP, "GLOBS", 0, "as for fivestep run", 0},
	{"device", KEY_DEVICE, "GLOBS", 0, "as for fivestep run", 0},
	{"param", 'p', "KEY=VALUE", 0, "as for fivestep run", 0},
	{"quiet", 'q', 0, 0, "no progress", 0},
	{0},
};

static const struct argp selftest_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "[NAME]",
	.doc = "Tests the whole gate on this machine: rounds, records, comparison, verdict. Without any change, no metric may be called faster or "
	       "slower. With a slowdown of known size, made by a busy wait, the first metric must be called slower. Finally it reports the smallest "
	       "change that can be resolved here, and demonstrates it. It measures fault_latency under hmm on emu unless something else is named."
	       "\v"
	       "Exit status: 0 the gate works; 1 it does not; 4 rounds failed; 5 this machine is too noisy to tell; 77 the measurement was "
	       "skipped.\n"
	       "\n"
	       "Examples:\n"
	       "  fivestep selftest --quick\n"
	       "  fivestep selftest --repeat 20 --quick\n"
	       "  fivestep selftest --on 'guest run --clock instructions --' --turn 16 --rounds 16 --change 1 \\\n"
	       "      fault_back --setup hmm --device dmirror -p size=1M",
};

/* ---- tests */

/* How much the first metric grows with a wait: the wait is increased until it shows clearly, then scaled down. */
static int calibrate(struct selftest *test)
{
	double wait_ns = CALIBRATE_NS;
	struct selftest_outcome outcome;
	int status = selftest_measure(test, wait_ns, CALIBRATE_ROUNDS, &outcome);

	while (status == EXIT_FINE && outcome.new < ENOUGH *outcome.base &&wait_ns < CALIBRATE_MOST_NS) {
		wait_ns *= 10;
		status = selftest_measure(test, wait_ns, CALIBRATE_ROUNDS, &outcome);
	}
	if (status != EXIT_FINE)
		return status;
	if (!(outcome.base > 0) || outcome.new - outcome.base < CLEAR_SHARE * outcome.base) {
		say_with_remedy("selftest", "name another benchmark", "a wait of %.0f %s in every measured time does not show in %s", wait_ns,
			test->unit, test->metric);
		return EXIT_BAD_DATA;
	}
	test->pct_per_ns = (outcome.new - outcome.base) / outcome.base * 100.0 / wait_ns;
	printf("measuring %s: a wait of %.0f %s makes it %.1f %% longer\n", test->metric, CHANGE_PCT / test->pct_per_ns, test->unit, CHANGE_PCT);
	return EXIT_FINE;
}

static void print_outcome(const char *said, const char *what, const struct selftest_outcome *outcome)
{
	struct text rounds = {0};

	compare_advice(&outcome->row, &rounds);
	printf("%-9s %s: %+.2f %% [%+.2f, %+.2f] %s%s%s; of %zu metrics %zu slower, %zu faster, %zu changed; %u rounds of each side, %.0f s\n", said,
		what, outcome->row.change_pct, outcome->row.lo_pct, outcome->row.hi_pct, compare_verdict_names[outcome->row.verdict],
		rounds.len != 0 ? ": " : "", text_string(&rounds), outcome->metrics, outcome->slower, outcome->faster, outcome->changed,
		outcome->rounds, outcome->seconds);
	text_clear(&rounds);
	fflush(stdout);
}

static int test_same(struct selftest *test, struct selftest_outcome *outcome)
{
	int status = selftest_measure(test, 0, 0, outcome);
	bool wrong = outcome->slower + outcome->faster + outcome->changed != 0;

	if (status != EXIT_FINE)
		return status;
	test->wrong += wrong;
	print_outcome(wrong ? "NOT OK" : "ok", "no change", outcome);
	return EXIT_FINE;
}

/* Neither found nor missed: more rounds are needed. */
static bool is_open(const struct selftest_outcome *outcome)
{
	return outcome->row.verdict == COMPARE_UNDECIDED || outcome->row.verdict == COMPARE_SUSPECT;
}

/* The wait must be found in the metric that it was calibrated for; it may or may not show in others. */
static int test_change(struct selftest *test, double change_pct, struct selftest_outcome *outcome)
{
	int status = selftest_measure(test, round(change_pct / test->pct_per_ns), 0, outcome);
	bool found = outcome->row.verdict == COMPARE_SLOWER;
	char what[64];

	if (status != EXIT_FINE)
		return status;
	test->undecided += is_open(outcome);
	test->wrong += !found && !is_open(outcome);
	/* cut: what selftest adds itself */
	snprintf(what, sizeof(what), "%+.1f %% added", change_pct);
	print_outcome(found ? "ok" : is_open(outcome) ? "undecided" : "NOT OK", what, outcome);
	return EXIT_FINE;
}

/* The smallest change for which an interval this wide lies beyond the margin entirely, wherever in it the estimate falls. */
static double resolution_pct(const struct selftest_outcome *outcome)
{
	return outcome->row.margin_pct + (outcome->row.hi_pct - outcome->row.lo_pct);
}

static int test_resolution(struct selftest *test, const struct selftest_outcome *same)
{
	double pct = ceil(resolution_pct(same) * 10.0) / 10.0;
	unsigned wrong = test->wrong, undecided = test->undecided;
	struct selftest_outcome outcome;
	int status;

	if (!same->row.has_interval) {
		printf("too few rounds to tell what change can be resolved on this machine\n");
		return EXIT_FINE;
	}
	status = test_change(test, pct, &outcome);
	if (status == EXIT_FINE && test->wrong == wrong && test->undecided == undecided)
		printf("on this machine a change of %.1f %% in %s is found in %.0f s\n", pct, test->metric, outcome.seconds);
	return status;
}

static int run_tests(struct selftest *test)
{
	const struct selftest_request *request = test->request;
	unsigned allowed = (unsigned)(FALSE_SHARE * request->repeat), same_wrong;
	struct selftest_outcome same = {0}, outcome;
	int status = calibrate(test);

	for (unsigned i = 0; i < request->repeat && status == EXIT_FINE; i++)
		status = test_same(test, &same);
	same_wrong = test->wrong;
	for (unsigned i = 0; i < request->repeat && status == EXIT_FINE; i++)
		status = test_change(test, request->change_pct, &outcome);
	if (status != EXIT_FINE)
		return status;
	printf("no change: %u of %u without a false verdict; %+.1f %%: found in %u of %u, undecided in %u\n", request->repeat - same_wrong,
		request->repeat, request->change_pct, request->repeat - (test->wrong - same_wrong) - test->undecided, request->repeat,
		test->undecided);
	if (same_wrong > allowed || test->wrong - same_wrong > allowed)
		status = EXIT_REGRESSION;
	else if (test->wrong - same_wrong + test->undecided > allowed)
		status = EXIT_UNDECIDED;
	else if (!request->quick)
		status = test_resolution(test, &same);
	return status;
}

static void print_verdict(int status)
{
	static const struct {
		int status;
		const char *text;
	} verdicts[] = {
		{EXIT_FINE, "the gate works"},
		{EXIT_REGRESSION, "the gate does not work: do not trust its verdicts"},
		{EXIT_UNDECIDED, "this machine is too noisy: more rounds (--max-rounds), or a larger change (--change)"},
	};

	for (size_t i = 0; i < FS_ARRAY_SIZE(verdicts); i++)
		if (verdicts[i].status == status)
			printf("selftest: %s (exit %d)\n", verdicts[i].text, status);
}

static bool is_given(const struct selftest_request *request, const char *option)
{
	for (size_t i = 0; i < request->n_words; i++) {
		if (strcmp(request->words[i], option) == 0)
			return true;
	}
	return false;
}

/* The default measurement, for what the options leave open. */
static void name_usual(struct selftest_request *request)
{
	static const struct {
		const char *option, *value;
	} usual[] = {{"--setup", "hmm"}, {"--device", "emu"}, {"-p", "size=1M"}};

	request->words[request->n_words++] = (char *)"fault_latency";
	for (size_t i = 0; i < FS_ARRAY_SIZE(usual); i++) {
		if (is_given(request, usual[i].option))
			continue;
		request->words[request->n_words++] = (char *)usual[i].option;
		request->words[request->n_words++] = (char *)usual[i].value;
	}
}

static int selftest(int argc, char **argv)
{
	struct selftest_request request = {.on = "", .change_pct = CHANGE_PCT, .repeat = 1};
	struct selftest test = {.request = &request};
	const char *temporary = getenv("TMPDIR");
	uint32_t drawn = 1;
	int status;

	usage_parse("selftest", &selftest_argp, argc, argv, &request);
	if (!request.named)
		name_usual(&request);
	test.folder = text_format("%s/fivestep-XXXXXX", temporary != NULL && *temporary != '\0' ? temporary : "/tmp");
	if (test.folder == NULL || mkdtemp(test.folder) == NULL) {
		say("selftest", "cannot create %s: %s", test.folder != NULL ? test.folder : "a folder", strerror(errno));
		free(test.folder);
		return EXIT_OWN_ERROR;
	}
	if (request.options.seed == 0 && getrandom(&drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		drawn = (uint32_t)fs_now();
	test.seed = request.options.seed != 0 ? request.options.seed : drawn;
	test.stop = runner_catch_signals();
	status = run_tests(&test);
	print_verdict(status);
	rmdir(test.folder);
	free(test.folder);
	return status;
}

const struct command command_selftest = {
	.name = "selftest",
	.usage = "[--quick] [--repeat N] [--change PCT] [--on SIDE] [NAME]",
	.summary = "inject a known slowdown; the gate must find it, and nothing else",
	.run = selftest,
};
