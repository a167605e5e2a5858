/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_actions.c - the actions of fivestep history; see history_actions.h. The work is done in analysis/history/index.c and
 * analysis/history/history.c.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pager.h"
#include "base/say.h"
#include "base/terminal.h"
#include "analysis/history/history_plot.h"
#include "analysis/history/history_show.h"
#include "analysis/compare/unlike.h"
#include "analysis/site/site.h"
#include "command/history_actions.h"
#include "command/runs.h"

#define ANY SIZE_MAX /* number of arguments */

/* ---- shared by actions ----------------------------------------------------------------------------------- */

/* Exit status for an error with the index or the request. */
static int status_of(int err)
{
	switch (err) {
	case -ENOENT:
	case -ESTALE:
		return EXIT_NOT_COMPARABLE;
	case -ENOTUNIQ:
	case -EINVAL:
	case -EACCES:
	case -EROFS:
	case -ENOTDIR:
	case -EISDIR:
		return EXIT_USAGE;
	case -EBADMSG:
	case -EPROTONOSUPPORT:
		return EXIT_BAD_DATA;
	default:
		return EXIT_OWN_ERROR;
	}
}

int history_end(int err, const struct fs_reason *why)
{
	if (err == 0)
		return EXIT_FINE;
	say_error("history", why);
	return status_of(err);
}

/* ---- add, rebuild ---------------------------------------------------------------------------------------- */

/* Reads a run file, adds it, and says so. Returns its exit status; that of several files is the worst one. */
static int add_file(struct index *index, char *path, const char *label, struct fs_reason *why, int *err)
{
	static const char *const told[] = {[INDEX_ADDED] = "added", [INDEX_KNOWN] = "already in the index", [INDEX_REPLACED] = "updated"};
	struct runs runs = {0};
	enum index_added added;
	struct text unread = {0};
	int status = runs_load(&runs, "history", &path, 1, RUNS_WHOLE);

	if (status == EXIT_FINE && runs.files[0].header == NULL) {
		say("history", "%s: not added: no run record: its machine, clock and day are unknown", path);
		status = EXIT_BAD_DATA;
	} else if (status == EXIT_FINE && !index_is_time(runs.files[0].started, INDEX_TIME)) {
		say("history", "%s: not added: the start time in its run record is not of the form 2025-01-31T06:00:00Z", path);
		status = EXIT_BAD_DATA;
	} else if (status == EXIT_FINE && (unlike_unread(&runs.files[0], &unread), unread.len != 0)) {
		/* It would start series of a machine that does not exist. */
		say("history", "%s: not added: its machine is only partly known, without %s", path, text_string(&unread));
		status = EXIT_BAD_DATA;
	} else if (status == EXIT_FINE) {
		status = runs_status(&runs);
		if (status == EXIT_ALL_SKIPPED)
			say_with_remedy("history", "fivestep show tells why", "%s: not added: everything was skipped", path);
		else if (!runs.files[0].n_rounds)
			say("history", "%s: not added: the run has no rounds", path);
		else {
			*err = label != NULL ? index_set_label(index, &runs.files[0], label, why) : 0;
			if (*err == 0)
				*err = index_add(index, &runs.files[0], &runs.summaries[0], &added, why);
			if (!*err)
				say("history", "%s: %s%s", path, told[added],
					status == EXIT_BAD_DATA ? ", without its failed and invalid rounds" : "");
		}
	}
	text_clear(&unread);
	runs_free(&runs);
	return status;
}

static int worse_of(int a, int b)
{
	/* a failure outweighs a file in which everything was skipped */
	static const int order[] = {EXIT_OWN_ERROR, EXIT_USAGE, EXIT_BAD_DATA, EXIT_ALL_SKIPPED};

	for (size_t i = 0; i < FS_ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_FINE;
}

/* "RUNS/gpu001.jsonl": gpu001. NULL if that is no label, or without memory. */
static char *label_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	size_t len = strlen(name), suffix = strlen(".jsonl");
	char *label = len > suffix && strcmp(name + len - suffix, ".jsonl") == 0 ? strndup(name, len - suffix) : NULL;

	if (label != NULL && !index_is_label(label)) {
		free(label);
		label = NULL;
	}
	return label;
}

