/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run - measures the cells of a plan, or of the names and parameters given, and writes every round to a file.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/say.h"
#include "base/stamp.h"
#include "base/text.h"
#include "command/command.h"
#include "command/run_request.h"
#include "command/runs.h"
#include "command/usage.h"
#include "harness/plan/estimate.h"
#include "harness/run/probe.h"
#include "harness/run/runner.h"

enum {
	KEY_ROUNDS = 256,
	KEY_MAX_ROUNDS,
	KEY_CELL_TIME,
	KEY_PRECISION,
	KEY_TIME_LIMIT,
	KEY_TIMEOUT,
	KEY_SEED,
	KEY_RESUME,
	KEY_DRY_RUN,
	KEY_COUNTERS,
	KEY_TAP,
	KEY_INJECT,
	KEY_ANONYMOUS,
	KEY_SETUP,
	KEY_DEVICE
};

static const struct argp_option options[] = {
	{0, 0, 0, 0, "What to measure (PLAN is a file or one of fivestep list plans; the default is quick):", 1},
	{"setup", KEY_SETUP, "GLOBS", 0, "only these setups, such as copy,hmm*", 1},
	{"device", KEY_DEVICE, "GLOBS", 0, "only these devices", 1},
	{"param", 'p', "KEY=SWEEP", 0, "a parameter: one value, a,b,c or LOW:*2:HIGH (with names, not with a plan)", 1},
	{0, 0, 0, 0, "How long:", 2},
	{"rounds", KEY_ROUNDS, "N", 0, "exactly N rounds of each cell", 2},
	{"max-rounds", KEY_MAX_ROUNDS, "N", 0, "at most N rounds of a cell that is not precise enough", 2},
	{"cell-time", KEY_CELL_TIME, "DUR", 0, "no more rounds of a cell that is not precise enough once they took DUR", 2},
	{"precision", KEY_PRECISION, "PCT", 0, "stop a cell when its interval is within PCT percent of its median", 2},
	{"time-limit", KEY_TIME_LIMIT, "DUR", 0, "stop after DUR (90s, 8m, 1h30m); the rounds measured so far are kept", 2},
	{"timeout", KEY_TIMEOUT, "DUR", 0, "kill a round that takes longer (default 60s, or what its benchmark says): verdict timeout", 2},
	{"dry-run", KEY_DRY_RUN, 0, 0, "list the cells and estimate the time, but measure nothing", 2},
	{0, 0, 0, 0, "Output:", 3},
	{"output", 'o', "RUN.jsonl", 0, "the run file to write; it must not exist", 3},
	{"resume", KEY_RESUME, "RUN.jsonl", 0, "continue an interrupted run", 3},
	{"anonymous", KEY_ANONYMOUS, 0, 0, "omit fields that may identify the host or its owner, for results to be published", 3},
	{"tap", KEY_TAP, 0, 0, "print TAP, one line per cell, instead of the table", 3},
	{"quiet", 'q', 0, 0, "no progress", 3},
	{0, 0, 0, 0, "How:", 4},
	{"seed", KEY_SEED, "N", 0, "seed for the data and the order in which cells are measured", 4},
	{"counters", KEY_COUNTERS, "LIST", 0,
		"what to count in each step: sources, SOURCE:EVENT, groups, default, all; none: only the device's own counts", 4},
	{"inject", KEY_INJECT, "NS", 0, "add NS ns to every measured time, to test the analysis; recorded in the run", 4},
	{0},
};

static int add_option(struct argp_state *state, const char *name, const char *value)
{
	struct run_request *request = state->input;
	struct plan_options scratch = {0};
	struct fs_reason why = {0};

	if (plan_option(&scratch, name, value, &why) != 0)
		usage_error(state, "--%s", why.what);
	if (request->noptions == RUN_REQUEST_OPTIONS)
		usage_error(state, "more than %d measurement options", RUN_REQUEST_OPTIONS);
	request->option[request->noptions].name = name;
	request->option[request->noptions++].value = value;
	return 0;
}

static int add_word(struct argp_state *state, const char *word)
{
	struct run_request *request = state->input;

	if (request->nwords == RUN_REQUEST_WORDS)
		usage_error(state, "more than %u names and parameters", RUN_REQUEST_WORDS);
	request->words[request->nwords++] = word;
	return 0;
}

