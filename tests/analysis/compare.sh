#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep compare: made-up runs that are the same, slower, noisy, of another machine or clock, without a value, or no runs at all.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs

# make_run FILE [KEY=VALUE...]: a run of two cells. factor: of the second cell's latency; noise in percent; faults, rounds, clock, unit,
# cpus, kernel; shift: another draw of the noise; verdict: of the second cell's last round.
make_run() {
	make_file=$1
	shift
	make_n=$#
	for make_arg; do
		set -- "$@" -v "$make_arg"
	done
	shift $make_n
	awk -v factor=1 -v noise=1 -v faults=252 -v rounds=12 -v clock=monotonic -v unit=ns -v cpus=2 -v kernel=6.12.1 -v shift=0 -v verdict=ok "$@" '
	# Noise without a generator: fractions of multiples of the golden ratio, even over [-1, 1).
	function draw() { seed += 0.6180339887; return 2 * (seed - int(seed)) - 1 }
	BEGIN {
		seed = shift
		printf "{\"type\":\"run\",\"schema\":1,\"id\":\"fixture\",\"started\":\"\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":1,"
		printf "\"clock\":\"%s\",\"build\":{\"version\":\"0.1.0\",\"commit\":\"fixture\"},\"machine\":{\"fingerprint\":\"00112233aabbcc%02d\",", clock, cpus
		printf "\"identity\":{\"cpu\":\"invented\",\"cpus\":%d,\"guest\":false},\"factors\":{\"kernel\":\"%s\"},\"state\":{\"load\":\"%s\"}},", cpus, kernel, shift
		print "\"devices\":[],\"cells\":[]}"
		for (r = 0; r < rounds; r++)
			for (c = 0; c < 2; c++) {
				said = c && r == rounds - 1 ? verdict : "ok"
				printf "{\"type\":\"round\",\"round\":%d,\"cell\":%d,\"bench\":\"touch%d\",\"kind\":\"benchmark\",\"setup\":\"hmm\",", r, c, c
				printf "\"device\":\"emu\",\"params\":{\"size\":\"1M\"},\"set\":[\"size\"],\"verdict\":\"%s\",\"why\":\"made up\",", said
				printf "\"metrics\":{\"touch\":{\"unit\":\"%s\",\"better\":\"lower\",", unit
				printf "\"samples\":[%.6f]},", 4000 * (c ? factor : 1) * (1 + draw() * noise / 100)
				printf "\"faults\":{\"unit\":\"faults\",\"better\":\"exact\",\"samples\":[%d]}},\"steps\":[],\"evidence\":[]}\n", c ? faults : 252
			}
		print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
	}' >"$tmp/$make_file"
}

# row TABLE WORD...: the lines of a table whose first words are these, columns apart by one space
row() {
	row_table=$1
	shift
	printf '%s\n' "$row_table" | tr -s ' ' | grep "^$* "
}

cd "$tmp" || exit 99
make_run base.jsonl
make_run same.jsonl shift=0.3
make_run slow.jsonl shift=0.3 factor=1.1 kernel=6.13.0
make_run fast.jsonl shift=0.3 factor=0.9
make_run noisy.jsonl shift=0.3 noise=15 factor=1.03

fs 0 "a run against itself" compare base.jsonl base.jsonl
has "$out" "verdict: 4 same (exit 0)" "is the same in everything"
fs 0 "two runs of one machine" compare base.jsonl same.jsonl
is "$err" "" "say nothing on standard error"
has "$out" "machine 00112233aabbcc02: same" "name the machine"
has "$out" "verdict: 4 same (exit 0)" "are the same"
lacks "$out" "load" "whatever the load was"

fs 1 "a latency 10 % up" compare base.jsonl slow.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "SLOWER" "is slower"
lacks "$out" "touch0" "the other cell, which is the same, is not listed"
has "$out" "factor  kernel 6.12.1 -> 6.13.0" "the kernel is named as what differs"
is "$(printf "%s\n" "$out" | head -n 1)" "verdict: 1 slower, 3 same (exit 1)" "the first line counts"
fs 1 "with --all" compare --all base.jsonl slow.jsonl
has "$(row "$out" touch0 hmm emu size=1M touch)" "SAME" "it is"
fs 0 "a latency 10 % down" compare base.jsonl fast.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "FASTER" "is faster"
fs 0 "a latency 10 % up against a margin of 15 %" compare --margin 15 base.jsonl slow.jsonl
has "$out" "verdict: 4 same" "is the same"

