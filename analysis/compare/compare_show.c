/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_show.c - prints a comparison as a table and as Markdown; see compare_show.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "analysis/compare/compare_show.h"
#include "analysis/summary/format.h"

#define LONG_TEXT 60 /* characters: of a longer field, only the words that differ are shown */

/* ---- the machines ---------------------------------------------------------------------------------------- */

static const char *const kind_names[] = {[UNLIKE_IDENTITY] = "unlike", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};

static bool has_word(const char *text, const char *word, size_t len)
{
	for (const char *found = strstr(text, word); found != NULL; found = strstr(found + 1, word))
		if ((found == text || found[-1] == ' ') && (found[len] == ' ' || !found[len]))
			return true;
	return false;
}

/* The words of a long text, such as boot parameters, that the other one lacks. */
static void words_of(const char *text, const char *other, char *out, size_t bytes)
{
	char copy[4096], *rest = copy, *word;
	size_t used;

	snprintf(copy, sizeof(copy), "%s", text);
	used = (size_t)snprintf(out, bytes, "...");
	while ((word = strsep(&rest, " ")) != NULL && used < bytes)
		if (*word && !has_word(other, word, strlen(word)))
			used += (size_t)snprintf(out + used, bytes - used, " %s", word);
}

/* "6.12.1 -> 6.13.0" */
static void field_text(const struct unlike_field *field, char *text, size_t bytes)
{
	char base[512], new[512];

	if (strlen(field->base) <= LONG_TEXT && strlen(field->new) <= LONG_TEXT) {
		snprintf(text, bytes, "%s -> %s", field->base, field->new);
		return;
	}
	words_of(field->base, field->new, base, sizeof(base));
	words_of(field->new, field->base, new, sizeof(new));
	snprintf(text, bytes, "%s -> %s", base, new);
}

bool compare_show_same_machine(const struct unlike *unlike)
{
	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY)
			return false;
	return true;
}

static void machine_text(const struct compare_report *report, char *text, size_t bytes)
{
	if (compare_show_same_machine(report->unlike))
		snprintf(text, bytes, "machine %s: same", report->base->fingerprint);
	else
		snprintf(text, bytes, "machine %s -> %s: %s", report->base->fingerprint, report->new->fingerprint,
			unlike_count(report->unlike, UNLIKE_IDENTITY) ? "not comparable" : "unlike, but allowed");
}

/* "" if both runs had the machine to themselves, or count instructions, which do not wait. */
static void disturbed_text(const struct compare_report *report, char *text, size_t bytes)
{
	double base, new;

	*text = '\0';
	if (report->comparison == NULL)
		return;
	base = report->comparison->base_disturbed_pct;
	new = report->comparison->new_disturbed_pct;
	if (fmax(base, new) > COMPARE_DISTURBED_PCT && !clock_counts_instructions(report->base->clock))
		snprintf(text, bytes, "CPU pressure or steal: base %.0f %%, new %.0f %%; %s", base, new,
			report->comparison->too_disturbed ? "too much for verdicts on times" : "may explain a change");
}

/* ---- the rows -------------------------------------------------------------------------------------------- */

struct texts {
	char params[256], values[2 * FORMAT_VALUE + 8], change[32], interval[64], note[384];
};

/* "4.61 -> 4.98 us": the unit is given once if it is the same. */
static void format_values(const struct compare_row *row, char *text, size_t bytes)
{
	char base[FORMAT_VALUE], new[FORMAT_VALUE];
	char *base_unit, *new_unit;

	format_value(row->base->interval.median, row->base->unit, base);
	format_value(row->new->interval.median, row->new->unit, new);
	base_unit = strchr(base, ' ');
	new_unit = strchr(new, ' ');
	if (base_unit != NULL && new_unit != NULL && strcmp(base_unit, new_unit) == 0)
		*base_unit = '\0';
	snprintf(text, bytes, "%s -> %s", base, new);
}

static void make_texts(const struct compare_report *report, const struct compare_row *row, struct texts *texts)
{
	int decimals = row->margin_pct < 1.0 ? 2 : 1;

	format_params(row->base->cell, false, texts->params, sizeof(texts->params));
	if (!*texts->params)
		strcpy(texts->params, "-");
	format_values(row, texts->values, sizeof(texts->values));
	strcpy(texts->change, "-");
	strcpy(texts->interval, "-");
	if (row->has_change)
		snprintf(texts->change, sizeof(texts->change), "%+.*f %%", decimals, row->change_pct);
	if (row->has_interval)
		snprintf(texts->interval, sizeof(texts->interval), "[%+.*f, %+.*f]", decimals, row->lo_pct, decimals, row->hi_pct);
	if (report->explain)
		compare_explain(report->comparison, row, true, texts->note, sizeof(texts->note));
	else if (row->verdict == COMPARE_UNDECIDED || row->verdict == COMPARE_SUSPECT || row->verdict == COMPARE_DISTURBED)
		compare_advice(row, texts->note, sizeof(texts->note));
	else if (row->deterministic && !row->tested && row->verdict != COMPARE_SAME)
		snprintf(texts->note, sizeof(texts->note), "every round");
	else if (row->tested && row->verdict != COMPARE_SAME)
		snprintf(texts->note, sizeof(texts->note), "q=%.1g", row->q);
	else
		*texts->note = '\0';
}

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

