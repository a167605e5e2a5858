/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conform - runs the cases of conformance, each once and in a process of its own, and prints them as TAP 14. The rounds are in a run file like those
 * of `fivestep run`, and what is printed is read from there: --read prints that of a run made before, such as one of the guest.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/conform/conform.h"
#include "base/names.h"
#include "base/say.h"
#include "base/stamp.h"
#include "command/command.h"
#include "command/runs.h"
#include "command/usage.h"
#include "harness/plan/catalog.h"
#include "harness/run/runner.h"

/*
 * Without --setup: for memory that is mirrored and for memory that is coherent the way of sharing in which pages move by what a case does and by
 * nothing else. "-" are cases without a setup.
 */
#define USUAL_SETUPS "hmm,cdm-migrate,-"

enum { KEY_SETUP = 256, KEY_DEVICE, KEY_TIMEOUT, KEY_READ, KEY_TABLE };

static const struct argp_option options[] = {
	{"setup", KEY_SETUP, "GLOBS", 0, "under these setups (default: hmm for mirrored memory, cdm-migrate for coherent memory)", 0},
	{"device", KEY_DEVICE, "GLOBS", 0, "only on these devices", 0},
	{"param", 'p', "KEY=VALUE", 0, "a parameter of the device or setup", 0},
	{"timeout", KEY_TIMEOUT, "DUR", 0, "kill a case that takes longer (default 60s, or what the case says)", 0},
	{"output", 'o', "RUN.jsonl", 0, "the run file to write; it must not exist", 0},
	{"read", KEY_READ, "RUN.jsonl", 0, "run nothing; print the cases of that run", 0},
	{"table", KEY_TABLE, "RUN.jsonl", 0, "run nothing; print the table of kinds of memory of that run, in Markdown", 0},
	{"quiet", 'q', 0, 0, "no progress", 0},
	{0},
};

#define WORDS 64

struct request {
	const char *cases[WORDS], *params[WORDS];
	unsigned ncases, nparams;
	const char *setups, *devices, *timeout, *output, *read, *table;
	bool quiet;
};

/* "fork*" means the case conform.fork*; each word must name one. */
static bool names_case(const char *word)
{
	for (unsigned i = 0; catalog_case(i) != NULL; i++) {
		if (names_match(word, catalog_case(i)->name + strlen(FS_CASE)) != NAMES_NO)
			return true;
	}
	return false;
}

static void refuse_case(struct argp_state *state, const char *word)
{
	struct names_nearest nearest;
	char near[160];

	names_nearest_init(&nearest, word);
	for (unsigned i = 0; catalog_case(i) != NULL; i++)
		names_nearest_offer(&nearest, catalog_case(i)->name + strlen(FS_CASE));
	names_nearest_text(&nearest, near, sizeof(near));
	usage_error(state, "unknown case %s%s%s (fivestep list cases)", word, near[0] != '\0' ? "; " : "", near);
}

static void add_word(struct argp_state *state, const char **words, unsigned *n, const char *word)
{
	if (*n == WORDS)
		usage_error(state, "more than %d words", WORDS);
	words[(*n)++] = word;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case KEY_SETUP:
		request->setups = arg;
		return 0;
	case KEY_DEVICE:
		request->devices = arg;
		return 0;
	case KEY_TIMEOUT:
		request->timeout = arg;
		return 0;
	case KEY_READ:
		request->read = arg;
		return 0;
	case KEY_TABLE:
		request->table = arg;
		return 0;
	case 'p':
		if (strchr(arg, '=') == NULL)
			usage_error(state, "-p %s: expected KEY=VALUE", arg);
		add_word(state, request->params, &request->nparams, arg);
		return 0;
	case 'o':
		request->output = arg;
		return 0;
	case 'q':
		request->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!names_case(arg))
			refuse_case(state, arg);
		add_word(state, request->cases, &request->ncases, arg);
		return 0;
	case ARGP_KEY_SUCCESS:
		if (request->read != NULL && request->table != NULL)
			usage_error(state, "--read or --table");
		if ((request->read != NULL || request->table != NULL) &&
			(request->ncases != 0 || request->nparams != 0 || request->setups != NULL || request->devices != NULL ||
				request->timeout != NULL || request->output != NULL))
			usage_error(state, "--read and --table print all cases of a run: nothing else goes with them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[CASE...]",
	.doc = "Checks what the kernel promises of memory that a CPU and a device share: data after migration, fork, mremap, locked and huge pages, "
	       "placement on memory nodes. Prints TAP 14, a line for each case with what is promised and what was seen.\v"
	       "Cases (fivestep list cases) may be globs; without any, all of them run. What a kernel of today is known to do differently is an "
	       "expected "
	       "failure (TODO) with the reason. Exit status: 0 if all promises are kept or were skipped, 4 if not, 77 if everything was skipped.\n\n"
	       "Examples:\n"
	       "  fivestep conform\n"
	       "  fivestep conform 'data*' --device emu -o data.jsonl\n"
	       "  fivestep guest run -- conform -o guest.jsonl\n"
	       "  fivestep conform --read guest.jsonl",
};

static int fail(const struct fs_reason *why, int status)
{
	say_error("conform", why);
	return status;
}

/* EXIT_USAGE if another command line could help. */
static int fail_of(int err, const struct fs_reason *why)
{
	return fail(why, err == -EINVAL || err == -E2BIG ? EXIT_USAGE : runs_status_of(err));
}

/* ---- the plan */

