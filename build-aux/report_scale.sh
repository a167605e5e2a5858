#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# report_scale.sh RUN... - how long a report of these runs takes, with how much of the CPUs' time, and how large its page is.
#
# Nothing is asserted. With the quick plan on a host and in the guest, in both clocks:
#
#   fivestep run quick -q -o host.jsonl
#   fivestep guest run -- run guest -q -o guest.jsonl
#   fivestep guest run --clock instructions -- run guest -q -o instructions.jsonl
#   build-aux/report_scale.sh host.jsonl guest.jsonl instructions.jsonl
set -eu

[ $# -gt 0 ] || {
	echo "usage: build-aux/report_scale.sh RUN..." >&2
	exit 64
}
here=$(cd "$(dirname "$0")/.." && pwd)
fivestep=${FIVESTEP:-$here/fivestep}
FIVESTEP_DATADIR=${FIVESTEP_DATADIR:-$here}
export FIVESTEP_DATADIR
work=$(mktemp -d "${TMPDIR:-/tmp}/fivestep-report.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

began=$(date +%s%N)
status=0
"$fivestep" report "$@" -o "$work/report" >"$work/said" 2>&1 || status=$?
ended=$(date +%s%N)
# 4: a report of runs with rounds that went wrong
[ $status = 0 ] || [ $status = 4 ] || {
	cat "$work/said" >&2
	exit 99
}
times >"$work/times"
tail -n 1 "$work/times" | awk -v wall="$(((ended - began) / 1000000))" -v cpus="$(nproc)" '
	function seconds(text,    part) { split(text, part, /[ms]/); return 60 * part[1] + part[2] }
	{ printf("%.1f s on %d CPUs, of which %.1f s each for all work\n", wall / 1000, cpus, (seconds($1) + seconds($2)) / cpus) }'
wc -c <"$work/report/index.html" | awk '{ printf("%.2f MB of a page\n", $1 / 1e6) }'
find "$work/report" -name '*.svg' | wc -l | awk '{ printf("%d pictures\n", $1) }'
