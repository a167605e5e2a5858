/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare.c - fivestep compare BASE NEW: did it get slower? Options, refusals and the exit status; the statistics are in
 * analysis/compare/compare.c.
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
#include "analysis/model/explain.h"
#include "analysis/summary/format.h"
#include "base/array.h"
#include "base/text.h"
#include "base/replace.h"
#include "base/pager.h"
#include "base/say.h"
#include "base/terminal.h"
#include "command/bad_rounds.h"
#include "command/runs.h"
#include "command/usage.h"

enum { KEY_MARGIN = 256, KEY_EVENTS, KEY_EXPLAIN, KEY_MARKDOWN, KEY_ALLOW, KEY_STRICT, KEY_VERDICT };

struct options {
	double margin_pct; /* 0: the default */
	bool events, explain, json, markdown, all, strict;
	const char **allowed; /* identity fields that may differ */
	size_t n_allowed;
	char **paths; /* base, new */
	const char *verdict_path;
};

/* One name, or several separated by commas. */
static error_t parse_allowed(struct options *options, char *text)
{
	char *name;

	while ((name = strsep(&text, ",")) != NULL) {
		int err = ARRAY_ADD(options->allowed, options->n_allowed, ARRAY_FEW, "differences allowed", NULL);

		if (err != 0)
			return -err;
		options->allowed[options->n_allowed++] = name;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case KEY_MARGIN:
		options->margin_pct = usage_margin(state, arg);
		return 0;
	case KEY_EVENTS:
		options->events = true;
		return 0;
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
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		if (state->argc - state->next != 2)
			usage_error(state, "expected two runs: the base and the new one");
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "which runs? name two files: the base and the new one");
	case ARGP_KEY_END:
		if (options->json && options->markdown)
			usage_error(state, "--json or --markdown, not both");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"margin", KEY_MARGIN, "PCT", 0, "changes smaller than this are ignored (default 1 %; under the instruction clock 0.2 %)", 0},
	{"events", KEY_EVENTS, NULL, 0,
		"say of each program that changed how much of that follows from what single events cost, and how much does not; both runs need the "
		"benchmarks of the plan calibrate",
		0},
	{"explain", KEY_EXPLAIN, NULL, 0, "a line for each metric that explains its verdict, and estimates how many rounds would decide", 0},
	{"json", 'j', NULL, 0, "JSON on standard output", 0},
	{"markdown", KEY_MARKDOWN, NULL, 0, "Markdown for a merge request", 0},
	{"verdict-file", KEY_VERDICT, "FILE", 0, "also write the JSON to a file, which is replaced as a whole or not at all", 0},
	{"all", 'a', NULL, 0, "a line for every metric, those that did not change as well", 0},
	{"allow-unlike", KEY_ALLOW, "FIELD", 0, "compare although the machines differ in this field (may be repeated)", 0},
	{"strict", KEY_STRICT, NULL, 0, "exit with 5 if a verdict is UNDECIDED or the new run lacks something that the base has", 0},
	{0},
};
static const struct argp compare_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "BASE NEW",
	.doc = "Compares two runs of one machine, cell by cell and metric by metric: FASTER, SLOWER, SAME or UNDECIDED relative to a margin; SUSPECT "
	       "if the interval lies beyond the margin but may do so by chance; DISTURBED if the machine was too busy to judge times; "
	       "CHANGED if a count that must be exact differs.\vExit status: 0 success, 1 slower or changed, 3 not comparable or no base, "
	       "4 failed or invalid data in either run, 5 anything is SUSPECT or DISTURBED (with --strict: or UNDECIDED), 77 everything was "
	       "skipped.",
};

/* ---- refusals -------------------------------------------------------------------------------------------- */

static int refuse(const char *what)
{
	say("compare", "not comparable: %s", what);
	return EXIT_NOT_COMPARABLE;
}

