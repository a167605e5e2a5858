#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmarks: each runs and proves itself, and each kind of evidence and oracle is seen to fail when it should.
. "${srcdir:-.}/tests/tap.sh"

n=0
# bench VERDICT NAME ARGS...: one round of each cell of ARGS; every cell ends with the verdict
bench() {
	verdict=$1
	name=$2
	shift 2
	n=$((n + 1))
	run=$tmp/$n.jsonl
	status=0
	[ "$verdict" = ok ] || status=4
	fs "$status" "$name" run "$@" --rounds 1 --counters none -o "$run"
	others=$(grep '"type":"round"' "$run" | grep -vc "\"verdict\":\"$verdict\"")
	is "$others" 0 "... $verdict"
	[ "$others" = 0 ] || tap_diag "$(grep '"type":"round"' "$run" | sed 's/.*"verdict"/"verdict"/; s/,"metrics".*//')"
	[ "$verdict" != ok ] || is "$(too_long "$run")" "" "... and no time is longer than its round"
}

# too_long FILE: the samples in ns that are negative, or longer than the round that they were taken in
too_long() {
	awk '
		/^{"type":"round"/ && match($0, /"wall_ms":[0-9.e+]*/) {
			wall_ns = substr($0, RSTART + 10, RLENGTH - 10) * 1e6
			n = split($0, metric, /"unit":"ns"/)
			for (i = 2; i <= n; i++) {
				if (!match(metric[i], /"samples":\[[^]]*\]/))
					continue
				k = split(substr(metric[i], RSTART + 11, RLENGTH - 12), sample, ",")
				for (j = 1; j <= k; j++)
					if (sample[j] != "" && (sample[j] < 0 || sample[j] > wall_ns))
						print sample[j] " of " wall_ns
			}
		}' "$1"
}

# has_metric NAME: every round of the last run has it
has_metric() {
	is "$(grep '"type":"round"' "$run" | grep -vc "\"$1\":{\"unit\"")" 0 "... gives $1"
}

bench ok "floor" floor -p size=4M
for metric in memcpy memcpy_4k stream_read timer syscall noted; do
	has_metric "$metric"
done

# Without userfaultfd the faults are absent, not zero, and the rest stands.
forbid=${FORBID:-./tests/build/forbid}
if "$forbid" userfaultfd EPERM true; then
	program=$FIVESTEP
	FIVESTEP=$forbid
	fs 0 "floor without userfaultfd" userfaultfd EPERM "$program" run floor -p size=4M --rounds 1 --counters none -o "$tmp/floor.jsonl"
	FIVESTEP=$program
	lacks "$(sed 1d "$tmp/floor.jsonl")" '"raw_fault"' "... gives no raw_fault"
	has "$(cat "$tmp/floor.jsonl")" '"memcpy"' "... but memcpy"
else
	skip "no seccomp here" 3
fi

# 65600 bytes are no whole number of vectors.
bench ok "body_speed" body_speed -p size=65600
for metric in triad_share jacobi_share read_share write_share; do
	has_metric $metric
done
has "$(cat "$run")" '"image":"C, ' "... and which form of the bodies ran"
for body in triad jacobi read write; do
	bench fail "body_speed with another result of $body" body_speed -p "size=$(pages 16)" -p wrong=$body
	has "$(cat "$run")" "\"why\":\"$body: body and plain loop differ" "... is found there"
done

bench ok "program_speed" program_speed -p size=700001
for metric in triad_share gemm_share cg_share sort_share; do
	has_metric $metric
done
bench ok "program_speed with triad on three threads" program_speed -p size=700001 -p threads=3
fs 0 "program_speed beside OpenBLAS" run program_speed -p size=700001 -p blas=openblas --rounds 1 -o "$tmp/blas.jsonl"
if grep -q '"verdict":"skip"' "$tmp/blas.jsonl"; then
	has "$(cat "$tmp/blas.jsonl")" '"why":"OpenBLAS is not here: ' "which is not here: that is said"
	skip "OpenBLAS is not installed: libopenblas0 (apt), openblas (dnf, zypper)" 2
else
	has "$(cat "$tmp/blas.jsonl")" '"gemm_blas_share":{"unit":"%"' "has a share of it"
	bench fail "program_speed with another result of OpenBLAS" program_speed -p "size=$(pages 128)" -p blas=openblas -p wrong=blas
	has "$(cat "$run")" '"why":"OpenBLAS: element 0 is' "... is found there"
fi
for body in triad gemm cg sort; do
	bench fail "program_speed with another result of $body" program_speed -p "size=$(pages 128)" -p wrong=$body
	has "$(cat "$run")" "\"why\":\"$body: " "... is found there"
done

bench ok "first_touch" first_touch --setup copy,hmm -p size=1M -p page=base
has_metric touch
# Not every machine has huge pages, or free memory for two where one has 512 MiB.
"$FIVESTEP" run first_touch --setup copy --device emu -p 'size=2*huge' -p page=huge --rounds 1 --counters none -q -o "$tmp/huge.jsonl" --timeout "$patient" >"$tmp/out" 2>&1
if [ $? -eq 77 ]; then
	skip "no huge pages here: $(grep '^skip' "$tmp/out")" 2
