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
	done_testing();
	return exit_status();
}
