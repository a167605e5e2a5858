#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing in a file that fivestep reads is executed, loaded or put into an environment: a run file that is resumed, names that gnuplot gets, an
# index with a schema of somebody else's, a digest in the cache that is not the user's. tests/command/ab.sh has the sessions of ab.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# --- run --resume
printf '# faults\nevent f = rusage:minflt\nmetric per_page ratio = f / pages\nabout\nText.\n' >own.group
fs 0 "a run with counters from a file" run first_touch --setup copy --rounds 1 -p "size=$(pages 16)" --counters ./own.group -o run.jsonl
cp run.jsonl again.jsonl
fs 64 "it is resumed" run --resume again.jsonl
has "$err" "names files of counters: ./own.group" "not without the file being named on the command line"
fs 64 "with another file" run --resume again.jsonl --counters ./other.group
has "$err" "counters are './other.group' here, and './own.group' in again.jsonl" "is told with both"
fs 0 "with the same file" run --resume again.jsonl --counters ./own.group
mkfifo trap.group
sed '1s|"counters":"./own.group"|"counters":"./trap.group"|' run.jsonl >evil.jsonl
fs 64 "a file of the run file's choice" run --resume evil.jsonl
is "$(wc -l <evil.jsonl)" "$(wc -l <run.jsonl)" "is not opened, and nothing is written"

# change NAME SED: the run file, changed, is refused
change() {
	sed "$2" run.jsonl | sed '1s|./own.group|none|' >evil.jsonl
	sed '1s|./own.group|none|' run.jsonl >plain.jsonl
	! cmp -s evil.jsonl plain.jsonl
	ok $? "the run record is changed: $1"
	fs 64 "and is refused: $1" run --resume evil.jsonl
}
change "several names" '1s/"bench":"first_touch"/"bench":"first_touch triad btree"/g'
change "a sweep in a name" '1s/"bench":"first_touch"/"bench":"first_touch size=4K:+4K:1M"/g'
change "a glob" '1s/"setup":"copy"/"setup":"*"/g'
change "a sweep in a value" '1s/"size":"64K"/"size":"4K:+4K:1M"/g'
change "a list in a value" '1s/"size":"64K"/"size":"64K,128K"/g'
change "a parameter that is none" '1s/"size":"64K"/"setup":"copy"/g'
change "no rounds" '1s/"rounds_min":1,/"rounds_min":0,/'
change "fewer than no rounds" '1s/"rounds_max":1,/"rounds_max":-1,/'
change "a limit that is none" '1s/"timeout_s":[0-9.]*/"timeout_s":-1e300/'
change "a precision that is none" '1s/"precision_pct":[0-9.]*/"precision_pct":"x"/'

# --- report: names as gnuplot's commands
hostile="\`touch $tmp/executed\` '.system('touch $tmp/executed').' @EXEC \$(touch $tmp/executed) | touch $tmp/executed; %s%n%1000d {/Bold x} < touch $tmp/executed"
awk -v hostile="$hostile" '{ gsub(/"(hmm|copy|cdm)"/, "\"" hostile "\""); gsub(/"imagined"/, "\"../../" hostile "\""); gsub(/"share"/, "\"" hostile "\""); print }' \
	"$srcdir/tests/runs/plots.jsonl" >named.jsonl
mkdir report
fs 0 "a report of names that are commands" report named.jsonl -o report/of
[ ! -e executed ]
ok $? "nothing of them is executed"
is "$(find . -newer named.jsonl -type f ! -path './report/of/*' ! -name out ! -name err ! -path './.pocl/*')" "" "and nothing is written elsewhere"

# --- history: an index with triggers and views
fs 0 "an index" history add --db h.db "$srcdir/tests/runs/fine.jsonl"
if command -v sqlite3 >/dev/null 2>&1; then
	sqlite3 h.db "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run WHERE id < NEW.id; END;"
	fs 0 "one with a trigger" history add --db h.db "$srcdir/tests/runs/plots.jsonl"
	is "$(sqlite3 h.db 'SELECT count(*) FROM run')" 2 "runs no trigger"
	cp h.db view.db
	sqlite3 view.db "DROP TRIGGER t; ALTER TABLE run RENAME TO kept; CREATE VIEW run AS SELECT * FROM kept"
	"$FIVESTEP" history log --db view.db >said 2>&1
	is "$?" 99 "one whose table is a view is refused"
else
	skip "sqlite3 is not installed" 3
fi

done_testing
