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

static void puts_as(const char *text, unsigned width, bool right, const char *wanted, const char *name)
{
	char *printed = NULL;
	size_t bytes;
	FILE *out = open_memstream(&printed, &bytes);

	terminal_put(out, text, width, right);
	fclose(out);
	is_str(printed, wanted, "%s", name);
	free(printed);
}

#define UUU "\xc3\xbc\xc3\xbc\xc3\xbc"

static void test_put(void)
{
	is_int(terminal_width(UUU "x"), 4, "the width of a text is that of its characters");
	puts_as("ab", 5, false, "ab   ", "a text is filled up");
	puts_as("ab", 5, true, "   ab", "or to the right");
	puts_as(UUU, 5, false, UUU "  ", "by characters, not bytes");
	puts_as(UUU, 5, true, "  " UUU, "there as well");
	puts_as("abcde", 5, false, "abcde", "one that fits is whole");
	puts_as("abcdef", 5, false, "abc..", "a longer one ends in dots");
	puts_as(UUU UUU, 5, false, UUU "..", "after a whole character");
	puts_as("abcdef", 5, true, "abcdef", "but to the right it stays whole");
	puts_as("abcdef", 2, false, "abcdef", "as where there is no room for more than the dots");
	puts_as("abcdef", 0, false, "abcdef", "and with no width");
}

static void wraps_line(const char *line, unsigned columns, const char *wanted, const char *name)
{
	char *printed = NULL;
	size_t bytes;
	FILE *out = open_memstream(&printed, &bytes);

	terminal_wrap_line(out, line, columns);
	fclose(out);
	is_str(printed, wanted, "%s", name);
	free(printed);
}

static void test_wrap_line(void)
{
	wraps_line("skip  one two", 10, "skip  one\n      two\n", "further lines are below what follows the first word");
	wraps_line("   one two", 7, "   one\n   two\n", "or below an indented line");
	wraps_line("one two", 5, "one\n    two\n", "or four columns to the right");
	wraps_line("a very long text before the gap  and more", 12, "a very long\n    text\n    before\n    the gap\n    and more\n",
		"which is also where the first words are long");
}

/* In a file nothing is folded, and no line of progress is written. */
static void test_no_terminal(void)
{
	FILE *file = tmpfile();
	struct terminal_fold fold;

	setenv("TERM", "xterm", 1);
	ok(!terminal_erases(file), "a file is no terminal where a line can be erased");
	ok(terminal_fold_begin(&fold, file) == file, "in a file lines stay as they are");
	is_int(terminal_fold_end(&fold), 0, "up to the end");
	fclose(file);
}

int main(void)
{
	test_columns();
	test_wrap();
	test_put();
	test_wrap_line();
	test_no_terminal();
	done_testing();
	return exit_status();
}
