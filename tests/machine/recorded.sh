#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# recorded.sh - machines that somebody has, or might: those of tests/machines and, with MACHINES=FOLDER, the archives in that folder as
# hwloc-gather-topology writes them, such as those in hwloc's own tests. Each is read whole, is the same when looked at again, no two are one, and what is
# found out of each is what tests/machines/expected.tsv has: a line a machine, of its name, its fingerprint, the node of the host, the node of the
# device, and what doctor says of the machine and of that choice. KEEP=yes writes the lines of the machines that were looked at anew.
# build-aux/gather.sh adds a machine.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

expected=$srcdir/tests/machines/expected.tsv
tab=$(printf '\t')
: >"$tmp/lines"

# detail WHAT: of what doctor says, the first finding of that name, with its remedy.
detail() {
	sed -n "s/^[a-z]*  *$1  *//p" "$tmp/doctor" | head -n 1
}

# look NAME VARIABLE=VALUE...: at the machine that the variables choose.
look() {
	name=$1
	shift
	env "$@" "$FIVESTEP" doctor >"$tmp/doctor" 2>"$tmp/err"
	is $? 0 "$name can be read" || tap_diag "$(cat "$tmp/err")"
	lacks "$(cat "$tmp/doctor")" "cannot be read" "$name is read whole"
	fingerprint=$(env "$@" "$FIVESTEP" doctor --json 2>/dev/null | sed -n 's/^ *"fingerprint": "\([0-9a-f]*\)".*/\1/p')
	is "$(env "$@" "$FIVESTEP" doctor --json 2>/dev/null | sed -n 's/^ *"fingerprint": "\([0-9a-f]*\)".*/\1/p')" "$fingerprint" "$name is the same again"
	choice=$(detail 'cdm nodes')
	host=$(echo "$choice" | sed -n "s/^host node \([0-9]*\),.*/\1/p")
	device=$(echo "$choice" | sed -n "s/.*, device node \([0-9]*\),.*/\1/p")
	line="$name$tab$fingerprint$tab${host:--}$tab${device:--}$tab$(detail machine); $choice"
	echo "$line" >>"$tmp/lines"
	[ -n "${KEEP:-}" ] || is "$line" "$(grep "^$name$tab" "$expected")" "$name is what is expected of it"
}

for file in "$srcdir"/tests/machines/*.files; do
	name=$(basename "$file" .files)
	mkdir "$tmp/root"
	tests/machine/unpack "$name" "$tmp/root" || echo "$name cannot be unpacked" >&2
	look "$name" "FIVESTEP_ROOT=$tmp/root"
	rm -rf "$tmp/root"
done
look gh200 "HWLOC_XMLFILE=$srcdir/tests/machines/gh200.xml"

[ -n "${MACHINES:-}" ] || skip "archives of machines that somebody has: MACHINES=FOLDER in front of make check names a folder of them" 1
for archive in "${MACHINES:-/nowhere}"/*.tar.bz2; do
	[ -f "$archive" ] || continue
	name=$(basename "$archive" .tar.bz2)
	mkdir "$tmp/root"
	# What is not for everybody to read is not in it.
	tar -xjf "$archive" -C "$tmp/root" 2>/dev/null
	look "$name" "FIVESTEP_ROOT=$(echo "$tmp"/root/*)"
	chmod -R u+w "$tmp/root"
	rm -rf "$tmp/root"
done
is "$(cut -f 2 "$tmp/lines" | sort | uniq -d)" "" "no two machines have one fingerprint"
is "$(grep -v '^#' "$expected" | cut -f 2 | sort | uniq -d)" "" "and none of those that are expected"

if [ -n "${KEEP:-}" ]; then
	grep '^#' "$expected" >"$tmp/new"
	# The lines of machines that were not looked at stay.
	{
		cut -f 1 "$tmp/lines" >"$tmp/names"
		awk -F '\t' 'FILENAME != ARGV[2] { seen[$1] = 1; next } !/^#/ && !($1 in seen)' "$tmp/names" "$expected"
		cat "$tmp/lines"
	} | LC_ALL=C sort >>"$tmp/new"
	cp "$tmp/new" "$expected"
fi
done_testing
