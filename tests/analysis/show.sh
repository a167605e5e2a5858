#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep show: the table and the JSON of known runs, and files that are missing, foreign, torn or from the future.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs

# row TABLE WORD...: the lines of a table whose first words are these, columns apart by one space
row() {
	row_table=$1
	shift
	printf '%s\n' "$row_table" | tr -s ' ' | grep "^$* "
}

fs 0 "a run that is fine" show --table "$runs/fine.jsonl"
is "$err" "" "says nothing on standard error"
has "$out" "BENCHMARK" "has a head"
is "$(row "$out" triad hmm emu size=1M total)" "triad hmm emu size=1M total 1.90 ms [1.84, 1.96] 7 rounds " "median and interval of a kernel's total"
is "$(row "$out" fault_latency hmm emu granule=4K cpu_p50)" "fault_latency hmm emu granule=4K cpu_p50 2.022 us [2.022, 2.022] 7 rounds 2.02 x floor.raw_fault" \
	"a histogram's middle, with the ratio to its floor"
is "$(row "$out" migrate_bandwidth hmm emu size=4K)" "migrate_bandwidth hmm emu size=4K to_device 1.00 GB/s [0.97, 1.03] 7 rounds 10 % of floor.memcpy" \
	"a bandwidth as a share of its floor"
sed '/"bench":"floor"/s/"memcpy":{\([^}]*\)"samples":\[[^]]*\]/"memcpy":{\1"samples":[0.5]/' "$runs/fine.jsonl" >"$tmp/low.jsonl"
fs 0 "a floor that results beat" show --table "$tmp/low.jsonl"
has "$(row "$out" migrate_bandwidth hmm emu size=4K)" " % of floor.memcpy: better than its floor" "is marked as such"
fs 0 "a run that is fine, in brief" show --table "$runs/fine.jsonl"
lacks "$out" "better than its floor" "has floors that nothing beats"
lacks "$out" "cpu_before" "the table is brief"
fs 0 "--all" show --all "$runs/fine.jsonl"
is "$(row "$out" triad hmm emu size=1M cpu_before)" "triad hmm emu size=1M cpu_before 400 us [388, 412] 7 rounds " "shows every step"

fs 4 "a run with a round that is invalid" show --table "$runs/mixed.jsonl"
has "$out" "1 of 7 rounds invalid" "says how many are"
has "$(row "$out" migrate_bandwidth hmm emu size=64K)" "4.02 GB/s [3.88, 4.12] 6 " "and gives a value for the others"
has "$out" "skip  one memory node only
      triad cdm emu
      -> fivestep guest run, or boot with numa=fake=2" "a skip has its reason, cell and remedy"
fs 77 "a run of nothing but skips" show --table "$runs/skips.jsonl"
is "$(printf '%s\n' "$out" | grep -c -- '->')" 2 "each reason once"
# An end record does not count if the run was resumed.
{
	sed '/"type":"end"/d' "$runs/fine.jsonl"
	echo '{"type":"end","at":"2026-01-02T03:05:05Z","stop":"died","why":"it is made up"}'
} >"$tmp/died.jsonl"
fs 0 "a run that died" show --table "$tmp/died.jsonl"
has "$err" "did not finish: it is made up" "says so"
{
	cat "$tmp/died.jsonl"
	echo '{"type":"resume","at":"2026-01-02T03:06:05Z","machine":{"fingerprint":"00112233aabbccdd"}}'
	grep '"type":"end"' "$runs/fine.jsonl"
} >"$tmp/resumed.jsonl"
fs 0 "a run that was resumed" show --table "$tmp/resumed.jsonl"
is "$err" "" "and ended has nothing to say"
# Five cells of one reason: cells 3 to 5 are made of cell 0.
{
	sed '/"type":"end"/d' "$runs/skips.jsonl"
	for n in 3 4 5; do
		sed -n 2p "$runs/skips.jsonl" | sed "s/\"cell\":0/\"cell\":$n/; s/\"1M\"/\"${n}M\"/"
	done
} >"$tmp/folded.jsonl"
fs 77 "many skips of one reason" show --table "$tmp/folded.jsonl"
is "$(row "$out" triad cdm emu | wc -l)" 0 "have no rows"
has "$out" "(5 cells)" "but are counted, under their reason"
is "$(row "$out" triad hmm emu size=1M | wc -l)" 1 "one of another reason has its row"
fs 77 "--all" show --all "$tmp/folded.jsonl"
is "$(row "$out" triad cdm emu size=4M | wc -l)" 1 "shows all of them"
fs 0 "a run that counts instructions" show --table "$runs/instructions.jsonl"
has "$out" "2800 insn" "shows them as such"
lacks "$out" " us" "and not as time"
fs 4 "two runs" show --table "$runs/fine.jsonl" "$runs/mixed.jsonl"
is "$(row "$out" fine.jsonl triad hmm emu size=1M total | wc -l)$(row "$out" mixed.jsonl triad hmm emu size=1M total | wc -l)" 11 "name the file in each row"

