/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matrix_market.c - what the reader takes, and what it says of what it does not take: file, line, and what was expected. What a file claims costs no
 * memory.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/matrix_market.h"
#include "tests/fuzz/targets.h"
#include "tests/tap.h"

#define HEAD "%%MatrixMarket matrix coordinate "

static int read_text(const char *text, struct matrix_market *matrix, struct fs_reason *why)
{
	return matrix_market_read(fuzz_file((const uint8_t *)text, strlen(text)), matrix, why);
}

/* ---- what is read */

static void test_general(void)
{
	struct matrix_market m;
	struct fs_reason why;
	int err = read_text("%%MatrixMarket MATRIX Coordinate Real General\n% by hand: \xc3\xa9\n\n2 3 4\n"
			    "2 3 -1.5e2\n\n  1 2\t.5  \n2 1 4\n1 1 +3",
		&m, &why);

	if (!is_int(err, 0, "a general matrix of reals, its entries in any order, blank lines and blanks between")) {
		diag("%s", why.what);
		return;
	}
	ok(m.rows == 2 && m.columns == 3 && m.entries == 4, "has its size");
	ok(m.first[0] == 0 && m.first[1] == 2 && m.first[2] == 4, "its rows");
	ok(m.column[0] == 0 && m.column[1] == 1 && m.column[2] == 0 && m.column[3] == 2, "its columns in ascending order");
	ok(m.value[0] == 3 && m.value[1] == .5 && m.value[2] == 4 && m.value[3] == -150, "and its values");
	matrix_market_free(&m);
}

static void test_symmetric(void)
{
	struct matrix_market m, other;
	struct fs_reason why;

	is_int(read_text(HEAD "integer symmetric\n3 3 3\n1 1 4\n3 1 -7\n3 3 9007199254740992\n", &m, &why), 0, "a symmetric matrix of integers");
	is_int((long long)m.entries, 4, "has both halves");
	ok(m.first[1] == 2 && m.first[2] == 2 && m.first[3] == 4, "and a row without any entry");
	ok(m.column[1] == 2 && m.value[1] == -7 && m.column[2] == 0 && m.value[2] == -7, "the upper half is the lower one");
	ok(m.value[3] == 9007199254740992, "the largest integer is exact");
	is_int(read_text(HEAD "pattern symmetric\n3 3 3\n1 1\n3 1\n3 3\n", &other, &why), 0, "a pattern");
	ok(other.value == NULL && other.entries == 4, "has no values");
	ok(other.digest != m.digest, "another file has another digest");
	matrix_market_free(&m);
	matrix_market_free(&other);
	is_int(read_text(HEAD "real general\n2 2 0\n", &m, &why), 0, "no entry at all");
	ok(m.entries == 0 && m.first[2] == 0, "is a matrix of zeros");
	matrix_market_free(&m);
}

/* ---- what is refused */

