#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_softdev.sh - the driver of softdev in the guest: what it counts is exact, nothing is lost under load or left behind by a kill, and what is
# measured on it is the same in two boots. Run by make check-guest; needs QEMU and fivestep guest build.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

command -v qemu-system-x86_64 >/dev/null || skip_all "QEMU is not installed: make check-guest installs it"
kernel=${FIVESTEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fivestep}/guest/bzImage
[ -f "$kernel" ] || skip_all "no guest kernel: fivestep guest build"
[ -f "$kernel.softdev.ko" ] || skip_all "no driver for this kernel: fivestep guest build"

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

cells="fault_latency fault_back triad --device softdev --setup copy,hmm,hmm-prefetch -p size=1M --rounds 2 --seed 1"
for boot in a b; do
	# shellcheck disable=SC2086
	fs 0 "benchmarks on softdev, boot $boot" guest run --clock instructions -- run $cells -o "$tmp/$boot.jsonl"
	grep -o '"metrics":{.*"steps"' "$tmp/$boot.jsonl" >"$tmp/$boot.metrics"
done
is "$(grep -c '"verdict":"ok"' "$tmp/a.jsonl")" 12 "each round is ok, whose setup the benchmark can have"
is "$(diff "$tmp/a.metrics" "$tmp/b.metrics" | head -n 2)" "" "two boots count the same, to the last instruction"
is "$(grep -c '"what":"page faults of the device.s process and its driver.s[^}]*"holds":false' "$tmp/a.jsonl")" 0 \
	"the kernel counts as many page faults of the device's process as the driver serves, or more"

# A kernel that comes without its driver.
cp "$kernel" "$tmp/bare"
fs 0 "a kernel without the driver" guest run --kernel "$tmp/bare" -- doctor
has "$out$err" "no module was built for this kernel" "says so"
has "$out" "the kernel's HMM test device" "and has dmirror"
done_testing
