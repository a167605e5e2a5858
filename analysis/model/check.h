/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check.h - the programs of a run, each as the model predicts it and as it was measured.
 */
#ifndef FIVESTEP_MODEL_CHECK_H
#define FIVESTEP_MODEL_CHECK_H

#include "analysis/model/predict_show.h"

#define CHECK_WITHIN_PCT 10.0

/*
 * Every program that was measured in some round; lines has room for all cells of the run. One misses if the measured interval is more than within_pct
 * away from the predicted one. 0 or -ENOMEM; call check_free() in any case.
 */
int check_predict(const struct model *model, const struct what_if *what_if, const struct runfile *run, double within_pct, struct predict_line *lines,
	size_t *n);
void check_free(struct predict_line *lines, size_t n);

#endif
