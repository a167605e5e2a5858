/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * job.c - a round, seen from its own code: parameters, start and end of steps, opening and closing of device and counters.
 */
#include "config.h"

#include "harness/round/job.h"
#include "harness/round/page_lists.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* ---- parameters and seed */

const struct fs_args *fs_args(const struct fs_job *job)
{
	return &job->cell->args;
}

uint64_t fs_size(const struct fs_job *job, const char *param)
{
	return fs_arg_size(fs_args(job), param);
}

uint64_t fs_count(const struct fs_job *job, const char *param)
{
	return fs_arg_count(fs_args(job), param);
}

double fs_real(const struct fs_job *job, const char *param)
{
	return fs_arg_real(fs_args(job), param);
}

const char *fs_choice(const struct fs_job *job, const char *param)
{
	return fs_arg_choice(fs_args(job), param);
}

bool fs_is(const struct fs_job *job, const char *param, const char *choice)
{
	return fs_arg_is(fs_args(job), param, choice);
}

const char *fs_name(const struct fs_job *job)
{
	return job->cell->name;
}

const struct fs_machine *fs_machine(const struct fs_job *job)
{
	return &job->share->machine;
}

uint64_t fs_seed(const struct fs_job *job)
{
	return job->share->seed;
}

/* ---- steps: counters are read outside, the clock innermost */

/* The first use of the device's own mappings is not part of any step. A device that fails here will fail again in the next call. */
static void warm_buffer(struct fs_job *job)
{
	const struct fs_device *device = job->cell->device;

	if (job->warm || job->buffer == NULL || device == NULL || device->warm == NULL)
		return;
	job->warm = true;
	device->warm(job->device, (struct fs_memory *)&job->buffer->memory);
}

void fs_step_begin(struct fs_job *job, enum fs_step step)
{
	if (step == FS_DEVICE_COMPUTE)
		warm_buffer(job);
	counters_step_begin(&job->counters);
	job_started(job);
	job->step_started_ns = fs_device_clock(job);
}

int fs_step_end(struct fs_job *job, enum fs_step step, int err)
{
	uint64_t now = fs_device_clock(job);

	/* If the clock goes backwards, or a device excludes more time than the step took, the difference would wrap around to centuries. */
	if (now < job->step_started_ns) {
		fs_expect(job, "step_ns", -(double)(job->step_started_ns - now), FS_GE, 0);
		now = job->step_started_ns;
	}
	job->share->step[step].ns += now - job->step_started_ns;
	job->share->step[step].done = err >= 0;
	counters_step_end(&job->counters, step);
	return err;
}

/* ---- for the harness */

/* The arrays that counts are read into, and their names in the shared memory, have a fixed size. */
static int check_counts(struct fs_job *job, const struct fs_device *device)
{
	const size_t longest = sizeof(job->share->event[0].name) - 1, longest_unit = sizeof(job->share->event[0].unit) - 1;
	unsigned n = 0;

	for (; device->count != NULL && n <= FS_DEVICE_COUNTS && device->counts[n].name != NULL; n++) {
		const struct fs_count_def *def = &device->counts[n];

		if (strlen(device->name) + 1 + strlen(def->name) > longest || strlen(def->unit) > longest_unit)
			return fs_error(job, -E2BIG,
				"%s: the name of a count has more than %zu characters with the device's, or its unit more than %zu: %s", device->name,
				longest, longest_unit, def->name);
	}
	return n <= FS_DEVICE_COUNTS ? 0 : fs_error(job, -E2BIG, "%s declares more than %d counts", device->name, FS_DEVICE_COUNTS);
}

/* What comes from an extension is not known when the memory of a round is laid out. */
static int check_metrics(struct fs_job *job)
{
	unsigned n = 0;

	while (job->metrics != NULL && n <= SHARE_METRICS && job->metrics[n].name != NULL)
		n++;
	return n <= SHARE_METRICS ? 0 : fs_error(job, -E2BIG, "%s declares more than %d metrics", job->cell->name, SHARE_METRICS);
}

int job_open(struct fs_job *job)
{
	const struct cell *cell = job->cell;
	int err = check_metrics(job);

	if (err < 0)
		return err;
	if (cell->device != NULL) {
		err = check_counts(job, cell->device);
		if (err == 0)
			err = cell->device->open(job, cell->setup->memory, cell_bytes(cell), &job->device);
		if (err < 0) {
			job->device = NULL;
			if (job->share->verdict == VERDICT_OK)
				job->share->verdict = VERDICT_FAIL;
			return err;
		}
	}
	/* A device that compiles its bodies itself sets this itself. */
	if (cell->device != NULL && job->share->image[0] == '\0')
		fs_code_variant(job, "C, %s", fs_body_form_name(fs_body_form()));
	job->sde = sde_open(cell->device, job->device);
	counters_open(&job->counters, job->share, job, cell->device, job->device);
	if (fs_counts_instructions()) {
		page_lists_fill(&job->share->machine, cell_bytes(cell));
		page_lists_align_tick();
	}
	counters_begin(&job->counters);
	return 0;
}

void job_close(struct fs_job *job)
{
	counters_close(&job->counters);
	sde_close(job->sde);
	if (job->device != NULL)
		job->cell->device->close(job->device);
	job->device = NULL;
}

void job_started(struct fs_job *job)
{
	if (job->share->started_ns == 0)
		job->share->started_ns = fs_now();
}

int job_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	const struct fs_setup *setup = job->cell->setup;
	int err = setup->evidence != NULL ? setup->evidence(job, buf, after) : 0;

	if (err >= 0 && after == FS_CPU_AFTER) {
		err = job_expect_pages(job, buf);
		job->pages_expected = true;
	}
	return err;
}
