/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model.c - what the cost model says: the programs of each run as it predicts them, beside what was measured, where their time goes, and for a
 * program that a profile describes which way is best.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "analysis/model/explained_parts.h"
#include "analysis/report/section.h"
#include "analysis/summary/format.h"

/* What is in the page's place while the pictures of one run are drawn. */
struct drawn {
	const struct report *report;
	char prefix[32];
	char *stamp;
};

static void draw_begin(struct drawn *drawn, const struct report *report, const struct chapter *chapter)
{
	*drawn = (struct drawn){.report = report};
	if (chapter != NULL && chapter->number > 1)
		snprintf(drawn->prefix, sizeof(drawn->prefix), "run%zu-", chapter->number);
	drawn->stamp = chapter != NULL ? text_format("model: %s; measured: %s", report->model->model->run->path, chapter->run->path)
				       : text_format("model: %s; white: two ways cannot be told apart", report->model->model->run->path);
	report->place->stamp = drawn->stamp != NULL ? drawn->stamp : "";
	report->place->prefix = drawn->prefix;
}

static void draw_end(struct drawn *drawn)
{
	drawn->report->place->stamp = "";
	drawn->report->place->prefix = NULL;
	free(drawn->stamp);
}

static void write_figure(const struct drawn *drawn, const char *name, const char *alt, const char *caption)
{
	static const char *const kinds[] = {"svg", "png", "pdf"};
	struct document *document = drawn->report->document;
	char *whole = text_format("%s%s", drawn->prefix, name);
	int err;

	if (whole == NULL)
		return;
	document_box_begin(document, "box");
	err = document_figure(document, whole, alt, caption);
	if (err != 0)
		document_paragraph(document, "This picture could not be read back: %s", strerror(-err));
	document_links_begin(document);
	for (unsigned k = 0; k < FS_ARRAY_SIZE(kinds); k++)
		document_link(document, whole, kinds[k]);
	document_links_end(document);
	document_box_end(document);
	free(whole);
}

/* ---- predicted beside measured */

static void write_pictures(const struct report *report, const struct chapter *chapter)
{
	const struct report_input *input = chapter->input;
	struct fs_reason why = {0};
	struct drawn drawn;
	int err;

	draw_begin(&drawn, report, chapter);
	err = predict_draw(input->lines, input->n_lines, clock_unit(chapter->run->clock), report->place, &why);
	if (err != 0) {
		document_paragraph(report->document, "There is no picture of it: %s.", why.what);
	} else {
		document_box_begin(report->document, "figures");
		write_figure(&drawn, "predicted",
			"A scatter of what was computed over what was measured, a point for each cell. The numbers are in the table.",
			"Each point is a program under a way of sharing: the time of its five steps, computed from what single events cost, over the "
			"time "
			"measured. The band is 10 % to either side.");
		for (unsigned i = 0; i < explained_count(input->lines, input->n_lines); i++) {
			char name[32] = "explained";

			if (i > 0)
				snprintf(name, sizeof(name), "explained-%u", i + 1);
			write_figure(&drawn, name,
				"Stacked bars: the measured time of each cell, divided into kinds of event, and what they do not explain.",
				"What the events of each program cost by the model, in percent of the measured time; what they do not explain is "
				"grey.");
		}
		document_box_end(report->document);
	}
	draw_end(&drawn);
}

static void write_note(struct document *document, const struct predict_line *line)
{
	struct text note = {0};

	if (!line->is_predicted)
		text_add(&note, "%s", line->why.what);
	else
		text_add(&note, "%s", line->is_reference ? "reference" : line->misses ? "MISSES" : "");
	if (line->is_predicted)
		prediction_doubts(&line->prediction, &note);
	document_cell_text(document, text_string(&note));
	text_clear(&note);
}

