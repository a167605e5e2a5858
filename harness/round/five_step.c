/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * five_step.c - the five-step program, each step timed and counted separately:
 *
 *     (1) alloc_buffer(buf, size)   (2) cpu_compute(buf, size)   (3) device_compute(buf, size)
 *     (4) cpu_compute(buf, size)    (5) release_buffer(buf, size)
 *
 * A kernel that needs several sweeps alternates steps 3 and 4; their times add up. What a setup must do so
 * that a side sees current data is part of that side's step: bytes to the device in step 3, back in step 4.
 */
#include "config.h"

#include "harness/round/five_step.h"
#include "harness/round/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct fs_metric five_step_metrics[] = {
	{.name = "total", .unit = "ns", .better = FS_LOWER, .help = "the five steps together"},
	{.name = "alloc", .unit = "ns", .better = FS_LOWER, .help = "step 1: allocate the buffer"},
	{.name = "cpu_before", .unit = "ns", .better = FS_LOWER, .help = "step 2: the CPU fills it (first touch)"},
	{.name = "device", .unit = "ns", .better = FS_LOWER, .help = "step 3: the device computes, including data movement to it"},
	{.name = "cpu_after", .unit = "ns", .better = FS_LOWER, .help = "step 4: the CPU computes, including data movement back"},
	{.name = "release", .unit = "ns", .better = FS_LOWER, .help = "step 5: free the buffer"},
	{.name = "device_first", .unit = "ns", .better = FS_LOWER, .help = "step 3 of the first sweep, if there are several"},
	{.name = "device_again", .unit = "ns", .better = FS_LOWER, .help = "step 3 of a later sweep"},
	{.name = "marshal", .unit = "ns", .better = FS_LOWER, .help = "part of step 3: links rewritten as offsets, where a setup must; all sweeps"},
	{.name = "device_bandwidth",
		.unit = "GB/s",
		.better = FS_HIGHER,
		.help = "bytes read and written by the body, divided by the time of step 3"},
	{0},
};

const struct fs_plot five_step_plots[] = {
	{FS_DRAW_STACK, "alloc cpu_before device cpu_after release", .mark = "total", .title = "time of the five steps"},
	{FS_DRAW_MULTIPLES, "total", .title = "how far apart are its rounds?"},
	{0},
};

/* One step, timed and counted; returns what the call returned. */
#define STEP(p, step, call) (fs_step_begin((p)->job, step), fs_step_end((p)->job, step, (call)))

struct program {
	struct fs_job *job;
	const struct fs_kernel *kernel;
	struct fs_buffer buf;
	struct fs_work work;
	uint64_t first_sweep_ns; /* of step 3 */
	struct profile profile;
};

/* The last entry only ends the list. */
static int layout(struct fs_job *job, const struct fs_kernel *kernel, struct fs_work *work)
{
	int err = kernel->layout(work);

	if (err == 0 && work->regions[FS_REGIONS].bytes != 0)
		err = fs_error(job, -E2BIG, "%s divides its buffer into more than %d regions", kernel->name, FS_REGIONS);
	return err;
}

/* For the setups that marshal. Nothing is unmarshalled: no kernel's region with links comes back. */
static int marshal_timed(const struct fs_work *work, const struct fs_region *region, void *image)
{
	struct fs_job *job = work->job;
	uint64_t start = job_part_clock();
	int err = job->cell->kernel->marshal(work, region, image);

	job->marshal_ns += job_part_clock() - start;
	job->marshals++;
	return err;
}

static int prepare(struct program *p, struct fs_job *job, const struct fs_kernel *kernel)
{
	memset(p, 0, sizeof(*p));
	p->job = job;
	p->kernel = kernel;
	p->work.job = job;
	p->work.bytes = cell_bytes(job->cell);
	p->work.seed = fs_seed(job);
	p->work.launch.name = kernel->body_name;
	p->work.launch.body = kernel->body;
	p->work.marshal = kernel->marshal != NULL ? marshal_timed : NULL;
	p->buf.work = &p->work;
	return layout(job, kernel, &p->work);
}

