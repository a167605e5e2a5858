#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# paper.sh - pictures for a paper: PDFs of the width that is asked for, with letters of 8 points, labels that fit, and no title. What is on the page
# stays as it is.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs
cd "$tmp" || exit 99

for width in 59mm 401mm 84 84cm mm nanmm 84mm2 -84mm ''; do
	fs 64 "a width of \"$width\"" report "$runs/fine.jsonl" -o bad --size "$width"
done
has "$err" "84mm for a paper's column, 176mm for its page" "the error says what to write"

# Every command that draws has the option.
awk -v kind=model -f "$srcdir/tests/analysis/model_gallery.awk" >model.jsonl
awk -v kind=programs -f "$srcdir/tests/analysis/model_gallery.awk" >of_model.jsonl
printf 'program p\nregion a 4M\nphase fill host writes=a time=10us\nphase use device reads=a:30%% time=7us\nrepeat 3 use\n' >app.profile
mkdir nights
awk -v dir=nights -v n=44 -v changes=12:1.3 -f "$srcdir/tests/analysis/history_runs.awk"
fs 0 "a history" history add --db nights.db nights/*.jsonl
kernels=$(find "$srcdir/results/published/kernels" -name '*.jsonl' | LC_ALL=C sort)
# drawing NAME STATUS ARGS...: that command with its pictures in the folder NAME
# shellcheck disable=SC2086 # kernels: names of the tree's own files
drawing() {
	drawing_status=$2
	case $1 in
	predict) set -- "$1" predict --model model.jsonl --check of_model.jsonl --pictures predict ;;
	advise) set -- "$1" advise --model model.jsonl --program app.profile --pictures advise ;;
	history) set -- "$1" history plot --db nights.db -o history ;;
	guest) set -- "$1" guest kernels --draw $kernels -o guest ;;
	esac
	drawing_name=$1
	shift
	fs "$drawing_status" "$drawing_name, ${drawing_size:-without a width}" "$@" ${drawing_size:+--size "$drawing_size"}
}
drawings='history guest'
[ "$(pages 1)" -ne 4096 ] || drawings='predict advise history guest'
for drawing in $drawings; do
	drawing_size=84cm drawing "$drawing" 64
done
fs 64 "a width of no picture" predict --model model.jsonl --size 84mm
has "$err" "with --pictures=DIR" "the error names what is missing"
fs 64 "another" advise --model model.jsonl --program app.profile --size 84mm
fs 64 "a width of a list" history series --db nights.db --size 84mm
# shellcheck disable=SC2046
fs 64 "a width of a table" guest kernels --where $(printf '%s\n' "$kernels" | head -n 2) --size 84mm
if ! command -v gnuplot >/dev/null; then
	skip "gnuplot is not installed"
	done_testing
fi

# width FILE: in points, of the PDF's page
width() {
	grep -a -o 'MediaBox *\[ *0 0 [0-9]*' "$1" | sed 's/.* //'
}

fs 4 "a report as it is on the page" report "$runs/mixed.jsonl" -o page
fs 4 "one for a paper's column" report "$runs/mixed.jsonl" -o column --size 84mm
is "$(width page/floors-1.pdf)" 570 "a PDF of the page is as wide as its picture: 760 pixels"
for pdf in column/*.pdf; do
	is "$(width "$pdf")" 238 "$(basename "$pdf"): 84 mm are 238 points"
done
for svg in page/*.svg; do
	name=$(basename "$svg" .svg)
	cmp -s "$svg" "column/$name.svg" && cmp -s "page/$name.png" "column/$name.png"
	ok $? "$name: the picture on the page is the same"
done
is "$(grep -L '^paper_mm = 84$' column/data/*.gp)" "" "each says its width to who draws it again"
is "$(grep -l '^paper' page/data/*.gp)" "" "and none does on the page"

for drawing in $drawings; do
	status=0
	[ "$drawing" != predict ] || status=1
	rm -rf "$drawing"
	drawing_size='' drawing "$drawing" $status
	for pdf in "$drawing"/*.pdf; do
		is "$(width "$pdf")" 570 "$pdf: as on the page"
	done
	ok "$([ ! -e "$drawing/data/plot" ] && echo 0 || echo 1)" "without scripts"
	rm -rf "$drawing"
	drawing_size=84mm drawing "$drawing" $status
	wanted=238
	[ "$drawing" != advise ] || wanted=498 # a map has a page's width
	for pdf in "$drawing"/*.pdf; do
		is "$(width "$pdf")" $wanted "$pdf: 84 mm, or the page's width that a map needs"
	done
	ok "$([ -s "$drawing/data/plot/style.gp" ] && echo 0 || echo 1)" "with the scripts beside the numbers"
done

# What does not fit is in lines of its own: the legend's columns, the stamp, the labels of rows.
rows() {
	sed -n "s/^$2 = //p" "$1"
}
ok "$([ "$(rows column/data/stack-1.gp paper_key_columns)" -lt "$(rows column/data/stack-1.gp key_columns)" ] && echo 0 || echo 1)" "a legend has fewer columns"
is "$(sed -n "s/^paper_stamp = //p" column/data/stack-1.gp | sed "s/'\.\"\\\\n\"\.'/ /g")" "$(sed -n "s/^stamp = //p" column/data/stack-1.gp)" \
	"no word of the stamp is lost"
ok "$([ "$(rows column/data/stack-1.gp paper_stamp_lines)" -gt 1 ] && echo 0 || echo 1)" "it has several lines"
ok "$([ "$(rows column/data/floors-1.gp paper_margin)" -lt "$(rows column/data/floors-1.gp margin)" ] && echo 0 || echo 1)" "labels have less space"
# An author draws it again, from what lies there, with a change.
again=$(sed -n 's/^# To draw it again, in this folder: //p' column/data/floors-1.gp)
has "$again" "gnuplot" "the texts of a picture say how to draw it again"
cp column/floors-1.svg first.svg
sed -i "s/'#0072b2'/'#123456'/" column/data/plot/style.gp
(cd column/data && LC_ALL=C.UTF-8 sh -c "$again") >said 2>&1
is "$(cat said)" "" "which works"
has "$(cat column/floors-1.svg)" "18,  52,  86" "with the change"
lacks "$(cat first.svg)" "18,  52,  86" "that was not there before"

plots=$FIVESTEP_DATADIR/analysis/plot
[ -d "$plots" ] || plots=$FIVESTEP_DATADIR/plot
# wrapped TEXT LETTERS: its lines, as the style breaks them
wrapped() {
	LC_ALL=C.UTF-8 gnuplot -e "kind = 'none'; key_rows = 1; key_columns = 1; body = 1; tips = 0; stamp = ''; title = ''; name = ''" "$plots/style.gp" \
		-e "print wrap('$1', $2)" 2>&1
}
is "$(wrapped 'short' 20)" short "a label that fits is one line"
is "$(wrapped 'to_device copy-overlap-pinned opencl' 20)" "to_device
copy-overlap-pinned
opencl" "another breaks at blanks"
is "$(wrapped 'copy-overlap-pinned opencl' 10)" "copy-overlap-pinned
opencl" "a word that is too long has its line"
is "$(wrapped 'copy-overlap-pinned-opencl' 10)" copy-overlap-pinned-opencl "and is never cut"

# Small multiples need a page's width. In them, a name ends before its bar begins, however long it is: a letter has 0.6 of 8 pixels,
# and the quotes around it are not drawn.
fs 0 "a run of two programs" run gups jacobi --setup 'copy*,hmm' --device emu -p "size=$(pages 64)" --rounds 1 -o programs.jsonl
fs 0 "in a column" report programs.jsonl -o programs --size 84mm
is "$(width programs/programs-1.pdf)" 498 "small multiples have the width of a page, 176 mm"
sed 's/copy-overlap/copy-overlapped-twice-in-one/g' programs.jsonl >long.jsonl
fs 0 "ways with long names" report long.jsonl -o long
for dir in programs long; do
	is "$(awk -F '\t' -v columns="$(sed -n 's/^columns = //p' $dir/data/programs-1.gp)" '
		NF == 0 { block += ! empty; empty = 1; next }
		{ empty = 0 }
		block == 1 && ++n % 2 == 1 { ends = $1 + (length($3) - 2) * 0.6 * 8 / 760 * columns; name = $3; next }
		block == 1 && ends > $1 { print name " ends at " ends ", its bar begins at " $1 }
		END { if (n < 8) print "only " n " texts" }' $dir/data/programs-1.tsv)" "" "$dir: no name runs into its bar"
done

done_testing
