/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ab.c - fivestep ab: two builds, guest kernels or settings, measured in turns and compared. The turns are command/session.c's, the
 * comparison is that of fivestep compare.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/duration.h"
#include "base/say.h"
#include "base/stamp.h"
#include "command/command.h"
#include "command/runs.h"
#include "harness/plan/plan.h"
#include "harness/run/runner.h"
#include "command/session.h"
#include "command/usage.h"

enum {
	KEY_A = 256,
	KEY_B,
	KEY_ROUNDS,
	KEY_MAX_ROUNDS,
	KEY_TURN,
	KEY_TIME_LIMIT,
	KEY_SEED,
	KEY_RESUME,
	KEY_SETUP,
	KEY_DEVICE,
	KEY_COUNTERS,
	KEY_MARGIN,
	KEY_EXPLAIN,
	KEY_MARKDOWN,
	KEY_ALLOW,
	KEY_STRICT,
	KEY_VERDICT
};

#define WORDS 96

struct request {
	struct session_options options;
	char *words[WORDS];   /* of run, for both sides */
	char *compare[WORDS]; /* of compare, after its name */
	size_t n_compare;
	const char *stem, *resume;
	bool seeded;
};

static const struct argp_option option_list[] = {
	{0, 0, 0, 0, "The two sides (variants), each [NAME=VALUE...] [PATH/fivestep] [guest run [OPTION...] --] [OPTION of run...]:", 1},
	{"a", KEY_A, "SIDE", 0, "the base; '' is this fivestep, unchanged", 1},
	{"b", KEY_B, "SIDE", 0, "the variant that is compared with it", 1},
	{0, 0, 0, 0, "What both sides measure (as for fivestep run):", 2},
	{"setup", KEY_SETUP, "GLOBS", 0, "only these setups", 2},
	{"device", KEY_DEVICE, "GLOBS", 0, "only these devices", 2},
	{"param", 'p', "KEY=SWEEP", 0, "a parameter", 2},
	{"counters", KEY_COUNTERS, "LIST", 0, "what to count", 2},
	{0, 0, 0, 0, "How long:", 3},
	{"rounds", KEY_ROUNDS, "N", 0, "exactly N rounds of each side (default: 16, then up to 48 while something is undecided)", 3},
	{"max-rounds", KEY_MAX_ROUNDS, "N", 0, "at most N rounds of each side", 3},
	{"turn", KEY_TURN, "N", 0, "rounds per turn (default 1); use more if starting is expensive, such as booting a guest", 3},
	{"time-limit", KEY_TIME_LIMIT, "DUR", 0, "stop after DUR (90s, 8m); the rounds measured so far are kept and compared", 3},
	{"seed", KEY_SEED, "N", 0, "seed for the order of turns, the data and the order of cells", 3},
	{"output", 'o', "STEM", 0, "write the rounds to STEM-a.jsonl and STEM-b.jsonl", 3},
	{"resume", KEY_RESUME, "STEM", 0, "resume an interrupted session: repeat the command with this instead of -o", 3},
	{"quiet", 'q', 0, 0, "no progress", 3},
	{0, 0, 0, 0, "The comparison (as for fivestep compare):", 4},
	{"margin", KEY_MARGIN, "PCT", 0, "changes smaller than this are ignored", 4},
	{"explain", KEY_EXPLAIN, 0, 0, "explain each verdict", 4},
	{"json", 'j', 0, 0, "JSON on standard output", 4},
	{"markdown", KEY_MARKDOWN, 0, 0, "Markdown for a merge request", 4},
	{"all", 'a', 0, 0, "also show metrics that did not change", 4},
	{"verdict-file", KEY_VERDICT, "FILE", 0, "also write the verdict to a file as JSON", 4},
	{"allow-unlike", KEY_ALLOW, "FIELD", 0, "compare although the machines differ in this", 4},
	{"strict", KEY_STRICT, 0, 0, "exit with 5 if anything stays UNDECIDED", 4},
	{0},
};

