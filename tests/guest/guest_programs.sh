#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_programs.sh - every program under every setup on every device of the guest gives the right answer, also on real inputs; and what its firmware
# claims of its nodes is beside what was measured.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

# Every program on every device. On dmirror under every setup: where the CPU touches some pages in between, the test device's own fault handling must
# not be reached. Each answer is compared bit by bit with one that knows neither setup nor device, so those of all setups are the same.
programs='triad jacobi bfs btree gups histogram sort hashjoin gemm kmeans nbody cg'
cat >"$tmp/programs.plan" <<-EOF
	option rounds=1 max-rounds=1
	run $programs setup=* device=dmirror size=256K
	run $programs setup=copy,copy-overlap,hmm,hmm-prefetch,cdm,cdm-host,cdm-migrate device=emu size=300001
	run $programs setup=copy,hmm,cdm,cdm-host,cdm-migrate device=softdev size=256K
EOF
fs 0 "the twelve programs" guest run -- run "$tmp/programs.plan" -o "$tmp/kernels.jsonl"
# ok_rounds DEVICE: how many rounds on it are ok.
ok_rounds() {
	grep '"type":"round"' "$tmp/kernels.jsonl" | grep "\"device\":\"$1\"" | grep -c '"verdict":"ok"'
}
is "$(ok_rounds dmirror)" 84 "do what they should on dmirror, under seven setups"
is "$(ok_rounds emu)" 84 "on emu, under as many, at an odd size"
is "$(grep '"type":"round"' "$tmp/kernels.jsonl" | grep -c '"holds":false')" 0 "faults, pages and bytes of each step are what profile and policy imply"
if [ -f "$kernel.softdev.ko" ]; then
	is "$(ok_rounds softdev)" 60 "and on softdev, under copy, hmm and with coherent memory"
else
	skip "no driver of softdev for this kernel: fivestep guest build" 1
fi
# What the guest's firmware says of its nodes is beside what was measured; instructions are no time, and have no such claims.
fs 0 "what firmware claims" guest run --device-latency 700 -- run hmat_claims --setup cdm --device emu -p residence=host,device -p size=1M --rounds 1 -o "$tmp/claims.jsonl"
is "$(grep -o '"claimed_latency":{[^}]*"samples":\[[0-9.]*' "$tmp/claims.jsonl" | sed 's/.*\[//' | sort -n | tr '\n' ' ')" "100.0 700.0 " "is that of both nodes"
fs 0 "by instructions" guest run --clock instructions -- run hmat_claims --setup cdm --device emu -p size=1M --rounds 1 -o "$tmp/no_claims.jsonl"
is "$(grep '"type":"round"' "$tmp/no_claims.jsonl" | grep -c '"claimed_latency":{[^}]*"samples"')" 0 "nothing is claimed"

# Real inputs go along: those that are shipped, and those of the user's folder.
mkdir "$tmp/inputs"
printf '%s\n' '%%MatrixMarket matrix coordinate pattern general' '3 3 2' '1 2' '2 3' >"$tmp/inputs/tiny.mtx"
(FIVESTEP_INPUTS=$tmp/inputs "$FIVESTEP" guest run -- run bfs cg -p graph=karate,tiny -p matrix=lund_a -p size=256K --setup hmm,cdm --device dmirror --rounds 1 \
	-o "$tmp/inputs.jsonl" >"$tmp/out" 2>"$tmp/err")
is $? 0 "real inputs in the guest"
is "$(grep -c '"verdict":"ok"' "$tmp/inputs.jsonl")" 6 "give the right answers"

done_testing
