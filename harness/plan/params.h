/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * params.h - values of declared parameters, and sweeps over them: "4K,64K,2M", "4K:*2:1G", "1:+1:8".
 */
#ifndef FIVESTEP_PARAMS_H
#define FIVESTEP_PARAMS_H

#include "harness/fivestep.h"

#define PARAM_TEXT 32
#define ARGS_MAX   32
#define SWEEP_MAX  256

struct fs_arg {
	const struct fs_param *param;
	char text[PARAM_TEXT]; /* canonical: 4096 is 4K, and so is base if that is the machine's page size; it is part of the cell's name */
	uint64_t whole;	       /* SIZE, COUNT; for CHOICE the choice's position */
	double real;	       /* REAL; the same as whole for the others */
	bool is_name;	       /* INPUT: of an input, not one of its choices */
	bool set;	       /* by the plan or the command line, not by default */
	bool word;	       /* written in pages of this machine, as base or 16*base: on another machine the size differs */
};

/* The parameters of one cell, each name once, in the order of their parts. */
struct fs_args {
	unsigned n;
	struct fs_arg arg[ARGS_MAX];
};

/* One value. -EINVAL with the parameter, the text and what was expected. */
int param_parse(const struct fs_param *param, const char *text, struct fs_arg *arg, struct fs_reason *why);
/* Every value of a sweep, in order; returns how many, or -EINVAL. */
int param_sweep(const struct fs_param *param, const char *text, struct fs_arg args[SWEEP_MAX], struct fs_reason *why);
/* The allowed values, for display: "bytes, 4K to 2M". */
void param_domain(const struct fs_param *param, char *text, size_t bytes);

/* Whether its initial value is a size in pages of the machine: base, 16*base, huge. */
bool param_is_of_machine(const struct fs_param *param);

const struct fs_param *param_find(const struct fs_param *params, const char *name);

/*
 * Adds a part's parameters at their initial values; a name that exists already is kept. under: FS_UNDER() of the memory that is used, 0 if
 * there is none; a parameter that does not act under it is left out. -E2BIG
 */
int args_declare(struct fs_args *args, const struct fs_param *params, unsigned under);
/* Removes those that do not act with the values of the others (fs_param.when). */
void args_drop_idle(struct fs_args *args);
struct fs_arg *args_find(struct fs_args *args, const char *name);
const struct fs_arg *args_get(const struct fs_args *args, const char *name);

#define BYTES_TEXT 24
/* 4K, 64M, 1536: the shortest exact spelling in binary units. */
void bytes_format(uint64_t bytes, char text[BYTES_TEXT]);
/* A size as plans spell it: digits and K, M, G or T (powers of 1024; an i or B may follow). -EINVAL, -ERANGE */
int bytes_parse(const char *text, uint64_t *bytes);
/* The same, or in pages of this machine: base, huge, 16*base. -EINVAL, -ERANGE */
int size_parse(const char *text, uint64_t *bytes);

#endif
