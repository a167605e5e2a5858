#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# report_model.sh - fivestep report --model: what the cost model says of a run, as a section with its pictures; each sentence is said where it is true and
# not where it is false. The machine and its unit costs are invented (predict_run.awk).

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
mkdir bin
PATH_saved=$PATH

# make_run NAME KEY=VALUE...
make_run() {
	make_name=$1
	shift
	make_n=$#
	for make_arg; do
		set -- "$@" -v "$make_arg"
	done
	shift $make_n
	awk "$@" -f "$srcdir/tests/analysis/predict_run.awk" >"$make_name.jsonl"
}
# section: what the page has of the model, in $section
section() {
	section=$(sed 's/\\//g' report/report.md | sed -n '/^## What the cost model says/,/^run /p')
}
said() {
	has "$section" "$1" "$what: $1"
}
unsaid() {
	lacks "$section" "$1" "$what: not $1"
}
# model_report WHAT STATUS ARGS...: a report without pictures
model_report() {
	what=$1
	shift
	wanted=$1
	shift
	rm -rf report
	PATH=$tmp/bin
	"$FIVESTEP" report -o report "$@" >said 2>&1
	status=$?
	PATH=$PATH_saved
	is "$status" "$wanted" "$what: the exit status"
	[ ! -d report ] || section
}

make_run model kind=model
make_run programs kind=programs
make_run slow kind=programs slow=2
make_run other kind=programs cpu=another
make_run counted kind=programs clock=instructions
cat >app.profile <<EOP
program solver
region a $(pages 64)
phase fill host writes=a time=10us
phase use device reads=a after=fill
EOP

# ---- what is said

model_report "a run that is as predicted" 0 programs.jsonl --model model.jsonl
said "Computed, not measured"
said "2 cells, whose times the model never saw: median error 0.0 %, worst +0.0 %; 2 within 10 %."
unsaid "the measured interval by more than"
unsaid "could not be predicted"
unsaid "The program of the profile"
said "| p | hmm | emu | size=409600 | 144 us | [144, 144] | 144 us | [144, 144] | +0.0 % | fault_to_device 69 % |"
model_report "a run that takes longer than its events" 0 slow.jsonl --model model.jsonl
said "of them misses the measured interval by more than 10 %: something costs time there that no benchmark shows."
said "MISSES"
model_report "the model's own run" 0 model.jsonl --model model.jsonl
unsaid "whose times the model never saw"
said "reference"
sed 's|"device":"emu"|"device":"other"|g' programs.jsonl >elsewhere.jsonl
model_report "a device that the model does not know" 0 elsewhere.jsonl --model model.jsonl
said "2 cells could not be predicted; the table says why."
sed 's|"kind":"kernel"|"kind":"benchmark"|g' programs.jsonl >nothing.jsonl
model_report "a run without a program" 0 nothing.jsonl --model model.jsonl
said "This run has no program that was measured."
model_report "a run of another machine beside one of the model's" 0 programs.jsonl other.jsonl --model model.jsonl
said "The model says nothing about this run. The machines differ in cpu: invented in the model, another in the run."
said "2 cells, whose times"
model_report "a run with another clock beside it" 0 programs.jsonl counted.jsonl --model model.jsonl
said 'The model says nothing about this run. The model'"'"'s clock is "monotonic", the run'"'"'s is "instructions".'
model_report "no model" 0 programs.jsonl
is "$section" "" "nothing is said of one"
if [ "$(pages 1)" -eq 4096 ]; then
	model_report "a program that is described" 0 programs.jsonl --model model.jsonl --program app.profile
	said "The program of the profile"
	is "$(printf '%s\n' "$section" | grep -cE '^\| [0-9]+ \| [0-9.]+ % \|')" 49 "each place of its map is in a table"
else
	skip "the profile's pages are those of 4096 bytes" 3
fi

# ---- what is refused

model_report "only runs of other machines" 3 other.jsonl --model model.jsonl
has "$(cat said)" "not comparable: the machines differ in cpu: invented in the model, another in the run" "it is said which"
model_report "a model that calibrates nothing" 4 programs.jsonl --model programs.jsonl
model_report "a profile without a model" 64 programs.jsonl --program app.profile
has "$(cat said)" "with --model=RUN" "what is missing is named"
echo "program" >wrong.profile
model_report "a wrong profile" 64 programs.jsonl --model model.jsonl --program wrong.profile
has "$(cat said)" "wrong.profile:1" "its line is named"
model_report "a model that is not there" 64 programs.jsonl --model nowhere.jsonl

# ---- what is drawn

if command -v gnuplot >/dev/null && [ "$(pages 1)" -eq 4096 ]; then
	fs 0 "a report with pictures" report other.jsonl programs.jsonl slow.jsonl --model model.jsonl --program app.profile -o drawn
	page=$(cat drawn/index.html)
	for name in run2-predicted run2-explained run3-predicted run3-explained break-even; do
		[ -s "drawn/$name.svg" ] && [ -s "drawn/$name.pdf" ]
		ok $? "$name is drawn"
		has "$page" "href=\"$name.pdf\"" "and leads to its files"
	done
	[ ! -e drawn/predicted.svg ]
	ok $? "of the run that is another machine's nothing is drawn"
	lacks "$page" "There is no picture of it" "no picture is missing"
	has "$(cat drawn/data/run2-predicted.gp)" "'2 of 2 cells are within 10 %; half of them within 0.0 %.'" "what is predicted well is said to be"
	has "$(cat drawn/data/run3-predicted.gp)" "'1 of 2 cells are within 10 %" "and what is not"
	has "$(cat drawn/data/run2-explained.gp)" "'There is no cell of which events certainly leave 1 % of the time or more.'" "where events explain all, that is said"
	has "$(cat drawn/data/run3-explained.gp)" "'Least explained: p hmm size=409600, of which events leave 42 % of the time.'" "where they do not, which cell and how much"
	lacks "$(cat drawn/data/run3-explained.gp)" "There is no cell" "and not the other"
	has "$(cat drawn/data/break-even.gp)" "answer_lines" "the map has an answer"
	lacks "$(cat drawn/data/run2-explained.gp)" "Least explained" "and none is named"
	fs 0 "a report for print" report programs.jsonl --model model.jsonl -o print --size 84mm
	is "$(grep -c '^paper_mm = 84$' print/data/predicted.gp)" 1 "its pictures are that wide"
else
	skip "gnuplot is not installed, or pages are not of 4096 bytes" 20
fi

done_testing