static int alloc_buffer(struct program *p)
{
	int err = fs_alloc(p->job, p->work.bytes, &p->buf);

	p->work.cpu = p->buf.cpu;
	return err;
}

static int device_compute(struct program *p)
{
	return fs_device_compute(p->job, &p->buf, &p->work.launch);
}

/* Returns 1 if the kernel needs another sweep of the device. */
static int cpu_compute(struct program *p)
{
	int err = fs_cpu_begin(p->job, &p->buf);

	return err < 0 ? err : p->kernel->cpu_after(&p->work);
}

static int release_buffer(struct program *p)
{
	fs_release(p->job, &p->buf);
	return 0;
}

/* The first sweep differs from the others: it brings data and mappings to the device. */
static void give_sweep(struct program *p, uint64_t took_ns)
{
	if (p->work.iteration == 0) {
		p->first_sweep_ns = took_ns;
		return;
	}
	if (p->work.iteration == 1)
		fs_sample(p->job, "device_first", (double)p->first_sweep_ns);
	fs_sample(p->job, "device_again", (double)took_ns);
}

static int device_and_cpu(struct program *p)
{
	const struct share_step *step = &p->job->share->step[FS_DEVICE_COMPUTE];
	int again;

	do {
		uint64_t before_ns = step->ns;

		profile_turn(&p->profile, &p->work);
		again = STEP(p, FS_DEVICE_COMPUTE, device_compute(p));
		give_sweep(p, step->ns - before_ns);
		if (again >= 0)
			again = job_evidence(p->job, &p->buf, FS_DEVICE_COMPUTE);
		profile_step(&p->profile, FS_DEVICE);
		if (again >= 0)
			again = STEP(p, FS_CPU_AFTER, cpu_compute(p));
		profile_step(&p->profile, FS_HOST);
		p->work.iteration++;
	} while (again > 0);
	return again;
}

static void give_metrics(struct program *p)
{
	const struct share_step *step = p->job->share->step;
	uint64_t total_ns = 0;

	for (int i = 0; i < FS_STEPS; i++) {
		fs_sample(p->job, fs_step_names[i], (double)step[i].ns);
		total_ns += step[i].ns;
	}
	fs_sample(p->job, "total", (double)total_ns);
	if (p->job->marshals != 0)
		fs_sample(p->job, "marshal", (double)p->job->marshal_ns);
	if (p->kernel->device_bytes != NULL && step[FS_DEVICE_COMPUTE].ns != 0)
		fs_sample(p->job, "device_bandwidth", (double)p->kernel->device_bytes(&p->work) / (double)step[FS_DEVICE_COMPUTE].ns);
}

int five_step(struct fs_job *job, const struct fs_kernel *kernel)
{
	struct program p;
	int err = prepare(&p, job, kernel);

	if (err < 0)
		goto out;
	err = STEP(&p, FS_ALLOC, alloc_buffer(&p));
	if (err >= 0)
		err = STEP(&p, FS_CPU_BEFORE, kernel->cpu_before(&p.work));
	if (err >= 0)
		err = job_evidence(job, &p.buf, FS_CPU_BEFORE);
	profile_begin(&p.profile, job, kernel);
	if (err >= 0)
		err = device_and_cpu(&p);
	if (err >= 0)
		err = job_evidence(job, &p.buf, FS_CPU_AFTER);
	if (err >= 0)
		err = profile_evidence(&p.profile, &p.work, &p.buf);
	if (err >= 0)
		err = kernel->check(&p.work);
	if (p.buf.cpu != NULL)
		STEP(&p, FS_RELEASE, release_buffer(&p));
	if (err >= 0)
		give_metrics(&p);
out:
	profile_end(&p.profile);
	free(p.work.state);
	return err < 0 ? err : 0;
}