static void write_line(struct document *document, const struct predict_line *line, const char *unit)
{
	char computed[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-", measured[FORMAT_VALUE] = "-", seen[FORMAT_VALUE] = "-";

	if (line->is_predicted)
		format_interval(&line->prediction.total, unit, computed, range);
	if (line->total.n != 0)
		format_interval(&line->total, unit, measured, seen);
	document_row_begin(document);
	document_cell(document, "%s", line->program);
	document_cell(document, "%s", line->setup);
	document_cell(document, "%s", line->device);
	document_cell_text(document, line->params);
	document_cell(document, "%s", computed);
	document_cell(document, "%s", range);
	document_cell(document, "%s", measured);
	document_cell(document, "%s", seen);
	if (line->is_predicted && line->total.n != 0 && line->total.median > 0)
		document_cell(document, "%+.1f %%", round(1000 * line->error) / 10 + 0.0); /* + 0: no "-0.0" */
	else
		document_cell(document, "-");
	if (line->is_predicted && line->prediction.dominant != FS_COSTS)
		document_cell(document, "%s %.0f %%", fs_cost_names[line->prediction.dominant], 100 * line->prediction.dominant_part);
	else
		document_cell(document, "-");
	write_note(document, line);
	document_row_end(document);
}

static void write_table(struct document *document, const struct report_input *input, const char *unit)
{
	document_fold_begin(document, "What the model computes of each program");
	document_table_begin(document, "program|setup|device|parameters|>computed|95 % interval|>measured|95 % interval|>error|most of it|note");
	for (size_t i = 0; i < input->n_lines; i++)
		write_line(document, &input->lines[i], unit);
	document_table_end(document);
	document_fold_end(document);
}

static void write_good(struct document *document, const struct report_input *input)
{
	struct predict_good good;

	if (predict_good(input->lines, input->n_lines, &good) != 0)
		return;
	if (good.judged != 0)
		document_paragraph(document, "%zu cell%s, whose times the model never saw: median error %.1f %%, worst %+.1f %%; %zu within 10 %%.",
			good.judged, TEXT_S(good.judged), 100 * good.median, round(1000 * good.worst) / 10 + 0.0 /* no "-0.0" */, good.within[1]);
	if (good.misses != 0)
		document_paragraph(document,
			"%zu of them miss%s the measured interval by more than 10 %%: something costs time there that no benchmark shows.",
			good.misses, good.misses == 1 ? "es" : "");
	if (good.not_predicted != 0)
		document_paragraph(
			document, "%zu cell%s could not be predicted; the table says why.", good.not_predicted, TEXT_S(good.not_predicted));
}

static void write_chapter(const struct report *report, const struct chapter *chapter)
{
	const struct report_input *input = chapter->input;

	if (report->n > 1)
		document_heading(report->document, 3, text_string(&chapter->name));
	if (input->not_predicted != NULL) {
		document_paragraph(report->document, "The model says nothing about this run. %s", input->not_predicted);
		return;
	}
	if (input->n_lines == 0) {
		document_paragraph(report->document, "This run has no program that was measured.");
		return;
	}
	write_good(report->document, input);
	if (report->place->can_draw)
		write_pictures(report, chapter);
	write_table(report->document, input, clock_unit(chapter->run->clock));
}

/* ---- which way is best for a program that is described */

static void write_map(const struct report *report)
{
	const struct break_even_map *map = report->model->map;
	struct fs_reason why = {0};
	struct drawn drawn;
	int err = 0;

	document_heading(report->document, 3, "The program of the profile");
	draw_begin(&drawn, report, NULL);
	if (report->place->can_draw)
		err = break_even_draw(map, report->place, &why);
	if (err != 0)
		document_paragraph(report->document, "There is no picture of it: %s.", why.what);
	else if (report->place->can_draw)
		write_figure(&drawn, "break-even",
			"A map of the best way of sharing: a row for each number of turns, a column for each share of pages touched.",
			"Each place has the letter of the way that is best there, or of two that cannot be told apart.");
	draw_end(&drawn);
	document_fold_begin(report->document, "Which way is best, as a table");
	document_table_begin(report->document, ">turns|>pages touched|best|not told from it|>the next takes");
	for (unsigned t = 0; t < BREAK_EVEN_TURNS; t++) {
		for (unsigned s = 0; s < BREAK_EVEN_SHARES; s++) {
			const struct break_even_place *place = &map->place[t][s];

			document_row_begin(report->document);
			document_cell(report->document, "%u", break_even_turns[t]);
			document_cell(report->document, "%g %%", 100 * break_even_shares[s]);
			document_cell(report->document, "%s", place->best);
			document_cell(report->document, "%s", place->second != NULL ? place->second : "-");
			document_cell(report->document, "%.2f x", place->times_next);
			document_row_end(report->document);
		}
	}
	document_table_end(report->document);
	document_fold_end(report->document);
}

static void write(const struct report *report)
{
	if (report->model == NULL)
		return;
	document_heading(report->document, 2, "What the cost model says");
	document_paragraph(report->document,
		"Computed, not measured: a program takes what its events cost (faults, pages moved, bytes copied, launches) and its own computing. "
		"What a single "
		"event costs is from the benchmarks of %s.",
		report->model->model->run->path);
	for (size_t i = 0; i < report->n; i++)
		write_chapter(report, &report->chapters[i]);
	if (report->model->map != NULL)
		write_map(report);
}

const struct section section_model = {
	.name = "model",
	.write = write,
};
