#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_ends.sh - whatever ends a guest is said: a panic, a kernel or initramfs that is none, what a kernel lacks, a limit of time.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

fs 99 "a guest without a first process" guest run --append rdinit=/nothing --time-limit 60 -- doctor
has "$err" "Kernel panic" "its panic is said"
# A warning is provoked: device memory where there is memory already.
fs 99 "a kernel that panics on a warning" guest run --append 'panic_on_warn=1 test_hmm.spm_addr_dev0=0x10000000' --time-limit 60 -- doctor
has "$err" "Kernel panic - not syncing: kernel: panic_on_warn set" "its panic is said"
# Another one in the middle: under seed 1 the small cell comes first; for the other its node has no room, and there is no other.
# shellcheck disable=SC2016 # the dollar is the kernel's
fs 99 "a kernel that panics while it measures" guest run --append 'sysctl.vm.panic_on_oom=2 memmap=1G$0x20000000' -- run first_touch --setup cdm-host \
	--device emu -p size=1M,1000M --rounds 2 --seed 1 -o "$tmp/oom.jsonl"
has "$err" "Kernel panic - not syncing: Out of memory" "its panic is said"
has "$(tail -n 1 "$tmp/oom.jsonl")" '"stop":"died","why":"the guest'"'"'s kernel died: Kernel panic - not syncing: Out of memory' "and recorded"
is "$(grep -c '"verdict":"ok"' "$tmp/oom.jsonl")" 1 "after what was measured before"
# An initramfs that is cut off: by a QEMU that is ours and starts the true one.
mkdir "$tmp/bin"
cat >"$tmp/bin/qemu-system-x86_64" <<-EOF
	#!/bin/sh
	for word; do
		shift
		[ "\$last" != -initrd ] || { head -c 300000 "\$word" >"$tmp/cut"; word=$tmp/cut; }
		set -- "\$@" "\$word"
		last=\$word
	done
	exec "$(command -v qemu-system-x86_64)" "\$@"
EOF
chmod +x "$tmp/bin/qemu-system-x86_64"
path=$PATH
PATH=$tmp/bin:$PATH
fs 99 "an initramfs that is cut off" guest run --accel tcg --time-limit 60 -- run guest -o "$tmp/cut.jsonl"
PATH=$path
has "$err" "Kernel panic" "its panic is said"
[ ! -e "$tmp/cut.jsonl" ]
ok $? "and no empty run file is left"
fs 0 "a kernel without the test device" guest run --append initcall_blacklist=hmm_dmirror_init -- list devices
has "$err" "this kernel lacks CONFIG_TEST_HMM" "is told by what did not appear"
fs 99 "one without a line to the host" guest run --append initcall_blacklist=virtio_console_init --time-limit 60 -- list plans
has "$err" "it lacks CONFIG_VIRTIO_CONSOLE" "too"
fs 99 "a guest that takes too long" guest run --time-limit 2 -- run guest -o "$tmp/late.jsonl"
has "$err" "--time-limit" "is ended, and how to allow more is said"
fs 77 "a kernel that is not there" guest run --kernel "$tmp/none" -- doctor
has "$err" "none" "is named"
echo "no kernel" >"$tmp/none"
fs 99 "a kernel that is none" guest run --kernel "$tmp/none" --time-limit 20 -- doctor
has "$err" "guest" "is said"
echo mine >"$tmp/there.jsonl"
fs 64 "a run file that exists" guest run -- run guest -o "$tmp/there.jsonl"
is "$(cat "$tmp/there.jsonl")" mine "is left as it was"

done_testing
