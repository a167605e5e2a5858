/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_runs.c - the pages of a site about runs: a list, and one page for each; see site_part.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/html.h"
#include "analysis/site/site_part.h"
#include "analysis/summary/format.h"

/* ---- reading --------------------------------------------------------------------------------------------- */

static char *header_text(const json_t *header, const char *const path[3])
{
	const char *text;

	for (size_t i = 0; i < 3 && path[i] != NULL; i++)
		header = json_object_get(header, path[i]);
	text = json_string_value(header);
	return strdup(text != NULL ? text : "");
}

/* Takes the texts of the index's run that a page shows; the rest is freed, such as its header, which is large. */
static int take_run(struct site *site, struct index_run *from, struct site_run *run)
{
	static const char *const commit[3] = {"build", "commit"}, *const kernel[3] = {"machine", "factors", "kernel"};
	uint64_t key = lookup_text(lookup_text(0, from->run_id), from->digest);

	/* a run keeps its page when it is resumed, and its digest changes */
	if (*from->run_id != '\0')
		key = lookup_text(0, from->run_id);
	*run = (struct site_run){.run_id = from->run_id,
		.digest = from->digest,
		.started = from->started,
		.clock = from->clock,
		.fingerprint = from->fingerprint,
		.plan = from->plan,
		.path = from->path,
		.commit = header_text(from->header, commit),
		.kernel = header_text(from->header, kernel),
		.id = from->id,
		.metrics = from->metrics,
		.bad = from->bad,
		.before = SITE_NONE};
	*from = (struct index_run){.label = from->label, .header = from->header};
	index_run_free(from);
	return run->commit != NULL && run->kernel != NULL ? site_name(site, "run", run->started, key, run->file) : -ENOMEM;
}

static uint64_t kind_of(const struct site_run *run)
{
	return lookup_text(lookup_text(0, run->fingerprint), run->clock);
}

int site_read_runs(struct site *site, struct fs_reason *why)
{
	const struct history *history = site->history;
	int err = 0;

	site->runs = calloc(history->n_runs + 1, sizeof(*site->runs));
	if (site->runs == NULL)
		return fs_no_memory(why);
	site->one_machine = true;
	for (size_t i = 0; i < history->n_runs && err == 0; i++) {
		struct site_run *run = &site->runs[i];
		struct index_run read;
		size_t before;

		err = index_get_run(site->index, history->runs[i], &read, why);
		if (err == 0 && take_run(site, &read, run) != 0)
			err = fs_no_memory(why);
		if (err != 0)
			break;
		/* looking backwards ends soon, unless a machine has had no run for long */
		for (before = i; before > 0 && kind_of(&site->runs[before - 1]) != kind_of(run); before--)
			;
		run->before = before > 0 ? before - 1 : SITE_NONE;
		site->one_machine &= i == 0 || kind_of(run) == kind_of(&site->runs[0]);
	}
	return err;
}

void site_free_runs(struct site *site)
{
	for (size_t i = 0; site->runs != NULL && i < site->history->n_runs; i++) {
		struct site_run *run = &site->runs[i];
		char *const texts[] = {
			run->run_id, run->digest, run->started, run->clock, run->fingerprint, run->plan, run->path, run->commit, run->kernel};

		for (size_t t = 0; t < FS_ARRAY_SIZE(texts); t++)
			free(texts[t]);
	}
	free(site->runs);
	site->runs = NULL;
}

/* ---- a run ----------------------------------------------------------------------------------------------- */

static void put_fact(FILE *out, const char *name, const char *value)
{
	if (*value != '\0')
		html_print(out, "<tr><th scope=\"row\">%s</th><td class=\"name\">%s</td></tr>\n", name, value);
}

static void put_notes(const struct site *site, const struct site_run *run, FILE *out)
{
	const struct history *history = site->history;

	for (size_t i = 0; i < history->n_notes; i++) {
		const struct index_note *note = &history->notes[i];

		if (note->run != run->id)
			continue;
		if (note->name != NULL)
			html_print(out, "<tr><th scope=\"row\">baseline</th><td class=\"name\">%s</td></tr>\n", note->name);
		else
			html_print(out, "<tr><th scope=\"row\">expected to change</th><td class=\"name\">%s: %s</td></tr>\n", note->glob, note->why);
	}
}

static void put_facts(const struct site *site, const struct site_run *run, FILE *out)
{
	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<tbody>\n", out);
	put_fact(out, "started", run->started);
	put_fact(out, "run", run->run_id);
	put_fact(out, "plan", run->plan);
	put_fact(out, "clock", run->clock);
	put_fact(out, "machine", run->fingerprint);
	put_fact(out, "commit", run->commit);
	put_fact(out, "kernel", run->kernel);
	html_print(out, "<tr><th scope=\"row\">values</th><td>%zu</td></tr>\n", (size_t)run->metrics);
	if (run->bad > 0)
		html_print(out, "<tr><th scope=\"row\">failed or invalid rounds</th><td>%zu, without a value</td></tr>\n", (size_t)run->bad);
	put_fact(out, "file", run->path);
	put_notes(site, run, out);
	fputs("</tbody>\n</table></div>\n", out);
}

/* The changes of level that start with this run. */
static void put_changes(const struct site *site, size_t rank, FILE *out)
{
	bool any = false;

	for (size_t g = 0; g < site->n_groups; g++) {
		const struct site_group *group = &site->groups[g];
		char states[160];

		if (group->at != rank)
			continue;
		site_states_text(group->states, states, sizeof(states));
		fputs(any ? "" : "<ul>\n", out);
		html_print(out, "<li><a href=\"../%s\">%s%s</a></li>\n", group->file, group->drift ? "a drift starts here: " : "", states);
		any = true;
	}
	fputs(any ? "</ul>\n" : "<p>No series changes its level with this run.</p>\n", out);
}

