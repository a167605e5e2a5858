#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# opencl.sh - the device opencl on whatever OpenCL is here (in CI PoCL, on the CPU): every kernel and every benchmark that applies is ok under
# each setup that the device has, by the same oracles as on emu; what is software is labelled so; and without OpenCL, or with
# half of one, there is a skip with its reason and its remedy. tests/device/opencl_failures.sh makes the calls fail.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

# Of a build with sanitizers: compilers in drivers leak, a crash that is asked for is to be one, and new memory is not filled.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:handle_segv=0:max_malloc_fill_size=0
export ASAN_OPTIONS
mkdir -p "$tmp/none" "$tmp/broken"

# verdicts FILE VERDICT: how many rounds of the file ended so.
verdicts() {
	grep -c "\"verdict\":\"$2\"" "$1"
}

# What was left out of the build.
"$FIVESTEP" list devices --json | grep -q '"name": "opencl"' || skip_all "this build has no device opencl (--with-opencl=no)"

# ---- no driver

OCL_ICD_VENDORS=$tmp/none
export OCL_ICD_VENDORS
fs 0 "doctor where no OpenCL driver is" doctor
has "$(echo "$out" | grep '^skip  opencl ')" "no OpenCL" "says so"
has "$(echo "$out" | grep '^skip  opencl ')" "apt" "and which package has one"
fs 77 "a run on it is skipped" run triad --device opencl --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/none.jsonl"
has "$out" "no OpenCL" "with the reason"
fs 0 "the rest runs" run triad --device 'opencl,emu' --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/rest.jsonl"
is "$(verdicts "$tmp/rest.jsonl" ok)" 1 "and is ok"
unset OCL_ICD_VENDORS

# A library that is none.
echo 'no library' >"$tmp/broken/libOpenCL.so.1"
LD_LIBRARY_PATH=$tmp/broken "$FIVESTEP" doctor >"$tmp/out" 2>"$tmp/err"
ok $? "doctor where the loader cannot be loaded"
has "$(grep '^skip  opencl ' "$tmp/out")" "no OpenCL" "says so"
has "$(grep '^skip  opencl ' "$tmp/out")" "ocl-icd" "and which package to install"

# ---- on what there is

fs 0 "doctor" doctor
if ! echo "$out" | grep -q '^ok    opencl '; then
	tap_diag "$(echo "$out" | grep ' opencl ')"
	skip "no OpenCL device here -> apt install pocl-opencl-icd (or run build-aux/packages.sh opencl)" 1
	done_testing
fi
has "$out" "info  opencl unit 0" "lists the units"
has "$(echo "$out" | grep '^info  opencl unit 0')" "SVM:" "and what they share"
setups=$(echo "$out" | sed -n 's/^ok    \([a-z-]*\) opencl .*/\1/p' | tr '\n' ',' | sed 's/,$//')
has ",$setups," ",copy," "copies are always there"
lacks "$out" "hmm opencl" "nothing is claimed that OpenCL has no word for"
if echo "$out" | grep -q '^skip  svm-system opencl '; then
	has "$(echo "$out" | grep '^skip  svm-system opencl ')" "setup=svm" "what is missing comes with a remedy"
else
	has ",$setups," ",svm-system," "any memory of the process is shared"
fi

n=$(echo "$setups" | tr ',' '\n' | wc -l)
kernels=$("$FIVESTEP" list kernels | sed -n 's/^  \([a-z0-9_]\{1,\}\) .*/\1/p')
k=$(echo "$kernels" | wc -l)
# shellcheck disable=SC2086 # a name is a word
fs 0 "all $k kernels under $setups" run $kernels --device opencl --setup "$setups" --rounds 1 -p "size=$(pages 64)" -o "$tmp/kernels.jsonl"
is "$(verdicts "$tmp/kernels.jsonl" ok)" $((k * n)) "each of the $((k * n)) cells has the answer of the reference, bit for bit, as on emu"
has "$(cat "$tmp/kernels.jsonl")" '"opencl.computed_ns"' "the device's own times are kept"
is "$(grep '"type":"round"' "$tmp/kernels.jsonl" | grep -vc '"image":"OpenCL C, compiled by the driver"')" 0 "their records say that the driver compiled them"
fs 0 "floats" run triad jacobi gemm kmeans nbody cg --device opencl --setup copy --rounds 1 -p element=f32 -p "size=$(pages 64)" -o "$tmp/floats.jsonl"
is "$(verdicts "$tmp/floats.jsonl" ok)" 6 "are rounded as the reference rounds them"
# shellcheck disable=SC2086
fs 0 "the same on emu" run $kernels --device emu --setup copy --rounds 1 -p "size=$(pages 64)" -o "$tmp/emu.jsonl"
is "$(verdicts "$tmp/emu.jsonl" ok)" "$k" "which the same oracles accept"

