/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counters.c - what was counted in each step, and what could not be.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cells.h"
#include "analysis/format.h"
#include "analysis/report/section.h"

/* What steps are about. Times of the engine and switches are in the records. */
static bool is_told(const struct runfile_cell *cell, const struct runfile_count *count)
{
	static const char *const units[] = {"faults", "pages", "bytes"};

	for (unsigned u = 0; u < FS_ARRAY_SIZE(units); u++)
		if (!strcmp(count->unit, units[u]))
			return true;
	return cells_is_device_count(cell, count) && strcmp(count->unit, "ns") != 0;
}

/* One counter over the steps, if it counted anything in one of them. */
static void put_count(
	FILE *rows, const char *label, const struct runfile_cell *cell, const struct runfile_round *round, const struct runfile_count *count)
{
	double all = cells_count_median(cell, NULL, count->name);
	char text[FORMAT_VALUE];

	if (!(all > 0.0) || !is_told(cell, count))
		return;
	fprintf(rows, "%s\t%s", label, count->name);
	for (size_t s = 0; s < round->n_steps; s++) {
		double median = cells_count_median(cell, round->steps[s].name, count->name);

		fprintf(rows, isfinite(median) ? "\t%.10g" : "\t-", median);
	}
	format_value(all, count->unit, text);
	fprintf(rows, "\t%s\n", text);
}

static void write_kernel(const struct chapter *chapter, const char *kernel)
{
	const struct runfile *run = chapter->run;
	char columns[256] = "cell|counter", title[128];
	char *rows = NULL;
	size_t bytes = 0;
	FILE *file = open_memstream(&rows, &bytes);

	if (!file)
		return;
	for (unsigned s = 0; s < FS_STEPS; s++)
		snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>%s", fs_step_names[s]);
	snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>all");
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = strcmp(run->cells[c].bench, kernel) ? NULL : cells_first_ok(&run->cells[c]);
		char label[128];

		if (!round || round->n_steps != FS_STEPS)
			continue;
		cells_label(run, &run->cells[c], NULL, NULL, label, sizeof(label));
		for (size_t i = 0; i < round->steps[0].n_counts; i++)
			put_count(file, label, &run->cells[c], round, &round->steps[0].counts[i]);
	}
	fclose(file);
	snprintf(title, sizeof(title), "%.80s: counters by step", kernel);
	if (rows && *rows)
		document_tabbed(chapter->document, title, columns, rows, false);
	free(rows);
}

static void write_steps(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct names kernels = {0};

	for (size_t c = 0; c < run->n_cells; c++)
		if (runfile_is_kernel(&run->cells[c]) && cells_first_ok(&run->cells[c]))
			names_add(&kernels, run->cells[c].bench);
	if (!kernels.n)
		return;
	document_heading(chapter->document, 2, "Counters by step");
	document_paragraph(chapter->document, "Faults, pages and bytes, the median over the rounds; counters that stayed at zero are left out.");
	for (unsigned k = 0; k < kernels.n; k++)
		write_kernel(chapter, kernels.name[k]);
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

				/* texts are kept once: equal ones are the same pointer */
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
	write_absent(chapter);
}

const struct section section_counters = {
	.name = "counters",
	.write_run = write_run,
};
