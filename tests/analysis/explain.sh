#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# explain.sh - fivestep compare --events: between two runs of an invented machine (predict_run.awk), what changed of a program because events cost more, and what
# changed although they do not.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

make_run() {
	make_name=$1
	shift
	awk -v kind=both "$@" -f "$srcdir/tests/analysis/predict_run.awk" >"$make_name.jsonl"
}
# What follows SETUP on its line of the second table, in single blanks.
row() {
	printf '%s\n' "$out" | sed -n '/^what programs lost/,$p' | tr -s ' ' | sed -n "s|^p $1 emu ||p" | sed 's/ $//'
}
make_run base
make_run dear -v fault=1200
make_run slow -v slow=1.5
make_run both -v fault=1200 -v slow=1.5

fs 5 "faults that cost 20 % more" compare --events base.jsonl dear.jsonl
# 100 faults: 20 us of 144.
is "$(row hmm)" "size=409600 +13.9 % +13.9 % fault_to_device +13.9 % +0.0 %" "explain the program that has them"
is "$(row copy)" "" "and the one without did not change"
has "$out" "1 of 3 programs changed by more than 1 %; of 0 the events do not explain it" "which is counted"
fs 5 "a program that is slower, while its events cost what they did" compare --events base.jsonl slow.jsonl
# Half of step 3 more, of 103.1 us.
is "$(row hmm)" "size=409600 +35.8 % +0.0 % +35.8 % UNEXPLAINED" "is not explained"
has "$out" "of 1 the events do not explain it (UNEXPLAINED)" "which is counted too"
fs 5 "both at once" compare --events base.jsonl both.jsonl
is "$(row hmm)" "size=409600 +56.6 % +13.9 % fault_to_device +13.9 % +42.7 % UNEXPLAINED" "are told apart"
fs 0 "the same run again" compare --events base.jsonl base.jsonl
has "$out" "0 of 3 programs changed by more than 1 %" "has nothing to explain"
fs 5 "a wider margin" compare --events --margin 60 base.jsonl both.jsonl
has "$out" "0 of 3 programs changed by more than 60 %" "is the explanation's as well"

# ---- nothing is called unexplained that may be an event whose cost is not known

make_run apart -v without=launch
make_run apart_slow -v without=launch -v slow=1.5
fs 5 "faults that are not told apart from launches" compare --events apart.jsonl apart_slow.jsonl
is "$(row hmm | sed 's/.* % UN/UN/')" "UNSURE of fault_to_device, launch" "explain nothing for sure"
has "$out" "of 1 it is not sure: a run does not know what some of their events cost (UNSURE; fivestep run calibrate)" "which is counted"
has "$out" "of 0 the events do not explain it" "and not called unexplained"
make_run lacking -v without=first_touch_on_host
make_run lacking_slow -v without=first_touch_on_host -v slow=1.5
fs 5 "first touches that no benchmark contains" compare --events lacking.jsonl lacking_slow.jsonl
is "$(row hmm | sed 's/.* % UN/UN/')" "UNSURE of first_touch_on_host" "neither"
fs 5 "in one of the runs alone" compare --events base.jsonl lacking_slow.jsonl
is "$(row hmm | sed 's/.* % UN/UN/')" "UNSURE of first_touch_on_host" "neither"
fs 5 "as JSON" compare --events --json lacking.jsonl lacking_slow.jsonl
has "$out" '"verdict": "UNSURE"' "it is a verdict"
has "$out" '"first_touch_on_host"' "with the kind"

# ---- for a merge request, and for programs

fs 5 "as Markdown" compare --events --markdown base.jsonl both.jsonl
has "$out" "### fivestep: " "follows the comparison"
has "$out" "| p | hmm | emu | size=409600 | \\+56.6 % | \\+13.9 % | fault\\_to\\_device +13.9 % | \\+42.7 % | UNEXPLAINED |" "is a table of those that changed"
has "$out" "- 1 of 3 programs changed by more than 1 %; of 1 the events do not explain it (UNEXPLAINED)" "and their number"
fs 0 "a run that did not change, as Markdown" compare --events --markdown base.jsonl base.jsonl
lacks "$out" "most of that" "has no empty table"
# json EXPRESSION: of the last output.
json() {
	printf '%s\n' "$out" | python3 -c 'import json, sys
v = json.load(sys.stdin)
p = {(e["program"], e["setup"], e["params"]["size"]): e for e in v["events"]["programs"]} if v.get("events") else {}
h = p.get(("p", "hmm", "409600"))
print(eval(sys.argv[1]))' "$1"
}
fs 5 "as JSON" compare --events --json base.jsonl both.jsonl
if command -v python3 >/dev/null; then
	is "$(json 'v["events"]["what"], v["events"]["unit"], v["events"]["margin_pct"], v["events"]["unknown"], len(p)')" \
		"('computed, not measured', 'ns', 1.0, 0, 3)" "says what it is, and has every program"
	# Of 144100 ns: 100 faults that cost 200 ns more; step 3, 123100 ns by now, half as long again.
	is "$(json 'h["base"], round(h["change"]), round(h["by_events"]), {k: round(n) for k, n in h["parts"].items()}, round(h["rest"]), [round(n) for n in h["rest_within"]], h["is_reference"], h["verdict"]')" \
		"(144100.0, 81550, 20000, {'fault_to_device': 20000}, 61550, [61550, 61550], False, 'UNEXPLAINED')" "has what the table has, in its unit"
	is "$(json 'p["p", "copy", "819200"]["verdict"], p["p", "copy", "409600"]["is_reference"]')" "('UNCHANGED', True)" "and those that did not change"
	fs 5 "only dearer events as JSON" compare --events --json base.jsonl dear.jsonl
	is "$(json 'h["verdict"]')" EXPLAINED "are an explanation"
	fs 5 "events that nobody asked for" compare --json base.jsonl dear.jsonl
	is "$(json '"events" in v')" False "are not there"
	fs 5 "in the file of the verdict" compare --events --verdict-file verdict.json base.jsonl dear.jsonl
	out=$(cat verdict.json)
	is "$(json 'h["verdict"]')" EXPLAINED "they are as well"
else
	skip "no python3" 8
fi

sed 's/"contains"/"none"/g' base.jsonl >none.jsonl
fs 4 "runs without unit costs" compare --events none.jsonl none.jsonl
has "$err" "none.jsonl" "are told so"
has "$out" "METRIC" "and compared all the same"
fs 4 "also as JSON" compare --events --json none.jsonl none.jsonl
has "$out" '"status": 4' "with the status in it"
lacks "$out" '"events"' "and without the events"
done_testing
