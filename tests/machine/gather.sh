#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gather.sh - build-aux/gather.sh takes all of a machine that its fingerprint and the choice of nodes are made of, and nothing that is somebody's.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

mkdir -p "$tmp/source/tests/machines"

# of ROOT: the fingerprint and the nodes.
of() {
	FIVESTEP_ROOT=$1 "$FIVESTEP" doctor --json 2>/dev/null | sed -n 's/^ *"fingerprint": //p'
	FIVESTEP_ROOT=$1 "$FIVESTEP" doctor 2>&1 | grep '^[a-z]*  *cdm nodes'
}

for name in ac922 cxl gb200 guest memoryless mi300a xeonmax; do
	mkdir "$tmp/root" "$tmp/again"
	tests/machine/unpack "$name" "$tmp/root"
	# What is its owner's.
	mkdir -p "$tmp/root/sys/class/dmi/id" "$tmp/root/proc/sys/kernel"
	echo 'Serial		: 10000000secret1' >>"$tmp/root/proc/cpuinfo"
	echo secret2 >"$tmp/root/sys/class/dmi/id/product_serial"
	echo secret3 >"$tmp/root/proc/sys/kernel/hostname"
	echo 'root=UUID=secret4' >"$tmp/root/proc/cmdline"
	echo '0::/user.slice/secret5' >"$tmp/root/proc/self.cgroup"
	printf 'HostName: secret6\nOSVersion: secret7\n' >>"$tmp/root/proc/hwloc-nofile-info"
	GATHER_OUT=$tmp/source/tests/machines sh "$srcdir/build-aux/gather.sh" "$name" "$tmp/root" >"$tmp/out" 2>&1
	is $? 0 "$name is gathered" || tap_diag "$(cat "$tmp/out")"
	lacks "$(cat "$tmp/source/tests/machines/$name.files")" secret "$name: nothing of its owner's is taken"
	srcdir=$tmp/source tests/machine/unpack "$name" "$tmp/again"
	is "$(of "$tmp/again")" "$(of "$tmp/root")" "$name is the same machine when it is unpacked"
	rm -rf "$tmp/root" "$tmp/again"
done
[ "$(grep -c '^== ' "$tmp/source/tests/machines/xeonmax.files")" -lt "$(grep -c '^== ' "$srcdir/tests/machines/xeonmax.files")" ]
ok $? "files of one text are one entry"

GATHER_OUT=$tmp/source/tests/machines sh "$srcdir/build-aux/gather.sh" here >"$tmp/out" 2>&1
is $? 0 "this machine is gathered" || tap_diag "$(cat "$tmp/out")"
mkdir "$tmp/root"
srcdir=$tmp/source tests/machine/unpack here "$tmp/root"
is "$(FIVESTEP_ROOT=$tmp/root "$FIVESTEP" doctor | grep '^[a-z]*  *memory nodes')" "$("$FIVESTEP" doctor | grep '^[a-z]*  *memory nodes')" "its memory nodes are this machine's"
sh "$srcdir/build-aux/gather.sh" '../here' >"$tmp/out" 2>&1
is $? 64 "a name that is a path is refused"

done_testing
