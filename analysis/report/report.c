/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - writes the report; see report.h. Its content comes from the sections, in the order of their list: the findings, the claims, then
 * each run with its pictures, its numbers and their reliability.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"
#include "analysis/report/section.h"
#include "base/stamp.h"

/* ---- shared by sections -------------------------------------------------------------------------------- */

void section_emulated_devices(const struct runfile *run, const char *before, struct text *text)
{
	bool any = false;

	for (size_t c = 0; c < run->n_cells; c++) {
		const char *device = run->cells[c].device;
		bool seen = strcmp(device, "-") == 0 || !runfile_device_emulated(run, device);

		for (size_t d = 0; d < c && !seen; d++)
			seen = strcmp(run->cells[d].device, device) == 0;
		if (!seen)
			text_add(text, "%s%s%s", any ? ", " : before, any ? "" : "emulated: ", device);
		any = any || !seen;
	}
}

void section_describe_cell(struct document *document, const struct runfile_cell *cell)
{
	struct text text = {0};

	format_cell(cell, &text);
	document_cell_text(document, text_string(&text));
	text_clear(&text);
}

void section_label_cell(struct document *document, const struct runfile *run, const struct runfile_cell *cell)
{
	struct text text = {0};

	cells_label(run, cell, NULL, NULL, &text);
	document_cell_text(document, text_string(&text));
	text_clear(&text);
}

void section_fact(struct document *document, const char *name, const char *text)
{
	document_row_begin(document);
	document_cell(document, "%s", name);
	document_cell(document, "%s", text);
	document_row_end(document);
}

void section_claim_id(unsigned claim, char id[SECTION_ID])
{
	snprintf(id, SECTION_ID, "claim-%u", claim + 1);
}

void section_row_id(const struct chapter *chapter, const struct summary_row *row, const char *what, char id[SECTION_ID])
{
	snprintf(id, SECTION_ID, "%s-%zu-%zu", what, chapter->number, (size_t)(row - chapter->summary->rows));
}

/* ---- a chapter ------------------------------------------------------------------------------------------ */

static void make_stamp(const struct runfile *run, struct text *stamp)
{
	text_add(stamp, "run %.*s, machine %s, %.*s", RUNFILE_SHORT_ID, run->id, run->fingerprint, STAMP_DAY, run->started);
	section_emulated_devices(run, ", ", stamp);
	text_add(stamp, "%s%s",
		run->emulated ? ", emulated machine"
		: run->guest  ? ", virtual machine"
			      : "",
		clock_counts_instructions(run->clock) ? ", in instructions" : "");
}

/* Pictures that could not be drawn, with the first one's reason. */
static int count_failures(const struct figures *figures, struct fs_reason *why)
{
	int failed = 0;

	for (size_t i = 0; i < figures->n; i++)
		if (figures->list[i].error.len != 0 && failed++ == 0)
			fs_because(why, 0, "", "%s: %s", figures->list[i].name, text_string(&figures->list[i].error));
	return failed;
}

/* Fills the chapter and draws its pictures. Returns as report_write() does. */
static int begin_chapter(struct report *report, const struct report_input *input, struct picture_place *place, struct fs_reason *why)
{
	struct chapter *chapter = &report->chapters[report->n];
	struct maker maker = {.run = input->run,
		.summary = input->summary,
		.comparison = input->comparison,
		.place = place,
		.prefix = "",
		.figures = &chapter->figures,
		.why = why};
	char prefix[32];
	int err;

	chapter->input = input;
	chapter->run = input->run;
	chapter->summary = input->summary;
	chapter->base = input->base;
	chapter->comparison = input->comparison;
	chapter->document = report->document;
	chapter->can_draw = place->can_draw;
	chapter->number = ++report->n;
	text_add(&chapter->name, "%s, run %zu", *input->run->plan != '\0' ? input->run->plan : input->run->id, chapter->number);
	make_stamp(input->run, &chapter->stamp);
	place->stamp = text_string(&chapter->stamp);
	snprintf(prefix, sizeof(prefix), "run%zu-", chapter->number);
	if (chapter->number > 1)
		maker.prefix = prefix;
	err = figures_make(&maker);
	return err != 0 ? err : count_failures(&chapter->figures, why);
}

static void write_chapters(const struct report *report, const struct section *const *first)
{
	for (size_t i = 0; i < report->n; i++) {
		const struct runfile *run = report->chapters[i].run;
		struct text title = {0};

		text_add(&title, "Run %zu: %s", i + 1, *run->plan != '\0' ? run->plan : run->id);
		if (report->n > 1)
			document_heading(report->document, 1, text_string(&title));
		text_clear(&title);
		for (const struct section *const *s = first; *s != NULL && (*s)->write_run != NULL; s++)
			(*s)->write_run(&report->chapters[i]);
	}
}

static int find_answers(struct report *report)
{
	struct claims_run *runs = calloc(report->n, sizeof(*runs));
	int err = runs != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < report->n && err == 0; i++)
		runs[i] = (struct claims_run){report->chapters[i].run, report->chapters[i].summary};
	for (unsigned c = 0; c < CLAIMS && err == 0; c++)
		err = claims_answer(&claims[c], runs, report->n, &report->answers[c]);
	free(runs);
	return err;
}

static void write_sections(const struct report *report)
{
	for (const struct section *const *s = registry_sections; *s != NULL; s++) {
		if ((*s)->write != NULL) {
			document_chapters_end(report->document);
			(*s)->write(report);
		} else if (s == registry_sections || s[-1]->write != NULL) {
			write_chapters(report, s);
		}
	}
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static int write_page(
	const struct report_input *inputs, size_t n, const char *dir, struct report *report, struct picture_place *place, struct fs_reason *why)
{
	struct document document;
	int err, failed = 0;
	char *title = text_format("fivestep report%s%s", n == 1 ? ": " : "", n == 1 ? inputs[0].run->plan : "");

	err = title != NULL ? document_open(&document, dir, title) : -ENOMEM;
	if (err != 0) {
		free(title);
		return fs_because(why, err, "", "%s: %s", dir, strerror(-err));
	}
	report->document = &document;
	document_heading(&document, 1, title);
	free(title);
	for (size_t i = 0; i < n && err >= 0; i++) {
		err = begin_chapter(report, &inputs[i], place, why);
		failed += err > 0 ? err : 0;
	}
	if (err >= 0 && find_answers(report) != 0)
		err = fs_no_memory(why);
	if (err >= 0)
		write_sections(report);
	if (document_close(&document) && err >= 0)
		err = fs_because(why, -EIO, "is the disk full?", "%s: the report cannot be written", dir);
	return err < 0 ? err : failed;
}

int report_write(const struct report_input *inputs, size_t n, const struct report_model *model, const char *dir, double paper_mm,
	struct fs_reason *pictures, struct fs_reason *why)
{
	struct picture_place place;
	struct report report = {.model = model, .place = &place};
	int err;

	err = picture_place_open(&place, dir, paper_mm, pictures, why);
	if (err != 0)
		return err;
	report.chapters = calloc(n, sizeof(*report.chapters));
	err = report.chapters != NULL ? write_page(inputs, n, dir, &report, &place, why) : fs_no_memory(why);
	for (size_t i = 0; i < report.n; i++) {
		figures_free(&report.chapters[i].figures);
		text_clear(&report.chapters[i].stamp);
		text_clear(&report.chapters[i].name);
	}
	for (unsigned c = 0; c < CLAIMS; c++)
		claims_free(&report.answers[c]);
	free(report.chapters);
	picture_place_close(&place);
	return err;
}