else
	bench ok "first_touch of huge pages" first_touch --setup copy -p 'size=2*huge' -p page=huge
fi
bench ok "hmat_claims" hmat_claims --setup cdm --device model -p size=1M -p residence=host,device -p threads=0,3
bench ok "fault_latency" fault_latency --setup hmm -p "size=$(pages 64)"
has_metric to_device
has_metric to_host
bench ok "fault_latency finds out what a fault migrates" fault_latency --setup hmm -p "size=$(pages 256)" -p "granule=$(pages 4)"
has "$(cat "$run")" '"pages_a_fault":{"unit":"pages","better":"exact","samples":[4.0]}' "... 4 pages"
has "$(cat "$run")" '"faults_to_host":{"unit":"faults","better":"exact","samples":[64.0,64.0,64.0]}' "... 64 faults each time"
bench ok "migrate_bandwidth" migrate_bandwidth --setup copy,hmm -p "size=$(pages 256)" -p "batch=$(pages 16),$(pages 768)"
bench ok "migrate_bandwidth, an odd last batch" migrate_bandwidth --setup copy,hmm -p "size=$(pages 25)" -p "batch=$(pages 8)"
for metric in to_device to_host to_device_first to_host_first; do
	has_metric $metric
done
# The first way is not among those whose median is the value: five others.
is "$(grep '"type":"round"' "$run" | grep -c '"to_device":{"unit":"GB/s","better":"higher","floor":"floor.memcpy","samples":\[[^],]*\(,[^],]*\)\{4\}\]')" \
	"$(grep -c '"type":"round"' "$run")" "five ways are the value, without the first"
bench ok "migrate_batch" migrate_batch --setup copy,hmm -p batch=1,7
bench ok "migrate_batch, and a touch beside it" migrate_batch --setup hmm -p batch=600
for metric in usable_to_device usable_to_host_first done_to_device done_to_host_first; do
	has_metric $metric
done
bench ok "migrate_concurrent, parts and batches that do not divide" migrate_concurrent --setup hmm -p "size=$(pages 25)" -p "batch=$(pages 8)" -p threads=1,3
bench ok "migrate_under_load, batches that do not divide" migrate_under_load --setup hmm -p "size=$(pages 25)" -p "batch=$(pages 8)"
bench ok "prefetch, one page and more" prefetch --setup hmm -p "size=$(pages 1),$(pages 25)"
has_metric late_to_device_first
bench ok "fault_cost, either side" fault_cost --setup hmm -p "size=$(pages 25)" -p side=host,device
has_metric collect
bench ok "atomics, one word and many" atomics --setup hmm -p words=1,7 -p turns=1000
bench ok "copies of any size, anywhere in a page" copies --setup copy -p size=1,4097,100001 -p shift=0,3
bench ok "two_streams, parts of less than a page" two_streams --setup copy -p size=8,100000
bench ok "invalidate, what concerns the kernel alone" invalidate --setup hmm -p "size=$(pages 25)" -p call=mprotect,fork
fs 77 "invalidate where the device is not told" run invalidate --setup hmm -p call=munmap --rounds 1 -o "$tmp/told.jsonl"
has "$(cat "$tmp/told.jsonl")" "do not follow those of the kernel" "... says why"
bench ok "access on the host" access_bandwidth access_latency --setup copy,hmm -p size=1M
bench ok "access on the device" access_bandwidth access_latency --setup copy,hmm -p size=1M -p initiator=device -p residence=device
has_metric read_first
bench ok "placement" placement --setup hmm,hmm-prefetch -p "size=$(pages 64)" -p placed=found,known -p thrash=none,pin -p turns=4
fs 77 "placement of granules" run placement --setup hmm -p "size=$(pages 64)" -p "granule=$(pages 16)" --rounds 1 -o "$tmp/granules.jsonl"
has "$(cat "$tmp/granules.jsonl")" "pages do not move one by one" "is a skip"
bench ok "sparse_touch" sparse_touch --setup copy,hmm -p size=1M -p touched=0.001,50,100
has_metric total_first
bench ok "fault_back, again and again" fault_back --setup hmm -p "size=$(pages 64)"
has_metric touch_first
bench ok "ping_pong" ping_pong --setup hmm -p turns=10 -p thrash=none,pin,throttle

has_metric turn_first

bench ok "a kernel of several sweeps" jacobi --setup copy -p "size=$(pages 16)" -p sweeps=4 -p change=0
has_metric device_first
is "$(grep -o '"device_again":{[^}]*' "$run" | grep -o '[0-9]\.[0-9]*\|[0-9]*\.0' | wc -l)" 3 "... and the time of each of three later ones"
bench ok "a kernel of one sweep" triad --setup copy -p "size=$(pages 16)"
lacks "$(cat "$run")" '"device_first"' "... has no first one"
lacks "$(cat "$run")" '"marshal"' "... nor what it takes to marshal, without links"

