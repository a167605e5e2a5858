/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bad_rounds.c - the rounds of a run that do not count, and why; see bad_rounds.h.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "command/bad_rounds.h"

#define CELLS_SAID  8 /* cells with a line each */
#define ROUNDS_SAID 6 /* rounds of a cell with their numbers */

static size_t bad_rounds(const struct summary_row *row)
{
	size_t n = 0;

	for (int v = VERDICT_SKIP + 1; v < VERDICTS; v++)
		n += row->verdicts[v];
	return n;
}

/* What a record says may hold anything; a terminal is told nothing but text. */
static void put_text(const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 127 ? '?' : *text, stderr);
}

/* " (rounds 3, 7 and 2 more)" */
static void put_numbers(const struct runfile_cell *cell)
{
	size_t said = 0, left = 0;

	for (size_t r = 0; r < cell->n_rounds; r++) {
		if (cell->rounds[r]->verdict <= VERDICT_SKIP)
			continue;
		if (said < ROUNDS_SAID)
			fprintf(stderr, "%s%u", said++ ? ", " : " (round number ", cell->rounds[r]->number);
		else
			left++;
	}
	if (left)
		fprintf(stderr, " and %zu more", left);
	if (said)
		fputc(')', stderr);
}

static void say_cell(const char *command, const struct summary_row *row)
{
	const struct runfile_cell *cell = row->cell;
	size_t bad = bad_rounds(row);
	char params[256];

	format_params(cell, false, params, sizeof(params));
	fprintf(stderr, "fivestep: %s:   ", command);
	put_text(cell->bench);
	fputc(' ', stderr);
	put_text(cell->setup);
	fputc(' ', stderr);
	put_text(cell->device);
	fputs(*params ? " " : "", stderr);
	put_text(params);
	fprintf(stderr, ": %zu of %zu rounds", bad, summary_rounds(row));
	put_numbers(cell);
	fprintf(stderr, ": %s", verdict_names[row->verdict]);
	fputs(*row->why ? ": " : "", stderr);
	put_text(row->why);
	fputs(*row->remedy ? " -> " : "", stderr);
	put_text(row->remedy);
	fputc('\n', stderr);
}

size_t bad_rounds_say(const char *command, const struct runfile *run, const struct summary *summary)
{
	size_t rounds = 0, cells = 0;

	for (size_t r = 0; r < summary->n; r = summary_next_cell(summary, r)) {
		rounds += bad_rounds(&summary->rows[r]);
		cells += bad_rounds(&summary->rows[r]) != 0;
	}
	if (!rounds)
		return 0;
	fprintf(stderr, "fivestep: %s: ", command);
	put_text(run->path);
	fprintf(stderr, ": %zu of %zu rounds failed or are invalid and do not count:\n", rounds, run->n_rounds);
	for (size_t r = 0, said = 0; r < summary->n && said < CELLS_SAID; r = summary_next_cell(summary, r)) {
		if (!bad_rounds(&summary->rows[r]))
			continue;
		say_cell(command, &summary->rows[r]);
		said++;
	}
	if (cells > CELLS_SAID)
		fprintf(stderr, "fivestep: %s:   and %zu more cells; fivestep show has them all\n", command, cells - CELLS_SAID);
	return rounds;
}
