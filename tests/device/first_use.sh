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

# few NAME SETUP ARGS...: a buffer of 2048 base pages goes there and back with fewer faults than one for every 64 pages
few() {
	name=$1
	shift
	rm -f "$run"
	fs 0 "$name" run migrate_bandwidth --setup "$@" -p size=8M --rounds 1 --counters rusage --timeout 10m -o "$run"
	for step in device cpu_after; do
		seen=$(faults "$step")
		[ "${seen:-none}" != none ] && [ "$seen" -le 32 ]
		ok $? "... $step: few faults of the process ($seen)"
	done
}

few "copy, base pages" copy
few "copy, huge pages" copy -p page=2M
few "hmm, base pages" hmm
few "hmm, huge pages" hmm -p page=2M -p granule=2M
done_testing