/* Differences that no option allows. */
static int check_runs(const struct runfile *base, const struct runfile *new)
{
	struct text what = {0};
	int status = EXIT_FINE;

	for (int i = 0; i < 2; i++) {
		const struct runfile *run = i ? new : base;

		if (run->header != NULL)
			continue;
		text_add(&what, "%s has no run record: its machine and clock are unknown", run->path);
		break;
	}
	if (what.len == 0 && strcmp(base->clock, new->clock) != 0)
		text_add(&what, "the base's clock is %s, the new run's is %s: ns and instructions have no common unit", base->clock, new->clock);
	if (what.len != 0 || what.lost)
		status = refuse(text_string(&what));
	text_clear(&what);
	return status;
}

/* A run in which everything was skipped has nothing to compare. */
static int check_skips(const struct runs *runs)
{
	int status = EXIT_FINE;

	for (size_t i = 0; i < runs->n; i++)
		if (summary_judge(&runs->summaries[i], 1) == SUMMARY_ALL_SKIPPED) {
			say_with_remedy("compare", "fivestep show tells why", "%s: everything was skipped", runs->files[i].path);
			status = EXIT_ALL_SKIPPED;
		}
	return status;
}

static int allow_unlike(const struct options *options, const struct runs *runs, struct unlike *unlike)
{
	for (size_t i = 0; i < options->n_allowed; i++)
		if (!unlike_allow(unlike, &runs->files[0], &runs->files[1], options->allowed[i])) {
			say("compare", "--allow-unlike %s: a machine's identity has no such field", options->allowed[i]);
			return EXIT_USAGE;
		}
	return EXIT_FINE;
}

/* A field that could not be read does not make it another machine: says for each which one and why. */
static bool say_unread(const struct unlike *unlike)
{
	bool unread = false;

	for (size_t i = 0; i < unlike->n; i++) {
		const struct unlike_field *field = &unlike->fields[i];

		if (!field->unread || field->allowed)
			continue;
		say("compare", "not comparable: %s of the machine is unknown: %s -> %s", field->name, field->base, field->new);
		unread = true;
	}
	if (unread)
		say_with_remedy("compare", "measure again where the whole machine can be read, or use --allow-unlike FIELD for each",
			"the machines may differ");
	return unread;
}

static int check_machines(const struct unlike *unlike)
{
	char fields[1024] = "";
	size_t len = 0;

	if (!unlike_count(unlike, UNLIKE_IDENTITY))
		return EXIT_FINE;
	if (say_unread(unlike))
		return EXIT_NOT_COMPARABLE;
	for (size_t i = 0; i < unlike->n && len < sizeof(fields); i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY && !unlike->fields[i].allowed)
			len += (size_t)snprintf(fields + len, sizeof(fields) - len, "%s%s", len != 0 ? ", " : "", unlike->fields[i].name);
	say_with_remedy("compare", "measure both on one machine, or use --allow-unlike FIELD for each that does not matter",
		"not comparable: the machines differ in %s", fields);
	return EXIT_NOT_COMPARABLE;
}

/* ---- the exit status ------------------------------------------------------------------------------------- */

/* Bad rounds are reported for each run: with them, a verdict is only half a verdict. */
static bool has_bad_rounds(const struct runs *runs)
{
	bool bad = false;

	for (size_t i = 0; i < runs->n; i++) {
		size_t rounds = bad_rounds_say("compare", &runs->files[i], &runs->summaries[i]);

		bad |= rounds || !runs->files[i].n_rounds;
	}
	return bad;
}

