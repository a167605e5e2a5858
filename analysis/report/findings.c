/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * findings.c - the findings in words, computed from the records: which way of sharing suits what, where another becomes better, how reliable that is.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draw/sweep.h"
#include "analysis/summary/format.h"
#include "analysis/report/section.h"
#include "analysis/claims/ways.h"

#define CROSSINGS 4

/* ---- which programs, which way -------------------------------------------------------------------------- */

/* Over a run's kernels: the ratio of a family's best way to the best of all. */
struct span {
	double lo, hi;
	size_t best, n; /* how often it is the best, or as good */
};

static void add_span(struct span *span, const struct way *way)
{
	span->lo = span->n ? fmin(span->lo, way->ratio) : way->ratio;
	span->hi = span->n ? fmax(span->hi, way->ratio) : way->ratio;
	span->best += way->as_good;
	span->n++;
}

/* Why nothing of a family was measured: the first recorded reason. */
static const char *why_not(const struct runfile *run, enum ways_family family)
{
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			if (run->cells[c].rounds[r]->verdict != VERDICT_OK && ways_family(run, run->cells[c].setup) == family)
				return run->cells[c].rounds[r]->why;
	return "not in the plan";
}

static void say_span(const struct chapter *chapter, const struct span *span, enum ways_family family)
{
	const char *name = ways_family_names[family];

	if (!span->n)
		document_item(chapter->document, "With %s: not measured: %s.", name, why_not(chapter->run, family));
	else if (span->best == span->n)
		document_item(chapter->document, "With %s: the best, or as good as the best, in %s.", name,
			span->n == 1 ? "the one program that ran this way" : "every program that ran this way");
	else if (span->n == 1)
		document_item(chapter->document, "With %s: at its best %.3g times the best time.", name, span->hi);
	else
		document_item(chapter->document, "With %s: at its best %.3g to %.3g times the best time; as good as the best in %zu of %zu programs.",
			name, span->lo, span->hi, span->best, span->n);
}

static void write_programs(const struct chapter *chapter, const struct ways_list *list)
{
	struct span spans[WAYS_FAMILIES] = {{0}};
	size_t programs = 0;

	for (size_t i = 0; i < list->n; i++) {
		programs += runfile_is_kernel(list->list[i].like);
		for (int f = 0; f < WAYS_FAMILIES && runfile_is_kernel(list->list[i].like); f++) {
			const struct way *way = ways_best_of(&list->list[i], chapter->run, f);

			if (way != NULL)
				add_span(&spans[f], way);
		}
	}
	if (!programs)
		return;
	document_paragraph(chapter->document, "Whole programs, all five steps together (%zu %s):", programs,
		programs == 1 ? "kernel on one device" : "kernels and devices");
	document_item_begin(chapter->document);
	for (int f = 0; f < WAYS_FAMILIES; f++)
		say_span(chapter, &spans[f], f);
	document_item_end(chapter->document);
}

/* Where another way becomes the best. */
static void write_crossings(const struct chapter *chapter, const struct plot *plot)
{
	struct sweep_crossing crossings[CROSSINGS];
	struct sweep sweep;
	unsigned n = 0;

	if (!sweep_collect(chapter->run, chapter->summary, plot, &sweep))
		n = sweep_crossings(&sweep, crossings, CROSSINGS);
	for (unsigned i = 0; i < n; i++)
		document_paragraph(chapter->document, "%s (%s): up to about %s = %.2g %s is better, from there on %s%s.", plot->bench,
			runfile_bench_summary(chapter->run, plot->bench), plot->over, crossings[i].x, sweep.labels[crossings[i].from],
			sweep.labels[crossings[i].to], crossings[i].sure ? "" : "; not certain, as intervals overlap");
	sweep_free(&sweep);
}

static void write_all_crossings(const struct chapter *chapter)
{
	struct names benches = {0};

	drawing_benches(chapter->run, &benches);
	for (unsigned b = 0; b < benches.n; b++) {
		struct plot plots[PLOTS_MAX];
		unsigned n = plots_of(chapter->run, chapter->summary, benches.name[b], plots);

		for (unsigned p = 0; p < n; p++)
			if (strcmp(plots[p].draw, "crossing") == 0)
				write_crossings(chapter, &plots[p]);
	}
	drawing_names_free(&benches);
}

/* ---- reliability ---------------------------------------------------------------------------------------- */

