#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep export: each format is what it says it is, loses nothing, says units, and takes any text for a name.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs

cd "$tmp" || exit 99

# A run whose texts are as bad as JSON allows, in which a cell occurs twice, one timed out and one was never visited.
cat >nasty.jsonl <<'EOR'
{"type":"run","schema":1,"id":"id,\"with\" <marks> & more","started":"2026-01-02T03:04:05Z","plan":{"name":"plan \u0001 \ufffe\n\"x\"","text":""},"seed":1,"clock":"monotonic","build":{"version":"0.1.0","commit":"c\\d"},"machine":{"fingerprint":"00112233aabbccdd","identity":{"cpu":"invented"},"factors":{},"state":{}},"devices":[{"name":"emu","summary":"","emulated":true}],"cells":[{"cell":0,"bench":"b","kind":"benchmark","setup":"hmm","device":"emu","params":{"text":"a\"b\\c\nd,e<f>&g"},"set":["text"]},{"cell":1,"bench":"b","kind":"benchmark","setup":"hmm","device":"emu","params":{"text":"a\"b\\c\nd,e<f>&g"},"set":["text"]},{"cell":2,"bench":"b","kind":"benchmark","setup":"cdm","device":"emu","params":{"size":"4096"},"set":[]},{"cell":3,"bench":"b","kind":"benchmark","setup":"copy","device":"emu","params":{"size":"8K"},"set":[]}]}
{"type":"round","round":0,"cell":0,"bench":"b","kind":"benchmark","setup":"hmm","device":"emu","params":{},"set":[],"verdict":"ok","wall_ms":2.5,"metrics":{"m":{"unit":"ns","better":"lower","samples":[0.1]},"share":{"unit":"%","better":"lower","samples":[12345678901.25]}},"steps":[{"step":"alloc","ns":17,"counters":{"rusage.minflt":{"value":3,"unit":"faults"}}}],"counters":{"rusage.minflt":{"value":4,"unit":"faults"}},"noise":{"load":0.5},"evidence":[]}
{"type":"round","round":0,"cell":1,"bench":"b","kind":"benchmark","setup":"hmm","device":"emu","params":{},"set":[],"verdict":"ok","wall_ms":2.5,"metrics":{"m":{"unit":"ns","better":"lower","samples":[2]}},"steps":[],"evidence":[]}
{"type":"round","round":0,"cell":2,"bench":"b","kind":"benchmark","setup":"cdm","device":"emu","params":{},"set":[],"verdict":"timeout","why":"after \"60\" s, <late>","remedy":"","wall_ms":60000,"metrics":{},"steps":[],"evidence":[]}
{"type":"end","stop":"done","cells":[]}
EOR

# python CODE NAME: a check by a library of Python's own; skipped where there is no Python.
python() {
	if command -v python3 >/dev/null 2>&1; then
		python3 -c "$1" >"$tmp/said" 2>&1
		python_status=$?
		ok $python_status "$2"
		[ $python_status -eq 0 ] || tap_diag "$(cat "$tmp/said")"
	else
		skip "python3 is not installed"
	fi
}

fs 0 "csv of a good run" export --format csv "$runs/fine.jsonl"
cp out fine.csv
fs 4 "csv of a run with a time-out" export --format csv nasty.jsonl
cp out nasty.csv
has "$(cat nasty.csv)" '"id,""with"" <marks> & more"' "quotes what has commas and quotes"
has "$(cat nasty.csv)" ',step,alloc,time,ns,lower,17' "has the steps"
has "$(cat nasty.csv)" ',counter,alloc,rusage.minflt,faults,,3' "their counters"
has "$(cat nasty.csv)" ',counter,,rusage.minflt,faults,,4' "those of the round"
has "$(cat nasty.csv)" ',noise,,load,,,0.5' "the noise"
has "$(cat nasty.csv)" ',metric,,share,%,lower,12345678901.25' "every digit of a value"
has "$(cat nasty.csv)" ',monotonic,true,' "and says that the device is emulated"
has "$(cat nasty.csv)" 'timeout,"after ""60"" s, <late>",,,,,,' "a round without value has its reason"
python '
import csv
rows = list(csv.DictReader(open("nasty.csv", newline=""), strict=True))
assert all(None not in row and None not in row.values() for row in rows), rows
assert rows[0]["params"] == "text=a\"b\\c\nd,e<f>&g", rows[0]
assert {row["cell"] for row in rows} == {"0", "1", "2"}
' "is read back by Python's csv"
fs 0 "csv of several runs" export --format csv "$runs/fine.jsonl" "$runs/instructions.jsonl"
is "$(grep -c '^run,' out)" 1 "has one head"
has "$(cat out)" ",insn," "and instructions are called so"

fs 4 "bmf" export --format bmf nasty.jsonl
cp out bmf.json
has "$out" '"share (%)": {' "names the unit"
has "$out" '#2": {' "tells duplicates apart"
lacks "$out" "cdm" "and has nothing of what has no value"
python '
import json
bmf = json.load(open("bmf.json"))
assert len(bmf) == 2, bmf
for measures in bmf.values():
    for name, values in measures.items():
        assert len(name) <= 64 and set(values) <= {"value", "lower_value", "upper_value"} and "value" in values, values
