/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * device_calls.c - calls of setups and benchmarks to a device: its primitives, and the calls that go through the setup.
 */
#include "config.h"

#include "harness/round/job.h"

#include <string.h>

/* ---- the device's primitives; each failure of the device leaves its reason in the job */

static int device_failed(struct fs_job *job, int err)
{
	const struct fs_device *device = job->cell->device;
	const struct fs_reason *why = device->why != NULL ? device->why(job->device) : NULL;

	if (job->share->verdict == VERDICT_OK)
		job->share->verdict = VERDICT_FAIL;
	if (why != NULL && why->what[0] != '\0')
		job->share->why = *why;
	else
		fs_because(fs_why(job), err, "", "%s: %s", device->name, strerror(-err));
	return err;
}

static int device_did(struct fs_job *job, int err)
{
	return err < 0 ? device_failed(job, err) : err;
}

int fs_device_alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	return device_did(job, job->cell->device->alloc(job->device, kind, bytes, side, memory));
}

void fs_device_free(struct fs_job *job, struct fs_memory *memory)
{
	if (memory->bytes != 0)
		job->cell->device->free(job->device, memory);
	memset(memory, 0, sizeof(*memory));
}

int fs_device_copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	return device_did(job, lie_of_copy(job, stream, memory, offset, host, bytes, to));
}

int fs_device_advise(struct fs_job *job, struct fs_memory *memory, enum fs_advice advice)
{
	job->advices++;
	return device_did(job, job->cell->device->advise(job->device, memory, advice));
}

int fs_device_launch(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	return device_did(job, lie_of_launch(job, stream, memory, launch));
}

int fs_device_wait(struct fs_job *job, int stream)
{
	return device_did(job, lie_of_wait(job, stream));
}

int fs_device_migrate(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	return device_did(job, lie_of_migrate(job, memory, offset, bytes, to));
}

int fs_device_pin(struct fs_job *job, size_t bytes, void **host)
{
	return device_did(job, job->cell->device->pin(job->device, bytes, host));
}

void fs_device_unpin(struct fs_job *job, void *host, size_t bytes)
{
	job->cell->device->unpin(job->device, host, bytes);
}

int fs_device_acquire(struct fs_job *job, struct fs_memory *memory, enum fs_side to)
{
	job->acquires++;
	return device_did(job, job->cell->device->acquire(job->device, memory, to));
}

int fs_device_residence(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	return device_did(job, lie_of_residence(job, memory, offset, bytes, side));
}

bool fs_device_reaches(const struct fs_job *job)
{
	return job->cell->setup->memory == FS_MEMORY_DEVICE || !job->cell->device->reads_shadow;
}

bool fs_moves_in_threads(const struct fs_job *job)
{
	return job->cell->device->in_threads && (fs_offers(job) & FS_MOVE) != 0 && (fs_offers(job) & FS_TRANSFER) == 0;
}

bool fs_is_ordinary(const struct fs_job *job)
{
	return (job->cell->device->ordinary & FS_UNDER(job->cell->setup->memory)) != 0;
}

bool fs_is_frail(const struct fs_job *job)
{
	return job->cell->device->is_frail && job->cell->setup->memory == FS_MEMORY_MIRROR;
}

void fs_forgive(struct fs_job *job)
{
	if (job->share->verdict == VERDICT_FAIL)
		job->share->verdict = VERDICT_OK;
	if (job->share->verdict == VERDICT_OK)
		job->share->why = (struct fs_reason){0};
}

bool fs_emulated(const struct fs_job *job)
{
	return job->cell->device->emulated;
}

bool device_count(struct fs_job *job, const char *name, uint64_t *value)
{
	const struct fs_device *device = job->cell->device;
	uint64_t values[FS_DEVICE_COUNTS] = {0};

	if (device == NULL || device->count == NULL)
		return false;
	for (unsigned i = 0; device->counts[i].name != NULL; i++) {
		if (strcmp(device->counts[i].name, name) != 0)
			continue;
		if (device->count(job->device, values) != 0)
			return false;
		*value = values[i];
		return true;
	}
	return false;
}

