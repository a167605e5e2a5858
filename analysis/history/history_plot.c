/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_plot.c - draws series over time; see history_plot.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/history_plot.h"
#include "analysis/page/picture.h"
#include "analysis/summary/format.h"
#include "base/text.h"

#define TICS	    6	 /* runs whose day is printed */
#define DAY_PX	    120	 /* what a day takes of the axis */
#define MARGINS_PX  130	 /* on both sides of it, as in series.gp */
#define FILE_NAME   80	 /* characters of the series that the name of its file has, after its number */
#define MARGIN_PART 0.08 /* of the values' range, above and below */
#define TIPS_MAX    2000 /* runs with a tooltip: more would make a large picture */

/* A series being drawn. */
struct sheet {
	const struct history *history;
	const struct index *index;
	const struct index_series *series;
	const struct history_line *line;
	const struct history_change *changes; /* of this series: they are adjacent */
	size_t n_changes;
	double factor; /* from the recorded unit to the unit shown */
	const char *unit;
	struct picture picture;
};

static void choose_unit(struct sheet *sheet)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	double most = 0.0;
	unsigned t = 0;

	sheet->factor = 1.0;
	sheet->unit = sheet->series->unit;
	if (strcmp(sheet->unit, "ns") != 0)
		return;
	for (size_t i = 0; i < sheet->line->n; i++)
		most = fmax(most, fabs(sheet->line->values[i]));
	for (; t + 1 < FS_ARRAY_SIZE(times) && most * sheet->factor >= 999.5; t++)
		sheet->factor /= 1000.0;
	sheet->unit = times[t];
}

static bool is_worse(const struct history_change *change)
{
	return change->state != HISTORY_BETTER;
}

static size_t count_worse(const struct sheet *sheet)
{
	size_t n = 0;

	for (size_t i = 0; i < sheet->n_changes; i++)
		n += is_worse(&sheet->changes[i]);
	return n;
}

/* ---- the numbers ----------------------------------------------------------------------------------------- */

static void put_runs(struct sheet *sheet)
{
	const struct history_line *line = sheet->line;

	picture_block(&sheet->picture);
	for (size_t i = 0; i < line->n; i++)
		fprintf(sheet->picture.numbers, "%zu\t%.9g\t%.9g\t%.9g\n", i + 1, line->values[i] * sheet->factor, line->lo[i] * sheet->factor,
			line->hi[i] * sheet->factor);
}

/* Between the runs: a level starts half a run before its first one. */
static void put_level(struct sheet *sheet, size_t first, size_t end, double value)
{
	fprintf(sheet->picture.numbers, "%.9g\t%.9g\t%.9g\n", (double)first + 0.5, (double)end + 0.5, value * sheet->factor);
}

static void put_levels(struct sheet *sheet)
{
	struct statistics_interval all;
	size_t first = 0;

	picture_block(&sheet->picture);
	for (size_t i = 0; i < sheet->n_changes; i++) {
		put_level(sheet, first, sheet->changes[i].point.at, sheet->changes[i].point.before);
		first = sheet->changes[i].point.at;
	}
	if (sheet->n_changes)
		put_level(sheet, first, sheet->line->n, sheet->changes[sheet->n_changes - 1].point.after);
	else if (!statistics_median(sheet->line->values, sheet->line->n, &all))
		put_level(sheet, 0, sheet->line->n, all.median);
}

static void put_changes(struct sheet *sheet, bool worse)
{
	picture_block(&sheet->picture);
	for (size_t i = 0; i < sheet->n_changes; i++)
		if (is_worse(&sheet->changes[i]) == worse)
			fprintf(sheet->picture.numbers, "%.9g\n", (double)sheet->changes[i].point.at + 0.5);
}

/* ---- the texts ------------------------------------------------------------------------------------------- */

/* Days under the axis, as many as fit. */
static int put_days(struct sheet *sheet, const char *variable, size_t most, struct fs_reason *why)
{
	size_t n = sheet->line->n, tics = n < most ? n : most;
	FILE *texts = sheet->picture.texts;
	int err = 0;

	fprintf(texts, "%s = \"(", variable);
	for (size_t t = 0; t < tics && err == 0; t++) {
		size_t i = tics > 1 ? t * (n - 1) / (tics - 1) : 0;
		struct index_run run;

		err = index_get_run(sheet->index, sheet->line->runs[i], &run, why);
		/* only the digits and dashes of the date */
		if (err == 0)
			fprintf(texts, "%s'%.*s' %zu", t ? ", " : "", (int)strspn(run.started, "0123456789-"), run.started, i + 1);
		index_run_free(&run);
	}
	fputs(")\"\n", texts);
	return err;
}

static void put_range(struct sheet *sheet)
{
	const struct history_line *line = sheet->line;
	double least = INFINITY, most = -INFINITY, margin;

	for (size_t i = 0; i < line->n; i++) {
		least = fmin(least, line->lo[i]);
		most = fmax(most, line->hi[i]);
	}
	margin = most > least ? MARGIN_PART * (most - least) : most == 0.0 ? 1.0 : MARGIN_PART * fabs(most);
	picture_number(&sheet->picture, "y_min", (least - margin) * sheet->factor);
	picture_number(&sheet->picture, "y_max", (most + margin) * sheet->factor);
}

