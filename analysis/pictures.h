/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pictures.h - which pictures a run gives, by the form of its records: kernels with steps, counters of devices,
 * histograms, swept parameters, floors.
 */
#ifndef FIVESTEP_PICTURES_H
#define FIVESTEP_PICTURES_H

#include "analysis/picture.h"
#include "analysis/summary.h"

enum pictures_subject { PICTURES_STEPS, PICTURES_DISTRIBUTIONS, PICTURES_TRAFFIC, PICTURES_SWEEPS, PICTURES_FLOORS, PICTURES_SUBJECTS };

struct pictures_entry {
	enum pictures_subject subject;
	char name[96]; /* NAME.svg and NAME.png */
	char title[160];
	char caption[320]; /* how to read it */
	char alt[320];	   /* what it shows, for who cannot see it */
	char error[240];   /* why it could not be drawn; "" when it was */
};

struct pictures {
	struct pictures_entry *entries;
	size_t n;
};

/* Draws everything; names begin with prefix. A picture that fails is kept with its error. 0 or negative errno. */
int pictures_make(const struct runfile *run, const struct summary *summary, const struct picture_place *place, const char *prefix,
	struct pictures *pictures, struct fs_reason *why);
void pictures_free(struct pictures *pictures);

/* The median over a cell's ok rounds of a step's time, or of a counter in one step (in all, step NULL). NaN without. */
double pictures_step_median(const struct runfile_cell *cell, const char *step);
double pictures_count_median(const struct runfile_cell *cell, const char *step, const char *counter);
/* A counter that the cell's own device keeps: its name begins with the device's and a point. */
bool pictures_is_device_count(const struct runfile_cell *cell, const struct runfile_count *count);
/* What tells a cell from the others of its benchmark: setup, device where there are several, parameters that differ. */
void pictures_label(const struct runfile *run, const struct runfile_cell *cell, const char *without, char *text, size_t bytes);

#endif
