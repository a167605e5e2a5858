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
