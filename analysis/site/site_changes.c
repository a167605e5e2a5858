/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_changes.c - the pages of a site about changes: the verdict, a list, and a page for each group of them; see site_part.h.
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

#define NEWEST 8 /* groups on the first page */

/* ---- the verdict ----------------------------------------------------------------------------------------- */

static void put_counts(const struct site *site, FILE *out)
{
	const struct history *history = site->history;

	html_print(out, "<p>%zu run%s, %zu series", history->n_runs, TEXT_S(history->n_runs), history->n_series);
	if (history->n_runs > 0)
		html_print(out, ", from %.*s to %.*s", STAMP_DAY, site->runs[0].started, STAMP_DAY, site->runs[history->n_runs - 1].started);
	if (site->one_machine && history->n_runs > 0)
		html_print(out, ", on machine %s, clock %s", site->runs[0].fingerprint, site->runs[0].clock);
	fputs(".", out);
	if (history->few > 0)
		html_print(out, " %zu series %s too few runs to decide: %d are needed, and with noise %zu.", history->few,
			history->few == 1 ? "has" : "have", HISTORY_MIN, history->needs);
	fputs("</p>\n", out);
}

static void put_group_line(const struct site *site, const struct site_group *group, FILE *out)
{
	char states[160], text[64];

	site_states_text(group->states, states, sizeof(states));
	site_run_text(&site->runs[group->at], text, sizeof(text));
	html_print(out, "<li><a href=\"%s\">%s</a>: <b>%s</b>; %s</li>\n", group->file, text, states, group->what);
}

void site_put_verdict(struct site *site, FILE *out)
{
	const size_t *states = site->history->states;
	size_t alarms = states[HISTORY_WORSE] + states[HISTORY_CHANGED];
	char text[160];

	site_states_text(states, text, sizeof(text));
	html_print(out, "<p class=\"verdict %s\">%s</p>\n", alarms > 0 ? "no" : "yes",
		alarms > 0					? text
		: site->history->few == site->history->n_series ? "too few runs to decide"
								: "nothing got worse");
	put_counts(site, out);
	if (site->n_groups == 0)
		return;
	fputs("<h2>Newest changes</h2>\n<ul>\n", out);
	for (size_t g = 0; g < site->n_groups && g < NEWEST; g++)
		put_group_line(site, &site->groups[g], out);
	fputs("</ul>\n", out);
	if (site->n_groups > NEWEST)
		html_print(out, "<p><a href=\"changes.html\">All %zu</a></p>\n", site->n_groups);
	fputs("<h2>All series</h2>\n<p>The newest change first. A line is a series over its runs, marked where its level changed.</p>\n", out);
}

/* ---- a page ---------------------------------------------------------------------------------------------- */

static void put_series(const struct site *site, const struct site_group *group, FILE *out)
{
	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Series</th><th scope=\"col\">State</th><th scope=\"col\" "
	      "class=\"n\">Level before</th><th scope=\"col\" class=\"n\">After</th><th scope=\"col\" class=\"n\">Change</th><th scope=\"col\" "
	      "class=\"n\">p</th></tr></thead>\n<tbody>\n",
		out);
	for (size_t i = group->first; i < group->first + group->n; i++) {
		const struct history_change *change = site->order[i];
		const struct index_series *series = &site->history->series[change->series];
		char before[FORMAT_VALUE], after[FORMAT_VALUE], text[64], p[24] = "-";

		format_value(change->point.before, series->unit, before);
		format_value(change->point.after, series->unit, after);
		site_change_text(change, text, sizeof(text));
		if (!isnan(change->point.p))
			snprintf(p, sizeof(p), "%.1g", change->point.p);
		html_print(out, "<tr><td class=\"name\"><a href=\"../%s\">%s</a></td><td class=\"name\"><b class=\"%s\">%s</b>%s%s</td>",
			site->series[change->series].file, series->name, change->state >= HISTORY_CHANGED ? "worse" : "noted",
			site_state_words[change->state], *change->why != '\0' ? ": " : "", change->why);
		html_print(out, "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n", before, after,
			text, p);
	}
	fputs("</tbody>\n</table></div>\n", out);
}

