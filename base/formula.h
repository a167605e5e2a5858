/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * formula.h - arithmetic over named values, for derived metrics. Pure.
 *
 *   faults / (bytes / 1048576)        + - * / ( ), numbers, names of letters, digits and _
 *
 * A value that is absent makes the result absent, with its reason; so does a division by zero.
 */
#ifndef FIVESTEP_FORMULA_H
#define FIVESTEP_FORMULA_H

#include "base/reason.h"

#define FORMULA_NAME  32
#define FORMULA_TERMS 32

/* In postfix order. */
struct formula {
	unsigned n;
	struct {
		char what; /* '#' a number, 'x' a name, '~' negation, or one of + - * / */
		double number;
		char name[FORMULA_NAME];
	} term[FORMULA_TERMS];
};

/* 0, or -EINVAL with what was expected and where. */
int formula_parse(const char *text, struct formula *formula, struct fs_reason *why);

/* The value of a name: 0, or -ENODATA with the reason. */
typedef int formula_value_fn(void *arg, const char *name, double *value, struct fs_reason *why);
/* 0, or -ENODATA with the reason: a value that is absent, or a division by zero. */
int formula_value(const struct formula *formula, formula_value_fn *value_of, void *arg, double *value, struct fs_reason *why);

#endif
