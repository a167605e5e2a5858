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

static void write_bench(const struct chapter *chapter, const char *bench)
{
	const struct runfile *run = chapter->run;
	char columns[256] = "cell|counter", title[128];
	char *rows = NULL;
	size_t bytes = 0;
	FILE *file = open_memstream(&rows, &bytes);

	if (file == NULL)
		return;
	for (unsigned s = 0; s < FS_STEPS; s++)
		snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>%s", fs_step_names[s]);
	snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>all");
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = strcmp(run->cells[c].bench, bench) != 0 ? NULL : cells_first_ok(&run->cells[c]);
		char label[128];

		if (round == NULL || !round->n_steps)
			continue;
		cells_label(run, &run->cells[c], NULL, NULL, label, sizeof(label));
		for (size_t i = 0; i < round->steps[0].n_counts; i++)
			put_count(file, label, &run->cells[c], &round->steps[0].counts[i]);
	}
	fclose(file);
	snprintf(title, sizeof(title), "%.80s: counters by step", bench);
	if (rows != NULL && *rows)
		document_tabbed(chapter->document, title, columns, rows, false);
	free(rows);
}

static void write_steps(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct names benches = {0};

	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = cells_first_ok(&run->cells[c]);

		if (round != NULL && round->n_steps)
			names_add(&benches, run->cells[c].bench);
	}
	if (!benches.n)
		return;
	document_heading(chapter->document, 2, "Counters by step");
	document_paragraph(chapter->document, "Medians over the rounds; counters that stayed at zero are left out.");
	for (unsigned b = 0; b < benches.n; b++)
		write_bench(chapter, benches.name[b]);
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
	char columns[256] = "cell|metric";
	char *rows = NULL;
	size_t bytes = 0;
	FILE *file = open_memstream(&rows, &bytes);

	if (file == NULL)
		return;
	for (unsigned s = 0; s < FS_STEPS; s++)
		snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>%s", fs_step_names[s]);
	snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>round");
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = cells_first_ok(&run->cells[c]);
		char label[128], name[200];

		cells_label(run, &run->cells[c], NULL, NULL, label, sizeof(label));
		snprintf(name, sizeof(name), "%.60s %s", run->cells[c].bench, label);
		for (size_t i = 0; round != NULL && i < round->n_derived; i++)
			put_derived(file, name, &run->cells[c], &round->derived[i]);
	}
	fclose(file);
	if (rows != NULL && *rows) {
		document_heading(chapter->document, 2, "Derived from counters");
		document_paragraph(chapter->document,
			"Derived by the formulas of the selected groups, which are in the run file; medians over the rounds. "
			"fivestep list groups says what they mean and where they mislead.");
		document_tabbed(chapter->document, "derived metrics by step", columns, rows, false);
	}
	free(rows);
}

static void write_absent(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	const struct runfile_text *seen[64];
	size_t n = 0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t a = 0; a < run->cells[c].rounds[r]->n_absent && n < FS_ARRAY_SIZE(seen); a++) {
				const struct runfile_text *absent = &run->cells[c].rounds[r]->absent[a];
				bool new = true;

				/* texts are stored once: equal ones are the same pointer */
				for (size_t s = 0; s < n && new; s++)
					new = seen[s]->name != absent->name || seen[s]->text != absent->text;
				if (new)
					seen[n++] = absent;
			}
	if (!n)
		return;
	document_heading(chapter->document, 2, "Counters that could not be read");
	document_table_begin(chapter->document, "counter|why");
	for (size_t s = 0; s < n; s++)
		section_fact(chapter->document, seen[s]->name, seen[s]->text);
	document_table_end(chapter->document);
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
