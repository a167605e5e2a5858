#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A comparison in one screen, to the character: the verdict first, then what changed by how much, at several widths; nothing is wider than the page,
# and what is not shown is counted.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# make_run FILE CELLS SEED PERCENT
make_run() {
	awk -v cells="$2" -v rounds=12 -v seed="$3" -v percent="$4" -f "$srcdir/tests/analysis/large_run.awk" >"$1"
}
make_run a.jsonl 12 1 0
make_run b.jsonl 12 7 3
make_run many_a.jsonl 300 1 0
make_run many_b.jsonl 300 7 3

COLUMNS=60
fs 1 "two of twelve metrics slower" compare a.jsonl b.jsonl
is "$out" 'verdict: 2 slower, 10 same (exit 1)
METRIC
    BASE -> NEW     CHANGE 95 % INTERVAL VERDICT
fault_latency hmm emu size=4K touch
    3.99 -> 4.10 us +3.2 % [+2.5, +4.0]  SLOWER
fault_latency hmm emu size=44K touch
    4.00 -> 4.11 us +2.7 % [+2.2, +3.3]  SLOWER
machine 00: same
all     every metric: fivestep compare --all a.jsonl
        b.jsonl; why: --explain' "60 columns"
COLUMNS=80
fs 1 "the same comparison" compare a.jsonl b.jsonl
is "$out" 'verdict: 2 slower, 10 same (exit 1)
METRIC                               BASE -> NEW     CHANGE VERDICT
fault_latency hmm emu size=4K touch  3.99 -> 4.10 us +3.2 % SLOWER
fault_latency hmm emu size=44K touch 4.00 -> 4.11 us +2.7 % SLOWER
machine 00: same
all     every metric: fivestep compare --all a.jsonl b.jsonl; why: --explain' "80 columns"
wide='verdict: 2 slower, 10 same (exit 1)
METRIC                               BASE -> NEW     CHANGE 95 % INTERVAL VERDICT NOTE
fault_latency hmm emu size=4K touch  3.99 -> 4.10 us +3.2 % [+2.5, +4.0]  SLOWER  q=4e-06
fault_latency hmm emu size=44K touch 4.00 -> 4.11 us +2.7 % [+2.2, +3.3]  SLOWER  q=4e-06
machine 00: same
all     every metric: fivestep compare --all a.jsonl b.jsonl; why: --explain'
for COLUMNS in 120 200; do
	fs 1 "at $COLUMNS columns" compare a.jsonl b.jsonl
	is "$out" "$wide" "$COLUMNS columns"
done
COLUMNS=80
fs 0 "the other way round" compare b.jsonl a.jsonl
has "$out" "verdict: 2 faster, 10 same (exit 0)" "is faster"
fs 0 "a run and itself" compare a.jsonl a.jsonl
is "$out" 'verdict: 12 same (exit 0)
machine 00: same
all     every metric: fivestep compare --all a.jsonl a.jsonl; why: --explain' "has no row"
fs 1 "thirty of 300 metrics slower" compare many_a.jsonl many_b.jsonl
is "$(printf '%s\n' "$out" | grep -c 'SLOWER$')" 20 "twenty are shown"
has "$out" "verdict: 30 slower, 11 undecided, 259 same (exit 1)" "of 41 that are not the same"
has "$out" "... and 21 more that are not the same" "the others are counted"
is "$(printf '%s\n' "$out" | sed -n 's/.*us +\([0-9.]*\) %.*/\1/p')" "$(printf '%s\n' "$out" | sed -n 's/.*us +\([0-9.]*\) %.*/\1/p' | sort -rn)" "the largest change is the first"
fs 1 "with --all" compare --all many_a.jsonl many_b.jsonl
is "$(printf '%s\n' "$out" | grep -c 'fault_latency')" 300 "each metric has a line"
lacks "$out" "... and" "and none is only counted"

# Cells that only one run has, and what only counts.
make_run few.jsonl 3 1 0
fs 0 "a run with fewer cells" compare a.jsonl few.jsonl
is "$(printf '%s\n' "$out" | grep '^only')" 'only in base  fault_latency hmm emu size=16K: no such cell
only in base  fault_latency hmm emu size=20K: no such cell
only in base  and 7 more' "names two that are missing, and counts the others"
awk -v cells=12 -v rounds=6 -v seed=7 -v percent=3 -f "$srcdir/tests/analysis/large_run.awk" >short.jsonl
fs 5 "a run that is too short" compare a.jsonl short.jsonl
has "$out" "rounds  about" "says how many rounds would decide"
lacks "$wide" "rounds  about" "which is not said where all is decided"
for COLUMNS in 40 60 80 120 200; do
	for pair in "a b" "many_a many_b" "a few" "a short"; do
		"$FIVESTEP" compare "${pair% *}.jsonl" "${pair#* }.jsonl" >out 2>err
		is "$(awk -v most="$COLUMNS" 'length($0) > most' out)" "" "$pair: no line is wider than $COLUMNS columns"
		[ "$(wc -l <out)" -le 40 ]
		ok $? "$pair: at $COLUMNS columns it fits a screen of 40 lines"
	done
done
TERM=dumb LC_ALL=C COLUMNS=80
export TERM LC_ALL COLUMNS
fs 1 "on a dumb terminal in the C locale" compare a.jsonl b.jsonl
lacks "$out" "$(printf '\033')" "nothing is coloured"

done_testing
