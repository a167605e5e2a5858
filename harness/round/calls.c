/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * calls.c - see calls.h.
 */
#include "config.h"

#include "harness/round/calls.h"
#include "harness/round/job.h"

const char *const call_names[CALLS] = {
	"copies_to_host", "copies_to_device", "migrates_to_host", "migrates_to_device", "acquires", "advices", "marshals", "launches"};

void calls_read(const struct fs_job *job, uint64_t counts[CALLS])
{
	for (unsigned side = 0; side < FS_SIDES; side++) {
		counts[CALL_COPY + side] = job->requested[FS_COST_COPY + side];
		counts[CALL_MIGRATE + side] = job->requested[FS_COST_MIGRATE + side];
	}
	counts[CALL_ACQUIRE] = job->acquires;
	counts[CALL_ADVISE] = job->advices;
	counts[CALL_MARSHAL] = job->marshals;
	counts[CALL_LAUNCH] = job->requested[FS_COST_LAUNCH];
}
