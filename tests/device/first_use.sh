#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The first pass of a round costs what the second does: whatever memory a device brings has been used, by each process and through each mapping that
# will use it, before anything is timed. Seen here by what the timed steps fault on.
. "${srcdir:-.}/tests/tap.sh"

run=$tmp/run.jsonl

# faults STEP: minor faults of the host's process in that step of the last round
faults() {
	grep '"type":"round"' "$run" | sed "s/.*\"step\":\"$1\"[^}]*\"rusage.minflt\":{\"value\":\\([0-9]*\\).*/\\1/"
}

# few NAME SETUP ARGS...: a buffer of 2048 base pages, or of as many huge pages as that takes on most machines, goes there and back with few faults
few() {
	name=$1
	shift
	rm -f "$run"
	"$FIVESTEP" run migrate_bandwidth --setup "$@" --rounds 1 --counters rusage --timeout "$patient" -o "$run" >"$tmp/out" 2>&1
	status=$?
	if [ $status -eq 77 ]; then
		skip "$name: $(grep '^skip' "$tmp/out")" 3
		return
	fi
	is $status 0 "$name"
	for step in device cpu_after; do
		seen=$(faults "$step")
		[ "${seen:-none}" != none ] && [ "$seen" -le 32 ]
		ok $? "... $step: few faults of the process ($seen)"
	done
}

few "copy, base pages" copy -p "size=$(pages 2048)"
few "copy, huge pages" copy -p 'size=4*huge' -p page=huge
few "hmm, base pages" hmm -p "size=$(pages 2048)"
few "hmm, huge pages" hmm -p 'size=4*huge' -p page=huge -p granule=huge
done_testing
