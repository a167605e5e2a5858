/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_series.c - the pages of a site about series: a page for each, and the list of all, the newest change first; see site_part.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/html.h"
#include "analysis/site/site_part.h"
#include "analysis/summary/format.h"
#include "base/stamp.h"

#define LATEST 50 /* runs in the table of a series */

/* ---- distances from the level ---------------------------------------------------------------------------- */

/* Keeps the SITE_FAR values of a run that are furthest from their level, the furthest first. */
static void note_far(struct site_run *run, const struct site_far *far)
{
	size_t i = run->n_far < SITE_FAR ? run->n_far : SITE_FAR;

	if (!isfinite(far->pct) || (i == SITE_FAR && fabs(far->pct) <= fabs(run->far[SITE_FAR - 1].pct)))
		return;
	if (run->n_far < SITE_FAR)
		run->n_far++;
	else
		i--;
	for (; i > 0 && fabs(run->far[i - 1].pct) < fabs(far->pct); i--)
		run->far[i] = run->far[i - 1];
	run->far[i] = *far;
}

static void note_all(struct site *site, const struct site_chart *chart, size_t series)
{
	const struct history_line *line = chart->line;
	double first = site_level(chart, 0);

	for (size_t i = 0; i < line->n; i++) {
		/* without a change, the level is the same for all */
		double level = chart->n_changes > 0 ? site_level(chart, i) : first;
		struct site_far far = {series, line->values[i], level, 100.0 * (line->values[i] - level) / level};

		note_far(&site->runs[site->history->rank[line->runs[i]]], &far);
	}
}

/* ---- the page of a series -------------------------------------------------------------------------------- */

static void put_intro(const struct site_chart *chart, FILE *out)
{
	static const char *const better[FS_BETTERS] = {
		[FS_LOWER] = "lower is better", [FS_HIGHER] = "higher is better", [FS_EXACT] = "a count that should never change"};
	const struct index_series *series = chart->series;
	char value[FORMAT_VALUE], level[FORMAT_VALUE];

	format_value(chart->line->values[chart->line->n - 1], series->unit, value);
	format_value(site_level(chart, chart->line->n - 1), series->unit, level);
	html_print(out, "<p>Now %s, at a level of %s; %s. ", value, level, better[series->better]);
	html_print(out, "%zu run%s on machine %s, clock %s", chart->line->n, TEXT_S(chart->line->n), series->fingerprint, series->clock);
	fputs(series->emulated ? ", on an <b>emulated</b> device.</p>\n" : ".</p>\n", out);
}

static void put_changes(const struct site_chart *chart, FILE *out)
{
	const struct site *site = chart->site;

	fputs("<h2>Changes</h2>\n", out);
	if (chart->n_changes == 0) {
		if (chart->line->n < HISTORY_MIN)
			html_print(out, "<p>Too few runs to decide: %d are needed, and with noise %zu.</p>\n", HISTORY_MIN, site->history->needs);
		else
			fputs("<p>The level never changed.</p>\n", out);
		return;
	}
	fputs("<p>The day of a change leads to what differed then and to the two runs compared.</p>\n", out);
	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">From</th><th scope=\"col\">State</th><th scope=\"col\" "
	      "class=\"n\">Level before</th><th scope=\"col\" class=\"n\">After</th><th scope=\"col\" class=\"n\">Change</th><th scope=\"col\">What "
	      "differed</th></tr></thead>\n<tbody>\n",
		out);
	for (size_t c = chart->n_changes; c-- > 0;) {
		const struct history_change *change = &chart->changes[c];
		const struct site_group *group = site_group_of(site, change);
		char before[FORMAT_VALUE], after[FORMAT_VALUE], text[64];

		format_value(change->point.before, chart->series->unit, before);
		format_value(change->point.after, chart->series->unit, after);
		site_change_text(change, text, sizeof(text));
		html_print(out,
			"<tr><td class=\"d\"><a href=\"../%s\">%.*s</a></td><td class=\"name\">%s%s%s</td><td class=\"n\">%s</td><td "
			"class=\"n\">%s</td>",
			group->file, STAMP_DAY, site->runs[group->at].started, site_state_words[change->state], *change->why != '\0' ? ": " : "",
			change->why, before, after);
		html_print(out, "<td class=\"n\">%s</td><td class=\"name\">%s</td></tr>\n", text, group->what);
	}
	fputs("</tbody>\n</table></div>\n", out);
}

static void put_runs(const struct site_chart *chart, FILE *out)
{
	const struct history_line *line = chart->line;
	size_t shown = line->n < LATEST ? line->n : LATEST;

	html_print(out, "<details><summary>The latest %zu of %zu runs</summary>\n", shown, line->n);
	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Run</th><th scope=\"col\" class=\"n\">Value</th><th "
	      "scope=\"col\" class=\"n\">95 % interval</th></tr></thead>\n<tbody>\n",
		out);
	for (size_t i = 0; i < shown; i++) {
		size_t at = line->n - 1 - i;
		const struct site_run *run = &chart->site->runs[chart->site->history->rank[line->runs[at]]];
		struct statistics_interval interval = {
			.median = line->values[at], .lo = line->lo[at], .hi = line->hi[at], .has_interval = line->hi[at] > line->lo[at]};
		char text[64], value[FORMAT_VALUE], range[FORMAT_VALUE];

		site_run_text(run, text, sizeof(text));
		format_interval(&interval, chart->series->unit, value, range);
		html_print(out, "<tr><td class=\"d\"><a href=\"../%s\">%s</a></td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n", run->file,
			text, value, range);
	}
	fputs("</tbody>\n</table></div>\n</details>\n", out);
}

