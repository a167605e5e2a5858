/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare.c - fivestep compare BASE NEW: did it get slower? The statistics are analysis/compare/compare.c's; here are the options, the
 * refusals and the exit status.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/compare_show.h"
#include "base/replace.h"
#include "command/bad_rounds.h"
#include "command/runs.h"

enum { KEY_MARGIN = 256, KEY_EXPLAIN, KEY_MARKDOWN, KEY_ALLOW, KEY_STRICT, KEY_VERDICT };

struct options {
	double margin_pct; /* 0: the default */
	bool explain, json, markdown, all, strict;
	const char **allowed; /* identity fields that may differ */
	size_t n_allowed;
	char **paths; /* base, new */
	const char *verdict_path;
};

static error_t parse_margin(struct options *options, const char *text, struct argp_state *state)
{
	char *end;

	options->margin_pct = strtod(text, &end);
	if (end != text && *end == '%')
		end++;
	if (end == text || *end || !(options->margin_pct > 0.0 && options->margin_pct < 100.0))
		argp_error(state, "--margin is a percentage above 0 and below 100, not %s", text);
	return 0;
}

/* A name, or several with commas between. */
static error_t parse_allowed(struct options *options, char *text)
{
	char *name;

	while ((name = strsep(&text, ","))) {
		const char **allowed = reallocarray(options->allowed, options->n_allowed + 1, sizeof(*allowed));

		if (!allowed)
			return ENOMEM;
		options->allowed = allowed;
		allowed[options->n_allowed++] = name;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case KEY_MARGIN:
		return parse_margin(options, arg, state);
	case KEY_EXPLAIN:
		options->explain = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case KEY_MARKDOWN:
		options->markdown = true;
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case KEY_ALLOW:
		return parse_allowed(options, arg);
	case KEY_STRICT:
		options->strict = true;
		return 0;
	case KEY_VERDICT:
		options->verdict_path = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->name = "fivestep compare";
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		if (state->argc - state->next != 2)
			argp_error(state, "two runs: the base and the new one");
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which runs? name two files: the base and the new one");
		return EINVAL;
	case ARGP_KEY_END:
		if (options->json && options->markdown)
			argp_error(state, "--json or --markdown, not both");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"margin", KEY_MARGIN, "PCT", 0, "a change within this is none (default: 1 %; under the instruction clock 0.2 %)", 0},
	{"explain", KEY_EXPLAIN, NULL, 0, "why each verdict, and about how many rounds would decide", 0},
	{"json", 'j', NULL, 0, "JSON on standard output", 0},
	{"markdown", KEY_MARKDOWN, NULL, 0, "Markdown for a merge request", 0},
	{"verdict-file", KEY_VERDICT, "FILE", 0, "the same JSON in a file, whatever is shown; written anew, or not at all", 0},
	{"all", 'a', NULL, 0, "every metric that is the same, too, not only the first ones of a cell", 0},
	{"allow-unlike", KEY_ALLOW, "FIELD", 0, "compare although the machines differ in this (may be repeated)", 0},
	{"strict", KEY_STRICT, NULL, 0, "exit with 5 where a verdict is UNDECIDED or the new run lacks something of the base", 0},
	{0},
};
static const struct argp compare_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "BASE NEW",
	.doc = "Compares two runs of one machine, cell by cell and metric by metric: FASTER, SLOWER, SAME or UNDECIDED against a margin; SUSPECT "
	       "where the interval lies beyond it but that could be chance, DISTURBED where the machine was too busy for a verdict on times; "
	       "CHANGED for a count that is to be exact.\vExit status: 0 fine, 1 slower or changed, 3 not comparable or no base, "
	       "4 failed or invalid data in either run, 5 something is SUSPECT or DISTURBED (with --strict: or UNDECIDED), 77 everything was "
	       "skipped.",
};

/* ---- refusals -------------------------------------------------------------------------------------------- */

static int refuse(const char *what)
{
	fprintf(stderr, "fivestep: compare: not comparable: %s\n", what);
	return EXIT_NOT_COMPARABLE;
}

