#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# recorded.sh - machines that somebody has: MACHINES=FOLDER sh tests/machine/recorded.sh, where the folder has archives as hwloc-gather-topology writes
# them, such as those in hwloc's own tests. Each can be read whole, is the same when looked at again, and no two are one.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

[ -n "${MACHINES:-}" ] || skip_all "MACHINES names no folder of archives"

# machine ROOT MEMBER: of what doctor says.
machine() {
	FIVESTEP_ROOT=$1 "$FIVESTEP" doctor --json 2>"$tmp/err" | tr '\n' ' ' | grep -o "\"$2\": *\"[0-9a-f]*\"" | head -n 1
}

for archive in "$MACHINES"/*.tar.bz2; do
	name=$(basename "$archive" .tar.bz2)
	mkdir "$tmp/root"
	tar -xjf "$archive" -C "$tmp/root" 2>/dev/null
	root=$(echo "$tmp"/root/*)
	fingerprint=$(machine "$root" fingerprint)
	[ -n "$fingerprint" ]
	ok $? "$name can be read"
	is "$(machine "$root" fingerprint)" "$fingerprint" "$name is the same again"
	FIVESTEP_ROOT=$root "$FIVESTEP" doctor >"$tmp/doctor" 2>&1
	lacks "$(cat "$tmp/doctor")" "cannot be read" "$name is read whole"
	echo "$fingerprint" >>"$tmp/all"
	chmod -R u+w "$tmp/root"
	rm -rf "$tmp/root"
done
is "$(sort "$tmp/all" | uniq -d)" "" "no two machines have one fingerprint"

done_testing
