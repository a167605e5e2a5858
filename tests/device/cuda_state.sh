#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuda_state.sh - what a GPU is set to and what may have disturbed a round, on a stand-in for NVIDIA's management library (tests/fake/nvml.c): it is in
# the record and in doctor, other hardware is not compared, throttled rounds are marked, and where a call is missing or fails only its own
# word is.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fake/stand_in.sh
. "$srcdir/tests/fake/stand_in.sh"

"$FIVESTEP" list devices | grep -q '^  cuda ' || skip_all "configured --with-cuda=no"
stand_in_cuda "$tmp/fake"
ok $? "the stand-in for the driver builds"
"${CC:-cc}" -std=gnu11 -Wall -Wextra -fPIC -c -o "$tmp/fake/fake.o" "$srcdir/tests/fake/nvml.c" >"$tmp/log" 2>&1 &&
	"${CC:-cc}" -shared -o "$tmp/fake/libnvidia-ml.so.1" "$tmp/fake/fake.o" >>"$tmp/log" 2>&1
ok $? "the stand-in for the management library builds"
[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
LD_LIBRARY_PATH=$tmp/fake
export LD_LIBRARY_PATH
if "$FIVESTEP" doctor 2>&1 | grep -q 'has no bodies for CUDA'; then
	skip "this build has no bodies for CUDA -> install nvcc or clang" 1
	done_testing
fi

# measure FILE [WORDS]: a run of one round; the stand-in makes it invalid, which is 4.
measure() {
	FAKE_NVML=${2:-} fs 4 "a round with ${2:-the library}" run triad --device cuda --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/$1.jsonl"
	header=$(head -n 1 "$tmp/$1.jsonl")
	noise=$(sed -n 's/.*"noise":{\([^}]*\)}.*/\1/p' "$tmp/$1.jsonl")
}

# ---- what is recorded

measure fine persistent=1
for fact in '"ecc":"on"' '"mig":"off"' '"clocks_max_mhz":"1980, memory 3201"' '"pcie_max":"generation 5 x16"' '"power_limit_w":"700"' '"driver_version":"575.51.03"' \
	'"persistence":"on"'; do
	has "$header" "$fact" "the run record has $fact"
done
for value in '"cuda.sm_mhz":1755' '"cuda.memory_mhz":2619' '"cuda.temperature_c":41' '"cuda.power_w":123.4' '"cuda.pcie_generation":4' '"cuda.pcie_width":8' \
	'"cuda.throttle_reasons":0' '"cuda.throttled_ms":0'; do
	has "$noise" "$value" "the round's noise has $value"
done
lacks "$header" "throttled" "a GPU that idles is not throttled"
lacks "$out" "clocks throttled" "nor is the round"

# ---- what disturbs

measure held "persistent=1 held=7"
has "$noise" '"cuda.throttled_ms":7' "clocks that were held down for a while are noise"
has "$out" "clocks throttled in 1 of 1 rounds" "and said in the table"
measure hot hot=1
has "$noise" '"cuda.throttle_reasons":64' "so are those that are held down now, but not the reason that it idles"
has "$out" "clocks throttled in 1 of 1 rounds" "and said in the table"
doctor=$(FAKE_NVML='hot=1 errors=3' "$FIVESTEP" doctor 2>&1 | grep 'cuda unit 0')
has "$doctor" "throttled reasons 0x40  -> nvidia-smi -q -d PERFORMANCE" "doctor says so, too, with what to do"
has "$doctor" "persistence off  -> nvidia-smi -pm 1" "and that the driver is not kept loaded"
has "$doctor" "ecc_uncorrected 3  -> nvidia-smi -q -d ECC" "and that memory has errors"
has "$doctor" "ecc on; " "and the rest"
lacks "$(FAKE_NVML=persistent=1 "$FIVESTEP" doctor 2>&1 | grep 'cuda unit 0')" "->" "where nothing disturbs there is nothing to do"

# ---- what is compared

sed 's/"ecc":"on"/"ecc":"off"/' "$tmp/fine.jsonl" >"$tmp/other.jsonl"
fs 3 "a GPU with ECC and one without" compare "$tmp/fine.jsonl" "$tmp/other.jsonl"
has "$err" "cuda.unit0.ecc" "are not compared, by that field"
fs 4 "unless that is allowed" compare --allow-unlike cuda.unit0.ecc "$tmp/fine.jsonl" "$tmp/other.jsonl"
sed 's/"power_limit_w":"700"/"power_limit_w":"500"/' "$tmp/fine.jsonl" >"$tmp/other.jsonl"
fs 4 "another power limit" compare "$tmp/fine.jsonl" "$tmp/other.jsonl"
lacks "$err" "not comparable" "may be what one compares"
sed 's/"ecc":"on",*//' "$tmp/fine.jsonl" >"$tmp/other.jsonl"
fs 4 "a fact that only one run knows" compare "$tmp/fine.jsonl" "$tmp/other.jsonl"
lacks "$err" "not comparable" "is no difference"

# ---- a library that is old, or refuses: a word less, and nothing else

facts_of() {
	sed -n '1s/.*"units":\[{\([^]]*\)\].*/\1/p; s/.*"noise":{\([^}]*\)}.*/\1/p' "$1" | tr -c 'a-zA-Z_.\n' ' ' | tr ' ' '\n' | sort -u
}
facts_of "$tmp/hot.jsonl" >"$tmp/all"
stand_in_calls "$srcdir/harness/device/cuda/nvml.c" nvml | while read -r _ call; do
	FAKE_NVML="hot=1 errors=1 $call=3" "$FIVESTEP" run --timeout "$patient" triad --device cuda --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/$call.jsonl" >/dev/null 2>&1
	[ $? -eq 4 ] && facts_of "$tmp/$call.jsonl" | comm -23 "$tmp/all" - | grep -q . || echo "$call refuses"
	stand_in_without "$tmp/fake" libnvidia-ml.so.1 "$call"
	FAKE_NVML="hot=1 errors=1" LD_LIBRARY_PATH=$tmp/fake/without:$tmp/fake "$FIVESTEP" run --timeout "$patient" triad --device cuda --setup copy --rounds 1 -p "size=$(pages 16)" \
		-o "$tmp/$call-old.jsonl" >/dev/null 2>&1
	[ $? -eq 4 ] && facts_of "$tmp/$call-old.jsonl" | comm -23 "$tmp/all" - | grep -q . || echo "$call is missing"
done >"$tmp/same"
is "$(grep -v 'Shutdown\|GetTotalEccErrors' "$tmp/same")" "" "of each call that refuses or is missing a word is, and the round goes on"
rm "$tmp/fake/libnvidia-ml.so.1"
measure without
lacks "$header$noise" "sm_mhz" "without the library nothing of it is there"
done_testing
