#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# matrix.sh RUN.jsonl... - prints docs/matrix.md from runs of all benchmarks under all setups. $FIVESTEP is the program.
set -eu
fivestep=${FIVESTEP:-./fivestep}

cat <<'EOT'
# What runs where

Every benchmark and program under every way of sharing, on each device that the machine of this document has: a virtual machine, and the reference guest
in it. One round each, for whether it runs and why not; none of it is a timing. A field that is empty: the benchmark needs what that setup never
offers. Written by these commands:

    fivestep run '*' --setup '*' --device emu,opencl --rounds 1 -o host.jsonl
    fivestep guest run --time-limit 60m -- run '*' --setup '*' --device emu,dmirror,softdev --rounds 1 --timeout 10m -o guest.jsonl
    fivestep guest run --balancing --time-limit 60m -- run '*' --setup cdm-balance --device emu --rounds 1 --timeout 10m -o balancing.jsonl
    sh build-aux/matrix.sh host.jsonl guest.jsonl balancing.jsonl >docs/matrix.md

`fivestep export --format matrix` makes the same tables of any run.
EOT
for run; do
	case $run in
	*balancing*) printf '\n## In the guest, with automatic NUMA balancing\n\n' ;;
	*guest*) printf '\n## In the guest\n\n' ;;
	*) printf '\n## On the host\n\n' ;;
	esac
	# 4 and 77 say that rounds failed or were skipped, which is what the tables are about.
	"$fivestep" export --format matrix "$run" || case $? in
	4 | 77) ;;
	*) exit 1 ;;
	esac
done
