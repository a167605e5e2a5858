/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_programs.h - programs that were never measured under some way of sharing, for the cost model: each is executed once on plain memory
 * (harness/round/dry.h), and what every setup's policy implies follows from that.
 */
#ifndef FIVESTEP_COMMAND_PREDICT_PROGRAMS_H
#define FIVESTEP_COMMAND_PREDICT_PROGRAMS_H

#include "analysis/model/predict_show.h"
#include "command/run_request.h"

struct predict_programs {
	struct predict_line *lines; /* those that the model has unit costs for */
	size_t n;
	size_t n_unknown; /* cells left out: the model has no unit costs of their way of sharing, or nobody says what their setup implies */
	struct plan plan; /* names in lines point into it */
};

/*
 * The programs that the request names, else those whose computing the model knows, at their sizes; under each setup that it has unit costs for. 0, or
 * -errno with the reason: -EINVAL for what was named. Call predict_programs_free() in any case.
 */
int predict_programs(struct predict_programs *programs, const struct model *model, const struct what_if *what_if, struct run_request *request,
	struct fs_reason *why);
void predict_programs_free(struct predict_programs *programs);

#endif
