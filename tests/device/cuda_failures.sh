#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuda_failures.sh - the device cuda on a stand-in for NVIDIA's driver library (tests/fake/cuda.c), whose bodies run on the CPU: whole rounds go through
# under each setup; each call fails once, the message says which, the verdict is right, and all that was made is released; GPUs that can more or less;
# and what is measured with the stand-in is no result. No GPU is needed, and none is used.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fake/stand_in.sh
. "$srcdir/tests/fake/stand_in.sh"

# Of a build with sanitizers: a crash that is asked for is to be one.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0
export ASAN_OPTIONS
mkdir -p "$tmp/old" "$tmp/broken"
"$FIVESTEP" list devices | grep -q '^  cuda ' || skip_all "configured --with-cuda=no"

stand_in_cuda "$tmp/fake"
ok $? "the stand-in builds"
[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
echo 'int nothing;' >"$tmp/old.c"
"${CC:-cc}" -shared -fPIC -o "$tmp/old/libcuda.so.1" "$tmp/old.c"
echo 'no library' >"$tmp/broken/libcuda.so.1"

# ---- no driver that is any good: a skip, and the rest runs

LD_LIBRARY_PATH=$tmp/broken "$FIVESTEP" doctor >"$tmp/out" 2>&1
ok $? "doctor where the driver's library cannot be loaded"
has "$(grep '^skip  cuda ' "$tmp/out")" "no CUDA" "says so"
has "$(grep '^skip  cuda ' "$tmp/out")" "install the NVIDIA driver" "and what to do"
LD_LIBRARY_PATH=$tmp/old "$FIVESTEP" doctor >"$tmp/out" 2>&1
ok $? "doctor with a driver that lacks calls"
has "$(grep '^skip  cuda ' "$tmp/out")" "the driver is too old, its libcuda.so.1 has no cuInit" "says which"

LD_LIBRARY_PATH=$tmp/fake
FAKE_CUDA_LOG=$tmp/objects
export LD_LIBRARY_PATH FAKE_CUDA_LOG
number=0

# fake WHAT STATUS NAME ARGS...: one round of triad with those failures; $out, $err, $record hold what came of it.
fake() {
	FAKE_CUDA=$1
	export FAKE_CUDA
	fake_status=$2
	fake_name=$3
	shift 3
	number=$((number + 1))
	rm -f "$tmp/objects"
	fs "$fake_status" "$fake_name" run triad --device cuda --rounds 1 -p "size=$(pages 16)" -o "$tmp/$number.jsonl" "$@"
	record=$(cat "$tmp/$number.jsonl")
}

# released NAME: no object is left.
released() {
	is "$(sort -u "$tmp/objects" 2>/dev/null)" "objects 0" "$1"
}

# doctor WHAT: its words on the device.
doctor() {
	FAKE_CUDA=$1 "$FIVESTEP" doctor 2>&1 | grep 'cuda'
}

if doctor "" | grep -q 'has no bodies for CUDA'; then
	has "$(doctor "")" "build fivestep where nvcc or clang is" "a build without a compiler for the bodies says so"
	skip "this build has no bodies for CUDA -> install nvcc or clang" 1
	done_testing
fi

# ---- a stand-in is none

for setup in copy copy-pinned copy-overlap copy-overlap-pinned hmm-managed; do
	fake "" 4 "a round with the stand-in under $setup" --setup "$setup"
	has "$out" "not a stand-in" "is no result"
	has "$record" '"verdict":"invalid"' "but invalid"
	is "$(echo "$record" | grep -c '"holds":false')" 1 "in one record"
	released "all that was made is released"
done
fs 4 "all kernels and what benchmarks apply" run triad jacobi bfs btree first_touch sparse_touch migrate_bandwidth access_bandwidth access_latency \
	--device cuda --setup 'copy,copy-pinned,copy-overlap-pinned,hmm-managed' --rounds 1 -p "size=$(pages 64)" -o "$tmp/all.jsonl"
is "$(grep -c '"verdict":"fail"\|"verdict":"crash"\|"verdict":"timeout"' "$tmp/all.jsonl")" 0 "have the answers of the reference"
is "$(grep '"type":"round"' "$tmp/all.jsonl" | grep -v '"verdict":"skip"' | grep -vc 'not a stand-in')" 0 "and none of it is a result"
fake "pageable=1" 4 "any memory of the process" --setup svm-system
has "$out" "not a stand-in" "computes right"
released "and is released"
fs 4 "both sides on one word" run ping_pong --device cuda --setup hmm-managed --rounds 1 -p turns=10 -o "$tmp/pong.jsonl"
has "$out" "not a stand-in" "take their turns"
fs 4 "copies and a body against the device's own copies" run device_ceiling --device cuda --setup 'copy,copy-pinned' --rounds 1 -p size=1M -o "$tmp/ceiling.jsonl"
is "$(grep -c '"triad_share"' "$tmp/ceiling.jsonl")" 3 "are in the record, and in what it says of the metrics"
is "$(grep '"type":"round"' "$tmp/ceiling.jsonl" | grep -c 'not a stand-in')" 2 "with the answer of the reference"
FAKE_CUDA="cuMemcpyDtoDAsync_v2=1"
export FAKE_CUDA
fs 4 "a plain copy that fails" run device_ceiling --device cuda --setup copy --rounds 1 -p size=1M -o "$tmp/ceiling2.jsonl"
has "$out" "cuMemcpyAsync: CUDA_ERROR_INVALID_VALUE" "is named"
FAKE_CUDA=
fs 77 "a device without plain copies" run device_ceiling --device emu --setup copy --rounds 1 -p size=1M -o "$tmp/ceiling3.jsonl"
has "$out" "emu has no raw copy baseline" "is a skip with its reason"
has "$(cat "$tmp/ceiling3.jsonl")" '"remedy":"device=cuda or device=opencl, where fivestep doctor finds one"' "and the devices that have such copies"
for advice in read-mostly prefer-device prefer-host accessed-by; do
	fake "stay=$(case $advice in prefer-host | accessed-by) echo 1 ;; *) echo 0 ;; esac)" 4 "advice $advice" --setup hmm-managed -p advice=$advice
	has "$out" "not a stand-in" "is followed"
done

# ---- evidence

fake "stay=1" 4 "managed pages that do not move" --setup hmm-managed
has "$out" "evidence input_pages_on_device" "are caught by where they are"
fake "" 4 "pages that move though they should stay" --setup hmm-managed -p advice=prefer-host
has "$out" "evidence input_pages_on_host" "are caught, too"
fake "pageable=1" 4 "mirrored memory that did not move" --setup hmm
has "$out" "evidence input_pages_on_device" "is caught: the kernel's page table knows"
fake "pageable=1" 4 "nor if it was requested" --setup hmm-prefetch
has "$out" "evidence input_pages_on_device" "is caught, too"

# ---- a body that does not end

FAKE_CUDA=stall=30
export FAKE_CUDA
fs 4 "a body that hangs" run triad --device cuda,emu --setup copy --rounds 1 -p "size=$(pages 16)" --timeout 1 -o "$tmp/hung.jsonl"
has "$(grep '"device":"cuda"' "$tmp/hung.jsonl")" '"verdict":"timeout","why":"not finished after 1 s"' "is ended, and is a time-out"
has "$(cat "$tmp/hung.jsonl")" "--timeout" "which says how it gets longer"
has "$(grep '"device":"emu"' "$tmp/hung.jsonl" | tail -n 1)" '"verdict":"ok"' "the next cell is measured"
is "$(pgrep -f "$tmp/hung.jsonl" || true)" "" "and no process is left"

# ---- a peer's memory

for setup in copy copy-overlap-pinned; do
	fake "devices=2" 4 "a body on another GPU's memory under $setup" --setup $setup -p peer=1
	has "$out" "not a stand-in" "computes right"
	has "$record" '"what":"the memory is of the peer, GPU","seen":1.0,"relation":"==","expected":1.0,"holds":true' "and it is proven whose it is"
	released "all is released"
done
fake "devices=2 on=0" 4 "memory that is the GPU's own" --setup copy -p peer=1
has "$out" "evidence the memory is of the peer, GPU: 0 is not == 1" "is caught"
fake "" 77 "one GPU" --setup copy -p peer=1
has "$out" "there is no CUDA unit 1 to be the peer" "has no peer"
fake "devices=2" 77 "a GPU" --setup copy -p peer=0
has "$out" "is no peer of itself" "is no peer of itself"
fake "devices=2 peers=0" 77 "two without a link" --setup copy -p peer=1
has "$out" "nvidia-smi topo -p2p r" "cannot: what to ask"
fake "devices=2" 64 "memory that migrates" --setup hmm-managed -p peer=1
has "$err" "peer has no effect under the requested setups" "has no peer"
has "$(doctor "devices=2")" "peers 1" "doctor says who can access whom"
lacks "$(doctor "devices=2 peers=0")" "peers" "and nothing where nobody can"

# ---- what fails before step 1: what the GPU lacks is a skip, the rest a failure

fake "cuCtxCreate_v2=46 mode=3" 77 "a GPU that another process has to itself" --setup copy
has "$out" "CUDA_ERROR_DEVICE_UNAVAILABLE" "is a skip with its reason"
has "$out" "exclusive mode" "and its remedy"
fs 0 "the rest runs" run triad --device 'cuda,emu' --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/rest.jsonl"
is "$(grep -c '"verdict":"ok"' "$tmp/rest.jsonl")" 1 "and is ok"
for call in cuMemAlloc_v2 cuMemHostAlloc cuEventCreate; do
	fake "$call=2" 77 "a GPU without room: $call" --setup copy
	has "$out" "${call%_v2}: CUDA_ERROR_OUT_OF_MEMORY" "is a skip with its reason"
	has "$out" "a smaller size" "and its remedy"
	released "what there was by then is released"
done
fake "cuModuleLoadData=222" 77 "a driver that is older than the bodies" --setup copy
has "$out" "CUDA_ERROR_UNSUPPORTED_PTX_VERSION" "is a skip with its reason"
has "$out" "a newer NVIDIA driver" "and its remedy"
released "what there was by then is released"
fake "" 4 "bodies that are none" --setup copy -p flaw=ptx
has "$out" "cuModuleLoadData: CUDA_ERROR_INVALID_PTX" "are named"
released "and nothing is left behind"
for call in cuStreamCreate cuMemHostAlloc cuModuleLoadData cuModuleGetFunction cuLaunchKernel cuMemsetD8Async cuStreamSynchronize; do
	fake "$call=999999" 4 "$call fails" --setup copy
	has "$out" "cuda: $call: error 999999" "and is named"
	has "$record" '"verdict":"fail"' "as a failure"
	released "and nothing is left behind"
done

# ---- which image

image() {
	echo "$record" | sed -n 's/.*"image":"\([^"]*\)".*/\1/p'
}

fake "" 4 "a GPU of an architecture that there is machine code for" --setup copy
if [ "$(image)" = ptx ]; then
	skip "this build has no machine code -> NVIDIA's CUDA toolkit" 1
else
	is "$(image)" "cubin sm_90" "runs that"
	released "and releases it"
	while read -r major minor wanted; do
		fake "major=$major minor=$minor" 4 "compute capability $major.$minor" --setup copy
		is "$(image)" "$wanted" "runs $wanted"
	done <<-EOF
		7 0 ptx
		7 5 ptx
		8 0 cubin sm_80
		8 6 cubin sm_80
		8 9 cubin sm_80
		11 0 ptx
		13 1 ptx
	EOF
	fake "" 4 "where PTX is asked for" --setup copy -p code=ptx
	is "$(image)" ptx "that runs"
	fake "cubin=209" 4 "machine code that the driver refuses" --setup copy
	is "$(image)" "ptx; cubin sm_90 was refused: error 209" "PTX runs in its place, and why is in the record"
	has "$out" "not a stand-in" "and all is right but for the stand-in"
	released "and released"
	fake "" 4 "machine code that is none" --setup copy -p flaw=cubin
	is "$(image)" "ptx; cubin sm_90 was refused: CUDA_ERROR_INVALID_PTX" "likewise"
	fake "cubin=209 cuModuleLoadData=222@2" 77 "a driver that takes neither" --setup copy
	has "$out" "CUDA_ERROR_UNSUPPORTED_PTX_VERSION" "is a skip with PTX's reason"
	released "and nothing is left behind"
fi
fake "free=1048576" 77 "more managed memory than is free" --setup hmm-managed -p size=4M
has "$out" "more than the 1 MiB that are free on the GPU" "is a skip with its reason"
has "$out" "can stop the whole machine" "and the danger of the remedy"
fake "free=1048576" 4 "unless it is asked for" --setup hmm-managed -p size=4M -p oversubscribe=yes
has "$out" "not a stand-in" "goes through"

# ---- what fails in the steps

# step CALL STATUS WORDS SETUP: the call, at its first use in the steps, fails the round, is named and leaves nothing.
step() {
	fake "$1=$2" 4 "$1 fails" --setup "$4"
	has "$out" "$3" "and is named"
	has "$record" '"verdict":"fail"' "as a failure"
	released "and nothing is left behind"
}

step cuMemcpyHtoDAsync_v2 709 "cuMemcpyHtoDAsync: CUDA_ERROR_CONTEXT_IS_DESTROYED" copy
has "$record" "dmesg" "a lost context: where to look"
step cuMemcpyDtoHAsync_v2 709 "cuMemcpyDtoHAsync: CUDA_ERROR_CONTEXT_IS_DESTROYED" copy-overlap-pinned
fake "cuMemHostAlloc=2@2" 4 "no memory that stays in place" --setup copy-pinned
has "$out" "cuMemHostAlloc: CUDA_ERROR_OUT_OF_MEMORY" "is named"
released "and nothing is left behind"
step cuMemAllocManaged 2 "cuMemAllocManaged: CUDA_ERROR_OUT_OF_MEMORY" hmm-managed
fake "cuStreamSynchronize=702@3" 4 "a body that takes too long" --setup copy
has "$out" "CUDA_ERROR_LAUNCH_TIMEOUT" "is named"
has "$record" "drives a display" "and what ended it"
has "$record" '"verdict":"fail"' "as a failure"
fake "cuLaunchKernel=2@2" 4 "no resources for the body" --setup copy
has "$out" "cuLaunchKernel: CUDA_ERROR_OUT_OF_MEMORY" "is named"
released "and nothing is left behind"
fake "cuMemAdvise=1" 4 "advice that the driver refuses" --setup hmm-managed -p advice=read-mostly
has "$out" "cuMemAdvise: CUDA_ERROR_INVALID_VALUE" "is named"
released "and nothing is left behind"
fake "pageable=1 cuMemPrefetchAsync=1" 4 "a migration that the driver refuses" --setup hmm-prefetch
has "$out" "cuMemPrefetchAsync: CUDA_ERROR_INVALID_VALUE" "is named"
fake "cuEventElapsedTime=1" 4 "a device without a clock" --setup copy
has "$record" '"cuda.commands_not_timed"' "times are absent, and how many is counted"
has "$out" "not a stand-in" "and the round stands"

# ---- doctor: what was found, why not, and what to do

has "$(doctor "")" "info  cuda unit 0" "units are listed"
has "$(doctor "devices=2")" "info  cuda unit 1" "all of them"
has "$(doctor "cuInit=100")" "CUDA_ERROR_NO_DEVICE" "a driver without a device"
has "$(doctor "devices=0")" "CUDA_VISIBLE_DEVICES may hide GPUs" "or with all of them hidden"
has "$(doctor "cuInit=999")" "nvidia_uvm" "a module that is not loaded"
has "$(doctor "cuInit=803")" "different versions" "a library of another version than the module"
has "$(doctor "driver=10000")" "it knows CUDA 10.0" "a driver that is too old"
has "$(doctor "die=1")" "its driver crashed during the probe" "one that crashes"
has "$(doctor "mode=2")" "its compute mode is prohibited" "a GPU that may not be used"
has "$(doctor "mode=3")" "exclusive mode" "one that one process has at a time"
has "$(doctor "major=6")" "older than 7.0" "one that is too old"
has "$(doctor "managed=1 concurrent=0" | grep 'hmm-managed')" "concurrentManagedAccess" "managed memory one side at a time"
has "$(doctor "" | grep ' hmm cuda')" "open kernel modules" "no pageable access: what it takes"
has "$(doctor "driver=12000" | grep ' hmm cuda')" "driver 535" "a driver before HMM"
has "$(doctor "pageable=1" | grep '^ok    hmm cuda')" "hmm" "pageable access by HMM"
has "$(doctor "pageable=1 ats=1" | grep '^skip  hmm cuda')" "host's page tables itself (ATS)" "by ATS: no hmm"
has "$(doctor "pageable=1 ats=1" | grep '^ok    svm-system cuda')" "svm-system" "but any memory of the process"
has "$(doctor "pageable=1 ats=1" | grep '^skip  cdm cuda')" "no NUMA node" "its memory is no node"
has "$(doctor "" | grep '^skip  cdm cuda')" "behind PCIe" "nor without ATS"

fs 77 "a unit that is not there" run triad --device cuda --setup copy -p unit=7 --rounds 1 -p "size=$(pages 16)" -o "$tmp/unit.jsonl"
has "$out" "there is no CUDA unit 7" "is a skip with its reason"

done_testing
