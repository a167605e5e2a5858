/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_texts.c - the texts of a comparison, which each of its formats arranges in its own way; see compare_texts.h.
 */
#include "config.h"

#include "analysis/compare/compare_texts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "base/terminal.h"

#define LONG_TEXT 60 /* characters: of a longer field, only the words that differ are shown */

/* ---- the machines ---------------------------------------------------------------------------------------- */

const char *const compare_kind_names[] = {[UNLIKE_IDENTITY] = "unlike", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};

static bool has_word(const char *text, const char *word, size_t len)
{
	for (const char *found = text; *found != '\0'; found += strspn(found, " ")) {
		size_t bytes = strcspn(found, " ");

		if (bytes == len && memcmp(found, word, len) == 0)
			return true;
		found += bytes;
	}
	return false;
}

/* The words of a long text, such as boot parameters, that the other one lacks. */
static void words_of(const char *text, const char *other, struct text *out)
{
	text_add(out, "...");
	for (const char *word = text; *word != '\0'; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		if (len > 0 && !has_word(other, word, len))
			text_add(out, " %.*s", (int)len, word);
		word += len;
	}
}

void compare_field_text(const struct unlike_field *field, struct text *text)
{
	if (strlen(field->base) <= LONG_TEXT && strlen(field->new) <= LONG_TEXT) {
		text_add(text, "%s -> %s", field->base, field->new);
		return;
	}
	words_of(field->base, field->new, text);
	text_add(text, " -> ");
	words_of(field->new, field->base, text);
}

bool compare_show_same_machine(const struct unlike *unlike)
{
	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY)
			return false;
	return true;
}

void compare_machine_text(const struct compare_report *report, struct text *text)
{
	if (compare_show_same_machine(report->unlike))
		text_add(text, "machine %s: same", report->base->fingerprint);
	else
		text_add(text, "machine %s -> %s: %s", report->base->fingerprint, report->new->fingerprint,
			unlike_count(report->unlike, UNLIKE_IDENTITY) ? "not comparable" : "unlike, but allowed");
}

/* Nothing if both runs had the machine to themselves, or count instructions, which do not wait. */
void compare_disturbed_text(const struct compare_report *report, struct text *text)
{
	double base, new;

	if (report->comparison == NULL)
		return;
	base = report->comparison->base_disturbed_pct;
	new = report->comparison->new_disturbed_pct;
	if (fmax(base, new) > COMPARE_DISTURBED_PCT && !clock_counts_instructions(report->base->clock))
		text_add(text, "CPU pressure or steal: base %.0f %%, new %.0f %%; %s", base, new,
			report->comparison->too_disturbed ? "too much for verdicts on times" : "may explain a change");
}

/* ---- the rows -------------------------------------------------------------------------------------------- */

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

static void make_note(const struct compare_report *report, const struct compare_row *row, struct text *note)
{
	if (report->explain)
		compare_explain(report->comparison, row, true, note);
	else if (row->verdict == COMPARE_UNDECIDED || row->verdict == COMPARE_SUSPECT || row->verdict == COMPARE_DISTURBED)
		compare_advice(row, note);
	else if (row->deterministic && !row->tested && row->verdict != COMPARE_SAME)
		text_add(note, "every round");
	else if (row->tested && row->verdict != COMPARE_SAME)
		text_add(note, "q=%.1g", row->q);
}

/* "-" if no parameter was set. */
static char *params_of(const struct runfile_cell *cell)
{
	char *params = format_params_whole(cell, false);

	if (params == NULL || *params != '\0')
		return params;
	free(params);
	return strdup("-");
}

int compare_make_texts(const struct compare_report *report, const struct compare_row *row, struct compare_texts *texts)
{
	int decimals = row->margin_pct < 1.0 ? 2 : 1;
	char number[2][FORMAT_FIXED];

	*texts = (struct compare_texts){.params = params_of(row->base->cell)};
	format_values(row, texts->values, sizeof(texts->values));
	strcpy(texts->change, "-");
	strcpy(texts->interval, "-");
	if (row->has_change)
		text_fit(texts->change, sizeof(texts->change), "%s %%", format_fixed(row->change_pct, decimals, true, number[0]));
	if (row->has_interval)
		text_fit(texts->interval, sizeof(texts->interval), "[%s, %s]", format_fixed(row->lo_pct, decimals, true, number[0]),
			format_fixed(row->hi_pct, decimals, true, number[1]));
	make_note(report, row, &texts->note);
	return texts->params == NULL || texts->note.lost ? -ENOMEM : 0;
}

