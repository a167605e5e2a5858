#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_clock.sh - by instructions, the kernel's own HMM moves exactly the pages that are touched, coherent memory moves none, and two boots count the
# same to the last instruction; what the kernel does differently is found.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

cells="fault_back --device dmirror,emu --setup hmm,cdm,cdm-host -p size=4M --rounds 10 --seed 1"
# shellcheck disable=SC2086
fs 0 "fault_back in the guest, in instructions" guest run --clock instructions -- run $cells -o "$tmp/a.jsonl"
is "$(samples "$tmp/a.jsonl" hmm dmirror faults | sort -u)" 1024.0 "1024 pages in device-private memory: 1024 faults of the CPU"
is "$(samples "$tmp/a.jsonl" hmm dmirror pages_back | sort -u)" 1024.0 "and 1024 pages back"
is "$(samples "$tmp/a.jsonl" cdm dmirror faults | sort -u)" 0.0 "device-coherent memory: the CPU reads without a fault"
is "$(samples "$tmp/a.jsonl" cdm emu pages_back | sort -u)" 0.0 "a node without CPUs: nothing moves"
is "$(grep -c '"verdict":"ok"' "$tmp/a.jsonl")" "$(grep -c '"type":"round"' "$tmp/a.jsonl")" "every round is ok: data and places were right"

# Migration there has a read-back built in, of two copies: at least a word of 8 bytes an instruction. It is left out, as often as it was measured.
aside=$(grep '"setup":"hmm","device":"dmirror"' "$tmp/a.jsonl" | grep '"type":"round"' | grep -o '"step":"device","ns":.*"step":"cpu_after"' |
	grep -o '"dmirror.excluded_ns":{"value":[0-9]*' | sed 's/.*://' | sort -n | head -n 1)
[ "${aside:-0}" -ge $((2 * 1024 * 1024)) ]
ok $? "the read-back that migration to the device has built in is measured: ${aside:-nothing}"
has "$(head -n 1 "$tmp/a.jsonl")" '"clock":"instructions"' "the record says which clock"
has "$(head -n 1 "$tmp/a.jsonl")" '"guest":true' "that it is a guest"
has "$(head -n 1 "$tmp/a.jsonl")" '"emulated":true' "and that its CPU is emulated"
has "$(cat "$tmp/a.jsonl")" '"unit":"insn"' "the unit is no time"
lacks "$(grep -o '"metrics":{.*"steps"' "$tmp/a.jsonl")" '"unit":"ns"' "nowhere"
lacks "$(grep -o '"metrics":{.*"steps"' "$tmp/a.jsonl")" 'GB/s' "nor a bandwidth"

# Nothing of the host reaches it: not the median, every sample of every round is the same.
# shellcheck disable=SC2086
fs 0 "the same again" guest run --clock instructions -- run $cells -o "$tmp/b.jsonl"
for boot in a b; do
	grep -o '"metrics":{.*"steps"' "$tmp/$boot.jsonl" >"$tmp/$boot.metrics"
done
is "$(diff "$tmp/a.metrics" "$tmp/b.metrics" | head -n 2)" "" "two boots count the same, to the last instruction"
is "$(head -qn 1 "$tmp/a.jsonl" "$tmp/b.jsonl" | grep -o '"id":"[0-9a-f-]*"' | sort -u | wc -l)" 2 "but are two runs"
fs 0 "a history" history add --db "$tmp/h.db" "$tmp/a.jsonl" "$tmp/b.jsonl"
fs 0 "that is looked at" history log --db "$tmp/h.db"
is "$(printf '%s\n' "$out" | grep -c '[ab].jsonl')" 2 "has both of them"
# Another seed is another order of cells and pages: what came before a round must not matter either.
# shellcheck disable=SC2086
fs 0 "with another seed" guest run --clock instructions -- run ${cells% *} 2 -o "$tmp/d.jsonl"
for cell in 'hmm dmirror touch' 'hmm dmirror to_device' 'cdm dmirror to_device' 'cdm emu to_device' 'hmm emu touch'; do
	# shellcheck disable=SC2086
	first=$(samples "$tmp/a.jsonl" $cell | middle)
	# shellcheck disable=SC2086
	second=$(samples "$tmp/d.jsonl" $cell | middle)
	echo "# $cell: $first and $second insn"
	awk -v a="$first" -v b="$second" 'BEGIN { d = a > b ? a - b : b - a; exit !(a > 0 && d <= 0.001 * a) }'
	ok $? "two orders agree on $cell within 0.1 %"
done

is "$(head -qn 1 "$tmp/a.jsonl" "$tmp/b.jsonl" "$tmp/d.jsonl" | grep -o '"fingerprint":"[0-9a-f]*"' | sort -u | wc -l)" 1 "all boots are of one machine"
lacks "$(cat "$tmp/a.jsonl")" '"unread":' "of which all can be read"
fs 0 "two boots of one kernel compared" compare "$tmp/a.jsonl" "$tmp/b.jsonl" --json
is "$(printf '%s\n' "$out" | grep -o '"verdict": *"[A-Z]*"' | sort -u | tr -d ' ')" '"verdict":"SAME"' "all is the same"
fs 0 "two orders compared" compare "$tmp/a.jsonl" "$tmp/d.jsonl" --json
lacks "$out" SLOWER "nothing is slower"
lacks "$out" FASTER "nor faster"
# shellcheck disable=SC2086
fs 0 "with pages cleared when they are freed" guest run --clock instructions --append init_on_free=1 -- run $cells -o "$tmp/c.jsonl"
fs 1 "compared with that" compare "$tmp/a.jsonl" "$tmp/c.jsonl"
has "$out" "init_on_free=1" "the factor is named"
has "$(printf '%s\n' "$out" | grep 'fault_back *hmm *dmirror .*touch ')" SLOWER "bringing a page back is slower"
has "$(printf '%s\n' "$out" | grep 'fault_back *cdm *emu .*to_device ')" SLOWER "move_pages is slower"

done_testing
