/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_show.c - prints a comparison as a table and as Markdown; see compare_show.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "analysis/compare/compare_texts.h"
#include "analysis/summary/format.h"
#include "base/table.h"
#include "base/terminal.h"

/* ---- the table ------------------------------------------------------------------------------------------- */

enum column { BENCHMARK, SETUP, DEVICE, PARAMETERS, METRIC, VALUES, CHANGE, INTERVAL, VERDICT, NOTE, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[BENCHMARK] = {"BENCHMARK", false},
	[SETUP] = {"SETUP", false},
	[DEVICE] = {"DEVICE", false},
	[PARAMETERS] = {"PARAMETERS", false},
	[METRIC] = {"METRIC", false},
	[VALUES] = {"BASE -> NEW", false},
	[CHANGE] = {"CHANGE", true},
	[INTERVAL] = {"95 % INTERVAL", false},
	[VERDICT] = {"VERDICT", false},
	[NOTE] = {"NOTE", false},
};

static bool is_shown(const struct compare_report *report, const struct compare_row *row)
{
	return report->all || row->verdict != COMPARE_SAME || row->base->brief;
}

static size_t count_hidden(const struct compare_report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->comparison->n; i++)
		n += !is_shown(report, &report->comparison->rows[i]);
	return n;
}

static int add_line(const struct compare_report *report, const struct compare_row *row, struct table *table)
{
	struct compare_texts texts;
	int err = compare_make_texts(report, row, &texts);
	const struct runfile_cell *cell = row->base->cell;
	const char *text[COLUMNS] = {
		[BENCHMARK] = cell->bench,
		[SETUP] = cell->setup,
		[DEVICE] = cell->device,
		[PARAMETERS] = texts.params,
		[METRIC] = row->base->metric,
		[VALUES] = texts.values,
		[CHANGE] = texts.change,
		[INTERVAL] = texts.interval,
		[VERDICT] = compare_verdict_names[row->verdict],
		[NOTE] = text_string(&texts.note),
	};

	if (err == 0)
		err = table_line(table, text);
	compare_free_texts(&texts);
	return err;
}

static int print_rows(const struct compare_report *report, FILE *out)
{
	struct table *table = table_new(columns, COLUMNS);
	int err = table != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; err == 0 && i < report->comparison->n; i++)
		if (is_shown(report, &report->comparison->rows[i]))
			err = add_line(report, &report->comparison->rows[i], table);
	return table_print(table, out, err);
}

static void print_alone(const struct comparison *comparison, FILE *out)
{
	struct text text = {0};

	for (size_t i = 0; i < comparison->n_alone; i++) {
		compare_alone_text(&comparison->alone[i], &text);
		fprintf(out, "only in %s  %s\n", comparison->alone[i].in_base ? "base" : "new ", text_string(&text));
		text_clear(&text);
	}
	if (comparison->empty)
		fprintf(out, "%zu cell%s without a value in either run\n", comparison->empty, comparison->empty == 1 ? "" : "s");
}

int compare_show_table(const struct compare_report *report, FILE *out)
{
	struct terminal_fold fold;
	FILE *lines;
	int err = 0;

	if (report->comparison != NULL) {
		size_t hidden = count_hidden(report);
		struct text text = {0};

		lines = terminal_fold_begin(&fold, out);
		compare_verdict_text(report->comparison, &text);
		fprintf(lines, "verdict: %s (exit %d)", text_string(&text), report->status);
		text_clear(&text);
		if (hidden > 0)
			fprintf(lines, "; %zu more metrics are the same: --all shows them", hidden);
		fputc('\n', lines);
		err = terminal_fold_end(&fold);
		if (err == 0)
			err = print_rows(report, out);
	}
	lines = terminal_fold_begin(&fold, out);
	compare_print_machines(report, 0, true, lines);
	if (report->comparison != NULL)
		print_alone(report->comparison, lines);
	if (terminal_fold_end(&fold) != 0)
		err = -ENOMEM;
	if (err == 0 && fflush(out))
		err = -errno;
	return err;
}

/* ---- Markdown -------------------------------------------------------------------------------------------- */

/* A text in a cell of a table. */
static void print_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (strchr("\\|*_`<>[]", *text) != NULL)
			fputc('\\', out);
		fputc(*text, out);
	}
}

