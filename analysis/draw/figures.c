/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * figures.c - draws the pictures of a run one after another, and has what drawings share. See drawing.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"
#include "analysis/summary/format.h"
#include "base/arena.h"
#include "base/array.h"

#define CONTINUED " (continued)"

/* ---- a figure ------------------------------------------------------------------------------------------ */

static struct figure *next_figure(struct maker *maker)
{
	struct figures *figures = maker->figures;
	struct figure *figure;

	if (ARRAY_ADD(figures->list, figures->n, ARRAY_MANY, "pictures", maker->why) != 0)
		return NULL;
	figure = &figures->list[figures->n];
	*figure = (struct figure){.drawing = maker->drawing, .bench = maker->bench};
	return figure;
}

/* What does not fit in one picture continues in the next. */
static bool is_continued(const struct figures *figures, const struct figure *figure, const char *title)
{
	const struct figure *last = figure - 1;

	return figure != figures->list && strncmp(last->title, title, strlen(title)) == 0 &&
	       (last->title[strlen(title)] == '\0' || strcmp(last->title + strlen(title), CONTINUED) == 0);
}

int sheet_begin(struct sheet *sheet, struct maker *maker, const char *script, const char *columns, const char *fmt, ...)
{
	struct figure *figure = next_figure(maker);
	struct text title = {0};
	unsigned number = 1;
	va_list args;
	int err;

	memset(sheet, 0, sizeof(*sheet));
	if (figure == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < maker->figures->n; i++)
		number += maker->figures->list[i].drawing == maker->drawing;
	err = picture_begin(&sheet->picture, maker->place, script, maker->why, "%s%s-%u", maker->prefix, maker->drawing->name, number);
	if (err != 0)
		return err;
	sheet->maker = maker;
	sheet->figure = figure;
	figure->columns = strdup(columns);
	sheet->table = open_memstream(&figure->rows, &sheet->table_bytes);
	snprintf(figure->name, sizeof(figure->name), "%s", sheet->picture.name);
	va_start(args, fmt);
	text_add_va(&title, fmt, args);
	va_end(args);
	if (is_continued(maker->figures, figure, text_string(&title)))
		text_add(&title, CONTINUED);
	figure->title = text_take(&title);
	picture_title(&sheet->picture, figure->title != NULL ? figure->title : "");
	maker->figures->n++;
	if (figure->title != NULL && figure->columns != NULL && sheet->table != NULL)
		return 0;
	sheet_end(sheet);
	return fs_no_memory(maker->why);
}

void sheet_cell(struct sheet *sheet, const char *fmt, ...)
{
	struct text text = {0};
	va_list args;

	va_start(args, fmt);
	text_add_va(&text, fmt, args);
	va_end(args);
	if (sheet->column++ != 0)
		fputc('\t', sheet->table);
	for (const char *c = text_string(&text); *c != '\0'; c++)
		fputc((unsigned char)*c < ' ' ? ' ' : *c, sheet->table);
	text_clear(&text);
}

void sheet_row(struct sheet *sheet)
{
	fputc('\n', sheet->table);
	sheet->column = 0;
}

void sheet_interval(struct sheet *sheet, const struct statistics_interval *interval, const char *unit)
{
	char median[FORMAT_VALUE], range[FORMAT_VALUE];

	format_interval(interval, unit, median, range);
	sheet_cell(sheet, "%s", median);
	sheet_cell(sheet, "%s", range);
}

void sheet_answer(struct sheet *sheet, const char *fmt, ...)
{
	struct text *answer = &sheet->figure->answer;
	va_list args;

	va_start(args, fmt);
	if (answer->len != 0)
		text_add(answer, " ");
	text_add_va(answer, fmt, args);
	va_end(args);
}

void sheet_caption(struct sheet *sheet, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_add_va(&sheet->figure->caption, fmt, args);
	va_end(args);
}

void sheet_alt(struct sheet *sheet, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_add_va(&sheet->figure->alt, fmt, args);
	va_end(args);
}

