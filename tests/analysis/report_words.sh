#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The sentences that a report computes: each is said of a made-up run of which it is true, and not of one of which it is false.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
# No pictures are needed here.
mkdir bin
PATH_saved=$PATH

# run_of FILE KEY=VALUE... with lines BENCH KIND SETUP MEDIAN [VERDICT [PARAM]] on standard input: a run of seven rounds of each, 1 % apart.
run_of() {
	run_file=$1
	shift
	awk "$@" '
		BEGIN { n = 0; if (!clock) clock = "monotonic"; if (!guest) guest = "false"; if (!emulated) emulated = "false"; if (!machine) machine = "00"; if (!device) device = "true" }
		{ bench[n] = $1; kind[n] = $2; setup[n] = $3; median[n] = $4; verdict[n] = $5 == "" ? "ok" : $5; param[n] = $6 == "" ? "1M" : $6; n++ }
		END {
			printf("{\"type\":\"run\",\"schema\":1,\"id\":\"r-%s\",\"started\":\"2026-01-02T03:04:05Z\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":1,\"clock\":\"%s\",", machine clock, clock)
			printf("\"machine\":{\"fingerprint\":\"%s\",\"identity\":{\"cpu\":\"invented\",\"guest\":%s,\"emulated\":%s},\"factors\":{\"kernel\":\"6.0\"},\"state\":{}},", machine, guest, emulated)
			printf("\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":%s}],\"benches\":{\"sweep\":{\"summary\":\"made up\",\"plots\":[{\"draw\":\"crossing\",\"metrics\":[\"total\"],\"over\":\"size\"}]}},\"cells\":[", device)
			for (i = 0; i < n; i++)
				printf("%s{\"cell\":%d,%s}", i ? "," : "", i, cell(i))
			print "]}"
			for (r = 0; r < 7; r++)
				for (i = 0; i < n; i++)
					printf("{\"type\":\"round\",\"round\":%d,\"cell\":%d,%s,\"verdict\":\"%s\",\"why\":\"%s\",\"remedy\":\"\",\"metrics\":{%s},\"steps\":[],\"evidence\":[{\"what\":\"x\",\"seen\":1,\"relation\":\"==\",\"expected\":1,\"holds\":%s}]}\n",
						r, i, cell(i), verdict[i], verdict[i] == "ok" ? "" : "made up reason",
						verdict[i] == "ok" ? sprintf("\"total\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.6f]}", median[i] * (1 + (r - 3) / 300)) : "", verdict[i] == "invalid" ? "false" : "true")
			print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
		}
		function cell(i) { return sprintf("\"bench\":\"%s\",\"kind\":\"%s\",\"setup\":\"%s\",\"device\":\"emu\",\"params\":{\"size\":\"%s\"},\"set\":[\"size\"]", bench[i], kind[i], setup[i], param[i]) }
	' >"$run_file"
}

# report RUN...: its page in $page, without pictures
report() {
	rm -rf out
	PATH=$tmp/bin
	"$FIVESTEP" report "$@" -o out 2>said
	PATH=$PATH_saved
	page=$(sed "1,/<body>/d" out/index.html)
}
# said SENTENCE, unsaid SENTENCE: of $what
said() {
	has "$page" "$1" "$what: $1"
}
unsaid() {
	lacks "$page" "$1" "$what: not $1"
}

run_of apart.jsonl <<'EOR'
triad kernel copy 1000000
triad kernel hmm 2000000
bfs kernel copy 1000000
bfs kernel hmm 20000000
EOR
run_of equal.jsonl -v guest=true <<'EOR'
triad kernel copy 1000000
triad kernel hmm 1001000
EOR
run_of mostly.jsonl -v guest=true -v emulated=true -v clock=instructions -v device=false <<'EOR'
triad kernel copy 1000000
triad kernel hmm 1001000
bfs kernel copy 1000000
bfs kernel hmm 1400000
bfs kernel cdm 900000000 skip
EOR
run_of benches.jsonl <<'EOR'
fault_latency benchmark hmm 2000
fault_latency benchmark hmm-prefetch 9000
EOR
run_of one.jsonl <<'EOR'
triad kernel copy 1000000
EOR
run_of crossing.jsonl <<'EOR'
sweep benchmark copy 1000 ok 1M
sweep benchmark hmm 2000 ok 1M
sweep benchmark copy 4000 ok 4M
sweep benchmark hmm 2000 ok 4M
EOR
run_of invalid.jsonl <<'EOR'
triad kernel copy 1000000
triad kernel hmm 1001000 invalid
EOR

# ---- the machine