fs 0 "a noisy run" compare base.jsonl noisy.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "UNDECIDED about" "is undecided, and says how many rounds would decide"
fs 5 "a noisy run, --strict" compare --strict base.jsonl noisy.jsonl
fs 0 "what is the same, --strict" compare --strict base.jsonl same.jsonl
make_run short.jsonl rounds=6
fs 0 "a run of 6 rounds" compare base.jsonl short.jsonl
has "$out" "at least 4 more rounds" "has no verdict yet"
fs 0 "--explain" compare --explain base.jsonl noisy.jsonl
has "$out" "12 rounds against 12: the 95 % interval" "says what the verdict rests on"
has "$out" "an exact count: 252 faults in every round of both" "of counts, too"

sed 's/"verdict":"ok"/&,"wall_ms":100,"noise":{"psi_cpu_us":9000,"steal_ms":2}/' same.jsonl >busy.jsonl
fs 0 "a run on a busy machine" compare base.jsonl busy.jsonl
has "$out" "state   CPU pressure or steal: base 0 %, new 9 %" "says how busy it was"

# Too busy for a verdict on times: neither a regression nor fine. Counts stay what they are.
sed 's/"psi_cpu_us":9000/"psi_cpu_us":90000/' busy.jsonl >busier.jsonl
sed 's/"verdict":"ok"/&,"wall_ms":100,"noise":{"psi_cpu_us":9000,"steal_ms":60}/' slow.jsonl >stolen.jsonl
fs 0 "what is the same on a machine that is too busy" compare base.jsonl busier.jsonl
has "$out" "base 0 %, new 90 %; too much for verdicts on times" "is the same all the same"
fs 5 "a latency 10 % up on a machine that is too busy" compare base.jsonl stolen.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "DISTURBED the machine was too busy" "has a verdict of its own"
has "$err" "1 metric is DISTURBED: CPU pressure or steal in 60 % of the time
what to do: measure alternately (fivestep ab)" "and is told what to do"
has "$out" "verdict: 1 disturbed, 3 same (exit 5)" "it is counted"
fs 5 "the same as JSON" compare --json base.jsonl stolen.jsonl
has "$out" '"verdict": "DISTURBED"' "has that verdict"
has "$out" '"cause": "busy"' "and its cause"
make_run busy_counts.jsonl shift=0.3 faults=253 factor=1.1
sed -i 's/"verdict":"ok"/&,"wall_ms":100,"noise":{"psi_cpu_us":90000}/' busy_counts.jsonl
fs 1 "one fault more on a machine that is too busy" compare base.jsonl busy_counts.jsonl
has "$(row "$out" touch1 hmm emu size=1M faults)" "CHANGED" "is a change"

# An interval beyond the margin is never nothing: nine rounds have no verdict, but do not pass.
make_run nine.jsonl rounds=9
make_run nine_slow.jsonl rounds=9 shift=0.3 factor=1.1
make_run nine_fast.jsonl rounds=9 shift=0.3 factor=0.9
fs 5 "a latency 10 % up in nine rounds" compare nine.jsonl nine_slow.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "SUSPECT at least 1 more round would decide" "is suspect"
has "$err" "1 metric is SUSPECT: beyond the margin, but perhaps by chance
what to do: measure about 1 more round of each run" "and is told what to do"
fs 0 "a latency 10 % down in nine rounds" compare nine.jsonl nine_fast.jsonl
has "$out" "1 suspect" "is suspect, but stops no gate"
fs 5 "the same, --strict" compare --strict nine.jsonl nine_fast.jsonl

make_run counts.jsonl shift=0.3 faults=253
fs 1 "one fault more" compare base.jsonl counts.jsonl
has "$(row "$out" touch1 hmm emu size=1M faults)" "CHANGED" "is a change"

for f in base:0:1 new:0.3:1.005 same:0.6:1; do
	make_run "insn_${f%%:*}.jsonl" clock=instructions unit=insn noise=0.05 factor="${f##*:}" shift="$(echo "$f" | cut -d: -f2)"