/* "1 slower, 2 same" */
static void verdict_text(const struct comparison *comparison, char *text, size_t bytes)
{
	static const char *const words[COMPARE_VERDICTS] = {"same", "faster", "undecided", "suspect", "disturbed", "changed", "slower"};
	size_t used = 0;

	*text = '\0';
	for (int v = COMPARE_VERDICTS - 1; v >= 0 && used < bytes; v--)
		if (comparison->verdicts[v])
			used += (size_t)snprintf(text + used, bytes - used, "%s%zu %s", used ? ", " : "", comparison->verdicts[v], words[v]);
	if (!used)
		snprintf(text, bytes, "nothing to compare");
}

/* "triad hmm emu size=1M total: skip: no device" */
static void alone_text(const struct compare_alone *alone, char *text, size_t bytes)
{
	const struct runfile_cell *cell = alone->row->cell;
	char params[256];

	format_params(cell, false, params, sizeof(params));
	snprintf(text, bytes, "%s %s %s%s%s%s%s: %s%s%s", cell->bench, cell->setup, cell->device, *params ? " " : "", params, alone->whole ? "" : " ",
		alone->whole ? "" : alone->row->metric, alone->why, *alone->detail ? ": " : "", alone->detail);
}

/* ---- the table ------------------------------------------------------------------------------------------- */

enum column { BENCHMARK, SETUP, DEVICE, PARAMETERS, METRIC, VALUES, CHANGE, INTERVAL, VERDICT, NOTE, COLUMNS };

static const struct {
	const char *name;
	int flags;
} columns[COLUMNS] = {
	[BENCHMARK] = {"BENCHMARK", 0},
	[SETUP] = {"SETUP", 0},
	[DEVICE] = {"DEVICE", 0},
	[PARAMETERS] = {"PARAMETERS", SCOLS_FL_WRAP},
	[METRIC] = {"METRIC", 0},
	[VALUES] = {"BASE -> NEW", 0},
	[CHANGE] = {"CHANGE", SCOLS_FL_RIGHT},
	[INTERVAL] = {"95 % INTERVAL", 0},
	[VERDICT] = {"VERDICT", 0},
	[NOTE] = {"NOTE", SCOLS_FL_WRAP},
};

static int add_line(const struct compare_report *report, const struct compare_row *row, struct libscols_table *table)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	struct texts texts;
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
		[NOTE] = texts.note,
	};

	if (line == NULL)
		return -ENOMEM;
	make_texts(report, row, &texts);
	for (enum column c = 0; c < COLUMNS; c++)
		if (scols_line_set_data(line, c, text[c]))
			return -ENOMEM;
	return 0;
}

static struct libscols_table *new_table(FILE *out)
{
	struct libscols_table *table = scols_new_table();
	bool terminal = isatty(fileno(out));

	if (table == NULL)
		return NULL;
	scols_table_set_stream(table, out);
	scols_table_set_termforce(table, terminal ? SCOLS_TERMFORCE_AUTO : SCOLS_TERMFORCE_NEVER);
	for (enum column c = 0; c < COLUMNS; c++)
		if (scols_table_new_column(table, columns[c].name, 0, terminal ? columns[c].flags : columns[c].flags & ~SCOLS_FL_WRAP) == NULL) {
			scols_unref_table(table);
			return NULL;
		}
	return table;
}

static int print_rows(const struct compare_report *report, FILE *out)
{
	struct libscols_table *table = new_table(out);
	int err = table != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; err == 0 && i < report->comparison->n; i++)
		if (is_shown(report, &report->comparison->rows[i]))
			err = add_line(report, &report->comparison->rows[i], table);
	if (err == 0 && !scols_table_is_empty(table))
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}

/* The user's text of a side of a session. */
static const char *side_text(const struct runfile *run)
{
	const char *text = json_string_value(json_object_get(json_object_get(run->header, "session"), "command"));

	return text != NULL && *text ? text : "fivestep as it is";
}

static void print_machines(const struct compare_report *report, FILE *out)
{
	char text[1200];

	machine_text(report, text, sizeof(text));
	fprintf(out, "%s\n", text);
	for (size_t i = 0; i < report->unlike->n; i++) {
		const struct unlike_field *field = &report->unlike->fields[i];

		field_text(field, text, sizeof(text));
		fprintf(out, "%-7s %s %s%s\n", kind_names[field->kind], field->name, text, field->allowed ? " (allowed)" : "");
	}
	disturbed_text(report, text, sizeof(text));
	if (*text)
		fprintf(out, "%-7s %s\n", kind_names[UNLIKE_STATE], text);
	unlike_layout(report->unlike, report->base, text, sizeof(text));
	if (*text)
		fprintf(out, "%-7s %s\n", kind_names[UNLIKE_STATE], text);
	if (compare_are_sides(report->base, report->new))
		fprintf(out, "paired  measured in turns, each round is compared with its partner: %s -> %s\n", side_text(report->base),
			side_text(report->new));
	else if (compare_are_same_seed(report->base, report->new))
		fprintf(out, "paired  same-seed pair, both count instructions from seed %s: each round is compared with its counterpart\n",
			report->base->seed);
}