/* The table beside the picture, for spreadsheets: NAME.tsv. */
static int write_table(const struct figure *figure, const char *dir)
{
	char *path = text_format("%s/%s.tsv", dir, figure->name);
	FILE *file = path != NULL ? fopen(path, "we") : NULL;
	bool bad;
	int err = path != NULL ? -errno : -ENOMEM;

	free(path);
	if (file == NULL)
		return err;
	for (const char *c = figure->columns; *c; c++)
		if (*c != '>')
			fputc(*c == '|' ? '\t' : *c, file);
	fprintf(file, "\n%s", figure->rows);
	bad = ferror(file);
	return fclose(file) || bad ? -EIO : 0;
}

int sheet_end(struct sheet *sheet)
{
	struct figure *figure = sheet->figure;
	struct fs_reason why = {0};
	int err = 0;

	if (sheet->table != NULL && fclose(sheet->table))
		err = -ENOMEM;
	if (figure->answer.len != 0) {
		picture_answer(&sheet->picture, text_string(&figure->answer));
		text_add(&figure->alt, " %s", text_string(&figure->answer));
	}
	figure->script = sheet->picture.script;
	if (picture_write(&sheet->picture, sheet->maker->place, &why) != 0)
		text_add(&figure->error, "%s", why.what);
	if (err == 0 && figure->rows != NULL && figure->columns != NULL)
		err = write_table(figure, sheet->maker->place->dir);
	return err != 0 ? fs_because(sheet->maker->why, err, "", "%s.tsv: %s", figure->name, strerror(-err)) : 0;
}

/* ---- names and rows ------------------------------------------------------------------------------------ */

int drawing_names_add(struct names *names, const char *name)
{
	int err;

	for (unsigned i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return 0;
	err = ARRAY_ADD(names->name, names->n, ARRAY_MANY, "names", NULL);
	if (err == 0)
		names->name[names->n++] = name;
	return err;
}

int drawing_benches(const struct runfile *run, struct names *names)
{
	int err = 0;

	for (size_t c = 0; c < run->n_cells && err == 0; c++)
		err = drawing_names_add(names, run->cells[c].bench);
	return err;
}

void drawing_names_free(struct names *names)
{
	free(names->name);
	*names = (struct names){0};
}

const struct summary_row *drawing_row(const struct summary *summary, const struct runfile_cell *cell, const char *metric)
{
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->cell != cell || !row->n_values)
			continue;
		if (strcmp(row->metric, metric) == 0 ||
			(row->histogram && strcmp(row->base, metric) == 0 && strcmp(row->metric + strlen(metric), "_p50") == 0))
			return row;
	}
	return NULL;
}

static bool has_any(const struct summary *summary, const struct runfile_cell *cell, const struct plot *plot)
{
	for (unsigned m = 0; m < plot->n_metrics; m++)
		if (drawing_row(summary, cell, plot->metrics[m]) != NULL)
			return true;
	return false;
}

void rows_collect(const struct maker *maker, const struct plot *plot, size_t *next, struct rows *rows)
{
	const struct runfile *run = maker->run;

	rows->n = 0;
	for (; *next < run->n_cells && rows->n < DRAWING_ROWS; ++*next) {
		const struct runfile_cell *cell = &run->cells[*next];

		if (strcmp(cell->bench, plot->bench) != 0 || !has_any(maker->summary, cell, plot))
			continue;
		rows->cell[rows->n] = cell;
		rows->label[rows->n] = cells_name(run, cell, NULL, NULL);
		rows->n++;
	}
}

bool rows_are_all(const struct maker *maker, const struct plot *plot, const struct rows *rows)
{
	unsigned n = 0;

	for (size_t c = 0; c < maker->run->n_cells; c++)
		n += strcmp(maker->run->cells[c].bench, plot->bench) == 0 && has_any(maker->summary, &maker->run->cells[c], plot);
	return n == rows->n;
}

bool rows_are_alike(const struct rows *rows)
{
	for (unsigned i = 1; i < rows->n; i++)
		if (!cells_same_work(rows->cell[0], rows->cell[i]))
			return false;
	return true;
}

void rows_put(struct picture *picture, const struct rows *rows)
{
	size_t longest = 4;

	picture_block(picture);
	for (unsigned i = 0; i < rows->n; i++) {
		fprintf(picture->numbers, "%u\t", i + 1);
		picture_field(picture, rows->label[i]);
		fputc('\n', picture->numbers);
		longest = strlen(rows->label[i]) > longest ? strlen(rows->label[i]) : longest;
	}
	picture_number(picture, "rows", rows->n);
	picture_margin(picture, longest);
}

