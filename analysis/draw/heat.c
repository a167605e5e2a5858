/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * heat.c - draws a metric over two parameters: a row per way of sharing, a column per pair of values, the value as a number and as a shade. Darker is
 * worse, on a logarithmic scale; values that were not measured are hatched, not pale.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/draw/drawing.h"
#include "analysis/draw/ranking.h"
#include "analysis/summary/format.h"
#include "base/arena.h"

#define COLUMNS	     12
#define COLUMN_BYTES 25

struct column {
	const char *over, *by;
};

struct map {
	struct column column[COLUMNS];
	unsigned columns;
	const char *label[DRAWING_ROWS];
	unsigned rows;
	size_t left; /* cells that have no place in it */
	const struct summary_row *value[DRAWING_ROWS][COLUMNS];
	double best, worst;
};

static int column_of(struct map *map, const char *over, const char *by)
{
	for (unsigned c = 0; c < map->columns; c++)
		if (strcmp(map->column[c].over, over) == 0 && strcmp(map->column[c].by, by) == 0)
			return (int)c;
	if (map->columns == COLUMNS)
		return -1;
	map->column[map->columns] = (struct column){over, by};
	return (int)map->columns++;
}

static int row_of(struct map *map, const char *label)
{
	for (unsigned r = 0; r < map->rows; r++)
		if (strcmp(map->label[r], label) == 0)
			return (int)r;
	if (map->rows == DRAWING_ROWS)
		return -1;
	map->label[map->rows] = label;
	return (int)map->rows++;
}

static void collect(const struct maker *maker, const struct plot *plot, struct map *map)
{
	double lo = INFINITY, hi = 0.0;
	bool higher = false;

	memset(map, 0, sizeof(*map));
	for (size_t c = 0; c < maker->run->n_cells; c++) {
		const struct runfile_cell *cell = &maker->run->cells[c];
		const struct summary_row *value = strcmp(cell->bench, plot->bench) != 0 ? NULL : drawing_row(maker->summary, cell, plot->metrics[0]);
		const char *over = runfile_param(cell, plot->over), *by = runfile_param(cell, plot->by);
		int row, column;

		if (value == NULL || over == NULL || by == NULL || !(value->interval.median > 0.0))
			continue;
		row = row_of(map, cells_name(maker->run, cell, plot->over, plot->by));
		column = column_of(map, over, by);
		if (row < 0 || column < 0) {
			map->left++;
			continue;
		}
		map->value[row][column] = value;
		lo = fmin(lo, value->interval.median);
		hi = fmax(hi, value->interval.median);
		higher = value->better == FS_HIGHER;
	}
	map->best = higher ? hi : lo;
	map->worst = higher ? lo : hi;
}

/* Columns with the same first parameter are adjacent, in the order in which its values appear. */
static void order_columns(struct map *map)
{
	for (unsigned c = 1; c < map->columns; c++) {
		unsigned at = c;

		for (unsigned d = 0; d < c && at == c; d++)
			if (strcmp(map->column[d].over, map->column[c].over) == 0 &&
				(d + 1 == c || strcmp(map->column[d + 1].over, map->column[c].over) != 0))
				at = d + 1;
		for (unsigned d = c; d > at; d--) {
			struct column column = map->column[d];

			map->column[d] = map->column[d - 1];
			map->column[d - 1] = column;
			for (unsigned r = 0; r < map->rows; r++) {
				const struct summary_row *value = map->value[r][d];

				map->value[r][d] = map->value[r][d - 1];
				map->value[r][d - 1] = value;
			}
		}
	}
}

/* 0 best, 1 worst. The scale spans at least a factor of four, so that noise does not look like contrast; it is linear where a value is not above 0.
 */
static double shade(const struct map *map, double value)
{
	double whole;

	if (map->best == map->worst)
		return 0.0;
	if (!(fmin(map->best, map->worst) > 0.0))
		return (value - map->best) / (map->worst - map->best);
	whole = fmax(fabs(log(map->worst / map->best)), log(4.0));
	return fabs(log(value / map->best)) / whole;
}

/* From a pale to a dark blue, so that a print in grey shows the same. */
static long colour(double shade)
{
	static const int pale[] = {0xe9, 0xf1, 0xf8}, dark[] = {0x0b, 0x3c, 0x6f};
	long rgb = 0;

	for (unsigned i = 0; i < 3; i++)
		rgb = rgb << 8 | lround(pale[i] + shade * (dark[i] - pale[i]));
	return rgb;
}

static void put_map(struct sheet *sheet, const struct map *map)
{
	struct picture *picture = &sheet->picture;

	picture_block(picture);
	for (unsigned r = 0; r < map->rows; r++)
		for (unsigned c = 0; c < map->columns; c++) {
			const struct summary_row *value = map->value[r][c];
			char median[FORMAT_VALUE], range[FORMAT_VALUE];

			if (value == NULL)
				continue;
			format_interval(&value->interval, value->unit, median, range);
			fprintf(picture->numbers, "%u\t%u\t%ld\t%d\t", c + 1, r + 1, colour(shade(map, value->interval.median)),
				shade(map, value->interval.median) > 0.5 ? 0xffffff : 0x222222);
			picture_field(picture, median);
			fputc('\n', picture->numbers);
			picture_tip(
				picture, c + 1.0, r + 1.0, "%s, %s, %s: %s %s", map->label[r], map->column[c].over, map->column[c].by, median, range);
		}
	picture_block(picture);
	for (unsigned r = 0; r < map->rows; r++)
		for (unsigned c = 0; c < map->columns; c++)
			if (map->value[r][c] == NULL)
				fprintf(picture->numbers, "%u\t%u\n", c + 1, r + 1);
	/* gnuplot does not accept an empty block */
	fputs("-9\t-9\n", picture->numbers);
}