static int put_tips(struct sheet *sheet, struct fs_reason *why)
{
	const struct history_line *line = sheet->line;
	int err = 0;

	for (size_t i = 0; i < line->n && line->n <= TIPS_MAX && err == 0; i++) {
		struct index_run run;

		err = index_get_run(sheet->index, line->runs[i], &run, why);
		if (err == 0)
			picture_tip(&sheet->picture, (double)i + 1.0, line->values[i] * sheet->factor, "%s %s: %.4g %s", run.started, run.run_id,
				line->values[i] * sheet->factor, sheet->unit);
		index_run_free(&run);
	}
	return err;
}

/* What happened last: the newest change that was found, or that there is none. */
static int put_answer(struct sheet *sheet, struct fs_reason *why)
{
	const struct history_change *last = sheet->n_changes != 0 ? &sheet->changes[sheet->n_changes - 1] : NULL;
	char level[2][FORMAT_VALUE], percent[FORMAT_FIXED];
	struct text answer = {0};
	struct index_run run;
	int err = 0;

	if (last == NULL) {
		text_add(&answer, "No change of level was found in %zu runs.", sheet->line->n);
	} else {
		format_value(last->point.before, sheet->series->unit, level[0]);
		format_value(last->point.after, sheet->series->unit, level[1]);
		err = index_get_run(sheet->index, last->at, &run, why);
		if (err == 0)
			text_add(&answer, "%s %.*s, %s: %s from %s to %s", sheet->n_changes > 1 ? "The newest of its changes," : "One change,",
				(int)strspn(run.started, "0123456789-"), run.started, is_worse(last) ? "for the worse" : "for the better",
				last->point.drift ? "it drifted" : "a step", level[0], level[1]);
		if (err == 0 && last->point.before != 0.0)
			text_add(&answer, " (%s %%)", format_fixed((last->point.after / last->point.before - 1.0) * 100.0, 1, true, percent));
		index_run_free(&run);
		text_add(&answer, ".");
	}
	if (err == 0)
		picture_answer(&sheet->picture, text_string(&answer));
	text_clear(&answer);
	return err;
}

static int put_texts(struct sheet *sheet, struct fs_reason *why)
{
	const char *names[4] = {"a run, with its 95 % interval", "level"};
	size_t worse = count_worse(sheet), others = sheet->n_changes - worse;
	unsigned n = 2;
	char *title;
	int err;

	if (worse)
		names[n++] = "changed for the worse";
	if (others)
		names[n++] = "changed for the better";
	title = text_format("%s%s", sheet->series->name, sheet->series->emulated ? " (emulated)" : "");
	picture_text(&sheet->picture, "title", title != NULL ? title : sheet->series->name);
	free(title);
	picture_names(&sheet->picture, names, n, NULL);
	picture_number(&sheet->picture, "worse", (double)worse);
	picture_number(&sheet->picture, "others", (double)others);
	picture_number(&sheet->picture, "runs", (double)sheet->line->n);
	picture_text(&sheet->picture, "x_label", "runs, by the day they were started");
	picture_axis(&sheet->picture, "y_label", sheet->series->metric, sheet->unit);
	picture_lines(&sheet->picture);
	put_range(sheet);
	err = put_answer(sheet, why);
	if (err == 0)
		err = put_days(sheet, "x_tics", TICS, why);
	/* a day and the gap beside it */
	if (err == 0 && sheet->picture.paper_px > 0)
		err = put_days(sheet, "paper_x_tics", (size_t)fmin(TICS, fmax(2, (sheet->picture.paper_px - MARGINS_PX) / DAY_PX + 1)), why);
	return err;
}

static int draw(struct sheet *sheet, size_t number, struct picture_place *place, struct fs_reason *why)
{
	struct text stamp = {0};
	int err;

	choose_unit(sheet);
	text_add(&stamp, "fivestep history, machine %s, clock %s%s", sheet->series->fingerprint, sheet->series->clock,
		sheet->series->emulated ? ", emulated" : "");
	place->stamp = text_string(&stamp);
	err = picture_begin(&sheet->picture, place, "series", why, "%03zu-%.*s", number, FILE_NAME, sheet->series->name);
	if (err != 0) {
		text_clear(&stamp);
		return err;
	}
	put_runs(sheet);
	put_levels(sheet);
	if (count_worse(sheet))
		put_changes(sheet, true);
	if (count_worse(sheet) < sheet->n_changes)
		put_changes(sheet, false);
	err = put_texts(sheet, why);
	if (err == 0)
		err = put_tips(sheet, why);
	/* call picture_end() in any case, as files are open */
	if (picture_end(&sheet->picture, place, err != 0 ? &(struct fs_reason){0} : why) != 0 && err == 0)
		err = -EIO;
	place->stamp = NULL;
	text_clear(&stamp);
	return err;
}

int history_plot(const struct history *history, const struct index *index, const char *dir, double paper_mm, bool changed_only, size_t *drawn,
	struct fs_reason *pictures, struct fs_reason *why)
{
	struct picture_place place;
	int err = picture_place_open(&place, dir, paper_mm, pictures, why);
	size_t change = 0;

	*drawn = 0;
	for (size_t s = 0; s < history->n_series && err == 0; s++) {
		struct sheet sheet = {.history = history,
			.index = index,
			.series = &history->series[s],
			.changes = history->changes != NULL ? history->changes + change : NULL};
		struct history_line line;

		for (; change < history->n_changes && history->changes[change].series == s; change++)
			sheet.n_changes++;
		if (changed_only && !sheet.n_changes)
			continue;
		err = history_read_line(history, index, s, &line, why);
		sheet.line = &line;
		if (err == 0)
			err = draw(&sheet, ++*drawn, &place, why);
		history_line_free(&line);
	}
	picture_place_close(&place);
	return err;
}
