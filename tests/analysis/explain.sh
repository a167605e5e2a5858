#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# explain.sh - fivestep compare --events: between two runs of an invented machine (predict_run.awk), what changed of a program because events cost more, and what
# changed although they do not.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

make_run() {
	make_name=$1
	shift
	awk -v kind=both "$@" -f "$srcdir/tests/analysis/predict_run.awk" >"$make_name.jsonl"
}
# What follows SETUP on its line of the second table, in single blanks.
row() {
	printf '%s\n' "$out" | sed -n '/^what programs lost/,$p' | tr -s ' ' | sed -n "s|^p $1 emu ||p" | sed 's/ $//'
}
make_run base
make_run dear -v fault=1200
make_run slow -v slow=1.5
make_run both -v fault=1200 -v slow=1.5

fs 5 "faults that cost 20 % more" compare --events base.jsonl dear.jsonl
# 100 faults: 20 us of 144.
is "$(row hmm)" "size=409600 +13.9 % +13.9 % fault_to_device +13.9 % +0.0 %" "explain the program that has them"
is "$(row copy)" "" "and the one without did not change"
has "$out" "1 of 3 programs changed by more than 1 %; of 0 the events do not explain it" "which is counted"
fs 5 "a program that is slower, while its events cost what they did" compare --events base.jsonl slow.jsonl
# Half of step 3 more, of 103.1 us.
is "$(row hmm)" "size=409600 +35.8 % +0.0 % +35.8 % UNEXPLAINED" "is not explained"
has "$out" "of 1 the events do not explain it (UNEXPLAINED)" "which is counted too"
fs 5 "both at once" compare --events base.jsonl both.jsonl
is "$(row hmm)" "size=409600 +56.6 % +13.9 % fault_to_device +13.9 % +42.7 % UNEXPLAINED" "are told apart"
fs 0 "the same run again" compare --events base.jsonl base.jsonl
has "$out" "0 of 3 programs changed by more than 1 %" "has nothing to explain"
fs 5 "a wider margin" compare --events --margin 60 base.jsonl both.jsonl
has "$out" "0 of 3 programs changed by more than 60 %" "is the explanation's as well"

sed 's/"contains"/"none"/g' base.jsonl >none.jsonl
fs 4 "runs without unit costs" compare --events none.jsonl none.jsonl
has "$err" "none.jsonl" "are told so"
fs 64 "events as JSON" compare --events --json base.jsonl dear.jsonl
done_testing
