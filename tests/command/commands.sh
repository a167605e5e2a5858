#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The commands that measure nothing: help, version, doctor, list.
. "${srcdir:-.}/tests/tap.sh"

fs 64 "no command at all"
has "$err" "fivestep" "says how to use it"
fs 0 "--help" --help
has "$out" "run" "names the commands"
fs 0 "--version" --version
has "$out" "fivestep" "names the program"
for command in doctor list run show compare ab selftest report export history merge; do
	fs 0 "$command --help" "$command" --help
	has "$out" "Usage" "teaches"
done

fs 0 "doctor" doctor
has "$out" "emu" "names the emulated device"
fs 0 "doctor --json" doctor --json
case $out in '{'* | '['*) ok 0 "is JSON" ;; *) ok 1 "is JSON" ;; esac

fs 0 "list" list
for name in floor triad hmm-prefetch emu rusage quick; do
	has "$out" "$name" "lists $name"
done
fs 0 "list devices" list devices
lacks "$out" "(null)" "names what each device counts"
for kind in benchmarks kernels setups devices counters metrics plans; do
	fs 0 "list $kind" list $kind
	[ -n "$out" ]
	ok $? "lists something"
	fs 0 "list $kind --json" list $kind --json
	case $out in '['* | '{'*) ok 0 "is JSON" ;; *) ok 1 "is JSON" ;; esac
done
fs 64 "list of nothing known" list benchmark
has "$err" "benchmarks" "with the nearest"

# ---- a machine that is not this one

HWLOC_XMLFILE=$srcdir/tests/machines/gh200.xml
export HWLOC_XMLFILE
fs 0 "doctor of a recorded machine" doctor
is "$(echo "$out" | grep '^ok ' | grep -v ' gnuplot ')" "" "promises nothing of it"
has "$(echo "$out" | grep '^info  cdm emu')" "by the record alone, not tried" "but says what the record makes likely"
has "$(echo "$out" | grep '^info  perf ')" "not known of a recorded machine" "and what it cannot know"
unset HWLOC_XMLFILE

done_testing
