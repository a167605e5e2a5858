#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# report.sh - fivestep fleet report: in a made-up fleet of 200 nodes it finds the slow ones and those that are another machine, and no other.
# build-aux/fleet_scale.sh does it with 10,000, and runs that are varied from a real one.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/fleet_tap.sh
. "$srcdir/tests/fleet/fleet_tap.sh"
report() {
	fleet report "$@"
}
# named PATTERN: the nodes of the lines that it takes.
named() {
	printf '%s\n' "$out" | sed -n "s/$1/\\1/p" | sort
}

make_fleet folder -v nodes=200 -v cells=3
report folder
is "$(head -n 1 out)" "fleet: 200 machines, 20 with an outlier, 3 of another identity than most" "the verdict is the first line"
is "$(grep -c 'outlier in 3 of 3 metrics$' out)" 10 "ten outliers are listed"
has "$out" "... and 10 more outliers" "and the others counted"
has "$out" "all     every metric and outlier: --all" "which says how to see them"
report folder --all -o page
is "$status" 0 "a fleet of 200 nodes is reported"
is "$(named '^\(n[0-9]*\): outlier in 3 of 3 metrics$')" "$(sort folder/slow3 folder/slow10)" "the slow nodes are found in each metric, and no other"
is "$(named '^\(n[0-9]*\): another machine than most$')" "$(sort folder/other)" "nodes that are another machine are found, and no other"
is "$(wc -l <folder/slow3) $(wc -l <folder/slow10) $(wc -l <folder/other)" "10 10 3" "there are 20 and 3"
has "$out" "apart: 20 of 20 outliers and 1 of 177 others have kernel 6.1.0, usual is 6.12.0" "what sets them apart is said"
has "$out" "fleet: 200 machines, 20 with an outlier, 3 of another identity than most" "the first line counts them"
has "$out" "    cpu another, usual is invented" "how another machine differs is said"
has "$out" "    kernel 6.1.0, of n" "how an outlier differs is said"
for kind in slow3:2:4 slow10:9:11; do
	first=$(head -n 1 "folder/${kind%%:*}")
	limits=${kind#*:}
	printf '%s\n' "$out" | sed -n "s/.*$first +\\([0-9.]*\\) %.*/\\1/p" | awk -v lo="${limits%:*}" -v hi="${limits#*:}" '
		$1 < lo || $1 > hi { bad = 1 } END { exit bad || NR != 3 }'
	ok $? "the table says by how much a node of ${kind%%:*} is slower"
done
is "$(grep -c '<figure>' page/index.html)" 6 "the page has a picture for each metric of each kind of machine"
is "$(grep -c '<circle' page/index.html)" 60 "with a mark for each outlier"
is "$(grep -o 'M[0-9.]* [0-9.]*h0' page/index.html | wc -l)" 600 "and a point for each node"
if command -v xmllint >none 2>&1; then
	xmllint --html --noout page/index.html 2>errors
	lacks "$(grep -v 'Tag \(svg\|path\|text\|circle\|title\|figure\|main\)' errors)" error "the page is HTML"
else
	skip "xmllint is not installed"
fi
report folder --json
if command -v python3 >none; then
	python3 -c '
import json, sys
groups = json.load(open("out"))["groups"]
assert [len(group["machines"]) for group in groups] == [197, 3], groups
slow = sorted(machine["file"] for machine in groups[0]["machines"] if machine["odd"])
assert slow == sorted(open("folder/slow3").read().split() + open("folder/slow10").read().split()), slow
' 2>said
	ok $? "the same as JSON"
else
	skip "python3 is not installed"
fi
report folder --all --margin 5
is "$(named '^\(n[0-9]*\): outlier.*')" "$(sort folder/slow10)" "with a margin of 5 %, only those that are slower by 10 % are odd"

# Nodes are alike by identity, not by name: the same runs in another order of nodes.
sed 's/"n00000","n00001"/"n00001","n00000"/' folder/fleet.jsonl >swapped
report folder
before=$out
cat swapped >folder/fleet.jsonl
report folder
is "$(printf '%s\n' "$out" | head -n 1)" "$(printf '%s\n' "$before" | head -n 1)" "the order of names changes nothing"

# ---- what is not complete is said, not hidden

slow=$(head -n 1 folder/slow10)
number=$(echo "${slow#n}" | sed 's/^0*//')
head -c -20 "folder/runs/1-$number.jsonl" >torn && cat torn >"folder/runs/1-$number.jsonl"
report folder
has "$err" "not in the report: 1 of 200 nodes" "a torn run is not in the report, which says so"
lacks "$out" "$slow" "and its node is in no line"
rm -f folder/runs/*.jsonl
report folder
is "$status" 4 "a fleet without a complete run"
has "$err" "no node has a complete run" "has no report"

done_testing
