/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - kinds of memory by ways of sharing, from the cases conform.kind_*: a table in Markdown for each run.
 */
#include "config.h"

#include <string.h>

#include "analysis/conform/conform.h"
#include "base/text.h"

#define KIND	FS_CASE "kind_"
#define COLUMNS 32

/* A way of sharing: the setup and device of a cell. */
struct column {
	const char *setup, *device;
};

struct table {
	const struct runfile *run;
	struct column column[COLUMNS];
	size_t n, lost;
};

static bool is_kind(const struct runfile_cell *cell)
{
	return conform_is_case(cell) && strncmp(cell->bench, KIND, strlen(KIND)) == 0;
}

static bool is_in(const struct runfile_cell *cell, const struct column *column)
{
	return strcmp(cell->setup, column->setup) == 0 && strcmp(cell->device, column->device) == 0;
}

/* Columns of which every cell is a skip say nothing. */
static void find_columns(struct table *table)
{
	for (size_t i = 0; i < table->run->n_cells; i++) {
		const struct runfile_cell *cell = &table->run->cells[i];
		size_t at = 0;

		if (!is_kind(cell) || runfile_count_verdict(cell, VERDICT_SKIP) == cell->n_rounds)
			continue;
		while (at < table->n && !is_in(cell, &table->column[at]))
			at++;
		if (at == COLUMNS)
			table->lost++;
		else if (at == table->n)
			table->column[table->n++] = (struct column){cell->setup, cell->device};
	}
}

static double value(const struct runfile_round *round, const char *name)
{
	const struct runfile_metric *metric = runfile_find_metric(round, name);

	return metric != NULL && metric->n_samples == 1 ? metric->samples[0] : 0;
}

/* error: refused; wrong: not the promised contents; moves: at least one page; stays: none. */
static const char *word(const struct runfile_round *round, const char *moved, const char *refused)
{
	if (value(round, refused) > 0)
		return "error";
	if (round->verdict != VERDICT_OK)
		return round->verdict == VERDICT_SKIP ? "skip" : round->verdict == VERDICT_FAIL ? "wrong" : verdict_names[round->verdict];
	return value(round, moved) > 0 ? "moves" : "stays";
}

static const struct runfile_cell *find_cell(const struct table *table, const char *bench, const struct column *column)
{
	for (size_t i = 0; i < table->run->n_cells; i++) {
		const struct runfile_cell *cell = &table->run->cells[i];

		if (strcmp(cell->bench, bench) == 0 && is_in(cell, column) && cell->n_rounds == 1)
			return cell;
	}
	return NULL;
}

static void put_row(const struct table *table, const char *bench, FILE *out)
{
	const char *summary = runfile_bench_summary(table->run, bench);

	fputs("| ", out);
	text_put(out, TEXT_MARKDOWN, *summary != '\0' ? summary : bench + strlen(KIND));
	for (size_t i = 0; i < table->n; i++) {
		const struct runfile_cell *cell = find_cell(table, bench, &table->column[i]);

		fputs(" | ", out);
		if (cell == NULL)
			fputs("-", out);
		else
			fprintf(out, "%s, %s", word(cell->rounds[0], "moved_by_access", "refused_access"),
				word(cell->rounds[0], "moved_by_request", "refused_request"));
	}
	fputs(" |\n", out);
}

static void put_head(const struct table *table, FILE *out)
{
	const json_t *factors = json_object_get(json_object_get(table->run->header, "machine"), "factors");
	const char *kernel = json_string_value(json_object_get(factors, "kernel"));

	fputs("### Linux ", out);
	text_put(out, TEXT_MARKDOWN, kernel != NULL ? kernel : "of unknown version");
	fputs(table->run->guest ? ", in the guest\n\n| memory" : "\n\n| memory", out);
	for (size_t i = 0; i < table->n; i++) {
		fputs(" | ", out);
		text_put(out, TEXT_MARKDOWN, table->column[i].setup);
		fputs(" on ", out);
		text_put(out, TEXT_MARKDOWN, table->column[i].device);
	}
	fputs(" |\n|---", out);
	for (size_t i = 0; i < table->n; i++)
		fputs("|---", out);
	fputs("|\n", out);
}

bool conform_table(const struct runfile *run, FILE *out)
{
	struct table table = {.run = run};
	const char *last = "";

	find_columns(&table);
	if (table.n == 0)
		return false;
	put_head(&table, out);
	for (size_t i = 0; i < run->n_cells; i++) {
		if (!is_kind(&run->cells[i]) || strcmp(run->cells[i].bench, last) == 0)
			continue;
		last = run->cells[i].bench;
		put_row(&table, last, out);
	}
	if (table.lost != 0)
		fprintf(out, "\n%zu cell%s of further ways of sharing %s not shown.\n", table.lost, TEXT_S(table.lost),
			table.lost == 1 ? "is" : "are");
	fputc('\n', out);
	return true;
}
