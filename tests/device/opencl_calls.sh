#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# opencl_calls.sh - every call that harness/device/opencl/api.h declares fails here, on the stand-in before the real library: the message, the verdict,
# and that the next cell goes on; and each is missing once, as in an old library. The list is api.h's: a new call without a line
# here fails the test. tests/device/opencl_failures.sh has the cases that are more than one call.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fake/stand_in.sh
. "$srcdir/tests/fake/stand_in.sh"

# Of a build with sanitizers: compilers in drivers leak, and new memory is not filled.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:max_malloc_fill_size=0
export ASAN_OPTIONS

"$FIVESTEP" doctor 2>/dev/null | grep -q '^ok    opencl ' || skip_all "no OpenCL device here -> apt install pocl-opencl-icd (or run build-aux/packages.sh opencl)"
FAKE_OPENCL_REAL=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | sed -n 's/.*libOpenCL\.so\.1 .*=> //p' | head -n 1)
export FAKE_OPENCL_REAL
[ -n "$FAKE_OPENCL_REAL" ] || skip_all "ldconfig does not say where libOpenCL.so.1 is"
stand_in_opencl "$tmp/fake"
ok $? "the stand-in builds"
[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
calls=$(stand_in_calls "$srcdir/harness/device/opencl/api.h" cl)
is "$(echo "$calls" | grep -c ' cl[A-Z]')" "$(grep -c '^	CALL(' "$srcdir/harness/device/opencl/api.h")" "the calls are those of api.h"

# ---- a library without it

for call in $(echo "$calls" | sed -n 's/^required //p'); do
	stand_in_without "$tmp/fake" libOpenCL.so.1 "$call"
	LD_LIBRARY_PATH=$tmp/fake/without "$FIVESTEP" doctor >"$tmp/out" 2>&1
	has "$? $(sed -n 's/^skip  opencl  *//p' "$tmp/out" | sed 's/  -> .*//')." "0 no OpenCL: libOpenCL.so.1 is older than 1.2, it has no $call." \
		"a library without $call is too old"
done
has "$(grep '^skip  opencl ' "$tmp/out")" "ocl-icd" "and the remedy is a newer one"
for call in $(echo "$calls" | sed -n 's/^optional \(void \)*//p'); do
	stand_in_without "$tmp/fake" libOpenCL.so.1 "$call"
	LD_LIBRARY_PATH=$tmp/fake/without "$FIVESTEP" doctor >"$tmp/out" 2>&1
	has "$? $(grep ' copy opencl ' "$tmp/out")" "0 ok " "a library without $call copies"
	has "$(grep ' svm-coarse opencl ' "$tmp/out")" "no shared virtual memory" "and shares nothing"
	has "$(grep ' svm opencl ' "$tmp/out")" "skip  svm opencl" "by no setup"
done

# ---- it fails

LD_LIBRARY_PATH=$tmp/fake
FAKE_OPENCL_LOG=$tmp/objects
FAKE_OPENCL_DONE=$tmp/done
export LD_LIBRARY_PATH FAKE_OPENCL_LOG FAKE_OPENCL_DONE

# in_doctor CALL STATUS WORDS: the call fails, and doctor says so, and goes on.
in_doctor() {
	FAKE_OPENCL=$1=$2 "$FIVESTEP" doctor >"$tmp/out" 2>&1
	has "$? $(grep ' opencl ' "$tmp/out")" "$3" "$1 fails: doctor says \"$3\""
	has "$(cat "$tmp/out")" "emu " "and goes on"
}

# in_round WHAT STATUS VERDICT WORDS SETUP [ARGS...]: a cell with the failures in WHAT, and one after it on emu.
in_round() {
	FAKE_OPENCL=$1
	export FAKE_OPENCL
	round_want=$2 round_verdict=$3 round_words=$4 round_setup=$5
	shift 5
	rm -f "$tmp/objects" "$tmp/round.jsonl"
	fs "$round_want" "$FAKE_OPENCL under $round_setup" run "${@:-triad}" --device opencl,emu --setup "$round_setup,copy" --rounds 1 -p "size=$(pages 16)" -o "$tmp/round.jsonl"
	round=$(grep '"type":"round"' "$tmp/round.jsonl" | grep '"device":"opencl"' | grep "\"setup\":\"$round_setup\"")
	has "$round" "\"verdict\":\"$round_verdict\"" "is $round_verdict"
	has "$round" "$round_words" "which says: $round_words"
	has "$(grep '"device":"emu"' "$tmp/round.jsonl" | grep '"setup":"copy"')" '"verdict":"ok"' "and the next cell is ok"
	unset FAKE_OPENCL
}

# released: no object is left, of any context.
released() {
	is "$(sort -u "$tmp/objects" 2>/dev/null)" "objects 0" "and nothing is left behind"
}

for call in $(echo "$calls" | grep -v ' void ' | sed 's/.* //'); do
	rm -f "$tmp/done"
	case $call in
	clGetPlatformIDs) in_doctor "$call" -59 "opencl: $call: error -59" ;;
	clGetPlatformInfo) in_doctor "$call" -59 "ok    copy opencl" ;;
	clGetDeviceIDs) in_doctor "$call" -59 "no OpenCL device" ;;
	clGetDeviceInfo) in_doctor "$call" -59 "the driver does not say its version of OpenCL" ;;
	clCreateContext | clCreateCommandQueue | clCreateProgramWithSource | clBuildProgram | clCreateKernel | clSetKernelArg | clFinish)
		in_round "$call=-59" 4 fail "opencl: $call: error -59" copy
		[ "$call" = clCreateContext ] || released
		;;
	clCreateBuffer | clEnqueueFillBuffer)
		in_round "$call=-4" 0 skip "$call: CL_MEM_OBJECT_ALLOCATION_FAILURE" copy
		has "$round" "a smaller size" "and what to do"
		released
		;;
	clGetProgramBuildInfo)
		in_round "$call=-59" 4 fail "triad does not compile, and there is no build log" copy triad -p flaw=source
		released
		;;
	clEnqueueNDRangeKernel | clEnqueueWriteBuffer | clEnqueueReadBuffer)
		in_round "$call=-59" 4 fail "opencl: $call: error -59" copy
		released
		;;
	clEnqueueCopyBuffer)
		in_round "$call=-59" 4 fail "opencl: $call: error -59" copy device_ceiling triad
		released
		;;
	clEnqueueMapBuffer)
		in_round "$call=-59" 4 fail "opencl: $call: error -59" copy-pinned
		released
		;;
	clEnqueueUnmapMemObject)
		in_round "$call=-59" 4 fail "opencl: unmap: error -59" copy-mapped
		;;
	clSVMAlloc)
		in_round "$call=-1" 4 fail "clSVMAlloc: CL_MEM_OBJECT_ALLOCATION_FAILURE" svm
		released
		;;
	clSetKernelArgSVMPointer)
		in_round "$call=-59" 4 fail "opencl: clSetKernelArg: error -59" svm
		released
		;;
	clEnqueueSVMMap)
		in_round "$call=-59" 4 fail "opencl: map: error -59" svm-coarse
		released
		;;
	clEnqueueSVMUnmap) in_round "$call=-59" 4 fail "opencl: unmap: error -59" svm-coarse ;;
	clGetEventProfilingInfo)
		in_round "$call=-7" 4 invalid '"opencl.commands_not_timed":{"value":' copy
		has "$round" "not a stand-in" "and no time is made up: only the stand-in makes it invalid"
		released
		;;
	clReleaseContext | clReleaseCommandQueue | clReleaseMemObject | clReleaseProgram | clReleaseKernel | clReleaseEvent)
		# The end of the round's process gives back what the driver would not take.
		in_round "$call=-59" 4 invalid "not a stand-in" copy
		is "$(echo "$round" | grep -c '"holds":false')" 1 "nothing else is wrong with the round"
		;;
	*) ok 1 "$call has no failing test: give it a line here" ;;
	esac
	has "$(sort -u "$tmp/done" 2>/dev/null)" "$call" "$call did fail"
done

done_testing