/* What no option allows. */
static int check_runs(const struct runfile *base, const struct runfile *new)
{
	char what[512];

	for (int i = 0; i < 2; i++) {
		const struct runfile *run = i ? new : base;

		if (run->header)
			continue;
		snprintf(what, sizeof(what), "%.400s has no run record: its machine and clock are unknown", run->path);
		return refuse(what);
	}
	if (strcmp(base->clock, new->clock)) {
		snprintf(what, sizeof(what), "the clock of the base is %.60s, of the new run %.60s: ns and instructions are no common unit",
			base->clock, new->clock);
		return refuse(what);
	}
	return EXIT_FINE;
}

/* A run of skips alone has nothing to compare. */
static int check_skips(const struct runs *runs)
{
	int status = EXIT_FINE;

	for (size_t i = 0; i < runs->n; i++)
		if (summary_judge(&runs->summaries[i], 1) == SUMMARY_ALL_SKIPPED) {
			fprintf(stderr, "fivestep: compare: %s: everything was skipped; fivestep show tells why\n", runs->files[i].path);
			status = EXIT_ALL_SKIPPED;
		}
	return status;
}

static int allow_unlike(const struct options *options, const struct runs *runs, struct unlike *unlike)
{
	for (size_t i = 0; i < options->n_allowed; i++)
		if (!unlike_allow(unlike, &runs->files[0], &runs->files[1], options->allowed[i])) {
			fprintf(stderr, "fivestep: compare: --allow-unlike %s: no machine's identity has such a field\n", options->allowed[i]);
			return EXIT_USAGE;
		}
	return EXIT_FINE;
}

/* A field that could not be read is no other machine: which one and why is said, each. */
static bool say_unread(const struct unlike *unlike)
{
	bool unread = false;

	for (size_t i = 0; i < unlike->n; i++) {
		const struct unlike_field *field = &unlike->fields[i];

		if (!field->unread || field->allowed)
			continue;
		fprintf(stderr, "fivestep: compare: not comparable: %s of the machine is not known: %s -> %s\n", field->name, field->base,
			field->new);
		unread = true;
	}
	if (unread)
		fputs("fivestep: compare: what to do: measure again where all of the machine can be read, or --allow-unlike FIELD for each\n",
			stderr);
	return unread;
}

static int check_machines(const struct unlike *unlike)
{
	const char *comma = "";

	if (!unlike_count(unlike, UNLIKE_IDENTITY))
		return EXIT_FINE;
	if (say_unread(unlike))
		return EXIT_NOT_COMPARABLE;
	fputs("fivestep: compare: not comparable: the machines differ in ", stderr);
	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY && !unlike->fields[i].allowed) {
			fprintf(stderr, "%s%s", comma, unlike->fields[i].name);
			comma = ", ";
		}
	fputs(" -> measure both on one machine, or --allow-unlike FIELD for each that does not matter\n", stderr);
	return EXIT_NOT_COMPARABLE;
}

/* ---- the exit status ------------------------------------------------------------------------------------- */

/* Rounds that did not count: said for each run, since a verdict beside them is half a verdict. */
static bool has_bad_rounds(const struct runs *runs)
{
	bool bad = false;

	for (size_t i = 0; i < runs->n; i++) {
		size_t rounds = bad_rounds_say("compare", &runs->files[i], &runs->summaries[i]);

		bad |= rounds || !runs->files[i].n_rounds;
	}
	return bad;
}

/* What would decide, once for all rows: a gate's log shows no table. */
static void say_doubtful(const struct comparison *comparison)
{
	size_t disturbed = comparison->verdicts[COMPARE_DISTURBED], suspect = compare_doubtful(comparison) - disturbed;
	double more = 0.0;

	for (size_t i = 0; i < comparison->n; i++)
		if (comparison->rows[i].verdict == COMPARE_SUSPECT)
			more = fmax(more, comparison->rows[i].more_rounds);
	if (disturbed)
		fprintf(stderr,
			"fivestep: compare: %zu metric%s DISTURBED: CPUs were waited for or taken away in %.0f %% of the time -> measure in turns "
			"(fivestep ab), count instructions in the guest (fivestep guest run --clock instructions), or use a quiet machine\n",
			disturbed, disturbed == 1 ? " is" : "s are", fmax(comparison->base_disturbed_pct, comparison->new_disturbed_pct));
	if (suspect && isfinite(more))
		fprintf(stderr,
			"fivestep: compare: %zu metric%s SUSPECT: beyond the margin, but not surely so -> measure about %.0f more round%s of each "
			"run "
			"(fivestep run --rounds N)\n",
			suspect, suspect == 1 ? " is" : "s are", more, more == 1.0 ? "" : "s");
	else if (suspect)
		fprintf(stderr,
			"fivestep: compare: %zu metric%s SUSPECT: beyond the margin, but not surely so -> measure in turns (fivestep ab), or on a "
			"quiet "
			"machine\n",
			suspect, suspect == 1 ? " is" : "s are");
}