done
fs 1 "half a percent more instructions" compare insn_base.jsonl insn_new.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "SLOWER" "is found"
has "$out" "4020 insn" "in instructions"
fs 0 "the same instructions" compare insn_base.jsonl insn_same.jsonl
has "$out" "verdict: 4 same" "are the same"

for f in base:1 new:2; do
	sed "1s/\"factors\":{/&\"guest_programs\":\"${f##*:}\",/" "insn_${f%%:*}.jsonl" >"image_${f%%:*}.jsonl"
done
fs 1 "another program in the guest" compare image_base.jsonl image_new.jsonl
has "$out" "factor  guest_programs 1 -> 2" "is a factor"
has "$out" "state   the guest's image differs (programs): counts may differ slightly" "and what that may do is said"

# Runs of one seed that count instructions are a same-seed pair: what a round counts more than another, its counterpart does too.
make_run insn_pair.jsonl clock=instructions unit=insn noise=3
sed '1s/"seed":1,/"seed":2,/' insn_pair.jsonl >insn_stranger.jsonl
fs 0 "a same-seed pair whose rounds vary from round to round" compare insn_pair.jsonl insn_pair.jsonl
has "$out" "from seed 1" "are compared round by round"
has "$out" "verdict: 4 same" "and are the same"
make_run insn_few.jsonl clock=instructions unit=insn noise=3 rounds=2
make_run insn_more.jsonl clock=instructions unit=insn noise=3 rounds=2 factor=1.004
fs 0 "two rounds of a same-seed pair" compare --explain insn_few.jsonl insn_few.jsonl
has "$out" "instructions, 2 pairs of rounds: the same count in both runs" "are equal, which is a fact"
fs 1 "0.4 % more in each of two rounds" compare insn_few.jsonl insn_more.jsonl
has "$(row "$out" touch1 hmm emu size=1M touch)" "SLOWER every round" "is one, too"
fs 0 "another seed" compare insn_pair.jsonl insn_stranger.jsonl
has "$out" "2 undecided" "has other rounds, that tell less"

# Records of two versions of identity: what both know counts; the older one's "no" to being virtual is no answer.
sed '1s/"identity":{/"identity_version":2,&"cpu_kinds":["a x 2"],"emulated":true,/; 1s/"guest":false/"guest":true/' same.jsonl >newer_identity.jsonl
fs 0 "a run of before cpu_kinds" compare base.jsonl newer_identity.jsonl
has "$out" "verdict: 4 same" "is compared by what both know"
fs 0 "the other way round" compare newer_identity.jsonl base.jsonl
sed '1s/"cpus":2/"cpus":4/' newer_identity.jsonl >newer_other.jsonl
fs 3 "and where that differs" compare base.jsonl newer_other.jsonl
has "$err" "the machines differ in cpus" "is refused"
sed '1s/a x 2/b x 2/' newer_identity.jsonl >newer_cpu.jsonl
fs 3 "two runs of the new version, of two kinds of CPUs" compare newer_identity.jsonl newer_cpu.jsonl
has "$err" "the machines differ in cpu_kinds" "are refused"
# A machine that could not be read whole is no other machine.
sed '1s/"identity":{"cpu":"invented","cpus":2/"unread":[{"fields":"cpus,nodes","what":"FILE: Permission denied"}],"identity":{"cpu":"invented","cpus":1/' \
	same.jsonl >unread.jsonl
fs 3 "a machine that could not be read" compare base.jsonl unread.jsonl
has "$err" "cpus of the machine is unknown: 2 -> unread (FILE: Permission denied)" "is told by field and file"
has "$err" "nodes of the machine is unknown" "each field"
lacks "$err" "the machines differ" "and is not called another"
fs 3 "against itself" compare unread.jsonl unread.jsonl
fs 3 "one of the fields allowed" compare --allow-unlike cpus base.jsonl unread.jsonl
fs 0 "all of them" compare --allow-unlike cpus --allow-unlike nodes base.jsonl unread.jsonl
sed -i '1s/"started":""/"started":"2026-01-03T03:04:05Z"/' unread.jsonl
fs 4 "such a run in a history" history add --db unread.db unread.jsonl
has "$err" "unread.jsonl: not added: its machine is only partly known, without cpus,nodes (FILE: Permission denied)" "would begin series of its own: it is not added"
# A newer fivestep knows more of the machine: its series go on, whichever run comes first.
sed '1s/"fingerprint":"00112233aabbcc02"/"fingerprint":"1111111111111111","fingerprint_1":"00112233aabbcc02"/; 1s/"id":"/&new/
	1s/"started":""/"started":"2026-01-02T03:04:05Z"/' newer_identity.jsonl >renamed.jsonl
