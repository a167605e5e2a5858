#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Values that have no logarithm and no ratio: zeros, negative ones, and all alike. Every picture is drawn, and no number in it is infinite or none.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

if ! command -v gnuplot >/dev/null; then
	skip_all "gnuplot is not installed: apt-get install gnuplot-nox"
fi
from=$srcdir/tests/runs/plots.jsonl

# drawn NAME: of run.jsonl
drawn() {
	fs 0 "the report of $1" report run.jsonl -o report
	is "$(grep -rliwE '[-+]?(nan|inf)' report/data)" "" "... whose pictures have finite numbers"
	lacks "$(cat report/index.html)" "nan" "... and so has its page"
	rm -r report
}

sed 's/"samples":\[[0-9.]*/"samples":[0/g' "$from" >run.jsonl
drawn "zeros alone"
sed '/"setup":"hmm"/s/"samples":\[[0-9.]*/"samples":[0/g' "$from" >run.jsonl
drawn "one way that takes nothing"
sed '/"share":"10"/s/"samples":\[[0-9.]*/"samples":[0/g' "$from" >run.jsonl
drawn "one point that takes nothing"
sed '/"setup":"hmm".*"share":"10"/s/"samples":\[[0-9.]*/"samples":[0/g' "$from" >run.jsonl
drawn "a way that takes nothing where it becomes the best"
sed '/"setup":"hmm"/s/"samples":\[/"samples":[-/g' "$from" >run.jsonl
drawn "one way that is below nothing"
sed 's/"samples":\[[0-9.]*/"samples":[7/g' "$from" >run.jsonl
drawn "values that are all alike"
sed 's/"histogram":\[\[[0-9]*,[0-9]*,[0-9]*\]/"histogram":[[0,1,50]/g' "$from" >run.jsonl
drawn "distributions that begin at zero"
done_testing
