#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rules.sh - each evidence rule and each oracle is seen to fail. The rules are those of the tree (build-aux/rules.awk), what breaks them is
# in tests/round/rules.lies: a rule without a lie fails here. RULE="FILE<tab>RULE" looks at one of them alone.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
tab=$(printf '\t')
only=${RULE:-}

(cd "$srcdir" && build-aux/rules.sh) | cut -f 1,3 | sort >"$tmp/rules"
: >"$tmp/checks"
: >"$tmp/elsewhere"
awk -v DIR="$tmp" -v ONLY="$only" -f "$srcdir/tests/round/rules.awk" "$srcdir/tests/round/rules.lies"
ok $? "tests/round/rules.lies can be read"
sort -o "$tmp/named" "$tmp/named"
cut -f 1,2 "$tmp/checks" "$tmp/elsewhere" | sort -u >"$tmp/broken"
# A change of the source that is made to see whether a lie is still found (build-aux/mutants.sh) is none of the list.
if [ -z "$only" ] && [ -z "${FIVESTEP_MUTANT:-}" ]; then
	is "$(comm -23 "$tmp/rules" "$tmp/broken")" "" "every rule of the tree has a lie in tests/round/rules.lies"
	is "$(comm -13 "$tmp/rules" "$tmp/named")" "" "and each rule there is one of the tree"
	is "$(uniq -d "$tmp/named")" "" "and is there once"
fi

# One round of each of the cells; most of them fail.
: >"$tmp/run.jsonl"
if [ -s "$tmp/plan" ]; then
	rm "$tmp/run.jsonl"
	"$FIVESTEP" run "$tmp/plan" --rounds 1 --counters none --timeout 10m -q -o "$tmp/run.jsonl" >"$tmp/out" 2>&1
	is "$(grep -c '"type":"round"' "$tmp/run.jsonl")" "$(grep -c . "$tmp/plan")" "each of the cells has its round"
fi
awk -F "$tab" -f "$srcdir/tests/round/rules_judge.awk" "$tmp/run.jsonl" "$tmp/checks" >"$tmp/judged"
while IFS=$tab read -r result name why; do
	case $result in
	skip) skip "$why" ;;
	*)
		[ "$result" = ok ]
		ok $? "$name"
		[ "$result" = ok ] || tap_diag "$why"
		;;
	esac
done <"$tmp/judged"

# Broken by another test: it has that check.
while IFS=$tab read -r file rule program check; do
	grep -qF -e "$check" "$srcdir/$program" "$srcdir/$program.c" 2>/dev/null
	ok $? "$file: $rule, by $program: $check"
done <"$tmp/elsewhere"

done_testing
