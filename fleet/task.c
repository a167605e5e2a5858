/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * task.c - what a task of the array runs on its node; see task.h.
 *
 * A run is continued in a copy: should the earlier task still be alive on a node that Slurm gave up, both have a file of their own.
 */
#include "config.h"

#include "fleet/task.h"

const char task_script[] =
	"#!/bin/sh\n"
	"# A task of a fleet (fivestep fleet submit): measures a plan on this node. What differs from fleet to fleet comes as arguments.\n"
	"set -u\n"
	"program=$1\n"
	"bundle=$2\n"
	"plan=$3\n"
	"earlier=$4\n"
	"together=$5\n"
	"tasks=$6\n"
	"name=$SLURM_ARRAY_JOB_ID-$SLURM_ARRAY_TASK_ID\n"
	"run=runs/$name.jsonl\n"
	"printf '%s\\n' \"$SLURMD_NODENAME\" >\"runs/$name.node\" || exit 1\n"
	"if [ \"$bundle\" != - ]; then\n"
	"	unpacked=$(mktemp -d) || exit 1\n"
	"	trap 'rm -rf \"$unpacked\"' EXIT\n"
	"	tar -xzf \"$bundle\" -C \"$unpacked\" || exit 1\n"
	"	for program in \"$unpacked\"/*/bin/fivestep; do\n"
	"		:\n"
	"	done\n"
	"fi\n"
	"if [ \"$together\" != - ]; then\n"
	"	: >\"$together/$name\" || exit 1\n"
	"	while set -- \"$together\"/* && [ $# -lt \"$tasks\" ]; do\n"
	"		sleep 1\n"
	"	done\n"
	"fi\n"
	"# At a limit or a cancellation Slurm signals the run as well, which then ends its file: this shell waits for it.\n"
	"trap : TERM\n"
	"if [ \"$earlier\" = - ]; then\n"
	"	\"$program\" run -q -o \"$run\" \"$plan\"\n"
	"elif cp \"runs/$earlier\" \"$run\"; then\n"
	"	\"$program\" run -q --resume \"$run\"\n"
	"else\n"
	"	rm -f \"$run\"\n"
	"	exit 1\n"
	"fi\n"
	"status=$?\n"
	"# What report and compare read instead of a complete run. The run is what counts.\n"
	"[ $status -gt 128 ] || \"$program\" fleet digest \"$run\" || :\n"
	"exit $status\n";
