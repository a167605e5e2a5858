#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_gate.sh - whether a regression of 1 % in a stage of a migration is found between two kernels, and named as the stage it is in. softdev's driver
# spends that much more where its parameters tell it to.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"
need_driver
cd "$tmp" || exit 99

cell="fault_back --setup hmm --device softdev -p size=2M --rounds 2"

# verdict METRIC: the word that compare has for it.
verdict() {
	printf '%s\n' "$out" | grep "^fault_back .* $1  *[0-9]" | grep -o 'SLOWER\|FASTER\|SUSPECT\|UNDECIDED\|SAME'
}

# stages: the stages that differ, in the order of CPU faults and requests.
stages() {
	printf '%s\n' "$out" | sed -n 's/^\(CPU fault\|a page to the device on request\): .* (\(.\).* %), in \([a-z]*\) .*/\1 \2 \3/p'
}

# shellcheck disable=SC2086
fs 0 "a kernel against itself" guest compare "$kernel" "$kernel" softdev.slow_collect=0 -- run $cell
lacks "$out" SLOWER "nothing is slower"
lacks "$out" SUSPECT "nothing is suspected"
is "$(stages)" "" "no stage is named"
base=$(echo guest-compare-*/base.jsonl)

# shellcheck disable=SC2086
fs 1 "33 instructions more a page in collect" guest compare "$kernel" "$kernel" softdev.slow_collect=10 -- run $cell
for metric in touch to_device; do
	is "$(verdict $metric)" SLOWER "collect: $metric is slower"
done
is "$(stages)" "CPU fault + collect
a page to the device on request + collect" "collect is named, for faults and requests, and nothing else"
printf '%s\n' "$out" | sed -n 's/.*(+\([0-9.]*\) %), in collect.*/\1/p' | awk '{ n++; wrong += $1 < 0.3 || $1 > 1.5 } END { exit !(n == 2 && wrong == 0) }'
ok $? "it is about 1 %"

# shellcheck disable=SC2086
fs 0 "as many in copy" guest run --clock instructions --kernel "$kernel" --append softdev.slow_copy=10 -- run $cell -o copy.jsonl
fs 1 "copy: compared" compare "$base" copy.jsonl
is "$(verdict touch)" SLOWER "copy: touch is slower"
fs 0 "copy: the stages" guest kernels --where "$base" copy.jsonl
is "$(stages)" "CPU fault + copy
a page to the device on request + copy" "copy is named, and nothing else"
done_testing
