/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check.c - programs predicted beside what was measured of them; see check.h.
 */
#include "config.h"

#include "analysis/model/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/gather.h"
#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"

/* Whether what was measured lies apart from what was predicted, both with their intervals, by more than is allowed. */
static bool misses(const struct predict_line *line, double within_pct)
{
	const struct statistics_interval *seen = &line->total, *said = &line->prediction.total;
	double lo = seen->has_interval ? seen->lo : seen->median, hi = seen->has_interval ? seen->hi : seen->median;

	return hi < said->lo * (1 - within_pct / 100) || lo > said->hi * (1 + within_pct / 100);
}

/* The cell that gave the program's computing is one of the model's; here it is recognised by setup, device and parameters. */
static bool gave_computing(const struct model *model, const struct runfile_cell *cell)
{
	for (size_t i = 0; i < model->n_references; i++) {
		const struct runfile_cell *reference = model->references[i].cell;

		if (strcmp(reference->setup, cell->setup) == 0 && strcmp(reference->device, cell->device) == 0 && cells_same_work(reference, cell))
			return true;
	}
	return false;
}

static int predict_cell(const struct model *model, const struct what_if *what_if, const struct runfile *run, const struct runfile_cell *cell,
	double within_pct, struct predict_line *line)
{
	struct model_case c;
	int err = model_case_of(run, cell, &c);

	*line = (struct predict_line){
		.program = cell->bench, .setup = cell->setup, .device = cell->device, .params = format_params_whole(cell, false)};
	if (err == 0)
		fs_because(&line->why, -ENODATA, "", "the record does not say its events");
	if (err > 0)
		err = model_predict(model, what_if, &c, &line->prediction, &line->why);
	model_case_free(&c);
	line->is_predicted = err > 0;
	line->is_reference = gave_computing(model, cell);
	gather_metric(cell, "total", &line->total);
	for (unsigned s = 0; s < FS_STEPS; s++)
		gather_metric(cell, fs_step_names[s], &line->step[s]);
	if (line->is_predicted && line->total.n != 0) {
		line->error = line->prediction.total.median / line->total.median - 1;
		line->misses = !line->is_reference && !what_if_changes(what_if) && misses(line, within_pct);
	}
	return err < 0 || line->params == NULL ? -ENOMEM : 0;
}

int check_predict(
	const struct model *model, const struct what_if *what_if, const struct runfile *run, double within_pct, struct predict_line *lines, size_t *n)
{
	int err = 0;

	*n = 0;
	for (size_t i = 0; i < run->n_cells && err == 0; i++) {
		if (!runfile_is_kernel(&run->cells[i]) || runfile_count_verdict(&run->cells[i], VERDICT_OK) == 0)
			continue;
		err = predict_cell(model, what_if, run, &run->cells[i], within_pct, &lines[(*n)++]);
	}
	return err;
}

void check_free(struct predict_line *lines, size_t n)
{
	for (size_t i = 0; i < n && lines != NULL; i++)
		free((char *)lines[i].params);
	free(lines);
}
