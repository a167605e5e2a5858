/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * otava.c - a table for Apache Otava (Hunter) of type csv: a line per run, a column per series.
 *
 * Columns: time, run, version, commit, machine, then each cell's metrics as CELL/METRIC[UNIT], medians. Missing values are empty. Otava
 * reads the columns that its test names: `time_column: time`, `attributes: [run, version, commit]`, `metrics:` with direction -1 if lower is
 * better. Runs of one machine belong in one table.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "analysis/export/export.h"
#include "analysis/summary/format.h"
#include "base/array.h"
#include "base/text.h"

/* A value of one run in its column. */
struct entry {
	char *column;
	size_t run;
	double value;
	size_t order; /* of appearance */
};

struct table {
	struct entry *entries;
	size_t n;
};

static void put_field(FILE *out, const char *text)
{
	text_put(out, TEXT_CSV, text);
}

static int add_run(struct table *table, struct identity *identity, const struct runfile *run, const struct summary *summary, size_t number)
{
	struct cell_keys keys = {0};
	int err = cell_keys_make_by(identity, run, &keys);

	if (err == 0)
		err = array_grow(&table->entries, table->n, summary->n + 1, sizeof(*table->entries), ARRAY_MANY, "rows", NULL);
	for (size_t i = 0; i < summary->n && err == 0; i++) {
		const struct summary_row *row = &summary->rows[i];
		struct entry *entry = &table->entries[table->n];

		if (!row->n_values)
			continue;
		*entry = (struct entry){.run = number, .value = row->interval.median, .order = table->n};
		if (asprintf(&entry->column, "%s/%s[%s]", cell_key(&keys, row->cell), row->metric, row->unit) < 0)
			err = -ENOMEM;
		else
			table->n++;
	}
	cell_keys_free(&keys);
	return err;
}

static int by_column(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->column, y->column);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* The columns' first entries, in the order of appearance. */
static int by_appearance(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

static const char *build_text(const struct runfile *run, const char *name)
{
	const char *text = json_string_value(json_object_get(json_object_get(run->header, "build"), name));

	return text != NULL ? text : "";
}

/* A column's entries follow its first one. */
static void put_value(FILE *out, const struct table *table, const struct entry *column, size_t run)
{
	char value[FORMAT_VALUE];

	for (const struct entry *entry = column; entry < table->entries + table->n && strcmp(entry->column, column->column) == 0; entry++)
		if (entry->run == run) {
			format_exact(entry->value, value);
			fputs(value, out);
			return;
		}
}

static void put_table(
	FILE *out, const struct table *table, const struct entry *const *columns, size_t n_columns, const struct runfile *runs, size_t n)
{
	fputs("time,run,version,commit,machine", out);
	for (size_t c = 0; c < n_columns; c++) {
		fputc(',', out);
		put_field(out, columns[c]->column);
	}
	fputc('\n', out);
	for (size_t i = 0; i < n; i++) {
		const char *fields[] = {
			runs[i].started, runs[i].id, build_text(&runs[i], "version"), build_text(&runs[i], "commit"), runs[i].fingerprint};

		for (size_t f = 0; f < FS_ARRAY_SIZE(fields); f++) {
			if (f)
				fputc(',', out);
			put_field(out, fields[f]);
		}
		for (size_t c = 0; c < n_columns; c++) {
			fputc(',', out);
			put_value(out, table, columns[c], i);
		}
		fputc('\n', out);
	}
}

static int otava_write(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why)
{
	const struct entry **columns = NULL;
	struct table table = {0};
	struct identity *identity = identity_new();
	size_t n_columns = 0;
	int err = identity != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && err == 0; i++)
		err = identity_learn(identity, &runs[i]);
	for (size_t i = 0; i < n && err == 0; i++)
		err = add_run(&table, identity, &runs[i], &summaries[i], i);
	columns = calloc(table.n + 1, sizeof(*columns));
	if (columns == NULL)
		err = -ENOMEM;
	if (err == 0) {
		if (table.n)
			qsort(table.entries, table.n, sizeof(*table.entries), by_column);
		for (size_t i = 0; i < table.n; i++)
			if (!i || strcmp(table.entries[i - 1].column, table.entries[i].column) != 0)
				columns[n_columns++] = &table.entries[i];
		if (n_columns)
			qsort(columns, n_columns, sizeof(*columns), by_appearance);
		put_table(out, &table, columns, n_columns, runs, n);
	}
	for (size_t i = 0; i < table.n; i++)
		free(table.entries[i].column);
	free(table.entries);
	free(columns);
	identity_free(identity);
	return err != 0 ? fs_because(why, err, "", "otava: out of memory") : 0;
}

const struct export_format export_otava = {
	.name = "otava",
	.summary = "a line for each run, a column for each series, medians: the CSV of Apache Otava (Hunter)",
	.several = true,
	.write = otava_write,
};
