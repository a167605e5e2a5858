#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest.sh - what the reference guest is: the kernel's test device and coherent memory are there, a mistake is said as it would be here, nodes and
# plans are those of the command line, there is a prompt, and several run at once.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

fs 0 "doctor in the guest" guest run -- doctor
has "$out" "private coherent" "the kernel's test device has both kinds of units"
has "$out" "0 CPUs" "there is a node without CPUs"
has "$out" "ok    cdm emu" "CDM is available on it"
fs 64 "a mistake in the guest" guest run -- list nonsense
is "$out" "" "is not on standard output"
has "$err" "nonsense" "but on standard error, as it would be here"

fs 0 "a guest of more nodes" guest run --device-nodes 3 --device-memory 128M --distance 30 -- doctor
has "$out" "4: node 0" "has them"

# The CPU reaches coherent memory by itself; what the test device reaches is its own copy, which is no place to measure.
fs 0 "who accesses what on dmirror" guest run --clock instructions -- run access_latency access_bandwidth --setup cdm --device dmirror -p size=4M \
	-p initiator=host,device -p residence=host,device --rounds 1 -o "$tmp/access.jsonl"
is "$(grep '"type":"round"' "$tmp/access.jsonl" | sed -n 's/.*"initiator":"\([a-z]*\)".*"verdict":"\([a-z]*\)".*/\1 \2/p' | sort | uniq -c | tr -s ' \n' ' ')" \
	" 4 device skip 4 host ok " "the CPU, at both places; the device, at none"
has "$(grep '"verdict":"skip"' "$tmp/access.jsonl")" "computes on a copy of the buffer" "and why is said"

# All of the prompt's life: two commands, one of them wrong, and the end.
printf 'list devices\nnonsense\n' | "$FIVESTEP" guest shell >"$tmp/out" 2>"$tmp/err"
is $? 0 "the guest's prompt ends with its input"
has "$(cat "$tmp/out")" "dmirror" "what was typed was done"
has "$(cat "$tmp/out")" "status 64" "and its status said where it is not 0"

mkdir "$tmp/plans"
printf 'option rounds=1 max-rounds=1\nrun first_touch setup=copy device=emu size=1M\n' >"$tmp/plans/mine.plan"
fs 0 "a plan in a folder of the user's" guest run -- run "$tmp/plans/mine.plan" -o"$tmp/mine.jsonl"
is "$(grep -c '"verdict":"ok"' "$tmp/mine.jsonl")" 1 "the user's own input is packed into the guest"
has "$(head -n 1 "$tmp/mine.jsonl")" '"plan":{"name":"mine"' "and is recorded by its name here"

# Several at once: no file, port or name is shared.
for n in 1 2 3; do
	"$FIVESTEP" guest run -- run first_touch --setup copy --device emu -p size=1M --rounds 2 -o "$tmp/beside$n.jsonl" >/dev/null 2>&1 &
	eval "pid$n=\$!"
done
for n in 1 2 3; do
	eval "wait \$pid$n"
	is $? 0 "guest $n of three at once"
	is "$(grep -c '"verdict":"ok"' "$tmp/beside$n.jsonl")" 2 "has its own rounds"
done

done_testing
