/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table.c - tables of texts, in a file; what a terminal changes is in tests/command/terminal.sh.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "tests/tap.h"

static const struct table_column columns[] = {{"NAME", false}, {"N", true}, {"NOTE", false}};

static void prints(struct table *table, int err, int wanted_err, const char *wanted, const char *name)
{
	char *printed = NULL;
	size_t bytes;
	FILE *out = open_memstream(&printed, &bytes);

	is_int(table_print(table, out, err), wanted_err, "%s: its result", name);
	fclose(out);
	is_str(printed, wanted, "%s", name);
	free(printed);
}

/* In so many columns: N is left out first, then where it is not enough, NAME has its own line. */
static void fits(const char *columns_of, const char *wanted, const char *name)
{
	static const size_t left_out[] = {1};
	struct table *table = table_new(columns, 3);
	char *printed = NULL;
	size_t bytes;
	FILE *out = open_memstream(&printed, &bytes);

	setenv("COLUMNS", columns_of, 1);
	is_int(table_line(table, (const char *[]){"the name of f\xc3\xbcr", "10000", "a note of 22 characters"}), 0, "a line");
	is_int(table_line(table, (const char *[]){"one", "7", ""}), 0, "another");
	is_int(table_print_fitted(table, left_out, 1, out, 0), 0, "%s: its result", name);
	fclose(out);
	is_str(printed, wanted, "%s", name);
	free(printed);
}

int main(void)
{
	struct table *table = table_new(columns, 3);
	char text[8] = "one";

	is_int(table_line(table, (const char *[]){text, "1", "a note that is long enough to be cut on a terminal"}), 0, "a line");
	text[0] = '?';
	is_int(table_line(table, (const char *[]){"f\xc3\xbcr", "10000", ""}), 0, "another");
	prints(table, 0, 0, "NAME     N NOTE\none      1 a note that is long enough to be cut on a terminal\nf\xc3\xbcr  10000 \n",
		"columns are as wide as their texts, by characters; nothing is cut in a file");
	prints(table_new(columns, 3), 0, 0, "", "a table without lines has no head");
	table = table_new(columns, 3);
	is_int(table_line(table, (const char *[]){"one", "1", ""}), 0, "a line");
	prints(table, -EDOM, -EDOM, "", "after an error nothing is printed");
	prints(NULL, 0, -ENOMEM, "", "no table is a lack of memory");
	prints(NULL, -EDOM, -EDOM, "", "unless something else was the matter");
	table = table_new(columns + 1, 1);
	is_int(table_line(table, (const char *[]){"7"}), 0, "a line of one text");
	is_int(table_line(table, (const char *[]){"700"}), 0, "and another");
	prints(table, 0, 0, "  N\n  7\n700\n", "the last column may be on the right");
	fits("47", "NAME                N NOTE\nthe name of f\xc3\xbcr 10000 a note of 22 characters\none                 7 \n",
		"a table that just fits");
	fits("44", "NAME            NOTE\nthe name of f\xc3\xbcr a note of 22 characters\none             \n",
		"one that does not: a column is left out");
	fits("40", "NAME            NOTE\nthe name of f\xc3\xbcr a note of 22 characters\none             \n", "one that just fits without it");
	table = table_new(columns, 3);
	is_int(table_line(table, (const char *[]){"the name of a thing, which is long", "10000", "a note of 22 characters"}), 0, "a line");
	{
		char *printed = NULL;
		size_t bytes;
		FILE *out = open_memstream(&printed, &bytes);

		is_int(table_print_fitted(table, NULL, 0, out, 0), 0, "a name that leaves no room");
		fclose(out);
		is_str(printed, "NAME\n        N NOTE\nthe name of a thing, which is long\n    10000 a note of 22 characters\n",
			"has a line of its own");
		free(printed);
	}
	is_int(table_print_fitted(NULL, NULL, 0, stdout, 0), -ENOMEM, "no table is a lack of memory here, too");
	done_testing();
	return exit_status();
}