static void add(struct argp_state *state, char **words, size_t *n, const char *word)
{
	if (*n + 1 >= WORDS)
		usage_error(state, "more than %d arguments", WORDS - 1);
	words[(*n)++] = (char *)word;
}

/* An option that is passed on unchanged. */
static void pass(struct argp_state *state, bool to_compare, const char *option, const char *value)
{
	struct request *request = state->input;
	char **words = to_compare ? request->compare : request->words;
	size_t *n = to_compare ? &request->n_compare : &request->options.n_words;

	add(state, words, n, option);
	if (value != NULL)
		add(state, words, n, value);
}

static uint64_t whole(struct argp_state *state, const char *name, const char *text, uint64_t min, uint64_t max)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || value < min || value > max)
		usage_error(
			state, "--%s=%s: expected a whole number from %llu to %llu", name, text, (unsigned long long)min, (unsigned long long)max);
	return value;
}

static void set_margin(struct argp_state *state, const char *text)
{
	struct request *request = state->input;

	request->options.margin_pct = usage_margin(state, text);
	pass(state, true, "--margin", text);
}

static error_t parse_session(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;
	struct session_options *options = &request->options;

	switch (key) {
	case KEY_A:
	case KEY_B:
		options->sides[key - KEY_A] = arg;
		return 0;
	case KEY_ROUNDS:
		options->rounds_min = options->rounds_max = (unsigned)whole(state, "rounds", arg, 1, SESSION_ROUNDS_LIMIT);
		return 0;
	case KEY_MAX_ROUNDS:
		options->rounds_max = (unsigned)whole(state, "max-rounds", arg, 1, SESSION_ROUNDS_LIMIT);
		return 0;
	case KEY_TURN:
		options->turn = (unsigned)whole(state, "turn", arg, 1, SESSION_TURN_LIMIT);
		return 0;
	case KEY_TIME_LIMIT:
		if (duration_parse(arg, &options->time_limit_s) != 0)
			usage_error(state, "--time-limit=%s: expected a duration such as 90s, 8m or 1h30m", arg);
		return 0;
	case KEY_SEED:
		options->seed = whole(state, "seed", arg, 0, UINT32_MAX);
		request->seeded = true;
		return 0;
	case KEY_RESUME:
		request->resume = arg;
		return 0;
	case 'o':
		request->stem = arg;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t check(struct argp_state *state)
{
	struct request *request = state->input;
	const struct session_options *options = &request->options;

	if (options->sides[0] == NULL || options->sides[1] == NULL)
		usage_error(state, "--a and --b are both needed, as in --a '-p thrash=none' --b '-p thrash=pin'%s",
			request->resume != NULL ? "; --resume takes no command from a file: repeat those that started the session" : "");
	if (request->resume != NULL && request->stem != NULL)
		usage_error(state, "--resume %s and -o %s: one of them names the files", request->resume, request->stem);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case KEY_SETUP:
		pass(state, false, "--setup", arg);
		return 0;
	case KEY_DEVICE:
		pass(state, false, "--device", arg);
		return 0;
	case 'p':
		pass(state, false, "-p", arg);
		return 0;
	case KEY_COUNTERS:
		pass(state, false, "--counters", arg);
		return 0;
	case KEY_MARGIN:
		set_margin(state, arg);
		return 0;
	case KEY_EXPLAIN:
		pass(state, true, "--explain", NULL);
		return 0;
	case 'j':
		pass(state, true, "--json", NULL);
		return 0;
	case KEY_MARKDOWN:
		pass(state, true, "--markdown", NULL);
		return 0;
	case 'a':
		pass(state, true, "--all", NULL);
		return 0;
	case KEY_VERDICT:
		pass(state, true, "--verdict-file", arg);
		return 0;
	case KEY_ALLOW:
		pass(state, true, "--allow-unlike", arg);
		return 0;
	case KEY_STRICT:
		pass(state, true, "--strict", NULL);
		return 0;
	case ARGP_KEY_INIT:
		request->options.words = request->words;
		return 0;
	case ARGP_KEY_ARG:
		add(state, request->words, &request->options.n_words, arg);
		return 0;
	case ARGP_KEY_END:
		return check(state);
	default:
		return parse_session(key, arg, state);
	}
}

static const struct argp ab_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "[PLAN | NAME...]",
	.doc = "Compares two builds, two guest kernels or two settings. They are measured alternately, one round of each at a time, so that slow "
	       "drift "
	       "(temperature, load, fragmentation) affects both alike; rounds are compared in pairs."
	       "\v"
	       "Examples:\n"
	       "  fivestep ab --a ../old/fivestep --b ./fivestep quick\n"
	       "  fivestep ab --a '-p thrash=none' --b '-p thrash=pin' ping_pong --setup hmm\n"
	       "  fivestep ab --a '--setup hmm' --b '--setup cdm' triad -p size=16M --device emu\n"
	       "  fivestep ab --a 'guest run --clock instructions --' \\\n"
	       "      --b 'guest run --clock instructions --append init_on_free=1 --' --turn 4 guest\n"
	       "\n"
	       "Each turn is a separate process (for a guest: a boot). The session ends when nothing is UNDECIDED, or at its limits. Ctrl-C keeps "
	       "what was measured; the same command with --resume STEM continues. Exit status: that of fivestep compare.",
};

