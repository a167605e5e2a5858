/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.h - tables of the cost model, by libsmartcols.
 */
#ifndef FIVESTEP_MODEL_TABLE_H
#define FIVESTEP_MODEL_TABLE_H

#include <stdio.h>

#include <libsmartcols.h>

struct column {
	const char *name;
	int flags; /* SCOLS_FL_* */
};

/* NULL without memory. */
struct libscols_table *table_new(const struct column *columns, size_t n);
/* A line of n texts. 0 or -errno. */
int table_line(struct libscols_table *table, const char *const *texts, size_t n);
/* Prints it if err is 0, and frees it. Returns err, or -errno; -ENOMEM for no table. */
int table_print(struct libscols_table *table, FILE *out, int err);

#endif