/* Where a step lies is known to a run or two; a drift begins at no particular one. */
static void put_where(const struct site *site, const struct site_group *group, FILE *out)
{
	const struct site_run *before = &site->runs[group->before], *at = &site->runs[group->at];
	char last[64], first[64];

	site_run_text(before, last, sizeof(last));
	site_run_text(at, first, sizeof(first));
	if (group->drift)
		html_print(
			out, "<p>Levels move from run to run since about <a href=\"../%s\">%s</a>: no single run made that.</p>\n", at->file, first);
	else
		html_print(out,
			"<p>Between <a href=\"../%s\">%s</a>, the last run of the old level, and <a href=\"../%s\">%s</a>, the first of the new one. "
			"A noisy series may place its change a run or two too early or too late.</p>\n",
			before->file, last, at->file, first);
}

static int put_group(struct site *site, const struct site_group *group, struct fs_reason *why)
{
	char title[240], states[160];
	struct site_page page;
	size_t n;
	int err;

	site_states_text(group->states, states, sizeof(states));
	snprintf(title, sizeof(title), "%.*s: %s%s", STAMP_DAY, site->runs[group->at].started, states, group->drift ? " by a drift" : "");
	err = site_page_begin(&page, title, "../", why);
	if (err != 0)
		return err;
	put_where(site, group, page.out);
	fputs("<h2>Series</h2>\n", page.out);
	put_series(site, group, page.out);
	if (!group->drift) {
		fputs("<h2>What differed</h2>\n", page.out);
		err = site_put_differences(site, group->before, group->at, page.out, &n, why);
		if (err == 0 && n == 0)
			fputs("<p>No difference is recorded.</p>\n", page.out);
		if (err == 0)
			err = site_put_comparison(site, group, page.out, why);
	}
	return site_page_end(site, &page, group->file, err, why);
}

/* ---- the list -------------------------------------------------------------------------------------------- */

static void put_first(struct site *site, FILE *out)
{
	if (site->n_groups == 0)
		fputs("<p>No series has changed its level.</p>\n", out);
	else
		html_print(out, "<p>%zu change%s in %zu place%s, the newest first.</p>\n", site->history->n_changes, TEXT_S(site->history->n_changes),
			site->n_groups, TEXT_S(site->n_groups));
}

static int make_row(const struct site *site, const struct site_group *group, char **row, size_t *bytes)
{
	FILE *out = open_memstream(row, bytes);
	char states[160], text[64];

	if (out == NULL)
		return -ENOMEM;
	site_states_text(group->states, states, sizeof(states));
	site_run_text(&site->runs[group->at], text, sizeof(text));
	html_print(out, "<tr><td class=\"d\"><a href=\"%s\">%s</a></td><td class=\"name\">%s</td><td class=\"name\">%s</td></tr>\n", group->file,
		text, states, group->what);
	return fclose(out) != 0 ? -ENOMEM : 0;
}

int site_put_groups(struct site *site, struct fs_reason *why)
{
	size_t n = site->n_groups;
	struct site_list list = {.name = "changes",
		.title = "Changes",
		.table = "<tr><th scope=\"col\">From run</th><th scope=\"col\">Series</th><th scope=\"col\">What differed</th></tr>",
		.first = put_first,
		.rows = calloc(n + 1, sizeof(*list.rows)),
		.row_bytes = calloc(n + 1, sizeof(*list.row_bytes)),
		.n = n};
	int err = list.rows != NULL && list.row_bytes != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < n && err == 0; i++)
		if (make_row(site, &site->groups[i], &list.rows[i], &list.row_bytes[i]) != 0)
			err = fs_no_memory(why);
	if (err == 0)
		err = site_put_list(site, &list, why);
	for (size_t i = 0; i < n && err == 0; i++)
		err = put_group(site, &site->groups[i], why);
	for (size_t i = 0; list.rows != NULL && i < n; i++)
		free(list.rows[i]);
	free(list.rows);
	free(list.row_bytes);
	return err;
}
