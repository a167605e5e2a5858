#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bundle.sh - what `make bundle` makes runs where nothing is installed: its libraries, its loader, its plans and scripts are its own. Where this process may
# change its root, that is an empty one with a shell, /proc, /sys and /dev; else at least every file that the program maps is the bundle's.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
unset FIVESTEP_DATADIR

! ldd "$FIVESTEP" | grep -q 'lib[a-z]*san\.so' || skip_all "a build with sanitizers is none that goes elsewhere"
"${MAKE:-make}" -s bundled >"$tmp/log" 2>&1
ok $? "the program of a bundle is linked"
sh "$srcdir/build-aux/bundle.sh" ./bundled test "$tmp/bundle.tar.gz" >"$tmp/log" 2>&1
ok $? "the bundle is made" || tap_diag "$(cat "$tmp/log")"
[ "$(wc -c <"$tmp/bundle.tar.gz")" -lt 30000000 ]
ok $? "it has less than 30 MB"
sh "$srcdir/build-aux/bundle.sh" ./bundled test "$tmp/again.tar.gz" >"$tmp/log" 2>&1
cmp -s "$tmp/bundle.tar.gz" "$tmp/again.tar.gz"
ok $? "made again it is the same, byte by byte"

mkdir "$tmp/root"
tar xf "$tmp/bundle.tar.gz" -C "$tmp/root"
mv "$tmp/root"/fivestep-test-* "$tmp/root/a bundle"
FIVESTEP="$tmp/root/a bundle/fivestep"
fs 0 "it starts from a folder of any name" list plans
has "$out" quick "and finds its plans"
fs 0 "a round of it executes it anew" run first_touch --setup copy,hmm --rounds 2 -p "size=$(pages 256)" -o "$tmp/run.jsonl"
has "$(cat "$tmp/run.jsonl")" '"verdict":"ok"' "and is ok"
ln -s "$FIVESTEP" "$tmp/link"
FIVESTEP=$tmp/link
fs 0 "it starts by a link" list plans
FIVESTEP="$tmp/root/a bundle/fivestep"

env -i LD_TRACE_LOADED_OBJECTS=1 "$(find "$tmp/root/a bundle/lib" -name "ld*.so*")" "$tmp/root/a bundle/bin/fivestep" >"$tmp/out" 2>&1
has "$(cat "$tmp/out")" libhwloc "what it is loaded with can be asked"
is "$(sed -n 's/.* => \(\/.*\) (.*/\1/p' "$tmp/out" | grep -v "^$tmp/root/a bundle/" | tr '\n' ' ')" "" "all libraries are its own, and the libraries' too"

# A root with nothing in it: only where a mount namespace is available, and a shell that needs no library.
PATH=$PATH:/usr/sbin:/sbin
busybox=$(command -v busybox)
chroot=$(command -v chroot)
if [ -z "$busybox" ] || ldd "$busybox" >/dev/null 2>&1; then
	skip "no busybox that needs no library (Debian: busybox-static)" 4
	done_testing
fi
mkdir "$tmp/root/bin" "$tmp/root/proc" "$tmp/root/sys" "$tmp/root/dev" "$tmp/root/tmp"
cp "$busybox" "$tmp/root/bin/busybox"
for applet in sh dirname readlink; do
	ln -s busybox "$tmp/root/bin/$applet"
done

# inside COMMAND: in that root.
# shellcheck disable=SC2016 # expanded by the inner shell
inside() {
	CHROOT=$chroot ROOT=$tmp/root COMMAND=$1 unshare -m --propagation private sh -c '
		mount -t proc proc "$ROOT/proc" && mount --rbind /sys "$ROOT/sys" && mount --rbind /dev "$ROOT/dev" || exit 98
		exec env -i PATH=/bin HOME=/tmp "$CHROOT" "$ROOT" /bin/sh -c "cd /tmp; $COMMAND"' >"$tmp/out" 2>&1
	status=$?
	out=$(cat "$tmp/out")
}

inside true
if [ -z "$chroot" ] || [ $status -ne 0 ]; then
	skip "no private root is available here: $out" 4
	done_testing
fi
inside "'/a bundle/fivestep' doctor"
is "$status" 0 "doctor in an empty root"
has "$out" "gnuplot              not found" "says what is not there"
inside "'/a bundle/fivestep' run smoke -o r.jsonl"
is "$status" 0 "the smoke plan in an empty root" || tap_diag "$out"
inside "'/a bundle/fivestep' report r.jsonl -o report"
is "$status" 0 "and their report, without pictures" || tap_diag "$out"
done_testing
