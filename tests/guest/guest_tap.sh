# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# guest_tap.sh - what the tests that boot the guest begin with: skipped without QEMU and a kernel, which is $kernel. Such a test is run by
# make check-guest; it needs QEMU and fivestep guest build.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

command -v qemu-system-x86_64 >/dev/null || skip_all "QEMU is not installed: make check-guest installs it"
kernel=${FIVESTEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fivestep}/guest/bzImage
[ -f "$kernel" ] || skip_all "no guest kernel: fivestep guest build"

# need_driver: skips all where the kernel has no driver of softdev.
need_driver() {
	[ -f "$kernel.softdev.ko" ] || skip_all "no driver for this kernel: fivestep guest build"
}

# samples RUN SETUP DEVICE METRIC: of all rounds, one line each.
samples() {
	grep '"type":"round"' "$1" | grep "\"setup\":\"$2\",\"device\":\"$3\"" | sed -n "s/.*\"$4\":{[^}]*\"samples\":\[\([^]]*\)\].*/\1/p" | tr ',' '\n'
}

# middle: of the numbers on standard input, one a line; of an even count the lower one.
middle() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
