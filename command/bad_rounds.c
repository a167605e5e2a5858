/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bad_rounds.c - reports failed and invalid rounds; see bad_rounds.h.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "base/say.h"
#include "command/bad_rounds.h"

#define CELLS_SAID  8 /* cells that get a line */
#define ROUNDS_SAID 6 /* round numbers listed for a cell */

static size_t bad_rounds(const struct summary_row *row)
{
	size_t n = 0;

	for (int v = VERDICT_SKIP + 1; v < VERDICTS; v++)
		n += row->verdicts[v];
	return n;
}

/* " (round number 3, 7 and 2 more)" */
static void put_numbers(const struct runfile_cell *cell, char *text, size_t bytes)
{
	size_t said = 0, left = 0, len = 0;

	text[0] = '\0';
	for (size_t r = 0; r < cell->n_rounds; r++) {
		if (cell->rounds[r]->verdict <= VERDICT_SKIP)
			continue;
		if (said < ROUNDS_SAID)
			len += (size_t)snprintf(text + len, bytes - len, "%s%u", said++ ? ", " : " (round number ", cell->rounds[r]->number);
		else
			left++;
	}
	if (left)
		len += (size_t)snprintf(text + len, bytes - len, " and %zu more", left);
	if (said)
		snprintf(text + len, bytes - len, ")");
}

static void say_cell(const char *command, const struct summary_row *row)
{
	struct text cell = {0};
	char numbers[160]; /* ROUNDS_SAID numbers and a count fit */

	format_cell(row->cell, &cell);
	put_numbers(row->cell, numbers, sizeof(numbers));
	say(command, "  %s: %zu of %zu rounds%s: %s%s%s%s%s", text_string(&cell), bad_rounds(row), summary_rounds(row), numbers,
		verdict_names[row->verdict], *row->why != '\0' ? ": " : "", row->why, *row->remedy != '\0' ? " -> " : "", row->remedy);
	text_clear(&cell);
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
	say(command, "%s: %zu of %zu rounds failed or are invalid and are not counted:", run->path, rounds, run->n_rounds);
	for (size_t r = 0, said = 0; r < summary->n && said < CELLS_SAID; r = summary_next_cell(summary, r)) {
		if (!bad_rounds(&summary->rows[r]))
			continue;
		say_cell(command, &summary->rows[r]);
		said++;
	}
	if (cells > CELLS_SAID)
		say(command, "  and %zu more cell%s (fivestep show lists %s)", cells - CELLS_SAID, TEXT_S(cells - CELLS_SAID),
			cells - CELLS_SAID == 1 ? "it" : "them all");
	return rounds;
}
