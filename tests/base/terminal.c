/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * terminal.c - how wide lines are, and where they break.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "tests/tap.h"

static void columns_are(const char *variable, unsigned wanted, const char *name)
{
	FILE *file = tmpfile();

	if (variable != NULL)
		setenv("COLUMNS", variable, 1);
	else
		unsetenv("COLUMNS");
	is_int(terminal_columns(file), wanted, "%s", name);
	fclose(file);
}

static void test_columns(void)
{
	columns_are(NULL, 80, "a file has 80 columns");
	columns_are("132", 132, "or as many as COLUMNS says");
	columns_are("9999", 9999, "up to 9999");
	columns_are("10000", 80, "and no more");
	columns_are("39", TERMINAL_COLUMNS_MIN, "but never too few to read");
	columns_are("41", 41, "one more than that is taken");
	columns_are("0", 80, "0 is none");
	columns_are("-50", 80, "as is less");
	columns_are("100x", 80, "or what is no number");
	columns_are("", 80, "or nothing");
}

static void wraps(const char *text, unsigned columns, unsigned indent, const char *wanted, const char *name)
{
	char *printed = NULL;
	size_t bytes;
	FILE *out = open_memstream(&printed, &bytes);

	terminal_wrap(out, text, columns, indent);
	fclose(out);
	is_str(printed, wanted, "%s", name);
	free(printed);
}

static void test_wrap(void)
{
	wraps("", 10, 2, "\n", "an empty text is a line");
	wraps("one two", 10, 2, "one two\n", "a text that fits is a line");
	wraps("one two three", 7, 2, "one two\n  three\n", "a line may have all columns");
	wraps("one two three", 6, 2, "one\n  two\n  three\n", "and no more; the others are indented");
	wraps("one two three four", 9, 2, "one two\n  three\n  four\n", "the indent counts");
	wraps("aa bb cc dd ee", 8, 2, "aa bb cc\n  dd ee\n", "as many words as fit");
	wraps("extraordinary word", 5, 2, "extraordinary\n  word\n", "a longer word stays whole");
	wraps("a extraordinary word", 5, 0, "a\nextraordinary\nword\n", "on a line of its own");
	wraps("one  two", 20, 0, "one  two\n", "blanks within a line stay");
	wraps("\xc3\xbc\xc3\xbc\xc3\xbc \xc3\xbc\xc3\xbc\xc3\xbc x", 7, 0, "\xc3\xbc\xc3\xbc\xc3\xbc \xc3\xbc\xc3\xbc\xc3\xbc\nx\n",
		"a character is a column, however many bytes it has");
}

int main(void)
{
	test_columns();
	test_wrap();
	done_testing();
	return exit_status();
}
