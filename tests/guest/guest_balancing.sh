#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_balancing.sh - automatic NUMA balancing and tiers in the guest: pages are brought back, promoted and demoted, and rounds say so.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

# Automatic balancing at work: pages on the wrong node are found by hint faults and brought back.
fs 0 "promotion in the guest" guest run --balancing -- run promotion --device emu -p size=4M --rounds 2 -o "$tmp/balanced.jsonl"
is "$(samples "$tmp/balanced.jsonl" cdm-balance emu pages_back | sort -u)" 1024.0 "the kernel has brought back every page"
samples "$tmp/balanced.jsonl" cdm-balance emu hint_faults | awk '$1 < 1024 { few = 1 } END { exit few || NR != 2 }'
ok $? "for a hint fault each, at least"
linux=$(head -n 1 "$tmp/balanced.jsonl" | sed 's/.*"kernel":"\([0-9.]*\).*/\1/')
if [ "$(printf '6.12\n%s\n' "$linux" | sort -V | head -n 1)" = 6.12 ]; then
	fs 0 "tiers in the guest" guest run --balancing=tiering -- run promotion --device emu -p size=4M --rounds 1 --counters default -o "$tmp/tiers.jsonl"
	has "$(head -n 1 "$tmp/tiers.jsonl")" '"numa_balancing":"2","numa_demotion":"true"' "the record says so"
	promoted=$(grep -o '"vmstat.pgpromote_success":{"value":[0-9]*' "$tmp/tiers.jsonl" | head -n 1 | sed 's/.*://')
	[ "${promoted:-0}" -ge 512 ]
	ok $? "the kernel has promoted half of the pages at least: ${promoted:-none} of 1024"
	# A node of 1 GiB that is filled nearly: the kernel demotes what was touched first, and what is said of such memory is not counted.
	# shellcheck disable=SC2016 # the dollar is the kernel's
	fs 4 "a first touch while pages are demoted" guest run --balancing=tiering --append 'memmap=1G$0x20000000' -- run first_touch --setup cdm-host --device emu \
		-p size=950M --rounds 1 --counters default -o "$tmp/demoted.jsonl"
	has "$(grep '"verdict":"invalid"' "$tmp/demoted.jsonl")" "evidence pages_astray" "is invalid, since pages have moved"
	demoted=$(grep -o '"vmstat.pgdemote_[a-z]*":{"value":[0-9]*' "$tmp/demoted.jsonl" | sed 's/.*://' | awk '{ n += $1 } END { print n + 0 }')
	[ "$demoted" -ge 1000 ]
	ok $? "which the kernel says, too"
else
	skip "Linux $linux may have all memory that is there at boot in one tier, as 6.1 has; 6.12 goes by the HMAT" 6
fi

done_testing
