/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ranking.c - the best of a picture's results, and their ends, in a sentence; see ranking.h.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "analysis/draw/ranking.h"
#include "analysis/summary/format.h"

#define NAMED 3 /* of those whose intervals overlap */

bool ranking_below(const struct summary_row *a, const struct summary_row *b)
{
	return a->interval.hi < b->interval.lo;
}

/* Two or more, all with intervals, in one unit. */
static bool can_be_ranked(const struct ranked *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!list[i].row->interval.has_interval || strcmp(list[i].row->unit, list[0].row->unit) != 0)
			return false;
	return n > 1;
}

static bool is_better(const struct summary_row *a, const struct summary_row *b)
{
	return a->better == FS_HIGHER ? a->interval.median > b->interval.median : a->interval.median < b->interval.median;
}

static bool are_alike(const struct ranked *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i].row->interval.lo != list[0].row->interval.median || list[i].row->interval.hi != list[0].row->interval.median)
			return false;
	return true;
}

static const char *value_of(const struct ranked *one, char text[FORMAT_VALUE])
{
	/* a ratio's unit adds nothing */
	if (strcmp(one->row->unit, "ratio") == 0)
		snprintf(text, FORMAT_VALUE, "%.3g", one->row->interval.median);
	else
		format_short(one->row->interval.median, one->row->unit, text);
	return text;
}

/* Those that may be as good as the best one. Returns their number. */
static unsigned overlap_add(const struct ranked *list, unsigned n, unsigned best, struct text *names)
{
	unsigned found = 0;

	for (unsigned i = 0; i < n; i++) {
		bool worse =
			list[i].row->better == FS_HIGHER ? ranking_below(list[i].row, list[best].row) : ranking_below(list[best].row, list[i].row);

		if (i == best || worse)
			continue;
		if (found++ < NAMED)
			text_add(names, ", %s", list[i].label);
	}
	if (found > NAMED)
		text_add(names, " and %u more", found - NAMED);
	return found;
}

void ranking_best(struct sheet *sheet, const char *what, const struct ranked *list, unsigned n)
{
	char value[2][FORMAT_VALUE];
	struct text overlap = {0};
	unsigned best = 0, next;

	if (!can_be_ranked(list, n) || list[0].row->better == FS_EXACT || are_alike(list, n)) {
		ranking_ends(sheet, what, list, n);
		return;
	}
	for (unsigned i = 1; i < n; i++)
		best = is_better(list[i].row, list[best].row) ? i : best;
	next = best == 0;
	for (unsigned i = 0; i < n; i++)
		next = i != best && is_better(list[i].row, list[next].row) ? i : next;
	if (overlap_add(list, n, best, &overlap) == 0)
		sheet_answer(sheet, "The best%s for certain: %s, %s; next: %s, %s.", what, list[best].label, value_of(&list[best], value[0]),
			list[next].label, value_of(&list[next], value[1]));
	else
		sheet_answer(sheet, "The best%s cannot be told, as intervals overlap: %s%s.", what, list[best].label, text_string(&overlap));
	text_clear(&overlap);
}

void ranking_ends(struct sheet *sheet, const char *what, const struct ranked *list, unsigned n)
{
	char value[2][FORMAT_VALUE];
	unsigned least = 0, most = 0;

	if (!can_be_ranked(list, n))
		return;
	for (unsigned i = 1; i < n; i++) {
		least = list[i].row->interval.median < list[least].row->interval.median ? i : least;
		most = list[i].row->interval.median > list[most].row->interval.median ? i : most;
	}
	if (ranking_below(list[least].row, list[most].row))
		sheet_answer(sheet, "The least%s: %s, %s; the most: %s, %s.", what, list[least].label, value_of(&list[least], value[0]),
			list[most].label, value_of(&list[most], value[1]));
	else if (are_alike(list, n))
		sheet_answer(sheet, "All%s are the same: %s.", what, value_of(&list[0], value[0]));
	else
		sheet_answer(sheet, "None%s is certainly above another.", what);
}