static const struct {
	const char *text, *line, *what, *name;
} wrong[] = {
	{"", "1", "expected %%MatrixMarket matrix coordinate", "an empty file"},
	{"hello\n", "1", "expected %%MatrixMarket matrix coordinate", "another file"},
	{HEAD "real\n1 1 1\n1 1 1\n", "1", "expected five words", "no symmetry"},
	{"%%MatrixMarket vector coordinate real general\n", "1", "object vector; expected matrix", "a vector"},
	{"%%MatrixMarket matrix array real general\n1 1\n1\n", "1", "format array; expected coordinate", "an array"},
	{HEAD "complex general\n1 1 1\n1 1 1 0\n", "1", "field complex; expected real, integer or pattern", "complex numbers"},
	{HEAD "real skew-symmetric\n2 2 1\n2 1 1\n", "1", "symmetry skew-symmetric; expected general or symmetric", "a skew-symmetric matrix"},
	{HEAD "real hermitian\n2 2 1\n2 1 1\n", "1", "symmetry hermitian; expected general or symmetric", "a Hermitian one"},
	{HEAD "real \xff\n", "1", "byte 39 is 0xff; expected plain text", "a byte that is no text"},
	{HEAD "real general\r\n1 1 1\r\n1 1 1\r\n", "1", "a carriage return; expected lines that end with a newline alone", "CRLF"},
	{HEAD "real general\n1 1 1\r\n1 1 1\r\n", "2", "a carriage return", "CRLF after the first line"},
	{HEAD "real general\n", "1", "the file ends here; expected the size line", "no size line"},
	{HEAD "real general\n% only\n", "2", "the file ends here; expected the size line", "comments alone"},
	{HEAD "real general\n3 3\n", "2", "expected the size line: ROWS COLUMNS ENTRIES", "two numbers in the size line"},
	{HEAD "real general\n3 3 -1\n", "2", "expected the size line: ROWS COLUMNS ENTRIES", "less than no entries"},
	{HEAD "real general\n3 3 1e1\n", "2", "expected the size line: ROWS COLUMNS ENTRIES", "a size that is no whole number"},
	{HEAD "real general\n18446744073709551616 1 1\n", "2", "expected the size line", "a number of more than 64 bits"},
	{HEAD "real general\n0 3 0\n", "2", "0 x 3; expected from 1 to 4294967294 rows and columns", "no rows"},
	{HEAD "real general\n4294967295 3 1\n", "2", "expected from 1 to 4294967294 rows", "more rows than an index has"},
	{HEAD "real symmetric\n3 4 1\n1 1 1\n", "2", "symmetric, but 3 x 4", "symmetric and not square"},
	{HEAD "real general\n1000 1000 1000000000000000000\n", "2", "1000000000000000000 entries; there are not as many places in 1000 x 1000",
		"10^18 entries in a small matrix"},
	{HEAD "real general\n4000000000 4000000000 1000000000000000000\n1 1 1\n", "2", "1000000000000000000 entries; expected at most",
		"10^18 in a large one"},
	{HEAD "real symmetric\n3 3 7\n", "2", "7 entries; there are not as many places", "more entries than a symmetric matrix has"},
	{HEAD "real general\n3 3 2\n1 1 1\n", "3", "the file ends after 1 of 2 entries", "a truncated file"},
	{HEAD "real general\n3 3 2\n1 1 1\n2 2", "4", "expected ROW COLUMN VALUE", "one truncated in an entry"},
	{HEAD "real general\n3 3 1\n1 1 1\n2 2 2\n", "4", "more entries than the 1 of the size line", "more entries than claimed"},
	{HEAD "real general\n100000 100000 1\n1 1 1\n", "3", "100000 rows with 1 entries; expected at least an entry for 16 rows",
		"next to no entries"},
	{HEAD "real general\n3 3 1\n0 1 1\n", "3", "row 0; expected a whole number from 1 to 3", "a row before the first"},
	{HEAD "real general\n3 3 1\n4 1 1\n", "3", "row 4; expected a whole number from 1 to 3", "a row behind the last"},
	{HEAD "real general\n3 3 1\n1 4 1\n", "3", "column 4; expected a whole number from 1 to 3", "a column behind the last"},
	{HEAD "real general\n3 3 1\n1 -1 1\n", "3", "column -1; expected a whole number from 1 to 3", "a negative column"},
	{HEAD "real general\n3 3 1\n1 1.0 1\n", "3", "column 1.0; expected a whole number", "a column that is no whole number"},
	{HEAD "real general\n3 3 1\n1 1 nan\n", "3", "value nan; expected a finite decimal number", "NaN"},
	{HEAD "real general\n3 3 1\n1 1 -inf\n", "3", "value -inf; expected a finite decimal number", "an infinite value"},
	{HEAD "real general\n3 3 1\n1 1 1e999\n", "3", "value 1e999; expected a finite decimal number", "a value that overflows"},
	{HEAD "real general\n3 3 1\n1 1 0x10\n", "3", "value 0x10; expected a finite decimal number", "a hexadecimal value"},
	{HEAD "real general\n3 3 1\n1 1 1.5.\n", "3", "value 1.5.; expected a finite decimal number", "a value with something behind it"},
	{HEAD "real general\n3 3 1\n1 1 1 0\n", "3", "expected ROW COLUMN VALUE", "two values"},
	{HEAD "integer general\n3 3 1\n1 1 1.5\n", "3", "value 1.5; expected an integer that a double has exactly", "an integer that is none"},
	{HEAD "integer general\n3 3 1\n1 1 9007199254740993\n", "3", "expected an integer that a double has exactly",
		"an integer that a double rounds"},
	{HEAD "pattern general\n3 3 1\n1 1 1\n", "3", "expected ROW COLUMN, since it is a pattern", "a pattern with values"},
	{HEAD "pattern general\n3 3 1\n% more\n1 1\n", "3", "a comment among the entries", "a comment among the entries"},
	{HEAD "real symmetric\n3 3 2\n2 1 1\n1 2 1\n", "4", "row 1, column 2 is above the diagonal", "symmetric with both halves"},
	{HEAD "real general\n3 3 3\n2 2 1\n1 1 1\n2 2 2\n", "5", "row 2, column 2 is there twice: in line 3, too", "an entry twice"},
	{HEAD "pattern symmetric\n3 3 2\n2 1\n2 1\n", "4", "is there twice: in line 3, too", "a symmetric entry twice"},
	{HEAD "real general a b c\n", "1", "expected five words", "a banner of more words than are kept"},
	{HEAD "real general\n1 1 1 1 1 1 1\n", "2", "expected the size line", "a size line of as many"},
	{HEAD "real general\n1 1 1\n1 1 1 1 1 1 1 1\n", "3", "expected ROW COLUMN VALUE", "and an entry"},
	{HEAD "real\x1f\n", "1", "byte 38 is 0x1f; expected plain text", "the last control character"},
	{HEAD "real\x7f\n", "1", "byte 38 is 0x7f; expected plain text", "the first byte behind plain text"},
	{HEAD "real general\n%\x01\n", "2", "byte 2 is 0x01; expected plain text", "a control character in a comment"},
	{HEAD "real general\n1 1\xe9 1\n", "2", "byte 4 is 0xe9; expected plain text", "a letter in the size line"},
	{HEAD "real general\n3 0 0\n", "2", "3 x 0; expected from 1 to 4294967294 rows and columns", "no columns"},
	{HEAD "real general\n3 4294967295 1\n", "2", "expected from 1 to 4294967294 rows and columns", "more columns than an index has"},
	{HEAD "real general\n4294967294 4294967294 1\n1 1 1\n", "3", "4294967294 rows with 1 entries", "the most rows, with next to no entries"},
	{HEAD "real general\n2 2 5\n", "2", "5 entries; there are not as many places in 2 x 2", "an entry more than there are places"},
	{HEAD "real general\n2 2 4\n", "2", "the file ends after 0 of 4 entries", "as many as there are places, and none of them"},
	{HEAD "real symmetric\n3 3 6\n", "2", "the file ends after 0 of 6 entries", "as many as a symmetric matrix has, and none of them"},
	{HEAD "real general\n4000000 4000000 2147483649\n", "2", "2147483649 entries; expected at most 2147483648",
		"an entry more than any file may have"},
	{HEAD "real general\n4000000 4000000 2147483648\n", "2", "the file ends after 0 of 2147483648 entries",
		"as many as it may have, and none of them"},
	{HEAD "integer general\n3 3 1\n1 1 -9007199254740993\n", "3", "expected an integer that a double has exactly",
		"a negative integer that a double rounds"},
	{HEAD "integer general\n3 3 1\n1 1 -\n", "3", "value -; expected an integer that a double has exactly", "a sign without a number"},
	{HEAD "real general\n3 3 1\n1 1 e\n", "3", "value e; expected a finite decimal number", "an exponent without a number"},
	{HEAD "real general\n3 3 3\n1 1 1\n1 1 2\n1 1 3\n", "4", "row 1, column 1 is there twice: in line 3, too",
		"an entry three times, at its second line"},
};

