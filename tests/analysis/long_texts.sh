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

done_testing
