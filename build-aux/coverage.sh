#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# coverage.sh SOURCE_FOLDER FOLDER MAKE [TESTS] - how much of the code the tests run: builds the tree anew in FOLDER with gcov's counters, runs all tests, or those that are
# named, and prints the lines that ran by room and the whole. With gcovr there are pages, too (FOLDER/html/index.html); without it FOLDER/lines has the files.
# Exit status: 1 if tests failed; what they ran is counted all the same.
#
# Rounds that end by a signal leave no counts, devices that are not here none at all, and what the guest runs is not counted: the figure says what was
# not run here, not what is right.
set -eu
source=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
make=${3:-make}
tests=${4:-}
# Those of the make above this one, if it has any.
jobs=-j2
case ${MAKEFLAGS:-} in
*jobserver*) jobs= ;;
esac

cd "$folder"
# A tree that is configured cannot be built elsewhere: a copy of what is not built in it can.
if [ -e "$source/config.status" ]; then
	(cd "$source" && git ls-files -co --exclude-standard | while read -r file; do [ ! -f "$file" ] || echo "$file"; done) >copied
	mkdir -p source
	tar cf - -C "$source" -T copied | tar xf - -C source
	source=$folder/source
fi
[ -x "$source/configure" ] || (cd "$source" && ./bootstrap)
# Threads count one line at once: without atomic counts, some are lost, and what is computed from them is negative.
counting='--coverage -fprofile-update=atomic'
[ -f Makefile ] || "$source/configure" -q CC="${CC:-gcc}" CFLAGS="-g -O0 $counting"
# configure's own attempts.
rm -f a-conftest.gcno conftest.gcno
# Code that is measured has flags of its own.
MEASURED_CFLAGS="-g -O1 -ffp-contract=off $counting"
$make -s $jobs MEASURED_CFLAGS="$MEASURED_CFLAGS"
# The tests themselves are not counted: they link what is.
$make -s $jobs check-programs MEASURED_CFLAGS="$MEASURED_CFLAGS" CFLAGS='-g -O2' LDFLAGS="${LDFLAGS:-} --coverage"
find . -name '*.gcda' -exec rm -f {} +
echo "coverage: running the tests, which takes longer than make check; tail -f $folder/check.log" >&2
failed=0
if [ -n "$tests" ]; then
	$make -s check MEASURED_CFLAGS="$MEASURED_CFLAGS" TESTS="$tests" >check.log 2>&1 || failed=1
else
	$make -s check MEASURED_CFLAGS="$MEASURED_CFLAGS" >check.log 2>&1 || failed=1
fi
grep -E '^(FAIL|ERROR|XPASS|# (TOTAL|PASS|FAIL|SKIP|ERROR)|make check: )' check.log || tail -n 20 check.log

if command -v gcovr >/dev/null 2>&1; then
	mkdir -p html
	gcovr --root "$source" --object-directory . --exclude "$source/tests/" --exclude '.*registry\.c' --gcov-ignore-parse-errors \
		--html-details html/index.html >gcovr.log 2>&1 || echo "coverage: no pages: see $folder/gcovr.log"
fi
rooms=$(sed -n 's,^\([a-z]*\)[ /].*,\1,p' "$source/build-aux/rooms.txt" | sort -u | paste -sd '|' -)
# gcov prints a file and its lines for each object: "File 'NAME'" and "Lines executed:PERCENT% of N".
find . -name '*.gcno' ! -path './tests/*' ! -path './source/*' -exec gcov -n {} + 2>/dev/null | awk -v source="$source/" -v relative="${source#"$folder/"}/" -v rooms="^($rooms)/.*[.]c\$" '
	/^File / {
		file = $0
		sub(/^File ./, "", file)
		sub(/.$/, "", file)
		# The compiler was given one of the two.
		if (index(file, source) == 1)
			file = substr(file, length(source) + 1)
		else if (index(file, relative) == 1)
			file = substr(file, length(relative) + 1)
		sub(/^\.\//, "", file)
	}
	/^Lines executed:/ && file ~ rooms && file != "command/registry.c" {
		split($0, part, /[:% ]+/)
		lines = part[length(part)]
		ran = part[3] * lines / 100
		# A file that is compiled twice counts with the better half.
		if (!(file in of) || ran > ran_of[file]) {
			of[file] = lines
			ran_of[file] = ran
		}
		file = ""
	}
	END {
		for (file in of)
			printf "%s %d %.0f\n", file, of[file], ran_of[file]
	}' | LC_ALL=C sort >lines
awk '
	function share(ran, all) {
		return all ? 100 * ran / all : 0
	}
	{
		room = $1
		sub(/\/[^\/]*$/, "", room)
		all[room] += $2
		ran[room] += $3
		total += $2
		total_ran += $3
	}
	END {
		for (room in all)
			printf "%-24s %6d of %6d lines  %5.1f %%\n", room, ran[room], all[room], share(ran[room], all[room]) | "LC_ALL=C sort"
		close("LC_ALL=C sort")
		printf "%-24s %6d of %6d lines  %5.1f %%\n", "all", total_ran, total, share(total_ran, total)
		exit total == 0
	}' lines
if [ -f html/index.html ]; then
	echo "pages: $folder/html/index.html"
else
	echo "files: $folder/lines (with gcovr there are pages, too)"
fi
[ "$failed" -eq 0 ] || echo "coverage: tests failed: $folder/check.log"
exit "$failed"
