/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_show.c - see predict_show.h.
 */
#include "config.h"

#include "analysis/model/predict_show.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/table.h"
#include "analysis/summary/format.h"
#include "base/text.h"

#define MISFIT 0.1 /* of a row of the calibration, above which it is shown */

/* ---- unit costs */

static int unit_line(struct table *table, const struct model_group *group, unsigned cost, const char *unit)
{
	char median[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-";
	const char *texts[] = {group->name, fs_cost_names[cost], median, range, group->is_doubtful[cost] ? "not told apart from others" : ""};
	double draws[MODEL_DRAWS];
	struct statistics_interval interval = {.median = group->unit[0][cost], .n = MODEL_DRAWS, .has_interval = true};

	if (!group->is_contained[cost])
		return 0;
	for (unsigned fit = 1; fit < MODEL_FITS; fit++)
		draws[fit - 1] = group->unit[fit][cost];
	gsl_sort(draws, 1, MODEL_DRAWS);
	interval.lo = fmin(interval.median, gsl_stats_quantile_from_sorted_data(draws, 1, MODEL_DRAWS, 0.025));
	interval.hi = fmax(interval.median, gsl_stats_quantile_from_sorted_data(draws, 1, MODEL_DRAWS, 0.975));
	format_interval(&interval, unit, median, range);
	return table_line(table, texts);
}

static void show_gaps(const struct model_group *group, FILE *out)
{
	fprintf(out, "%s: %zu value%s of benchmarks, condition %.3g; no benchmark of this run contains", group->name, group->n_rows,
		TEXT_S(group->n_rows), group->condition);
	for (unsigned i = 0; i < FS_COST_FILL_BYTE; i++) {
		if (!group->is_contained[i])
			fprintf(out, " %s", fs_cost_names[i]);
	}
	fputc('\n', out);
	for (size_t r = 0; r < group->n_rows; r++) {
		const struct model_row *row = &group->rows[r];
		char *params = format_params_whole(row->cell, false);

		if (fabs(row->misfit) > MISFIT)
			fprintf(out, "  the units make %+.0f %% of %s %s %s %s\n", 100 * row->misfit, row->cell->bench, row->cell->setup,
				params != NULL ? params : "out of memory", row->metric);
		free(params);
	}
}

int predict_show_units(const struct model *model, FILE *out)
{
	static const struct table_column columns[] = {
		{"SHARING", false}, {"EVENT", false}, {"UNIT COST", true}, {"95 % INTERVAL", false}, {"NOTE", false}};
	struct table *table = table_new(columns, FS_ARRAY_SIZE(columns));
	int err = table == NULL ? -ENOMEM : 0;

	for (size_t g = 0; g < model->n_groups; g++) {
		for (unsigned i = 0; i < FS_COSTS && err == 0; i++)
			err = unit_line(table, &model->groups[g], i, clock_unit(model->run->clock));
	}
	err = table_print(table, out, err);
	if (err == 0)
		fputc('\n', out);
	for (size_t g = 0; g < model->n_groups && err == 0; g++)
		show_gaps(&model->groups[g], out);
	return err;
}

/* ---- predictions */

void predict_show_title(const struct model *model, const struct what_if *what_if, bool is_checked, FILE *out)
{
	fprintf(out, "computed, not measured%s", is_checked ? "; measured beside it" : "");
	what_if_title(what_if, out);
	fprintf(out, ": a model from %s\n\n", model->run->path);
}

enum { PROGRAM, SETUP, DEVICE, PARAMETERS, STEP, COMPUTED, RANGE, DOMINANT, NOTE, MEASURED, MEASURED_RANGE, ERROR, TEXTS };

/* Without a check the columns of what was measured are left out: they come last. */
static const struct table_column line_columns[TEXTS] = {
	[PROGRAM] = {"PROGRAM", false},
	[SETUP] = {"SETUP", false},
	[DEVICE] = {"DEVICE", false},
	[PARAMETERS] = {"PARAMETERS", false},
	[STEP] = {"STEP", false},
	[COMPUTED] = {"COMPUTED", true},
	[RANGE] = {"95 % INTERVAL", false},
	[DOMINANT] = {"MOST OF IT", false},
	[NOTE] = {"NOTE", false},
	[MEASURED] = {"MEASURED", true},
	[MEASURED_RANGE] = {"95 % INTERVAL", false},
	[ERROR] = {"ERROR", true},
};

static void note_of(const struct predict_line *line, struct text *text)
{
	if (!line->is_predicted) {
		text_add(text, "%s", line->why.what);
		return;
	}
	if (line->is_reference)
		text_add(text, "reference");
	else if (line->misses)
		text_add(text, "MISSES");
	prediction_doubts(&line->prediction, text);
}

static int add_values(struct table *table, const char **texts, const struct statistics_interval *computed, const struct statistics_interval *measured,
	const char *unit)
{
	char median[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-", seen[FORMAT_VALUE] = "-", seen_range[FORMAT_VALUE] = "-",
	     error[FORMAT_FIXED + 2] = "", number[FORMAT_FIXED];

	if (computed != NULL)
		format_interval(computed, unit, median, range);
	if (measured->n != 0)
		format_interval(measured, unit, seen, seen_range);
	if (computed != NULL && measured->n != 0 && measured->median > 0)
		/* + 0: no "-0.0". */
		text_fit(error, sizeof(error), "%s %%",
			format_fixed(round(1000 * (computed->median / measured->median - 1)) / 10 + 0.0, 1, true, number));
	texts[COMPUTED] = median;
	texts[RANGE] = range;
	texts[MEASURED] = seen;
	texts[MEASURED_RANGE] = seen_range;
	texts[ERROR] = error;
	return table_line(table, texts);
}

static int add_line(struct table *table, const struct predict_line *line, bool steps, const char *unit)
{
	char dominant[64] = "";
	struct text note = {0};
	const char *texts[TEXTS] = {[PROGRAM] = line->program,
		[SETUP] = line->setup,
		[DEVICE] = line->device,
		[PARAMETERS] = line->params,
		[STEP] = "total",
		[DOMINANT] = dominant};
	int err;

	note_of(line, &note);
	texts[NOTE] = text_string(&note);
	if (line->is_predicted && line->prediction.dominant != FS_COSTS)
		/* cut: at most 100 */
		snprintf(dominant, sizeof(dominant), "%s %.0f %%", fs_cost_names[line->prediction.dominant], 100 * line->prediction.dominant_part);
	err = add_values(table, texts, line->is_predicted ? &line->prediction.total : NULL, &line->total, unit);
	texts[PROGRAM] = texts[SETUP] = texts[DEVICE] = texts[PARAMETERS] = texts[DOMINANT] = texts[NOTE] = "";
	for (unsigned s = 0; s < FS_STEPS && steps && line->is_predicted && err == 0; s++) {
		texts[STEP] = fs_step_names[s];
		err = add_values(table, texts, &line->prediction.step[s], &line->step[s], unit);
	}
	text_clear(&note);
	return err;
}

int predict_show_lines(const struct predict_line *lines, size_t n, const char *unit, bool steps, bool is_checked, FILE *out)
{
	size_t columns = is_checked ? TEXTS : MEASURED;
	struct table *table = table_new(line_columns, columns);
	int err = table == NULL ? -ENOMEM : 0;

	for (size_t i = 0; i < n && err == 0; i++)
		err = add_line(table, &lines[i], steps, unit);
	return table_print(table, out, err);
}
