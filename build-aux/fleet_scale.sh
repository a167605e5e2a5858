#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fleet_scale.sh [NODES [RUN.jsonl]] - how long and with how much memory a fleet is collected, reported and compared: of 10,000 nodes, with a run of
# docs/ci/health.plan that is measured here first, with ten rounds.
#
# The runs are varied from that one (tests/fleet/varied.awk): 20 nodes are slow by 3 % or 10 %, 3 are another machine. Of the fleet before none is, and of each of the
# two, five nodes are not in the other. Each run has its digest beside it, as the task of
# a node leaves it. Whether just these nodes are found is checked; times and memory are only printed: `make -s && build-aux/fleet_scale.sh`. It needs three times
# the room of the runs, in TMPDIR. Files that were just written are in memory: what a shared file system takes to read them comes on top. To make the digests takes
# longest: with FOLDER in the environment the files stay there, and what is there is not made again.
set -eu

nodes=${1:-10000}
run=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)
fivestep=${FIVESTEP:-$PWD/fivestep}
[ -x "$fivestep" ] || fivestep=$here/fivestep
work=${FOLDER:-$(mktemp -d)}
[ -n "${FOLDER:-}" ] || trap 'rm -rf "$work"' EXIT
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
	status=0
	wait $pid || status=$?
	# Of compare: there are nodes that are slower, as there should be.
	if [ $status -ne 0 ] && [ "$what $status" != "compare 1" ]; then
		cat "$work/errors" >&2
		exit 99
	fi
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

# make_fleet NAME OPTION...: a fleet with its digests.
make_fleet() {
	folder=$work/$1
	shift
	mkdir -p "$folder/runs"
	[ -e "$folder/made" ] || awk -v dir="$folder" -v nodes="$nodes" "$@" -f "$here/tests/fleet/varied.awk" "$run"
	: >"$folder/made"
	find "$folder/runs" -name '*.jsonl' ! -exec test -e '{}.digest' ';' -print >"$work/list"
	began=$(date +%s%N)
	tr '\n' '\0' <"$work/list" | xargs -0 -n 100 -P "$(nproc)" "$fivestep" fleet digest
	echo "$(wc -l <"$work/list") $(($(date +%s%N) - began))" | awk '{ printf("%-10s %6.2f s  %6d made\n", "digests", $2 / 1e9, $1) }'
}

rm -rf "$work/collected" "$work/page"
if [ -z "$run" ]; then
	run=$work/run.jsonl
	"$fivestep" run -q --rounds 10 -o "$run" "$here/docs/ci/health.plan"
fi
echo "$nodes nodes, each with a run of $(($(wc -c <"$run") / 1024)) KiB"
make_fleet fleet
du -sm "$work/fleet/runs" | awk '{ printf("%-10s %6.0f MiB\n", "files", $1) }'
measure status "$fivestep" fleet status "$work/fleet"
measure collect "$fivestep" fleet collect "$work/fleet" -o "$work/collected"
measure report "$fivestep" fleet report "$work/fleet" -o "$work/page"
found "slow nodes" '^\(n[0-9]*\): outlier in .*' "$work/fleet/slow3" "$work/fleet/slow10"
found "other machines" '^\(n[0-9]*\): another machine than most$' "$work/fleet/other"
grep '^apart: ' "$work/said"
tail -n 1 "$work/said"
du -sk "$work/page" | awk '{ printf("%-10s %6.0f KiB\n", "page", $1) }'
make_fleet before -v plain=1 -v again=9
# Nodes that are neither slow nor another machine: five are missing afterwards, and five are new.
seq -f n%05.0f 1 "$((nodes - 1))" | sort - "$work/fleet/slow3" "$work/fleet/slow10" "$work/fleet/other" | uniq -u | sed -n '1~7p' | head -n 10 >"$work/alike"
head -n 5 "$work/alike" >"$work/missing"
tail -n 5 "$work/alike" >"$work/new"
while read -r node; do
	rm "$work/collected/$node.jsonl"
done <"$work/missing"
while read -r node; do
	rm -f "$work/before/runs/1-$(echo "${node#n}" | sed 's/^0*\(.\)/\1/').jsonl"
done <"$work/new"
measure compare "$fivestep" fleet compare "$work/before" "$work/collected" --all
found "slower nodes" '^\(n[0-9]*\) *SLOWER .*' "$work/fleet/slow3" "$work/fleet/slow10"
found "other changes" '^\(n[0-9]*\) *\(FASTER\|CHANGED\) .*' /dev/null
found "other machines" '^\(n[0-9]*\): not comparable: .*' "$work/fleet/other"
found "missing nodes" '^\(n[0-9]*\): missing in the second$' "$work/missing"
found "new nodes" '^\(n[0-9]*\): only in the second$' "$work/new"
tail -n 1 "$work/said"
