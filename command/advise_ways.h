/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * advise_ways.h - a described program (harness/plan/app_profile.h) under every way of sharing that the model has unit costs for.
 */
#ifndef FIVESTEP_COMMAND_ADVISE_WAYS_H
#define FIVESTEP_COMMAND_ADVISE_WAYS_H

#include "analysis/model/model.h"
#include "harness/plan/app_profile.h"
#include "harness/plan/cell.h"

#define ADVISE_WAYS 64

struct advise_way {
	struct cell cell; /* of no benchmark: setup and device, with their parameters as they begin */
	char *group;
	struct prediction prediction;
};

struct advise {
	const struct model *model;
	const struct what_if *what_if;
	const struct app_profile *app;
	bool has_time; /* the phases' times are in the model's unit; otherwise they are left out */
	struct advise_way ways[ADVISE_WAYS];
	unsigned n;
};

/* Every way, the fastest first. 0, -ENODATA without any, or -errno; with the reason. Call advise_free() in any case. */
int advise_find(
	struct advise *advise, const struct model *model, const struct what_if *what_if, const struct app_profile *app, struct fs_reason *why);
void advise_free(struct advise *advise);

/* What it would cost if the device's phases touched this share of the pages that they touch; 1, or as model_predict(). */
int advise_predict(const struct advise *advise, const struct advise_way *way, double share, struct prediction *prediction);
/* The same: the total. Negative without memory. */
double advise_total(const struct advise *advise, const struct advise_way *way, double share);

#endif
