#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rooms.sh [--picture] - holds the includes of the tree that it is in against build-aux/rooms.txt; --picture prints that file as the picture of docs/architecture.md.
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" = --picture ]; then
	exec awk -v picture=1 -f build-aux/rooms.awk build-aux/rooms.txt
fi
# Files that are generated include what they are made of.
find base bench kernels conform results harness record analysis guest fleet command -name '*.[ch]' ! -path command/registry.c -print | LC_ALL=C sort |
	xargs awk -f build-aux/rooms.awk build-aux/rooms.txt || exit 1

# Benchmarks, programs and cases know no device by name: in what they say, fs_skip_device() names those that are registered.
devices=$(sed -n 's,^device_files += .*/\([a-z_]*\)\.c$,\1,p' harness/device/local.mk | paste -sd '|' -)
if grep -nE "\"[^\"]*\b($devices)\b[^\"]*\"" bench/*.[ch] kernels/*.[ch] conform/*.[ch] | grep -v '#include'; then
	echo "rooms: a device is named there: see fs_skip_device() in harness/fivestep/setup.h"
	exit 1
fi
