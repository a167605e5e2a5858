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
for command in $("$FIVESTEP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p') 'guest run'; do
	# shellcheck disable=SC2086 # "guest run" is two arguments
	fs 0 "$command --help" $command --help
	has "$out" "Usage: fivestep $command" "$command --help names the program and the command"
done

# ---- errors: one form

# "NAMES" ARG...: the error names the command, and its second line is the remedy.
error_form()
{
	is "$(printf '%s\n' "$err" | sed -n '1s/^\(fivestep: '"$1"': \)..*/\1/p; 2s/^\(what to do: \)..*/\1/p' | tr '\n' '|')" "fivestep: $1: |what to do: |" \
		"$2: the command and the reason, then the remedy"
}
for command in doctor list run show compare ab selftest report export history merge fleet predict advise 'guest run'; do
	# shellcheck disable=SC2086
	fs 64 "$command with an unknown option" $command --no-such-option
	error_form "$command" "$command --no-such-option"
	has "$err" "what to do: fivestep $command --help" "$command --no-such-option names the help"
done
fs 64 "a wrong value of an option" run --seed x
error_form run "run --seed x"
fs 64 "an argument that the command does not take" doctor now
error_form doctor "doctor now"
fs 64 "an unknown benchmark" run no_such_benchmark
error_form run "run no_such_benchmark"

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
for kind in benchmarks kernels setups devices counters metrics plans inputs; do
	fs 0 "list $kind" list $kind
	[ -n "$out" ]
	ok $? "lists something"
	fs 0 "list $kind --json" list $kind --json
	case $out in '['* | '{'*) ok 0 "is JSON" ;; *) ok 1 "is JSON" ;; esac
done
mkdir "$tmp/inputs"
printf '%%%%MatrixMarket matrix coordinate pattern general\n%% caf\351 noir\n2 2 1\n1 2\n' >"$tmp/inputs/karate.mtx"
echo nothing >"$tmp/inputs/odd.mtx"
FIVESTEP_INPUTS=$tmp/inputs fs 0 "list inputs, with the user's own folder" list inputs
has "$out" 'karate             coordinate pattern general, 2 2 1: caf\xe9 noir' "the user's own input hides a shipped one, and unprintable bytes of its comment are escaped"
is "$(echo "$out" | grep -c karate)" 1 "an input's name is listed once"
has "$out" "lund_a             coordinate real symmetric, 147 147 1298: LUND A" "those that are shipped follow"
has "$out" "odd                not in the Matrix Market format" "a file that is none says so"
fs 64 "list of nothing known" list benchmark
has "$err" "benchmarks" "with the nearest"

# ---- a machine that is not this one

HWLOC_XMLFILE=$srcdir/tests/machines/gh200.xml
export HWLOC_XMLFILE
fs 0 "doctor of a recorded machine" doctor
is "$(echo "$out" | grep '^ok ' | grep -v ' gnuplot ')" "" "promises nothing of it"
has "$(echo "$out" | grep '^info  cdm emu')" "according to the record, not tried" "but says what the record makes likely"
has "$(echo "$out" | grep '^info  machine ')|" "Neoverse-V2, 4 CPUs, 2176.0 GiB|" "has its memory, and does not say what of it is available"
has "$(echo "$out" | grep '^info  memory nodes ')" "node 10 (96.0 GiB, 0 CPUs, GPUMemory)" "and that of each node"
has "$(echo "$out" | grep '^info  perf ')" "unknown for a recorded machine" "and what it cannot know"
unset HWLOC_XMLFILE

# One parser of --margin for all commands.
for command in 'compare x y' 'merge --fleet x y' 'ab --a x --b y' 'history check --db none.db'; do
	for margin in ' 5' 0x5 5x 0 100 -1 inf ''; do
		# shellcheck disable=SC2086 # several words
		fs 64 "fivestep $command refuses the margin '$margin'" $command --margin "$margin"
		has "$err" "--margin is a percentage above 0 and below 100, not $margin" "the error of fivestep $command names the margin '$margin'"
	done
done

done_testing
