#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The runs and pictures that are kept in git: whole, small, measured on a commit, without a bad round; what the gallery shows is there.
. "${srcdir:-.}/tests/tap.sh"
published=$srcdir/results/published
gallery=$srcdir/docs/gallery

for run in "$published"/*.jsonl; do
	name=$(basename "$run")
	fs 0 "$name has no bad round" show "$run"
	is "$err" "" "and nothing about it is to be said"
	# One run of all programs, in as many rounds as an interval needs; the others are smaller, and have what a verdict needs.
	limit=655360
	rounds=10
	if [ "$name" = twelve.jsonl ]; then
		limit=1572864
		rounds=6
	fi
	[ "$(wc -c <"$run")" -lt $limit ]
	ok $? "it is smaller than $limit bytes"
	has "$(tail -n 1 "$run")" '"stop":"done"' "it is whole"
	has "$(head -n 1 "$run")" '"commit":"' "it knows its commit"
	lacks "$(head -n 1 "$run")" '-dirty"' "which is one"
	[ "$(sed -n 's/.*"rounds_min":\([0-9]*\).*/\1/p' "$run" | head -n 1)" -ge $rounds ]
	ok $? "it has $rounds rounds at least"
	has "$(cat "$published/README.md")" "\`$name\`" "its command is written down"
	# shellcheck disable=SC2016 # backquotes of Markdown
	plan=$(sed -n 's/.*| `\([a-z]*\.plan\)` |.*-o '"$name"'`.*/\1/p' "$published/README.md")
	[ -n "$plan" ] && [ -s "$published/$plan" ]
	ok $? "its plan is there"
done
# One run a kernel, and what they say together.
for run in "$published"/kernels/*.jsonl; do
	name=kernels/$(basename "$run")
	has "$(tail -n 1 "$run")" '"stop":"done"' "$name is a whole run"
	lacks "$(head -n 1 "$run")" '-dirty"' "$name was measured on a commit"
done
fs 0 "the kernels side by side" guest kernels --draw "$published"/kernels/*.jsonl -o "$tmp/kernels"
is "$(cat "$tmp/kernels/kernels.json")" "$(cat "$published/kernels/kernels.json")" "are what is published of them"
sed -n 's/^!\[..*\](\(.*\))$/\1/p' "$gallery/README.md" | while read -r picture; do
	[ -s "$gallery/$picture" ] || echo "$picture"
done >"$tmp/missing"
is "$(cat "$tmp/missing")" "" "each picture of the gallery is there"
is "$( (cd "$gallery" && ls ./*.svg) | sed 's|^\./||' | while read -r picture; do
	grep -q "($picture)" "$gallery/README.md" || echo "$picture"
done)" "" "and each that is there is shown"
sed -n 's/^!\[..*\](\(docs.*\))$/\1/p' "$srcdir/README.md" | while read -r picture; do
	[ -s "$srcdir/$picture" ] && echo "$picture"
done >"$tmp/shown"
is "$(wc -l <"$tmp/shown")" 2 "the README shows two of them"

done_testing
