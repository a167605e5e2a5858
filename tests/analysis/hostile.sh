#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A run file whose texts are terminal escapes, formulas, markup, quotes, newlines and turned writing: each output is what it says it is, by the
# format's own parser, and nothing of it is obeyed.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# As JSON has it: ESC ] ... BEL, ESC [ 2 J, CR, a formula, right-to-left override, a noncharacter, C1 control, marks of every format, a newline, umlauts.
# shellcheck disable=SC2016 # nothing in it is for the shell
nasty='=1+1\u001b]0;title\u0007\u001b[2J\r\u202e\ufffe\u0085\u2028\"<b>&amp;'"'"'`x`[l](http://evil.example)![i](x)|*_#~$@\\\\ %s\n- item\n\n# head\n\t\u00fc\u00fc\u00fc'
long=$(printf '%0500d' 0 | sed 's/0/\\u00fc/g')
to=$(printf '%s' "$nasty" | sed 's/[\\&|]/\\&/g')
long_to=$(printf '%s' "$long" | sed 's/[\\&|]/\\&/g')
sed "s|\"triad\"|\"$to\"|g; s|\"hmm\"|\"+$to\"|g; s|\"emu\"|\"@$to\"|g; s|\"size\"|\"-$to\"|g; s|\"1M\"|\"$to\"|g; s|\"fixture\"|\"$to\"|g
	s|\"started\":\"[^\"]*\"|\"started\":\"$to\"|g; s|\"why\":\"\([^\"]*\)\"|\"why\":\"$to\1$long_to\"|g; s|\"remedy\":\"\([^\"]*\)\"|\"remedy\":\"$to\1$long_to\"|g
	s|\"what\":\"\([^\"]*\)\"|\"what\":\"$to\1\"|g; s|\"total\"|\"$to\"|g; s|\"faults\"|\"$to\"|g; s|\"emu.faults|\"$to|g; s|\"raw_fault\"|\"$to$long_to\"|g" \
	"$srcdir/tests/runs/mixed.jsonl" >nasty.jsonl
sed '1s/"id":"[^"]*"/"id":"=other"/; s/"ns":1/"ns":2/g' nasty.jsonl >other.jsonl

# shown FILE NAME: nothing in it is obeyed by a terminal, and it is UTF-8
shown() {
	LC_ALL=C tr -d '\t\n -~\200-\377' <"$1" | od -An -c >left
	is "$(cat left)" "" "$2: no control characters"
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>said
	is "$(cat said)" "" "$2: whole characters of UTF-8"
	# C1 controls, U+2028 to U+202E, U+FFFE
	is "$(LC_ALL=C grep -c "$(printf '\302[\200-\237]\\|\342\200[\250-\256]\\|\357\277\276')" "$1")" 0 "$2: nothing that is hidden or turns the writing"
}

# look NAME ARGS...: what a command prints, to both
look() {
	look_name=$1
	shift
	"$FIVESTEP" "$@" >out 2>err </dev/null
	look_status=$?
	[ $look_status -ne 99 ] && [ $look_status -lt 128 ]
	ok $? "$look_name: ends ($look_status)"
	shown out "$look_name"
	shown err "$look_name, errors"
}
look "show" show nasty.jsonl
has "$(cat out)" '\x1b]0;title\x07' "what was obeyed is shown"
has "$(cat err)" "texts contain unprintable characters" "and said"
look "show of all" show --all nasty.jsonl
look "show of two" show nasty.jsonl other.jsonl
look "compare" compare --all --explain nasty.jsonl other.jsonl
look "a fleet" merge --fleet --all nasty.jsonl other.jsonl
look "history" history add --db h.db nasty.jsonl
look "history's log" history log --db h.db
look "history's check" history check --db h.db
look "resume" run --resume other.jsonl
look "a session" ab --a '' --b '' --resume nasty
look "merge" merge -o merged.jsonl nasty.jsonl other.jsonl
printf 'run %s\n' "$(printf '\033[2J')" >nasty.plan
look "a plan" run nasty.plan -o x.jsonl
look "a name of the command line" run "$(printf '\033[2J\377')" -o x.jsonl
cp nasty.jsonl "$(printf 'file\033[2J.jsonl')"
look "a file's name" show "$(printf 'file\033[2J.jsonl')"