' "is what Bencher's schema says"
fs 64 "bmf of two runs" export --format bmf nasty.jsonl "$runs/fine.jsonl"
has "$err" "takes one run" "is refused"
sed 's/"share":/"a_name_of_a_metric_that_is_longer_than_what_bencher_takes_for_a_measure":/' nasty.jsonl >long.jsonl
fs 99 "a name that Bencher would not take" export --format bmf long.jsonl
has "$err" "and Bencher accepts 64" "is said, not cut"

fs 4 "junit" export --format junit nasty.jsonl "$runs/skips.jsonl"
cp out junit.xml
has "$out" 'errors="1"' "a time-out is an error"
has "$out" '<error message="after &quot;60&quot; s, &lt;late&gt;" type="timeout">' "with its reason"
has "$out" '<skipped message="not visited">' "a cell that was never visited is skipped"
if command -v xmllint >/dev/null 2>&1; then
	xmllint --noout --schema "$srcdir/tests/analysis/junit.xsd" junit.xml 2>said
	ok $? "has the structure of JUnit's XML"
	sed 's/<system-out>/<system-in>/' junit.xml >broken.xml
	! xmllint --noout --schema "$srcdir/tests/analysis/junit.xsd" broken.xml 2>said
	ok $? "and a broken one would be found"
else
	skip "xmllint is not installed (Debian: apt install libxml2-utils)" 2
fi
python '
import xml.etree.ElementTree as tree
suites = tree.parse("junit.xml").getroot()
cases = suites.findall("testsuite/testcase")
assert len(cases) == int(suites.get("tests")), len(cases)
for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
    assert len(suites.findall("testsuite/testcase/" + kind)) == int(suites.get(count)), kind
assert len({(case.get("classname"), case.get("name")) for case in suites[0]}) == len(suites[0]), "names"
' "counts what it has"

fs 4 "matrix" export --format matrix nasty.jsonl
is "$out" '### emu (emulated)

| | hmm | cdm | copy |
|---|---|---|---|
| b | ok | timeout 1 | not run 2 |

### Reasons

1. after "60" s, \<late\>
2. not visited -> fivestep run --resume' "is a table for each device, with the reasons of what does not run"
# Three cells of a field, two of which are skipped, the second for another reason; another field has the reason of the first.
cat >some.jsonl <<'EOR'
{"type":"run","schema":1,"id":"some","started":"2026-01-02T03:04:05Z","plan":{"name":"p","text":""},"seed":1,"clock":"monotonic","build":{},"machine":{"fingerprint":"00112233aabbccdd","identity":{},"factors":{},"state":{}},"devices":[{"name":"real","summary":"","emulated":false}],"cells":[{"cell":0,"bench":"b","kind":"benchmark","setup":"hmm","device":"real","params":{"size":"4K"},"set":["size"]},{"cell":1,"bench":"b","kind":"benchmark","setup":"hmm","device":"real","params":{"size":"8K"},"set":["size"]},{"cell":2,"bench":"floor","kind":"benchmark","setup":"-","device":"-","params":{},"set":[]},{"cell":3,"bench":"b","kind":"benchmark","setup":"hmm","device":"real","params":{"size":"16K"},"set":["size"]}]}
{"type":"round","round":0,"cell":1,"bench":"b","setup":"hmm","device":"real","verdict":"ok","wall_ms":1,"metrics":{"m":{"unit":"ns","better":"lower","samples":[1]}},"steps":[],"evidence":[]}
{"type":"round","round":0,"cell":0,"bench":"b","setup":"hmm","device":"real","verdict":"skip","why":"too small","remedy":"a larger size","wall_ms":1,"metrics":{},"steps":[],"evidence":[]}
{"type":"round","round":0,"cell":2,"bench":"floor","setup":"-","device":"-","verdict":"skip","why":"too small","remedy":"a larger size","wall_ms":1,"metrics":{},"steps":[],"evidence":[]}
{"type":"round","round":0,"cell":3,"bench":"b","setup":"hmm","device":"real","verdict":"skip","why":"too large","remedy":"a smaller size","wall_ms":1,"metrics":{},"steps":[],"evidence":[]}
{"type":"end","stop":"done","cells":[]}
EOR
fs 0 "matrix of a field of three cells" export --format matrix some.jsonl
is "$out" '### real

| | hmm |
|---|---|
| b | ok 1 of 3, skip 1 |

### the host alone

| | no setup |
|---|---|
| floor | skip 1 |

### Reasons

1. too small -> a larger size' "says of how many it is true, and the first reason of the worst cells, once"
fs 4 "matrix of two runs" export --format matrix nasty.jsonl some.jsonl
is "$(printf '%s\n' "$out" | grep -c '^###')" 4 "has the devices of both"

