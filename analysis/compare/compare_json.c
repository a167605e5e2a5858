/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_json.c - writes a comparison as JSON; see compare_show.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/compare/compare_show.h"
#include "base/jsontext.h"
#include "base/text.h"

/* A number that JSON can hold, else null. */
static json_t *number(double value)
{
	json_t *real = json_real(value);

	return real != NULL ? real : json_null();
}

static json_t *params_json(const struct runfile_cell *cell)
{
	json_t *params = json_object();

	for (size_t p = 0; p < cell->n_params; p++)
		json_object_set_new(params, cell->params[p].name, json_string(cell->params[p].text));
	return params;
}

static json_t *number_if(bool known, double value)
{
	return known ? number(value) : json_null();
}

static json_t *row_json(const struct compare_report *report, const struct compare_row *row)
{
	const struct runfile_cell *cell = row->base->cell;
	bool open = row->verdict == COMPARE_UNDECIDED || row->verdict == COMPARE_SUSPECT;
	json_t *ci = row->has_interval ? json_pack("[o, o]", number(row->lo_pct), number(row->hi_pct)) : json_null();
	json_t *object = json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "bench", cell->bench, "setup", cell->setup,
		"device", cell->device, "params", params_json(cell), "metric", row->base->metric, "unit", row->base->unit, "base",
		number(row->base->interval.median), "new", number(row->new->interval.median), "change_pct",
		number_if(row->has_change, row->change_pct), "ci_pct", ci, "p", number_if(row->tested, row->p), "q", number_if(row->tested, row->q));
	struct text why = {0};
	int err;

	if (object == NULL)
		return NULL;
	compare_explain(report->comparison, row, false, &why);
	err = json_object_update_new(object,
		json_pack("{s:{s:I, s:I}, s:o, s:b, s:f, s:o, s:s, s:s, s:s}", "rounds", "base", (json_int_t)row->base->n_values, "new",
			(json_int_t)row->new->n_values, "pairs", row->paired ? json_integer((json_int_t)row->pairs) : json_null(), "deterministic",
			row->deterministic, "margin_pct", row->margin_pct, "more_rounds", number_if(open && row->more_rounds > 0.0, row->more_rounds),
			"verdict", compare_verdict_names[row->verdict], "cause", compare_cause_names[row->cause], "reason", text_string(&why)));
	text_clear(&why);
	if (err == 0 && report->explain) {
		compare_explain(report->comparison, row, true, &why);
		err = json_object_set_new(object, "why", json_string(text_string(&why)));
		text_clear(&why);
	}
	if (err != 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *limits_json(const struct comparison *comparison)
{
	return comparison != NULL
		       ? json_pack("{s:i, s:f, s:f}", "looks", (int)comparison->limits.looks, "p", comparison->limits.p, "q", comparison->limits.q)
		       : json_null();
}

static json_t *disturbed_json(const struct comparison *comparison)
{
	return comparison != NULL ? json_pack("{s:o, s:o, s:f}", "base", number(comparison->base_disturbed_pct), "new",
					    number(comparison->new_disturbed_pct), "limit", COMPARE_TOO_DISTURBED_PCT)
				  : json_null();
}

static json_t *alone_json(const struct compare_alone *alone)
{
	const struct runfile_cell *cell = alone->row->cell;
	char *why = text_format("%s%s%s", alone->why, *alone->detail != '\0' ? ": " : "", alone->detail);
	json_t *object = why == NULL ? NULL
				     : json_pack("{s:s, s:s, s:s, s:s, s:o, s:s?, s:s}", "run", alone->in_base ? "base" : "new", "bench", cell->bench,
					       "setup", cell->setup, "device", cell->device, "params", params_json(cell), "metric",
					       alone->whole ? NULL : alone->row->metric, "why", why);

	free(why);
	return object;
}

static json_t *fields_json(const struct unlike *unlike, enum unlike_kind kind)
{
	json_t *array = json_array();

	for (size_t i = 0; i < unlike->n; i++) {
		const struct unlike_field *field = &unlike->fields[i];

		if (field->kind == kind)
			json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", field->name, "base", field->base, "new", field->new));
	}
	return array;
}

static json_t *fingerprint_json(const struct unlike *unlike)
{
	json_t *differs = json_array();

	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY)
			json_array_append_new(differs, json_string(unlike->fields[i].name));
	return json_pack("{s:b, s:o}", "same", compare_show_same_machine(unlike), "differs", differs);
}

int compare_show_json(const struct compare_report *report, FILE *out)
{
	const struct comparison *comparison = report->comparison;
	json_t *cells = json_array(), *alone = json_array(), *object;
	int err = 0;

	for (size_t i = 0; comparison != NULL && i < comparison->n; i++)
		err |= json_array_append_new(cells, row_json(report, &comparison->rows[i]));
	for (size_t i = 0; comparison != NULL && i < comparison->n_alone; i++)
		err |= json_array_append_new(alone, alone_json(&comparison->alone[i]));
	object = json_pack("{s:o, s:o, s:s?, s:o, s:o, s:o, s:b, s:o, s:o, s:i}", "fingerprint", fingerprint_json(report->unlike), "cells", cells,
		"verdict", comparison != NULL ? compare_verdict_names[compare_verdict_of(comparison)] : NULL, "factors",
		fields_json(report->unlike, UNLIKE_FACTOR), "state", fields_json(report->unlike, UNLIKE_STATE), "alone", alone, "paired",
		compare_are_sides(report->base, report->new) || compare_are_same_seed(report->base, report->new), "limits", limits_json(comparison),
		"disturbed_pct", disturbed_json(comparison), "status", report->status);
	if (object != NULL && report->events != NULL)
		err |= json_object_set(object, "events", report->events);
	if (err != 0 || object == NULL)
		err = -ENOMEM;
	else
		err = jsontext_print(object, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out);
	json_decref(object);
	return err;
}