static int put_page(struct site *site, const struct site_chart *chart, const struct site_series *series, struct fs_reason *why)
{
	struct site_page page;
	int err = site_page_begin(&page, chart->series->name, "../", why);

	if (err != 0)
		return err;
	put_intro(chart, page.out);
	site_put_chart(page.out, chart);
	put_changes(chart, page.out);
	put_runs(chart, page.out);
	return site_page_end(site, &page, series->file, 0, why);
}

/* ---- its row in the list of all -------------------------------------------------------------------------- */

static int make_row(const struct site_chart *chart, struct site_series *series)
{
	const struct site *site = chart->site;
	const struct history_change *newest = chart->n_changes > 0 ? &chart->changes[chart->n_changes - 1] : NULL;
	char now[FORMAT_VALUE], text[64];
	FILE *out = open_memstream(&series->row, &series->row_bytes);

	if (out == NULL)
		return -ENOMEM;
	html_print(out, "<tr><td class=\"name\"><a href=\"%s\">%s</a>", series->file, chart->series->name);
	if (chart->series->emulated)
		fputs(" <small>emulated</small>", out);
	if (!site->one_machine)
		html_print(out, "<br><small>%s, %s</small>", chart->series->fingerprint, chart->series->clock);
	fputs("</td><td>", out);
	site_put_sparkline(out, chart);
	format_value(site_level(chart, chart->line->n - 1), chart->series->unit, now);
	html_print(out, "</td><td class=\"n\">%s</td><td class=\"d\">", now);
	if (newest != NULL) {
		site_change_text(newest, text, sizeof(text));
		html_print(out, "<b class=\"%s\">%s %s</b><br><a href=\"%s\">%.*s</a>", newest->state >= HISTORY_CHANGED ? "worse" : "noted",
			site_state_words[newest->state], text, site_group_of(site, newest)->file, STAMP_DAY,
			site->runs[site->history->rank[newest->at]].started);
	} else {
		fputs(chart->line->n < HISTORY_MIN ? "too few runs" : "-", out);
	}
	fputs("</td></tr>\n", out);
	return fclose(out) != 0 ? -ENOMEM : 0;
}

static uint64_t key_of(const struct index_series *series)
{
	uint64_t hash = lookup_text(0, series->cell);

	hash = lookup_text(lookup_text(hash, series->metric), series->unit);
	hash = lookup_text(lookup_text(hash, series->clock), series->fingerprint);
	return lookup_text(hash, better_names[series->better]);
}

/* Each line is read once, for the page, the row and the runs' pages. */
static int put_one(struct site *site, size_t s, const struct history_change *changes, size_t n_changes, struct fs_reason *why)
{
	struct site_series *series = &site->series[s];
	struct history_line line;
	int err = history_read_line(site->history, site->index, s, &line, why);
	struct site_chart chart = {site, &site->history->series[s], &line, changes, n_changes};

	if (n_changes > 0)
		series->newest = site->history->rank[changes[n_changes - 1].at] + 1;
	if (err == 0 && line.n > 0) {
		note_all(site, &chart, s);
		if (make_row(&chart, series) != 0)
			err = fs_no_memory(why);
		else
			err = put_page(site, &chart, series, why);
	}
	history_line_free(&line);
	return err;
}

int site_put_series(struct site *site, struct fs_reason *why)
{
	const struct history *history = site->history;
	size_t change = 0;
	int err = 0;

	site->series = calloc(history->n_series + 1, sizeof(*site->series));
	if (site->series == NULL)
		return fs_no_memory(why);
	for (size_t s = 0; s < history->n_series && err == 0; s++)
		if (site_name(site, "series", history->series[s].name, key_of(&history->series[s]), site->series[s].file) != 0)
			err = fs_no_memory(why);
	for (size_t s = 0; s < history->n_series && err == 0; s++) {
		size_t first = change;

		while (change < history->n_changes && history->changes[change].series == s)
			change++;
		err = put_one(site, s, history->changes + (change > first ? first : 0), change - first, why);
	}
	return err;
}

/* ---- the list of all ------------------------------------------------------------------------------------- */

static int by_newest(const void *a, const void *b)
{
	const struct site_series *x = *(const struct site_series *const *)a, *y = *(const struct site_series *const *)b;

	/* the index of both is their order in the history */
	return x->newest != y->newest ? (x->newest < y->newest) - (x->newest > y->newest) : (x > y) - (x < y);
}

int site_put_index(struct site *site, struct fs_reason *why)
{
	size_t n = site->history->n_series;
	const struct site_series **order = calloc(n + 1, sizeof(*order));
	struct site_list list = {.name = "index",
		.title = "History",
		.table = "<tr><th scope=\"col\">Series</th><th scope=\"col\">Runs</th><th scope=\"col\" class=\"n\">Level</th>"
			 "<th scope=\"col\">Newest change</th></tr>",
		.first = site_put_verdict,
		.rows = calloc(n + 1, sizeof(*list.rows)),
		.row_bytes = calloc(n + 1, sizeof(*list.row_bytes)),
		.n = n};
	int err = order != NULL && list.rows != NULL && list.row_bytes != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < n && err == 0; i++)
		order[i] = &site->series[i];
	if (err == 0)
		qsort(order, n, sizeof(*order), by_newest);
	for (size_t i = 0; i < n && err == 0; i++) {
		list.rows[i] = order[i]->row;
		list.row_bytes[i] = order[i]->row_bytes;
	}
	if (err == 0)
		err = site_put_list(site, &list, why);
	free(order);
	free(list.rows);
	free(list.row_bytes);
	return err;
}
