#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# limits.sh - what is more than there is room for, or cannot be written where it should be, is an error or is reported: it is never left out in silence.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

# ---- the copy of each record

if [ -w /dev/full ]; then
	FIVESTEP_RECORD_COPY=/dev/full
	export FIVESTEP_RECORD_COPY
	fs 99 "a run whose copy cannot be written is an error" run triad --setup copy --device null -p "size=$(pages 64)" --rounds 1 -o "$tmp/copy.jsonl"
	has "$err" "cannot write /dev/full" "the error names the copy"
	FIVESTEP_RECORD_COPY=$tmp/none/copy
	fs 99 "a run whose copy cannot be opened is an error" run triad --setup copy --device null -p "size=$(pages 64)" --rounds 1 -o "$tmp/open.jsonl"
	has "$err" "FIVESTEP_RECORD_COPY" "the error names FIVESTEP_RECORD_COPY"
	unset FIVESTEP_RECORD_COPY
else
	skip "no /dev/full here" 4
fi

# ---- memory nodes

HWLOC_SYNTHETIC='numa:256 pu:1' fs 0 "doctor of 256 memory nodes" doctor
lacks "$out$err" "memory nodes: the others" "256 memory nodes are within the limit"
has "$out" "node 255 (" "doctor names the last of 256 memory nodes"
HWLOC_SYNTHETIC='numa:257 pu:1' fs 0 "doctor of 257 memory nodes" doctor
has "$out$err" "more than 256 memory nodes" "doctor says that 257 memory nodes are beyond the limit"
has "$(printf '%s\n' "$out" | grep 'more than 256 memory nodes')" "raise the limit in harness/machine/topology.h" "the remedy of the node limit is to raise it"

# ---- names and paths of any length

long=$(printf '%080d' 0)
mkdir -p "$tmp/data/plans"
echo "run triad setup=copy device=emu size=$(pages 64)" >"$tmp/data/plans/$long.plan"
FIVESTEP_DATADIR=$tmp/data fs 0 "a plan whose name has 80 characters runs" run "$long" --rounds 1 -o "$tmp/long.jsonl"
FIVESTEP_DATADIR=$tmp/data fs 64 "a name that goes on after those of a plan names no plan" run "${long}more" --rounds 1 -o "$tmp/more.jsonl"
has "$err" "${long}more" "the error has the whole name"
TMPDIR=$tmp/$long/none fs 99 "selftest needs its temporary folder" selftest
has "$err" "$tmp/$long/none/fivestep-" "the error has the whole path of the folder"

done_testing
