#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Cells are the same before and after a parameter existed: runs compare, an index made by an older fivestep keeps its series, exports their columns.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# run_file FILE DAY DECLARED PARAMS SET: 12 rounds of a cell. DECLARED: parameters of the device; "" in a run of before that was recorded
run_file() {
	awk -v day="$2" -v declared="$3" -v params="$4" -v set="$5" 'BEGIN {
		printf("{\"type\":\"run\",\"schema\":1,\"id\":\"000000%02d-0000-4000-8000-000000000000\",\"started\":\"2026-01-%02dT06:00:00Z\",", day, day)
		printf("\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":%d,\"clock\":\"monotonic\",\"build\":{\"version\":\"0.1.0\",\"commit\":\"c%d\"},", day, day)
		printf("\"machine\":{\"fingerprint\":\"00112233aabbcc02\",\"identity\":{\"cpu\":\"invented\"},\"factors\":{},\"state\":{}},")
		printf("\"setups\":{\"copy\":{\"memory\":\"device\"}},\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true%s}],\"cells\":[{",
			declared == "" ? "" : ",\"parameters\":{" declared "}")
		cell = sprintf("\"cell\":0,\"bench\":\"triad\",\"kind\":\"kernel\",\"setup\":\"copy\",\"device\":\"emu\",\"params\":{%s},\"set\":[%s]", params, set)
		print cell "}]}"
		for (r = 0; r < 12; r++)
			printf("{\"type\":\"round\",\"round\":%d,%s,\"verdict\":\"ok\",\"metrics\":{\"total\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%d]}},"\
				"\"steps\":[],\"evidence\":[]}\n", r, cell, 100000 + r)
		print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
	}' >"$1"
}

workers='"workers":{"initial":"2"}'
granule='"granule":{"initial":"4K","word":"base","memory":["mirror"]},"lie_page":{"initial":"-1","memory":["mirror"],"test_only":true}'
run_file old.jsonl 1 "" '"workers":"2","granule":"4K","lie_page":"-1"' ''
run_file new.jsonl 2 "$workers,$granule,\"cpus\":{\"initial\":\"any\"}" '"workers":"2","cpus":"any"' ''
run_file two.jsonl 3 "$workers,$granule" '"workers":"2"' '"workers"'
run_file four.jsonl 4 "\"workers\":{\"initial\":\"4\"},$granule" '"workers":"4"' ''

# ---- compare

for pair in "old new" "new old" "new two" "two old"; do
	# shellcheck disable=SC2086
	set -- $pair
	fs 0 "$1 and $2" compare "$1.jsonl" "$2.jsonl"
	has "$out" "verdict: 1 same" "have one cell"
	lacks "$out" "no such cell" "and no other"
done
fs 3 "another initial value" compare old.jsonl four.jsonl
has "$err" "no metric of any cell has values in both runs" "is another cell, though no plan set it"

# ---- a run as it is recorded, with a parameter taken out

size=$(pages 16)
fs 0 "a run" run triad --setup copy,hmm --device emu -p "size=$size" --rounds 2 --timeout 600 -o whole.jsonl
has "$(head -n 1 whole.jsonl)" '"cpus":{"initial":"any"}' "declares the initial values of its parameters"
has "$(head -n 1 whole.jsonl)" '"test_only":true' "and those for tests"
sed 's/,"cpus":"any"//g; s/"cpus":{"initial":"any"},//' whole.jsonl >without.jsonl
is "$(grep -c '"cpus":"any"' without.jsonl)" 0 "without a parameter"
compare_all() {
	"$FIVESTEP" compare "$1" "$2" --json >out.json 2>err
	is "$(tr -d ' \n' <out.json | grep -o '"alone":\[[^]]*\]')" '"alone":[]' "$3"
}
compare_all without.jsonl whole.jsonl "compares with the run that has it, cell by cell"
compare_all whole.jsonl without.jsonl "and the other way round"

# ---- history

fs 0 "an old run" history add --db index.db old.jsonl
fs 0 "a new run" history add --db index.db new.jsonl two.jsonl
fs 0 "series" history series --db index.db
is "$(printf '%s\n' "$out" | tr -s ' ' | grep '^triad' | cut -d ' ' -f 1-2)" "triad/copy/emu/total 3" "are one"
fs 0 "a new initial value" history add --db index.db four.jsonl
fs 0 "series" history series --db index.db
has "$out" "triad/copy/emu/workers=4/total" "is a series of its own"
if command -v sqlite3 >/dev/null 2>&1; then
	# As the first schema has it: names with all parameters, and no further tables.
	fs 0 "an index" history add --db first.db old.jsonl
	sqlite3 first.db "DROP TABLE initial; DROP TABLE cell; PRAGMA user_version = 1;
		UPDATE series SET cell = 'triad/copy/emu/granule=4K/lie_page=-1/workers=2'"
	fs 0 "of an older fivestep" history series --db first.db
	is "$(printf '%s\n' "$out" | tr -s ' ' | grep '^triad' | cut -d ' ' -f 1-2)" "triad/copy/emu/granule=4K/lie_page=-1/workers=2/total 1" "is read as it is"
	is "$(sqlite3 first.db 'PRAGMA user_version')" 1 "and not written"
	fs 0 "a run more" history add --db first.db new.jsonl
	fs 0 "series" history series --db first.db
	is "$(printf '%s\n' "$out" | tr -s ' ' | grep '^triad' | cut -d ' ' -f 1-2)" "triad/copy/emu/granule=4K/lie_page=-1/workers=2/total 2" \
		"go on, and keep their names"
	is "$(sqlite3 first.db 'PRAGMA user_version')" 2 "in an index of the second schema"
	fs 0 "made again" history rebuild --db first.db
	fs 0 "series" history series --db first.db
	is "$(printf '%s\n' "$out" | tr -s ' ' | grep '^triad' | cut -d ' ' -f 1-2)" "triad/copy/emu/granule=4K/lie_page=-1/workers=2/total 2" "have the names still"
else
	skip "sqlite3 is not installed" 10
fi

# ---- exports

fs 0 "otava of all" export --format otava old.jsonl new.jsonl two.jsonl
is "$(head -n 1 out | tr ',' '\n' | grep -c 'triad')" 1 "has one column"
fs 0 "two of a fleet" merge --fleet old.jsonl new.jsonl
is "$(printf '%s\n' "$out" | grep -c '^ *triad')" 1 "are in one row"

done_testing