static int put_before(const struct site *site, size_t rank, FILE *out, struct fs_reason *why)
{
	const struct site_run *run = &site->runs[rank];
	char *rows = NULL, text[64];
	size_t bytes = 0, n = 0;
	FILE *table;
	int err;

	fputs("<h2>What differs from the run before</h2>\n", out);
	if (run->before == SITE_NONE) {
		fputs("<p>It is the first run of this machine under this clock.</p>\n", out);
		return 0;
	}
	site_run_text(&site->runs[run->before], text, sizeof(text));
	html_print(out, "<p>The run before it, of this machine and under this clock, is <a href=\"../%s\">%s</a>.</p>\n",
		site->runs[run->before].file, text);
	table = open_memstream(&rows, &bytes);
	if (table == NULL)
		return fs_no_memory(why);
	err = site_put_differences(site, run->before, rank, table, &n, why);
	if (fclose(table) != 0 && err == 0)
		err = fs_no_memory(why);
	if (err == 0)
		fputs(n > 0 ? rows : "<p>No difference is recorded.</p>\n", out);
	free(rows);
	return err;
}

static void put_far(const struct site *site, const struct site_run *run, FILE *out)
{
	fputs("<h2>Values furthest from their level</h2>\n", out);
	if (run->n_far == 0) {
		fputs("<p>None can be compared with a level.</p>\n", out);
		return;
	}
	html_print(out,
		"<p>The level of a series is the median of its runs between two changes. A single run is often far from it by chance. %zu of %zu "
		"values:</p>\n",
		run->n_far, (size_t)run->metrics);
	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Series</th><th scope=\"col\" class=\"n\">Value</th>"
	      "<th scope=\"col\" class=\"n\">Level</th><th scope=\"col\" class=\"n\">Distance</th></tr></thead>\n<tbody>\n",
		out);
	for (size_t i = 0; i < run->n_far; i++) {
		const struct site_far *far = &run->far[i];
		const struct index_series *series = &site->history->series[far->series];
		char value[FORMAT_VALUE], level[FORMAT_VALUE];

		format_value(far->value, series->unit, value);
		format_value(far->level, series->unit, level);
		html_print(out,
			"<tr><td class=\"name\"><a href=\"../%s\">%s</a></td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%+.2f "
			"%%</td></tr>\n",
			site->series[far->series].file, series->name, value, level, far->pct);
	}
	fputs("</tbody>\n</table></div>\n", out);
}

static int put_run(struct site *site, size_t rank, struct fs_reason *why)
{
	const struct site_run *run = &site->runs[rank];
	struct site_page page;
	char title[80], text[64];
	int err;

	site_run_text(run, text, sizeof(text));
	snprintf(title, sizeof(title), "Run %s", text);
	err = site_page_begin(&page, title, "../", why);
	if (err != 0)
		return err;
	put_facts(site, run, page.out);
	fputs("<h2>Changes</h2>\n", page.out);
	put_changes(site, rank, page.out);
	err = put_before(site, rank, page.out, why);
	put_far(site, run, page.out);
	html_print(page.out, "<h2>More</h2>\n<pre>fivestep show %s\nfivestep report -o report %s</pre>\n", run->path, run->path);
	return site_page_end(site, &page, run->file, err, why);
}

/* ---- the list -------------------------------------------------------------------------------------------- */

static void put_first(struct site *site, FILE *out)
{
	html_print(out, "<p>%zu run%s, the newest first.</p>\n", site->history->n_runs, TEXT_S(site->history->n_runs));
}

static int make_row(const struct site *site, size_t rank, char **row, size_t *bytes)
{
	const struct site_run *run = &site->runs[rank];
	FILE *out = open_memstream(row, bytes);

	if (out == NULL)
		return -ENOMEM;
	html_print(out,
		"<tr><td class=\"d\"><a href=\"%s\">%s</a></td><td class=\"name\">%s</td><td class=\"name\">%s</td><td class=\"name\">%.*s</td><td "
		"class=\"name\">%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td></tr>\n",
		run->file, run->started, run->plan, run->clock, SITE_COMMIT, run->commit, run->kernel, (size_t)run->metrics, (size_t)run->bad);
	return fclose(out) != 0 ? -ENOMEM : 0;
}

int site_put_runs(struct site *site, struct fs_reason *why)
{
	size_t n = site->history->n_runs;
	struct site_list list = {.name = "runs",
		.title = "Runs",
		.table = "<tr><th scope=\"col\">Started</th><th scope=\"col\">Plan</th><th scope=\"col\">Clock</th><th scope=\"col\">Commit</th>"
			 "<th scope=\"col\">Kernel</th><th scope=\"col\" class=\"n\">Values</th><th scope=\"col\" class=\"n\">Bad rounds</th></tr>",
		.first = put_first,
		.rows = calloc(n + 1, sizeof(*list.rows)),
		.row_bytes = calloc(n + 1, sizeof(*list.row_bytes)),
		.n = n};
	int err = list.rows != NULL && list.row_bytes != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < n && err == 0; i++)
		if (make_row(site, n - 1 - i, &list.rows[i], &list.row_bytes[i]) != 0)
			err = fs_no_memory(why);
	if (err == 0)
		err = site_put_list(site, &list, why);
	for (size_t i = 0; i < n && err == 0; i++)
		err = put_run(site, i, why);
	for (size_t i = 0; list.rows != NULL && i < n; i++)
		free(list.rows[i]);
	free(list.rows);
	free(list.row_bytes);
	return err;
}
