#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# compare.sh - fivestep fleet compare: which of 200 made-up nodes changed between two fleets, and no other, with the rules of fivestep compare held over all
# nodes. The first fleet has no slow node; in the second, some are slower and have another kernel, and some are another machine.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/fleet_tap.sh
. "$srcdir/tests/fleet/fleet_tap.sh"
compare() {
	fleet compare "$@"
}
# verdict_of VERDICT: the nodes that have it.
verdict_of() {
	printf '%s\n' "$out" | awk -v verdict="$1" '$2 == verdict && $1 ~ /^n[0-9]*$/ { print $1 }' | sort
}
make_fleet a -v nodes=200 -v cells=3 -v plain=1
make_fleet same -v nodes=200 -v cells=3 -v plain=1 -v again=7
make_fleet b -v nodes=200 -v cells=3 -v again=9
make_fleet slower -v nodes=200 -v cells=3 -v plain=1 -v again=11 -v all=1.05

compare a same
is "$status" 0 "of two fleets of the same no node changed"
is "$out" "verdict: 200 nodes compared: $(printf '%s\n' "$out" | sed -n 's/.*compared: \(.*\)/\1/p')" "and none is listed"
lacks "$out" "SLOWER" "none is slower"

compare a b --all
is "$status" 1 "a fleet with slower nodes"
is "$(verdict_of SLOWER)" "$(sort b/slow3 b/slow10)" "has just these"
is "$(printf '%s\n' "$out" | sed -n 's/^\(n[0-9]*\): not comparable: .*cpu invented -> another.*/\1/p' | sort)" "$(sort b/other)" "and just those that are another machine now are not compared"
first=$(printf '%s\n' "$out" | awk '/^n[0-9]* / && n++ < 10 { print $1 }' | sort)
is "$first" "$(sort b/slow10)" "the most changed come first"
has "$out" "differs: kernel 6.12.0 -> 6.1.0 on 20 nodes, of which 20 changed; of the others 0 changed" "what differs on those that changed is said"
has "$out" "verdict: 197 nodes compared: 20 SLOWER, " "the first line counts them"
has "$out" "; 3 not comparable" "and those that were not compared"
compare b a --all
is "$status" 4 "the other way round nothing is slower, but three nodes are not comparable"
is "$(verdict_of FASTER)" "$(sort b/slow3 b/slow10)" "and the same nodes are faster"

compare a slower
is "$status" 1 "an update that made all nodes slower"
is "$(verdict_of SLOWER | wc -l)" 20 "lists some of them"
has "$out" "and 180 more nodes: --all lists them" "and counts the others"
has "$out" "verdict: 200 nodes compared: 200 SLOWER" "which are all"
is "$(printf '%s\n' "$out" | awk '$2 == 200 && $3 == "SLOWER" && $4 > 4.5 && $4 < 5.5' | wc -l)" 3 "with how much all nodes changed in each metric"

# One metric of one node: no test with ten rounds is sure enough among 1200, but it stands out.
make_fleet wide -v nodes=200 -v plain=1 -v cells=6
make_fleet one -v nodes=200 -v plain=1 -v cells=6 -v again=7
make_fleet tenth -v nodes=200 -v plain=1 -v cells=6 -v again=7 -v all=1.1
# slow_cell NODE FLEET: the node of the fleet "one" has its third cell from that fleet.
slow_cell() {
	{
		grep -v '"cell":2,' "one/runs/1-$1.jsonl" | sed '$d'
		grep '"cell":2,' "$2/runs/1-$1.jsonl"
		tail -n 1 "one/runs/1-$1.jsonl"
	} >cell && cp cell "one/runs/1-$1.jsonl"
}
slow_cell 50 tenth
compare wide one
is "$status" 1 "one slower metric of one of 200 nodes"
is "$(verdict_of SLOWER)" n00050 "is found, and no other"
has "$out" "n00050 SLOWER  fault_latency/hmm/emu/size=12K/touch +" "by its metric"

# A smaller change is one by the limits of error of a single node, but among 200 nodes it is not sure, and does not stand out.
make_fleet little -v nodes=200 -v plain=1 -v cells=6 -v again=7 -v all=1.012
slow_cell 51 little
alone compare wide/runs/1-51.jsonl one/runs/1-51.jsonl --margin 0.1 >none 2>&1
is $? 1 "a node that is slower by 1 % is, compared alone"
compare wide one --margin 0.1
is "$(verdict_of SLOWER)" n00050 "but not among many"
has "$out" "n00051 SUSPECT fault_latency/hmm/emu/size=12K/touch +" "where it is SUSPECT"

compare a b --margin 5 --all
is "$(verdict_of SLOWER)" "$(sort b/slow10)" "with a margin of 5 %, only those that are slower by 10 %"

# ---- folders of collect, nodes that are missing

for name in a b; do
	alone fleet collect $name -o $name.runs >none 2>&1
done
compare a b
before=$out
compare a.runs b.runs
is "$out" "$before" "folders of collect give the same"
compare a b.runs
is "$out" "$before" "also one with a fleet"
rm "b.runs/n00007.jsonl" a.runs/n00001.jsonl
compare a.runs b.runs
has "$out" "; 1 only in the first, 1 only in the second" "nodes that only one of them has are counted"
has "$out" "n00007: missing in the second" "the one that is missing is named"
has "$out" "n00001: only in the second" "and the one that is new"
head -c 10 "a.runs/n00002.jsonl" >torn && cp torn a.runs/n00002.jsonl
compare a.runs b.runs
has "$err" "not compared: 1 node whose runs cannot be read" "a run that cannot be read is said"
mkdir c d
cp "$mixed" c/n1.jsonl
cp "$mixed" d/n1.jsonl
compare c d
has "$out" "; 1 with failed or invalid rounds" "wrong data is said"
is "$status" 4 "and is no success"
rm d/n1.jsonl
compare c d
is "$status" 4 "a folder without runs"
has "$err" "d has no complete run" "is said to be one"
cp "$mixed" d/n2.jsonl
compare c d
is "$status" 3 "two folders of different nodes are not comparable"
compare c nothing
is "$status" 64 "a folder that there is not"
compare a
is "$status" 64 "one fleet alone"

compare a b --json
if command -v python3 >none; then
	python3 -c '
import json
all = json.load(open("out"))
slow = sorted(node["node"] for node in all["nodes"] if node["verdict"] == "SLOWER")
assert slow == sorted(open("b/slow3").read().split() + open("b/slow10").read().split()), slow
assert sorted(node["node"] for node in all["nodes"] if node["verdict"] is None) == sorted(open("b/other").read().split())
assert all["compared"] == 197 and all["not_comparable"] == 3 and all["verdicts"]["SLOWER"] == 20 and all["only"] == [0, 0] and all["missing"] == all["new"] == [], all
assert all["differs"][0] == {"name": "kernel", "from": "6.12.0", "to": "6.1.0", "nodes": 20, "changed": 20}, all["differs"]
assert all["nodes"][0]["worst"]["change_pct"] > 9 and len(all["metrics"]) == 3, all["nodes"][0]
' 2>said
	ok $? "the same as JSON"
	tap_diag "$(cat said)"
else
	skip "python3 is not installed"
fi

done_testing