static int action_add(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	int status = EXIT_FINE, err = 0;

	if (options->label != NULL && options->label_files)
		return history_end(fs_because(why, -EINVAL, "leave out one", "--label and --label-files are given"), why);
	for (size_t i = 0; i < options->n && err == 0; i++) {
		char *label = options->label_files ? label_of(options->args[i]) : NULL;

		if (options->label_files && label == NULL)
			err = fs_because(why, -EINVAL, "--label NAME names it", "%s: its file is not named NODE.jsonl", options->args[i]);
		else
			status = worse_of(status, add_file(index, options->args[i], label != NULL ? label : options->label, why, &err));
		free(label);
	}
	return err != 0 ? history_end(err, why) : status;
}

/* The paths of all runs in the index. */
static int list_files(const struct index *index, char ***paths, size_t *n, struct fs_reason *why)
{
	int64_t *ids = NULL;
	int err = index_list_runs(index, &ids, n, why);

	*paths = calloc(*n + 1, sizeof(**paths));
	if (*paths == NULL)
		err = fs_no_memory(why);
	for (size_t i = 0; i < *n && err == 0; i++) {
		struct index_run run;

		err = index_get_run(index, ids[i], &run, why);
		if (err == 0)
			(*paths)[i] = strdup(run.path);
		index_run_free(&run);
	}
	free(ids);
	return err;
}

/* Named files first: they may be the new locations of known runs. */
static int add_all(struct index *index, const struct history_command *options, char **paths, size_t n, struct fs_reason *why, int *status)
{
	int err = 0;

	for (size_t i = 0; i < options->n && err == 0 && *status == EXIT_FINE; i++)
		*status = add_file(index, options->args[i], NULL, why, &err);
	for (size_t i = 0; i < n && err == 0 && *status == EXIT_FINE; i++) {
		int added = paths[i] != NULL ? add_file(index, paths[i], NULL, why, &err) : EXIT_FINE;

		/* a run that was added with failed rounds before is added the same way */
		*status = added == EXIT_BAD_DATA ? EXIT_FINE : added;
	}
	return err;
}

/* Whether one of the named files is this run's. */
static bool is_named(const struct history_command *options, const struct index_run *run)
{
	for (size_t a = 0; a < options->n; a++) {
		struct index_run other = *run;

		other.path = options->args[a];
		if (!index_check_file(&other, &(struct fs_reason){0}))
			return true;
	}
	return false;
}

/* A missing file is an error unless a named file is that run's; then the old path is not needed and becomes NULL. */
static int find_lost(const struct history_command *options, char **paths, const struct index *index, struct fs_reason *why)
{
	int64_t *ids = NULL;
	size_t n = 0;
	int err = index_list_runs(index, &ids, &n, why);

	for (size_t i = 0; i < n && err == 0; i++) {
		struct index_run run;

		err = index_get_run(index, ids[i], &run, why);
		if (err == 0 && index_check_file(&run, why)) {
			if (!is_named(options, &run))
				err = -ESTALE;
			free(paths[i]);
			paths[i] = NULL;
		}
		index_run_free(&run);
	}
	free(ids);
	return err;
}

static int action_rebuild(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	char **paths = NULL;
	size_t n = 0;
	int status = EXIT_FINE, err = list_files(index, &paths, &n, why);

	if (err == 0)
		err = find_lost(options, paths, index, why);
	if (err == 0)
		err = index_rebuild_begin(index, why);
	if (err == 0) {
		err = add_all(index, options, paths, n, why, &status);
		if (index_rebuild_end(index, err == 0 && status == EXIT_FINE, err != 0 ? &(struct fs_reason){0} : why) && err == 0 &&
			status == EXIT_FINE)
			err = -EIO;
		if (err == 0 && status != EXIT_FINE)
			say("history", "the index was not changed");
	}
	for (size_t i = 0; i < n && paths != NULL; i++)
		free(paths[i]);
	free(paths);
	return err != 0 ? history_end(err, why) : status;
}