fs 0 "benchmarks" run first_touch sparse_touch migrate_bandwidth --device opencl --setup "$setups" --rounds 1 -p size=2M -o "$tmp/benches.jsonl"
is "$(($(verdicts "$tmp/benches.jsonl" ok) + $(grep -c 'needs MOVE, which' "$tmp/benches.jsonl")))" $((3 * n)) "are ok wherever they apply"
fs 0 "copies and a body against the device's own copies" run device_ceiling --device opencl --setup 'copy,copy-pinned' --rounds 1 -p size=1M \
	-o "$tmp/ceiling.jsonl"
is "$(verdicts "$tmp/ceiling.jsonl" ok)" 2 "are ok"
is "$(grep -c '"ceiling_within":{"unit":"GB/s"' "$tmp/ceiling.jsonl")" 2 "and what its own copies reach is in the record"
fs 0 "access on the device" run access_bandwidth access_latency --device opencl --setup 'copy*' --rounds 1 -p initiator=device -p residence=device \
	-p size=1M -o "$tmp/access.jsonl"
is "$(verdicts "$tmp/access.jsonl" fail)" 0 "reads the right sums"
case ,$setups, in
*,svm,*)
	fs 0 "both sides on one word" run ping_pong --device opencl --setup svm --rounds 1 -p turns=10 -o "$tmp/pong.jsonl"
	is "$(verdicts "$tmp/pong.jsonl" ok)" 1 "take their turns"
	fs 0 "both sides add to words" run atomics --device opencl --setup svm --rounds 1 -p turns=100 -o "$tmp/atomics.jsonl"
	is "$(verdicts "$tmp/atomics.jsonl" ok)" 1 "add up"
	fs 4 "a device that sees the buffer elsewhere" run triad --device opencl --setup svm -p flaw=address --rounds 1 -p "size=$(pages 16)" -o "$tmp/lie.jsonl"
	has "$out" "address_conflicts" "is caught by evidence"
	fs 77 "both sides at once where it is one side's turn" run ping_pong --device opencl --setup svm-coarse --rounds 1 -o "$tmp/turns.jsonl"
	has "$out" "SHARED" "is a skip that says what is missing"
	;;
*) skip "no fine-grained shared virtual memory here" 8 ;;
esac

# ---- what it is

fs 0 "doctor" doctor
if echo "$out" | grep '^ok    opencl ' | grep -q 'software on the CPU'; then
	has "$(head -n 1 "$tmp/kernels.jsonl" | grep -o '{"name":"opencl".*')" '"emulated":true' "results of software are labelled emulated"
	fs 0 "a plan that names no device" run triad --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/plan.jsonl"
	is "$(grep -c '"device":"opencl"' "$tmp/plan.jsonl")" 0 "spends no time on software"
else
	skip "unit 0 is hardware" 3
fi
fs 77 "a unit that is not there" run triad --device opencl --setup copy -p unit=7 --rounds 1 -p "size=$(pages 16)" -o "$tmp/unit.jsonl"
has "$out" "there is no OpenCL unit 7" "is a skip with its reason"

# ---- a body that does not compile

fs 4 "a body with an error" run triad --device opencl --setup copy -p flaw=source --rounds 1 -p "size=$(pages 16)" -o "$tmp/source.jsonl"
has "$out" "triad does not compile" "fails before step 1"
has "$out" "error" "with the compiler's first error in the table"
has "$(cat "$tmp/source.jsonl")" '"log":' "and the build log in the record"

done_testing
