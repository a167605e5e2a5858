/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - see table.h.
 */
#include "config.h"

#include "analysis/model/table.h"

#include <errno.h>

struct libscols_table *table_new(const struct column *columns, size_t n)
{
	struct libscols_table *table = scols_new_table();

	for (size_t i = 0; i < n && table != NULL; i++) {
		if (scols_table_new_column(table, columns[i].name, 0, columns[i].flags) == NULL) {
			scols_unref_table(table);
			return NULL;
		}
	}
	return table;
}

int table_line(struct libscols_table *table, const char *const *texts, size_t n)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	int err = line == NULL ? -ENOMEM : 0;

	for (size_t i = 0; i < n && err == 0; i++)
		err = scols_line_set_data(line, i, texts[i]);
	return err;
}

int table_print(struct libscols_table *table, FILE *out, int err)
{
	if (table == NULL)
		return -ENOMEM;
	scols_table_set_stream(table, out);
	if (err == 0)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}