what="a machine in time with an emulated device"
report apart.jsonl
said "Measured on a machine, invented, Linux 6.0, in time."
said "Software stands in for a device (emulated: emu)"
unsaid "a virtual machine"
unsaid "Measured on an emulated machine"
unsaid "in instructions executed"
unsaid "This machine is emulated"
what="a guest"
report equal.jsonl
said "Measured on a virtual machine, invented"
unsaid "Measured on a machine"
what="an emulated guest in instructions, with a device that is none"
report mostly.jsonl
said "Measured on an emulated machine, invented, Linux 6.0, in instructions executed, not in time."
said "This machine is emulated: instructions are exact"
unsaid "Software stands in"
unsaid "its times cannot be compared"
what="an emulated guest in time"
sed 's/"clock":"instructions"/"clock":"monotonic"/' mostly.jsonl >emulated.jsonl
report emulated.jsonl
said "its times cannot be compared with those of a real one"
unsaid "instructions are exact"

# ---- the picture

what="two programs, one way better"
report apart.jsonl
said "Which way of sharing suits which program?"
said '>* 1.00 ms</a></td>'
said 'class="n w2"><a href="#row-1-1">2.00</a>'
said 'class="n w4"><a href="#row-1-3">20</a>'
said "hmm on emu (emulated)"
unsaid "hmm on emu</th>"
unsaid " =</a>"
unsaid "suits which benchmark"
what="two ways as good"
report equal.jsonl
said 'class="n w0"><a href="#row-1-1">1.00 =</a>'
unsaid 'class="n w1"'
what="one way only"
report one.jsonl
said '>1.00 ms</a></td>'
unsaid '>* 1.00 ms'
unsaid "the best of its row"
what="benchmarks alone"
report benches.jsonl
said "Which way of sharing suits which benchmark?"
said 'class="n w3"'
unsaid "suits which program"
what="a device that is none of software"
report mostly.jsonl
said "hmm on emu</th>"
unsaid "(emulated)</th>"

# ---- the findings

what="HMM worse in both programs"
report apart.jsonl
said "With copies: the best, or as good as the best, in every program that ran this way."
said "With HMM: at its best 2 to 20 times the best time; as good as the best in 0 of 2 programs."
said "With coherent memory: not measured: not in the plan."
unsaid "With HMM: the best"
unsaid "With copies: at its best"
what="HMM as good in one program"
report mostly.jsonl
said "as good as the best in 1 of 2 programs"
said "With coherent memory: not measured: made up reason."
unsaid "not in the plan"
what="both as good"
report equal.jsonl
said "With HMM: the best, or as good as the best, in the one program that ran this way."
unsaid "in every program"
what="no program"
report benches.jsonl
unsaid "Whole programs, all five steps together"
unsaid "With copies"
what="ways that cross"
report crossing.jsonl
said "copy is better, from there on hmm."
unsaid "not certain, as intervals overlap"
what="ways that do not"
report apart.jsonl
unsaid "is better, from there on"
what="every check held"
said "4 ok, 0 skipped, 0 with rounds that are invalid"
said "28 of 28 checks held"
said "Every round that ran counts."
said "Nothing was skipped."
what="invalid rounds and skips"
report invalid.jsonl mostly.jsonl
said "1 with rounds that are invalid"
said "7 of 14 checks held"
said "1 of 5 cells were skipped"
what="invalid rounds alone"
report invalid.jsonl
unsaid "Every round that ran counts."
what="skips alone"
report mostly.jsonl
unsaid "Nothing was skipped."

# ---- several runs

what="one machine and clock"
report apart.jsonl invalid.jsonl
said "2 runs of one machine under one clock."
is "$(printf '%s\n' "$page" | grep -c 'the best of its row')" 1 "two pictures are explained once"
is "$(printf '%s\n' "$page" | grep -n 'class="verdict [a-z]*">[^<]*</span>\|suits which program' | head -n 1 | grep -c verdict)" 1 "the claims stand above the pictures of two runs"
unsaid "not all of one machine"
what="another clock"
report apart.jsonl mostly.jsonl
said "2 runs, not all of one machine under one clock."
unsaid "runs of one machine under one clock"
what="a single run"
report apart.jsonl
unsaid "under one clock"

# ---- links: each number leads to its result, and that to its rounds

report apart.jsonl
grep -oE 'href="#[^"]*"' out/index.html | sed 's/href="#//; s/"//' | sort -u | while read -r id; do
	grep -q "id=\"$id\"" out/index.html || echo "$id"
done >lost
is "$(cat lost)" "" "every link within the page leads to a place on it"
has "$(grep -o '<tr id="rounds-1-1">.*</tr>' out/index.html)" "1.98e+06 1.98667e+06 1.99333e+06 2e+06 2.00667e+06 2.01333e+06 2.02e+06" "the rounds of a result are on the page"
has "$(grep -o '<tr id="row-1-1">.*</tr>' out/index.html)" '<a href="#rounds-1-1">7</a>' "and the result leads to them"
is "$(sed -n '/In short/,/Findings/p' out/index.html | grep -c 'class="verdict [a-z]*">[^<]*</span> <a href="#claim-')" 9 "each claim is a line of the first screen, with its verdict"
is "$(sed -n '/In short/,/Findings/p' out/report.md | grep -c '^- \*\*')" 9 "in the Markdown as well"

done_testing