/* A column is narrow: what is too long is shortened, with a mark. */
static void put_column(struct picture *picture, const struct plot *plot, const struct column *column)
{
	const char *const names[] = {plot->over, plot->by}, *const values[] = {column->over, column->by};
	struct text text = {0};

	for (int i = 0; i < 2; i++) {
		char name[COLUMN_BYTES], value[COLUMN_BYTES];

		text_fit(name, sizeof(name), "%s", names[i]);
		text_fit(value, sizeof(value), "%s", values[i]);
		text_add(&text, "%s%s: %s", i > 0 ? "\\n" : "", name, value);
	}
	picture_field(picture, text_string(&text));
	text_clear(&text);
}

static void put_labels(struct picture *picture, const struct plot *plot, const struct map *map)
{
	size_t longest = 4;

	picture_block(picture);
	for (unsigned r = 0; r < map->rows; r++) {
		fprintf(picture->numbers, "%u\t", r + 1);
		picture_field(picture, map->label[r]);
		fputc('\n', picture->numbers);
		longest = strlen(map->label[r]) > longest ? strlen(map->label[r]) : longest;
	}
	picture_block(picture);
	for (unsigned c = 0; c < map->columns; c++) {
		fprintf(picture->numbers, "%u\t", c + 1);
		put_column(picture, plot, &map->column[c]);
		fputc('\n', picture->numbers);
	}
	picture_margin(picture, longest);
	picture_number(picture, "rows", map->rows);
	picture_number(picture, "columns", map->columns);
}

static void put_table(struct sheet *sheet, const struct map *map)
{
	for (unsigned r = 0; r < map->rows; r++)
		for (unsigned c = 0; c < map->columns; c++) {
			const struct summary_row *value = map->value[r][c];

			if (value == NULL)
				continue;
			sheet_cell(sheet, "%s", map->label[r]);
			sheet_cell(sheet, "%s", map->column[c].over);
			sheet_cell(sheet, "%s", map->column[c].by);
			sheet_interval(sheet, &value->interval, value->unit);
			sheet_row(sheet);
		}
}

/* Which place of the map has the least, and which the most. */
static void put_answer(struct sheet *sheet, const struct plot *plot, const struct map *map)
{
	struct ranked list[DRAWING_ROWS * COLUMNS];
	unsigned n = 0;

	for (unsigned r = 0; r < map->rows; r++)
		for (unsigned c = 0; c < map->columns; c++) {
			struct text text = {0};
			const char *name;

			if (map->value[r][c] == NULL)
				continue;
			text_add(&text, "%s%s%s=%s %s=%s", map->label[r], *map->label[r] != '\0' ? " " : "", plot->over, map->column[c].over,
				plot->by, map->column[c].by);
			name = arena_text(sheet->maker->run->arena, text_string(&text));
			text_clear(&text);
			list[n++] = (struct ranked){map->value[r][c], name != NULL ? name : map->label[r]};
		}
	ranking_ends(sheet, map->left > 0 ? " in this picture" : "", list, n);
}

static int draw(struct maker *maker, const struct plot *plot)
{
	char *columns;
	struct sheet sheet;
	struct map map;
	int err;

	if (plot->over == NULL || plot->by == NULL)
		return 0;
	collect(maker, plot, &map);
	if (!map.rows)
		return 0;
	order_columns(&map);
	columns = text_format("cell|%s|%s|>%s|95 %% interval", plot->over, plot->by, plot->metrics[0]);
	if (columns == NULL)
		return fs_no_memory(maker->why);
	err = sheet_begin(&sheet, maker, "heat", columns, "%s: %s", plot->bench, plot->title != NULL ? plot->title : plot->metrics[0]);
	free(columns);
	if (err != 0)
		return err;
	put_map(&sheet, &map);
	put_labels(&sheet.picture, plot, &map);
	picture_names(&sheet.picture, NULL, 0, NULL);
	picture_number(&sheet.picture, "key_rows", 0);
	picture_rows(&sheet.picture, map.rows, 40);
	put_table(&sheet, &map);
	put_answer(&sheet, plot, &map);
	sheet_caption(&sheet, "Median of %s over the rounds; darker is worse, hatched was not measured.", plot->metrics[0]);
	if (map.left > 0)
		sheet_caption(&sheet, " %zu more cell%s %s only in the tables of results.", map.left, TEXT_S(map.left), map.left == 1 ? "is" : "are");
	sheet_alt(&sheet, "A map of %s of %s: a row per way of sharing, a column per pair of %s and %s. The numbers are in the table below.",
		plot->metrics[0], plot->bench, plot->over, plot->by);
	return sheet_end(&sheet);
}

const struct drawing drawing_heat = {
	.name = "heat",
	.heading = "Access cost by initiator and residence",
	.draw = draw,
};
