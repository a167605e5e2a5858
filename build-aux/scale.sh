#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scale.sh [CELLS [ROUNDS]] - how long and with how much memory two large runs are compared, of 10,000 cells with 100 rounds each.
#
# The runs are made up (tests/analysis/large_run.awk); every tenth cell of the second is 3 % slower. The first comparison reads the run files, the second
# their digests. Nothing is asserted: `make -s && build-aux/scale.sh` prints what this machine takes.
set -eu

cells=${1:-10000}
rounds=${2:-100}
here=$(cd "$(dirname "$0")/.." && pwd)
fivestep=${FIVESTEP:-$PWD/fivestep}
[ -x "$fivestep" ] || fivestep=$here/fivestep
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export FIVESTEP_CACHE="$work/cache"

# make_run FILE SEED PERCENT
make_run() {
	awk -v cells="$cells" -v rounds="$rounds" -v seed="$2" -v percent="$3" -f "$here/tests/analysis/large_run.awk" >"$1"
}

# Seconds of a command, which may end with 1 (something got slower), and the most memory that it had.
measure() {
	what=$1
	shift
	"$@" >"$work/out" 2>&1 &
	pid=$!
	began=$(date +%s%N)
	peak=0
	while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		peak=$now
		sleep 0.02
	done
	wait $pid || [ $? -eq 1 ] || {
		cat "$work/out" >&2
		exit 99
	}
	echo "$what $(($(date +%s%N) - began)) $peak" | awk '{ printf("%-14s %6.2f s  %6.0f MiB\n", $1, $2 / 1e9, $3 / 1024) }'
}

echo "$cells cells x $rounds rounds, twice"
make_run "$work/base.jsonl" 1 0
make_run "$work/new.jsonl" 7 3
cat "$work"/*.jsonl | wc -c | awk '{ printf("%-14s %6.0f MiB\n", "files", $1 / 1048576) }'
sleep 2 # a file that has just changed has no digest
measure run_files "$fivestep" compare "$work/base.jsonl" "$work/new.jsonl"
tail -n 3 "$work/out"
measure digests "$fivestep" compare "$work/base.jsonl" "$work/new.jsonl"
