/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * skips.c - the cells of runs that were skipped, by their reason; see skips.h.
 */
#include "config.h"

#include "analysis/summary/skips.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Same benchmark, setup and device; the parameters differ. */
static bool same_name(const struct runfile_cell *a, const struct runfile_cell *b)
{
	return a != NULL && strcmp(a->bench, b->bench) == 0 && strcmp(a->setup, b->setup) == 0 && strcmp(a->device, b->device) == 0;
}

static uint64_t hash_reason(const struct summary_row *row)
{
	return lookup_text(lookup_text(0, row->why), row->remedy);
}

struct asked {
	const struct skips *skips;
	const struct summary_row *row;
};

static bool same_reason(const void *context, size_t place)
{
	const struct asked *asked = context;
	const struct summary_row *row = asked->skips->list[place].row;

	return strcmp(row->why, asked->row->why) == 0 && strcmp(row->remedy, asked->row->remedy) == 0;
}

static size_t find_reason(struct skips *skips, const struct summary_row *row)
{
	const struct asked asked = {.skips = skips, .row = row};

	return lookup_find(&skips->lookup, hash_reason(row), same_reason, &asked);
}

static int add_reason(struct skips *skips, const struct summary_row *row)
{
	size_t place = find_reason(skips, row);
	struct skip_reason *reason;
	int err;

	if (place == LOOKUP_NONE) {
		err = ARRAY_ADD(skips->list, skips->n, ARRAY_MANY, "reasons for skips", NULL);
		if (err == 0)
			err = lookup_add(&skips->lookup, hash_reason(row), skips->n);
		if (err != 0)
			return err;
		place = skips->n++;
		skips->list[place] = (struct skip_reason){.row = row};
	}
	reason = &skips->list[place];
	reason->cells++;
	if (same_name(reason->last, row->cell))
		return 0;
	reason->last = row->cell;
	if (reason->names++ < SKIPS_NAMED)
		reason->named[reason->names - 1] = row->cell;
	return 0;
}

int skips_find(const struct summary *summaries, size_t n, struct skips *skips)
{
	int err = 0;

	*skips = (struct skips){0};
	for (size_t s = 0; s < n; s++)
		for (size_t i = 0; i < summaries[s].n && err == 0; i++) {
			const struct summary_row *row = &summaries[s].rows[i];

			if (row->verdict == VERDICT_SKIP && !(i && row[-1].cell == row->cell && row[-1].verdict == VERDICT_SKIP))
				err = add_reason(skips, row);
		}
	return err;
}

void skips_free(struct skips *skips)
{
	lookup_free(&skips->lookup);
	free(skips->list);
}

const struct skip_reason *skips_of(struct skips *skips, const struct summary_row *row)
{
	size_t place = row->verdict == VERDICT_SKIP ? find_reason(skips, row) : LOOKUP_NONE;

	return place != LOOKUP_NONE ? &skips->list[place] : NULL;
}