# --- JSON
if command -v jq >/dev/null 2>&1; then
	for what in "show --json nasty.jsonl" "compare --json nasty.jsonl other.jsonl" "merge --fleet --json nasty.jsonl other.jsonl" "export --format bmf nasty.jsonl"; do
		# shellcheck disable=SC2086 # words
		"$FIVESTEP" $what >out.json 2>err
		jq . <out.json >/dev/null 2>said
		is "$(cat said)" "" "JSON: $what"
		shown out.json "$what"
	done
else
	skip "jq is not installed" 16
fi

# --- XML
"$FIVESTEP" export --format junit nasty.jsonl >out.xml 2>err
shown out.xml "junit"
if command -v xmllint >/dev/null 2>&1; then
	xmllint --noout --schema "$srcdir/tests/analysis/junit.xsd" out.xml 2>said
	ok $? "junit is JUnit's XML"
	is "$(xmllint --xpath 'string(//testcase[starts-with(@classname,"=")]/@classname)' out.xml | cut -c 1-8)" '=1+1\x1b' "and has the names"
else
	skip "xmllint is not installed" 2
fi

# --- tables
for format in csv otava; do
	"$FIVESTEP" export --format $format nasty.jsonl >out.csv 2>err
	tr -d '\r' <out.csv >plain.csv
	shown plain.csv $format
	if command -v sqlite3 >/dev/null 2>&1; then
		sqlite3 :memory: ".mode csv" ".import out.csv t" ".once fields.csv" "SELECT * FROM t" >said 2>&1
		is "$(cat said)" "" "$format: each line has the fields of the head, by SQLite's reader"
		is "$(sqlite3 :memory: ".mode csv" ".import out.csv t" ".mode list" ".separator '\n'" "SELECT * FROM t" | grep -cE '^([=@]|[+-].*[^-0-9.e])')" 0 \
			"$format: no field is a formula"
	else
		skip "sqlite3 is not installed" 2
	fi
done
"$FIVESTEP" export --format openmetrics nasty.jsonl >metrics 2>err
shown metrics "openmetrics"
is "$(awk -f "$srcdir/tests/analysis/openmetrics.awk" metrics)" "" "openmetrics is valid"

# --- the report
look "report" report nasty.jsonl other.jsonl -o report
shown report/index.html "the page"
shown report/report.md "the Markdown"
if command -v xmllint >/dev/null 2>&1; then
	for picture in report/*.svg; do
		xmllint --noout "$picture"
	done >said 2>&1
	is "$(cat said)" "" "each picture is XML"
	xmllint --html --noout report/index.html 2>&1 | grep 'error :' | grep -v 'Tag [a-z]* invalid' >said
	is "$(cat said)" "" "the page is HTML"
	xmllint --html --xpath '//b|//i|//body//script|//script[not(@type="module")]|//a[contains(@href,"evil")]' report/index.html >said 2>/dev/null
	is "$(cat said)" "" "the texts are no markup on it"
else
	skip "xmllint is not installed" 3
fi
if command -v cmark >/dev/null 2>&1; then
	cmark report/report.md >report.html
	is "$(grep -c 'raw HTML' report.html)" 0 "Markdown: no text is HTML"
	is "$(grep -oE ' (href|src)="[^"]*"' report.html | grep -c evil)" 0 "Markdown: no text is a link"
	is "$(grep -cE '<(em|code|h[1-6]|li)>[^<]*(x|head|item)<' report.html)" 0 "Markdown: no text is a heading, an item, emphasis or code"
	has "$(cat report.html)" '[l](http://evil.example)' "Markdown: all of it is text"
else
	skip "cmark is not installed" 4
fi
awk '/^\|/ { gsub(/\\\\/, ""); gsub(/\\\|/, ""); n = gsub(/\|/, ""); if (!before) columns = n; if (n > columns) print FILENAME ":" NR ": " n " of " columns; before = 1; next } { before = 0 }' \
	report/report.md >said
is "$(cat said)" "" "Markdown: no row of a table has more columns than its head"

done_testing