bool fs_device_count(struct fs_job *job, const char *name, uint64_t *value)
{
	bool counted = device_count(job, name, value);

	return job->cell->device != NULL && job->cell->device->count != NULL && lie_of_count(job, name, value, counted);
}

/* ---- what benchmarks and five_step call */

unsigned fs_offers(const struct fs_job *job)
{
	return job->cell->setup != NULL ? job->cell->setup->offers : 0;
}

int fs_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	int err;

	buf->bytes = bytes;
	err = job->cell->setup->alloc(job, bytes, buf);
	if (err >= 0) {
		job->buffer = buf;
		job->warm = false;
		counters_watch(&job->counters, buf);
		lie_of_alloc(job, buf);
	}
	return err;
}

int fs_device_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch)
{
	return job->cell->setup->device_compute(job, buf, launch);
}

int fs_cpu_begin(struct fs_job *job, struct fs_buffer *buf)
{
	return job->cell->setup->cpu_begin(job, buf);
}

void fs_release(struct fs_job *job, struct fs_buffer *buf)
{
	uint64_t start = fs_now();

	/* The last chance to check the pages; a benchmark that times the release does not pay for it. */
	if (!job->pages_expected)
		job_expect_pages(job, buf);
	job->pages_expected = false;
	job->excluded_ns += fs_now() - start;
	job->buffer = NULL;
	counters_watch(&job->counters, NULL);
	job->cell->setup->release(job, buf);
}

const struct fs_buffer *fs_buffer(const struct fs_job *job)
{
	return job->buffer;
}

int fs_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to)
{
	return job->cell->setup->move(job, buf, offset, bytes, to);
}

int fs_residence(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, uint8_t *side)
{
	return fs_device_residence(job, &buf->memory, offset, bytes, side);
}

int fs_launch_start(struct fs_job *job, struct fs_buffer *buf, const struct fs_launch *launch)
{
	return fs_device_launch(job, 0, &buf->memory, launch);
}

int fs_launch_wait(struct fs_job *job)
{
	return fs_device_wait(job, 0);
}

int fs_device_refuse(struct fs_job *job, enum fs_side side, unsigned n)
{
	const struct fs_device *device = job->cell->device;

	if (device->refuse == NULL)
		return fs_skip_device(job, FS_TRAIT_REFUSES, NULL, "does not fail on request");
	return device_did(job, device->refuse(job->device, side, n));
}

int fs_device_seize(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes)
{
	const struct fs_device *device = job->cell->device;

	if (device->seize == NULL)
		return fs_skip_device(job, FS_TRAIT_SEIZES, NULL, "does not take pages for itself alone");
	return device_did(job, device->seize(job->device, memory, offset, bytes));
}

int fs_device_seized(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, size_t *pages)
{
	const struct fs_device *device = job->cell->device;

	if (device->seized == NULL)
		return fs_skip_device(job, FS_TRAIT_SEIZES, NULL, "does not take pages for itself alone");
	return device_did(job, device->seized(job->device, memory, offset, bytes, pages));
}

int fs_ceiling(struct fs_job *job, struct fs_buffer *buf, enum fs_side to, uint64_t *best_ns)
{
	const struct fs_device *device = job->cell->device;

	if (device->ceiling == NULL)
		return fs_skip_device(job, FS_TRAIT_CEILING, NULL, "has no raw copy baseline");
	return device_did(job, device->ceiling(job->device, &buf->memory, to, buf->bytes, best_ns));
}

const ulong *fs_results(struct fs_job *job)
{
	return job->cell->device->out(job->device);
}

ulong *fs_results_clear(struct fs_job *job)
{
	ulong *out = job->cell->device->out(job->device);

	memset(out, 0, FS_OUT_WORDS * sizeof(*out));
	return out;
}
