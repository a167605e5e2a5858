/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * calls.c - see calls.h.
 */
#include "config.h"

#include "harness/round/calls.h"
#include "harness/round/job.h"

const char *const call_names[CALLS] = {
	"copies_to_host", "copies_to_device", "migrates_to_host", "migrates_to_device", "acquires", "advices", "marshals", "launches"};

bool calls_has(const struct fs_job *job, enum call call)
{
	const struct fs_device *device = job->cell->device;
	bool is_copied = job->cell->setup != NULL && job->cell->setup->memory == FS_MEMORY_DEVICE, has = true;

	if (call < CALL_MIGRATE)
		has = is_copied && device->copy != NULL;
	else if (call < CALL_ACQUIRE)
		has = !is_copied && device->migrate != NULL;
	else if (call == CALL_ACQUIRE)
		has = !is_copied && device->acquire != NULL;
	else if (call == CALL_ADVISE)
		has = !is_copied && device->advise != NULL;
	else if (call == CALL_MARSHAL)
		has = is_copied && job->cell->kernel != NULL && job->cell->kernel->marshal != NULL;
	return has;
}

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