static int fail(const struct fs_reason *why, int status)
{
	say_error("ab", why);
	return status;
}

/* Runs `fivestep compare`. */
static int compare(const struct session *session, const struct request *request)
{
	char *argv[WORDS + 4] = {(char *)"compare"};
	int argc = 1;

	for (size_t i = 0; i < request->n_compare; i++)
		argv[argc++] = request->compare[i];
	for (int i = 0; i < SESSION_SIDES; i++)
		argv[argc++] = (char *)session->paths[i];
	return command_find(argv[0])->run(argc, argv);
}

static void name_stem(char *stem, size_t bytes)
{
	char stamp[STAMP_TEXT];

	stamp_name(stamp);
	snprintf(stem, bytes, "fivestep-ab-%s", stamp);
}

static int start(struct session *session, struct request *request, struct fs_reason *why)
{
	char stem[64];
	uint32_t drawn = 1;

	if (request->resume != NULL)
		return session_resume(session, &request->options, request->seeded, request->resume, why);
	if (!request->seeded && getrandom(&drawn, sizeof(drawn), 0) == (ssize_t)sizeof(drawn))
		request->options.seed = drawn;
	name_stem(stem, sizeof(stem));
	return session_start(session, &request->options, request->stem != NULL ? request->stem : stem, why);
}

static int ab(int argc, char **argv)
{
	struct request *request = calloc(1, sizeof(*request));
	struct session *session = calloc(1, sizeof(*session));
	const volatile sig_atomic_t *stop;
	struct fs_reason why = {0};
	int status = EXIT_OWN_ERROR, err;

	if (request == NULL || session == NULL)
		goto out;
	usage_parse("ab", &ab_argp, argc, argv, request);
	stop = runner_catch_signals();
	err = start(session, request, &why);
	if (err == 0)
		err = session_run(session, stop, &why);
	if (err != 0) {
		status = fail(&why, err == -EINVAL ? EXIT_USAGE : runs_status_of(err));
	} else if (*stop) {
		say_with_remedy("ab", "repeat the command with --resume to continue", "interrupted; %s and %s keep what was measured",
			session->paths[0], session->paths[1]);
		status = 128 + *stop;
	} else {
		say("ab", "%u round%s of each side %s in %s and %s (%s)", session->rounds[0], TEXT_S(session->rounds[0]),
			session->rounds[0] == 1 ? "is" : "are", session->paths[0], session->paths[1], session->stop);
		status = compare(session, request);
	}
	session_free(session);
out:
	free(session);
	free(request);
	return status;
}

const struct command command_ab = {
	.name = "ab",
	.usage = "--a SIDE --b SIDE [PLAN | NAME...] [OPTION...]",
	.summary = "compare two builds, kernels or settings, measured alternately",
	.run = ab,
};
