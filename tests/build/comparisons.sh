#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# comparisons.sh - build-aux/comparisons.sh, which "make tidy" runs, finds each way to leave a comparison out, and nothing else.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

command -v "${CLANG_QUERY:-clang-query}" >/dev/null || skip_all "clang-query is not installed: install clang-tools"

cat >"$tmp/file.c" <<'FILE'
#include <stdlib.h>
#include <string.h>
#define LEFT_OUT(p) ((p) && *(p))
int left_out(const char *p, int err, unsigned n);
int explicit(const char *p, int err, unsigned n);
int left_out(const char *p, int err, unsigned n)
{
	if (!p)
		return 1;
	if (p)
		return 2;
	if (strcmp(p, "a"))
		return 3;
	if (!strncmp(p, "a", n))
		return 4;
	while (err)
		return 5;
	do
		n--;
	while (n && p);
	for (const char *q = p; q;)
		q = NULL;
	return !err || memcmp(p, "b", 1) ? 6 : p ? 7 : 8;
}
int explicit(const char *p, int err, unsigned n)
{
	if (p == NULL || err != 0 || !n || n || strcmp(p, "a") == 0 || *p || !*p || LEFT_OUT(p))
		return 1;
	return p != NULL && err < 0 ? 2 : 3;
}
FILE
printf '[{"directory": "%s", "command": "cc -c file.c", "file": "file.c"}]\n' "$tmp" >"$tmp/compile_commands.json"

sh "$srcdir/build-aux/comparisons.sh" "$tmp" "$tmp/file.c" >"$tmp/out" 2>&1
is $? 1 "a file that leaves comparisons out fails"
found=$(sed -n 's/^[^:]*:\([0-9]*\):.*/\1/p' "$tmp/out" | sort -n | tr '\n' ' ')
is "$found" "8 10 12 14 16 20 21 23 23 23 " "each line that leaves one out is named, and no other"
has "$(cat "$tmp/out")" "file.c:8:7: the comparison is left out: if (!p)" "with file, line and text"

sed '6,24d' "$tmp/file.c" >"$tmp/good.c" && mv "$tmp/good.c" "$tmp/file.c"
sh "$srcdir/build-aux/comparisons.sh" "$tmp" "$tmp/file.c" >"$tmp/out" 2>&1
is $? 0 "a file that compares explicitly passes"
is "$(cat "$tmp/out")" "" "in silence"

CLANG_QUERY=none-such sh "$srcdir/build-aux/comparisons.sh" "$tmp" "$tmp/file.c" >"$tmp/out" 2>&1
is $? 77 "without clang-query it is a skip"
has "$(cat "$tmp/out")" "install clang-tools" "that says what to do"

done_testing
