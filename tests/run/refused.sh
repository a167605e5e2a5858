#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the system refuses (a system call in a container, a program that may not be executed, data that is not where it was) is said with
# its own reason and a remedy that fits, and is no error of usage.
# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

forbid=${FORBID:-${FIVESTEP%/*}/tests/build/forbid}
program=$FIVESTEP

"$forbid" userfaultfd EPERM true
if [ $? -eq 77 ]; then
	skip "no seccomp here: system calls cannot be refused" 12
else
	FIVESTEP=$forbid
	fs 4 "a memory policy that is refused" mbind EPERM "$program" run triad --setup copy --rounds 1 -p node=0 -p size=1M -o "$tmp/m.jsonl"
	has "$out" "mbind: Operation not permitted" "has its own reason"
	lacks "$(cat "$tmp/m.jsonl")" "smaller size" "and no smaller size as the remedy"
	has "$(cat "$tmp/m.jsonl")" "seccomp" "but where it is allowed"
	fs 99 "processes that cannot be watched" pidfd_open EPERM "$program" run floor --rounds 1 -o "$tmp/p.jsonl"
	has "$err" "pidfd_open" "are no error of usage, and name the call"
	has "$err" "Operation not permitted" "with the first error, not that of a later call"
	fs 99 "an old kernel" pidfd_open ENOSYS "$program" run floor --rounds 1 -o "$tmp/q.jsonl"
	has "$err" "Linux 5.3" "is told from a container"
	fs 99 "memory that cannot be shared with rounds" memfd_create EPERM "$program" run floor --rounds 1 -o "$tmp/r.jsonl"
	has "$err" "no shared memory for rounds (memfd_create): Operation not permitted" "has the system's reason"
	lacks "$err" "usage" "and is no usage"
	FIVESTEP=$program
fi

# A program that may no longer be executed: each round is this program executed anew. Taken away after the first round was recorded.
cp "$program" "$tmp/fivestep" || exit 99
chmod 755 "$tmp/fivestep"
"$tmp/fivestep" run first_touch --setup copy --rounds 100000 -p "size=$(pages 16)" -q -o "$tmp/x.jsonl" >"$tmp/x.out" 2>"$tmp/x.err" &
run=$!
until grep -q '"type":"round"' "$tmp/x.jsonl" 2>/dev/null || ! kill -0 $run 2>/dev/null; do :; done
chmod 000 "$tmp/fivestep"
until grep -q '"verdict":"crash"' "$tmp/x.jsonl" || ! kill -0 $run 2>/dev/null; do :; done
kill -INT $run 2>/dev/null
wait $run
grep '"verdict":"crash"' "$tmp/x.jsonl" | head -n 1 | grep -q 'cannot execute fivestep anew.*Permission denied'
ok $? "a round that cannot be executed says why"

# The program alone, moved away from its data.
mkdir "$tmp/alone" && cp "$program" "$tmp/alone/" || exit 99
FIVESTEP=$tmp/alone/fivestep
FIVESTEP_DATADIR=$tmp/alone
fs 99 "a program without its plans" run quick -o "$tmp/alone/q.jsonl"
has "$err" "cannot find its plans" "says so"
lacks "$err" "unknown benchmark" "and does not take the plan for a benchmark"
has "$err" "FIVESTEP_DATADIR" "with what to set"
fs 0 "what needs no data works all the same" run first_touch --setup copy --rounds 1 -p "size=$(pages 16)" -o "$tmp/alone/t.jsonl"
fs 0 "a list of plans that are not there" list plans
has "$err" "cannot find its plans" "is not just empty"
"$program" list benchmarks >/dev/null
if command -v gnuplot >/dev/null 2>&1; then
	fs 99 "a report without its scripts" report "$tmp/alone/t.jsonl" -o "$tmp/alone/report"
	has "$err" "cannot find its plot scripts" "says so"
	[ ! -e "$tmp/alone/report" ]
	ok $? "and leaves no empty folder"
else
	skip "no gnuplot" 3
fi
FIVESTEP=$program
FIVESTEP_DATADIR=$srcdir

# Machines that are not this one: the remedy names the variables that are set, and only those.
HWLOC_SYNTHETIC='numa:2 core:2 pu:1'
export HWLOC_SYNTHETIC
fs 77 "a synthetic topology" run triad --setup copy --rounds 1 -p size=1M -o "$tmp/s.jsonl"
has "$out" "unset HWLOC_SYNTHETIC" "is no machine to measure, and the remedy fits"
lacks "$out" "HWLOC_XMLFILE" "and names nothing that is not set"
unset HWLOC_SYNTHETIC
printf '<?xml version="1.0"?>\n<!DOCTYPE topology SYSTEM "hwloc99.dtd">\n<topology version="99.0"><object type="Machine"/></topology>\n' >"$tmp/99.xml"
HWLOC_XMLFILE=$tmp/99.xml
export HWLOC_XMLFILE
fs 99 "a topology of a newer hwloc" doctor
has "$err" "was written by hwloc 99" "is told from a broken file"
has "$err" "lstopo --export-xml-flags" "with how to write one that can be read"
unset HWLOC_XMLFILE

done_testing
