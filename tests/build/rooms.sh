#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rooms.sh - no include crosses a closed door, and the check of that would notice: in a copy of the tree, one is added, a rule is taken away, a room is
# misspelt. The picture of docs/architecture.md is that of the rules, and the files that its table names are there.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/tree.sh
. "$srcdir/tests/tree.sh"

tree_copy "$tmp/tree"
rules=$tmp/tree/build-aux/rooms.txt

# check STATUS NAME: of the copy
check() {
	sh "$tmp/tree/build-aux/rooms.sh" >"$tmp/out" 2>&1
	is $? "$1" "$2"
	out=$(cat "$tmp/out")
}

check 0 "no include of the tree crosses a closed door"
has "$out" ", 0 that cross a closed door" "and the number is said"

echo '#include "analysis/compare/compare.h"' >>"$tmp/tree/harness/round/job.c"
check 1 "an include that goes upwards is found"
line=$(wc -l <"$tmp/tree/harness/round/job.c")
has "$out" "harness/round/job.c:$line: harness/round may not include analysis/compare/compare.h" "with file and line"
cp "$srcdir/harness/round/job.c" "$tmp/tree/harness/round/job.c"

echo '#include "harness/round/job.h"' >>"$tmp/tree/bench/floor.c"
check 1 "a benchmark that looks behind fivestep.h is found"
cp "$srcdir/bench/floor.c" "$tmp/tree/bench/floor.c"

echo 'static const char *const remedy = "device=softdev";' >>"$tmp/tree/conform/range.c"
check 1 "a case that names a device is found"
line=$(wc -l <"$tmp/tree/conform/range.c")
has "$out" "conform/range.c:$line:" "with file and line"
cp "$srcdir/conform/range.c" "$tmp/tree/conform/range.c"

echo 'static const char *const only = "softdev.launches";' >>"$tmp/tree/analysis/report/skips.c"
check 1 "a frame that names a device is found"
line=$(wc -l <"$tmp/tree/analysis/report/skips.c")
has "$out" "analysis/report/skips.c:$line:" "with file and line"
cp "$srcdir/analysis/report/skips.c" "$tmp/tree/analysis/report/skips.c"

echo 'static const char *const count = ".pages_to_device";' >>"$tmp/tree/analysis/draw/bars.c"
check 1 "a frame that names a device's count is found"
line=$(wc -l <"$tmp/tree/analysis/draw/bars.c")
has "$out" "analysis/draw/bars.c:$line:" "with file and line"
cp "$srcdir/analysis/draw/bars.c" "$tmp/tree/analysis/draw/bars.c"
# A comment may.
echo '/* as "emu.pages_to_device" does */' >>"$tmp/tree/analysis/draw/bars.c"
check 0 "and one that is in a comment is none"
cp "$srcdir/analysis/draw/bars.c" "$tmp/tree/analysis/draw/bars.c"

mkdir "$tmp/tree/harness/attic"
echo >"$tmp/tree/harness/attic/old.c"
check 1 "a folder without a rule is found"
has "$out" "harness/attic/old.c: is in no room" "and named"
rm -r "$tmp/tree/harness/attic"

sed -i '/^analysis\/page /d' "$rules"
check 1 "a rule that names a room that is not above it is found"
has "$out" "analysis/draw includes analysis/page, which is no room above it" "and named"
cp "$srcdir/build-aux/rooms.txt" "$rules"

echo 'attic | base | nothing' >>"$rules"
check 1 "a rule for a room that is not there is found"
has "$out" "there is no attic" "and named"

# shellcheck disable=SC2016 # marks of Markdown
is "$(sed -n '/^```mermaid$/,/^```$/p' "$srcdir/docs/architecture.md")" "$(sh "$srcdir/build-aux/rooms.sh" --picture)" \
	"the picture of docs/architecture.md is made of the rules"
missing=
# shellcheck disable=SC2016 # marks of Markdown
for file in $(sed -n '/^## A round/,$p' "$srcdir/docs/architecture.md" | grep -o '`[a-z_/]*/[a-z_]*\.[ch]`' | tr -d '`'); do
	[ -f "$srcdir/$file" ] || missing="$missing $file"
done
is "$missing" "" "every file that a round's way names is there"

done_testing
