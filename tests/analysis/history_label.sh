#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# history_label.sh - nodes of one model have one fingerprint, and a label gives each its own series in one index: only the node that became slower has a
# change. Labels are what the user says; they are kept in the notes, and come back when the index is rebuilt.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/fleet_tap.sh
. "$srcdir/tests/fleet/fleet_tap.sh"

# 20 nights of two nodes; the second one is slower by 10 % from the twelfth on.
for night in $(seq 10 29); do
	mkdir "runs-$night"
	for folder in night slow; do
		[ $folder = night ] && factor=1 || factor=1.1
		make_fleet $folder -v nodes=2 -v cells=1 -v plain=1 -v again="$night" -v all="$factor"
	done
	[ "$night" -lt 22 ] && second=night || second=slow
	sed "1s/\"run 0\"/\"first $night\"/; 1s/2026-01-01/2026-01-$night/; 1s/6.1.0/6.12.0/" night/runs/1-0.jsonl >"runs-$night/gpu-01.jsonl"
	sed "1s/\"run 1\"/\"second $night\"/; 1s/2026-01-01/2026-01-$night/" "$second"/runs/1-1.jsonl >"runs-$night/gpu-02.jsonl"
done

for night in $(seq 10 29); do
	"$FIVESTEP" history add --db db --label gpu-01 "runs-$night/gpu-01.jsonl" 2>>said
	"$FIVESTEP" history add --db db --label-files "runs-$night/gpu-02.jsonl" 2>>said
done
is "$(grep -c ': added$' said)" 40 "runs of two nodes are added, by a label and by the names of their files"
fs 0 "the series" history series --db db
is "$(printf '%s\n' "$out" | awk 'NR > 1 { print $1, $2 }' | sort)" "gpu-01:fault_latency/hmm/emu/size=4K/touch 20
gpu-02:fault_latency/hmm/emu/size=4K/touch 20" "are those of each node"
fs 1 "the check finds a change" history check --db db --all
has "$out" "gpu-02:fault_latency" "of the second node"
lacks "$out" "gpu-01:fault_latency" "and of no other"
fs 0 "the first node alone" history check --db db 'gpu-01:*'
fs 1 "the second node alone" history check --db db 'gpu-02:*'
fs 0 "the log" history log --db db
is "$(printf '%s\n' "$out" | grep -c 'label gpu-0[12]')" 40 "has the labels"
fs 0 "the site" history site --db db -o site
is "$(grep -l 'gpu-02:fault_latency' site/*.html site/*/*.html 2>none | wc -l | awk '{ print ($1 > 0) }')" 1 "shows the series by its node"
before=$("$FIVESTEP" history series --db db)
fs 0 "the index is rebuilt" history rebuild --db db
is "$("$FIVESTEP" history series --db db)" "$before" "with the labels, which no run file has"
lacks "$(cat runs-*/*.jsonl)" gpu-0 "nor any name of a node"
fs 0 "a run that is there with its label" history add --db db --label gpu-01 runs-10/gpu-01.jsonl
has "$err" "already in the index" "is no error"
fs 64 "another label" history add --db db --label gpu-02 runs-10/gpu-01.jsonl
has "$err" "runs-10/gpu-01.jsonl is in the index with the label gpu-01" "is one"

"$FIVESTEP" history add --db plain runs-*/*.jsonl 2>none
fs 0 "without labels" history series --db plain
is "$(printf '%s\n' "$out" | awk 'NR > 1 { print $1, $2 }')" "fault_latency/hmm/emu/size=4K/touch 40" "both nodes are one machine"
fs 64 "a label for what is there without one" history add --db plain --label gpu-01 runs-10/gpu-01.jsonl
has "$err" "is in the index with no label" "is an error"
fs 64 "a label with a blank" history add --db db --label 'a b' runs-10/gpu-01.jsonl
fs 64 "a label that is an option" history add --db db --label=-x runs-10/gpu-01.jsonl
fs 64 "a label with what divides names" history add --db db --label 'a:b' runs-10/gpu-01.jsonl
cp runs-10/gpu-01.jsonl 'a b.jsonl'
fs 64 "a file whose name is no label" history add --db db --label-files 'a b.jsonl'
fs 64 "both options" history add --db db --label a --label-files runs-10/gpu-01.jsonl
fs 64 "a label for the log" history log --db db --label a
printf '{"note":"label","name":"a b","run":"x","digest":"","why":""}\n' >>db.notes
fs 4 "a note with a bad label" history rebuild --db db
has "$err" "db.notes:41: not a note" "is found with its line"

# Options that an action does not take are refused, however many there are, and though their name begins as that of another one does.
fs 64 "an option that log does not take, after many that are the same" history log --db nights.db --json --json --json --json --json --json --json --json --json --json --json --json --json --json --json --json --json --all
has "$err" "history log does not take --all" "is named"

done_testing
