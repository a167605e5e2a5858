#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep history check in one screen, to the character: the verdict first, then the changes with alarms first, then what differed, at several widths.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

mkdir runs many
awk -v dir=runs -v n=60 -v changes=20:0.9,40:1 -v kernel_at=40 -v noise=0 -f "$srcdir/tests/analysis/history_runs.awk"
fs 0 "60 runs with two changes" history add --db h.db runs/*.jsonl
COLUMNS=60
fs 1 "the check" history check --db h.db
is "$out" 'verdict: 1 worse, 1 better, 60 runs, 4 series (exit 1)
STATE SERIES
    VALUE              CHANGE  FROM                 RUN
WORSE moving/hmm/emu/size=1M/touch
    3.60 us -> 4.00 us +11.1 % 2025-02-13T06:00:00Z 00400002
BETTER moving/hmm/emu/size=1M/touch
    4.00 us -> 3.60 us -10.0 % 2025-01-21T06:00:00Z 00200002
at 2025-02-13T06:00:00Z 00400002
    build.commit commit39 -> commit40
    kernel 6.12.1 -> 6.13.0
at 2025-01-21T06:00:00Z 00200002
    build.commit commit19 -> commit20' "60 columns"
rest='at 2025-02-13T06:00:00Z 00400002
    build.commit commit39 -> commit40
    kernel 6.12.1 -> 6.13.0
at 2025-01-21T06:00:00Z 00200002
    build.commit commit19 -> commit20'
COLUMNS=80
fs 1 "the check again" history check --db h.db
is "$out" "verdict: 1 worse, 1 better, 60 runs, 4 series (exit 1)
STATE  SERIES                       VALUE              CHANGE  FROM
WORSE  moving/hmm/emu/size=1M/touch 3.60 us -> 4.00 us +11.1 % 2025-02-13
BETTER moving/hmm/emu/size=1M/touch 4.00 us -> 3.60 us -10.0 % 2025-01-21
$rest" "80 columns"
for COLUMNS in 120 200; do
	fs 1 "at $COLUMNS columns" history check --db h.db
	is "$out" "verdict: 1 worse, 1 better, 60 runs, 4 series (exit 1)
STATE  SERIES                       VALUE              CHANGE  P FROM                 RUN
WORSE  moving/hmm/emu/size=1M/touch 3.60 us -> 4.00 us +11.1 % - 2025-02-13T06:00:00Z 00400002
BETTER moving/hmm/emu/size=1M/touch 4.00 us -> 3.60 us -10.0 % - 2025-01-21T06:00:00Z 00200002
$rest" "$COLUMNS columns"
done
COLUMNS=80
fs 0 "series without a change" history check --db h.db 'still*'
is "$out" "verdict: 60 runs, 2 series (exit 0)" "are one line"

# Thirty series that change at once.
for run in runs/*.jsonl; do
	awk '/"bench":"moving"/ { for (i = 0; i < 30; i++) { line = $0; sub(/"moving"/, "\"moving" i "\"", line); sub(/"cell":1/, "\"cell\":" i + 2, line); print line }; next } { print }' \
		"$run" >"many/$(basename "$run")"
done
fs 0 "60 runs of 30 series that change" history add --db many.db many/*.jsonl
fs 1 "the check of many" history check --db many.db
is "$(printf '%s\n' "$out" | head -n 1)" "verdict: 30 worse, 30 better, 60 runs, 62 series (exit 1)" "counts all"
is "$(printf '%s\n' "$out" | grep -c '^WORSE ')" 20 "shows twenty, all of them alarms"
has "$out" "... and 40 more changes: --all lists them" "and counts the others"
fs 1 "with --all" history check --all --db many.db
is "$(printf '%s\n' "$out" | grep -c '^WORSE \|^BETTER ')" 60 "each is listed"
lacks "$out" "... and" "and none only counted"
fs 64 "--all of another action" history log --all --db many.db
for COLUMNS in 60 80 120 200; do
	for db in h many; do
		"$FIVESTEP" history check --db $db.db >out 2>err
		is "$(awk -v most="$COLUMNS" 'length($0) > most' out)" "" "$db: no line is wider than $COLUMNS columns"
		[ "$(wc -l <out)" -le 40 ]
		ok $? "$db: at $COLUMNS columns it fits a screen of 40 lines"
	done
done
TERM=dumb LC_ALL=C COLUMNS=80
export TERM LC_ALL COLUMNS
fs 1 "on a dumb terminal in the C locale" history check --db h.db
lacks "$out" "$(printf '\033')" "nothing is coloured"

done_testing
