#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# opencl_failures.sh - each call of OpenCL fails once: the message says which, the verdict is right, and all that was made is released; devices
# that are other than they are here; and what is measured with the stand-in (tests/fake/opencl.c) is no result. It stands before the
# real library, so that the rest of a round is real.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fake/stand_in.sh
. "$srcdir/tests/fake/stand_in.sh"

# Of a build with sanitizers: compilers in drivers leak, a crash that is asked for is to be one, and new memory is not filled.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:handle_segv=0:max_malloc_fill_size=0
export ASAN_OPTIONS
mkdir -p "$tmp/old"

"$FIVESTEP" doctor 2>/dev/null | grep -q '^ok    opencl ' || skip_all "no OpenCL device here -> apt install pocl-opencl-icd (or run build-aux/packages.sh opencl)"
FAKE_OPENCL_REAL=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | sed -n 's/.*libOpenCL\.so\.1 .*=> //p' | head -n 1)
export FAKE_OPENCL_REAL
[ -n "$FAKE_OPENCL_REAL" ] || skip_all "ldconfig does not say where libOpenCL.so.1 is"

stand_in_opencl "$tmp/fake"
ok $? "the stand-in builds"
[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
echo 'int nothing;' >"$tmp/old.c"
"${CC:-cc}" -shared -fPIC -o "$tmp/old/libOpenCL.so.1" "$tmp/old.c"

LD_LIBRARY_PATH=$tmp/old "$FIVESTEP" doctor >"$tmp/out" 2>&1
has "$(grep '^skip  opencl ' "$tmp/out")" "is older than 1.2, it has no clGetPlatformIDs" "a library without the calls is too old"

LD_LIBRARY_PATH=$tmp/fake
FAKE_OPENCL_LOG=$tmp/objects
export LD_LIBRARY_PATH FAKE_OPENCL_LOG
number=0

# fake WHAT STATUS NAME ARGS...: one round of triad with those failures; $out, $err, $record hold what came of it.
fake() {
	FAKE_OPENCL=$1
	export FAKE_OPENCL
	fake_status=$2
	fake_name=$3
	shift 3
	number=$((number + 1))
	rm -f "$tmp/objects"
	fs "$fake_status" "$fake_name" run triad --device opencl --rounds 1 -p "size=$(pages 16)" -o "$tmp/$number.jsonl" "$@"
	record=$(cat "$tmp/$number.jsonl")
}

# released NAME: no object is left.
released() {
	is "$(sort -u "$tmp/objects" 2>/dev/null)" "objects 0" "$1"
}

# ---- a stand-in is none

fake "" 4 "a round with the stand-in" --setup copy
has "$out" "not a stand-in" "is no result"
has "$record" '"verdict":"invalid"' "but invalid"
lacks "$record" '"holds":false,"what":"copied' "though all else is right"
released "all that was made is released"
fake "svm=15" 4 "shared memory of the whole process, where the device is said to have it" --setup svm-system
has "$out" "not a stand-in" "computes right, at one address"
released "and is released"
for setup in copy-pinned copy-mapped svm-coarse svm; do
	fake "" 4 "$setup with the stand-in" --setup "$setup"
	has "$out" "not a stand-in" "is right but for that"
	released "and releases all"
done

# ---- what fails before step 1: what the device lacks is a skip, the rest a failure

fake "clCreateContext=-2" 77 "a device that another program has to itself" --setup copy
has "$out" "CL_DEVICE_NOT_AVAILABLE" "is a skip with its reason"
has "$out" "find the process that uses the device" "and its remedy"
fake "clCreateBuffer=-4" 77 "a device without room" --setup copy
has "$out" "clCreateBuffer: CL_MEM_OBJECT_ALLOCATION_FAILURE" "is a skip with its reason"
has "$out" "a smaller size" "and its remedy"
released "what there was by then is released"
fake "alloc=1048576" 77 "a device that allocates less in one piece" --setup copy -p size=4M
has "$out" "allocates at most 1 MiB" "is a skip with its reason"
fake "clEnqueueFillBuffer=-5" 77 "a device that has no room after all" --setup copy
has "$out" "CL_OUT_OF_RESOURCES" "is a skip with its reason"
released "what there was by then is released"
for call in clCreateCommandQueue clCreateProgramWithSource clBuildProgram clCreateKernel clSetKernelArg clEnqueueNDRangeKernel clFinish; do
	fake "$call=-59" 4 "$call fails" --setup copy
	has "$out" "opencl: $call: error -59" "and is named"
	has "$record" '"verdict":"fail"' "as a failure"
	released "and nothing is left behind"
done
fake "clBuildProgram=-11" 4 "a compiler that fails without a word" --setup copy
has "$out" "triad does not compile" "is told"

# ---- what fails in the steps

fake "clEnqueueWriteBuffer=-5" 4 "no resources for a copy there" --setup copy
has "$out" "clEnqueueWriteBuffer: CL_OUT_OF_RESOURCES" "is named"
has "$record" '"verdict":"fail"' "as a failure"
released "and nothing is left behind"
fake "clEnqueueReadBuffer=-5" 4 "no resources for a copy back" --setup copy
has "$out" "clEnqueueReadBuffer: CL_OUT_OF_RESOURCES" "is named"
released "and nothing is left behind"
fake "clEnqueueNDRangeKernel=-5@2" 4 "no resources for the body" --setup copy
has "$out" "clEnqueueNDRangeKernel: CL_OUT_OF_RESOURCES" "is named"
released "and nothing is left behind"
fake "clFinish=-14@3" 4 "an order that failed on the device" --setup copy
has "$out" "clFinish: error -14" "is named"
released "and nothing is left behind"
fake "clSVMAlloc=-1" 4 "no shared memory" --setup svm
has "$out" "clSVMAlloc: CL_MEM_OBJECT_ALLOCATION_FAILURE" "is named"
released "and nothing is left behind"
fake "clEnqueueSVMMap=-5" 4 "shared memory that cannot be mapped" --setup svm-coarse
has "$out" "opencl: map: CL_OUT_OF_RESOURCES" "is named"
released "and nothing is left behind"
fake "clEnqueueSVMUnmap=-5" 4 "nor handed over" --setup svm-coarse
has "$out" "opencl: unmap: CL_OUT_OF_RESOURCES" "is named"
fake "clEnqueueMapBuffer=-12" 4 "a buffer that cannot be mapped" --setup copy-mapped
has "$out" "opencl: map: error -12" "is named"
released "and nothing is left behind"
fake "clCreateBuffer=-4@3" 4 "host memory that cannot be pinned" --setup copy-pinned
has "$out" "clCreateBuffer: CL_MEM_OBJECT_ALLOCATION_FAILURE" "is named"
released "and nothing is left behind"
fake "clEnqueueMapBuffer=-12" 4 "nor mapped" --setup copy-pinned
has "$out" "clEnqueueMapBuffer: error -12" "is named"
released "and nothing is left behind"
fake "clGetEventProfilingInfo=-7" 4 "a device without a clock" --setup copy
has "$record" '"opencl.commands_not_timed":{"value":4' "times are absent, and how many is counted"
has "$out" "not a stand-in" "and the round stands"

# ---- other devices

# asked WHAT: doctor's words on the device.
asked() {
	FAKE_OPENCL=$1 "$FIVESTEP" doctor 2>&1 | grep 'opencl'
}

has "$(asked svm=0)" "skip  svm-coarse opencl" "a device without shared memory"
has "$(asked "svm=0 version=12")" "which came with OpenCL 2.0" "for it is too old"
has "$(asked svm=1)" "setup=svm-coarse" "one with coarse-grained shared memory only: the remedy is the setup that it has"
has "$(asked svm=15)" "ok    svm-system opencl" "one that shares all of the process's memory"
has "$(asked doubles=0)" "no double precision" "one without double precision"
has "$(asked compiler=0)" "no compiler" "one without a compiler"
has "$(asked version=11)" "OpenCL 1.1 is older than 1.2" "one that is too old"
has "$(asked die=1)" "its driver crashed during the probe" "a driver that crashes is a skip, not a crash"
has "$(asked exit=3)" "its driver terminated the probing process (status 3)" "so is one that exits"
has "$(asked clGetPlatformIDs=-6)" "clGetPlatformIDs: CL_OUT_OF_HOST_MEMORY" "one that cannot be asked"
has "$(asked clGetDeviceIDs=-1)" "no OpenCL device: 1 platform" "a platform without a device"
lacks "$(asked type=4 | grep '^ok    opencl ')" "software" "a GPU is not software"

for config in 0 128; do
	FAKE_OPENCL=floats=$config
	export FAKE_OPENCL
	fs 4 "a device whose configuration for floats is $config" run nbody --setup copy --device opencl -p element=f32 --rounds 1 -p "size=$(pages 16)" -o "$tmp/$config.jsonl"
	has "$(cat "$tmp/$config.jsonl")" "not a stand-in" "is asked to round quotients and roots correctly if it can, and the answer is right"
done

FAKE_OPENCL=type=4
export FAKE_OPENCL
fs 4 "a GPU is used by plans that name no device, too" run triad --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/gpu.jsonl"
has "$(head -n 1 "$tmp/gpu.jsonl")" '"driver":"Portable Computing Language' "its driver is in the record"
has "$(head -n 1 "$tmp/gpu.jsonl")" '"emulated":false' "and it is not labelled emulated"
has "$(grep '"device":"opencl"' "$tmp/gpu.jsonl" | tail -n 1)" "not a stand-in" "with indices dealt out as to a GPU, the answer is the same"

done_testing
