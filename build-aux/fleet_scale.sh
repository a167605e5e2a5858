#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fleet_scale.sh [NODES [CELLS [ROUNDS]]] - how long and with how much memory a fleet is collected and reported, of 10,000 nodes with 5 cells of 10 rounds each.
#
# The runs are made up (tests/fleet/made_up.awk): 20 nodes are slow by 3 % or 10 %, 3 are another machine. Whether just these are found is checked; times and
# memory are only printed: `make -s && build-aux/fleet_scale.sh`.
set -eu

nodes=${1:-10000}
cells=${2:-5}
rounds=${3:-10}
here=$(cd "$(dirname "$0")/.." && pwd)
fivestep=${FIVESTEP:-$PWD/fivestep}
[ -x "$fivestep" ] || fivestep=$here/fivestep
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# No Slurm is asked: these are only files.
mkdir -p "$work/none" "$work/fleet/runs"

# Seconds of a command, and the most memory that it had.
measure() {
	what=$1
	shift
	PATH=$work/none "$@" >"$work/said" 2>"$work/errors" &
	pid=$!
	began=$(date +%s%N)
	peak=0
	while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		peak=$now
		sleep 0.02
	done
	wait $pid || {
		cat "$work/errors" >&2
		exit 99
	}
	echo "$what $(($(date +%s%N) - began)) $peak" | awk '{ printf("%-10s %6.2f s  %6.0f MiB\n", $1, $2 / 1e9, $3 / 1024) }'
}

# found WHAT PATTERN FILE...: whether the lines of what was said that the pattern takes name just the nodes of the files.
found() {
	what=$1
	sed -n "s/$2/\\1/p" "$work/said" | sort >"$work/found"
	shift 2
	sort "$@" | cmp -s - "$work/found" || {
		echo "$what: not just those that are" >&2
		exit 1
	}
	echo "$what: $(wc -l <"$work/found"), all of them and no other"
}

echo "$nodes nodes, $cells cells, $rounds rounds"
awk -v dir="$work/fleet" -v nodes="$nodes" -v cells="$cells" -v rounds="$rounds" -f "$here/tests/fleet/made_up.awk"
du -sm "$work/fleet/runs" | awk '{ printf("%-10s %6.0f MiB\n", "files", $1) }'
measure status "$fivestep" fleet status "$work/fleet"
measure collect "$fivestep" fleet collect "$work/fleet" -o "$work/collected"
measure report "$fivestep" fleet report "$work/fleet" -o "$work/page"
found "slow nodes" '^\(n[0-9]*\): outlier in .*' "$work/fleet/slow3" "$work/fleet/slow10"
found "other machines" '^\(n[0-9]*\): another machine than most$' "$work/fleet/other"
grep '^apart: ' "$work/said"
tail -n 1 "$work/said"
du -sk "$work/page" | awk '{ printf("%-10s %6.0f KiB\n", "page", $1) }'
