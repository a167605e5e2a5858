#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuts.sh - looks for formats that cut a text in silence in the C files of the tree that it is in (see cuts.awk), and for sets of CPUs that end at the
# 1024th: a machine may have more, and then the kernel answers EINVAL.
set -eu
cd "$(dirname "$0")/.."

files=$(find base bench kernels conform results harness analysis guest fleet command examples -name '*.[ch]' ! -path command/registry.c -print | LC_ALL=C sort)
# shellcheck disable=SC2086 # many
awk -f build-aux/cuts.awk $files
# shellcheck disable=SC2086 # many
if grep -nE '\bcpu_set_t +[a-z_]+(,|;|\[| =)|\bCPU_(SET|CLR|ISSET|ZERO|COUNT)\(' $files; then
	echo "cuts: sets of 1024 CPUs there: see bench/cpus.h, or CPU_ALLOC()"
	exit 1
fi
