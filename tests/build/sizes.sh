#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sizes.sh - no function and no file is longer than build-aux/sizes.awk allows, and that check would notice: in a copy of the tree, a function of
# 61 lines, a benchmark of 201 and another file of 451 are added.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/tree.sh
. "$srcdir/tests/tree.sh"

tree_copy "$tmp/tree"
file=$tmp/tree/bench/long.c

# check STATUS NAME: of the copy
check() {
	sh "$tmp/tree/build-aux/sizes.sh" >"$tmp/out" 2>&1
	is $? "$1" "$2"
	out=$(cat "$tmp/out")
}

# lines N: N lines of statements
lines() {
	seq "$1" | sed 's/.*/\twork();/'
}

check 0 "no function and no file of the tree is too long"
has "$out" "; 0 above the limits" "and the number is said"

{ printf 'static int *as_long_as_may_be(int a,\n\tint b)\n{\n' && lines 56 && printf '}\n'; } >"$file"
check 0 "a function of 60 lines is none too long"
{ printf '\nstatic int *too_long(int a,\n\tint b)\n{\n' && lines 57 && printf '}\n'; } >>"$file"
check 1 "a function of 61 lines is found"
has "$out" "bench/long.c:62: too_long() of 61 lines, above 60" "with file, line and name"

lines 200 >"$file"
check 0 "a benchmark of 200 lines is none too long"
lines 201 >"$file"
check 1 "a benchmark of 201 lines is found"
has "$out" "bench/long.c: a file of 201 lines, above 200" "with its name"
rm "$file"

file=$tmp/tree/kernels/long.c
lines 450 >"$file"
check 0 "any other file of 450 lines is none too long"
lines 451 >"$file"
check 1 "a file of 451 lines is found"
has "$out" "kernels/long.c: a file of 451 lines, above 450" "with its name"

done_testing