static void test_wrong(void)
{
	for (size_t i = 0; i < FS_ARRAY_SIZE(wrong); i++) {
		struct matrix_market m;
		struct fs_reason why = {0};
		char at[16];
		bool is_said;

		snprintf(at, sizeof(at), ":%s: ", wrong[i].line);
		is_said = read_text(wrong[i].text, &m, &why) == -EINVAL && strstr(why.what, at) != NULL && strstr(why.what, wrong[i].what) != NULL;
		if (!ok(is_said && m.first == NULL, "%s is refused, with line and what was expected", wrong[i].name))
			diag("%s", why.what);
		matrix_market_free(&m);
	}
}

static void test_long_line(void)
{
	char text[4096] = HEAD "real general\n%";
	struct matrix_market m;
	struct fs_reason why = {0};

	memset(text + strlen(text), 'x', 2000);
	ok(read_text(text, &m, &why) == -EINVAL && strstr(why.what, ":2: a line of 2001 bytes; expected at most 1024") != NULL, "so is a long line");
	memset(text, 0, 100);
	ok(matrix_market_read(fuzz_file((const uint8_t *)text, 100), &m, &why) == -EINVAL, "and zeros");
	is_int(matrix_market_read("/", &m, &why), -EINVAL, "a folder");
	ok(strstr(why.what, "is no regular file") != NULL, "is none to read: %s", why.what);
	is_int(matrix_market_read("/nowhere/at.all", &m, &why), -ENOENT, "nor is what is not there");
}

