#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# coverage.sh SOURCE_FOLDER FOLDER MAKE [TESTS] - how much of the code the tests run: builds the tree anew in FOLDER with gcov's counters, runs all tests, or those that are
# named, and prints the lines that ran by room and the whole. With gcovr there are pages, too (FOLDER/html/index.html); without it FOLDER/lines has the files.
#
# Rounds that end by a signal leave no counts, and devices that are not here none at all: the figure says what was not run, not what is right.
set -eu
source=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
make=${3:-make}
tests=${4:-}

cd "$folder"
# A tree that is configured cannot be built elsewhere: a copy of what is not built in it can.
if [ -e "$source/config.status" ]; then
	(cd "$source" && git ls-files -co --exclude-standard | while read -r file; do [ ! -f "$file" ] || echo "$file"; done) >copied
	mkdir -p source
	tar cf - -C "$source" -T copied | tar xf - -C source
	source=$folder/source
fi
[ -x "$source/configure" ] || (cd "$source" && ./bootstrap)
[ -f Makefile ] || "$source/configure" -q CC="${CC:-gcc}" CFLAGS='-g -O0 --coverage'
# Code that is measured has flags of its own.
MEASURED_CFLAGS='-g -O1 -ffp-contract=off --coverage'
$make -s -j2 MEASURED_CFLAGS="$MEASURED_CFLAGS"
find . -name '*.gcda' -exec rm -f {} +
# Tests that fail are shown, and what ran is counted all the same.
if [ -n "$tests" ]; then
	$make -s check MEASURED_CFLAGS="$MEASURED_CFLAGS" TESTS="$tests" || echo 'coverage: tests failed'
else
	$make -s check MEASURED_CFLAGS="$MEASURED_CFLAGS" || echo 'coverage: tests failed'
fi

if command -v gcovr >/dev/null 2>&1; then
	mkdir -p html
	gcovr --root "$source" --object-directory . --exclude "$source/tests/" --exclude '.*registry\.c' --gcov-ignore-parse-errors \
		--html-details html/index.html >/dev/null
fi
# gcov prints a file and its lines for each object: "File 'NAME'" and "Lines executed:PERCENT% of N".
find . -name '*.gcno' ! -path './tests/*' ! -path './source/*' -exec gcov -n {} + 2>/dev/null | awk -v source="$source/" '
	/^File / {
		file = $0
		sub(/^File ./, "", file)
		sub(/.$/, "", file)
		if (index(file, source) == 1)
			file = substr(file, length(source) + 1)
		sub(/^\.\//, "", file)
	}
	/^Lines executed:/ && file ~ /^(base|bench|kernels|results|harness|analysis|guest|fleet|command)\/.*\.c$/ && file != "command/registry.c" {
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
