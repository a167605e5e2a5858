#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# track.sh [STORE] - one step of a CI that tracks performance: measures, keeps the run, compares it with the baseline, looks for changes over time.
#
# STORE is a folder that the CI keeps from one time to the next (a cache, an artifact, a disk). In it: runs/ with the run files, which are
# the results; history.db, an index of them; and what this time gives: report.md for a merge request, check.json, junit.xml.
#
# PLAN      what to measure (default: quick; in the guest: guest)
# GUEST     yes: in the reference guest under the instruction clock, the same on any runner, however busy
# BASELINE  name of the baseline (default: main)
# UPDATE    yes, as on the main branch: this run becomes part of the history, and the baseline where it is no regression. Otherwise the history is
#           asked what it would say, and forgets it again
# FIVESTEP  the program (default: fivestep)
#
# Status: fivestep's. 0 fine, 1 a regression, 4 failed or invalid data, 77 everything was skipped, 64 and 99 errors. The first time has no baseline
# to compare with, and one on a machine of another kind none that is comparable: both are said, and are fine.
set -u

store=${1:-fivestep-store}
fivestep=${FIVESTEP:-fivestep}
baseline=${BASELINE:-main}
mkdir -p "$store/runs" || exit 99
run=$store/runs/$(date -u +%Y%m%dT%H%M%SZ)-$$.jsonl
db=$store/history.db

# worse STATUS: keeps the first one that is not fine.
result=0
worse() {
	[ "$result" -ne 0 ] || result=$1
}

# Measure. What was measured of a run that failed in part is kept, too.
if [ "${GUEST:-no}" = yes ]; then
	"$fivestep" guest run --clock instructions -- run "${PLAN:-guest}" -o "$run"
else
	"$fivestep" run "${PLAN:-quick}" -o "$run"
fi
worse $?
if [ ! -s "$run" ]; then
	echo "track: nothing was measured" >&2
	[ "$result" -ne 0 ] || result=99
	exit "$result"
fi
"$fivestep" export --format junit "$run" >"$store/junit.xml"

# Compare with the baseline: did this change make it slower? Status 3 is no answer, not a regression.
base=$("$fivestep" history baseline --db "$db" "$baseline" 2>/dev/null) || base=
if [ -n "$base" ]; then
	"$fivestep" compare --markdown "$base" "$run" >"$store/report.md"
	compared=$?
	[ $compared -eq 3 ] || worse $compared
else
	echo "No baseline $baseline yet: nothing to compare with." | tee "$store/report.md"
fi

# Look back: slow changes that no single comparison sees. Too few runs (3) are no regression either.
if [ "${UPDATE:-no}" != yes ]; then
	for suffix in '' .notes; do
		[ ! -e "$db$suffix" ] || cp "$db$suffix" "$store/try.db$suffix" || exit 99
	done
	db=$store/try.db
	trap 'rm -f "$store"/try.db*' EXIT
fi
"$fivestep" history add --db "$db" "$run"
added=$?
worse $added
if [ $added -eq 0 ] || [ $added -eq 4 ]; then
	"$fivestep" history check --db "$db" ${base:+--since "$baseline"}
	checked=$?
	"$fivestep" history check --db "$db" ${base:+--since "$baseline"} --json >"$store/check.json"
	[ $checked -eq 3 ] || worse $checked
fi

if [ "${UPDATE:-no}" = yes ] && [ "$result" -eq 0 ]; then
	"$fivestep" history baseline --db "$db" "$baseline" "$run"
	worse $?
fi
exit "$result"
