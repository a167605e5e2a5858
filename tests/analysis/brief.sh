#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# brief.sh - a run in one screen, to the character: at several widths, what is bad, skipped and doubtful, and that nothing is wider than the page.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cp "$srcdir"/tests/runs/*.jsonl "$tmp"
cd "$tmp" || exit 99

COLUMNS=80
fs 4 "a run with a bad round" show mixed.jsonl
is "$out" 'fixture: 12 cells, 78 rounds in 2s on invented, with an emulated device
PROGRAM                                hmm hmm-prefetch      copy
triad size=1M                        x1.19               *1.60 ms
BENCHMARK                              hmm hmm-prefetch      copy
fault_latency cpu_p50 granule=4K  *2.02 us        x2.00  2.02 x floor.raw_fault
migrate_bandwidth size=4K           x1.00=              *1.00 GB/s
migrate_bandwidth size=64K       *4.02 GB/s                 x1.00=
migrate_bandwidth size=1M           x1.00=              *8.00 GB/s
*: the best; xN: N times worse; =: intervals overlap, not told apart
invalid  migrate_bandwidth hmm emu size=64K: 1 of 7 rounds: pages
         <script>alert(1)</script> | seen 3, expected == 16
skipped  1 cell: one memory node only -> fivestep guest run, or boot with
         numa=fake=2
all      fivestep show --table mixed.jsonl; a page: fivestep report mixed.jsonl
         -o DIR' "80 columns"
COLUMNS=40
fs 4 "on a narrower page" show mixed.jsonl
is "$(printf '%s\n' "$out" | sed -n 4,9p)" 'PROGRAM                    hmm
triad size=1M            x1.19
PROGRAM                   copy
triad size=1M         *1.60 ms
BENCHMARK                  hmm
fault_latency 4K      *2.02 us' "ways that do not fit follow in a block of their own"
for COLUMNS in 40 60 80 120 200; do
	for run in fine instructions mixed plots skips; do
		"$FIVESTEP" show $run.jsonl >out 2>err
		is "$(awk -v most="$COLUMNS" 'length($0) > most' out)" "" "$run: no line is wider than $COLUMNS columns"
		[ "$(wc -l <out)" -le 40 ] || [ "$COLUMNS" -lt 80 ]
		ok $? "$run: at $COLUMNS columns it fits a screen of 40 lines"
	done
done
COLUMNS=nonsense
fs 4 "a width that is none" show mixed.jsonl
is "$(printf '%s\n' "$out" | tail -n 1)" "         -o DIR" "is 80"
TERM=dumb LC_ALL=C COLUMNS=80
export TERM LC_ALL COLUMNS
fs 4 "on a dumb terminal in the C locale" show mixed.jsonl
lacks "$out" "$(printf '\033')" "nothing is coloured"
fs 77 "a run of nothing but skips" show skips.jsonl
lacks "$out" "PROGRAM" "has no table"
has "$out" "skipped  " "has their reasons"
fs 4 "several runs" show fine.jsonl mixed.jsonl
is "$(printf '%s\n' "$out" | grep -c '^fixture: ')" 2 "are one after the other"
# Samples that benchmarks dropped: the first figure, and how many more, where the table has each.
sed 's/"samples":\[\([0-9.]*\)/"samples_dropped":2,"dropped_why":"an invented rule","samples":[\1/' fine.jsonl >dropped.jsonl
fs 0 "samples that were dropped" show dropped.jsonl
is "$(printf '%s\n' "$out" | grep -c '^dropped  [0-9]* samples of ')" 1 "are said of one figure"
more=$(printf '%s\n' "$out" | sed -n 's/^dropped  and samples of \([0-9]*\) more figures$/\1/p')
fs 0 "all of them" show --table dropped.jsonl
is "$(printf '%s\n' "$out" | grep -c '^dropped  ')" "$((more + 1))" "are in the table: as many as were said"
fs 4 "--table" show --table mixed.jsonl
has "$out" "95 % INTERVAL" "has a line for each cell"
fs 4 "--json" show --json mixed.jsonl
has "$out" '"verdict": "invalid"' "is as ever"

# Rows of one benchmark are told apart: names of parameters go before their values do.
COLUMNS=80
is "$("$FIVESTEP" show mixed.jsonl | awk '/^migrate_bandwidth/ { print $1, $2 }' | sort | uniq -d)" "" "each row of a benchmark has a label of its own"

done_testing
