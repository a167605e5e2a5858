#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuda_calls.sh - every call that harness/device/cuda/api.h declares fails here, on the stand-in: the message, the verdict, and that the next cell goes
# on; and each is missing once, as in an old driver. The list is api.h's: a new call without a line here fails the test.
# tests/device/cuda_failures.sh has the cases that are more than one call.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fake/stand_in.sh
. "$srcdir/tests/fake/stand_in.sh"

"$FIVESTEP" list devices | grep -q '^  cuda ' || skip_all "configured --with-cuda=no"
stand_in_cuda "$tmp/fake"
ok $? "the stand-in builds"
[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
calls=$(stand_in_calls "$srcdir/harness/device/cuda/api.h" cu | sed 's/.* //')
is "$(echo "$calls" | grep -c '^cu[A-Z]')" "$(grep -c '^	CALL(' "$srcdir/harness/device/cuda/api.h")" "the calls are those of api.h"

# ---- a driver without it

for call in $calls; do
	stand_in_without "$tmp/fake" libcuda.so.1 "$call"
	LD_LIBRARY_PATH=$tmp/fake/without "$FIVESTEP" doctor >"$tmp/out" 2>&1
	has "$? $(sed -n 's/^skip  cuda  *//p' "$tmp/out" | sed 's/  -> .*//')." "0 no CUDA: the driver is too old, its libcuda.so.1 has no $call." \
		"a driver without $call is too old"
done
has "$(grep '^skip  cuda ' "$tmp/out")" "a newer NVIDIA driver" "and the remedy is a newer one"

LD_LIBRARY_PATH=$tmp/fake
FAKE_CUDA_LOG=$tmp/objects
FAKE_CUDA_DONE=$tmp/done
export LD_LIBRARY_PATH FAKE_CUDA_LOG FAKE_CUDA_DONE
if "$FIVESTEP" doctor 2>&1 | grep -q 'has no bodies for CUDA'; then
	skip "this build has no bodies for CUDA -> install nvcc or clang" 1
	done_testing
fi

# ---- it fails

# in_doctor CALL STATUS WORDS: the call fails, and doctor says so, and goes on.
in_doctor() {
	FAKE_CUDA=$1=$2 "$FIVESTEP" doctor >"$tmp/out" 2>&1
	has "$? $(grep ' cuda ' "$tmp/out")" "$3" "$1 fails: doctor says \"$3\""
	has "$(cat "$tmp/out")" "emu " "and goes on"
}

# in_round WHAT STATUS VERDICT WORDS SETUP [ARGS...]: a cell with the failures in WHAT, and one after it on emu.
in_round() {
	FAKE_CUDA=$1
	export FAKE_CUDA
	round_want=$2 round_verdict=$3 round_words=$4 round_setup=$5
	shift 5
	rm -f "$tmp/objects" "$tmp/round.jsonl"
	fs "$round_want" "$FAKE_CUDA under $round_setup" run "${@:-triad}" --device cuda,emu --setup "$round_setup,copy" --rounds 1 -p "size=$(pages 16)" -o "$tmp/round.jsonl"
	round=$(grep '"type":"round"' "$tmp/round.jsonl" | grep '"device":"cuda"' | grep "\"setup\":\"$round_setup\"")
	has "$round" "\"verdict\":\"$round_verdict\"" "is $round_verdict"
	has "$round" "$round_words" "which says: $round_words"
	has "$(grep '"device":"emu"' "$tmp/round.jsonl" | grep '"setup":"copy"')" '"verdict":"ok"' "and the next cell is ok"
	unset FAKE_CUDA
}

# in_leaky_round: likewise, where the driver does not take back what it gave: in a build with sanitizers that is no finding.
in_leaky_round() {
	leaky_before=${ASAN_OPTIONS:-}
	ASAN_OPTIONS=${leaky_before:+$leaky_before:}detect_leaks=0
	export ASAN_OPTIONS
	in_round "$@"
	ASAN_OPTIONS=$leaky_before
}

# left N NAME: so many objects are left at the end of each context.
left() {
	is "$(sort -u "$tmp/objects" 2>/dev/null)" "objects $1" "$2"
}

for call in $calls; do
	plain=${call%_v2}
	rm -f "$tmp/done"
	case $call in
	cuInit | cuDriverGetVersion | cuDeviceGetCount | cuDeviceGet)
		in_doctor "$call" 999999 "cuda: $call: error 999999"
		;;
	cuDeviceGetName) in_doctor "$call" 1 "GPU 0 (CUDA 13.0), sm_90" ;;
	cuDeviceGetAttribute) in_doctor "$call" 1 "the driver does not say its compute capability" ;;
	cuDeviceTotalMem_v2) in_doctor "$call" 1 "multiprocessors, ECC" ;;
	cuDeviceGetPCIBusId) in_doctor "$call" 1 "ok    copy cuda" ;;
	cuGetErrorName)
		in_round "$call=1 cuMemAlloc_v2=2" 0 skip "cuMemAlloc: error 2" copy
		has "$round" "a smaller size" "and the remedy is there though the name is not"
		left 0 "and all is released"
		;;
	cuCtxCreate_v2 | cuMemAlloc_v2 | cuEventCreate)
		in_round "$call=2" 0 skip "$plain: CUDA_ERROR_OUT_OF_MEMORY" copy
		has "$round" "a smaller size" "and what to do"
		;;
	cuStreamCreate | cuMemHostAlloc | cuModuleLoadData | cuModuleGetFunction | cuLaunchKernel | cuMemsetD8Async | cuStreamSynchronize)
		in_round "$call=999999" 4 fail "cuda: $call: error 999999" copy
		left 0 "and nothing is left behind"
		;;
	cuMemcpyHtoDAsync_v2 | cuMemcpyDtoHAsync_v2)
		in_round "$call=700" 4 fail "$plain: CUDA_ERROR_ILLEGAL_ADDRESS" copy
		left 0 "and nothing is left behind"
		;;
	cuMemcpyDtoDAsync_v2)
		in_round "$call=700" 4 fail "cuMemcpyAsync: CUDA_ERROR_ILLEGAL_ADDRESS" copy device_ceiling triad
		;;
	cuCtxSetCurrent | cuCtxEnablePeerAccess)
		in_round "devices=2 $call=999999" 4 fail "cuda: $call: error 999999" copy triad -p peer=1
		left 0 "and nothing is left behind"
		;;
	cuDeviceCanAccessPeer)
		in_round "devices=2 $call=1" 0 skip "it cannot access the memory of unit 1" copy triad -p peer=1
		;;
	cuPointerGetAttribute)
		in_round "devices=2 $call=1" 4 invalid "the memory is of the peer, GPU: -2 is not == 1" copy triad -p peer=1
		left 0 "and nothing is left behind"
		;;
	cuMemGetInfo_v2 | cuMemAllocManaged)
		in_round "$call=999999" 4 fail "$plain: error 999999" hmm-managed
		left 0 "and nothing is left behind"
		;;
	cuMemAdvise)
		in_round "$call=1" 4 fail "cuMemAdvise: CUDA_ERROR_INVALID_VALUE" hmm-managed triad -p advice=read-mostly
		left 0 "and nothing is left behind"
		;;
	cuMemPrefetchAsync)
		in_round "$call=1" 4 fail "cuMemPrefetchAsync: CUDA_ERROR_INVALID_VALUE" hmm-managed migrate_bandwidth triad
		left 0 "and nothing is left behind"
		;;
	cuMemRangeGetAttribute)
		in_round "$call=1" 4 invalid '"cuda.not_moved_pages":{"value":' hmm-managed migrate_bandwidth triad
		left 0 "and nothing is left behind"
		;;
	cuEventRecord | cuEventElapsedTime)
		in_round "$call=1" 4 invalid '"cuda.commands_not_timed":{"value":' copy
		has "$round" "not a stand-in" "and no time is made up: only the stand-in makes it invalid"
		left 0 "and nothing is left behind"
		;;
	cuMemFree_v2 | cuMemFreeHost | cuStreamDestroy_v2 | cuEventDestroy_v2 | cuModuleUnload | cuCtxDestroy_v2)
		# The end of the round's process gives back what the driver would not take.
		in_leaky_round "$call=700" 4 invalid "not a stand-in" copy
		is "$(echo "$round" | grep -c '"holds":false')" 1 "nothing else is wrong with the round"
		;;
	*) ok 1 "$call has no failing test: give it a line here" ;;
	esac
	has "$(sort -u "$tmp/done" 2>/dev/null)" "$call" "$call did fail"
done

# ---- a lost context: everything fails from there on, and what is said is the first

for call in cuMemcpyHtoDAsync_v2@1 cuLaunchKernel@2 cuStreamSynchronize@2 cuMemcpyDtoHAsync_v2@1; do
	at=${call#*@}
	call=${call%@*}
	in_leaky_round "$call=700@$at sticky=1" 4 fail "${call%_v2}: CUDA_ERROR_ILLEGAL_ADDRESS" copy-overlap-pinned
	has "$round" "compute-sanitizer" "and how to find where"
	rm -f "$tmp/next.jsonl"
	fs 4 "a round in a process of its own follows" run triad --device cuda --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/next.jsonl"
	has "$out" "not a stand-in" "and is right but for the stand-in"
done

done_testing
