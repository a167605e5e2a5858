#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep merge: runs of one machine made into one, and what may not be; many machines side by side, with an outlier among them.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs

cd "$tmp" || exit 99

# make_runs FOLDER KEY=VALUE...: see tests/analysis/history_runs.awk
make_runs() {
	make_folder=$1
	shift
	mkdir -p "$make_folder"
	make_n=$#
	for make_arg; do
		set -- "$@" -v "$make_arg"
	done
	shift $make_n
	awk -v dir="$make_folder" "$@" -f "$srcdir/tests/analysis/history_runs.awk"
	# of one commit
	for make_file in "$make_folder"/*.jsonl; do
		sed 's/"commit":"commit[0-9]*"/"commit":"same"/' "$make_file" >"$make_file.new" && mv "$make_file.new" "$make_file"
	done
}

# ---- one machine

make_runs one n=3
fs 0 "three runs of one machine are merged" merge one/*.jsonl -o merged.jsonl
is "$out" "" "a merge prints nothing"
fs 0 "a merged run can be shown" show merged.jsonl --json
is "$(printf '%s\n' "$out" | grep -c '"rounds": 9')" 4 "a merged run has the rounds of all origins"
is "$(printf '%s\n' "$out" | grep -c '"stop": "merged"')" 4 "each cell of a merged run has the stop word merged"
is "$err" "" "showing a merged run gives no warning"
is "$(grep -c '"origin":1' merged.jsonl)" 6 "each merged round names its origin"
has "$(head -n 1 merged.jsonl)" '"merged":[{"id":"00000002-' "the merged record lists the origins"
has "$(head -n 1 merged.jsonl)" '"started":"2025-01-01T06:00:00Z"' "the merged record has the start of the earliest origin"
if command -v python3 >/dev/null 2>&1; then
	python3 -c '
import json
def rounds(path):
    return [json.loads(line) for line in open(path) if json.loads(line)["type"] == "round"]
before = [(json.dumps(round["metrics"]), round["bench"]) for n in range(3) for round in rounds("one/run%04d.jsonl" % n)]
after = [(json.dumps(round["metrics"]), round["bench"]) for round in rounds("merged.jsonl")]
assert before == after, (before, after)
numbers = [(round["cell"], round["round"]) for round in rounds("merged.jsonl")]
assert len(set(numbers)) == len(numbers) == 18, numbers
' 2>said
	ok $? "a merge loses and changes no round"
else
	skip "python3 is not installed"
fi
fs 0 "the same runs are merged again" merge one/*.jsonl -o again.jsonl
is "$(cat again.jsonl)" "$(cat merged.jsonl)" "merging the same runs again gives the same bytes"
fs 64 "merge refuses an output file that exists" merge one/*.jsonl -o merged.jsonl
has "$err" "exists" "the error says that the output file exists"
is "$(cat again.jsonl)" "$(cat merged.jsonl)" "the existing output file is unchanged"
rm -f said
is "$(ls)" "$(printf '%s\n' again.jsonl err merged.jsonl one out)" "a merge leaves no temporary file"
fs 0 "a merged run can be compared" compare merged.jsonl again.jsonl --margin 10
fs 0 "a merged run can be added to a history" history add --db h.db merged.jsonl
fs 3 "merge refuses the same run twice" merge one/run0000.jsonl one/run0000.jsonl -o twice.jsonl
has "$err" "are the same run" "the error says that both are the same run"

make_runs other n=1 cpus=4
fs 3 "merge refuses runs of two machines" merge one/run0000.jsonl other/run0000.jsonl -o mixed.jsonl
has "$err" "not the same machine" "the error says that the machines differ"
has "$err" ": cpus" "the error names the field in which the machines differ"
has "$err" "--fleet" "the remedy for two machines is --fleet"
make_runs newer n=4 kernel_at=0 from=3
fs 3 "merge refuses runs of two kernels" merge one/run0000.jsonl newer/run0003.jsonl -o mixed.jsonl
has "$err" "kernel" "the error names the kernel"
has "$err" "fivestep compare" "the remedy for two kernels is compare"
fs 3 "merge refuses runs with two clocks" merge "$runs/fine.jsonl" "$runs/instructions.jsonl" -o mixed.jsonl
has "$err" "the clock is" "the error names the clocks"
! [ -e mixed.jsonl ]
ok $? "a refused merge writes nothing"

# Each origin describes its own plan's benchmarks and setups: the merged run describes all of them.
describe() {
	sed "1s/\"devices\":\[[^]]*\],//;1s/\"cells\":/\"benches\":{$2},\"setups\":{$3},\"devices\":[$4],&/" "$1"
}
describe one/run0000.jsonl '"first":{"summary":"of the first"},"both":{"summary":"here"}' '"left":{"summary":"left"}' '{"name":"emu"}' >plan1.jsonl
describe one/run0001.jsonl '"second":{"summary":"of the second"},"both":{"summary":"there"}' '"right":{"summary":"right"}' '{"name":"emu"},{"name":"null"}' >plan2.jsonl
fs 0 "runs of two plans are merged" merge plan1.jsonl plan2.jsonl -o plans.jsonl
has "$(head -n 1 plans.jsonl)" '"benches":{"first":{"summary":"of the first"},"both":{"summary":"here"},"second":{"summary":"of the second"}}' \
	"the merged record describes the benchmarks of both plans"
has "$(head -n 1 plans.jsonl)" '"setups":{"left":{"summary":"left"},"right":{"summary":"right"}}' "the merged record describes the setups of both plans"
has "$(head -n 1 plans.jsonl)" '"devices":[{"name":"emu"},{"name":"null"}]' "the merged record lists each device of both plans once"

# ---- many machines

make_runs fleet n=9 changes=8:1.2 noise=0.5
sed 's/"kernel":"6.12.1"/"kernel":"6.13.0"/' fleet/run0008.jsonl >odd.jsonl && mv odd.jsonl fleet/node8.jsonl && rm fleet/run0008.jsonl
fs 0 "nine machines" merge --fleet fleet/*.jsonl
has "$out" "node8.jsonl +" "the outlier is marked"
has "$out" "node8.jsonl: outlier in 1 of 4 metrics" "and counted"
has "$out" "kernel 6.13.0, of run0000.jsonl 6.12.1" "and what it differs in is named"
has "$out" "verdict: 1 outlier among 9 machines" "in the end, too"
fs 0 "as JSON" merge --fleet fleet/*.jsonl --json
cp out fleet.json
if command -v python3 >/dev/null 2>&1; then
	python3 -c '
import json
fleet = json.load(open("fleet.json"))
assert [machine["odd"] for machine in fleet["machines"]].count(0) == 8, fleet["machines"]
assert fleet["machines"][0]["file"] == "fleet/node8.jsonl" and fleet["machines"][0]["odd"] == 1
assert fleet["machines"][0]["differs"][0]["name"] == "kernel"
assert all(len(metric["values"]) == 9 for metric in fleet["metrics"])
assert [metric["odd"] for metric in fleet["metrics"]] .count([0]) == 1
' 2>said
	ok $? "the same"
else
	skip "python3 is not installed"
fi
fs 0 "with a margin of 30 %" merge --fleet fleet/*.jsonl --margin 30
has "$out" "verdict: 0 outliers among 9 machines" "there is none"
fs 0 "three machines" merge --fleet fleet/node8.jsonl fleet/run0000.jsonl fleet/run0001.jsonl
has "$out" "that needs at least 4 machines" "are too few"
fs 3 "two clocks" merge --fleet "$runs/fine.jsonl" "$runs/instructions.jsonl"
has "$err" "another clock" "are refused"

# ---- what is no run, or not a whole one

: >empty.jsonl
fs 4 "merge refuses an empty file" merge one/run0000.jsonl empty.jsonl -o x.jsonl
has "$err" "the file is empty" "the error says that the file is empty"
sed 's/"schema":1/"schema":2/' one/run0001.jsonl >newer.jsonl
fs 4 "merge refuses a newer schema" merge one/run0000.jsonl newer.jsonl -o x.jsonl
has "$err" "newer than this fivestep" "the error says that the schema is newer"
head -c 2000 one/run0001.jsonl >torn.jsonl
fs 0 "merge takes a torn run" merge one/run0000.jsonl torn.jsonl -o x.jsonl
has "$err" "torn" "merge warns about the torn line"
fs 0 "a merge of a torn run can be shown" show x.jsonl
is "$err" "" "a merge of a torn run has no torn line"
tail -n +2 one/run0001.jsonl >headless.jsonl
fs 3 "merge refuses a run without a run record" merge one/run0000.jsonl headless.jsonl -o y.jsonl
has "$err" "no run record" "the error says that there is no run record"
fs 77 "a fleet of runs in which everything was skipped has status 77" merge --fleet "$runs/skips.jsonl" "$runs/skips.jsonl"
fs 64 "merge refuses a file that does not exist" merge one/run0000.jsonl none.jsonl -o y.jsonl
fs 64 "merge needs two runs" merge one/run0000.jsonl -o y.jsonl
fs 64 "merge needs -o or --fleet" merge one/*.jsonl
fs 64 "merge takes -o or --fleet, not both" merge --fleet one/*.jsonl -o y.jsonl
fs 64 "merge takes --json with --fleet only" merge one/*.jsonl -o y.jsonl --json
fs 64 "merge refuses an output in a folder that does not exist" merge one/*.jsonl -o none/y.jsonl

done_testing