/* ---- log, series, check, plot ---------------------------------------------------------------------------- */

static int action_log(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	if (!options->json)
		pager_start();
	return history_end(history_show_runs(index, options->json, stdout, why), why);
}

static int action_series(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	if (!options->json)
		pager_start();
	return history_end(history_show_series(index, (const char *const *)options->args, options->n, options->json, stdout, why), why);
}

/* The first run started on that day or later. */
static int find_day(const struct index *index, const char *day, int64_t *run, struct fs_reason *why)
{
	int64_t *ids = NULL;
	size_t n = 0;
	int err = index_list_runs(index, &ids, &n, why);

	*run = 0;
	for (size_t i = 0; i < n && err == 0 && !*run; i++) {
		struct index_run found;

		err = index_get_run(index, ids[i], &found, why);
		if (err == 0 && strcmp(found.started, day) >= 0)
			*run = ids[i];
		index_run_free(&found);
	}
	free(ids);
	if (err == 0 && !*run)
		err = fs_because(why, -ENOENT, "", "no run was started on %s or later", day);
	return err;
}

/* A baseline, a day, or a run. */
static int find_since(const struct index *index, const char *text, int64_t *run, bool *accepted, struct fs_reason *why)
{
	/* a run's id has its first dash later, and a file would exist */
	bool like_a_day = strspn(text, "0123456789") == 4 && text[4] == '-' && access(text, F_OK);

	*accepted = !index_find_baseline(index, text, run, why);
	if (*accepted)
		return 0;
	if (!like_a_day)
		return index_find_run(index, text, run, why);
	if (!index_is_time(text, INDEX_DAY))
		return fs_because(why, -EINVAL, "write a day as 2025-01-31, a time as 2025-01-31T06:00:00Z", "--since %s: no such day", text);
	return find_day(index, text, run, why);
}

static int make(struct index *index, const struct history_command *options, struct history *history, struct fs_reason *why)
{
	struct history_options how = {
		.globs = (const char *const *)options->args, .n_globs = options->n, .margin_pct = options->margin_pct, .n_new = options->n_new};
	int err = options->since != NULL ? find_since(index, options->since, &how.since, &how.accepted, why) : 0;

	if (err == 0)
		err = history_make(index, &how, history, why);
	if (err == 0 && !history->n_series)
		err = options->n ? fs_because(why, -ENOENT, "fivestep history series lists them", "no series matches %s", options->args[0])
				 : fs_because(why, -ENOENT, "add runs", "%s has no runs", options->db);
	return err;
}

static int judge(const struct history *history)
{
	if (history->states[HISTORY_WORSE] || history->states[HISTORY_CHANGED])
		return EXIT_REGRESSION;
	return history->few == history->n_series ? EXIT_NOT_COMPARABLE : EXIT_FINE;
}

static int action_check(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	struct history history = {0};
	int status = EXIT_FINE, err = make(index, options, &history, why);

	if (err == 0) {
		status = judge(&history);
		if (!options->json)
			pager_start();
		err = options->json ? history_show_json(&history, index, stdout, why)
				    : history_show_table(&history, index, status, options->all ? 0 : terminal_columns(stdout), stdout, why);
	}
	if (err == 0 && status == EXIT_NOT_COMPARABLE)
		say("history", "too few runs: a series needs %d, or %zu if it is noisy", HISTORY_MIN, history.needs);
	history_free(&history);
	return err != 0 ? history_end(err, why) : status;
}

static int action_plot(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	struct fs_reason pictures = {0};
	struct history history = {0};
	size_t drawn = 0;
	int err;

	if (options->dir == NULL) {
		say_with_remedy("history", "fivestep history --help", "plot: -o DIR, the folder to write to, is missing");
		return EXIT_USAGE;
	}
	err = make(index, options, &history, why);
	if (err == 0)
		err = history_plot(&history, index, options->dir, options->paper_mm, !options->n, &drawn, &pictures, why);
	if (err == 0 && *pictures.what)
		say_with_remedy("history", pictures.remedy, "wrote data but no pictures: %s", pictures.what);
	if (err == 0)
		say("history", "%zu of %zu series drawn in %s%s", drawn, history.n_series, options->dir,
			options->n ? "" : ": those that changed; select others by a pattern");
	history_free(&history);
	return history_end(err, why);
}

