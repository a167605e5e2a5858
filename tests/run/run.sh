#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep run: what is measured is in the record, HMM really moves pages, verdicts and exit statuses are right.
. "${srcdir:-.}/tests/tap.sh"

run=$tmp/run.jsonl
quick="--rounds 2 -p size=$(pages 64)"

# shellcheck disable=SC2086 # $quick is options
fs 0 "hmm runs" run fault_latency --setup hmm $quick -o "$run"
has "$out" "fault_latency" "the table is on standard output"
lacks "$err" "ETA" "no progress where there is no terminal"
is "$(grep -c '"type":"round"' "$run")" 2 "two rounds are in the record"
is "$(head -n 1 "$run" | grep -c '"type":"run","schema":1')" 1 "the first line is the run's"
is "$(tail -n 1 "$run" | grep -c '"type":"end"')" 1 "the last line is its end"
is "$(grep -c '"verdict":"ok"' "$run")" 2 "both are ok"
is "$(grep -c '"metrics":{"to_host":{"unit":"ns","better":"lower","floor":"floor.fault","histogram":\[\[' "$run")" 2 "each has its metrics"
is "$(grep -c '"start_ms":[0-9.]*,"wall_ms":[0-9.]*,' "$run")" 2 "what starting it took, and how long it was"
is "$(grep -c '{"step":"device","ns":[0-9]*,"counters":{' "$run")" 2 "its steps with their time and counts"
# 64 pages, touched once from each side: 64 faults and 64 pages each way in every round.
for name in faults_to_device pages_to_device faults_to_host pages_to_host; do
	is "$(grep -c "\"what\":\"$name\",\"seen\":64.0,\"relation\":\"==\",\"expected\":64.0,\"holds\":true" "$run")" 2 "64 $name"
done

# shellcheck disable=SC2086
fs 0 "copy runs" run triad --setup copy $quick -o "$tmp/copy.jsonl"
is "$(grep -c '"emu.faults_to_device":{"value":0,' "$tmp/copy.jsonl")" 2 "no fault of that kind under copy"

# shellcheck disable=SC2086
fs 4 "an engine that lies about one page" run fault_latency --setup hmm -p lie_page=3 $quick -o "$tmp/lie.jsonl"
is "$(grep -c '"verdict":"invalid"' "$tmp/lie.jsonl")" 2 "is caught: the rounds are invalid"
has "$out" "invalid" "and the table says so"
# shellcheck disable=SC2086
fs 4 "a device that computes nothing" run triad --setup copy --device null $quick -o "$tmp/null.jsonl"
is "$(grep -c '"verdict":"fail"' "$tmp/null.jsonl")" 2 "is caught by the oracle"

fs 77 "all skipped" run fault_latency --setup hmm -p workers=64 --rounds 2 -o "$tmp/workers.jsonl"
has "$out" "64 workers on" "fewer CPUs than workers is a skip with its reason"
has "$out" "use -p workers=" "and its remedy"

# What a round's process cannot say itself is said by the runner.
printf 'run triad setup=copy device=emu size=1M lie=launch.crash\nrun triad setup=copy device=emu size=1M\n' >"$tmp/crash.plan"
fs 4 "a device that takes the process with it" run "$tmp/crash.plan" --rounds 1 -o "$tmp/crash.jsonl"
has "$(cat "$tmp/crash.jsonl")" '"verdict":"crash","why":"killed by signal 6 (Aborted); its last output: the device is gone"' "is a crash, with its last words"
is "$(grep -c '"verdict":"ok"' "$tmp/crash.jsonl")" 1 "and the next cell goes on"
has "$(head -n 1 "$tmp/crash.jsonl")" '"lies":{"launch.crash":true}' "the run record says that a device was made to do wrong"
fs 4 "which whoever reads it" show "$tmp/crash.jsonl"
has "$err" "a test of the rules, not a result" "is told"
echo 'run triad setup=copy device=emu size=1M lie=launch.hang' >"$tmp/hang.plan"
fs 4 "a device that never returns" run "$tmp/hang.plan" --rounds 1 --timeout 1s -o "$tmp/hang.jsonl"
has "$(cat "$tmp/hang.jsonl")" '"verdict":"timeout","why":"not finished after 1 s"' "is ended after its time"

