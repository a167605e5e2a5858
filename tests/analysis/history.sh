#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep history: made-up runs over time, with changes planted; several writers at once; notes; what is gone, torn, newer or no history at all.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs

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
}

# row WORD...: the lines of $out that begin with these, columns apart by one space
row() {
	printf '%s\n' "$out" | tr -s ' ' | grep "^$*"
}

cd "$tmp" || exit 99

# ---- 200 runs with three changes

make_runs many n=200 changes=60:1.05,110:0.97,160:1 kernel_at=60
fs 0 "200 runs are added" history add --db many.db many/*.jsonl
has "$err" "run0199.jsonl: added" "and named"
fs 0 "a run that is there already" history add --db many.db many/run0007.jsonl
has "$err" "already in the index" "is no error"
fs 1 "three planted changes" history check --db many.db
is "$(printf '%s\n' "$out" | grep -c 'touch.* -> ')" 3 "are three, and no other"
is "$(printf '%s\n' "$out" | grep -c 'still')" 0 "none of the series that never changes"
# A run's id begins with its number.
near=$(printf '%s\n' "$out" | awk '{ print $NF, $0 }' | sort | cut -d ' ' -f 2- | awk '$2 == "moving/hmm/emu/size=1M/touch" { run = substr($NF, 1, 4) + 0; planted = ++n == 1 ? 60 : n == 2 ? 110 : 160
	near += run >= planted - 2 && run <= planted + 2 } END { print near }')
is "$near" 3 "each within 2 runs of where it was planted"
has "$(row RECOVERED)" "moving/hmm/emu/size=1M/touch" "the first, of +5 %, did not last"
has "$(row BETTER)" "moving/hmm/emu/size=1M/touch" "the second is for the better"
has "$(row WORSE)" "moving/hmm/emu/size=1M/touch" "the third is for the worse"
has "$out" "kernel 6.12.1 -> 6.13.0" "the kernel that came with the first is named"
has "$out" "build.commit commit" "and the commits"
has "$out" "verdict: 1 worse, 1 recovered, 1 better, 200 runs, 4 series (exit 1)" "the last line counts"
cp out once
fs 1 "a second look" history check --db many.db
is "$out" "$(cat once)" "says the very same"
fs 1 "the same as JSON" history check --db many.db --json
cp out check.json
if command -v python3 >/dev/null 2>&1; then
	python3 -c '
import json
check = json.load(open("check.json"))
assert check["runs"] == 200 and check["series"] == 4 and check["verdict"] == "WORSE", check
worse = [change for change in check["changes"] if change["state"] == "WORSE"]
assert len(worse) == 1 and 3 < worse[0]["change_pct"] < 5.5 and worse[0]["p"] < 0.001 and worse[0]["unit"] == "ns" and worse[0]["emulated"]
assert any(field["name"] == "kernel" for change in check["changes"] for field in change["differs"]), check
' 2>said
	ok $? "is JSON that says it all"
else
	skip "python3 is not installed"
fi
fs 0 "a pattern of the other series" history check --db many.db 'still*'
has "$out" "200 runs, 2 series (exit 0)" "looks at those alone"
fs 3 "a pattern of nothing" history check --db many.db 'nothing*'
has "$err" "no series matches" "is said"
fs 0 "a larger margin" history check --db many.db --margin 12
fs 0 "changes before a day" history check --db many.db --since 2025-07-01
has "$(row OLDER)" "moving" "are shown, and do not count"
fs 1 "changes since a day" history check --db many.db --since 2025-06-01
fs 3 "a day after the last run" history check --db many.db --since 2027-01-01
fs 1 "changes since a time" history check --db many.db --since 2025-06-01T06:00:00Z
for day in 2025-1-16 2025-01-16x 2025-02-30 2025-01-16T '2025-01-16 ' 2025-01; do
	fs 64 "--since '$day', which is no day" history check --db many.db --since "$day"
	has "$err" "write a day as 2025-01-31" "says how days are written"
done
for margin in nan 0x2 ' 2' 2%% 2,5 -1; do
	fs 64 "--margin '$margin', which is no percentage" history check --db many.db --margin "$margin"
done

fs 0 "the runs" history log --db many.db
is "$(printf '%s\n' "$out" | wc -l)" 201 "a line each"
fs 0 "the runs as JSON" history log --db many.db --json
has "$out" '"commit": "commit199"' "with their commits"
fs 0 "the series" history series --db many.db
has "$(row still/hmm/emu/size=1M/touch)" "200 ns lower monotonic 00112233aabbcc02 true" "with runs, unit, clock and machine"
fs 0 "the series as JSON" history series --db many.db 'still*' --json
lacks "$out" "moving" "that match"

# ---- pictures

fs 0 "pictures of what changed" history plot --db many.db -o pictures
has "$err" "1 of 4 series drawn" "one did"
[ -s pictures/data/001-moving-hmm-emu-size-1M-touch.tsv ]
ok $? "the numbers are beside"
if command -v gnuplot >/dev/null 2>&1; then
	for suffix in svg png pdf; do
		[ -s pictures/001-moving-hmm-emu-size-1M-touch.$suffix ]
		ok $? "as $suffix"
	done
	has "$(cat pictures/*.svg)" "changed for the worse" "it says what the marks are"
	has "$(cat pictures/*.svg)" "(emulated)" "and that the device is emulated"
	has "$(cat pictures/data/001-*.gp)" "for the worse: a step from " "beneath its title is what happened last"
	lacks "$(cat pictures/data/001-*.gp)" "No change of level" "and not that nothing did"
else
	skip "gnuplot is not installed" 7
fi
fs 0 "pictures by pattern" history plot --db many.db 'still*' -o others
has "$err" "2 of 2 series drawn" "all that match"
if command -v gnuplot >/dev/null 2>&1; then
	has "$(cat others/data/001-*.gp)" "No change of level was found in" "and say that nothing changed"
	lacks "$(cat others/data/001-*.gp)" "for the worse" "and nothing else"
else
	skip "gnuplot is not installed" 2
fi
fs 64 "no folder" history plot --db many.db

# ---- notes

fs 3 "a baseline that nobody set" history check --db many.db --since release
fs 0 "a baseline" history baseline --db many.db release many/run0170.jsonl
fs 0 "its file" history baseline --db many.db release
is "$out" "$tmp/many/run0170.jsonl" "is printed, for fivestep compare"
fs 0 "changes before it" history check --db many.db --since release
fs 0 "it is in the log" history log --db many.db
has "$out" "baseline release" "by its name"
cp many.db notes.db
hundred=$(printf '%0100d' 0)
for number in 1 2 3 4 5 6 7 8 9 10 11 12; do
	"$FIVESTEP" history baseline --db notes.db "note$hundred-$number" many/run0170.jsonl || echo "baseline $number failed"
done >said 2>&1
is "$(cat said)" "" "a run gets twelve notes of more than 1024 bytes together"
fs 0 "a run with many notes is in the log" history log --db notes.db --json
has "$out" "note$hundred-1," "the log has the first of many notes of a run"
has "$out" "note$hundred-9" "the log has the ninth of many notes of a run"
is "$(printf '%s\n' "$out" | grep -o "note$hundred-[0-9]*" | sort -u | wc -l)" 12 "the log has all notes of a run"
fs 0 "another run of that name" history baseline --db many.db release latest
fs 0 "its file" history baseline --db many.db release
is "$out" "$tmp/many/run0199.jsonl" "is that of the new one"
fs 0 "an expected change" history annotate --db many.db many/run0160.jsonl 'moving*' --why 'a safer protocol'
fs 0 "is no regression" history check --db many.db
has "$(row EXPECTED)" "moving" "but shown"
has "$out" "(expected: a safer protocol)" "with the reason"
fs 0 "of one series" history check --db many.db 'moving*'
fs 0 "to forget it" history annotate --db many.db many/run0160.jsonl 'moving*' --forget
fs 1 "makes it one again" history check --db many.db
fs 64 "a note without text" history annotate --db many.db latest 'moving*'
fs 3 "a note on no run" history annotate --db many.db nosuchrun 'moving*' --why x
fs 0 "a run by its id" history annotate --db many.db 01600002 'moving*' --why 'a safer protocol'
fs 0 "an expected change, again" history check --db many.db
cp out once

# ---- made again from the run files

rm -f many.db many.db-wal many.db-shm
fs 3 "an index that is lost" history check --db many.db
has "$err" "no history yet" "is none"
fs 0 "is made again" history rebuild --db many.db many/*.jsonl
fs 0 "with the notes" history check --db many.db
is "$out" "$(cat once)" "and says the very same"
fs 0 "made again out of itself" history rebuild --db many.db
fs 0 "it still does" history check --db many.db
is "$out" "$(cat once)" "to the letter"
mkdir moved && mv many/run0042.jsonl moved
fs 3 "a run file that is gone" history rebuild --db many.db
has "$err" "run0042.jsonl: No such file" "is named"
has "$err" "history add --db FILE RUN" "with what to do"
fs 0 "and the index as it was" history check --db many.db
is "$out" "$(cat once)" "to the letter"
fs 0 "the file from where it is now" history rebuild --db many.db moved/run0042.jsonl
fs 0 "is what it was" history check --db many.db
is "$out" "$(cat once)" "to the letter"
mkdir elsewhere && mv many moved many.db many.db.notes elsewhere
fs 0 "an index moved with its files" history rebuild --db elsewhere/many.db
fs 0 "finds them" history baseline --db elsewhere/many.db release
is "$out" "$tmp/elsewhere/many/run0199.jsonl" "where they are"
echo '{}' >>elsewhere/many/run0199.jsonl
fs 3 "a baseline whose file was changed" history baseline --db elsewhere/many.db release
has "$err" "has changed since the run" "is said"
echo 'no note' >>elsewhere/many.db.notes
fs 0 "a run file brought up to date" history add --db elsewhere/many.db elsewhere/many/run0199.jsonl
has "$err" ": updated" "is said"
fs 4 "notes that are none" history rebuild --db elsewhere/many.db
has "$err" "many.db.notes:6: not a note" "are named by their line"

# ---- who may only read

make_runs read n=8
fs 0 "an index" history add --db read/only.db read/*.jsonl
fs 0 "of an owner" history baseline --db read/only.db main read/run0003.jsonl
ls read >before
# A folder that cannot be written, for root too: mounted read-only, where this test may mount.
cat >read_only <<'EOR'
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 42
cd "$1" || exit 42
for action in check log series 'baseline main'; do
	# shellcheck disable=SC2086 # an action with its arguments
	"$FIVESTEP" history $action --db only.db >/dev/null 2>&1 || exit 43
done
"$FIVESTEP" history add --db only.db run0001.jsonl 2>&1
EOR
said=$(unshare -rm sh read_only read 2>/dev/null)
case $? in
64)
	ok 0 "an index in a folder that cannot be written can be checked, listed and asked for its baselines"
	has "$said" "only.db: cannot be" "and not be added to, which is said"
	;;
43) ok 1 "an index in a folder that cannot be written can be checked, listed and asked for its baselines" ;;
*) skip "no private mounts here" 2 ;;
esac
is "$(ls read)" "$(cat before)" "reading leaves nothing beside the index"
mkdir odd && cd odd || exit 99
for name in 'file:x?mode=memory' ':memory:' 'a%20b?c#d'; do
	fs 0 "an index named $name" history add --db "$name" ../read/*.jsonl
	fs 0 "can be read" history log --db "$name"
	is "$(printf '%s\n' "$out" | wc -l)" 9 "and has kept the runs"
	[ -s "$name" ]
	ok $? "in a file of that name"
done
cd .. || exit 99
fs 64 "an index without a name" history add --db '' read/*.jsonl
sed 's/"started":"[^"]*"/"started":"2025-1-3"/' read/run0001.jsonl >read/day.jsonl
fs 4 "a run that says no time" history add --db read/only.db read/day.jsonl
has "$err" "not added: the start time in its run record is not of the form" "is not added"

# ---- a few runs

make_runs few n=20 changes=15:1.5 noise=0.5
fs 0 "4 runs" history add --db few.db few/run000[0-3].jsonl
fs 3 "are too few" history check --db few.db
has "$err" "a series needs 6, or 12 if it is noisy" "which is said"
fs 0 "4 more" history add --db few.db few/run000[4-7].jsonl
fs 0 "say something of counts" history check --db few.db
has "$out" "2 of them with too few runs to decide" "and nothing where there is noise"
fs 0 "20" history add --db few.db few/run00[01]*.jsonl
fs 1 "of which 5 are far above" history check --db few.db
has "$(row WORSE)" "2025-01-16" "from the first of them on"

# ---- without noise: the first run that differs is enough, and stays enough

make_runs calm n=40 changes=30:1.05 noise=0
fs 0 "30 runs without noise" history add --db calm.db calm/run00[012]*.jsonl
fs 0 "are of one level" history check --db calm.db
for night in 30 31 32 33 34; do
	fs 0 "run $night" history add --db calm.db calm/run00$night.jsonl
	fs 1 "5 % above is said in run $night" history check --db calm.db
	has "$(row WORSE)" "moving/hmm/emu/size=1M/touch 4.00 us -> 4.20 us +5.0 %" "by how much"
	has "$(row WORSE)" "2025-02-03" "and from when on"
done
make_runs zero n=30 noise=0
sed 's/"touch":{"unit":"ns","better":"lower","samples":\[4000.000000\]/"touch":{"unit":"ns","better":"lower","samples":[0]/' -i zero/*.jsonl
sed 's/"touch":{"unit":"ns","better":"lower","samples":\[0\]/"touch":{"unit":"ns","better":"lower","samples":[5.5]/' -i zero/run0029.jsonl
fs 0 "runs of which the last has 5.5 where all others have 0" history add --db zero.db zero/*.jsonl
fs 1 "are worse, as in fivestep compare" history check --db zero.db 'moving*'
has "$(row WORSE)" "0.00 ns -> 5.50 ns - -" "without a percentage"

# ---- a drift, and new runs

make_runs drift n=120 drift=0.001 from_drift=40
fs 0 "runs that get slower by 0.1 % each" history add --db drift.db drift/*.jsonl
fs 1 "are worse" history check --db drift.db
has "$(row WORSE)" "%/run" "by a drift"
has "$out" "moving/hmm/emu/size=1M/touch: drift of +0.09" "of 0.1 % a run, nearly"
lacks "$out" "build.commit" "with no commit that made it"
is "$(printf '%s\n' "$out" | grep -c WORSE)" 1 "and no step beside it"
fs 1 "the same as JSON" history check --db drift.db --json
has "$out" '"pct_per_run": 0.09' "has the slope"
fs 0 "a drift that is accepted" history baseline --db drift.db accepted latest
fs 0 "is older" history check --db drift.db --since accepted
has "$(row OLDER)" "%/run" "and shown"
make_runs request n=43 changes=40:1.05
fs 0 "40 runs and 3 of a merge request" history add --db request.db request/*.jsonl
fs 1 "that are 5 % slower" history check --db request.db --new 3
has "$(row WORSE)" "2025-02-13" "the new runs are compared with those before"
fs 0 "those before the last one" history check --db request.db --new 1
has "$out" "too few runs to decide" "cannot tell of a single one"
for n in 0 -1 x 3x ''; do
	fs 64 "--new '$n', which is no number of runs" history check --db request.db --new "$n"
done
make_runs counts n=10 faults_at=9 faults=253
fs 0 "runs with a count" history add --db counts.db counts/*.jsonl
make_runs counts2 n=10 faults_at=9 faults=253 changes=9:1.5 noise=0
fs 0 "runs with two changes at once" history add --db counts2.db counts2/*.jsonl
fs 0 "one of which is expected" history annotate --db counts2.db counts2/run0009.jsonl '*/touch' --why 'only this'
fs 1 "do not pass" history check --db counts2.db
has "$out" "at 2025-01-10T06:00:00Z 00090002
    (expected: only this) moving/hmm/emu/size=1M/touch
    build.commit" "and only the series that it is of is said to be expected"
