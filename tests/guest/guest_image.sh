#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_image.sh - names, folders, environment, plans and groups of the host change no count in the guest; what does reach it is said.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

# What is called otherwise or is there besides, here: names, folders, environment, plans and groups that nobody needs.
few="fault_back --device dmirror,emu --setup hmm,cdm -p size=256K --rounds 4 --seed 1 --counters default,faults"
# counts RUN: a checksum of all that each round counted.
counts() {
	grep -o '"metrics":{.*"steps":.*"noise"' "$1" | while read -r line; do printf '%s\n' "$line" | cksum; done
}
# shellcheck disable=SC2086
fs 0 "a short run" guest run --clock instructions -- run $few -o "$tmp/n.jsonl"
mkdir -p "$tmp/data/harness/plans" "$tmp/data/harness/counter/groups" "$tmp/a folder with a long name"
cp "$srcdir"/harness/plans/*.plan "$tmp/data/harness/plans"
cp "$srcdir"/harness/counter/groups/*.group "$tmp/data/harness/counter/groups"
for n in 1 2 3; do
	seq 20000 >"$tmp/data/harness/plans/more$n.plan"
	sed "s/^/# $n /" "$srcdir/harness/counter/groups/faults.group" >"$tmp/data/harness/counter/groups/more$n.group"
done
named="$tmp/a folder with a long name/$(printf 'long%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20).jsonl"
# shellcheck disable=SC2086
(cd / && FIVESTEP_DATADIR=$tmp/data LANG=C.UTF-8 HOME=$tmp/nowhere MORE=$(seq 400 | tr '\n' ' ') \
	"$FIVESTEP" guest run --clock instructions --kernel "$kernel" -- run --output="$named" $few >/dev/null 2>"$tmp/err")
is $? 0 "the same under another name, from another folder, with another environment, more plans and more groups"
is "$(counts "$tmp/n.jsonl" | wc -l)" 16 "all rounds have counts"
is "$(counts "$named")" "$(counts "$tmp/n.jsonl")" "counts the same, to the last instruction, in every step"
digests() {
	head -n 1 "$1" | grep -o '"guest_[a-z]*":"[0-9a-f]*"'
}
is "$(digests "$tmp/n.jsonl" | wc -l)" 4 "kernel, programs, data and machine have a digest each"
is "$(digests "$named")" "$(digests "$tmp/n.jsonl")" "which are the same"
printf 'option rounds=4 max-rounds=4\nrun fault_back setup=hmm,cdm device=dmirror,emu size=256K\n' >"$tmp/p.plan"
cp "$tmp/p.plan" "${named%.jsonl}.plan"
fs 0 "a plan" guest run --clock instructions -- run "$tmp/p.plan" --seed 1 -o "$tmp/p.jsonl"
fs 0 "under another name" guest run --clock instructions -- run "${named%.jsonl}.plan" --seed 1 -o "$tmp/q.jsonl"
is "$(counts "$tmp/p.jsonl" | wc -l)" 16 "has its rounds"
is "$(counts "$tmp/q.jsonl")" "$(counts "$tmp/p.jsonl")" "which count the same"
# What does reach the guest is said: another program, another plan, another machine.
cp "$FIVESTEP" "$tmp/larger"
head -c 40000 /dev/zero >>"$tmp/larger"
sed 's/^option/# more\n&/' "$tmp/p.plan" >"$tmp/r.plan"
"$tmp/larger" guest run --clock instructions --memory 2176M -- run "$tmp/r.plan" --seed 1 -o "$tmp/r.jsonl" >/dev/null 2>&1
is $? 0 "a larger program, another plan, more memory"
# Whether a count is another by that is not asked here: 1 is an answer, too.
out=$("$FIVESTEP" compare --allow-unlike memory_bytes --allow-unlike nodes "$tmp/p.jsonl" "$tmp/r.jsonl" 2>"$tmp/err")
[ $? -le 1 ]
ok $? "can be compared with the first"
err=$(cat "$tmp/err")
has "$out" "the guest's image differs (data, machine, programs)" "each is named"

done_testing
