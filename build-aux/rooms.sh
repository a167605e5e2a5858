#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rooms.sh [--picture] - holds the includes of the tree that it is in against build-aux/rooms.txt, and finds devices' names where no device
# is known; --picture prints that file as the picture of docs/architecture.md.
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" = --picture ]; then
	exec awk -v picture=1 -f build-aux/rooms.awk build-aux/rooms.txt
fi
# Files that are generated include what they are made of.
find base bench kernels conform results harness record analysis guest fleet command -name '*.[ch]' ! -path command/registry.c -print | LC_ALL=C sort |
	xargs awk -f build-aux/rooms.awk build-aux/rooms.txt || exit 1

# named WORDS FILE...: the lines of C with a string that has one of these words (a|b|c) in it, comments aside.
named() {
	words=$1
	shift
	awk -v words="$words" '
		{
			line = $0
			sub(/^[ \t]*\*.*/, "", line)
			sub(/\/\*.*/, "", line)
		}
		line ~ "\"([^\"]*[^A-Za-z0-9_\"])?(" words ")([^A-Za-z0-9_\"][^\"]*)?\"" && line !~ /^#include/ {
			print FILENAME ":" FNR ":" $0
			found = 1
		}
		END { exit !found }' "$@"
}

# Benchmarks, programs and cases know no device by name: in what they say, fs_skip_device() names those that are registered.
devices=$(sed -n 's,^device_files += .*/\([a-z_]*\)\.c$,\1,p' harness/device/local.mk | paste -sd '|' -)
if named "$devices" bench/*.[ch] kernels/*.[ch] conform/*.[ch]; then
	echo "rooms: a device is named there: see fs_skip_device() in harness/fivestep/setup.h"
	exit 1
fi

# Nor do frames: what a device is or counts follows from what it declares. "null" and "model" are words of theirs as well. kernels*.c are about the
# devices of the guest and their drivers.
frames=$(find analysis base results harness/plan harness/machine harness/round harness/run harness/setup harness/counter harness/fivestep -name '*.[ch]' \
	! -path 'analysis/history/kernels*' | LC_ALL=C sort)
# shellcheck disable=SC2086 # a list
if named "$(echo "$devices" | tr '|' '\n' | grep -vx -e null -e model | paste -sd '|' -)" $frames; then
	echo "rooms: a device is named there: a frame finds devices by what they declare (harness/fivestep/device.h)"
	exit 1
fi

# What is read from a record is no device's count by its name, but by what the device declares of it. runfile_parts.c has the names of older runs.
counts=$(cat harness/device/*.c harness/device/*/*.c | sed -nE 's/^\t(COUNT\(|COUNT_TO\(FS_[A-Z]*, |\{)"([a-z]+_[a-z_]+)", "[a-z]+",.*/\2/p' | sort -u | paste -sd '|' -)
# shellcheck disable=SC2046 # a list
if named "$counts" $(find analysis results fleet command -name '*.[ch]' ! -path 'analysis/history/kernels*' ! -path results/runfile_parts.c | LC_ALL=C sort); then
	echo "rooms: a device's count is named there: see runfile_count_to() in results/runfile.h, and fs_count_def.to"
	exit 1
fi