fs 1 "a count that is another in the last one" history check --db counts.db
has "$(row CHANGED)" "moving/hmm/emu/size=1M/faults 252 faults -> 253 faults" "which is said at once"
make_runs counts n=12 from=10
fs 0 "two runs later" history add --db counts.db counts/run001*.jsonl
fs 0 "it is back" history check --db counts.db
has "$(row RECOVERED)" "faults" "which is said"

# ---- two machines: two series
make_runs two n=8
make_runs other n=8 cpus=4 changes=0:2
fs 0 "runs of two machines" history add --db two.db two/*.jsonl other/*.jsonl
fs 0 "the two machines' runs are not compared with each other" history check --db two.db
has "$out" "16 runs, 8 series" "but series of their own"

# ---- several writers at once

make_runs writers n=40
writers=''
for writer in 0 1 2 3; do
	"$FIVESTEP" history add --db writers.db writers/run00${writer}?.jsonl 2>said.$writer &
	writers="$writers $!"
done
failed=0
for writer in $writers; do
	wait "$writer" || failed=$((failed + 1))
done
is $failed 0 "four writers at once, none of which fails"
fs 0 "what they wrote" history log --db writers.db --json
is "$(printf '%s\n' "$out" | grep -c '"run":')" 40 "is all there"
fs 0 "and every series" history series --db writers.db --json
is "$(printf '%s\n' "$out" | grep -c '"runs": 40')" 4 "whole"

# ---- a writer killed at any time

for wait in 0.01 0.05 0.1; do
	"$FIVESTEP" history add --db killed.db writers/*.jsonl 2>said &
	writer=$!
	sleep $wait
	kill -KILL $writer 2>/dev/null
	wait $writer 2>/dev/null
done
fs 0 "after writers that were killed" history add --db killed.db writers/*.jsonl
fs 0 "the index" history series --db killed.db --json
is "$(printf '%s\n' "$out" | grep -c '"runs": 40')" 4 "has every run once"

# ---- what is no run, or no index

make_runs bad n=1
fs 77 "a run of skips alone" history add --db bad.db "$runs/skips.jsonl"
has "$err" "everything was skipped" "is not added"
: >empty.jsonl
fs 4 "an empty file" history add --db bad.db empty.jsonl
has "$err" "the file is empty" "is named"
sed 's/"schema":1/"schema":2/' "$runs/fine.jsonl" >newer.jsonl
fs 4 "a run of a newer schema" history add --db bad.db newer.jsonl
has "$err" "newer than this fivestep" "is named"
head -c 12000 "$runs/fine.jsonl" >torn.jsonl
fs 0 "a torn run" history add --db bad.db torn.jsonl
has "$err" "torn" "is named, and what is whole of it added"
tail -n +2 "$runs/fine.jsonl" >headless.jsonl
fs 4 "a run without its record" history add --db bad.db headless.jsonl
has "$err" "no run record" "is not added"
fs 4 "a run with rounds that failed" history add --db bad.db "$runs/mixed.jsonl"
has "$err" "without its failed and invalid rounds" "is added without them"
fs 64 "no such file" history add --db bad.db none.jsonl
fs 3 "no such history" history log --db none.db
head -c 5000 /dev/urandom >noise.db
fs 4 "a file that is no database" history check --db noise.db
has "$err" "not an index of fivestep" "is named"
has "$err" "history rebuild" "with what to do"
if command -v sqlite3 >/dev/null 2>&1; then
	cp writers.db newer.db
	sqlite3 newer.db 'PRAGMA user_version = 99'
	fs 4 "an index of a newer schema" history check --db newer.db
	has "$err" "schema 99 is newer than this fivestep, which knows 2" "is named"
	cp request.db older.db
	sqlite3 older.db 'DROP TABLE initial; DROP TABLE cell; PRAGMA user_version = 1'
	fs 1 "an index of the first schema" history check --db older.db --new 3
	has "$(row WORSE)" "2025-02-13" "says what it said"
	fs 0 "a run that it has" history add --db older.db request/run0001.jsonl
	is "$(sqlite3 older.db 'PRAGMA user_version; SELECT count(*) FROM cell')" "$(sqlite3 request.db 'PRAGMA user_version; SELECT count(*) FROM cell')" "upgrades it, with its cells"
	sqlite3 foreign.db 'CREATE TABLE t (x)'
	fs 4 "another program's database" history add --db foreign.db writers/run0001.jsonl
	has "$err" "not an index of fivestep" "is left alone"
	is "$(sqlite3 foreign.db .tables)" "t" "as it was"
else
	skip "sqlite3 is not installed (Debian: apt install sqlite3)" 5
fi
fs 64 "no index named" history check
fs 64 "nothing to do" history --db many.db
fs 64 "what it cannot do" history chek --db many.db
has "$err" "did you mean check" "with the nearest"
fs 64 "an option of another action" history log --db many.db --why x
has "$err" "history log does not take --why" "is refused"
fs 64 "too many arguments" history log --db many.db many
fs 64 "a margin that is none" history check --db many.db --margin wide

done_testing
