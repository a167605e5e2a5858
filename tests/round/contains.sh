#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# contains.sh - which events a benchmark says are in its values, and a program in its steps, against what is counted by hand: every kind of cost that the
# model knows is in one of these, so that none is calibrated or predicted from a wrong count.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
page=$(pages 1)
cells=0
: >plan
: >wanted

cell() {
	echo "run $1" >>plan
	name=${1%% *}
	what="$name under $(printf '%s' "$1" | sed 's/.*setup=\([^ ]*\).*/\1/')"
	cells=$((cells + 1))
}

# contains METRIC|STEP KIND=EXPRESSION...: these and no others; P is the bytes of a page
contains() {
	metric=$1
	shift
	for kind in "$@"; do
		awk -v P="$page" "BEGIN { printf \"%s=%.12g \", \"${kind%%=*}\", ${kind#*=} }"
	done | tr ' ' '\n' | grep . | sort | tr '\n' ' ' >sorted
	printf '%s\t%s\t%s\t%s\n' $((cells - 1)) "$metric" "$(sed 's/ $//' sorted)" "$what: $metric" >>wanted
}

# ---- benchmarks, of 64 pages

cell "first_touch setup=copy device=emu size=64*base"
contains touch first_touch_on_host=1
contains alloc alloc=1/64 alloc_page=1
contains release release=1/64 release_page=1
cell "launch setup=copy device=emu"
contains empty launch=1
cell "migrate_bandwidth setup=copy device=emu size=64*base batch=16*base"
contains to_device copy_to_device=1/16/P copy_byte_to_device=1
contains to_host copy_to_host=1/16/P copy_byte_to_host=1
cell "migrate_bandwidth setup=hmm device=emu size=64*base batch=16*base"
contains to_device page_to_device=1/P migrate_to_device=1/16/P
contains to_host page_to_host=1/P migrate_to_host=1/16/P
contains to_device_first page_to_device=1/P migrate_to_device=1/16/P first_way_to_device=1/P
contains to_host_first page_to_host=1/P migrate_to_host=1/16/P first_way_to_host=1/P
cell "fault_back setup=hmm device=emu size=64*base"
contains touch fault_to_host=1 touch_by_host=1
contains touch_first fault_to_host=1 touch_by_host=1 first_way_to_host=1
contains again touch_by_host=1
contains to_device page_to_device=1 migrate_to_device=1/64
# All of its pages have been on the device.
contains release release=1/64 release_page=1 release_visitor=1
# Four pages a granule: each fault moves three beside its own.
cell "fault_latency setup=hmm device=emu size=64*base granule=4*base"
contains to_device fault_to_device=1 page_to_device=3 touch_by_device=1
contains to_host fault_to_host=1 page_to_host=3 touch_by_host=1
contains to_device_first fault_to_device=1 page_to_device=3 touch_by_device=1 first_way_to_device=4
# Half of the pages.
cell "sparse_touch setup=hmm device=emu size=64*base touched=50"
contains device fault_to_device=32 touch_by_device=32 launch=1
contains cpu fault_to_host=32 touch_by_host=32
# Pages that nobody has touched are allocated on the device, and all come back for the first time.
cell "sparse_touch setup=hmm device=emu size=64*base touched=100 filled=none"
contains device_first first_touch_on_device=64 fault_to_device=64 first_way_to_device=64 touch_by_device=64 launch=1
contains cpu_first fault_to_host=64 first_way_to_host=64 arrival_on_host=64 touch_by_host=64
cell "sparse_touch setup=hmm-prefetch device=emu size=64*base touched=50"
contains device page_to_device=64 migrate_to_device=1 touch_by_device=32 launch=1
contains cpu page_to_host=64 migrate_to_host=1 touch_by_host=32

# ---- a program: of three arrays of 16 pages triad fills b and c, makes a of them on the device, and adds b to a in the end

cell "triad setup=hmm device=emu size=48*base"
contains alloc alloc=1 alloc_page=48
contains cpu_before first_touch_on_host=32 fill_byte=32*P
# a is allocated on the device.
contains device first_touch_on_device=16 fault_to_device=48 first_way_to_device=48 launch=1 body_byte=48*P
contains cpu_after fault_to_host=32 first_way_to_host=32 arrival_on_host=16 after_byte=32*P
# All of its pages exist, and all have been on the device.
contains release release=1 release_page=48 release_visitor=48
cell "triad setup=copy device=emu size=48*base"
contains cpu_before first_touch_on_host=32 fill_byte=32*P
contains device copy_to_device=2 copy_byte_to_device=32*P launch=1 body_byte=48*P
contains cpu_after first_touch_on_host=16 copy_to_host=1 copy_byte_to_host=16*P after_byte=32*P
# None has: what was sent are copies.
contains release release=1 release_page=48

fs 0 "each benchmark and program once" run ./plan --rounds 1 --max-rounds 1 -q -o run.jsonl
[ "$tap_failed" -eq 0 ] || tap_diag "$err"

# of CELL METRIC|STEP: what it contains, sorted: KIND=N...
of() {
	awk -v cell="\"cell\":$1," -v metric="\"$2\":{" -v step="\"step\":\"$2\"" '
		/"type":"round"/ && index($0, cell) {
			is_kernel = index($0, "\"kind\":\"kernel\"") != 0
			from = substr($0, index($0, is_kernel ? step : metric))
			what = is_kernel ? "\"events\":{" : "\"contains\":{"
			if (!index(from, what))
				next
			from = substr(from, index(from, what) + length(what))
			n = split(substr(from, 1, index(from, "}") - 1), event, ",")
			for (i = 1; i <= n; i++) {
				gsub(/"/, "", event[i])
				split(event[i], part, ":")
				printf "%s=%.12g\n", part[1], part[2]
			}
		}' run.jsonl | sort | tr '\n' ' ' | sed 's/ $//'
}
while IFS="$(printf '\t')" read -r cell metric want name; do
	is "$(of "$cell" "$metric")" "$want" "$name contains what it must"
done <wanted

done_testing
