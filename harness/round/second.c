/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * second.c - a second device in a round: for cases about two devices on one range, and about a process with a device of its own. It has the round's
 * setup, and what it says is the round's; counters and steps are those of the first.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/plan/catalog.h"
#include "harness/round/job.h"

struct second {
	struct fs_job job; /* first: it is what callers have */
	struct cell cell;
};

static struct second *second_new(const struct fs_job *job, const struct fs_device *device)
{
	struct second *second = calloc(1, sizeof(*second));

	if (second == NULL)
		return NULL;
	second->job = *job;
	second->cell = *job->cell;
	second->cell.device = device;
	second->job.cell = &second->cell;
	second->job.device = NULL;
	second->job.buffer = NULL;
	return second;
}

static int opened(struct fs_job *job, struct second *second, int err, struct fs_job **to)
{
	if (err < 0 && job->share->verdict == VERDICT_OK)
		job->share->verdict = VERDICT_FAIL;
	if (err < 0)
		free(second);
	else
		*to = &second->job;
	return err;
}

int fs_second_open(struct fs_job *job, size_t bytes, struct fs_job **to)
{
	const struct fs_device *device = job->cell->device;
	struct second *second = second_new(job, device);

	if (second == NULL)
		return fs_error_memory(job);
	return opened(job, second, device->open(&second->job, job->cell->setup->memory, bytes, &second->job.device), to);
}

/* Another unit of the same device, or the first of another device that can. */
static const struct fs_device *find_joiner(const struct fs_job *job)
{
	const struct fs_device *device = job->cell->device;

	for (unsigned i = 0; device != NULL && device->join == NULL; i++)
		device = catalog_device(i);
	return device;
}

int fs_second_join(struct fs_job *job, const struct fs_buffer *buf, struct fs_job **to)
{
	const struct fs_device *device = find_joiner(job);
	struct second *second = second_new(job, device);
	struct fs_reason why = {0};
	int err;

	if (second == NULL)
		return fs_error_memory(job);
	err = device == NULL ? -ENODEV : device->join(device == job->cell->device ? fs_args(job) : NULL, &buf->memory, &why, &second->job.device);
	/* The reason says what is missing. */
	if (err == -ENODEV) {
		free(second);
		return fs_skip(job, why.remedy[0] != '\0' ? why.remedy : "a machine with two devices: fivestep list devices", "%s",
			why.what[0] != '\0' ? why.what : "there is no second device that reaches memory of the first");
	}
	if (err < 0)
		*fs_why(job) = why;
	return opened(job, second, err, to);
}

void fs_second_close(struct fs_job *job)
{
	job->cell->device->close(job->device);
	free(job);
}
