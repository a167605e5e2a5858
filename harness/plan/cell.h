/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell.h - a cell of a plan: benchmark or kernel, setup, device and the values of all parameters.
 */
#ifndef FIVESTEP_CELL_H
#define FIVESTEP_CELL_H

#include "harness/plan/params.h"

#define CELL_TEXT 1024

struct cell {
	unsigned id;
	const char *name;
	const struct fs_bench *bench; /* one of bench and kernel */
	const struct fs_kernel *kernel;
	const struct fs_setup *setup;	/* NULL if the benchmark uses none */
	const struct fs_device *device; /* likewise */
	bool device_named;		/* by the plan: a missing device is then a skip instead of being left out */
	struct fs_args args;
	bool skipped;
	struct fs_reason skip;
};

const char *cell_kind(const struct cell *cell);	  /* "kernel", "benchmark" or "case" */
const char *cell_setup(const struct cell *cell);  /* its name, or "-" */
const char *cell_device(const struct cell *cell); /* its name, or "-" */
unsigned cell_needs(const struct cell *cell);	  /* offers that its benchmark or kernel needs from a setup */
size_t cell_bytes(const struct cell *cell);	  /* of its buffer; 0 if it has none */
unsigned cell_timeout_s(const struct cell *cell);
/* The cell as a line that plan_add() reads back, with every parameter. False: `bytes` is too small for it. */
bool cell_text(const struct cell *cell, char text[CELL_TEXT]);
/* The parameters that were set, as "granule=4K size=64M"; "" for none. For display. */
void cell_params_set(const struct cell *cell, char *text, size_t bytes);

/* Only those of the benchmark or kernel. */
const struct fs_param *cell_own_params(const struct cell *cell);
/* FS_UNDER() of the memory that the setup uses; 0 without one. */
unsigned cell_memory(const struct cell *cell);
/* Every parameter of the cell's parts that acts under its memory, with its initial value. 0, or the error of args_declare(). */
int cell_declare_args(struct cell *cell);
/* The first part's declaration of a parameter, whether or not it acts in this cell; NULL if no part has it. */
const struct fs_param *cell_declared(const struct cell *cell, const char *name);

#endif
