#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep conform: what it prints of cases that end in every way there is, to the letter; statuses; the cases of this machine; and that they fail when
# the device lies.
. "${srcdir:-.}/tests/tap.sh"

case $FIVESTEP in
*/tests/command/*) ends=$FIVESTEP ;;
*) ends=$PWD/tests/command/conform_ends ;;
esac
run=$tmp/run.jsonl

# ends STATUS NAME ARGS...: as fs, with the program whose cases are made up
ends() {
	real=$FIVESTEP
	FIVESTEP=$ends
	rm -f "$run"
	fs_status=$1
	fs_name=$2
	shift 2
	fs "$fs_status" "$fs_name" conform --timeout "$patient" -o "$run" "$@"
	FIVESTEP=$real
}

# ---- to the letter

ends 4 "cases that end in many ways" end_kept end_broken end_wrong end_crash end_skip end_error end_todo end_todo_kept
cat >"$tmp/want" <<'EOT'
TAP version 14
1..8
ok 1 - end_kept - -
  ---
  promise: 'It''s kept.'
  verdict: 'ok'
  evidence:
    - {what: 'it''s 1 # or more', seen: 2, relation: '>=', expected: 1, holds: true}
  ...
not ok 2 - end_broken - -
  ---
  promise: 'It''s broken.'
  verdict: 'invalid'
  reason: 'evidence pages: 3 is not == 4'
  remedy: 'the round did not measure what it was meant to: see evidence in the record'
  evidence:
    - {what: 'pages', seen: 3, relation: '==', expected: 4, holds: false}
  ...
not ok 3 - end_wrong - -
  ---
  promise: 'It''s wrong.'
  verdict: 'fail'
  reason: 'the word is #7, not ''8'''
  ...
not ok 4 - end_crash - -
  ---
  promise: 'It''s crash.'
  verdict: 'crash'
  reason: 'killed by signal 9 (Killed)'
  ...
ok 5 - end_skip - - # SKIP there is no \#1
  ---
  promise: 'It''s skip.'
  verdict: 'skip'
  reason: 'there is no #1'
  remedy: 'another machine'
  ...
not ok 6 - end_error - -
  ---
  promise: 'It''s error.'
  verdict: 'fail'
  reason: 'cannot begin'
  ...
not ok 7 - end_todo - - # TODO known since \#2
  ---
  promise: 'It''s todo.'
  verdict: 'invalid'
  reason: 'evidence pages: 3 is not == 4'
  remedy: 'the round did not measure what it was meant to: see evidence in the record'
  evidence:
    - {what: 'pages', seen: 3, relation: '==', expected: 4, holds: false}
  ...
ok 8 - end_todo_kept - - # TODO known since \#2
  ---
  promise: 'It''s todo_kept.'
  verdict: 'ok'
  evidence:
    - {what: 'it''s 1 # or more', seen: 2, relation: '>=', expected: 1, holds: true}
  ...
EOT
is "$(cat "$tmp/out")" "$(cat "$tmp/want")" "each is a line of TAP 14 with its block"
is "$err" "fivestep: conform: every round is in $run" "and the run file is named"
fs 4 "the same from the file" conform --read "$run"
is "$out" "$(cat "$tmp/want")" "word for word"
fs 4 "the run file is like any other" show --table "$run"

# ---- statuses

ends 0 "a promise that is kept" end_kept end_skip
ends 77 "nothing but skips" end_skip
ends 0 "a failure that is expected" end_todo end_kept
ends 4 "a crash is not expected" end_todo_crash
rm -f "$run"
FIVESTEP=$ends fs 4 "a case that hangs" conform end_hang --timeout 1s -o "$run"
has "$out" "  verdict: 'timeout'" "is killed"
head -n 1 "$run" >"$tmp/cut.jsonl"
fs 4 "a run that was cut" conform --read "$tmp/cut.jsonl"
has "$out" "not ok 1 - end_hang - -" "a case that was not visited is not ok"
has "$out" "  verdict: 'not visited'" "and it says so"

# ---- the table, of a run of the guest

fs 0 "kinds of memory" conform --table "$srcdir/tests/runs/conform.jsonl"
cat >"$tmp/want" <<'EOT'
### Linux 6\.12.117, in the guest

| memory | hmm on dmirror |
|---|---|
| the heap: anonymous private memory | moves, moves |
| a reserved huge page (hugetlb) | stays, error |
EOT
is "$out" "$(cat "$tmp/want")" "by ways of sharing"
sed 's/"verdict":"ok"/"verdict":"fail"/; s/"moved_by_access":{\("[^}]*\)"samples":\[[0-9.]*\]/"moved_by_access":{\1"samples":[0]/' \
	"$srcdir/tests/runs/conform.jsonl" >"$tmp/wrong.jsonl"
fs 0 "the same with wrong data" conform --table "$tmp/wrong.jsonl"
has "$out" "| a reserved huge page (hugetlb) | wrong, error |" "says so"
fs 3 "a run without kinds of memory" conform --table "$run"
has "$err" "no kind of memory was seen" "has no table"
fs 64 "--table and --read" conform --table "$run" --read "$run"

# ---- usage

fs 64 "a case that is misspelt" conform dat_by_faults
has "$err" "unknown case dat_by_faults; did you mean data_by_faults?" "with the nearest"
fs 64 "a setup that is misspelt" conform --setup hmn
fs 64 "a file that is not there" conform --read "$tmp/none.jsonl"
fs 64 "--read with a case" conform --read "$run" data_by_faults
fs 64 "a file that exists" conform -o "$run"
fs 0 "the list of cases" list cases
has "$out" "promise: What one side wrote is what the other reads" "has their promises"
fs 0 "benchmarks" run --dry-run '*' --device emu --setup hmm
lacks "$out" "conform." "a glob of benchmarks names no case"

# ---- this machine's

rm -f "$run"
fs 0 "all cases" conform --timeout "$patient" -o "$run"
[ "$status" = 0 ] || tap_diag "$out"
has "$out" "ok 1 - data_by_faults hmm emu
" "the first one"
has "$(sed -n 's/^1\.\.\([0-9]*\)$/\1 cases/p' "$tmp/out")" "$(grep -c '^ok ' "$tmp/out") cases" "as many as the plan says"

# looked CASE TEXT: what it expected, and how many pages moved, by its record
looked() {
	is "$(awk -v name="conform.$1" '
		index($0, "\"bench\":\"" name "\"") && /"type":"round"/ && /"setup":"hmm"/ {
			rest = $0
			while (match(rest, /"what":"[^"]*","seen":[0-9.]*,"relation":"==","expected":[0-9]*/)) {
				split(substr(rest, RSTART, RLENGTH), part, "\"")
				if (part[4] !~ /_huge_bytes$/)
					printf "%s %s; ", part[4], substr(part[13], 2)
				rest = substr(rest, RSTART + RLENGTH)
			}
			rest = $0
			sub(/.*"counters":\{"rusage/, "", rest)
			for (i = split("prefetched_to_device prefetched_to_host faults_to_device faults_to_host", word, " "); i > 0; i--)
				if (match(rest, "\"emu." word[i] "\":\\{\"value\":[0-9]*"))
					counts = word[i] " " substr(rest, RSTART + length(word[i]) + 16, RLENGTH - length(word[i]) - 16) "; " counts
			print counts
		}' "$run")" "$2" "$1: what it looked at, and what moved"
}
looked data_by_faults "pages on the device after its work 16; pages on the host after the CPU's work 16; prefetched_to_device 0; prefetched_to_host 0; faults_to_device 16; faults_to_host 16; "
looked data_by_request "pages on the device after the move 16; pages on the host after the move 16; prefetched_to_device 16; prefetched_to_host 16; faults_to_device 0; faults_to_host 0; "
looked data_of_a_part "pages of the part on the device 8; pages before it on the host 4; pages behind it on the host 4; prefetched_to_device 8; prefetched_to_host 0; faults_to_device 0; faults_to_host 8; "

# lie CASE LIE [FROM]: with it, from that occasion on, the case is not ok
lie() {
	rm -f "$run"
	fs 4 "$1 sees $2${3:+ from occasion $3 on}" conform "$1" --device emu --setup hmm -p "lie=$2" ${3:+-p "lie_from=$3"} --timeout "$patient" -o "$run"
}

lie data_by_request migrate.none
lie data_by_request migrate.byte
lie data_of_a_part migrate.short
lie data_of_a_part migrate.byte
lie data_by_faults launch.short
lie data_by_faults data.before
lie data_by_faults residence.astray
lie data_by_faults launch.crash
# The second launch fills what the CPU compares at last.
lie data_by_request launch.short 2
lie data_by_faults launch.short 2
lie data_of_a_part launch.short 2
lie data_of_a_part data.after

done_testing
