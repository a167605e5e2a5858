#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every function of the library is called, or named, by something: the program, a test, an example. Its declaration and its definition do not count.
. "${srcdir:-.}/tests/tap.sh"

# Bodies of kernels and benchmarks are named by macros (harness/body.h).
nm "${FIVESTEP%/*}/libfivestep-internal.a" 2>/dev/null | awk '$2 == "T" && $3 !~ /_body$/ { print $3 }' | LC_ALL=C sort -u >"$tmp/functions"
n=$(wc -l <"$tmp/functions")
if [ "$n" -lt 100 ]; then
	skip_all "no symbols of the library: built by a cross compiler, or without nm"
fi
(cd "$srcdir" && find base results harness analysis guest fleet command conform kernels bench tests examples -name '*.[ch]' -exec cat {} +) |
	awk '{ gsub(/[^A-Za-z_0-9]+/, "\n"); print }' | LC_ALL=C sort | uniq -c | awk '$1 <= 2 { print $2 }' | LC_ALL=C sort >"$tmp/rare"
is "$(LC_ALL=C comm -12 "$tmp/functions" "$tmp/rare")" "" "all $((n)) functions of the library are used"
done_testing