static void set_seed(struct argp_state *state, const char *text)
{
	struct run_request *request = state->input;
	char *end;

	errno = 0;
	request->seed = strtoull(text, &end, 10) & INT64_MAX;
	request->seeded = true;
	if (errno != 0 || end == text || *end != '\0' || text[0] == '-')
		usage_error(state, "--seed=%s: expected a whole number", text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_request *request = state->input;

	switch (key) {
	case KEY_SETUP:
		request->setups = arg;
		return 0;
	case KEY_DEVICE:
		request->devices = arg;
		return 0;
	case 'p':
		if (strchr(arg, '=') == NULL)
			usage_error(state, "-p %s: expected KEY=SWEEP", arg);
		request->nparams++;
		return add_word(state, arg);
	case KEY_ROUNDS:
		return add_option(state, "rounds", arg);
	case KEY_MAX_ROUNDS:
		return add_option(state, "max-rounds", arg);
	case KEY_CELL_TIME:
		return add_option(state, "cell-time", arg);
	case KEY_PRECISION:
		return add_option(state, "precision", arg);
	case KEY_TIME_LIMIT:
		return add_option(state, "time-limit", arg);
	case KEY_TIMEOUT:
		return add_option(state, "timeout", arg);
	case KEY_DRY_RUN:
		request->dry_run = true;
		return 0;
	case 'o':
		request->output = arg;
		return 0;
	case KEY_RESUME:
		request->resume = arg;
		return 0;
	case KEY_ANONYMOUS:
		request->anonymous = true;
		return 0;
	case KEY_TAP:
		request->tap = true;
		return 0;
	case 'q':
		request->quiet = true;
		return 0;
	case KEY_SEED:
		set_seed(state, arg);
		return 0;
	case KEY_COUNTERS:
		return add_option(state, "counters", arg);
	case KEY_INJECT:
		return add_option(state, "inject", arg);
	case ARGP_KEY_ARG:
		return add_word(state, arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[PLAN | NAME...]",
	.doc = "Measures cells: benchmarks or kernels x setups x devices x parameters.\v"
	       "Each round measures every cell once, in random order, each in a fresh process; cells whose interval is too wide get more rounds. "
	       "Ctrl-C keeps what was measured; --resume continues it.\n\n"
	       "Examples:\n"
	       "  fivestep run quick\n"
	       "  fivestep run triad btree --setup 'copy*,hmm*' -p size=16M,64M\n"
	       "  fivestep run fault_latency -p granule=base:*4:1M -p size=64M -o faults.jsonl\n"
	       "  fivestep run triad --setup hmm --counters default,faults,perf:migrate:mm_migrate_pages",
};

static int fail(const struct fs_reason *why, int status)
{
	say_error("run", why);
	return status;
}

/* EXIT_USAGE if another command line could help, not if the system or the machine refuses. */
static int fail_of(int err, const struct fs_reason *why)
{
	return fail(why, err == -EINVAL || err == -EXDEV || err == -E2BIG ? EXIT_USAGE : runs_status_of(err));
}

/* ---- dry run */

static int dry_run(struct runner *runner)
{
	const struct plan *plan = &runner->plan;
	unsigned skipped = 0;
	double least_s = 0;

	probe_leave_out(&runner->plan, &runner->machine);
	probe_cells(&runner->plan, &runner->machine);
	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct cell *cell = &plan->cells[i];
		char text[CELL_TEXT];

		cell_text(cell, text);
		if (cell->skipped)
			printf("skip  %s: %s%s%s\n", text, cell->skip.what, cell->skip.remedy[0] != '\0' ? " -> " : "", cell->skip.remedy);
		else
			printf("run   %s\n", text);
		skipped += cell->skipped;
		least_s += cell->skipped ? 0 : estimate_round_s(cell) * plan->options.rounds_min;
	}
	printf("%u cell%s, %u of them skipped; %u to %u rounds each: at least about %.0f s%s\n", plan->ncells, TEXT_S(plan->ncells), skipped,
		plan->options.rounds_min, plan->options.rounds_max, least_s,
		plan->options.time_limit_s > 0 ? ", and no more than the time limit" : "");
	return skipped == plan->ncells ? EXIT_ALL_SKIPPED : EXIT_FINE;
}

/* ---- running */

static void default_output(const struct plan *plan, char *path, size_t bytes)
{
	char stamp[STAMP_TEXT];

	stamp_name(stamp);
	snprintf(path, bytes, "fivestep-%s-%s.jsonl", plan->name, stamp);
}

static int exit_status(const struct runner *runner)
{
	unsigned bad = 0, all = 0;

	for (int v = 0; v < VERDICTS; v++) {
		all += runner->tally[v];
		bad += v != VERDICT_OK && v != VERDICT_SKIP ? runner->tally[v] : 0;
	}
	if (bad != 0)
		return EXIT_BAD_DATA;
	return all == runner->tally[VERDICT_SKIP] ? EXIT_ALL_SKIPPED : EXIT_FINE;
}

/* One line per cell, with the reason of the first round that was not ok. */
static void print_tap(const struct runner *runner)
{
	printf("1..%u\n", runner->plan.ncells);
	for (unsigned i = 0; i < runner->plan.ncells; i++) {
		const struct cell_state *state = &runner->schedule.cells[i];
		const struct cell *cell = &runner->plan.cells[i];
		char params[CELL_TEXT];

		cell_params_set(cell, params, sizeof(params));
		printf("%s %u - ", state->failures != 0 || state->stop == STOP_INTERRUPTED ? "not ok" : "ok", i + 1);
		text_put(stdout, TEXT_TAP, cell->name);
		printf(" %s %s ", cell_setup(cell), cell_device(cell));
		text_put(stdout, TEXT_TAP, params);
		if (state->stop == STOP_SKIP) {
			printf(" # SKIP ");
			text_put(stdout, TEXT_TAP, cell->skip.what);
		}
		printf("\n");
	}
}

static int measure(struct runner *runner, const struct run_request *request, struct fs_reason *why)
{
	const volatile sig_atomic_t *stop = runner_catch_signals();
	const char *given = request->resume != NULL ? request->resume : request->output;
	int err, shown = EXIT_FINE;
	char path[PATH_MAX];

	if (given == NULL)
		default_output(&runner->plan, path, sizeof(path));
	else if ((size_t)snprintf(path, sizeof(path), "%s", given) >= sizeof(path))
		return fail_of(
			fs_because(why, -ENAMETOOLONG, "use a shorter path", "%s...: longer than %zu characters", given, sizeof(path) - 1), why);
	err = request->resume != NULL ? runner_resume(runner, path, stop, why) : runner_start(runner, path, stop, why);
	if (err != 0)
		return fail_of(err, why);
	if (request->tap)
		print_tap(runner);
	else
		shown = runs_print_table(path);
	fflush(stdout);
	/* In the guest, the launcher on the host names the file. */
	if (shown == EXIT_OWN_ERROR) {
		say("run", "the table could not be shown; every round is in %s", path);
		return EXIT_OWN_ERROR;
	}
	if (runner->record.writer.copy_fd >= 0)
		return *stop ? 128 + *stop : exit_status(runner);
	if (*stop) {
		say("run", "interrupted; %s keeps what was measured (to continue: fivestep run --resume %s)", path, path);
		return 128 + *stop;
	}
	say("run", "every round is in %s", path);
	return exit_status(runner);
}

/* Options that may be given with --resume: what to count, for how long, and how many rounds. Everything else comes from the file. */
static bool goes_with_resume(const char *option)
{
	static const char *const names[] = {"counters", "time-limit", "max-rounds", "cell-time"};

	for (size_t i = 0; i < FS_ARRAY_SIZE(names); i++) {
		if (strcmp(names[i], option) == 0)
			return true;
	}
	return false;
}

static int check_resume(struct runner *runner, const struct run_request *request, struct fs_reason *why)
{
	unsigned taken = 0;

	if (request->resume == NULL)
		return 0;
	for (unsigned i = 0; i < request->noptions; i++) {
		taken += goes_with_resume(request->option[i].name);
		if (strcmp(request->option[i].name, "counters") == 0)
			runner->counters = request->option[i].value;
		else if (strcmp(request->option[i].name, "time-limit") == 0)
			runner->time_limit = request->option[i].value;
		else if (strcmp(request->option[i].name, "max-rounds") == 0)
			runner->max_rounds = request->option[i].value;
		else if (strcmp(request->option[i].name, "cell-time") == 0)
			runner->cell_time = request->option[i].value;
	}
	/* --rounds sets two options, one of which comes from the file. */
	if (request->nwords != 0 || request->noptions != taken || request->setups != NULL || request->devices != NULL || request->output != NULL ||
		request->seeded || request->dry_run)
		return fs_because(why, -EINVAL, "fivestep run --resume RUN.jsonl",
			"--resume takes everything from the file; only --counters, --time-limit, --max-rounds and --cell-time may be given with it");
	return 0;
}

static void choose_seed(struct runner *runner, const struct run_request *request)
{
	uint32_t drawn = 1;

	/* Short enough to be typed again. Under the instruction clock two runs are to be equal unless a seed is given. */
	if (!request->seeded && !fs_counts_instructions() && getrandom(&drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		drawn = (uint32_t)fs_now();
	runner->seed = request->seeded ? request->seed : drawn;
}

static int run(int argc, char **argv)
{
	struct run_request request = {0};
	struct runner *runner = calloc(1, sizeof(*runner));
	struct fs_reason why = {0};
	int err, status;

	if (runner == NULL)
		return EXIT_OWN_ERROR;
	plan_init(&runner->plan);
	usage_parse("run", &argp, argc, argv, &request);
	err = check_resume(runner, &request, &why);
	if (err == 0 && request.resume == NULL)
		err = run_request_plan(&runner->plan, &request, &why);
	if (err == 0 && request.resume == NULL)
		err = runner_select(runner, &why);
	if (err != 0) {
		status = fail_of(err, &why);
		goto out;
	}
	err = machine_probe(&runner->machine, &why);
	if (err != 0) {
		status = fail(&why, EXIT_OWN_ERROR);
		goto out;
	}
	for (unsigned i = 0; i < runner->machine.nunread && i < MACHINE_UNREAD; i++)
		say("run", "%s %s of this machine (%s): the run will not be comparable with others",
			runner->machine.unread[i].beyond ? "cannot record all" : "cannot read", runner->machine.unread[i].fields,
			runner->machine.unread[i].what);
	choose_seed(runner, &request);
	runner->quiet = request.quiet;
	runner->machine.anonymous = request.anonymous;
	status = request.dry_run ? dry_run(runner) : measure(runner, &request, &why);
out:
	runner_free(runner);
	free(runner);
	return status;
}

const struct command command_run = {
	.name = "run",
	.usage = "[PLAN | NAME...] [OPTION...]",
	.summary = "measure a plan, or the benchmarks and kernels named",
	.run = run,
};
