/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report_models.h - what a report has of the cost model: the programs of its runs predicted, and the map of a program that a profile describes.
 */
#ifndef FIVESTEP_COMMAND_REPORT_MODELS_H
#define FIVESTEP_COMMAND_REPORT_MODELS_H

#include "analysis/report/report.h"
#include "command/advise_map.h"
#include "command/runs.h"

struct report_predicted {
	struct predict_line *lines;
	size_t n;
	struct text unlike; /* why the model says nothing about the run; empty where it does */
};

struct report_models {
	struct runs runs; /* the calibration */
	struct model made;
	struct what_if what_if; /* nothing is changed */
	struct app_profile *app;
	struct advise advise;
	struct break_even_map map;
	struct report_predicted *predicted; /* a run each */
	size_t n;
	struct report_model model;
};

/*
 * program: the path of a profile, or NULL. EXIT_FINE; or what was said: the model's run cannot be read or calibrates nothing, the profile is wrong,
 * or the model is of another machine or clock than all runs. Call report_models_free() in any case; models starts as {0}.
 */
int report_models_make(struct report_models *models, const char *model, const char *program, const struct runfile *runs, size_t n);
void report_models_fill(const struct report_models *models, size_t run, struct report_input *input);
void report_models_free(struct report_models *models);

#endif
