/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain_show.c - what changed between two runs and why, as a table, as Markdown and as JSON; see explain.h.
 */
#include "config.h"

#include "analysis/model/explain.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/summary/format.h"
#include "base/table.h"

static const char *const explained_names[] = {
	[EXPLAINED_UNCHANGED] = "UNCHANGED",
	[EXPLAINED_BY_EVENTS] = "EXPLAINED",
	[EXPLAINED_IN_PART] = "UNEXPLAINED",
	[EXPLAINED_UNSURE] = "UNSURE",
};

/* ---- numbers and sentences */

#define PERCENT (FORMAT_FIXED + 2)

static void put_percent(double value, double base, char text[PERCENT])
{
	char number[FORMAT_FIXED];

	text_fit(text, PERCENT, "%s %%", format_fixed(base > 0 ? round(1000 * value / base) / 10 + 0.0 : 0.0, 1, true, number));
}

/* The kinds of event that make most of it, down to a tenth. */
static void put_kinds(const struct explained *e, struct text *text)
{
	bool done[FS_COSTS] = {false};

	for (unsigned n = 0; n < 3; n++) {
		unsigned most = FS_COSTS;
		char percent[PERCENT];

		for (unsigned i = 0; i < FS_COSTS; i++) {
			if (!done[i] && fabs(e->part[i]) > (most == FS_COSTS ? fabs(e->change) / 10 : fabs(e->part[most])))
				most = i;
		}
		if (most == FS_COSTS)
			return;
		done[most] = true;
		put_percent(e->part[most], e->base, percent);
		text_add(text, "%s%s %s", n != 0 ? ", " : "", fs_cost_names[most], percent);
	}
}

static const char title[] = "what programs lost or gained by what single events cost (computed: the unit costs of each run, from its benchmarks)";

/* How many programs changed, how many of them the events do not explain, and of how many nothing can be said. Each line begins with the mark. */
static void put_sums(const struct explanation *e, const char *mark, FILE *out)
{
	size_t changed = 0, unexplained = 0, unsure = 0;

	for (size_t i = 0; i < e->n; i++) {
		enum explained_verdict verdict = explained_judge(&e->lines[i], e->margin_pct);

		changed += verdict != EXPLAINED_UNCHANGED;
		unexplained += verdict == EXPLAINED_IN_PART;
		unsure += verdict == EXPLAINED_UNSURE;
	}
	fprintf(out, "%s%zu of %zu program%s changed by more than %g %%; of %zu the events do not explain it (UNEXPLAINED)\n", mark, changed, e->n,
		TEXT_S(e->n), e->margin_pct, unexplained);
	if (unsure != 0)
		fprintf(out, "%sof %zu it is not sure: a run does not know what some of their events cost (UNSURE; fivestep run calibrate)\n", mark,
			unsure);
	if (e->unknown != 0)
		fprintf(out, "%s%zu other program%s of %s: a run lacks the benchmarks that say what %s events cost (fivestep run calibrate)\n", mark,
			e->unknown, TEXT_S(e->unknown), e->models[1].run->path, e->unknown == 1 ? "its" : "their");
}

/* ---- a table, of those that changed */

#define COLUMNS 9
static const struct table_column columns[COLUMNS] = {{"PROGRAM", false}, {"SETUP", false}, {"DEVICE", false}, {"PARAMETERS", false}, {"CHANGE", true},
	{"BY EVENTS", true}, {"MOST OF THAT", false}, {"REST", true}, {"NOTE", false}};

static void put_note(const struct explained *e, enum explained_verdict verdict, struct text *text)
{
	text_add(text, "%s", e->is_reference ? "reference" : verdict >= EXPLAINED_IN_PART ? explained_names[verdict] : "");
	for (unsigned i = 0, n = 0; i < FS_COSTS && verdict == EXPLAINED_UNSURE; i++) {
		if (e->is_unsure[i])
			text_add(text, "%s%s", n++ == 0 ? " of " : ", ", fs_cost_names[i]);
	}
}

/* Calls put() with the texts of a line. 0 or what it returned; -ENOMEM. */
static int with_texts(const struct explained *e, double margin_pct, int (*put)(const char *const texts[COLUMNS], void *to), void *to)
{
	char change[PERCENT], events[PERCENT], rest[PERCENT], *params = format_params_whole(e->cell, false);
	struct text kinds = {0}, note = {0};
	enum explained_verdict verdict = explained_judge(e, margin_pct);
	const char *texts[COLUMNS] = {e->cell->bench, e->cell->setup, e->cell->device, params, change, events, NULL, rest, NULL};
	int err = -ENOMEM;

	put_percent(e->change, e->base, change);
	put_percent(e->events, e->base, events);
	put_percent(e->change - e->events, e->base, rest);
	put_kinds(e, &kinds);
	put_note(e, verdict, &note);
	texts[6] = text_string(&kinds);
	texts[8] = text_string(&note);
	if (params != NULL && !kinds.lost && !note.lost)
		err = put(texts, to);
	free(params);
	text_clear(&kinds);
	text_clear(&note);
	return err;
}