# What a program asks for, step by step; what is not needed is zero, in that step as well.
# calls STEP: those of the round that are not zero.
calls() {
	grep '"type":"round"' "$run" | sed "s/.*{\"step\":\"$1\"//; s/}}.*//" | grep -o '"calls\.[a-z_]*":{"value":[1-9][0-9]*,"unit":"calls"' |
		sed 's/"calls.\([a-z_]*\)":{"value":\([0-9]*\).*/\1=\2/' | tr '\n' ' '
}
bench ok "a kernel with links under copies" btree --setup copy -p "size=$(pages 64)"
has_metric marshal
is "$(calls cpu_before)" "" "... nothing is asked for in step 2"
is "$(calls device)" "copies_to_device=2 marshals=1 launches=1 " "... in step 3 two copies, one region to marshal, a launch"
is "$(calls cpu_after)" "copies_to_host=1 " "... in step 4 a copy back"
sample() {
	grep '"type":"round"' "$run" | sed "s/.*\"$1\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":\[\([0-9]*\)\..*/\1/"
}
[ "$(sample marshal)" -gt 0 ] && [ "$(sample marshal)" -le "$(sample device)" ]
ok $? "... and marshalling is a part of step 3: $(sample marshal) of $(sample device)"
bench ok "in two sweeps under copies" jacobi --setup copy -p "size=$(pages 16)" -p sweeps=2 -p change=0
is "$(calls device)" "copies_to_device=1 launches=2 " "... each sweep is a launch"
bench ok "with links under hmm" btree --setup hmm -p "size=$(pages 64)"
lacks "$(cat "$run")" '"marshal"' "... nothing is marshalled, which is no time, not zero"
is "$(calls device)$(calls cpu_after)" "launches=1 " "... and only the launch is asked for"
bench ok "with hints" triad --setup hmm-prefetch -p "size=$(pages 16)"
has "$(calls device)" "migrates_to_device=" "... each range is a call"

# A clock that stands still: legs of the same length are dropped, which is no value, and is said.
bench ok "legs that are not apart" access_latency --setup copy -p size=1M -p lie=clock.still
has "$(cat "$run")" '"samples":[],"samples_dropped":1,"dropped_why":"the longer legs were not longer' "... are dropped, and the record says so"
has "$out" "dropped  1 sample of read in 1 of 1 rounds, 1 of them without any other: access_latency copy emu size=1M" "... so does the table's end"

# Evidence: an engine that says a page migrated which did not.
bench invalid "access_bandwidth by a clock that is too fast" access_bandwidth --setup copy -p size=8M -p lie=clock.fast
is "$(grep -o '"\(read\|write\)":{[^}]*"samples_dropped":3,"dropped_why":"the legs differ by less' "$run" | wc -l)" 2 "... after as many attempts of either kind as make a leg of a gibibyte"
bench invalid "fault_latency sees the lie" fault_latency --setup hmm -p "size=$(pages 64)" -p lie_page=3
bench invalid "migrate_bandwidth sees it" migrate_bandwidth --setup hmm -p "size=$(pages 64)" -p lie_page=3
bench invalid "access_bandwidth sees it" access_bandwidth --setup hmm -p "size=$(pages 64)" -p initiator=device -p residence=device -p lie_page=3
bench invalid "access_latency sees it" access_latency --setup hmm -p "size=$(pages 64)" -p initiator=device -p residence=device -p lie_page=3
bench invalid "sparse_touch sees it" sparse_touch --setup hmm -p "size=$(pages 64)" -p touched=100 -p lie_page=3
bench invalid "ping_pong sees it" ping_pong --setup hmm -p turns=10 -p lie_page=0

# Evidence: a touch that was no fault, because the device moved more than requested or could not keep it.
bench invalid "pages that do not stay on the device" fault_latency --setup hmm -p "size=$(pages 256)" -p "capacity=$(pages 64)"

# Oracles: a device that computes and moves nothing.
bench fail "migrate_bandwidth without moves" migrate_bandwidth --setup copy --device null -p size=1M
bench fail "access_bandwidth without reads" access_bandwidth --setup copy --device null -p size=1M -p initiator=device -p residence=device
bench fail "access_latency without reads" access_latency --setup copy --device null -p size=1M -p initiator=device -p residence=device
bench fail "sparse_touch without touches" sparse_touch --setup copy --device null -p size=1M

# What cannot be measured is a skip with its reason.
fs 77 "a side without remote access" run access_latency --setup hmm -p initiator=device --rounds 1 -o "$tmp/remote.jsonl"
has "$(cat "$tmp/remote.jsonl")" "no side reaches memory" "... says why"
fs 77 "page tables that do not follow the kernel's" run invalidate --setup hmm -p call=munmap --rounds 1 -o "$tmp/tables.jsonl"
has "$(cat "$tmp/tables.jsonl")" '"remedy":"device=dmirror or device=softdev, where fivestep doctor finds one"' "... names the devices whose do"
fs 77 "a size that is no power of two" run sparse_touch --setup copy -p size=100K --rounds 1 -o "$tmp/odd.jsonl"
has "$(cat "$tmp/odd.jsonl")" "not a power of two" "... says why"

done_testing