fs 0 "otava of two runs" export --format otava "$runs/fine.jsonl" "$runs/instructions.jsonl"
is "$(wc -l <out)" 3 "is a head and a line each"
fs 4 "otava" export --format otava nasty.jsonl
cp out otava.csv
python '
import csv, datetime
rows = list(csv.reader(open("otava.csv", newline=""), delimiter=",", quotechar="\""))
assert rows[0][:5] == ["time", "run", "version", "commit", "machine"], rows[0]
assert len(rows) == 2 and len(rows[1]) == len(rows[0]), rows
datetime.datetime.strptime(rows[1][0], "%Y-%m-%dT%H:%M:%SZ")
assert [float(value) for value in rows[1][5:]] == [0.1, 12345678901.25, 2.0], rows[1]
assert rows[0][6].endswith("/share[%]"), rows[0]
' "is a table as Otava reads it"

for run in nasty.jsonl "$runs/fine.jsonl" "$runs/instructions.jsonl" "$runs/mixed.jsonl" "$runs/skips.jsonl"; do
	"$FIVESTEP" export --format openmetrics "$run" >metrics 2>err
	is "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" metrics)" "" "openmetrics of ${run##*/} is valid"
	if python3 -c 'import prometheus_client' 2>/dev/null; then
		python '
from prometheus_client.openmetrics.parser import text_fd_to_metric_families
for family in text_fd_to_metric_families(open("metrics")):
    assert family.name.startswith("fivestep_"), family
' "by a parser of others, too"
	else
		skip "no parser of others (Debian: apt install python3-prometheus-client)"
	fi
	# The textfile collector of Prometheus' node_exporter reads an older format, which has fewer types.
	is "$(sed -n 's/^# TYPE [^ ]* //p' metrics | sort -u)" gauge "openmetrics of ${run##*/} has only a type that the textfile collector knows"
	if command -v promtool >none; then
		promtool check metrics <"$tmp/metrics" >lint 2>&1
		status=$?
		# 3: it would have named a unit otherwise, and nothing else
		[ "$status" -eq 0 ] || { [ "$status" -eq 3 ] && ! grep -qv ' use base unit ' lint; }
		ok $? "promtool reads openmetrics of ${run##*/}"
		tap_diag "$(grep -v ' use base unit ' lint)"
		# A value that is none, a type that there is not, a label that is not closed. A sample that is there twice it does not see: openmetrics.awk does.
		for break in '$!s/^\(fivestep_rounds.*\) .*/\1 many/' 's/^\(# TYPE .*\) gauge/\1 gouge/' 's/"} /} /'; do
			sed "$break" metrics >broken
			promtool check metrics <"$tmp/broken" >lint 2>&1
			status=$?
			[ "$status" -eq 1 ] || { [ "$status" -eq 3 ] && grep -qv ' use base unit ' lint; }
			ok $? "and not what is broken by $break"
		done
	else
		skip "promtool is not installed (Debian: apt-get install prometheus)" 4
	fi
done
fs 4 "openmetrics" export --format openmetrics nasty.jsonl
cp out metrics
has "$out" '# UNIT fivestep_result_nanoseconds nanoseconds' "names the unit"
has "$out" 'params="text=a\"b\\c\nd,e<f>&g#2"' "escapes texts, and tells duplicates apart"
has "$out" 'emulated="true"} 0.1' "has values to the last digit, and says what is emulated"
has "$out" 'verdict="timeout"} 1' "and the rounds that gave none"
sed '/^# EOF/d' metrics >bad
has "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" bad)" "no # EOF" "a file cut off would be found"
sed '/verdict="timeout"} 1/p' metrics >bad
has "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" bad)" "a sample twice" "a duplicate sample, too"
sed 's/\\"/"/' metrics >bad
has "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" bad)" "labels" "and a quote that is not escaped"

# What is no run, or not a whole one.
fs 77 "a run of skips alone" export --format csv "$runs/skips.jsonl"
has "$out" ",skip," "is exported with the reasons"
: >empty.jsonl
fs 4 "an empty file" export --format csv empty.jsonl
has "$err" "the file is empty" "is named"
is "$out" "" "and gives nothing"
sed 's/"schema":1/"schema":2/' "$runs/fine.jsonl" >newer.jsonl
fs 4 "a newer schema" export --format csv newer.jsonl
has "$err" "newer than this fivestep" "is named"
head -c 12000 "$runs/fine.jsonl" >torn.jsonl
fs 0 "a torn run" export --format openmetrics torn.jsonl
has "$err" "torn" "is named"
is "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" out)" "" "and what is whole of it is exported"
fs 64 "no such file" export --format csv none.jsonl
fs 64 "no such format" export --format junitt "$runs/fine.jsonl"
has "$err" "did you mean junit" "with the nearest"
fs 64 "no format" export "$runs/fine.jsonl"
fs 64 "no run" export --format csv
if [ -w /dev/full ]; then
	"$FIVESTEP" export --format csv "$runs/fine.jsonl" >/dev/full 2>err
	is $? 99 "a full disk is an error"
	has "$(cat err)" "cannot be written" "that is said"
else
	skip "no /dev/full" 2
fi

done_testing
