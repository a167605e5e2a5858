/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counters.c - the counts of each step, and counters that could not be read.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"
#include "analysis/report/section.h"
#include "base/array.h"

/* One counter over the steps, if it counted anything in one of them. */
static void put_count(FILE *rows, const char *label, const struct runfile_cell *cell, const struct runfile_count *count)
{
	double all = cells_count_median(cell, NULL, count->name);
	char text[FORMAT_VALUE];

	if (!(all > 0.0))
		return;
	fprintf(rows, "%s\t%s", label, count->name);
	for (unsigned s = 0; s < FS_STEPS; s++) {
		double median = cells_count_median(cell, fs_step_names[s], count->name);

		fprintf(rows, isfinite(median) ? "\t%.10g" : "\t-", median);
	}
	format_value(all, count->unit, text);
	fprintf(rows, "\t%s\n", text);
}

/* The steps between what a row is of and what it is as a whole. */
static void add_columns(struct text *columns, const char *first, const char *last)
{
	text_add(columns, "%s", first);
	for (unsigned s = 0; s < FS_STEPS; s++)
		text_add(columns, "|>%s", fs_step_names[s]);
	text_add(columns, "|>%s", last);
}

static void write_bench(const struct chapter *chapter, const char *bench)
{
	const struct runfile *run = chapter->run;
	struct text columns = {0};
	char *rows = NULL, *title;
	size_t bytes = 0;
	FILE *file = open_memstream(&rows, &bytes);

	if (file == NULL)
		return;
	add_columns(&columns, "cell|counter", "all");
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = strcmp(run->cells[c].bench, bench) != 0 ? NULL : cells_first_ok(&run->cells[c]);

		if (round == NULL || !round->n_steps)
			continue;
		for (size_t i = 0; i < round->steps[0].n_counts; i++)
			put_count(file, cells_name(run, &run->cells[c], NULL, NULL), &run->cells[c], &round->steps[0].counts[i]);
	}
	fclose(file);
	title = text_format("%s: counters by step", bench);
	if (rows != NULL && *rows != '\0' && title != NULL)
		document_tabbed(chapter->document, title, text_string(&columns), rows, false);
	free(title);
	free(rows);
	text_clear(&columns);
}

static void write_steps(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct names benches = {0};

	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = cells_first_ok(&run->cells[c]);

		if (round != NULL && round->n_steps)
			drawing_names_add(&benches, run->cells[c].bench);
	}
	if (benches.n > 0) {
		document_heading(chapter->document, 2, "Counters by step");
		document_paragraph(chapter->document, "Medians over the rounds; counters that stayed at zero are left out.");
	}
	for (unsigned b = 0; b < benches.n; b++)
		write_bench(chapter, benches.name[b]);
	drawing_names_free(&benches);
}

/* One derived metric over the steps, and over the whole round. */
static void put_derived(FILE *rows, const char *label, const struct runfile_cell *cell, const struct runfile_count *metric)
{
	char text[FORMAT_VALUE];

	fprintf(rows, "%s\t%s", label, metric->name);
	for (unsigned s = 0; s < FS_STEPS; s++) {
		double median = cells_derived_median(cell, fs_step_names[s], metric->name);

		fprintf(rows, isfinite(median) ? "\t%.4g" : "\t-", median);
	}
	format_value(cells_derived_median(cell, NULL, metric->name), metric->unit, text);
	fprintf(rows, "\t%s\n", text);
}

static void write_derived(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct text columns = {0};
	char *rows = NULL;
	size_t bytes = 0;
	FILE *file = open_memstream(&rows, &bytes);

	if (file == NULL)
		return;
	add_columns(&columns, "cell|metric", "round");
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = cells_first_ok(&run->cells[c]);
		char *name = text_format("%s %s", run->cells[c].bench, cells_name(run, &run->cells[c], NULL, NULL));

		for (size_t i = 0; round != NULL && name != NULL && i < round->n_derived; i++)
			put_derived(file, name, &run->cells[c], &round->derived[i]);
		free(name);
	}
	fclose(file);
	if (rows != NULL && *rows) {
		document_heading(chapter->document, 2, "Derived from counters");
		document_paragraph(chapter->document,
			"Derived by the formulas of the selected groups, which are in the run file; medians over the rounds. "
			"fivestep list groups says what they mean and where they mislead.");
		document_tabbed(chapter->document, "derived metrics by step", text_string(&columns), rows, false);
	}
	free(rows);
	text_clear(&columns);
}

static void write_absent(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	const struct runfile_text **seen = NULL;
	size_t n = 0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t a = 0; a < run->cells[c].rounds[r]->n_absent; a++) {
				const struct runfile_text *absent = &run->cells[c].rounds[r]->absent[a];
				bool new = true;

				/* texts are stored once: equal ones are the same pointer */
				for (size_t s = 0; s < n && new; s++)
					new = seen[s]->name != absent->name || seen[s]->text != absent->text;
				if (new &&ARRAY_ADD(seen, n, ARRAY_MANY, "counters", NULL) == 0)
					seen[n++] = absent;
			}
	if (n == 0)
		return;
	document_heading(chapter->document, 2, "Counters that could not be read");
	document_table_begin(chapter->document, "counter|why");
	for (size_t s = 0; s < n; s++)
		section_fact(chapter->document, seen[s]->name, seen[s]->text);
	document_table_end(chapter->document);
	free(seen);
}

static void write_run(const struct chapter *chapter)
{
	write_steps(chapter);
	write_derived(chapter);
	write_absent(chapter);
}

const struct section section_counters = {
	.name = "counters",
	.write_run = write_run,
};
