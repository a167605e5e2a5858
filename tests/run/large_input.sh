#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Large run files are read in time that grows with their length alone: processor time is limited to many times what that is, and to a small part of
# what it is where each of their things is compared with each. A line has a limit.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# make_run KIND N: a run file of N skips of as many reasons, or of N rounds in one cell with the last one first
make_run() {
	awk -v kind="$1" -v n="$2" 'BEGIN {
		printf "{\"type\":\"run\",\"schema\":1,\"id\":\"x\",\"started\":\"2026-01-02T03:04:05Z\",\"plan\":{\"name\":\"p\",\"text\":\"\"},\"seed\":1,\"options\":{},"
		print "\"clock\":\"monotonic\",\"build\":{},\"machine\":{\"fingerprint\":\"0011223344556677\",\"identity\":{},\"factors\":{},\"state\":{}},\"devices\":[],\"cells\":[]}"
		for (i = 0; i < n; i++) {
			printf "{\"type\":\"round\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",\"params\":{},\"set\":[],"
			if (kind == "skips")
				printf "\"round\":0,\"cell\":%d,\"bench\":\"b%d\",\"verdict\":\"skip\",\"why\":\"reason %d\",\"remedy\":\"do %d\"}\n", i + 7, i, i, i
			else
				printf "\"round\":%d,\"cell\":0,\"bench\":\"b\",\"verdict\":\"ok\",\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%d]}}}\n",
					n - i - 1, 4000 + i % 7
		}
	}'
}

# limited SECONDS ARGS...: fivestep with so much processor time
limited() {
	seconds=$1
	shift
	# shellcheck disable=SC3045 # every shell here has it
	(ulimit -t "$seconds" && exec "$FIVESTEP" "$@" >out 2>err </dev/null)
}

# What follows each access takes many times as long.
skips=100000
! grep -q __asan_init "$FIVESTEP" || skips=10000
last=$((skips - 1))
make_run skips $skips >skips.jsonl
limited 60 show --table skips.jsonl
is $? 77 "$skips skips of as many reasons are shown"
is "$(grep -c '^skip  reason ' out)" $skips "each with its reason"
is "$(sed -n "/^skip  reason $last\$/,\$p" out | tr -s ' ' | tr '\n' ';')" "skip reason $last; b$last hmm emu; -> do $last;" "and its cell and remedy"
limited 60 show skips.jsonl
is $? 77 "and in one screen"
has "$(cat out)" "skipped  $((skips - 3)) more cells for $((skips - 3)) more reasons" "which has their number"
cells=40000
! grep -q __asan_init "$FIVESTEP" || cells=4000
awk -v cells=$cells -v rounds=1 -v seed=1 -v percent=0 -f "$srcdir/tests/analysis/large_run.awk" >cells.jsonl
limited 15 show cells.jsonl
is $? 0 "$cells cells of a few benchmarks are shown in one screen"
has "$(cat out)" "more rows" "which has the number of the rows that it leaves out"
make_run rounds 200000 >rounds.jsonl
limited 30 show --table rounds.jsonl
is $? 0 "200000 rounds of one cell, the last one first, are shown"
has "$(tr -s ' ' <out)" "b hmm emu - touch 4.00 us [4.00, 4.00] 200000 " "all of them"
head -n 3000 rounds.jsonl >twice.jsonl
sed 1d twice.jsonl >again
cat again >>twice.jsonl
fs 0 "rounds that are there twice" show twice.jsonl
is "$(grep -c 'occurs twice' "$tmp/err")" 1000 "are named up to a thousand times"
has "$err" "more than 1000 warnings" "and it is said that there are more"

# line BYTES: a record of so many, its newline with them
line() {
	printf '{"type":"note","pad":"'
	head -c $(($1 - 25)) /dev/zero | tr '\0' x
	printf '"}\n'
}
most=33554432
{ make_run rounds 1 && line $most; } >most.jsonl
fs 0 "a line as long as one may be" show most.jsonl
has "$err" 'most.jsonl:3: a record of unknown type "note"' "is read"
{ make_run rounds 1 && line $((most + 1)) && make_run rounds 2 | tail -n 1; } >more.jsonl
fs 0 "one of a byte more" show more.jsonl
has "$err" "more.jsonl:3: a line of 33554433 bytes; the maximum is 33554432; the line is ignored" "is named with its line and the limit"
has "$err" "more.jsonl:4: round 0 of cell 0 occurs twice" "and what follows is read"

done_testing
