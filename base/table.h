/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.h - tables of texts: each row is one line, however wide, and columns are as wide as what is in them, by characters. Nothing depends on the
 * locale.
 *
 * Only the last column may be cut, and only on a terminal: what does not fit there ends in "..", and a line below the table says so. In a pipe, a
 * file or a pager it is whole.
 */
#ifndef FIVESTEP_TABLE_H
#define FIVESTEP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table_column {
	const char *name;
	bool right; /* aligned to the right */
};

struct table;

/* The names are kept, not copied. NULL without memory. */
struct table *table_new(const struct table_column *columns, size_t n);
/* A line of as many texts as there are columns, which are copied. 0 or -ENOMEM; -E2BIG for more than ARRAY_MANY lines. */
int table_line(struct table *table, const char *const *texts);
/* Prints it if err is 0 and there is a line, and frees it. Returns err, or -errno; -ENOMEM for no table, unless err says why. */
int table_print(struct table *table, FILE *out, int err);

/*
 * The same in terminal_columns(), in a pipe as well: where not all fits, columns are left out, in the order of left_out; where it still does not, the
 * first column has a line of its own, above the others. Names there stay whole.
 */
int table_print_fitted(struct table *table, const size_t *left_out, size_t n, FILE *out, int err);

#endif
