/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity.h - which cell it is, the same in runs whose parts have not the same parameters: by those that differ from their initial values.
 *
 * "fault_latency/hmm/emu/granule=64K": benchmark, setup, device and each parameter that is not at its initial value, sorted by name. What the initial
 * values are the runs say (results/SCHEMA.md). Of several runs the first one to know an initial value is the one that counts for all: a later build
 * whose own is another has another cell, unless a plan gave it that value. A parameter that a run does not have is at its initial value there.
 */
#ifndef FIVESTEP_IDENTITY_H
#define FIVESTEP_IDENTITY_H

#include "results/runfile.h"

struct identity;

/* What is known of a parameter of the cells of one benchmark, setup and device. */
struct identity_pin {
	const char *cells;   /* "fault_latency/hmm/emu" */
	const char *name;    /* of the parameter */
	const char *initial; /* "granule=4K"; NULL where none is recorded */
	const char *word;    /* what that stands for on each machine: "base"; NULL: a plain value */
	const char *when;    /* it acts only so; NULL: always */
	bool idle;	     /* it does not act in these cells */
};

/* NULL without memory. */
struct identity *identity_new(void);
void identity_free(struct identity *identity);

/* Takes from a run what is not known yet. 0 or -ENOMEM */
int identity_learn(struct identity *identity, const struct runfile *run);
/* The cell of a run that was learnt; allocated, NULL without memory. */
char *identity_of(struct identity *identity, const struct runfile *run, const struct runfile_cell *cell);
/* The same of a text with more parameters in it, as identity_of() or an older fivestep gave it. */
char *identity_of_text(struct identity *identity, const char *text);
/* With every parameter, whatever it is; allocated, NULL without memory. */
char *identity_in_full(const struct runfile_cell *cell);

/* "size=64M", with numbers in one way of writing; allocated, NULL without memory. */
char *identity_param(const char *name, const char *text);

/* To keep what is known, and to have it again. The n-th, NULL after the last; one that is known already stays. 0 or -ENOMEM */
const struct identity_pin *identity_get(const struct identity *identity, size_t n);
int identity_put(struct identity *identity, const struct identity_pin *pin);

#endif
