#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# health.sh [drain] - is this node as fast as it was? For Slurm's Prolog, where another status than 0 drains the node, or its HealthCheckProgram, whose
# status Slurm ignores: with "drain" the node is drained here, by scontrol.
#
# The first call keeps its run as the node's base; to renew it, for example after an update, remove base.jsonl. Status 0: healthy, or it cannot be told (a busy
# machine, no program), which is no reason to drain a node. Status 1: slower than the base, wrong data, or another machine than it was; the run is kept.
set -u
# What a program says is one line here, and in Slurm's log.
COLUMNS=9999
export COLUMNS

fivestep=${FIVESTEP:-fivestep}
plan=${FIVESTEP_HEALTH_PLAN:-$(dirname "$0")/health.plan}
folder=${FIVESTEP_HEALTH:-/var/lib/fivestep} # of root's: whoever can write there decides what healthy is

unhealthy() {
	echo "fivestep: $1" >&2
	mv "$new" "$folder/unhealthy-$(date -u +%Y%m%dT%H%M%SZ)-$$.jsonl"
	[ "$drain" != drain ] || scontrol update NodeName="${SLURMD_NODENAME:-$(hostname -s)}" State=DRAIN Reason="fivestep: $1"
	exit 1
}
not_judged() {
	echo "fivestep: not judged: $1" >&2
	exit 0
}

drain=${1:-}
mkdir -p "$folder" || not_judged "$folder cannot be made"
work=$(mktemp -d "$folder/now.XXXXXX") || not_judged "$folder cannot be written"
trap 'rm -rf "$work"' EXIT
new=$work/run.jsonl

"$fivestep" run "$plan" -q -o "$new" >"$work/said" 2>&1
status=$?
case $status in
0) ;;
4) unhealthy 'rounds with wrong data or without a result' ;;
*) not_judged "fivestep run ends with $status: $(tail -n 1 "$work/said")" ;;
esac
if [ ! -e "$folder/base.jsonl" ]; then
	mv "$new" "$folder/base.jsonl"
	not_judged 'this run is the base from now on'
fi
"$fivestep" compare "$folder/base.jsonl" "$new" --margin 5 >"$work/said" 2>&1
status=$?
case $status in
0) ;;
1) unhealthy 'slower than its base' ;;
3) unhealthy 'not comparable with its base: another machine or memory than it was' ;;
4) unhealthy 'rounds with wrong data or without a result' ;;
*) not_judged "fivestep compare ends with $status: $(tail -n 1 "$work/said")" ;;
esac