static int action_site(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	struct site_counts counts = {0};
	struct history history = {0};
	int err;

	if (options->dir == NULL) {
		say_with_remedy("history", "fivestep history --help", "site: -o DIR, the folder to write to, is missing");
		return EXIT_USAGE;
	}
	err = make(index, options, &history, why);
	if (err == 0)
		err = site_write(&history, index, options->dir, &counts, why);
	if (err == 0)
		say("history", "%s/index.html: %zu run%s, %zu series; %zu file%s written, %zu as they were, %zu old ones removed", options->dir,
			history.n_runs, TEXT_S(history.n_runs), history.n_series, counts.written, TEXT_S(counts.written), counts.same,
			counts.removed);
	history_free(&history);
	return history_end(err, why);
}

/* ---- notes ----------------------------------------------------------------------------------------------- */

/* With a run, sets the baseline; without, prints the path of its file, for `fivestep compare`. */
static int action_baseline(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	struct index_run run;
	int64_t id = 0;
	int err;

	if (options->n > 1) {
		err = index_find_run(index, options->args[1], &id, why);
		return history_end(err != 0 ? err : index_set_baseline(index, options->args[0], id, why), why);
	}
	err = index_find_baseline(index, options->args[0], &id, why);
	if (err != 0)
		return history_end(err, why);
	err = index_get_run(index, id, &run, why);
	if (err == 0)
		err = index_check_file(&run, why);
	if (err == 0)
		puts(run.path);
	index_run_free(&run);
	return history_end(err, why);
}

static int action_annotate(struct index *index, const struct history_command *options, struct fs_reason *why)
{
	int64_t id;
	int err;

	if ((options->why == NULL) == !options->forget) {
		say_with_remedy("history", "fivestep history --help", "annotate: give either --why TEXT or --forget");
		return EXIT_USAGE;
	}
	err = index_find_run(index, options->args[0], &id, why);
	return history_end(
		err != 0 ? err : index_expect(index, options->args[1], id, options->why != NULL ? options->why : "", options->forget, why), why);
}

/* ---- the table ------------------------------------------------------------------------------------------- */

const struct history_action history_actions[] = {
	{{"add", "RUN...", "adds run files; one that is already there is not an error"}, "label,label-files", 1, ANY, INDEX_CREATE, false,
		action_add},
	{{"log", "", "lists the runs with their notes"}, "json", 0, 0, INDEX_READ, false, action_log},
	{{"series", "[PATTERN...]", "lists the series: CELL/METRIC, one for each clock and machine"}, "json", 0, ANY, INDEX_READ, false,
		action_series},
	{{"check", "[PATTERN...]", "finds when series changed their level, by how much, and what differed then"}, "json,since,margin,new,all", 0, ANY,
		INDEX_READ, false, action_check},
	{{"plot", "[PATTERN...] -o DIR", "draws series with their changes; without a pattern only those that changed"}, "output,since,margin,size", 0,
		ANY, INDEX_READ, false, action_plot},
	{{"site", "[PATTERN...] -o DIR", "writes all series, changes and runs as static pages, with an Atom feed of changes"}, "output,since,margin",
		0, ANY, INDEX_READ, false, action_site},
	{{"baseline", "NAME [RUN]", "gives a run a name; without RUN prints the path of that baseline's file"}, "", 1, 2, INDEX_READ, true,
		action_baseline},
	{{"annotate", "RUN PATTERN --why TEXT", "marks a change of these series at that run as expected; --forget undoes that"}, "why,forget", 2, 2,
		INDEX_WRITE, false, action_annotate},
	{{"rebuild", "[RUN...]", "rebuilds the index from the run files and from FILE.notes"}, "", 0, ANY, INDEX_CREATE, false, action_rebuild},
	{.word = {0}},
};