/* Rows beyond 65536 must have an entry for each 16 of them. */
static int read_tall(unsigned rows, unsigned entries, struct matrix_market *m, struct fs_reason *why)
{
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);
	int err;

	fputs(HEAD "pattern general\n", file);
	fprintf(file, "%u 1 %u\n", rows, entries);
	/* From the last row to the first. */
	for (unsigned i = 0; i < entries; i++)
		fprintf(file, "%u 1\n", rows - i);
	fclose(file);
	err = read_text(text, m, why);
	free(text);
	return err;
}

static void test_tall(void)
{
	struct matrix_market m;
	struct fs_reason why = {0};

	is_int(read_tall(65536, 1, &m, &why), 0, "65536 rows need no entries");
	ok(m.first[65535] == 0 && m.first[65536] == 1 && m.column[0] == 0, "and the only one is in its row");
	matrix_market_free(&m);
	is_int(read_tall(65537, 4096, &m, &why), 0, "one more row needs a 16th as many entries");
	ok(m.first[61441] == 0 && m.first[61442] == 1 && m.first[65537] == 4096, "which are in their rows");
	matrix_market_free(&m);
	is_int(read_tall(65537, 4095, &m, &why), -EINVAL, "and not one less");
	matrix_market_free(&m);
}

/* Lines of as many bytes as the format allows, and of one more. */
static void test_line_limit(void)
{
	char text[4096] = HEAD "real general\n%", *comment = text + strlen(text) - 1;
	struct matrix_market m;
	struct fs_reason why = {0};

	memset(comment, 'x', 1024);
	*comment = '%';
	strcpy(comment + 1024, "\n1 1 1\n1 1 2\n");
	is_int(read_text(text, &m, &why), 0, "a line of 1024 bytes is read");
	ok(m.bytes == strlen(text) && m.value[0] == 2, "and all bytes of the file are counted");
	matrix_market_free(&m);
	strcpy(comment + 1024, "x\n1 1 1\n1 1 2\n");
	is_int(read_text(text, &m, &why), -EINVAL, "one of 1025 is not");
}

/* 2^31 entries are allowed: that many are claimed, in a process that could not have them. */
static void test_memory(void)
{
	static const char text[] = HEAD "real general\n4000000 4000000 2000000000\n1 1 1\n";
	const char *path = fuzz_file((const uint8_t *)text, strlen(text));
	int status = -1;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		struct rlimit limit = {256 << 20, 256 << 20};
		struct matrix_market m;
		struct fs_reason why = {0};

#if !defined(__SANITIZE_ADDRESS__)
		if (setrlimit(RLIMIT_AS, &limit) != 0)
			_exit(2);
#endif
		(void)limit;
		matrix_market_read(path, &m, &why);
		_exit(strstr(why.what, ":3: the file ends after 1 of 2000000000 entries") == NULL);
	}
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "what is claimed takes no memory");
}

int main(void)
{
	test_general();
	test_symmetric();
	test_wrong();
	test_long_line();
	test_line_limit();
	test_tall();
	test_memory();
	done_testing();
	return exit_status();
}