static int put_changed(const struct explanation *e, int (*put)(const char *const texts[COLUMNS], void *to), void *to)
{
	int err = 0;

	for (size_t i = 0; i < e->n && err == 0; i++) {
		if (explained_judge(&e->lines[i], e->margin_pct) != EXPLAINED_UNCHANGED)
			err = with_texts(&e->lines[i], e->margin_pct, put, to);
	}
	return err;
}

static bool has_changed(const struct explanation *e)
{
	for (size_t i = 0; i < e->n; i++) {
		if (explained_judge(&e->lines[i], e->margin_pct) != EXPLAINED_UNCHANGED)
			return true;
	}
	return false;
}

static int add_to_table(const char *const texts[COLUMNS], void *to)
{
	return table_line(to, texts);
}

int explain_table(const struct explanation *e, FILE *out)
{
	struct table *table = table_new(columns, COLUMNS);
	int err = table == NULL ? -ENOMEM : 0;

	fprintf(out, "\n%s\n\n", title);
	if (err == 0)
		err = put_changed(e, add_to_table, table);
	err = table_print(table, out, err);
	if (err == 0 && has_changed(e))
		fputc('\n', out);
	if (err == 0)
		put_sums(e, "", out);
	return err;
}

/* ---- Markdown */

static int put_markdown(const char *const texts[COLUMNS], void *to)
{
	for (unsigned i = 0; i < COLUMNS; i++) {
		fputs("| ", to);
		text_put(to, TEXT_MARKDOWN, texts[i]);
		fputc(' ', to);
	}
	fputs("|\n", to);
	return 0;
}

int explain_markdown(const struct explanation *e, FILE *out)
{
	int err = 0;

	fprintf(out, "\n#### %s\n\n", title);
	if (has_changed(e)) {
		fputs("| program | setup | device | parameters | change | by events | most of that | rest | note |\n"
		      "|---|---|---|---|---:|---:|---|---:|---|\n",
			out);
		err = put_changed(e, put_markdown, out);
		fputc('\n', out);
	}
	put_sums(e, "- ", out);
	if (err == 0 && fflush(out) != 0)
		err = -errno;
	return err;
}

/* ---- JSON, of every program */

#define LEAST_PART 1e-9 /* of the base: less is what rounding leaves of equal numbers */

static json_t *params_json(const struct runfile_cell *cell)
{
	json_t *params = json_object();

	for (size_t p = 0; p < cell->n_params; p++)
		json_object_set_new(params, cell->params[p].name, json_string(cell->params[p].text));
	return params;
}

static json_t *line_json(const struct explained *e, double margin_pct)
{
	json_t *parts = json_object(), *unsure = json_array();

	for (unsigned i = 0; i < FS_COSTS; i++) {
		if (fabs(e->part[i]) > LEAST_PART * e->base)
			json_object_set_new(parts, fs_cost_names[i], json_real(e->part[i]));
		if (e->is_unsure[i])
			json_array_append_new(unsure, json_string(fs_cost_names[i]));
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:f, s:f, s:f, s:o, s:f, s:[f, f], s:b, s:s, s:o}", "program", e->cell->bench, "setup", e->cell->setup,
		"device", e->cell->device, "params", params_json(e->cell), "base", e->base, "change", e->change, "by_events", e->events, "parts",
		parts, "rest", e->change - e->events, "rest_within", e->rest_lo, e->rest_hi, "is_reference", e->is_reference, "verdict",
		explained_names[explained_judge(e, margin_pct)], "unsure_of", unsure);
}

json_t *explain_json(const struct explanation *e)
{
	json_t *programs = json_array();

	for (size_t i = 0; i < e->n; i++)
		json_array_append_new(programs, line_json(&e->lines[i], e->margin_pct));
	return json_pack("{s:s, s:s, s:f, s:I, s:o}", "what", "computed, not measured", "unit", clock_unit(e->models[1].run->clock), "margin_pct",
		e->margin_pct, "unknown", (json_int_t)e->unknown, "programs", programs);
}
