/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report_models.c - see report_models.h.
 */
#include "config.h"

#include "command/report_models.h"

#include <errno.h>
#include <stdlib.h>

#include "analysis/model/check.h"
#include "base/say.h"
#include "command/model_pages.h"

static int said(const struct fs_reason *why, int err)
{
	say_error("report", why);
	return err == -ENODATA ? EXIT_BAD_DATA : EXIT_OWN_ERROR;
}

/* Those of the model's machine and clock; none is an error. */
static int predict_runs(struct report_models *models, const struct runfile *runs, size_t n)
{
	size_t alike = 0;

	models->predicted = calloc(n, sizeof(*models->predicted));
	if (models->predicted == NULL)
		return EXIT_OWN_ERROR;
	models->n = n;
	for (size_t i = 0; i < n; i++) {
		struct report_predicted *predicted = &models->predicted[i];
		enum exit_status status = model_machine_check("report", &models->runs.files[0], &runs[i], &predicted->unlike);

		if (status == EXIT_OWN_ERROR)
			return status;
		if (status != EXIT_FINE)
			continue;
		alike++;
		predicted->lines = calloc(runs[i].n_cells + 1, sizeof(*predicted->lines));
		if (predicted->lines == NULL ||
			check_predict(&models->made, &models->what_if, &runs[i], CHECK_WITHIN_PCT, predicted->lines, &predicted->n) != 0)
			return EXIT_OWN_ERROR;
	}
	/* the differences from the first, in words */
	return alike != 0 ? EXIT_FINE : (int)model_machine_check("report", &models->runs.files[0], &runs[0], NULL);
}

static int map_program(struct report_models *models)
{
	struct fs_reason why = {0};
	int status = model_pages_check("report", &models->runs.files[0]), err;

	if (status != EXIT_FINE)
		return status;
	err = advise_find(&models->advise, &models->made, &models->what_if, models->app, &why);
	if (err == 0)
		err = advise_map_make(&models->advise, &models->map, &why);
	if (err != 0)
		return said(&why, err);
	models->model.map = &models->map;
	return EXIT_FINE;
}

static int read_profile(struct report_models *models, const char *program)
{
	struct fs_reason why = {0};
	int err;

	models->app = calloc(1, sizeof(*models->app));
	err = models->app == NULL ? fs_no_memory(&why) : app_profile_read(models->app, program, &why);
	if (err == 0)
		return EXIT_FINE;
	say_error("report", &why);
	return err == -ENOMEM ? EXIT_OWN_ERROR : EXIT_USAGE;
}

int report_models_make(struct report_models *models, const char *model, const char *program, const struct runfile *runs, size_t n)
{
	char *path = (char *)model;
	struct fs_reason why = {0};
	int status = program != NULL ? read_profile(models, program) : EXIT_FINE, err;

	what_if_clear(&models->what_if);
	if (status == EXIT_FINE)
		status = runs_load(&models->runs, "report", &path, 1, RUNS_WHOLE);
	if (status != EXIT_FINE)
		return status;
	err = model_make(&models->runs.files[0], &models->made, &why);
	if (err != 0)
		return said(&why, err);
	models->model.model = &models->made;
	status = predict_runs(models, runs, n);
	return status == EXIT_FINE && program != NULL ? map_program(models) : status;
}

void report_models_fill(const struct report_models *models, size_t run, struct report_input *input)
{
	if (run >= models->n)
		return;
	input->lines = models->predicted[run].lines;
	input->n_lines = models->predicted[run].n;
	if (models->predicted[run].unlike.len != 0)
		input->not_predicted = text_string(&models->predicted[run].unlike);
}

void report_models_free(struct report_models *models)
{
	for (size_t i = 0; i < models->n; i++) {
		check_free(models->predicted[i].lines, models->predicted[i].n);
		text_clear(&models->predicted[i].unlike);
	}
	free(models->predicted);
	if (models->app != NULL)
		advise_free(&models->advise);
	free(models->app);
	model_free(&models->made);
	runs_free(&models->runs);
	what_if_free(&models->what_if);
}
