#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build_registry.sh - what is in a folder is in its list, and what is in a list is in `fivestep list`; and an addition is one file and
# one line: the example benchmark of CONTRIBUTING.md, taken out of that text, and a kernel, setup, counter source, device, command, section of the report and
# export format are added to a copy of the tree, built and run.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/tree.sh
. "$srcdir/tests/tree.sh"

# listed FILE VARIABLE: the files that FILE adds to VARIABLE, without headers.
listed() {
	sed -n "s/^$2 += //p" "$srcdir/$1" | tr ' ' '\n' | grep '\.c$' | sort
}

# found FOLDER: the .c files in it; the program's main and what is generated are in no list.
found() {
	(cd "$srcdir" && find "$1" -name '*.c' ! -path command/main.c ! -path command/registry.c) | sort
}

# names: file names without folder and extension.
names() {
	sed -e 's|.*/||' -e 's|\.c$||' | sort
}

# offered KIND: the names that fivestep lists; those of parameters and metrics are indented deeper.
offered() {
	"$FIVESTEP" list "$1" --json | sed -n 's/^    "name": "\(.*\)",*$/\1/p' | sort
}

# compare KIND FOLDER VARIABLE SHARED_VARIABLE [OTHER_VARIABLE]
compare() {
	is "$(found "$2")" "$({ listed "$2/local.mk" "$3"; listed "$2/local.mk" "$4"; listed "$2/local.mk" "${5:-none}"; } | sort)" "every file of $2/ is in its local.mk, and only those"
}

compare benchmarks bench bench_files bench_extra
compare kernels kernels kernel_files none
compare cases conform conform_files conform_extra
compare setups harness/setup setup_files setup_shared
compare devices harness/device device_files device_extra module_files
compare counters harness/counter counter_files counter_shared
compare commands command command_files command_shared
compare guest guest guest_files none
for room in base results harness/plan harness/machine harness/round harness/run analysis/statistics analysis/summary analysis/compare analysis/history \
	analysis/site analysis/claims analysis/brief analysis/conform analysis/many analysis/model analysis/page analysis/draw analysis/report analysis/export fleet; do
	is "$(found "$room")" "$(sed -n 's/^[a-z]*_files += //p' "$srcdir/$room/local.mk" | grep '\.c$' | sort)" "every file of $room/ is in its local.mk, and only those"
done
for room in base machine plan round run device analysis guest fleet command build fake; do
	is "$(cd "$srcdir" && find "tests/$room" -name '*.c' -o -name '*.sh' | sed 's/\.c$//' | sort)" \
		"$({ sed -n 's/^\(test\|guest\|fleet\)_[a-z]* += //p' "$srcdir/tests/$room/local.mk"; sed -n "s|^tap_files += \(tests/$room/.*\.c\)$|\1|p" "$srcdir/tests/local.mk"; } | grep -v '\.[^cs][a-z]*$' | sed 's/\.c$//' | sort)" "every test of tests/$room/ is in its local.mk"
done

# What configure was told to leave out.
left_out='nothing'
is "$(cd "$srcdir" && find tests/fuzz -name '*.c' ! -name driver.c ! -name file.c | sort)" "$(sed -n 's|^\tTARGET(\([a-z_]*\)).*|tests/fuzz/\1.c|p' "$srcdir/tests/fuzz/targets.h")" \
	"every fuzz target is in tests/fuzz/targets.h"
is "$(cd "$srcdir" && grep -l 'json_dump[sf]*(' -r base results harness analysis guest fleet command --include='*.c')" base/jsontext.c "JSON becomes text in one place, which knows of lost memory"
! grep -q '^WITH_CUDA_FALSE = *$' Makefile 2>/dev/null || left_out="$left_out|cuda"
! grep -q '^WITH_OPENCL_FALSE = *$' Makefile 2>/dev/null || left_out="$left_out|opencl"

# offers KIND FOLDER VARIABLE
offers() {
	is "$(offered "$1")" "$(listed "$2/local.mk" "$3" | names | grep -Evx -e "$left_out")" "fivestep lists the $1 of $2/"
}

offers benchmarks bench bench_files
offers kernels kernels kernel_files
offers setups harness/setup setup_files
offers devices harness/device device_files
offers counters harness/counter counter_files
for command in $(listed command/local.mk command_files | names); do
	fs 0 "fivestep $command answers --help" "$command" --help
done

# ---- an addition

copy=$tmp/tree
tree_copy "$copy"

# shellcheck disable=SC2016 # backquotes of Markdown
# The indented lines from the one with the opening comment to the end of the descriptor.
sed -n '/^`bench\/example\.c`:$/,/^`bench\/local\.mk`:$/p' "$srcdir/CONTRIBUTING.md" | sed -n 's/^    //p; s/^$//p' | sed -e '1{/^$/d;}' -e '${/^$/d;}' >"$copy/bench/example.c"
grep -q '^const struct fs_bench bench_example = {$' "$copy/bench/example.c"
ok $? "CONTRIBUTING.md has an example benchmark"
format=$(command -v clang-format-14 || command -v clang-format || :)
if [ -n "$format" ] && "$format" --version | grep -q 'version 14\.'; then
	"$format" --style="file:$srcdir/.clang-format" --dry-run -Werror "$copy/bench/example.c" 2>"$tmp/log"
	ok $? "it is formatted as make lint wants it"
else
	skip "clang-format 14 is not there"