# A limit that is far does not end a run; one that is over ends it, with what was measured.
fs 0 "a time limit of hours" run first_touch --setup copy --rounds 3 -p "size=$(pages 16)" --time-limit 100h -o "$tmp/far.jsonl"
is "$(tail -n 1 "$tmp/far.jsonl" | grep -c '"stop":"rounds"')" 1 "does not end a run of three rounds"
fs 0 "a time limit of a second" run first_touch --setup copy --rounds 100000 -p "size=$(pages 16)" --time-limit 1s -o "$tmp/near.jsonl"
is "$(tail -n 1 "$tmp/near.jsonl" | grep -c '"stop":"time"')" 1 "ends one of very many"
# No interval is as narrow as that: the cell ends after the most rounds, and the table says what would have to be done.
fs 0 "a precision that is not reached" run first_touch --setup copy --rounds 6 --max-rounds 7 --precision 0.000001 -p size=1M --timeout 10m -o "$tmp/wide.jsonl"
has "$out" "not reached  1 of 1 cells are not within 1e-06 %: 0 stopped by the time limit, 1 by the maximum number of rounds" "is said at the end of the table"
has "$out" "             first_touch copy emu size=1M: touch +-" "with the cell and what was reached"
has "$out" "-> fivestep run --resume $tmp/wide.jsonl --time-limit " "the table names the command that resumes"
is "$(grep -c '"type":"round"' "$tmp/wide.jsonl")" 7 "after 7 rounds"
fs 0 "resuming with more rounds" run --resume "$tmp/wide.jsonl" --max-rounds 9 --time-limit 10h
is "$(grep -c '"type":"round"' "$tmp/wide.jsonl")" 9 "makes them"
has "$(cat "$tmp/wide.jsonl")" '"options":{"rounds_max":9,"time_limit_s":36000.0}' "and the file says so"
# Rounds that are short may be many, as long as all of them do not take longer than one cell may.
fs 0 "an end by the time of a cell" run first_touch --setup copy --rounds 3 --max-rounds 1000000 --cell-time 1s --precision 0.000001 -p size=64K --timeout 10m \
	-o "$tmp/cell.jsonl"
has "$(tail -n 1 "$tmp/cell.jsonl")" '"stop":"cell-time"' "ends the cell"
has "$(head -n 1 "$tmp/cell.jsonl")" '"cell_time_s":1.0' "is in the record"
has "$out" "0 stopped by the time limit, 0 by the maximum number of rounds, 1 by the time for a cell" "is said"
has "$out" " --cell-time " "and the command that continues raises it"
fs 0 "which takes it" run --resume "$tmp/cell.jsonl" --cell-time 2s
has "$(cat "$tmp/cell.jsonl")" '"cell_time_s":2.0' "says so in the file"
# A file of an older version: a parameter acts no longer, or is gone. The user cannot leave it out of the file.
for old in granule no_such_parameter; do
	sed "/\"type\":\"end\"/d; /\"type\":\"resume\"/d; 1s/\"params\":{/&\"$old\":\"4K\",/" "$tmp/cell.jsonl" >"$tmp/old.jsonl"
	fs 64 "a run whose parameter $old means nothing today cannot be resumed" run --resume "$tmp/old.jsonl" --max-rounds 9
	has "$err" "old.jsonl: this version cannot measure cell 0: " "the error names the file and the cell that has $old"
	has "$err" "what to do: resume it with the version that started it (0." "with $old, the version that can resume the run is named"
	has "$err" "), or start a new run" "with $old, there is a way out with this version"
done
fs 64 "another seed for a resumed run" run --resume "$tmp/wide.jsonl" --seed 1
has "$err" "only --counters, --time-limit, --max-rounds and --cell-time" "is refused"
fs 64 "another least number of rounds" run --resume "$tmp/wide.jsonl" --rounds 20
fs 0 "rounds that were fixed" run first_touch --setup copy --rounds 6 --precision 0.000001 -p size=1M --timeout 10m -o "$tmp/fixed.jsonl"
lacks "$out" "not reached" "nothing else was measured"
# The end of a run that was interrupted before its last round.
sed '/"type":"end"/d; /"type":"resume"/d' "$tmp/wide.jsonl" | sed '$d' >"$tmp/cut.jsonl"
fs 0 "a run without an end" show "$tmp/cut.jsonl"
has "$out" "1 of 1 cells are not within 1e-06 %: 0 stopped by the time limit, 0 by the maximum number of rounds, 1 interrupted" "was interrupted"

mkdir "$tmp/dry"
cd "$tmp/dry" || exit 99
fs 0 "a dry run" run smoke --dry-run
has "$out$err" "cells" "says how many cells"
is "$(ls)" "" "and writes nothing"

fs 0 "TAP" run floor --rounds 1 --tap -p size=2M -o "$tmp/tap.jsonl"
has "$out" "ok 1 - floor" "one line a cell"

# Options come before names, wherever they stand on the command line.
fs 64 "a plan with a parameter" run -p size=1M smoke --dry-run
has "$err" "a plan cannot be combined with other names" "is not taken for an unknown benchmark"
fs 64 "a plan beside a benchmark" run triad smoke --dry-run
has "$err" "a plan cannot be combined with other names: triad" "in any order"

done_testing
