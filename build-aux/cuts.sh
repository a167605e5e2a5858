#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuts.sh - looks for formats that cut a text in silence in the C files of the tree that it is in; see cuts.awk.
set -eu
cd "$(dirname "$0")/.."

find base bench kernels conform results harness analysis guest fleet command examples -name '*.[ch]' ! -path command/registry.c -print | LC_ALL=C sort |
	xargs awk -f build-aux/cuts.awk || exit 1