/* The remedy, once for all rows: a CI log shows no table. */
static void say_doubtful(const struct comparison *comparison)
{
	size_t disturbed = comparison->verdicts[COMPARE_DISTURBED], suspect = compare_doubtful(comparison) - disturbed;
	char remedy[128] = "measure alternately (fivestep ab), or on a quiet machine";
	char number[FORMAT_FIXED];
	double more = 0.0;

	for (size_t i = 0; i < comparison->n; i++)
		if (comparison->rows[i].verdict == COMPARE_SUSPECT)
			more = fmax(more, comparison->rows[i].more_rounds);
	if (disturbed)
		say_with_remedy("compare",
			"measure alternately (fivestep ab), count instructions in the guest (fivestep guest run --clock instructions), or use a "
			"quiet machine",
			"%zu metric%s DISTURBED: CPU pressure or steal in %.0f %% of the time", disturbed, disturbed == 1 ? " is" : "s are",
			fmax(comparison->base_disturbed_pct, comparison->new_disturbed_pct));
	if (suspect && isfinite(more))
		text_fit(remedy, sizeof(remedy), "measure about %s more round%s of each run (fivestep run --rounds N)",
			format_fixed(more, 0, false, number), more == 1.0 ? "" : "s");
	if (suspect)
		say_with_remedy(
			"compare", remedy, "%zu metric%s SUSPECT: beyond the margin, but perhaps by chance", suspect, suspect == 1 ? " is" : "s are");
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

/* events: why programs changed, if that is known. */
static int print(const struct options *options, const struct compare_report *report, const struct explanation *events, FILE *out)
{
	int err;

	if (options->json)
		return compare_show_json(report, out);
	if (options->markdown)
		err = compare_show_markdown(report, out);
	else if (options->all || options->explain)
		err = compare_show_table(report, out);
	else
		err = compare_show_brief(report, terminal_columns(out), out);
	if (err == 0 && events != NULL)
		err = options->markdown ? explain_markdown(events, out) : explain_table(events, out);
	return err;
}

static int show(const struct options *options, const struct compare_report *report, const struct explanation *events)
{
	int err = options->verdict_path != NULL ? replace_file(options->verdict_path, write_verdict, report) : 0;

	if (err != 0) {
		say("compare", "cannot write %s: %s", options->verdict_path, strerror(-err));
		return EXIT_OWN_ERROR;
	}
	if (!options->json && !options->markdown)
		pager_start();
	err = print(options, report, events, stdout);
	if (err == 0)
		return report->status;
	say("compare", "cannot write: %s", strerror(-err));
	return EXIT_OWN_ERROR;
}

/* With --events: why programs changed as well. If that cannot be said, the comparison is shown all the same. */
static int show_all(const struct options *options, struct compare_report *report)
{
	struct explanation events;
	struct fs_reason why = {0};
	int status, err;

	if (!options->events)
		return show(options, report, NULL);
	err = explain_open(&events, report->base, report->new, options->margin_pct, &why);
	if (err == 0)
		report->events = explain_json(&events);
	else if (err == -ENODATA && report->status == EXIT_FINE)
		report->status = EXIT_BAD_DATA;
	if (err == 0 && report->events == NULL)
		err = fs_no_memory(&why);
	status = show(options, report, err == 0 ? &events : NULL);
	if (err != 0)
		say_error("compare", &why);
	json_decref(report->events);
	explain_close(&events);
	return err == -ENOMEM ? EXIT_OWN_ERROR : status;
}

static int out_of_memory(void)
{
	say("compare", "out of memory");
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
		return show(options, &report, NULL);
	status = check_skips(runs);
	if (status != EXIT_FINE)
		return status;
	if (compare_make(&runs->summaries[0], &runs->summaries[1], options->margin_pct, comparison))
		return out_of_memory();
	report.comparison = comparison;
	report.status = judge(options, runs, comparison);
	return show_all(options, &report);
}

/* A CI job without a base yet gets an exit status different from that for a mistyped option. */
static int check_base(const char *path)
{
	if (!access(path, F_OK) || errno != ENOENT)
		return EXIT_FINE;
	say("compare", "no base: %s: %s", path, strerror(ENOENT));
	return EXIT_NOT_COMPARABLE;
}

static int command_compare_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	struct unlike unlike = {0};
	struct comparison comparison = {0};
	int status;

	usage_parse("compare", &compare_argp, argc, argv, &options);
	status = check_base(options.paths[0]);
	if (status == EXIT_FINE)
		status = runs_load(&runs, "compare", options.paths, 2, options.events ? RUNS_WHOLE : RUNS_VALUES);
	if (status == EXIT_FINE)
		status = compare(&options, &runs, &unlike, &comparison);
	compare_free(&comparison);
	unlike_free(&unlike);
	runs_free(&runs);
	free(options.allowed);
	return status;
}

const struct command command_compare = {
	.name = "compare",
	.usage = "BASE NEW [--margin PCT] [--explain] [--events] [--json | --markdown] [--allow-unlike FIELD] [--strict]",
	.summary = "compare two runs: what got faster, slower, or stayed the same",
	.run = command_compare_run,
};
