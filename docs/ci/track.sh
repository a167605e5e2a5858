#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# track.sh [STORE] - one step of a CI that tracks performance: measure, check for changes, keep the runs of the main branch.
#
# STORE is a folder that the CI keeps between jobs (a cache, an artifact, a disk). It has runs/ with the run files of main, which are
# the results; history.db, an index of them; requests/ with the runs of the last merge request; and this job's output: report.md, check.json, junit.xml;
# and site/, the history as pages to publish (main only).
#
# PLAN      what to measure (default: quick; in the guest: guest)
# GUEST     yes: measure in the reference guest under the instruction clock, which gives the same on any runner, however busy
# UPDATE    yes, as on the main branch: add this run to the history. Otherwise it is a merge request's run: compared with the history, not added to it
# REPEAT    how often a merge request is measured (default: 3, and once in the guest): a single run may be an outlier, and with more runs a shorter history is enough
# EARLY     yes: while main's history is too short to decide, a merge request fails by a comparison of two runs. For a machine that is the same from day to
#           day; on others that raises false alarms (build-aux/nights.sh)
# FIVESTEP  the program (default: fivestep)
#
# On the main branch the history decides: an alarm is raised in every job until the change is undone, noted as expected, or the current level of main is
# accepted:
#
#     fivestep history annotate --db STORE/history.db RUN PATTERN --why TEXT
#     fivestep history baseline --db STORE/history.db accepted latest
#
# A merge request is compared with the current level of main. report.md compares two single runs and is for information: it includes differences from day
# to day.
#
# Exit status: fivestep's. 0 success, 1 a regression, 4 failed or invalid data, 77 everything was skipped, 64 and 99 errors. If nothing can be decided yet, as
# on a new machine, that is reported, and the status is 0.
set -u

store=${1:-fivestep-store}
fivestep=${FIVESTEP:-fivestep}
update=${UPDATE:-no}
guest=${GUEST:-no}
db=$store/history.db
repeat=1
kept=runs
if [ "$update" != yes ]; then
	[ "$guest" = yes ] || repeat=${REPEAT:-3}
	kept=requests
	rm -rf "$store/requests"
fi
mkdir -p "$store/$kept" || exit 99

# worse STATUS: keeps the first status that is not 0.
result=0
worse() {
	[ "$result" -ne 0 ] || result=$1
}

# no_answer STATUS: not comparable, too few runs, or too disturbed to decide
no_answer() {
	[ "$1" -eq 3 ] || [ "$1" -eq 5 ]
}

# measure FILE: a run that failed in part is kept, too.
measure() {
	if [ "$guest" = yes ]; then
		"$fivestep" guest run --clock instructions -- run "${PLAN:-guest}" -o "$1"
	else
		"$fivestep" run "${PLAN:-quick}" -o "$1"
	fi
	worse $?
}

first=$store/$kept/$(date -u +%Y%m%dT%H%M%SZ)-$$.jsonl
run=$first
set --
n=0
while [ $n -lt "$repeat" ]; do
	[ $n -eq 0 ] || run=${first%.jsonl}-$n.jsonl
	measure "$run"
	[ ! -s "$run" ] || set -- "$@" "$run"
	n=$((n + 1))
done
if [ $# -eq 0 ]; then
	echo "track: nothing was measured" >&2
	[ "$result" -ne 0 ] || result=99
	exit "$result"
fi
"$fivestep" export --format junit "$1" >"$store/junit.xml"

# Compared with the last run of main. On main this is for information: two nights always differ, and the history decides which difference is a change.
base=$("$fivestep" history baseline --db "$db" main 2>/dev/null) || base=
compared=0
if [ -n "$base" ]; then
	"$fivestep" compare --markdown "$base" "$1" >"$store/report.md"
	compared=$?
else
	echo "There is no run of main yet to compare with." | tee "$store/report.md"
fi

# A merge request's runs are added to a copy of the index, which is deleted at the end.
if [ "$update" != yes ]; then
	for suffix in '' .notes; do
		[ ! -e "$db$suffix" ] || cp "$db$suffix" "$store/try.db$suffix" || exit 99
	done
	db=$store/try.db
	trap 'rm -f "$store"/try.db*' EXIT
fi
"$fivestep" history add --db "$db" "$@"
added=$?
worse $added
[ $added -eq 0 ] || [ $added -eq 4 ] || exit "$result"

# On main: all changes that were not accepted. For a merge request: whether its runs are at the level of those before.
if [ "$update" != yes ]; then
	set -- --new $#
elif "$fivestep" history baseline --db "$db" accepted >/dev/null 2>&1; then
	set -- --since accepted
else
	set --
fi
"$fivestep" history check --db "$db" "$@"
checked=$?
"$fivestep" history check --db "$db" "$@" --json >"$store/check.json"
no_answer $checked || worse $checked

if [ "$update" = yes ]; then
	"$fivestep" history site --db "$db" "$@" -o "$store/site" || worse $?
	[ $checked -ne 1 ] || echo "track: the alarm stays until the change is undone, noted (history annotate) or accepted (history baseline --db $db accepted latest)"
	[ "$added" -ne 0 ] || "$fivestep" history baseline --db "$db" main "$run" || worse $?
elif ! grep -q '"few": 0' "$store/check.json"; then
	echo "track: the history is too short to decide about all series; two runs compared: status $compared, see report.md"
	[ "${EARLY:-no}" != yes ] || no_answer $compared || worse $compared
fi
exit "$result"
