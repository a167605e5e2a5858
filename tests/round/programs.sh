#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# programs.sh - every program in rounds of its own, where pages fault and where slices are copied: its answer is right, and what the device counted in
# each step is what the program's profile and the setup's policy say.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

programs=$("$FIVESTEP" list kernels | sed -n 's/^  \([a-z]*\) .*/\1/p')
n=0
for program in $programs; do
	echo "run $program setup=hmm,hmm-prefetch,copy,copy-overlap device=emu size=64*base,$(pages 64 | awk '{ print $1 + 993 }')" >>"$tmp/plan"
	n=$((n + 1))
done
floats=$(for program in $programs; do "$FIVESTEP" list kernels | sed -n "/^  $program /,/^  [a-z]/p" | grep -q -e '-p element' && echo "$program"; done)
m=$(printf '%s\n' "$floats" | wc -l)
echo "run $(printf '%s' "$floats" | tr '\n' ' ') setup=hmm,hmm-prefetch,copy,copy-overlap device=emu size=$(pages 64 | awk '{ print $1 + 993 }') element=f32" >>"$tmp/plan"
[ "$m" -ge 6 ]
ok $? "$m of them have an element type: $(printf '%s' "$floats" | tr '\n' ' ')"
[ "$n" -ge 12 ]
ok $? "there are $n programs"
fs 0 "a round of each" run "$tmp/plan" --rounds 1 --counters none -q -o "$tmp/run.jsonl"
is "$(grep -c '"type":"round".*"verdict":"ok"' "$tmp/run.jsonl")" $((n * 8 + m * 4)) "all are ok"
is "$(grep '"type":"round"' "$tmp/run.jsonl" | grep '"holds":false' | sed 's/.*"bench":"\([a-z]*\)".*"setup":"\([a-z-]*\)".*/\1 \2/' | sort -u)" "" \
	"and what was counted is what was told"

done_testing