sed '1s/"started":""/"started":"2026-01-01T03:04:05Z"/' base.jsonl >begun.jsonl
fs 0 "a history over two versions" history add --db one.db begun.jsonl renamed.jsonl
fs 0 "the other way round" history add --db two.db renamed.jsonl begun.jsonl
for db in one two; do
	fs 0 "its series" history series --db $db.db --json
	is "$(printf '%s\n' "$out" | grep -o '"machine": *"[0-9a-f]*"' | sort | uniq -c | tr -s ' ')" ' 4 "machine": "1111111111111111"' "are of one machine, each once"
done

make_run other.jsonl shift=0.3 cpus=4
fs 3 "another machine" compare base.jsonl other.jsonl
has "$err" "the machines differ in cpus" "is refused with the field's name"
has "$out" "unlike  cpus 2 -> 4" "and its values"
lacks "$out" "touch1" "and no verdict"
fs 0 "another machine, as allowed" compare --allow-unlike cpus base.jsonl other.jsonl
has "$out" "(allowed)" "says so"
fs 64 "a field that there is not" compare --allow-unlike colour base.jsonl other.jsonl
fs 3 "another clock" compare base.jsonl insn_base.jsonl
has "$err" "the base's clock is monotonic, the new run's is instructions" "is refused"
fs 3 "no base" compare "$tmp/none.jsonl" base.jsonl
has "$err" "no base: $tmp/none.jsonl" "is said"
sed 1d base.jsonl >headless.jsonl
fs 3 "a run without a run record" compare base.jsonl headless.jsonl
has "$err" "headless.jsonl has no run record" "is refused"

make_run invalid.jsonl shift=0.3 verdict=invalid
fs 4 "an invalid round" compare base.jsonl invalid.jsonl
has "$err" "invalid.jsonl: 1 of 24 rounds failed or are invalid and are not counted:" "is said"
has "$err" "touch1 hmm emu size=1M: 1 of 12 rounds (round number 11): invalid: made up" "with which it is, and why"
has "$out" "verdict: 4 same (exit 4)" "the other rounds have their verdicts"
: >empty.jsonl
fs 4 "an empty run" compare base.jsonl empty.jsonl
has "$err" "empty.jsonl: the file is empty" "is named"
sed '1s/"schema":1/"schema":2/' base.jsonl >newer.jsonl
fs 4 "a newer schema" compare base.jsonl newer.jsonl
has "$err" "newer.jsonl:1: schema 2 is newer" "is named"
head -c -40 same.jsonl | sed '$d' >torn.jsonl
printf '{"type":"round","rou' >>torn.jsonl
fs 0 "a torn run" compare base.jsonl torn.jsonl
has "$err" "the last line is truncated" "is said"
has "$out" "verdict: 4 same" "the rest is used"
head -n 1 base.jsonl >hollow.jsonl
fs 4 "a run without rounds" compare base.jsonl hollow.jsonl
has "$err" "the run has no rounds" "is said"
{ head -n 1 base.jsonl && sed -n 2,3p base.jsonl | sed 's/"verdict":"ok"/"verdict":"skip"/; s/"metrics":{.*}}/"metrics":{}/'; } >skips.jsonl
fs 77 "a run of skips" compare base.jsonl skips.jsonl
has "$err" "skips.jsonl: everything was skipped" "is said"

grep -v '"cell":1,' same.jsonl >less.jsonl
fs 0 "a run that lacks a cell" compare base.jsonl less.jsonl
has "$out" "only in base  touch1 hmm emu size=1M: no such cell" "has it listed"
fs 5 "a run that lacks a cell, --strict" compare --strict base.jsonl less.jsonl
fs 0 "a run with a new cell" compare --strict less.jsonl base.jsonl
has "$out" "only in new   touch1 hmm emu size=1M: no such cell" "has it listed"
sed 's/"touch0"/"a"/; s/"touch1"/"b"/' base.jsonl >foreign.jsonl
fs 3 "nothing in common" compare base.jsonl foreign.jsonl
has "$err" "no metric of any cell has values in both runs" "is said"