/* A line that has all words, or -E2BIG. */
static int make_line(const struct request *request, char *line, size_t bytes, struct fs_reason *why)
{
	size_t len = 0;

	for (unsigned i = 0; i < request->ncases && len < bytes; i++)
		len += (size_t)snprintf(line + len, bytes - len, " " FS_CASE "%s", request->cases[i]);
	if (request->ncases == 0)
		len += (size_t)snprintf(line, bytes, FS_CASE "*");
	if (request->setups != NULL && len < bytes)
		len += (size_t)snprintf(line + len, bytes - len, " setup=%s", request->setups);
	if (request->devices != NULL && len < bytes)
		len += (size_t)snprintf(line + len, bytes - len, " device=%s", request->devices);
	for (unsigned i = 0; i < request->nparams && len < bytes; i++)
		len += (size_t)snprintf(line + len, bytes - len, " %s", request->params[i]);
	return len < bytes ? 0 : fs_because(why, -E2BIG, "name fewer cases, or use globs", "the command line is too long");
}

/* Cases without a setup have no device either, so they are kept unless a device is asked for. */
static void filter(struct plan *plan, const struct request *request)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct cell *cell = &plan->cells[i];

		if (request->setups == NULL && names_match(USUAL_SETUPS, cell_setup(cell)) == NAMES_NO)
			continue;
		if (request->devices != NULL && names_match(request->devices, cell_device(cell)) == NAMES_NO)
			continue;
		plan->cells[kept] = *cell;
		plan->cells[kept].id = kept;
		kept++;
	}
	plan->ncells = kept;
}

static int make_plan(struct plan *plan, const struct request *request, struct fs_reason *why)
{
	static const struct {
		const char *name, *value;
	} fixed[] = {{"rounds", "1"}, {"counters", "none"}};
	char line[4096];
	int err = make_line(request, line, sizeof(line), why);

	if (err == 0)
		err = plan_add(plan, line, why);
	if (err == 0)
		filter(plan, request);
	for (size_t i = 0; i < FS_ARRAY_SIZE(fixed) && err == 0; i++)
		err = plan_option(&plan->options, fixed[i].name, fixed[i].value, why);
	if (err == 0 && request->timeout != NULL)
		err = plan_option(&plan->options, "timeout", request->timeout, why);
	if (err == 0 && plan->ncells == 0)
		err = fs_because(why, -EINVAL, "fivestep list cases, setups, devices", "no case matches: nothing to check");
	snprintf(plan->name, sizeof(plan->name), "conform");
	return err;
}

/* ---- running and printing */

static int print(const char *path, bool table)
{
	struct runfile run = {0};
	struct fs_reason why = {0};
	int err = runfile_load(path, &run, &why), status;

	if (err != 0) {
		runfile_free(&run);
		return fail(&why, runs_status_of(err));
	}
	for (size_t i = 0; i < run.n_warnings; i++)
		say("conform", "%s", run.warnings[i]);
	if (!table)
		conform_tap(&run, stdout);
	status = conform_status(&run);
	if (table && !conform_table(&run, stdout)) {
		say_with_remedy("conform", "fivestep guest run -- conform 'kind_*'", "no kind of memory was seen in %s", path);
		status = EXIT_NOT_COMPARABLE;
	} else if (table) {
		status = EXIT_FINE;
	}
	runfile_free(&run);
	return fflush(stdout) == 0 ? status : EXIT_OWN_ERROR;
}

static int output_path(const struct request *request, char *path, size_t bytes, struct fs_reason *why)
{
	char stamp[STAMP_TEXT];

	stamp_name(stamp);
	if (request->output == NULL)
		snprintf(path, bytes, "fivestep-conform-%s.jsonl", stamp);
	else if ((size_t)snprintf(path, bytes, "%s", request->output) >= bytes)
		return fs_because(why, -ENAMETOOLONG, "use a shorter path", "%s: longer than %zu characters", request->output, bytes - 1);
	return 0;
}

static int carry_out(struct runner *runner, const struct request *request, struct fs_reason *why)
{
	const volatile sig_atomic_t *stop = runner_catch_signals();
	char path[PATH_MAX];
	int err = output_path(request, path, sizeof(path), why), status;

	if (err == 0)
		err = runner_start(runner, path, stop, why);
	if (err != 0)
		return fail_of(err, why);
	status = print(path, false);
	/* In the guest, the launcher on the host names the file. */
	if (runner->record.writer.copy_fd < 0)
		say("conform", "every round is in %s", path);
	return *stop ? 128 + *stop : status;
}

static int conform(int argc, char **argv)
{
	struct request request = {0};
	struct runner *runner = calloc(1, sizeof(*runner));
	struct fs_reason why = {0};
	int err, status;

	if (runner == NULL)
		return EXIT_OWN_ERROR;
	plan_init(&runner->plan);
	usage_parse("conform", &argp, argc, argv, &request);
	if (request.read != NULL || request.table != NULL) {
		status = print(request.read != NULL ? request.read : request.table, request.table != NULL);
		goto out;
	}
	err = make_plan(&runner->plan, &request, &why);
	if (err == 0)
		err = runner_select(runner, &why);
	if (err == 0)
		err = machine_probe(&runner->machine, &why);
	runner->quiet = request.quiet;
	/* The same data in every run: a case that fails is one that can be repeated. */
	runner->seed = 1;
	status = err != 0 ? fail_of(err, &why) : carry_out(runner, &request, &why);
out:
	runner_free(runner);
	free(runner);
	return status;
}

const struct command command_conform = {
	.name = "conform",
	.usage = "[CASE...] [OPTION...]",
	.summary = "check what the kernel promises of shared memory; prints TAP",
	.run = conform,
};