static int judge(const struct options *options, const struct runs *runs, const struct comparison *comparison)
{
	if (has_bad_rounds(runs))
		return EXIT_BAD_DATA;
	if (!comparison->n)
		return refuse("no metric of any cell has values in both runs");
	if (comparison->verdicts[COMPARE_SLOWER] || comparison->verdicts[COMPARE_CHANGED])
		return EXIT_REGRESSION;
	if (compare_doubtful(comparison)) {
		say_doubtful(comparison);
		return EXIT_UNDECIDED;
	}
	if (options->strict && (comparison->verdicts[COMPARE_UNDECIDED] + comparison->verdicts[COMPARE_SUSPECT] || compare_missing(comparison)))
		return EXIT_UNDECIDED;
	return EXIT_FINE;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static int write_verdict(FILE *file, const void *report)
{
	return compare_show_json(report, file);
}

static int show(const struct options *options, const struct compare_report *report)
{
	int err = options->verdict_path ? replace_file(options->verdict_path, write_verdict, report) : 0;

	if (err) {
		fprintf(stderr, "fivestep: compare: cannot write %s: %s\n", options->verdict_path, strerror(-err));
		return EXIT_OWN_ERROR;
	}
	if (options->json)
		err = compare_show_json(report, stdout);
	else if (options->markdown)
		err = compare_show_markdown(report, stdout);
	else
		err = compare_show_table(report, stdout);
	if (!err)
		return report->status;
	fprintf(stderr, "fivestep: compare: cannot write: %s\n", strerror(-err));
	return EXIT_OWN_ERROR;
}

static int out_of_memory(void)
{
	fputs("fivestep: compare: out of memory\n", stderr);
	return EXIT_OWN_ERROR;
}

static int compare(const struct options *options, const struct runs *runs, struct unlike *unlike, struct comparison *comparison)
{
	struct compare_report report = {
		.base = &runs->files[0],
		.new = &runs->files[1],
		.unlike = unlike,
		.explain = options->explain,
		.all = options->all || options->explain,
	};
	int status = check_runs(report.base, report.new);

	if (status != EXIT_FINE)
		return status;
	if (unlike_find(report.base, report.new, unlike))
		return out_of_memory();
	status = allow_unlike(options, runs, unlike);
	if (status != EXIT_FINE)
		return status;
	report.status = check_machines(unlike);
	if (report.status != EXIT_FINE)
		return show(options, &report);
	status = check_skips(runs);
	if (status != EXIT_FINE)
		return status;
	if (compare_make(&runs->summaries[0], &runs->summaries[1], options->margin_pct, comparison))
		return out_of_memory();
	report.comparison = comparison;
	report.status = judge(options, runs, comparison);
	return show(options, &report);
}

/* A CI that has no base yet is told so, apart from a mistyped option. */
static int check_base(const char *path)
{
	if (!access(path, F_OK) || errno != ENOENT)
		return EXIT_FINE;
	fprintf(stderr, "fivestep: compare: no base: %s: %s\n", path, strerror(ENOENT));
	return EXIT_NOT_COMPARABLE;
}

static int command_compare_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	struct unlike unlike = {0};
	struct comparison comparison = {0};
	int status = EXIT_USAGE;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&compare_argp, argc, argv, 0, NULL, &options))
		goto out;
	status = check_base(options.paths[0]);
	if (status == EXIT_FINE)
		status = runs_load(&runs, "compare", options.paths, 2, RUNS_VALUES);
	if (status == EXIT_FINE)
		status = compare(&options, &runs, &unlike, &comparison);
out:
	compare_free(&comparison);
	unlike_free(&unlike);
	runs_free(&runs);
	free(options.allowed);
	return status;
}

const struct command command_compare = {
	.name = "compare",
	.usage = "BASE NEW [--margin PCT] [--explain] [--json | --markdown] [--allow-unlike FIELD] [--strict]",
	.summary = "two runs: what got faster, slower, or stayed the same",
	.run = command_compare_run,
};
