#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Texts of a run file that are longer than a line: tables and exports have all of them.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# Two cells that differ only in the last letter of a parameter.
long=$(printf '%03000d' 0)
sed "s/\"1M\"/\"${long}END\"/g; s/\"total\"/\"total${long}LAST\"/g" "$srcdir/tests/runs/mixed.jsonl" >long.jsonl

fs 4 "a run with a parameter of 3000 characters has a table" show --table --all long.jsonl
has "$(tr -d ' \n' <out)" "0END" "the table has the end of the parameter"
for format in csv junit; do
	fs 4 "a run with a parameter of 3000 characters is exported as $format" export --format "$format" long.jsonl
	has "$out" "0END" "$format has the end of the parameter"
	has "$out" "0LAST" "$format has the end of the metric's name"
done
fs 4 "a run with a parameter of 3000 characters has a report" report long.jsonl -o report
has "$(cat report/index.html)" "0END" "the report has the end of the parameter"

# A plot's title is whole on the page, and shortened with a mark in the picture.
sed "s/\"there and back\"/\"first${long}TITLE\"/g" "$srcdir/tests/runs/plots.jsonl" >titled.jsonl
fs 0 "a run with a title of 3000 characters has a report" report titled.jsonl -o titled
has "$(cat titled/data/bars-1.gp)" "0...0" "the picture has the title's beginning and end, with a mark between"
has "$(cat titled/data/bars-1.gp)" "TITLE" "and its end"
sed -i 's/imagined/imagined'"$long"'NAME/g' titled.jsonl
fs 0 "a benchmark with a name of 3000 characters has a report" report titled.jsonl -o named
has "$(sed -n 's/.*aria-label="\(Bars of [^"]*\)".*/\1/p' named/index.html named/report.md)$(grep -o 'Bars of there of [^.]*' named/report.md)" "0NAME with intervals" \
	"the description of the picture has the name's end"

# What a report says of a run: its plan, machine, devices, units, the works and ways that it compares.
sed "s/\"guest\":true/\"guest$long\":true,\"name$long\":\"CPU${long}MACHINE\"/; s/\"fixture\",\"text\"/\"plan${long}PLAN\",\"text\"/; s/\"emu\"/\"emu${long}DEVICE\"/g; s/\"GB\/s\"/\"GB\/s${long}UNIT\"/g" \
	long.jsonl >words.jsonl
fs 4 "a run with long words everywhere has a report" report words.jsonl words.jsonl -o words
for end in MACHINE "0PLAN, run 2" "0DEVICE" "0LAST" "0END"; do
	has "$(cat words/report.md)" "$end" "its Markdown has the long text's end $end"
	has "$(cat words/index.html)" "$end" "its page has the long text's end $end"
done
has "$(cat words/report.md)" " GB/s$(printf '%033d' 0)... " "a long unit is shortened with a mark"

fs 4 "a run with a long unit is exported as openmetrics" export --format openmetrics words.jsonl
has "$out" "# UNIT fivestep_result_gb_s${long}unit gb_s${long}unit" "the name of its unit has the unit's end"
is "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" out)" "" "and the export is valid"

# The other run has another kernel, and a benchmark of its own.
sed "s/\"kernel\":\"6.0\"/\"kernel\":\"x${long}KERNEL\"/; s/\"floor\"/\"floor${long}OWN\"/g" long.jsonl >other.jsonl
for form in --all --markdown --json; do
	fs 4 "runs with long texts are compared: $form" compare $form long.jsonl other.jsonl
	for end in KERNEL OWN 0LAST 0END; do
		has "$(tr -d ' \n' <out)" "$end" "compare $form has the long text's end $end"
	done
done
fs 4 "runs with long texts are compared in brief" compare long.jsonl other.jsonl
has "$(tr -d ' \n' <out)" KERNEL "compare has the end of the kernel's name"
has "$(tr -d ' \n' <out)" OWN "and of the benchmark that only one run has"

done_testing
