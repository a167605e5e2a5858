/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_check.c - whether a digest could be that of a run; see digest_check.h.
 */
#include "config.h"

#include "analysis/summary/digest_check.h"

#include <math.h>
#include <string.h>

static bool is_optional(const char *text)
{
	return text == NULL || text_is_plain(text, false);
}

static bool is_text(const char *text)
{
	return text != NULL && text_is_plain(text, false);
}

static bool is_run(const struct runfile *run)
{
	const char *const texts[] = {run->id, run->started, run->plan, run->seed, run->clock, run->fingerprint};
	bool sound = json_is_object(run->header) && text_clean_json(run->header) == 0 && is_optional(run->stop) && is_optional(run->why);

	for (size_t i = 0; i < FS_ARRAY_SIZE(texts) && sound; i++)
		sound = is_text(texts[i]);
	for (size_t w = 0; w < run->n_warnings && sound; w++)
		sound = is_text(run->warnings[w] + strlen(run->path));
	return sound;
}

static bool is_cell(const struct runfile_cell *cell)
{
	bool sound = is_text(cell->bench) && is_text(cell->kind) && is_text(cell->setup) && is_text(cell->device) && is_optional(cell->stop);

	for (size_t p = 0; p < cell->n_params && sound; p++)
		sound = is_text(cell->params[p].name) && is_text(cell->params[p].text);
	return sound;
}

static bool has_values(const struct summary_row *row)
{
	bool sound = row->n_values == 0 || (isfinite(row->interval.median) && row->metric != NULL);

	for (size_t i = 0; i < row->n_values && sound; i++)
		sound = isfinite(row->values[i]);
	return sound;
}

static bool is_row(const struct summary_row *row)
{
	bool sound = is_text(row->unit) && is_text(row->stop) && is_text(row->why) && is_text(row->remedy) && is_optional(row->floor) &&
		     is_optional(row->disagreement);

	if (row->metric == NULL)
		return sound && row->base == NULL && row->n_values == 0;
	/* The expansion of a histogram is told by what follows the base. */
	return sound && is_text(row->metric) && is_text(row->base) && strncmp(row->metric, row->base, strlen(row->base)) == 0 && has_values(row);
}

bool digest_is_sound(const struct runfile *run, const struct summary *summary)
{
	bool sound = is_run(run) && isfinite(summary->disturbed_pct);

	for (size_t c = 0; c < run->n_cells && sound; c++)
		sound = is_cell(&run->cells[c]);
	for (size_t i = 0; i < summary->n && sound; i++)
		sound = is_row(&summary->rows[i]);
	return sound;
}
