#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# pages.sh - sizes of pages are facts of the machine: words for them, what does not suit them, and the proof that memory has the pages
# that its cell says.
. "${srcdir:-.}/tests/tap.sh"
forbid=${FORBID:-./tests/build/forbid}
base=$(getconf PAGESIZE)

# remedy NAME RUN: the last line of a table's skip
remedy() {
	printf '%s\n' "$out" | sed -n 's/.*-> //p'
}

# seen WHAT: the distinct pairs "seen expected" of that evidence in the last run file
seen() {
	grep -o "\"what\":\"$1\",\"seen\":[0-9.]*,\"relation\":\"==\",\"expected\":[0-9.]*" "$run" | sed 's/.*"seen":\([0-9]*\).*:\([0-9]*\)[.0-9]*$/\1 \2/' | sort -u
}

run=$tmp/words.jsonl
fs 0 "words for sizes" run migrate_bandwidth --setup copy --device emu --rounds 1 -p "size=$(pages 64)" -p batch=base -p page=base -o "$run"
has "$(cat "$run")" "\"batch\":\"$((base / 1024))K\"" "are kept as the sizes that they stand for"
fs 0 "the same in bytes" run migrate_bandwidth --setup copy --device emu --rounds 1 -p "size=$(pages 64)" -p "batch=$base" -p "page=$base" \
	-o "$tmp/bytes.jsonl"
has "$(head -n 1 "$run")" '"words":["batch","page"]' "though it is recorded that they were words"
is "$(sed -n '1s/.*"cells":\(\[.*\]\).*/\1/; 1s/,"words":\[[^]]*\]//gp' "$run")" "$(sed -n '1s/.*"cells":\(\[.*\]\).*/\1/p' "$tmp/bytes.jsonl")" "is the same cell"
is "$(seen host_huge_bytes)" "0 0" "its host memory is in base pages"
is "$(seen device_huge_bytes)" "0 0" "and so is its device memory"

# What a machine's pages do not allow is a skip whose remedy holds.
fs 77 "a batch that is no whole number of pages" run migrate_bandwidth --setup copy --device emu --rounds 1 -p "size=$(pages 64)" -p "batch=$((base + 1))" \
	-o "$tmp/skip1.jsonl"
is "$(remedy)" "batch=$((2 * base / 1024))K" "is a skip that names one"
fs 77 "a size of fewer pages than it takes" run triad --setup copy --device emu --rounds 1 -p size=64K,128K,1M -p page=1K -o "$tmp/skip2.jsonl"
has "$out" "page=base (" "pages of a size that no machine has are a skip that names those of this one"
fs 77 "a granule below a page" run triad --setup hmm --device emu --rounds 1 -p "size=$(pages 16)" -p "granule=$((base / 2))" -o "$tmp/skip3.jsonl"
has "$(remedy)" "granule=base" "is a skip that names one that is not"
fs 64 "a granule that is no power of two" run triad --setup hmm -p granule=24K -o "$tmp/x.jsonl"
fs 77 "huge pages in granules that are none" run triad --setup hmm --device emu --rounds 1 -p page=huge -o "$tmp/skip4.jsonl"
case $out in
*"no pages of"* | *"HMM"* | *"userfaultfd"*) skip "no huge pages or no mirrored memory here" ;;
*) is "$(remedy)" "granule=huge" "is a skip that names what they need" ;;
esac

# Where the kernel has them, huge pages are seen on both sides; where they are disabled for a process, that is the reason, and no round is
# measured in base pages instead.
run=$tmp/huge.jsonl
"$FIVESTEP" run triad --setup copy --device emu --rounds 1 -p 'size=2*huge' -p page=huge -q -o "$run" >"$tmp/out" 2>&1
status=$?
if [ $status -eq 77 ]; then
	skip "no huge pages here: $(grep '^skip' "$tmp/out")" 6
else
	is $status 0 "huge pages under copy"
	[ "$(seen host_huge_bytes)" = "$(seen device_huge_bytes)" ] && [ "$(seen host_huge_bytes | cut -d ' ' -f 1)" -gt 0 ]
	ok $? "are seen on both sides: $(seen host_huge_bytes)"
	program=$FIVESTEP
	FIVESTEP=$forbid
	for setup in copy hmm cdm; do
		granule=
		[ $setup = hmm ] && granule=granule=huge
		fs 77 "huge pages under $setup, where they are disabled" huge_pages EPERM "$program" run triad --setup $setup --device emu --rounds 1 \
			-p 'size=2*huge' -p page=huge ${granule:+-p "$granule"} -o "$tmp/disabled-$setup.jsonl"
		case $out in
		*"disabled for this process"*) ok 0 "say that they are" ;;
		*"one memory node only"* | *userfaultfd*) skip "no $setup here" ;;
		*) has "$out" "disabled for this process" "say that they are" ;;
		esac
	done
	FIVESTEP=$program
fi

# What a node's memory needs is tried, as it is on every machine: docker's filter forbids both, where nobody has CAP_SYS_NICE.
node=$(sed -n 's/^\([0-9]*\).*/\1/p' /sys/devices/system/node/has_memory 2>/dev/null)
if ! tests/machine/pages_probe "${node:-0}" >"$tmp/out" 2>&1; then
	skip "no memory of a node here: $(cat "$tmp/out")" 6
elif ! "$forbid" mbind EPERM true; then
	skip "no seccomp here" 6
else
	for call in mbind move_pages; do
		"$forbid" $call EPERM tests/machine/pages_probe "${node:-0}" >"$tmp/out" 2>&1
		is $? 1 "where $call is forbidden, a node cannot be used"
		has "$(cat "$tmp/out")" "not permitted: $call: Operation not permitted" "and the call is named"
		has "$(cat "$tmp/out")" "seccomp profile (docker run --cap-add SYS_NICE)" "with the remedy"
	done
fi

done_testing
