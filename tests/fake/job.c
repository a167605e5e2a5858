/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_job.c - a round without runner, setup and device.
 */
#include "config.h"

#include "tests/fake/job.h"
#include "harness/plan/inputs.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness/round/five_step.h"

#define RUBBISH 0xa5
#define CHUNKS	3 /* divides few index ranges: the last chunk is longer */

const char *const fake_way_names[FAKE_WAYS] = {"shared", "copied", "sliced"};

/* ---- the job */

static int parse_args(struct fake_job *fake, const char *text)
{
	char *copy = strdup(text), *rest = NULL;
	int err = copy != NULL ? 0 : -ENOMEM;

	for (char *word = strtok_r(copy, " ", &rest); err == 0 && word != NULL; word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');
		struct fs_arg *arg;

		if (value != NULL)
			*value++ = '\0';
		arg = value != NULL ? args_find(&fake->cell.args, word) : NULL;
		err = arg != NULL ? param_parse(arg->param, value, arg, fs_why(&fake->job)) : -EINVAL;
	}
	free(copy);
	return err;
}

int fake_job_open(struct fake_job *fake, const struct fs_kernel *kernel, const struct fs_bench *bench, const char *args)
{
	const struct fs_param *params = kernel != NULL ? kernel->params : bench->params;
	int err = 0;

	memset(fake, 0, sizeof(*fake));
	fake->cell.name = kernel != NULL ? kernel->name : bench->name;
	fake->cell.kernel = kernel;
	fake->cell.bench = bench;
	fake->job.cell = &fake->cell;
	fake->job.metrics = kernel != NULL ? five_step_metrics : bench->metrics;
	fake->job.share = calloc(1, sizeof(*fake->job.share));
	if (fake->job.share == NULL)
		return -ENOMEM;
	if (params != NULL)
		err = args_declare(&fake->cell.args, params, 0);
	if (err == 0)
		err = parse_args(fake, args);
	if (err < 0)
		return err;
	args_drop_idle(&fake->cell.args);
	return inputs_admit(&fake->cell, fs_why(&fake->job));
}

void fake_job_close(struct fake_job *fake)
{
	free(fake->job.share);
	fake->job.share = NULL;
}

void fake_job_pardon(struct fake_job *fake)
{
	fake->job.share->verdict = VERDICT_OK;
	memset(&fake->job.share->why, 0, sizeof(fake->job.share->why));
}

/* ---- the device: a few threads on one memory */

struct worker {
	pthread_t thread;
	const struct fs_launch *launch;
	unsigned char *buf;
	ulong *out;
	uint64_t first, last, stride;
};

static void *work_on(void *arg)
{
	struct worker *w = arg;

	w->launch->body(w->buf, w->out, w->launch->args, w->first, w->last, w->stride);
	return NULL;
}

static void share_out(const struct fake_steps *steps, const struct fs_launch *launch, unsigned i, struct worker *w)
{
	uint64_t items = launch->last - launch->first;

	w->stride = steps->blocks ? 1 : steps->workers;
	w->first = launch->first + (steps->blocks ? items * i / steps->workers : i);
	w->last = steps->blocks ? launch->first + items * (i + 1) / steps->workers : launch->last;
}