static int print_markdown_row(const struct compare_report *report, const struct compare_row *row, FILE *out)
{
	const struct runfile_cell *cell = row->base->cell;
	bool loud = row->verdict >= COMPARE_SUSPECT;
	struct compare_texts texts;
	int err = compare_make_texts(report, row, &texts);
	const char *text[] = {cell->bench, cell->setup, cell->device, texts.params, row->base->metric, texts.values, texts.change, texts.interval};

	for (size_t i = 0; i < FS_ARRAY_SIZE(text) && err == 0; i++) {
		fputs("| ", out);
		print_escaped(text[i], out);
		fputc(' ', out);
	}
	fprintf(out, "| %s%s%s | ", loud ? "**" : "", compare_verdict_names[row->verdict], loud ? "**" : "");
	print_escaped(text_string(&texts.note), out);
	fputs(" |\n", out);
	compare_free_texts(&texts);
	return err;
}

static int print_markdown_rows(const struct compare_report *report, bool same, FILE *out)
{
	int err = 0;

	fputs("\n| benchmark | setup | device | parameters | metric | base -> new | change | 95 % interval | verdict | note |\n"
	      "|---|---|---|---|---|---|---:|---|---|---|\n",
		out);
	for (size_t i = 0; i < report->comparison->n && err == 0; i++)
		if ((report->comparison->rows[i].verdict == COMPARE_SAME) == same)
			err = print_markdown_row(report, &report->comparison->rows[i], out);
	return err;
}

static void print_markdown_machines(const struct compare_report *report, FILE *out)
{
	struct text text = {0};

	compare_machine_text(report, &text);
	fprintf(out, "%s\n", text_string(&text));
	text_clear(&text);
	for (size_t i = 0; i < report->unlike->n; i++) {
		const struct unlike_field *field = &report->unlike->fields[i];

		compare_field_text(field, &text);
		fprintf(out, "%s- %s **", i ? "" : "\n", compare_kind_names[field->kind]);
		print_escaped(field->name, out);
		fputs("** ", out);
		print_escaped(text_string(&text), out);
		text_clear(&text);
		fprintf(out, "%s\n", field->allowed ? " (allowed)" : "");
	}
	compare_disturbed_text(report, &text);
	if (text.len != 0)
		fprintf(out, "%s- %s %s\n", report->unlike->n != 0 ? "" : "\n", compare_kind_names[UNLIKE_STATE], text_string(&text));
	text_clear(&text);
	unlike_layout(report->unlike, report->base, &text);
	if (text.len != 0)
		fprintf(out, "- %s %s\n", compare_kind_names[UNLIKE_STATE], text_string(&text));
	text_clear(&text);
}

static void print_markdown_alone(const struct comparison *comparison, FILE *out)
{
	struct text text = {0};

	for (size_t i = 0; i < comparison->n_alone; i++) {
		compare_alone_text(&comparison->alone[i], &text);
		fprintf(out, "%s- only in %s: ", i ? "" : "\n", comparison->alone[i].in_base ? "base" : "new");
		print_escaped(text_string(&text), out);
		text_clear(&text);
		fputc('\n', out);
	}
}

int compare_show_markdown(const struct compare_report *report, FILE *out)
{
	const struct comparison *comparison = report->comparison;
	struct text text = {0};
	int err = 0;

	if (comparison != NULL)
		compare_verdict_text(comparison, &text);
	fprintf(out, "### fivestep: %s\n\n", comparison != NULL ? text_string(&text) : "not comparable");
	text_clear(&text);
	print_markdown_machines(report, out);
	if (comparison != NULL && comparison->n > comparison->verdicts[COMPARE_SAME])
		err = print_markdown_rows(report, false, out);
	if (comparison != NULL)
		print_markdown_alone(comparison, out);
	if (comparison != NULL && comparison->verdicts[COMPARE_SAME] != 0 && err == 0) {
		fprintf(out, "\n<details><summary>%zu the same</summary>\n", comparison->verdicts[COMPARE_SAME]);
		err = print_markdown_rows(report, true, out);
		fputs("\n</details>\n", out);
	}
	if (err == 0 && fflush(out) != 0)
		err = -errno;
	return err;
}
