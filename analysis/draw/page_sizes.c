/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page_sizes.c - draws what larger pages do: cells that differ in nothing but the sizes of pages, each beside the one with the smallest, as how many
 * times as good it is. Which parameters are sizes of pages, in which memory is mapped or which move together, is declared in the record.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/drawing.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

#define FORMS 2

static const char *const forms[FORMS] = {"page", "granule"};

/* The pages of a cell: an empty text where it has no such parameter. */
struct pages {
	const char *text[FORMS];
	double bytes;
};

/* A cell and metric beside the same with the smallest pages. */
struct pair {
	const struct summary_row *row, *base;
	struct pages pages, base_pages;
};

struct page_sizes {
	const char *param[FORMS]; /* their names in this run; NULL: nothing has one */
	struct pair *pair;
	size_t n;
};

/* Declared by a setup or a device of any cell. */
static void find_params(const struct runfile *run, struct page_sizes *sizes)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		for (size_t p = 0; p < run->cells[c].n_params; p++) {
			const char *name = run->cells[c].params[p].name;
			const char *form = json_string_value(json_object_get(runfile_declared(run, &run->cells[c], name), "form"));

			for (unsigned f = 0; f < FORMS && form != NULL; f++) {
				if (sizes->param[f] == NULL && strcmp(form, forms[f]) == 0)
					sizes->param[f] = name;
			}
		}
	}
}

static struct pages pages_of(const struct page_sizes *sizes, const struct runfile_cell *cell)
{
	struct pages pages = {.bytes = 0};

	for (unsigned f = 0; f < FORMS; f++) {
		double bytes = 0;

		pages.text[f] = sizes->param[f] != NULL ? runfile_param(cell, sizes->param[f]) : NULL;
		if (pages.text[f] == NULL || !format_number(pages.text[f], &bytes))
			pages.text[f] = "";
		pages.bytes += bytes;
	}
	return pages;
}

static bool is_page_param(const struct page_sizes *sizes, const char *name)
{
	return (sizes->param[0] != NULL && strcmp(sizes->param[0], name) == 0) || (sizes->param[1] != NULL && strcmp(sizes->param[1], name) == 0);
}

static bool same_but_pages(const struct page_sizes *sizes, const struct runfile_cell *a, const struct runfile_cell *b)
{
	if (strcmp(a->bench, b->bench) != 0 || strcmp(a->setup, b->setup) != 0 || strcmp(a->device, b->device) != 0 || a->n_params != b->n_params)
		return false;
	for (size_t p = 0; p < a->n_params; p++) {
		const char *other = runfile_param(b, a->params[p].name);

		if (other == NULL || (!is_page_param(sizes, a->params[p].name) && strcmp(other, a->params[p].text) != 0))
			return false;
	}
	return true;
}

static const struct runfile_cell *base_of(const struct runfile *run, const struct page_sizes *sizes, const struct runfile_cell *cell)
{
	const struct runfile_cell *base = cell;

	for (size_t c = 0; c < run->n_cells; c++) {
		if (same_but_pages(sizes, cell, &run->cells[c]) && pages_of(sizes, &run->cells[c]).bytes < pages_of(sizes, base).bytes)
			base = &run->cells[c];
	}
	return base;
}

static bool is_in(const struct plot *plot, const char *metric)
{
	if (plot->mark != NULL && strcmp(plot->draw, "stack") == 0)
		return strcmp(plot->mark, metric) == 0;
	for (unsigned m = 0; m < plot->n_metrics; m++) {
		if (strcmp(plot->metrics[m], metric) == 0)
			return true;
	}
	return false;
}

/* What the benchmark has pictures of, the whole and not its parts; of histograms the middle. */
static bool is_shown(const struct maker *maker, const struct page_sizes *sizes, const struct summary_row *row)
{
	struct plot plots[PLOTS_MAX];
	unsigned n = row->n_values != 0 && row->better != FS_EXACT ? plots_of(maker->run, maker->summary, row->cell->bench, plots) : 0;
	bool found = false;

	for (unsigned p = 0; p < n && !found; p++)
		found = (plots[p].over == NULL || !is_page_param(sizes, plots[p].over)) && is_in(&plots[p], row->base);
	return found && row->interval.median > 0 && (!row->histogram || strcmp(row->metric + strlen(row->base), "_p50") == 0);
}

