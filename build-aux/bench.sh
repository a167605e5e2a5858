#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bench.sh PLAN [host|guest|both] - `make bench`: measures the plan here, the guest's plan and automatic balancing in the reference guest,
# prints the tables, writes one report, and says where all of it is. The environment gives FIVESTEP, the program; GUEST=no leaves the
# guest out.
# Status: 0 also where cells, or all of them, are skips; else that of `fivestep run`. A guest that this machine cannot have is a skip; one that was
# lost, since packages could not be installed (75) or its kernel does not build, is none.
set -eu

plan=$1
where=${2:-both}
here=$(cd "$(dirname "$0")" && pwd)
: "${FIVESTEP:=./fivestep}"
stamp=$(date -u +%Y%m%dT%H%M%SZ)
base=results/local/$stamp
n=1
# Two in one second.
while [ -e "$base.jsonl" ] || [ -e "$base-guest.jsonl" ]; do
	n=$((n + 1))
	base=results/local/$stamp-$n
done
report=$base-report
status=0
lost=
all_skipped=yes

# worse STATUS: the worst of the parts is the whole's; all skipped is no failure.
worse() {
	[ "$1" -eq 77 ] || all_skipped=no
	if [ "$1" -ne 77 ] && [ "$1" -ne 0 ]; then
		status=$1
	fi
}

host_part() {
	part=0
	"$FIVESTEP" run "$plan" -o "$base.jsonl" || part=$?
	worse $part
}

# A boot of its own: automatic balancing would disturb all else, and waits for seconds before it first looks, which the clock of
# instructions would make minutes. Half a minute.
balanced_part() {
	part=0
	"$FIVESTEP" guest run --balancing -- run promotion --setup cdm-balance --device emu -p size=4M --rounds 6 -o "$base-balanced.jsonl" || part=$?
	worse $part
}

# Time is counted in instructions there: the same on any machine, with or without KVM.
guest_part() {
	packages=0
	built=0
	"$here/packages.sh" guest || packages=$?
	"$FIVESTEP" guest build >/dev/null || built=$?
	if [ "$built" -eq 77 ] && [ "$packages" -ne 75 ]; then
		echo 'guest: skipped, see above; make bench GUEST=no leaves it out' >&2
		return
	elif [ "$built" -ne 0 ]; then
		[ "$built" -ne 77 ] || built=$packages
		lost="guest: lost, see above: $([ "$packages" -eq 75 ] && echo 'what it needs could not be installed' || echo 'its kernel does not build')"
		worse "$built"
		return
	fi
	part=0
	"$FIVESTEP" guest run --clock instructions -- run guest -o "$base-guest.jsonl" || part=$?
	worse $part
	balanced_part
}

mkdir -p results/local
[ "$where" = guest ] || host_part
if [ "$where" = guest ] || { [ "$where" = both ] && [ "${GUEST:-yes}" != no ] && [ -s "$base.jsonl" ]; }; then
	guest_part
fi

set --
for run in "$base.jsonl" "$base-guest.jsonl" "$base-balanced.jsonl"; do
	[ ! -s "$run" ] || set -- "$@" "$run"
done
[ $# -gt 0 ] || exit "$status"
# What is bad or was interrupted is reported, too: the report is where one sees it.
reported=0
"$FIVESTEP" report "$@" -o "$report" || reported=$?
echo
for run in "$@"; do
	echo "rounds  $PWD/$run"
done
if [ -d "$report" ]; then
	echo "report  $PWD/$report/index.html"
fi
if [ $all_skipped = yes ]; then
	echo 'every cell was skipped on this machine: fivestep doctor says why'
elif [ "$status" -eq 4 ]; then
	echo 'some rounds failed or their evidence does not hold: see the report'
fi
if [ -n "$lost" ]; then
	echo "$lost; make bench-guest measures it alone, GUEST=no leaves it out"
fi
if [ "$status" -eq 0 ] && [ "$reported" -ne 77 ]; then
	status=$reported
fi
exit "$status"
