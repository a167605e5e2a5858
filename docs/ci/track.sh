#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# track.sh [STORE] - one step of a CI that tracks performance: measures, looks whether anything changed, keeps what is main's.
#
# STORE is a folder that the CI keeps from one time to the next (a cache, an artifact, a disk). In it: runs/ with the run files of main, which are
# the results; history.db, an index of them; requests/ with the runs of the last merge request; and what this time gives: report.md, check.json, junit.xml.
#
# PLAN      what to measure (default: quick; in the guest: guest)
# GUEST     yes: in the reference guest under the instruction clock, the same on any runner, however busy
# UPDATE    yes, as on the main branch: this run becomes part of the history. Otherwise it is a merge request's, held against the history and not kept in it
# REPEAT    how often a merge request is measured (default: 3, and once in the guest): one run may always be an odd one, and more runs need fewer before
# EARLY     yes: while main's history is too short to tell, a merge request fails by a comparison of two runs. For a machine that is the same from day to
#           day; on others that fails for nothing (build-aux/nights.sh)
# FIVESTEP  the program (default: fivestep)
#
# On the main branch the history decides: an alarm stays, every time, until the change is undone, noted as expected, or everything that main does now is
# accepted:
#
#     fivestep history annotate --db STORE/history.db RUN PATTERN --why TEXT
#     fivestep history baseline --db STORE/history.db accepted latest
#
# A merge request is held against the level that main has now. What two single runs differ in is in report.md, to read: it contains what differs from day
# to day.
#
# Status: fivestep's. 0 fine, 1 a regression, 4 failed or invalid data, 77 everything was skipped, 64 and 99 errors. What cannot be told yet, as on a
# machine that is new, is said, and is fine.
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

# worse STATUS: keeps the first one that is not fine.
result=0
worse() {
	[ "$result" -ne 0 ] || result=$1
}

# no_answer STATUS: not comparable, too few runs, or too disturbed to tell
no_answer() {
	[ "$1" -eq 3 ] || [ "$1" -eq 5 ]
}

# measure FILE: what was measured of a run that failed in part is kept, too.
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

# Beside what main was at last. On main this is to read: two nights always differ, and which of that is a change the history tells.
base=$("$fivestep" history baseline --db "$db" main 2>/dev/null) || base=
compared=0
if [ -n "$base" ]; then
	"$fivestep" compare --markdown "$base" "$1" >"$store/report.md"
	compared=$?
else
	echo "Nothing of main yet to compare with." | tee "$store/report.md"
fi

# A merge request's runs go into a copy of the index, which is forgotten.
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

# On main: all that changed and was not accepted. Of a merge request: whether its runs are at the level of those before.
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
	[ $checked -ne 1 ] || echo "track: this stays until it is undone, noted (history annotate) or accepted (history baseline --db $db accepted latest)"
	[ "$added" -ne 0 ] || "$fivestep" history baseline --db "$db" main "$run" || worse $?
elif ! grep -q '"few": 0' "$store/check.json"; then
	echo "track: the history is too short to tell of all series; two runs compared: status $compared, see report.md"
	[ "${EARLY:-no}" != yes ] || no_answer $compared || worse $compared
fi
exit "$result"