static void print_alone(const struct comparison *comparison, FILE *out)
{
	char text[768];

	for (size_t i = 0; i < comparison->n_alone; i++) {
		alone_text(&comparison->alone[i], text, sizeof(text));
		fprintf(out, "only in %s  %s\n", comparison->alone[i].in_base ? "base" : "new ", text);
	}
	if (comparison->empty)
		fprintf(out, "%zu cell%s without a value in either run\n", comparison->empty, comparison->empty == 1 ? "" : "s");
}

int compare_show_table(const struct compare_report *report, FILE *out)
{
	char text[128];
	int err = 0;

	print_machines(report, out);
	if (report->comparison != NULL) {
		size_t hidden = count_hidden(report);

		err = print_rows(report, out);
		print_alone(report->comparison, out);
		verdict_text(report->comparison, text, sizeof(text));
		fprintf(out, "verdict: %s (exit %d)", text, report->status);
		if (hidden)
			fprintf(out, "; %zu more metrics are the same: --all shows them", hidden);
		fputc('\n', out);
	}
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

static void print_markdown_row(const struct compare_report *report, const struct compare_row *row, FILE *out)
{
	const struct runfile_cell *cell = row->base->cell;
	bool loud = row->verdict >= COMPARE_SUSPECT;
	struct texts texts;
	const char *text[] = {cell->bench, cell->setup, cell->device, texts.params, row->base->metric, texts.values, texts.change, texts.interval};

	make_texts(report, row, &texts);
	for (size_t i = 0; i < FS_ARRAY_SIZE(text); i++) {
		fputs("| ", out);
		print_escaped(text[i], out);
		fputc(' ', out);
	}
	fprintf(out, "| %s%s%s | ", loud ? "**" : "", compare_verdict_names[row->verdict], loud ? "**" : "");
	print_escaped(texts.note, out);
	fputs(" |\n", out);
}

static void print_markdown_rows(const struct compare_report *report, bool same, FILE *out)
{
	fputs("\n| benchmark | setup | device | parameters | metric | base -> new | change | 95 % interval | verdict | note |\n"
	      "|---|---|---|---|---|---|---:|---|---|---|\n",
		out);
	for (size_t i = 0; i < report->comparison->n; i++)
		if ((report->comparison->rows[i].verdict == COMPARE_SAME) == same)
			print_markdown_row(report, &report->comparison->rows[i], out);
}

static void print_markdown_machines(const struct compare_report *report, FILE *out)
{
	char text[1200];

	machine_text(report, text, sizeof(text));
	fprintf(out, "%s\n", text);
	for (size_t i = 0; i < report->unlike->n; i++) {
		const struct unlike_field *field = &report->unlike->fields[i];

		field_text(field, text, sizeof(text));
		fprintf(out, "%s- %s **", i ? "" : "\n", kind_names[field->kind]);
		print_escaped(field->name, out);
		fputs("** ", out);
		print_escaped(text, out);
		fprintf(out, "%s\n", field->allowed ? " (allowed)" : "");
	}
	disturbed_text(report, text, sizeof(text));
	if (*text)
		fprintf(out, "%s- %s %s\n", report->unlike->n ? "" : "\n", kind_names[UNLIKE_STATE], text);
	unlike_layout(report->unlike, report->base, text, sizeof(text));
	if (*text)
		fprintf(out, "- %s %s\n", kind_names[UNLIKE_STATE], text);
}

static void print_markdown_alone(const struct comparison *comparison, FILE *out)
{
	char text[768];

	for (size_t i = 0; i < comparison->n_alone; i++) {
		alone_text(&comparison->alone[i], text, sizeof(text));
		fprintf(out, "%s- only in %s: ", i ? "" : "\n", comparison->alone[i].in_base ? "base" : "new");
		print_escaped(text, out);
		fputc('\n', out);
	}
}

int compare_show_markdown(const struct compare_report *report, FILE *out)
{
	const struct comparison *comparison = report->comparison;
	char text[128] = "not comparable";

	if (comparison != NULL)
		verdict_text(comparison, text, sizeof(text));
	fprintf(out, "### fivestep: %s\n\n", text);
	print_markdown_machines(report, out);
	if (comparison != NULL && comparison->n > comparison->verdicts[COMPARE_SAME])
		print_markdown_rows(report, false, out);
	if (comparison != NULL)
		print_markdown_alone(comparison, out);
	if (comparison != NULL && comparison->verdicts[COMPARE_SAME]) {
		fprintf(out, "\n<details><summary>%zu the same</summary>\n", comparison->verdicts[COMPARE_SAME]);
		print_markdown_rows(report, true, out);
		fputs("\n</details>\n", out);
	}
	return fflush(out) ? -errno : 0;
}
