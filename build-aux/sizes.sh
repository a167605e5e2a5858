#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sizes.sh - holds every function and file of C of the tree that it is in against the limits of sizes.awk.
set -eu
cd "$(dirname "$0")/.."

# What is generated may be as long as it is.
find base bench kernels conform results harness record analysis guest fleet command tests examples -name '*.[ch]' ! -path command/registry.c -print | LC_ALL=C sort |
	xargs awk -f build-aux/sizes.awk || exit 1
