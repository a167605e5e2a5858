#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Standard output and error that are full or closed, and texts that are not UTF-8: each is an error that is said, nothing is written where it does not
# belong, and no empty run file is left behind.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs
cd "$tmp" || exit 99
measure="run first_touch --setup copy -p size=16*base --rounds 1 --timeout 10m -q"

# --- full
if [ -w /dev/full ]; then
	cp "$runs/fine.jsonl" h.jsonl
	"$FIVESTEP" history add --db h.db h.jsonl 2>/dev/null
	for command in "--version" "--help" "run --help" "doctor" "list" "list setups" "run --dry-run first_touch --setup copy" "show h.jsonl" "show --json h.jsonl" \
		"compare --all h.jsonl $runs/mixed.jsonl" "export --format csv h.jsonl" "merge --fleet h.jsonl $runs/mixed.jsonl" "history log --db h.db" "history log --db h.db --json" "$measure --tap -o tap.jsonl"; do
		# shellcheck disable=SC2086 # words
		"$FIVESTEP" $command >/dev/full 2>err </dev/null
		is $? 99 "a full output is an error: $command"
		has "$(cat err)" "written" "that is said"
		lacks "$(cat err)" "Input/output error" "and not taken for another"
	done
	# shellcheck disable=SC2086
	"$FIVESTEP" $measure -o full.jsonl >/dev/full 2>err
	is $? 99 "a run whose table cannot be shown is an error"
	has "$(cat err)" "every round is in full.jsonl" "that says where the rounds are"
	is "$(grep -c '"verdict":"ok"' full.jsonl)" 1 "and keeps them"
else
	skip "no /dev/full" 48
fi

# --- closed
# closed FILE: a run file is one, with a round that is ok
closed() {
	is "$(sed 's/^{"type":"\([a-z]*\)".*}$/\1/' "$1" | tr '\n' ' ')" "run round end " "nothing but records is in the run file: $1"
	has "$(cat "$1")" '"verdict":"ok"' "its round is ok"
}
# shellcheck disable=SC2086
"$FIVESTEP" $measure -o out.jsonl >&- 2>err
is $? 99 "a closed standard output is an error"
has "$(cat err)" "every round is in out.jsonl" "that says where the rounds are"
closed out.jsonl
# shellcheck disable=SC2086
"$FIVESTEP" $measure -o err.jsonl >said 2>&-
is $? 0 "a closed standard error is none"
closed err.jsonl
# shellcheck disable=SC2086
"$FIVESTEP" $measure -o both.jsonl >&- 2>&-
is $? 99 "both closed"
closed both.jsonl
# shellcheck disable=SC2086
"$FIVESTEP" $measure -o all.jsonl <&- >&- 2>&-
is $? 99 "all closed"
closed all.jsonl

# --- no UTF-8
printf 'run first_touch\n# na\357ve\nrun triad\n' >latin.plan
fs 64 "a plan in Latin 1" run latin.plan -o none.jsonl
has "$err" "latin.plan:2: byte 5 of the line, 0xef, is not UTF-8" "is named with line and byte"
printf 'run first_touch\n\000run triad\n' >zero.plan
fs 64 "a plan with a zero byte" run zero.plan -o none.jsonl
has "$err" "zero.plan:2: byte 1 of the line, 0x00, is not UTF-8" "is not read as if it ended there"
head -c 1048577 /dev/zero | tr '\0' '#' >long.plan
fs 64 "a plan of more than a mebibyte" run long.plan -o none.jsonl
has "$err" "longer than 1048576 bytes" "is told the limit"
{ cat "$srcdir/harness/counter/groups/faults.group" && printf 'na\357ve\n'; } >latin.group
fs 64 "a group in Latin 1" run first_touch --setup copy --counters ./latin.group -o none.jsonl
has "$err" "latin.group:$(wc -l <latin.group | tr -d ' '): byte 3 of the line, 0xef, is not UTF-8" "is named with line and byte"
name=$(printf 'na\357ve')
fs 64 "a name in Latin 1" run "$name" -o none.jsonl
has "$err" 'na\xefve' "is shown"
fs 64 "a parameter in Latin 1" run first_touch --setup copy -p "size=$name" -o none.jsonl
fs 64 "counters in Latin 1" run first_touch --setup copy --counters "$name" -o none.jsonl
has "$err" "is not UTF-8" "are named"
fs 64 "a side in Latin 1" ab --a "-p size=$name" --b '' first_touch --setup copy -o none
has "$err" "is not UTF-8" "is named"
is "$(echo none*)" "none*" "none of them leaves a file"
cp "$srcdir/harness/counter/groups/faults.group" "$name.group"
printf 'option rounds=1\nrun first_touch setup=copy device=emu size=16*base\n' >"$name.plan"
fs 0 "a plan whose file name is in Latin 1" run "./$name.plan" -q -o "$name.jsonl"
has "$(sed q "$name.jsonl")" 'na\\xefve' "has a name that can be shown"
fs 0 "a run file whose name is, too" show "$name.jsonl"
long=$(printf '%0100d' 0)
cp "./$name.plan" "$long-END.plan"
fs 0 "a plan whose file name has 104 characters" run "./$long-END.plan" -q -o "long.jsonl"
has "$(sed q long.jsonl)" "\"$long-END\"" "has a name with its end in the record"
cp "$srcdir/harness/counter/groups/faults.group" "$long.group"
fs 64 "a group whose file name has 100 characters is refused" run first_touch --setup copy --counters "./$long.group" -o none.jsonl
has "$err" "a group's name has at most 31 characters" "the error names the limit"
{ printf '# %s END\n' "$long$long"; sed 1d "$srcdir/harness/counter/groups/faults.group"; } >summary.group
fs 0 "a group whose summary has 204 characters" run first_touch --setup copy --counters ./summary.group -p size=16*base --rounds 1 -o group.jsonl
has "$(sed q group.jsonl)" "0 END\"" "has it whole in the record"

done_testing