static int collect(const struct maker *maker, struct page_sizes *sizes)
{
	sizes->pair = calloc(maker->summary->n + 1, sizeof(*sizes->pair));
	if (sizes->pair == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < maker->summary->n; i++) {
		const struct summary_row *row = &maker->summary->rows[i];
		const struct runfile_cell *base = base_of(maker->run, sizes, row->cell);
		struct pair *pair = &sizes->pair[sizes->n];

		if (base == row->cell || !is_shown(maker, sizes, row))
			continue;
		*pair = (struct pair){.row = row, .base = drawing_row(maker->summary, base, row->metric)};
		pair->pages = pages_of(sizes, row->cell);
		pair->base_pages = pages_of(sizes, base);
		sizes->n += pair->base != NULL && pair->base->interval.median > 0;
	}
	return 0;
}

/* How many times as good as the base: more than 1 is better, whatever the direction. */
static double times_of(const struct pair *pair, double value, double base)
{
	return pair->row->better == FS_HIGHER ? value / base : base / value;
}

/* As far apart as the intervals of both allow. */
static void times_ends(const struct pair *pair, double *lo, double *hi)
{
	double a, b, base_a, base_b;

	drawing_ends(pair->row, &a, &b);
	drawing_ends(pair->base, &base_a, &base_b);
	*lo = pair->row->better == FS_HIGHER ? times_of(pair, a, base_b) : times_of(pair, b, base_a);
	*hi = pair->row->better == FS_HIGHER ? times_of(pair, b, base_a) : times_of(pair, a, base_b);
}

static bool has_interval(const struct pair *pair)
{
	return pair->row->interval.has_interval && pair->base->interval.has_interval;
}

static double gain(const struct pair *pair)
{
	return times_of(pair, pair->row->interval.median, pair->base->interval.median);
}

/* "triad total hmm, page 2M": of the pages those that differ from the base's. */
static void pair_text(const struct maker *maker, const struct page_sizes *sizes, const struct pair *pair, struct text *text)
{
	const char *label = cells_name(maker->run, pair->row->cell, sizes->param[0], sizes->param[1]);

	text_add(text, "%s %s %s", pair->row->cell->bench, pair->row->metric, *label != '\0' ? label : pair->row->cell->setup);
	for (unsigned f = 0; f < FORMS; f++) {
		if (strcmp(pair->pages.text[f], pair->base_pages.text[f]) != 0)
			text_add(text, ", %s %s", sizes->param[f], pair->pages.text[f]);
	}
}

/* ---- the picture */

struct part {
	const struct pair *pair;
	unsigned n;
	double lo, hi; /* of the axis: intervals, and 1 */
};

static void put_labels(struct sheet *sheet, const struct page_sizes *sizes, const struct part *part)
{
	size_t longest = 4;

	picture_block(&sheet->picture);
	for (unsigned i = 0; i < part->n; i++) {
		const struct pair *pair = &part->pair[i];
		struct text text = {0};

		pair_text(sheet->maker, sizes, pair, &text);
		fprintf(sheet->picture.numbers, "%u\t", i + 1);
		picture_field(&sheet->picture, text_string(&text));
		fputc('\n', sheet->picture.numbers);
		longest = text.len > longest ? text.len : longest;
		text_clear(&text);
	}
	picture_number(&sheet->picture, "rows", part->n);
	picture_margin(&sheet->picture, longest);
}

static void put_pair(struct sheet *sheet, const struct page_sizes *sizes, const struct pair *pair, unsigned y)
{
	double middle = times_of(pair, pair->row->interval.median, pair->base->interval.median), lo, hi;
	struct text name = {0};
	char text[FORMAT_VALUE];

	times_ends(pair, &lo, &hi);
	fprintf(sheet->picture.numbers, "%u\t%.9g\t%.9g\t%.9g\n", y, middle, lo, hi);
	pair_text(sheet->maker, sizes, pair, &name);
	picture_tip(&sheet->picture, middle, y, "%s: %.3g times as good", text_string(&name), middle);
	sheet_cell(sheet, "%s", text_string(&name));
	text_clear(&name);
	format_value(pair->row->interval.median, pair->row->unit, text);
	sheet_cell(sheet, "%s", text);
	format_value(pair->base->interval.median, pair->base->unit, text);
	sheet_cell(sheet, "%s", text);
	sheet_cell(sheet, "%.3g", middle);
	sheet_cell(sheet, has_interval(pair) ? "[%.3g, %.3g]" : "-", lo, hi);
	sheet_row(sheet);
}

/* Each round beside the base's median. Those that are further away than the axis goes are not in the picture. */
static void put_rounds(struct sheet *sheet, const struct part *part)
{
	picture_block(&sheet->picture);
	/* gnuplot does not accept an empty block */
	fputs("-9\t-9\n", sheet->picture.numbers);
	for (unsigned i = 0; i < part->n; i++) {
		const struct pair *pair = &part->pair[i];

		for (size_t r = 0; r < pair->row->n_values; r++) {
			double value = times_of(pair, pair->row->values[r], pair->base->interval.median);

			if (value >= part->lo / 1.25 && value <= part->hi * 1.25)
				fprintf(sheet->picture.numbers, "%.4g\t%u\n", value, i + 1);
		}
	}
}

