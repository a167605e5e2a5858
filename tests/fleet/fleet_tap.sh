# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# fleet_tap.sh - for tests with made-up fleets; sourced after tap.sh. The test goes on in $tmp.
#
#   make_fleet FOLDER OPTION...   a fleet of tests/fleet/made_up.awk, with options of it
#   alone COMMAND...              the program, without Slurm or anything else in its path
#   fleet COMMAND...              fivestep fleet: its status, output and errors are in $status, $out and $err, and in the files out and err
#   $mixed                        a run with every verdict

# shellcheck disable=SC2154 # of tap.sh
made_up=$srcdir/tests/fleet/made_up.awk
# shellcheck disable=SC2034 # for the test
mixed=$srcdir/tests/runs/mixed.jsonl
FIVESTEP=$(readlink -f "$FIVESTEP")
cd "$tmp" || exit 99
mkdir no_programs

make_fleet() {
	folder=$1
	shift
	mkdir -p "$folder/runs"
	awk -v dir="$folder" -v rounds=10 "$@" -f "$made_up"
}

alone() {
	PATH=$tmp/no_programs "$FIVESTEP" "$@"
}

# shellcheck disable=SC2034 # for the test
fleet() {
	alone fleet "$@" >out 2>err
	status=$?
	out=$(cat out)
	err=$(cat err)
}
