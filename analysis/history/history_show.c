/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_show.c - prints the changes of a history as JSON; see history_show.h. history_table.c prints them as tables, history_list.c lists the
 * index.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "analysis/history/history_show.h"
#include "base/jsontext.h"

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static json_t *number(double value)
{
	json_t *real = json_real(value);

	return real != NULL ? real : json_null();
}

/* Returns NULL, with the reason, on failure. */
static json_t *run_json(const struct index *index, int64_t id, struct fs_reason *why)
{
	struct index_run run;
	json_t *object;

	if (index_get_run(index, id, &run, why))
		return NULL;
	object = json_pack("{s:s, s:s, s:s}", "run", run.run_id, "started", run.started, "file", run.path);
	index_run_free(&run);
	return object;
}

static json_t *differs_json(const struct index *index, const struct history_change *change, struct fs_reason *why)
{
	static const char *const kinds[] = {[UNLIKE_IDENTITY] = "identity", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};
	json_t *array = json_array();
	struct unlike unlike;

	if (history_unlike(index, change->before, change->at, &unlike, why)) {
		json_decref(array);
		array = NULL;
	}
	for (size_t i = 0; array != NULL && i < unlike.n; i++)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "kind", kinds[unlike.fields[i].kind], "name", unlike.fields[i].name,
						     "before", unlike.fields[i].base, "after", unlike.fields[i].new));
	unlike_free(&unlike);
	return array;
}

static json_t *change_json(const struct history *history, const struct index *index, const struct history_change *change, struct fs_reason *why)
{
	const struct index_series *series = &history->series[change->series];
	json_t *at = run_json(index, change->at, why), *before = run_json(index, change->before, why);
	json_t *differs = change->point.drift ? json_array() : differs_json(index, change, why);
	json_t *drift = change->point.drift ? json_pack("{s:o, s:[o, o], s:I}", "pct_per_run", number(change->point.slope_pct), "ci_pct_per_run",
						      number(change->point.lo_pct), number(change->point.hi_pct), "runs",
						      (json_int_t)(change->point.end - change->point.at))
					    : json_null();

	if (at == NULL || before == NULL || differs == NULL || drift == NULL) {
		json_decref(drift);
		json_decref(at);
		json_decref(before);
		json_decref(differs);
		return NULL;
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:[o, o], s:o, s:o, s:s, s:o, s:o}", "state",
		history_state_names[change->state], "cell", series->cell, "metric", series->metric, "unit", series->unit, "better",
		better_names[series->better], "machine", series->fingerprint, "clock", series->clock, "emulated", (int)series->emulated, "at", at,
		"before", before, "value", number(change->point.before), number(change->point.after), "change_pct",
		number(change_points_pct(&change->point)), "p", number(change->point.p), "why", change->why, "differs", differs, "drift", drift);
}

static const char *verdict_of(const struct history *history)
{
	for (int s = HISTORY_STATES - 1; s >= HISTORY_CHANGED; s--)
		if (history->states[s])
			return history_state_names[s];
	return "SAME";
}

int history_show_json(const struct history *history, const struct index *index, FILE *out, struct fs_reason *why)
{
	json_t *changes = json_array(), *all;
	int err = 0;

	for (size_t i = 0; i < history->n_changes && err == 0; i++) {
		json_t *change = change_json(history, index, &history->changes[i], why);

		if (json_array_append_new(changes, change))
			err = *why->what ? -EIO : fs_no_memory(why);
	}
	all = json_pack("{s:I, s:I, s:I, s:I, s:o, s:s}", "runs", (json_int_t)history->n_runs, "series", (json_int_t)history->n_series, "few",
		(json_int_t)history->few, "needs", (json_int_t)history->needs, "changes", changes, "verdict", verdict_of(history));
	if (err == 0)
		err = jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out);
	if (err != 0 && !*why->what)
		err = fs_because(why, err, "", err == -ENOMEM ? "out of memory" : "cannot write");
	json_decref(all);
	return err;
}