static void put_axis(struct sheet *sheet, const struct part *part)
{
	struct picture *picture = &sheet->picture;

	picture_names(picture, NULL, 0, NULL);
	picture_number(picture, "series", 1);
	picture_number(picture, "unnamed", 1);
	picture_number(picture, "key_rows", 0);
	picture_number(picture, "paper_key_rows", 0);
	picture_number(picture, "dots", 1);
	picture_tics(picture, "x_tics", part->lo, part->hi, "x");
	picture_number(picture, "x_min", part->lo / 1.25);
	picture_number(picture, "x_max", part->hi * 1.25);
	picture_text(picture, "x_label", "times as good");
	picture_rows(picture, part->n, PICTURE_SMALL_ROW_PX);
}

/* Of all pairs: how many are better for certain, how many worse, and which most. */
static void put_answer(struct sheet *sheet, const struct page_sizes *sizes)
{
	const struct pair *best = NULL, *worst = NULL;
	unsigned better = 0, worse = 0, known = 0;
	struct text name = {0};
	char times[DRAWING_TIMES];

	for (size_t i = 0; i < sizes->n; i++) {
		const struct pair *pair = &sizes->pair[i];
		double lo, hi;

		if (!has_interval(pair))
			continue;
		known++;
		times_ends(pair, &lo, &hi);
		better += lo > 1;
		worse += hi < 1;
		if (lo > 1 && (best == NULL || gain(pair) > gain(best)))
			best = pair;
		if (hi < 1 && (worst == NULL || gain(pair) < gain(worst)))
			worst = pair;
	}
	if (known == 0)
		return;
	sheet_answer(sheet, "Of %u, %u %s certainly better and %u worse with larger pages.", known, better, better == 1 ? "is" : "are", worse);
	if (best != NULL) {
		pair_text(sheet->maker, sizes, best, &name);
		sheet_answer(sheet, "Best: %s, %s times as good.", text_string(&name), drawing_times(gain(best), times));
		text_clear(&name);
	}
	if (worst != NULL) {
		pair_text(sheet->maker, sizes, worst, &name);
		sheet_answer(sheet, "Worst: %s, %s times as good.", text_string(&name), drawing_times(gain(worst), times));
		text_clear(&name);
	}
}

static int draw_part(struct maker *maker, const struct page_sizes *sizes, struct part *part)
{
	struct sheet sheet;
	int err = sheet_begin(&sheet, maker, "ratios", "what|>median|>with the smallest pages|>times as good|interval", "Do larger pages pay?");

	if (err != 0)
		return err;
	part->lo = part->hi = 1;
	for (unsigned i = 0; i < part->n; i++) {
		double lo, hi;

		times_ends(&part->pair[i], &lo, &hi);
		part->lo = fmin(part->lo, lo);
		part->hi = fmax(part->hi, hi);
	}
	put_labels(&sheet, sizes, part);
	picture_block(&sheet.picture);
	for (unsigned i = 0; i < part->n; i++)
		put_pair(&sheet, sizes, &part->pair[i], i + 1);
	put_rounds(&sheet, part);
	put_axis(&sheet, part);
	if (part->pair == sizes->pair)
		put_answer(&sheet, sizes);
	sheet_caption(&sheet,
		"The same cell with larger pages beside the one with the smallest: further right is better, at 1 nothing changes. The interval is "
		"as wide as both medians' intervals together make it; faint dots are rounds. A fault or a migration of a larger "
		"page is more work: what it saves is in the programs.");
	sheet_alt(&sheet, "Dots with intervals on a logarithmic axis: how many times as good each result is with larger pages.");
	return sheet_end(&sheet);
}

static int draw_run(struct maker *maker)
{
	struct page_sizes sizes = {.n = 0};
	int err;

	find_params(maker->run, &sizes);
	if (sizes.param[0] == NULL && sizes.param[1] == NULL)
		return 0;
	err = collect(maker, &sizes);
	for (size_t i = 0; i < sizes.n && err == 0; i += DRAWING_ROWS) {
		struct part part = {.pair = &sizes.pair[i], .n = (unsigned)(sizes.n - i < DRAWING_ROWS ? sizes.n - i : DRAWING_ROWS)};

		err = draw_part(maker, &sizes, &part);
	}
	free(sizes.pair);
	return err;
}

const struct drawing drawing_page_sizes = {
	.name = "page_sizes",
	.heading = "Larger pages",
	.draw_run = draw_run,
};
