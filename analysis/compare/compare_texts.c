/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_texts.c - the texts of a comparison, which each of its formats arranges in its own way; see compare_texts.h.
 */
#include "config.h"

#include "analysis/compare/compare_texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "base/terminal.h"

#define LONG_TEXT 60 /* characters: of a longer field, only the words that differ are shown */

/* ---- the machines ---------------------------------------------------------------------------------------- */

const char *const compare_kind_names[] = {[UNLIKE_IDENTITY] = "unlike", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};

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
void compare_field_text(const struct unlike_field *field, char *text, size_t bytes)
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

void compare_machine_text(const struct compare_report *report, char *text, size_t bytes)
{
	if (compare_show_same_machine(report->unlike))
		snprintf(text, bytes, "machine %s: same", report->base->fingerprint);
	else
		snprintf(text, bytes, "machine %s -> %s: %s", report->base->fingerprint, report->new->fingerprint,
			unlike_count(report->unlike, UNLIKE_IDENTITY) ? "not comparable" : "unlike, but allowed");
}

/* "" if both runs had the machine to themselves, or count instructions, which do not wait. */
void compare_disturbed_text(const struct compare_report *report, char *text, size_t bytes)
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

void compare_make_texts(const struct compare_report *report, const struct compare_row *row, struct compare_texts *texts)
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

/* "1 slower, 2 same" */
void compare_verdict_text(const struct comparison *comparison, char *text, size_t bytes)
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
void compare_alone_text(const struct compare_alone *alone, char *text, size_t bytes)
{
	const struct runfile_cell *cell = alone->row->cell;
	char params[256];

	format_params(cell, false, params, sizeof(params));
	snprintf(text, bytes, "%s %s %s%s%s%s%s: %s%s%s", cell->bench, cell->setup, cell->device, *params ? " " : "", params, alone->whole ? "" : " ",
		alone->whole ? "" : alone->row->metric, alone->why, *alone->detail ? ": " : "", alone->detail);
}

/* The user's text of a side of a session. */
static const char *side_text(const struct runfile *run)
{
	const char *text = json_string_value(json_object_get(json_object_get(run->header, "session"), "command"));

	return text != NULL && *text ? text : "fivestep as it is";
}

/* A line, broken at so many columns; 0: not broken. */
static void put_line(FILE *out, unsigned columns, const char *kind, const char *text)
{
	char line[1400];

	snprintf(line, sizeof(line), *kind != '\0' ? "%-7s %s" : "%s%s", kind, text);
	if (columns > 0)
		terminal_wrap(out, line, columns, 8);
	else
		fprintf(out, "%s\n", line);
}

static void put_field(const struct unlike_field *field, unsigned columns, FILE *out)
{
	char text[1200], line[1300];

	compare_field_text(field, text, sizeof(text));
	snprintf(line, sizeof(line), "%s %s%s", field->name, text, field->allowed ? " (allowed)" : "");
	put_line(out, columns, compare_kind_names[field->kind], line);
}

static void put_pairing(const struct compare_report *report, unsigned columns, FILE *out)
{
	char text[1200];

	if (compare_are_sides(report->base, report->new))
		snprintf(text, sizeof(text), "measured in turns, each round is compared with its partner: %s -> %s", side_text(report->base),
			side_text(report->new));
	else if (compare_are_same_seed(report->base, report->new))
		snprintf(text, sizeof(text), "same-seed pair, both count instructions from seed %s: each round is compared with its counterpart",
			report->base->seed);
	else
		return;
	put_line(out, columns, "paired", text);
}

void compare_print_machines(const struct compare_report *report, unsigned columns, bool state, FILE *out)
{
	size_t left = 0;
	char text[1200];

	compare_machine_text(report, text, sizeof(text));
	put_line(out, columns, "", text);
	for (size_t i = 0; i < report->unlike->n; i++)
		if (state || report->unlike->fields[i].kind != UNLIKE_STATE)
			put_field(&report->unlike->fields[i], columns, out);
		else
			left++;
	snprintf(text, sizeof(text), "%zu settings that may disturb differ: --all names them", left);
	if (left > 0)
		put_line(out, columns, compare_kind_names[UNLIKE_STATE], text);
	compare_disturbed_text(report, text, sizeof(text));
	if (*text != '\0')
		put_line(out, columns, compare_kind_names[UNLIKE_STATE], text);
	unlike_layout(report->unlike, report->base, text, sizeof(text));
	if (*text != '\0')
		put_line(out, columns, compare_kind_names[UNLIKE_STATE], text);
	put_pairing(report, columns, out);
}
