#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bench.sh PLAN - `make bench`: measures the plan, prints the table, writes the report, and says where both are. The environment
# gives FIVESTEP, the program. Status: 0 also where cells, or all of them, are skips; else that of `fivestep run`.
set -eu

plan=$1
: "${FIVESTEP:=./fivestep}"
stamp=$(date -u +%Y%m%dT%H%M%SZ)
run=results/local/$stamp.jsonl
n=1
# Two in one second.
while [ -e "$run" ]; do
	n=$((n + 1))
	run=results/local/$stamp-$n.jsonl
done
report=${run%.jsonl}-report

mkdir -p results/local
status=0
"$FIVESTEP" run "$plan" -o "$run" || status=$?
if [ ! -s "$run" ]; then
	exit "$status"
fi
# What is bad or was interrupted is reported, too: the report is where one sees it.
reported=0
"$FIVESTEP" report "$run" -o "$report" || reported=$?
echo
echo "rounds  $PWD/$run"
if [ -d "$report" ]; then
	echo "report  $PWD/$report/index.html"
fi
if [ "$reported" -eq 77 ]; then
	reported=0
fi
if [ "$status" -eq 77 ]; then
	echo 'every cell was skipped on this machine: fivestep doctor says why'
	status=0
elif [ "$status" -eq 4 ]; then
	echo 'some rounds failed or their evidence does not hold: see the report'
fi
[ "$status" -ne 0 ] || status=$reported
exit "$status"