static int device_launch(const struct fake_steps *steps, const struct fs_launch *launch, unsigned char *buf, ulong *out)
{
	struct worker workers[FAKE_WORKERS];
	unsigned n = steps->idle ? 0 : steps->lost ? steps->workers - 1 : steps->workers, started = 0;
	int err = 0;

	assert(steps->workers >= 1 && steps->workers <= FAKE_WORKERS);
	for (; started < n && err == 0; started++) {
		struct worker *w = &workers[started];

		*w = (struct worker){.launch = launch, .buf = buf, .out = out};
		share_out(steps, launch, started, w);
		if (steps->skip_first && w->first == 0)
			w->first += w->stride;
		err = -pthread_create(&w->thread, NULL, work_on, w);
		if (err != 0)
			break;
	}
	for (unsigned i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	return err;
}

/* ---- how data cross; device is a memory of its own */

static const struct fs_region *region_of(const struct fs_work *work, size_t byte)
{
	for (unsigned i = 0; i < FS_REGIONS && work->regions[i].bytes != 0; i++) {
		if (byte >= work->regions[i].offset && byte - work->regions[i].offset < work->regions[i].bytes)
			return &work->regions[i];
	}
	return NULL;
}

static int cross(const struct fs_work *work, unsigned char *device, const struct fs_region *region, size_t from, size_t end, enum fs_side to)
{
	unsigned char *here = work->cpu + region->offset, *there = device + region->offset;

	if (to == FS_DEVICE && (region->flags & FS_POINTERS))
		return work->marshal(work, region, there);
	memcpy((to == FS_DEVICE ? there : here) + from, (to == FS_DEVICE ? here : there) + from, end - from);
	return 0;
}

/* Chunk c of n; where n is 0, regions that are not sliced. */
static int cross_all(const struct fs_work *work, unsigned char *device, uint64_t c, uint64_t n, enum fs_side to)
{
	uint64_t items = work->launch.last - work->launch.first;
	int err = 0;

	for (unsigned i = 0; err == 0 && i < FS_REGIONS && work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &work->regions[i];
		size_t item = region->bytes / items;

		if ((region->flags & (to == FS_DEVICE ? FS_IN : FS_OUT)) == 0 || (to == FS_DEVICE && (region->flags & FS_KEPT) != 0))
			continue;
		if (n == 0 && (region->flags & FS_SLICED) == 0)
			err = cross(work, device, region, 0, region->bytes, to);
		else if (n != 0 && (region->flags & FS_SLICED) != 0)
			err = cross(work, device, region, item * (items * c / n), item * (items * (c + 1) / n), to);
	}
	return err;
}

static bool crosses_in_slices(const struct fs_region *region)
{
	return (region->flags & FS_SLICED) && (region->flags & FS_IN) && (region->flags & FS_KEPT) == 0;
}

/* Only the chunk's own slices are available: the others are overwritten. */
static void forget_slices(const struct fs_work *work, unsigned char *device)
{
	for (unsigned i = 0; i < FS_REGIONS && work->regions[i].bytes != 0; i++) {
		if (crosses_in_slices(&work->regions[i]))
			memset(device + work->regions[i].offset, RUBBISH, work->regions[i].bytes);
	}
}

/* After all chunks the device has all that crossed, for a kernel that says FS_KEPT from now on. */
static void remember_slices(const struct fs_work *work, unsigned char *device)
{
	for (unsigned i = 0; i < FS_REGIONS && work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &work->regions[i];

		if (crosses_in_slices(region))
			memcpy(device + region->offset, work->cpu + region->offset, region->bytes);
	}
}

static size_t count_stray(const struct fs_work *work, const unsigned char *device, const unsigned char *before)
{
	size_t stray = 0;

	for (size_t i = 0; i < work->bytes; i++) {
		const struct fs_region *region = region_of(work, i);

		stray += device[i] != before[i] && (region == NULL || (region->flags & FS_OUT) == 0);
	}
	return stray;
}

static size_t count_needless(const struct fs_work *work, const unsigned char *device)
{
	size_t needless = 0;

	for (unsigned i = 0; i < FS_REGIONS && work->regions[i].bytes != 0; i++) {
		const struct fs_region *region = &work->regions[i];

		if ((region->flags & FS_IN) != 0 && (region->flags & (FS_KEPT | FS_POINTERS)) == 0 &&
			memcmp(work->cpu + region->offset, device + region->offset, region->bytes) == 0)
			needless += region->bytes;
	}
	return needless;
}

static int launch_watched(struct fake_steps *steps, const struct fs_launch *launch, unsigned char *device, ulong *out)
{
	unsigned char *before = malloc(steps->work.bytes);
	int err;

	if (before == NULL)
		return -ENOMEM;
	memcpy(before, device, steps->work.bytes);
	err = device_launch(steps, launch, device, out);
	steps->stray += count_stray(&steps->work, device, before);
	free(before);
	return err;
}

static int compute_chunk(struct fake_steps *steps, unsigned char *device, ulong *out, uint64_t c, uint64_t n)
{
	struct fs_work *work = &steps->work;
	struct fs_launch launch = work->launch;
	uint64_t items = launch.last - launch.first;
	int err = cross_all(work, device, c, n, FS_DEVICE);

	launch.args.link_base = 0;
	launch.last = launch.first + items * (c + 1) / n;
	launch.first += items * c / n;
	if (err == 0)
		err = launch_watched(steps, &launch, device, out);
	return err == 0 ? cross_all(work, device, c, n, FS_HOST) : err;
}

static int device_compute(struct fake_steps *steps, unsigned char *device, ulong *out)
{
	struct fs_work *work = &steps->work;
	uint64_t chunks = steps->way == FAKE_SLICED ? CHUNKS : 1;
	int err;

	if (steps->way == FAKE_SHARED) {
		work->launch.args.link_base = (ulong)work->cpu;
		return device_launch(steps, &work->launch, work->cpu, out);
	}
	if (steps->way == FAKE_COPIED && work->iteration > 0)
		steps->needless += count_needless(work, device);
	err = cross_all(work, device, 0, 0, FS_DEVICE);
	for (uint64_t c = 0; c < chunks && err == 0; c++) {
		if (steps->way == FAKE_SLICED)
			forget_slices(work, device);
		err = compute_chunk(steps, device, out, c, chunks);
	}
	if (steps->way == FAKE_SLICED)
		remember_slices(work, device);
	return err == 0 ? cross_all(work, device, 0, 0, FS_HOST) : err;
}

/* ---- the steps */

static int sweeps(struct fake_steps *steps, const struct fs_kernel *kernel, unsigned char *device, ulong *out)
{
	int again;

	do {
		again = device_compute(steps, device, out);
		if (again == 0)
			again = kernel->cpu_after(&steps->work);
		steps->work.iteration++;
	} while (again > 0 && !steps->hasty);
	return again < 0 ? again : 0;
}

int fake_steps_run(struct fake_steps *steps, struct fake_job *fake)
{
	const struct fs_kernel *kernel = fake->cell.kernel;
	struct fs_work *work = &steps->work;
	unsigned char *device = NULL;
	ulong *out = NULL;
	int err;

	*work = (struct fs_work){.job = &fake->job, .bytes = cell_bytes(&fake->cell), .seed = steps->seed, .marshal = kernel->marshal};
	work->launch.name = kernel->body_name;
	work->launch.body = kernel->body;
	steps->stray = steps->needless = 0;
	fake->job.share->seed = steps->seed;
	err = kernel->layout(work);
	if (err < 0)
		return err;
	work->cpu = calloc(1, work->bytes);
	device = malloc(work->bytes);
	out = calloc(FS_OUT_WORDS, sizeof(*out));
	err = work->cpu != NULL && device != NULL && out != NULL ? 0 : -ENOMEM;
	if (err == 0) {
		memset(device, RUBBISH, work->bytes);
		err = kernel->cpu_before(work);
	}
	if (err == 0)
		err = sweeps(steps, kernel, device, out);
	free(device);
	free(out);
	return err;
}

void fake_steps_free(struct fake_steps *steps)
{
	free(steps->work.cpu);
	free(steps->work.state);
	memset(&steps->work, 0, sizeof(steps->work));
}
