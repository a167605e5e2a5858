#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# units.sh - what a benchmark's figures are figures of: with a clock that is a millisecond later whenever it is read, each follows from the number of
# bytes, pages or operations alone.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
page=$(pages 1)
: >"$tmp/plan"
: >"$tmp/figures"
cells=0

# cell LINE: the next cell, whose figures follow
cell() {
	echo "run $1 lie=clock.step" >>"$tmp/plan"
	name=${1%% *}
	cells=$((cells + 1))
}

# figure METRIC VALUE WHAT...: each sample of it; VALUE is an expression, of P, the bytes of a page, and MS, a millisecond
figure() {
	metric=$1
	value=$(awk -v P="$page" -v MS=1000000 "BEGIN { printf \"%.17g\", $2 }")
	shift 2
	printf '%s\t%s\t%s\t%s\n' $((cells - 1)) "$metric" "$value" "$name: $metric is $*" >>"$tmp/figures"
}

cell "access_bandwidth setup=copy device=emu size=256*base"
figure read_first "256 * P / MS" "bytes in the time of a pass"
figure write_first "256 * P / MS" "bytes in the time of a pass"
cell "access_latency setup=copy device=emu size=1M"
figure read_first "MS / 655" "the time of a link, a 25th of the lines of 64 bytes"
cell "body_speed size=16M"
for body in jacobi read write; do
	figure $body "16 * 1048576 / MS" "bytes in the time of a sweep"
	figure ${body}_share 100 "in percent of the plain loop"
done
cell "device_ceiling setup=copy device=model size=64*base"
for metric in ceiling_to_device ceiling_to_host moved_to_device moved_to_host moved_to_device_first; do
	figure $metric "64 * P / MS" "bytes in the time of a transfer"
done
figure to_device_share 100 "in percent of the ceiling"
cell "false_sharing setup=hmm device=emu turns=10000"
figure device "MS / 10000" "the time of an addition"
figure alone "MS / 10000" "the time of an addition"
cell "fault_back setup=hmm device=emu size=64*base"
for metric in touch again touch_first again_first; do
	figure $metric "MS / 64" "the time of a page"
done
figure pages_back 64 "all pages"
cell "fault_burst setup=hmm device=emu burst=64"
figure to_device "MS / 64" "the time of a fault"
figure to_host "MS / 64" "the time of a fault"
cell "hmat_claims setup=cdm device=model size=1M"
figure latency "MS / 2730" "the time of a link"
figure bandwidth "1048576 / MS" "all of it in the time of a pass"
cell "loaded_latency setup=copy device=emu size=1M"
figure idle "MS / 682" "the time of a link"
latency=$cells
cell "fault_latency setup=hmm device=emu size=64*base"
figure faults_to_host 64 "one a page"
figure faults_to_device 64 "one a page"
cell "copies setup=copy device=emu size=4097 shift=3"
for metric in to_device to_host to_device_first to_host_first; do
	figure $metric "4097 / MS" "bytes in the time of a copy"
done
figure both_ways "2 * 4097 / MS" "the bytes of both"
cell "two_streams setup=copy device=emu size=4096"
figure all_in_turn MS "the time of all"
figure copies_at_once MS "the time of both"
figure overlap 1 "one time over the other"
cell "atomics setup=cdm device=model turns=1000"
figure device_alone "MS / 1000" "the time of an addition"
cell "first_touch setup=copy device=emu size=64*base"
figure touch "MS / 64" "the time of a page"
figure alloc "MS / 64" "the time of a page"
cell "floor size=4M"
figure raw_fault MS "the time of a fault"
figure raw_fault_two MS "the time of a fault"
figure fault MS "the time of a fault"
figure memcpy "4 * 1048576 / MS" "bytes in the time of a pass"
figure stream_read "4 * 1048576 / MS" "bytes in the time of a pass"
figure syscall "MS / 2000" "the time of one of 2000"
cell "launch setup=copy device=emu"
figure empty MS "the time of a launch"
cell "migrate_bandwidth setup=copy device=emu size=256*base"
for metric in to_device to_host to_device_first to_host_first; do
	figure $metric "256 * P / MS" "bytes in the time of a way"
done
cell "migrate_batch setup=copy device=emu batch=64"
for metric in to_device to_host to_device_first to_host_first; do
	figure $metric "MS / 64" "the time of a page"
done
cell "migrate_concurrent setup=cdm-migrate device=model size=64*base"
for metric in to_device to_host to_device_first to_host_first; do
	figure $metric "64 * P / MS" "bytes in the time of a way"
done
cell "oversubscribe setup=hmm device=emu size=64*base"
figure pass "MS / 64" "the time of a page"
cell "program_speed size=512K"
figure gemm "2 * 144 ^ 3 / MS" "multiplications and additions in the time of a product"
cell "reuse setup=copy device=emu"
figure first MS "the time of the first use"
figure again MS "the time of a later use"
figure total "5 * MS / 4" "the time of all, a use"
cell "sparse_touch setup=copy device=emu size=1M touched=10"
figure total "2 * MS" "the device's and the CPU's"
figure device MS "the device's part"
figure cpu MS "the CPU's part"

fs 0 "a round of each" run "$tmp/plan" --rounds 1 --counters none -q -o "$tmp/run.jsonl"
awk -F '\t' '
	FNR == NR {
		if ($0 ~ /^{"type":"round"/ && match($0, /"cell":[0-9]+/))
			record[substr($0, RSTART + 7, RLENGTH - 7) + 0] = $0
		next
	}
	{
		line = record[$1]
		samples = ""
		if (match(line, "\"" $2 "\":{\"unit\"[^\\]]*\"samples\":\\[[^\\]]*\\]")) {
			samples = substr(line, RSTART, RLENGTH - 1)
			sub(/.*\[/, "", samples)
		}
		n = split(samples, value, ",")
		good = n > 0
		for (i = 1; i <= n; i++)
			if (value[i] < $3 * 0.999999 || value[i] > $3 * 1.000001)
				good = 0
		print (good ? "ok" : "no") "\t" $4 "\t" samples "\t" $3
	}' "$tmp/run.jsonl" "$tmp/figures" >"$tmp/judged"
while IFS='	' read -r result what seen wanted; do
	[ "$result" = ok ]
	ok $? "$what"
	[ "$result" = ok ] || tap_diag "seen: $seen
wanted: $wanted"
done <"$tmp/judged"
# 64 touches in each of two ways, all of a millisecond; the first way stands by itself.
round=$(grep "\"type\":\"round\".*\"cell\":$latency," "$tmp/run.jsonl")
has "$round" '"to_host":{"unit":"ns","better":"lower","floor":"floor.fault","histogram":[[999424,1007616,128]]' "fault_latency: each touch of the later ways is counted once, where it belongs"
has "$round" '"to_host_first":{"unit":"ns","better":"lower","histogram":[[999424,1007616,64]]' "and those of the first way apart from them"

done_testing
