/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - tables of texts; see table.h.
 */
#include "config.h"

#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/terminal.h"

#define LAST_MIN 20 /* characters of the last column that are shown, whatever the width */

struct table {
	const struct table_column *columns;
	size_t n_columns, n; /* n: lines */
	char **lines;	     /* of each the texts, one after the other, each with its end */
	unsigned width[];
};

struct table *table_new(const struct table_column *columns, size_t n)
{
	struct table *table = calloc(1, sizeof(*table) + n * sizeof(table->width[0]));

	if (table == NULL)
		return NULL;
	table->columns = columns;
	table->n_columns = n;
	for (size_t c = 0; c < n; c++)
		table->width[c] = terminal_width(columns[c].name);
	return table;
}

int table_line(struct table *table, const char *const *texts)
{
	size_t bytes = 0, at = 0;
	char *line = NULL;
	int err;

	for (size_t c = 0; c < table->n_columns; c++)
		bytes += strlen(texts[c]) + 1;
	err = ARRAY_ADD(table->lines, table->n, ARRAY_MANY, "lines", NULL);
	if (err == 0 && (line = malloc(bytes)) == NULL)
		err = -ENOMEM;
	if (err != 0)
		return err;
	for (size_t c = 0; c < table->n_columns; c++) {
		size_t len = strlen(texts[c]) + 1;
		unsigned width = terminal_width(texts[c]);

		memcpy(line + at, texts[c], len);
		at += len;
		table->width[c] = width > table->width[c] ? width : table->width[c];
	}
	table->lines[table->n++] = line;
	return 0;
}

/* Returns whether it was cut: to `room` characters, unless that is 0. */
static bool put_last(const struct table_column *column, const char *text, unsigned width, unsigned room, FILE *out)
{
	bool cut = room > 0 && terminal_width(text) > room;

	if (cut)
		terminal_put(out, text, room, false);
	else
		terminal_put(out, text, column->right ? width : 0, column->right);
	fputc('\n', out);
	return cut;
}

/* text: the first of the line's, or NULL for the head. */
static bool put_line(const struct table *table, const char *text, unsigned room, FILE *out)
{
	bool cut = false;

	for (size_t c = 0; c < table->n_columns; c++) {
		const struct table_column *column = &table->columns[c];
		const char *shown = text != NULL ? text : column->name;

		if (c + 1 == table->n_columns) {
			cut = put_last(column, shown, table->width[c], room, out);
		} else {
			terminal_put(out, shown, table->width[c], column->right);
			fputc(' ', out);
		}
		text = text != NULL ? text + strlen(text) + 1 : NULL;
	}
	return cut;
}

/* Of a terminal's columns what the others leave to the last one; 0: it is not cut. */
static unsigned room_of_last(const struct table *table, FILE *out)
{
	unsigned used = 0, columns;

	if (isatty(fileno(out)) != 1)
		return 0;
	columns = terminal_columns(out);
	for (size_t c = 0; c + 1 < table->n_columns; c++)
		used += table->width[c] + 1;
	return columns > used + LAST_MIN ? columns - used : LAST_MIN;
}

static void say_cut(size_t lines, FILE *out)
{
	char text[120];

	snprintf(text, sizeof(text), "(%zu line%s cut at \"..\" to fit the terminal; whole in a pipe: | cat)", lines, lines > 1 ? "s are" : " is");
	terminal_wrap(out, text, terminal_columns(out), 1);
}

static void table_free(struct table *table)
{
	for (size_t i = 0; i < table->n; i++)
		free(table->lines[i]);
	free(table->lines);
	free(table);
}

int table_print(struct table *table, FILE *out, int err)
{
	unsigned room;
	size_t cut = 0;

	if (table == NULL)
		return err != 0 ? err : -ENOMEM;
	room = room_of_last(table, out);
	if (err == 0 && table->n > 0) {
		put_line(table, NULL, room, out);
		for (size_t i = 0; i < table->n; i++)
			cut += put_line(table, table->lines[i], room, out);
		if (cut > 0)
			say_cut(cut, out);
		if (ferror(out))
			err = -EIO;
	}
	table_free(table);
	return err;
}

/* ---- tables that fit ------------------------------------------------------------------------------------- */

#define INDENT 4

/* Sets which columns are shown, without the first one where that has its own line. Returns whether they fit. */
static bool choose(const struct table *table, bool split, const size_t *left_out, size_t n, unsigned columns, bool *shown)
{
	unsigned used = split ? INDENT - 1 : 0;

	for (size_t c = 0; c < table->n_columns; c++) {
		shown[c] = c > 0 || !split;
		used += shown[c] ? table->width[c] + (c > 0 ? 1 : 0) : 0;
	}
	for (size_t i = 0; i < n && used > columns; i++) {
		shown[left_out[i]] = false;
		used -= table->width[left_out[i]] + 1;
	}
	return used <= columns;
}

static void put_fitted(const struct table *table, const char *text, bool split, const bool *shown, FILE *out)
{
	size_t last = 0;

	for (size_t c = 0; c < table->n_columns; c++)
		last = shown[c] ? c : last;
	for (size_t c = 0; c < table->n_columns; c++) {
		const char *cell = text != NULL ? text : table->columns[c].name;

		if (c == 0 && split)
			fprintf(out, "%s\n%*s", cell, INDENT, "");
		else if (shown[c])
			terminal_put(out, cell, c < last || table->columns[c].right ? table->width[c] : 0, table->columns[c].right);
		if (shown[c] && c < last)
			fputc(' ', out);
		text = text != NULL ? text + strlen(text) + 1 : NULL;
	}
	fputc('\n', out);
}

int table_print_fitted(struct table *table, const size_t *left_out, size_t n, FILE *out, int err)
{
	bool split, *shown;

	if (table == NULL)
		return err != 0 ? err : -ENOMEM;
	shown = calloc(table->n_columns, sizeof(*shown));
	if (shown == NULL)
		err = err != 0 ? err : -ENOMEM;
	if (err == 0 && table->n > 0) {
		split = !choose(table, false, left_out, n, terminal_columns(out), shown);
		if (split)
			choose(table, true, left_out, n, terminal_columns(out), shown);
		put_fitted(table, NULL, split, shown, out);
		for (size_t i = 0; i < table->n; i++)
			put_fitted(table, table->lines[i], split, shown, out);
		if (ferror(out))
			err = -EIO;
	}
	free(shown);
	table_free(table);
	return err;
}
