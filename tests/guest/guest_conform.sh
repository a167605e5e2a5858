#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_conform.sh - what the guest's kernel promises of shared memory holds there, on each device of the guest, and a case that does not hold is seen.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

# cases RESULT SETUP DEVICE: how many ended so; RESULT begins a line of TAP.
cases() {
	printf '%s\n' "$out" | grep -E "^$1 [0-9]+ - [a-z_]+ $2 $3" | grep -cv '# SKIP'
}

fs 0 "conform in the guest" guest run --time-limit 30m -- conform --timeout 10m -o "$tmp/conform.jsonl"
is "$(printf '%s\n' "$out" | grep '^not ok' | grep -cv '# TODO')" 0 "breaks no promise that is not known to be broken"
# Of so many cases at least, whatever the kernel: those of kinds of memory, of data, of page tables; and those of nodes.
while read -r setup device least; do
	if [ "$device" = softdev ] && [ ! -f "$kernel.softdev.ko" ]; then
		skip "no driver of softdev for this kernel: fivestep guest build"
		continue
	fi
	n=$(cases ok "$setup" "$device")
	[ "$n" -ge "$least" ]
	ok $? "it looks at $least cases at least under $setup on $device: $n are kept"
done <<'EOT'
hmm dmirror 41
hmm softdev 44
cdm-migrate emu 38
cdm-migrate dmirror 42
cdm-migrate softdev 41
- - 10
EOT

# A device that moves nothing: what stays on the host was never tried, and each case that asks for a move must say so.
fs 4 "cases with a device that does not move pages" guest run --time-limit 30m -- conform 'userfault_[fp]*' group_charge group_exceeded madvise_free '*_full' \
	soft_dirty_kept host_ends host_executes two_devices_move \
	--setup hmm --device softdev -p lie=migrate.none --timeout 10m -o "$tmp/lie.jsonl"
if [ -f "$kernel.softdev.ko" ]; then
	is "$(cases ok hmm softdev), $(cases 'not ok' hmm softdev)" "0, 11" "see it, each of them"
fi
done_testing
