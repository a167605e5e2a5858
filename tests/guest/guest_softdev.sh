#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_softdev.sh - the driver of softdev in the guest: what it counts is exact, nothing is lost under load or left behind by a kill, and what is
# measured on it is the same in two boots.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"
need_driver

# driver NAME ARGS... -- GUEST OPTIONS...: the tests of the driver itself, each check of which is a check here.
driver() {
	name=$1
	args=
	shift
	while [ "$1" != -- ]; do
		args="$args $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	fs 0 "$name" guest run "$@" --verbose --program tests/device/softdev_guest -- $args
	has "$out" "1.." "$name: to the end"
	tap_diag "$(printf '%s\n' "$out" | grep '^not ok')"
	is "$(printf '%s\n' "$err" | grep -E 'WARNING|BUG:|Oops|possible recursive|circular locking|inconsistent lock')" "" "$name: the kernel has no complaint"
}

driver "counts, processes and bad input" quick -- --clock instructions
driver "both sides at once" stress 16 -- --accel tcg
driver "kills at any moment, and unloading" kill 40 -- --accel tcg
driver "requests without sense" fuzz 4096 -- --accel tcg

cells="fault_latency fault_back triad --device softdev --setup copy,hmm,hmm-prefetch,cdm,cdm-host,cdm-migrate -p size=1M --rounds 2 --seed 1"
for boot in a b; do
	# shellcheck disable=SC2086
	fs 0 "benchmarks on softdev, boot $boot" guest run --clock instructions -- run $cells -o "$tmp/$boot.jsonl"
	grep -o '"metrics":{.*"steps"' "$tmp/$boot.jsonl" >"$tmp/$boot.metrics"
done
is "$(grep -c '"verdict":"ok"' "$tmp/a.jsonl")" 24 "each round is ok, whose setup the benchmark can have"
is "$(diff "$tmp/a.metrics" "$tmp/b.metrics" | head -n 2)" "" "two boots count the same, to the last instruction"
is "$(grep -c '"what":"page faults of the device.s process and its driver.s[^}]*"holds":false' "$tmp/a.jsonl")" 0 \
	"the kernel counts as many page faults of the device's process as the driver serves, or more"

# A second opinion: the kernel's test device, and a driver of our own, on the same kernel code. What is exact is the same on both, and what that code costs
# nearly so: they differ in their own page tables alone.
fs 0 "softdev beside the kernel's test device" guest run --clock instructions -- run fault_back --device softdev,dmirror --setup hmm,cdm -p size=4M \
	--rounds 3 --seed 1 -o "$tmp/two.jsonl"
for setup in hmm cdm; do
	for count in faults pages_back; do
		is "$(samples "$tmp/two.jsonl" $setup softdev $count | sort -u)" "$(samples "$tmp/two.jsonl" $setup dmirror $count | sort -u)" \
			"softdev and dmirror agree on $count under $setup"
	done
	ours=$(samples "$tmp/two.jsonl" $setup softdev touch | middle)
	theirs=$(samples "$tmp/two.jsonl" $setup dmirror touch | middle)
	echo "$ours $theirs" | awk '{ exit !($1 > 0 && $2 > 0 && $1 < 1.1 * $2 && $2 < 1.1 * $1) }'
	ok $? "the CPU's touch of a page on the device under $setup costs the same on both, to 10 %: $ours and $theirs instructions"
done

# Bodies run natively: on data that are resident the device's pass costs what it costs on a device that is this process.
fs 0 "passes over resident data" guest run --clock instructions -- run reuse --device softdev,emu --setup cdm,hmm -p size=3M --rounds 3 --seed 1 \
	-o "$tmp/reuse.jsonl"
theirs=$(samples "$tmp/reuse.jsonl" cdm emu again | middle)
for setup in cdm hmm; do
	ours=$(samples "$tmp/reuse.jsonl" $setup softdev again | middle)
	echo "$ours $theirs" | awk '{ exit !($1 > 0 && $2 > 0 && $1 < 1.05 * $2 && $2 < 1.05 * $1) }'
	ok $? "a pass over resident data under $setup costs within 5 % of emu's under cdm: $ours and $theirs instructions"
done

# A kernel that comes without its driver.
cp "$kernel" "$tmp/bare"
fs 0 "a kernel without the driver" guest run --kernel "$tmp/bare" -- doctor
has "$out$err" "no module was built for this kernel" "says so"
has "$out" "the kernel's HMM test device" "and has dmirror"
cp "$kernel" "$tmp/other"
sed 's/\(vermagic=[^ ]*\) SMP/\1 UMP/' "$kernel.softdev.ko" >"$tmp/other.softdev.ko"
fs 0 "a kernel with the driver of another one" guest run --kernel "$tmp/other" -- doctor
has "$out$err" "the module was built for another kernel" "is told from one without"
done_testing
