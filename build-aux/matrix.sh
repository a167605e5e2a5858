#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# matrix.sh RUN.jsonl... - prints docs/matrix.md from runs of all benchmarks under all setups. $FIVESTEP is the program. Where a run was measured is told
# by its file's name: host*, guest*, balancing*; runs of one place are one table.
set -eu
fivestep=${FIVESTEP:-./fivestep}

# tables TITLE RUN...: of all of these
tables() {
	title=$1
	shift
	[ $# -gt 0 ] || return 0
	printf '\n## %s\n\n' "$title"
	# 4 and 77 say that rounds failed or were skipped, which is what the tables are about.
	"$fivestep" export --format matrix "$@" || case $? in
	4 | 77) ;;
	*) exit 1 ;;
	esac
}

# named PATTERN RUN...: those whose file's name matches, a line each
named() {
	pattern=$1
	shift
	for run; do
		# shellcheck disable=SC2254 # a pattern
		case ${run##*/} in
		$pattern) echo "$run" ;;
		esac
	done
}

cat <<'EOT'
# What runs where

Every benchmark and program under every way of sharing, on each device that the machine of this document has: a virtual machine, and the reference guest
in it. One round each, for whether it runs and why not; none of it is a timing. A field that is empty: the benchmark needs what that setup never
offers. Written by these commands:

    fivestep run '*' --setup '*' --device emu,opencl --rounds 1 -o host.jsonl
    fivestep guest run --time-limit 60m -- run '*' --setup '*' --device emu,dmirror,softdev --rounds 1 --timeout 10m -o guest.jsonl
    fivestep guest run --balancing --time-limit 60m -- run '*' --setup cdm-balance --device emu --rounds 1 --timeout 10m -o balancing.jsonl
    sh build-aux/matrix.sh host.jsonl guest.jsonl balancing.jsonl >docs/matrix.md

A benchmark that is new is measured alone (`run NAME` for `run '*'`, to guest-NAME.jsonl) and added to the last command.
`fivestep export --format matrix` makes the same tables of any run.
EOT
# Names of files without blanks.
# shellcheck disable=SC2046
{
	tables 'On the host' $(named 'host*' "$@")
	tables 'In the guest' $(named 'guest*' "$@")
	tables 'In the guest, with automatic NUMA balancing' $(named 'balancing*' "$@")
}
