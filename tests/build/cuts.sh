#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuts.sh - no format of the tree cuts a text in silence, and the check would notice: such a format is added to a copy of the tree, with and without
# a reason; likewise a set of CPUs of a fixed size.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/tree.sh
. "$srcdir/tests/tree.sh"

tree_copy "$tmp/tree"
file=$tmp/tree/command/cut.c

# check STATUS NAME: of the copy
check() {
	sh "$tmp/tree/build-aux/cuts.sh" >"$tmp/out" 2>&1
	is $? "$1" "$2"
	out=$(cat "$tmp/out")
}

check 0 "no format of the tree cuts a text in silence"
has "$out" "cuts: formats that cut a text in silence: 0" "the number of such formats is printed"

# cut FORMAT: a file that prints with it
cut_with() {
	printf 'void cut(const char *text)\n{\n%s\tprintf("%s\\n", text);\n}\n' "${2:-}" "$1" >"$file"
}

cut_with '%.40s'
check 1 "a format that cuts a text at 40 bytes is found"
has "$out" "command/cut.c:3:" "file and line of the format are named"
cut_with '%-40.40s'
check 1 "a format of a column that cuts its text is found"
cut_with '%.40s' '	/* cut: the field has 40 bytes in the file */
'
check 0 "a cut whose reason stands in the line before is accepted"
cut_with '%.40s' '	/* text */
'
check 1 "a comment that gives no reason does not help"
cut_with '%.*s %8.2f %-40s'
check 0 "a part with a name, a number with decimals and a column's width are no cuts"

printf 'void cut(double value, char text[32])\n{\n\tsnprintf(text, 32, "%%%%+.1f", value);\n}\n' >"$file"
check 1 "a number that is printed into a buffer of a fixed size is found"
has "$out" "command/cut.c:3: format_fixed()" "and what has room for it is named"

printf 'void stay(void)\n{\n\tcpu_set_t one;\n\n\tsched_setaffinity(0, sizeof(one), &one);\n}\n' >"$file"
check 1 "a set of 1024 CPUs is found"
has "$out" "command/cut.c:3:" "where it is declared"

done_testing