const char *drawing_name(const struct runfile *run, const struct summary_row *row)
{
	struct text text = {0};
	const char *name;

	text_add(&text, "%s %s ", row->cell->bench, row->metric);
	cells_label(run, row->cell, NULL, NULL, &text);
	name = arena_text(run->arena, text_string(&text));
	text_clear(&text);
	return name;
}

void drawing_ends(const struct summary_row *row, double *lo, double *hi)
{
	*lo = row->interval.has_interval ? row->interval.lo : row->interval.median;
	*hi = row->interval.has_interval ? row->interval.hi : row->interval.median;
}

const char *drawing_unit(double max, const char *unit, double *factor)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	static const char *const sizes[] = {"bytes", "KiB", "MiB", "GiB"};
	bool time = strcmp(unit, "ns") == 0, size = strcmp(unit, "bytes") == 0;
	double step = time ? 1000.0 : 1024.0;
	unsigned u = 0;

	*factor = 1.0;
	if (!time && !size)
		return unit;
	while (u < 3 && max * *factor >= 2.0 * step) {
		*factor /= step;
		u++;
	}
	return time ? times[u] : sizes[u];
}

const char *drawing_times(double times, char text[DRAWING_TIMES])
{
	/* cut: a number, which is shorter */
	snprintf(text, DRAWING_TIMES, "%.*f", times < 0.995 ? 2 : times < 9.95 ? 1 : 0, fmin(times, 1e15));
	return text;
}

const char *drawing_clock_unit(const struct runfile *run)
{
	return clock_counts_instructions(run->clock) ? "insn" : "ns";
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static int draw_benches(struct maker *maker)
{
	const struct runfile *run = maker->run;
	struct names benches = {0};
	int err = drawing_benches(run, &benches);

	for (unsigned b = 0; b < benches.n && err == 0; b++) {
		struct plot plots[PLOTS_MAX];
		unsigned n = plots_of(run, maker->summary, benches.name[b], plots);

		maker->bench = benches.name[b];
		for (unsigned p = 0; p < n && err == 0; p++)
			if (strcmp(plots[p].draw, maker->drawing->name) == 0)
				err = maker->drawing->draw(maker, &plots[p]);
	}
	maker->bench = NULL;
	drawing_names_free(&benches);
	return err;
}

/* All of them, several at once. */
static int draw_all(const struct maker *maker)
{
	struct figures *figures = maker->figures;
	struct picture_job *jobs = calloc(figures->n + 1, sizeof(*jobs));
	struct figure **of = calloc(figures->n + 1, sizeof(*of));
	bool lost = jobs == NULL || of == NULL;
	size_t n = 0;

	for (size_t i = 0; i < figures->n && !lost; i++)
		if (figures->list[i].error.len == 0) {
			of[n] = &figures->list[i];
			jobs[n++] = (struct picture_job){.script = figures->list[i].script, .name = figures->list[i].name};
		}
	if (n > 0)
		picture_draw_all(maker->place, jobs, n);
	for (size_t i = 0; i < n; i++)
		if (jobs[i].err != 0)
			text_add(&of[i]->error, "%s", jobs[i].why.what);
	free(of);
	free(jobs);
	return lost ? fs_no_memory(maker->why) : 0;
}

int figures_make(struct maker *maker)
{
	int err = 0;

	memset(maker->figures, 0, sizeof(*maker->figures));
	for (unsigned d = 0; registry_drawings[d] != NULL && err == 0; d++) {
		maker->drawing = registry_drawings[d];
		err = maker->drawing->draw != NULL ? draw_benches(maker) : maker->drawing->draw_run(maker);
	}
	if (err == 0)
		err = draw_all(maker);
	if (err != 0)
		figures_free(maker->figures);
	return err == -ENOMEM ? fs_no_memory(maker->why) : err;
}

void figures_free(struct figures *figures)
{
	for (size_t i = 0; i < figures->n; i++) {
		free(figures->list[i].title);
		text_clear(&figures->list[i].answer);
		text_clear(&figures->list[i].caption);
		text_clear(&figures->list[i].alt);
		text_clear(&figures->list[i].error);
		free(figures->list[i].columns);
		free(figures->list[i].rows);
	}
	free(figures->list);
	memset(figures, 0, sizeof(*figures));
}