fs 0 "--json" show --json "$runs/fine.jsonl"
if command -v python3 >/dev/null; then
	cat >"$tmp/check.py" <<-'EOF'
		import json, sys
		rows = json.load(sys.stdin)
		members = "bench setup device params metric unit better median ci rounds stop verdict why clock".split()
		assert all(list(r) == members for r in rows), list(rows[0])
		r = [r for r in rows if (r["bench"], r["setup"], r["metric"]) == ("triad", "hmm", "cpu_before")]
		assert len(r) == 1 and r[0]["params"] == {"size": "1M"}
		assert (r[0]["median"], r[0]["ci"], r[0]["rounds"]) == (400000, [388000, 412000], 7), r
		assert (r[0]["unit"], r[0]["better"], r[0]["verdict"], r[0]["clock"]) == ("ns", "lower", "ok", "monotonic")
	EOF
	said=$(printf '%s' "$out" | python3 "$tmp/check.py" 2>&1)
	is "$said" "" "is an array with the members and the values that it must have"
	fs 77 "--json of skips" show --json "$runs/skips.jsonl"
	said=$(printf '%s' "$out" | python3 -c 'import json, sys
for r in json.load(sys.stdin): print(r["metric"], r["median"], r["ci"], r["verdict"], r["why"])' 2>&1 | head -n 1)
	is "$said" "None None None skip one memory node only" "gives null where there is no value"
else
	skip "python3 is not there to read JSON" 3
fi

fs 64 "no file" show
has "$err" "name at least one run" "asks which"
fs 64 "an unknown option" show --colour "$runs/fine.jsonl"
fs 64 "a file that is not there" show --table "$tmp/none.jsonl"
is "$err" "fivestep: show: $tmp/none.jsonl: No such file or directory" "is named"
fs 64 "a folder" show --table "$tmp"
has "$err" "$tmp: cannot be read: Is a directory" "is named"
: >"$tmp/empty.jsonl"
fs 4 "an empty file" show --table "$tmp/empty.jsonl"
has "$err" "$tmp/empty.jsonl: the file is empty" "is named"
echo "no run at all" >"$tmp/text.jsonl"
fs 4 "a text" show --table "$tmp/text.jsonl"
has "$err" "$tmp/text.jsonl: no run record in 1 lines" "is named"
sed '1s/"schema":1/"schema":2/' "$runs/fine.jsonl" >"$tmp/newer.jsonl"
fs 4 "a newer schema" show --table "$tmp/newer.jsonl"
has "$err" "$tmp/newer.jsonl:1: schema 2 is newer" "is named with its line"
{ head -n 40 "$runs/fine.jsonl" && echo '# a note' && sed -n 41,70p "$runs/fine.jsonl" && echo '{"type":"round","cel'; } >"$tmp/notes.jsonl"
truncate -s -1 "$tmp/notes.jsonl"
fs 0 "foreign and torn lines" show --table "$tmp/notes.jsonl"
has "$err" "$tmp/notes.jsonl:41: a truncated line, or not a record" "are named, the foreign one"
has "$err" "$tmp/notes.jsonl:$(($(wc -l <"$tmp/notes.jsonl") + 1)): the last line is truncated" "and the torn one"
has "$(row "$out" triad hmm emu size=1M total)" "unfinished" "the rest is used"
if [ -c /dev/full ]; then
	"$FIVESTEP" show "$runs/fine.jsonl" >/dev/full 2>"$tmp/err"
	is "$?" 99 "a full output is an error"
	has "$(cat "$tmp/err")" "cannot write" "that is said"
else
	skip "no /dev/full" 2
fi

done_testing
