/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history.c - fivestep history: an index of runs over time; what changed, when, and what differed then. This file has the options, the actions
 * are in history_actions.c.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "command/history_actions.h"
#include "command/usage.h"

enum { KEY_DB = 256, KEY_SINCE, KEY_MARGIN, KEY_WHY, KEY_FORGET, KEY_NEW, KEY_LABEL, KEY_LABEL_FILES };

/* ---- the options ----------------------------------------------------------------------------------------- */

static const struct usage_action *nth_action(size_t i)
{
	return &history_actions[i].word;
}

static error_t parse_args(struct history_command *options, struct argp_state *state)
{
	char **args = state->argv + state->next;
	size_t n = (size_t)(state->argc - state->next);

	options->action = &history_actions[usage_action_of(args[0], state, nth_action)];
	options->args = args + 1;
	options->n = n - 1;
	if (options->n < options->action->least || options->n > options->action->most)
		usage_error(state, "usage: history %s --db FILE %s", options->action->word.name, options->action->word.usage);
	return 0;
}

static error_t check(const struct history_command *options, struct argp_state *state)
{
	if (options->db == NULL)
		usage_error(state, "--db FILE, the index, is missing");
	for (size_t i = 0; i < options->n_given; i++)
		if (names_match(options->action->options, options->given[i]) != NAMES_EXACT)
			usage_error(state, "history %s does not take --%s", options->action->word.name, options->given[i]);
	return 0;
}

static error_t parse_new(struct history_command *options, const char *text, struct argp_state *state)
{
	size_t digits = strspn(text, "0123456789");

	options->n_new = digits && digits < 6 && !text[digits] ? strtoul(text, NULL, 10) : 0;
	if (!options->n_new)
		usage_error(state, "--new is a number of runs, not %s", text);
	return 0;
}

static const struct argp_option option_list[] = {
	{"db", KEY_DB, "FILE", 0, "the index, an SQLite file; notes are in FILE.notes", 0},
	{"json", 'j', NULL, 0, "JSON on standard output", 0},
	{"all", 'a', NULL, 0, "all changes and what differed at each, in lines of any width", 0},
	{"since", KEY_SINCE, "WHEN", 0, "only changes after this baseline, day (2026-01-31) or run affect the exit status; older ones are shown", 0},
	{"new", KEY_NEW, "N", 0, "only check whether the last N runs are at the level of those before them", 0},
	{"margin", KEY_MARGIN, "PCT", 0, "changes smaller than this are ignored (default: that of fivestep compare)", 0},
	{"label", KEY_LABEL, "NAME", 0, "these runs are of the node of that name: it has series of its own, NAME:CELL/METRIC", 0},
	{"label-files", KEY_LABEL_FILES, NULL, 0,
		"each run is of the node that its file is named for, as fivestep fleet collect names them: NODE.jsonl", 0},
	{"why", KEY_WHY, "TEXT", 0, "why a change is expected", 0},
	{"forget", KEY_FORGET, NULL, 0, "remove the annotation", 0},
	{"output", 'o', "DIR", 0, "folder for pictures or pages; created if needed", 0},
	USAGE_SIZE_OPTION,
	{0},
};

/* Once, by the name that it has in the list; --db is every action's. */
static void note_given(struct history_command *options, int key)
{
	const char *name = NULL;

	for (size_t i = 0; option_list[i].name != NULL; i++)
		if (option_list[i].key == key && key != KEY_DB)
			name = option_list[i].name;
	for (size_t i = 0; i < options->n_given && name != NULL; i++)
		if (options->given[i] == name)
			name = NULL;
	if (name != NULL)
		options->given[options->n_given++] = name;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct history_command *options = state->input;

	note_given(options, key);
	switch (key) {
	case KEY_DB:
		options->db = arg;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'o':
		options->dir = arg;
		return 0;
	case USAGE_SIZE:
		options->paper_mm = usage_size(state, arg);
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case KEY_SINCE:
		options->since = arg;
		return 0;
	case KEY_MARGIN:
		options->margin_pct = usage_margin(state, arg);
		return 0;
	case KEY_NEW:
		return parse_new(options, arg, state);
	case KEY_WHY:
		options->why = arg;
		return 0;
	case KEY_LABEL:
		if (!index_is_label(arg))
			usage_error(state, "--label is up to %d letters, digits, '.', '_' and '-', not %s", INDEX_LABEL, arg);
		options->label = arg;
		return 0;
	case KEY_LABEL_FILES:
		options->label_files = true;
		return 0;
	case KEY_FORGET:
		options->forget = true;
		return 0;
	case ARGP_KEY_ARGS:
		return parse_args(options, state);
	case ARGP_KEY_NO_ARGS:
		usage_error(state, "no action named");
	case ARGP_KEY_SUCCESS:
		return check(options, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static char *add_actions(int key, const char *text, void *input)
{
	(void)input;
	return usage_actions(key, text, nth_action);
}

static const struct argp history_argp = {
	.options = option_list,
	.parser = parse,
	.help_filter = add_actions,
	.args_doc = "ACTION --db FILE [ARG...]",
	.doc = "Keeps runs over time and finds when something changed."
	       "\vA RUN is a file, a prefix of a run's id, or \"latest\". A PATTERN is a glob that CELL/METRIC must match, such as "
	       "'fault_latency/hmm/*'.\n\n"
	       "Exit status: 0 success, 1 something got worse or a count changed, 3 no history, no such run or baseline, or too few runs, "
	       "4 failed or invalid data, 77 everything was skipped.",
};

static enum index_use use_of(const struct history_command *options)
{
	const struct history_action *action = options->action;

	return action->sets && options->n > action->least ? INDEX_WRITE : action->use;
}

static int command_history_run(int argc, char **argv)
{
	struct history_command options = {0};
	struct index *index = NULL;
	struct fs_reason why = {0};
	int status, err;

	usage_parse("history", &history_argp, argc, argv, &options);
	err = index_open(options.db, use_of(&options), &index, &why);
	status = err != 0 ? history_end(err, &why) : options.action->run(index, &options, &why);
	index_close(index);
	return status;
}

const struct command command_history = {
	.name = "history",
	.usage = "ACTION --db FILE [ARG...]",
	.summary = "runs over time: what changed, when, by how much, and what differed then",
	.run = command_history_run,
};