void compare_free_texts(struct compare_texts *texts)
{
	free(texts->params);
	text_clear(&texts->note);
	*texts = (struct compare_texts){0};
}

/* "1 slower, 2 same" */
void compare_verdict_text(const struct comparison *comparison, struct text *text)
{
	static const char *const words[COMPARE_VERDICTS] = {"same", "faster", "undecided", "suspect", "disturbed", "changed", "slower"};
	const char *separator = "";

	for (int v = COMPARE_VERDICTS - 1; v >= 0; v--) {
		if (comparison->verdicts[v] == 0)
			continue;
		text_add(text, "%s%zu %s", separator, comparison->verdicts[v], words[v]);
		separator = ", ";
	}
	if (*separator == '\0')
		text_add(text, "nothing to compare");
}

/* "triad hmm emu size=1M total: skip: no device" */
void compare_alone_text(const struct compare_alone *alone, struct text *text)
{
	const struct runfile_cell *cell = alone->row->cell;

	format_cell(cell, text);
	text_add(text, "%s%s: %s%s%s", alone->whole ? "" : " ", alone->whole ? "" : alone->row->metric, alone->why,
		*alone->detail != '\0' ? ": " : "", alone->detail);
}

/* The user's text of a side of a session. */
static const char *side_text(const struct runfile *run)
{
	const char *text = json_string_value(json_object_get(json_object_get(run->header, "session"), "command"));

	return text != NULL && *text ? text : "fivestep as it is";
}

/* A line, broken at so many columns; 0: not broken. Nothing if the text is empty; it is empty afterwards. */
static void put_line(FILE *out, unsigned columns, const char *kind, struct text *text)
{
	struct text line = {0};

	if (text->len == 0 && !text->lost)
		return;
	text_add(&line, *kind != '\0' ? "%-7s %s" : "%s%s", kind, text_string(text));
	if (columns > 0)
		terminal_wrap(out, text_string(&line), columns, 8);
	else
		fprintf(out, "%s\n", text_string(&line));
	text_clear(&line);
	text_clear(text);
}

static void put_field(const struct unlike_field *field, unsigned columns, FILE *out)
{
	struct text text = {0};

	text_add(&text, "%s ", field->name);
	compare_field_text(field, &text);
	text_add(&text, "%s", field->allowed ? " (allowed)" : "");
	put_line(out, columns, compare_kind_names[field->kind], &text);
}

static void put_pairing(const struct compare_report *report, unsigned columns, FILE *out)
{
	struct text text = {0};

	if (compare_are_sides(report->base, report->new))
		text_add(&text, "measured in turns, each round is compared with its partner: %s -> %s", side_text(report->base),
			side_text(report->new));
	else if (compare_are_same_seed(report->base, report->new))
		text_add(&text, "same-seed pair, both count instructions from seed %s: each round is compared with its counterpart",
			report->base->seed);
	put_line(out, columns, "paired", &text);
}

void compare_print_machines(const struct compare_report *report, unsigned columns, bool state, FILE *out)
{
	size_t left = 0;
	struct text text = {0};

	compare_machine_text(report, &text);
	put_line(out, columns, "", &text);
	for (size_t i = 0; i < report->unlike->n; i++)
		if (state || report->unlike->fields[i].kind != UNLIKE_STATE)
			put_field(&report->unlike->fields[i], columns, out);
		else
			left++;
	if (left > 0)
		text_add(&text, "%zu settings that may disturb differ: --all names them", left);
	put_line(out, columns, compare_kind_names[UNLIKE_STATE], &text);
	compare_disturbed_text(report, &text);
	put_line(out, columns, compare_kind_names[UNLIKE_STATE], &text);
	unlike_layout(report->unlike, report->base, &text);
	put_line(out, columns, compare_kind_names[UNLIKE_STATE], &text);
	put_pairing(report, columns, out);
}
