/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_json.c - predictions as JSON, for programs; see predict_show.h.
 */
#include "config.h"

#include "analysis/model/predict_show.h"

#include <errno.h>

#include <jansson.h>

#include "base/jsontext.h"
#include "results/words.h"

static json_t *interval_json(const struct statistics_interval *interval)
{
	json_t *json = json_object();

	json_object_set_new(json, "value", json_real(interval->median));
	if (interval->has_interval) {
		json_object_set_new(json, "low", json_real(interval->lo));
		json_object_set_new(json, "high", json_real(interval->hi));
	}
	return json;
}

static json_t *intervals_json(const struct statistics_interval *step, const struct statistics_interval *total)
{
	json_t *json = json_object();

	json_object_set_new(json, "total", interval_json(total));
	for (unsigned s = 0; s < FS_STEPS; s++) {
		if (step[s].n != 0)
			json_object_set_new(json, fs_step_names[s], interval_json(&step[s]));
	}
	return json;
}

/* Of a program that is predicted. */
static void add_prediction(json_t *json, const struct prediction *prediction)
{
	json_t *lacks = json_array(), *doubtful = json_array();

	json_object_set_new(json, "computed", intervals_json(prediction->step, &prediction->total));
	if (prediction->dominant != FS_COSTS) {
		json_object_set_new(json, "most_of_it", json_string(fs_cost_names[prediction->dominant]));
		json_object_set_new(json, "most_of_it_share", json_real(prediction->dominant_part));
	}
	for (unsigned i = 0; i < FS_COSTS; i++) {
		if (prediction->lacks[i])
			json_array_append_new(lacks, json_string(fs_cost_names[i]));
		if (prediction->doubtful[i])
			json_array_append_new(doubtful, json_string(fs_cost_names[i]));
	}
	json_object_set_new(json, "lacks", lacks);
	json_object_set_new(json, "not_told_apart", doubtful);
}

static json_t *line_json(const struct predict_line *line)
{
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s}", "program", line->program, "setup", line->setup, "device", line->device, "params", line->params);

	if (json == NULL)
		return NULL;
	if (line->is_predicted)
		add_prediction(json, &line->prediction);
	else
		json_object_set_new(json, "why_not", json_string(line->why.what));
	json_object_set_new(json, "is_reference", json_boolean(line->is_reference));
	if (line->total.n != 0)
		json_object_set_new(json, "measured", intervals_json(line->step, &line->total));
	if (line->total.n != 0 && line->is_predicted)
		json_object_set_new(json, "misses", json_boolean(line->misses));
	return json;
}

int predict_show_json(const struct model *model, const struct what_if *what_if, const struct predict_line *lines, size_t n, FILE *out)
{
	json_t *programs = json_array(), *all;
	int err = 0;

	for (size_t i = 0; i < n && err == 0; i++)
		err = json_array_append_new(programs, line_json(&lines[i]));
	all = json_pack("{s:s, s:s, s:s, s:b, s:o}", "what", "computed, not measured", "model", model->run->path, "unit",
		clock_unit(model->run->clock), "what_if", what_if_changes(what_if), "programs", programs);
	if (what_if->machine != NULL && all != NULL)
		json_object_set_new(all, "machine", json_string(what_if->machine));
	err = err == 0 ? jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(6), out) : -ENOMEM;
	json_decref(all);
	return err;
}