fs 1 "--markdown" compare --markdown base.jsonl slow.jsonl
has "$out" "### fivestep: 1 slower, 3 same" "begins with the count"
has "$out" "| **SLOWER** | q=" "has a table"
has "$out" "<details><summary>3 the same</summary>" "what is the same is folded away"
fs 1 "--json" compare --json base.jsonl slow.jsonl
if command -v python3 >/dev/null; then
	cat >check.py <<-'EOF'
		import json, sys
		doc = json.load(sys.stdin)
		members = "bench setup device params metric unit base new change_pct ci_pct p q".split()
		members += "rounds pairs deterministic margin_pct more_rounds verdict cause reason".split()
		assert list(doc)[:3] == ["fingerprint", "cells", "verdict"], list(doc)
		assert doc["fingerprint"] == {"same": True, "differs": []}, doc["fingerprint"]
		assert all(list(c) == members for c in doc["cells"]), list(doc["cells"][0])
		assert doc["verdict"] == "SLOWER"
		c = [c for c in doc["cells"] if c["verdict"] == "SLOWER"]
		assert len(c) == 1 and c[0]["bench"] == "touch1" and c[0]["params"] == {"size": "1M"}
		assert c[0]["ci_pct"][0] < c[0]["change_pct"] < c[0]["ci_pct"][1] and 9 < c[0]["change_pct"] < 11 and c[0]["q"] < 0.01
		assert [f["name"] for f in doc["factors"]] == ["kernel"], doc["factors"]
		c = c[0]
		assert 0 < c["p"] <= c["q"] and c["rounds"] == {"base": 12, "new": 12} and c["pairs"] is None, c
		assert c["cause"] == "beyond" and "lies wholly beyond" in c["reason"] and c["more_rounds"] is None, c
		assert c["margin_pct"] == 1 and not c["deterministic"], c
		exact = [c for c in doc["cells"] if c["metric"] == "faults"][0]
		assert exact["p"] is None and exact["cause"] == "equal" and exact["reason"].startswith("an exact count"), exact
		assert doc["limits"] == {"looks": 1, "p": 0.005, "q": 0.01} and doc["status"] == 1, doc["limits"]
		assert doc["disturbed_pct"] == {"base": 0, "new": 0, "limit": 50}, doc["disturbed_pct"]
	EOF
	is "$(printf '%s' "$out" | python3 check.py 2>&1)" "" "has the members and values that it must have"
	fs 3 "--json of unlike machines" compare --json base.jsonl other.jsonl
	is "$(printf '%s' "$out" | python3 -c 'import json, sys
d = json.load(sys.stdin); print(d["fingerprint"], d["cells"], d["verdict"])' 2>&1)" "{'same': False, 'differs': ['cpus']} [] None" "names the fields"
else
	skip "python3 is not there to read JSON" 3
fi

fs 0 "runs of the fixtures" compare --explain "$runs/fine.jsonl" "$runs/fine.jsonl"
has "$out" "7 rounds against 7; a verdict needs 10 of each" "are too short for verdicts"
fs 4 "a fixture with bad rounds" compare --allow-unlike guest "$runs/fine.jsonl" "$runs/mixed.jsonl"
fs 77 "a fixture of skips" compare "$runs/fine.jsonl" "$runs/skips.jsonl"

fs 64 "no file" compare
fs 64 "one file" compare base.jsonl
has "$err" "two runs" "asks for two"
fs 64 "a margin that is none" compare --margin wide base.jsonl same.jsonl
fs 64 "a margin of nothing" compare --margin 0 base.jsonl same.jsonl
fs 64 "two formats" compare --json --markdown base.jsonl same.jsonl
fs 64 "a new run that is not there" compare base.jsonl "$tmp/none.jsonl"
if [ -c /dev/full ]; then
	"$FIVESTEP" compare base.jsonl same.jsonl >/dev/full 2>err
	is "$?" 99 "a full output is an error"
	has "$(cat err)" "cannot write" "that is said"
else
	skip "no /dev/full" 2
fi

done_testing
