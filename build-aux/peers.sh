#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# peers.sh [ROW...] - what fivestep measures beside what trusted tools measure of the same thing, in turns on one machine: the tool and fivestep one
# after the other, five times (PAIRS=N), so that whatever else the machine does meets both. Rows, tools (packages of Debian) and metrics:
#
#   syscall  perf bench syscall basic (linux-perf)                      floor.syscall
#   copy     mbw, its memory in huge pages as floor's is (mbw)          floor.memcpy
#   latency  multichase, one chase over all lines in random order       access_latency.read of the host's memory by the CPU
#            (MULTICHASE=PROGRAM, built from github.com/google/multichase)
#   fault    stress-ng --userfaultfd (stress-ng)                        floor.raw_fault_two
#
# A line a row: the median and range of both, fivestep's median as a multiple of the tool's, and "agree" where that is within 5 %, or each median is within
# the range of the other; otherwise "differ", and why where a reason is known. A ratio is of two figures of one run on one machine.
# FIVESTEP=PROGRAM and SIZE=256M choose what is measured with. Status: 0, 1 where a row differs without a known reason or failed, 77 where no tool is here.
# shellcheck disable=SC2317 # functions are called by their names
set -eu
cd "$(dirname "$0")/.."

fivestep=${FIVESTEP:-./fivestep}
pairs=${PAIRS:-5}
size=${SIZE:-256M}
mib=${size%M}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# measure WORD...: runs fivestep with these words and -o; what it says where it fails
measure() {
	rm -f "$work/run.jsonl"
	"$fivestep" "$@" -o "$work/run.jsonl" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		return 1
	}
}

# value METRIC: the median of all rounds that were measured
value() {
	"$fivestep" export --format csv "$work/run.jsonl" | awk -F, -v name="$1" '$15 == "metric" && $17 == name { print $20 }' | middle
}

# middle: the median of the numbers that come in; fails where there is none
middle() {
	sort -g | awk '{ v[NR] = $1 } END { if (NR == 0) exit 1; print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# ---- the tool's figure, and fivestep's

theirs_syscall() { perf bench syscall basic -l 1000000 2>&1 | awk '/usecs\/op/ { print $1 * 1000 }'; }
ours_syscall() { measure run floor -p size="$size" --rounds 3 && value syscall; }

theirs_copy() {
	GLIBC_TUNABLES=glibc.malloc.hugetlb=1 mbw -q -t 0 -n 5 "$mib" | awk '/^AVG/ { for (i = 1; i < NF; i++) if ($i == "Copy:") print $(i + 1) * 1048576 / 1e9 }'
}
ours_copy() { measure run floor -p size="$size" --rounds 3 && value memcpy; }

theirs_latency() { "$MULTICHASE" -a -c simple -m "${mib}m" -T "${mib}m" -s 64 -n 3 | awk '{ print $1 }'; }
ours_latency() { measure run access_latency --setup hmm --device emu -p size="$size" --rounds 3 && value read; }

theirs_fault() {
	stress-ng --userfaultfd 1 --userfaultfd-ops 20000 --metrics-brief 2>&1 |
		awk '/nanosecs per page fault/ { for (i = 1; i < NF; i++) if ($(i + 1) == "nanosecs") print $i }'
}
ours_fault() { measure run floor -p size="$size" --rounds 3 && value raw_fault_two; }

# judge FILE OTHER: medians, ranges, ratio and the word, of the figures in both
judge() {
	sort -g "$1" >"$work/a"
	sort -g "$2" >"$work/b"
	paste "$work/a" "$work/b" | awk -v unit="$3" '
		{ a[NR] = $1; b[NR] = $2 }
		END {
			x = (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2
			y = (b[int((NR + 1) / 2)] + b[int(NR / 2) + 1]) / 2
			within = x >= b[1] && x <= b[NR] && y >= a[1] && y <= a[NR]
			near = y >= 0.95 * x && y <= 1.05 * x
			printf "%.4g (%.4g to %.4g) %.4g (%.4g to %.4g) %s %.2f %s\n", x, a[1], a[NR], y, b[1], b[NR], unit, y / x, within || near ? "agree" : "differ"
		}'
}

measured=0
status=0

# row NAME UNIT PROGRAM REMEDY [WHY]: measures both in turns, if the program is here; WHY they may differ
row() {
	case " $rows " in *" $1 "*) ;; *) return 0 ;; esac
	if ! command -v "$3" >/dev/null; then
		echo "$1: skipped: $3 is not here: $4"
		return 0
	fi
	: >"$work/theirs"
	: >"$work/ours"
	for _ in $(seq "$pairs"); do
		"theirs_$1" >>"$work/theirs"
		"ours_$1" >>"$work/ours"
	done
	measured=$((measured + 1))
	if [ "$(wc -l <"$work/theirs") $(wc -l <"$work/ours")" != "$pairs $pairs" ]; then
		echo "$1: $3 printed no figure that this script knows"
		status=1
		return 0
	fi
	said=$(judge "$work/theirs" "$work/ours" "$2")
	case $said in
	*differ) if [ -n "${5:-}" ]; then said="$said: $5"; else status=1; fi ;;
	esac
	echo "$1: $said"
}

rows="${*:-syscall copy latency fault}"
for name in $rows; do
	case $name in
	syscall | copy | latency | fault) ;;
	*)
		echo "peers: no row $name: syscall, copy, latency or fault" >&2
		exit 64
		;;
	esac
done
row syscall ns perf 'apt install linux-perf'
row copy GB/s mbw 'apt install mbw'
row latency ns "${MULTICHASE:-multichase}" 'set MULTICHASE to the program, built from github.com/google/multichase'
row fault ns stress-ng 'apt install stress-ng' \
	'stress-ng serves missing pages, each with a poll, a read, a page allocated and copied; floor maps one that is there, after a read'
[ "$measured" -gt 0 ] || exit 77
exit $status