fi
# shellcheck disable=SC2016
line=$(sed -n '/^`bench\/local\.mk`:$/,/^Then/s/^    //p' "$srcdir/CONTRIBUTING.md")
is "$line" "bench_files += bench/example.c" "and the one line that adds it"
printf '\n%s\n' "$line" >>"$copy/bench/local.mk"

# The other additions are made of what is there: one file under another name, and one line (a kernel: two and two).
# add FILE OLD VARIABLE [NAME]: FILE again as own, or NAME, in the same folder. A device's name must be no word of a benchmark or kernel (build-aux/rooms.sh).
add() {
	name=${4:-own}
	to=$(dirname "$1")/$name.${1#*.}
	sed -e "s/${3%_files}_$2\\b/${3%_files}_$name/g; s/\"$2\"/\"$name\"/g; s/${2}_body/own_body/g; s/FS_BODY($2)/FS_BODY(own)/; s/$2\.body\.h/own.body.h/" "$copy/$1" >"$copy/$to"
	printf '%s += %s\n' "$3" "$to" >>"$copy/$(dirname "$1")/local.mk"
}
add kernels/triad.c triad kernel_files
add kernels/triad.body.h triad body_files
add harness/setup/copy.c copy setup_files
add harness/counter/rusage.c rusage counter_files
add harness/device/null.c null device_files xtra
add command/show.c show command_files
add analysis/report/skips.c skips section_files
add analysis/export/bmf.c bmf export_files
for check in rooms sizes words; do
	(cd "$copy" && sh "build-aux/$check.sh") >"$tmp/log" 2>&1
	ok $? "the tree with an addition of each kind passes $check.sh, as make lint runs it" || tap_diag "$(tail -n 20 "$tmp/log")"
done
if [ -n "$format" ] && "$format" --version | grep -q 'version 14\.'; then
	(cd "$copy" && find . \( -name 'own.*' -o -name 'xtra.*' \) -exec "$format" -n -Werror {} +) >"$tmp/log" 2>&1
	ok $? "each addition is formatted as make lint wants it"
else
	skip "clang-format 14 is not there"
fi

(cd "$copy" && { [ -x configure ] || ./bootstrap; } && ./configure CC="${CC:-cc}" CFLAGS=-O0) >"$tmp/log" 2>&1
ok $? "the copy is configured"
# The lists are read again by themselves; one job, since config.status has its log where make has its jobs, if a test's driver has the descriptors before.
"${MAKE:-make}" -j1 -C "$copy" Makefile >"$tmp/log" 2>&1
ok $? "its Makefile takes the lines up" || tap_diag "$(tail -n 20 "$tmp/log")"
tree_make "the tree with the addition builds" "$copy" fivestep

FIVESTEP=$copy/fivestep
has "$(cd "$tmp" && unset FIVESTEP_DATADIR && "$FIVESTEP" list plans 2>&1)" quick "a program built in the tree finds the tree's plans"
is "$(offered benchmarks | grep -x example)" example "fivestep list has the added benchmark"
for kind in kernels setups counters; do
	is "$(offered $kind | grep -x own)" own "fivestep list has one of the $kind that was added by a file and a line"
done
is "$(offered devices | grep -x xtra)" xtra "fivestep list has the added device"
fs 0 "the added command answers" own --help
(cd "$tmp" && "$FIVESTEP" run --timeout "$patient" own --setup own --device emu -p "size=$(pages 48)" --rounds 1 --counters own -q -o own.jsonl) >"$tmp/out" 2>&1
ok $? "the added kernel runs under the added setup with the added counters"
has "$(cat "$tmp/own.jsonl" 2>/dev/null)" '"own.minflt"' "which are in the run file"
fs 0 "the added format is known" export --format own "$tmp/own.jsonl"
(cd "$tmp" && "$FIVESTEP" run --timeout "$patient" example --setup copy --device emu,xtra -p "size=$(pages 16)" --rounds 2 -q -o run.jsonl) >"$tmp/out" 2>&1
status=$?
ok $status "it runs"
[ $status -eq 0 ] || tap_diag "$(cat "$tmp/out")"
has "$(cat "$tmp/run.jsonl" 2>/dev/null)" '"second"' "and its metric is in the run file"
is "$(grep -c '"verdict":"ok".*"device":"xtra"\|"device":"xtra".*"verdict":"ok"' "$tmp/run.jsonl")" 2 "and so does the added device, in both rounds"

if command -v gnuplot >/dev/null; then
	(cd "$tmp" && unset FIVESTEP_DATADIR && "$FIVESTEP" report run.jsonl -o report) >"$tmp/out" 2>&1
	ok $? "a report of it is made"
	has "$(cat "$tmp/report/index.html" 2>/dev/null)" "example: what does a second touch cost?" "which has the picture that it declares"
	[ -s "$tmp/report/bars-1.svg" ]
	ok $? "without a line in analysis/"
	is "$(grep -c '^## Not run here' "$tmp/report/report.md")" 2 "and the section that was added, beside the one that it is made of"
else
	skip "gnuplot is not there" 4
fi

# A file whose symbol has another name must not be left out silently.
sed 's/bench_example/bench_exemple/' "$copy/bench/example.c" >"$tmp/example.c" && mv "$tmp/example.c" "$copy/bench/example.c"
! make -C "$copy" fivestep >"$tmp/log" 2>&1
ok $? "a benchmark whose symbol is misnamed does not build"
has "$(cat "$tmp/log")" bench_example "and the error names the symbol"

done_testing