static void write_trust(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	size_t cells[VERDICTS] = {0}, unvisited = 0, held = 0, all = 0;

	for (size_t c = 0; c < run->n_cells; c++) {
		enum verdict verdict;

		if (runfile_cell_verdict(&run->cells[c], &verdict))
			cells[verdict]++;
		else
			unvisited++;
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_evidence; e++, all++)
				held += run->cells[c].rounds[r]->evidence[e].holds;
	}
	document_paragraph(chapter->document,
		"%zu cell%s in %zu round%s: %zu ok, %zu skipped, %zu with rounds that are invalid, failed, timed out or crashed, %zu not visited. "
		"%zu of %zu checks held that what was measured really happened.",
		run->n_cells, TEXT_S(run->n_cells), run->n_rounds, TEXT_S(run->n_rounds), cells[VERDICT_OK], cells[VERDICT_SKIP],
		cells[VERDICT_INVALID] + cells[VERDICT_FAIL] + cells[VERDICT_TIMEOUT] + cells[VERDICT_CRASH], unvisited, held, all);
}

/* ---- which way suits what ------------------------------------------------------------------------------- */

static void cell_of_way(struct document *document, const struct way *way)
{
	if (way == NULL)
		document_cell(document, "-");
	else if (way->as_good)
		document_cell(document, "%s", way->row->cell->setup);
	else
		document_cell(document, "%s: %.3g x", way->row->cell->setup, way->ratio);
}

static void write_suits(const struct chapter *chapter, const struct ways *ways)
{
	struct document *document = chapter->document;
	char value[FORMAT_VALUE], id[SECTION_ID];
	struct text text = {0};
	size_t w;

	document_row_begin(document);
	text_add(&text, "%s", ways->like->bench);
	ways_params(ways, " ", &text);
	document_cell_text(document, text_string(&text));
	text_clear(&text);
	document_cell(document, "%s", ways->like->device);
	for (w = 0; w < ways->n && ways->way[w].as_good; w++)
		text_add(&text, "%s%s", w > 0 ? ", " : "", ways->way[w].row->cell->setup);
	document_cell_text(document, text_string(&text));
	text_clear(&text);
	format_value(ways->way[0].row->interval.median, ways->way[0].row->unit, value);
	section_row_id(chapter, ways->way[0].row, "row", id);
	document_cell_link(document, "", id, "%s", value);
	cell_of_way(document, w < ways->n ? &ways->way[w] : NULL);
	cell_of_way(document, w + 1 < ways->n ? &ways->way[ways->n - 1] : NULL);
	document_row_end(document);
}

static void write_table(const struct chapter *chapter, const struct ways_list *list)
{
	if (!list->n)
		return;
	document_fold_begin(chapter->document, "%zu comparison%s", list->n, TEXT_S(list->n));
	document_table_begin(chapter->document, "work|device|best, or as good|>best's median|then|last");
	for (size_t i = 0; i < list->n; i++)
		write_suits(chapter, &list->list[i]);
	document_table_end(chapter->document);
	document_fold_end(chapter->document);
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static void write_findings(const struct report *report, const struct ways_list *lists)
{
	document_heading(report->document, 2, "Findings");
	for (size_t i = 0; i < report->n; i++) {
		if (report->n > 1)
			document_heading(report->document, 3, text_string(&report->chapters[i].name));
		write_programs(&report->chapters[i], &lists[i]);
		write_all_crossings(&report->chapters[i]);
		write_trust(&report->chapters[i]);
	}
}

static void write_tables(const struct report *report, const struct ways_list *lists)
{
	document_heading(report->document, 2, "Which way of sharing suits what");
	document_paragraph(report->document,
		"The first metric of each benchmark; for a kernel, the time of all five steps. Ways whose 95 %% intervals overlap the best's are as "
		"good. For the others, the number is how many times the best's time they take, or how many times less bandwidth they have.");
	for (size_t i = 0; i < report->n; i++) {
		if (report->n > 1 && lists[i].n)
			document_heading(report->document, 3, text_string(&report->chapters[i].name));
		write_table(&report->chapters[i], &lists[i]);
	}
}

static void write(const struct report *report)
{
	struct ways_list *lists = calloc(report->n, sizeof(*lists));
	size_t n = 0;

	if (lists == NULL)
		return;
	for (size_t i = 0; i < report->n; i++) {
		if (ways_find(report->chapters[i].run, report->chapters[i].summary, false, 2, &lists[i]))
			memset(&lists[i], 0, sizeof(lists[i]));
		n += lists[i].n;
	}
	write_findings(report, lists);
	if (n)
		write_tables(report, lists);
	for (size_t i = 0; i < report->n; i++)
		ways_free(&lists[i]);
	free(lists);
}

const struct section section_findings = {
	.name = "findings",
	.write = write,
};
