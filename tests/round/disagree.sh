#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# disagree.sh - counters that contradict each other are shown by show and report, and neither is taken for right: the round stays ok.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

fs 0 "a run whose counters are checked" run fault_back --setup copy,hmm --device emu -p "size=$(pages 64)" --rounds 2 -q -o "$tmp/run.jsonl"
grep -q '"verdict":"ok"' "$tmp/run.jsonl" || skip_all "no hmm on this machine"
has "$(grep '"setup":"hmm"' "$tmp/run.jsonl")" '"checks":[{"what":"page faults by rusage' "is in the record"
lacks "$(grep -o '"checks":.*' "$tmp/run.jsonl")" '"holds":false' "all agree"
fs 0 "show" show "$tmp/run.jsonl"
lacks "$out" "disagree" "has nothing to say of it"

# One of the first round's checks no longer holds: rusage has fewer faults than the driver served.
sed '/"round":0,.*"setup":"hmm"/s/\(of the CPU: cpu_after","seen":\)[0-9.]*\(,"relation":">=","expected":[0-9.]*,"holds":\)true/\13\2false/' \
	"$tmp/run.jsonl" >"$tmp/broken.jsonl"
fs 0 "show of counters that disagree" show "$tmp/broken.jsonl"
has "$out" "counters disagree in 1 of 2 rounds: page faults by rusage and events of the CPU: cpu_after: 3 is not >= 384" "says which, where and by how much"
fs 0 "a report of them" report "$tmp/broken.jsonl" -o "$tmp/report"
has "$(cat "$tmp/report/index.html")" "page faults by rusage and events of the CPU: cpu_after" "has them in a table"
fs 0 "the report of those that agree" report "$tmp/run.jsonl" -o "$tmp/fine"
has "$(cat "$tmp/fine/index.html")" "agree." "says so"

# PAPI counts page faults as well, of user code.
fs 0 "page faults by PAPI, perf and rusage" run fault_latency --setup hmm --device emu -p "size=$(pages 64)" --rounds 1 -q \
	--counters papi:perf::PAGE-FAULTS,perf:page-faults:u,perf:page-faults,rusage -o "$tmp/papi.jsonl"
case $(cat "$tmp/papi.jsonl") in
*'"what":"page faults of user code by PAPI and by perf: cpu_after"'*)
	has "$(cat "$tmp/papi.jsonl")" '"what":"page faults of user code by PAPI and by perf: cpu_after","seen":192.0,"relation":"==","expected":192.0,"holds":true' \
		"64 pages that fault three times are 192 page faults by PAPI and by perf"
	;;
*) skip "PAPI or perf may not count here" ;;
esac

done_testing
