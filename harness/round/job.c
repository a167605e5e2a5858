/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * job.c - what the harness gives to benchmarks, kernels and setups: the fs_ functions of fivestep.h.
 */
#include "config.h"

#include "harness/round/job.h"
#include "harness/round/page_lists.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- parameters, seed, clock */

static const struct fs_arg *arg_of(const struct fs_job *job, const char *param, enum fs_param_type type)
{
	const struct fs_arg *arg = args_get(&job->cell->args, param);

	assert(arg != NULL && "the parameter is not declared");
	assert(arg->param->type == type);
	(void)type;
	return arg;
}

uint64_t fs_size(const struct fs_job *job, const char *param)
{
	return arg_of(job, param, FS_PARAM_SIZE)->whole;
}

uint64_t fs_count(const struct fs_job *job, const char *param)
{
	return arg_of(job, param, FS_PARAM_COUNT)->whole;
}

double fs_real(const struct fs_job *job, const char *param)
{
	return arg_of(job, param, FS_PARAM_REAL)->real;
}

const char *fs_choice(const struct fs_job *job, const char *param)
{
	return arg_of(job, param, FS_PARAM_CHOICE)->text;
}

bool fs_is(const struct fs_job *job, const char *param, const char *choice)
{
	return strcmp(fs_choice(job, param), choice) == 0;
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

/*
 * Where the guest counts instructions, its time-stamp counter is the instructions executed so far, exactly; the
 * kernel's clock would be a calibrated multiple of it.
 */
bool fs_counts_instructions(void)
{
	static _Atomic int known = -1; /* several threads may find it out, and find the same */
	int counts = atomic_load_explicit(&known, memory_order_relaxed);

	if (counts < 0) {
		const char *clock = getenv("FIVESTEP_CLOCK");

		counts = clock != NULL && clock_counts_instructions(clock);
		atomic_store_explicit(&known, counts, memory_order_relaxed);
	}
	return counts == 1;
}

static uint64_t clock_read(void)
{
	struct timespec t;

#if defined(__x86_64__)
	if (fs_counts_instructions())
		return __builtin_ia32_rdtsc();
#endif
	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Of the thread that runs the benchmark: the threads of a device time themselves, too, inside of what is timed here. */
static _Thread_local uint64_t inject_ns;

void job_inject(uint64_t ns)
{
	inject_ns = ns;
}

uint64_t fs_now(void)
{
	uint64_t now = clock_read(), until = now + inject_ns;

	/* Waited before each reading, so that what lies between two readings has grown by one wait. */
	while (now < until)
		now = clock_read();
	return __builtin_expect(lie_has_clock, 0) ? lie_of_clock(now) : now;
}

/* ---- metrics and evidence */

static int metric_index(const struct fs_job *job, const char *metric)
{
	for (int i = 0; job->metrics[i].name != NULL; i++) {
		if (strcmp(job->metrics[i].name, metric) == 0)
			return i;
	}
	assert(!"the metric is not declared");
	return 0;
}

void fs_sample(struct fs_job *job, const char *metric, double value)
{
	struct share_metric *m = &job->share->metric[metric_index(job, metric)];

	if (m->nsamples < SHARE_SAMPLES)
		m->sample[m->nsamples++] = value;
	else
		m->lost++;
}

void fs_drop(struct fs_job *job, const char *metric, const char *why)
{
	struct share_metric *m = &job->share->metric[metric_index(job, metric)];

	m->dropped++;
	snprintf(m->dropped_why, sizeof(m->dropped_why), "%s", why);
}

struct fs_histogram *fs_histogram(struct fs_job *job, const char *metric)
{
	int i = metric_index(job, metric);
	struct fs_histogram *h = &job->share->histogram[i];

	assert(job->metrics[i].kind == FS_HISTOGRAM);
	/* Its pages are there from here on: an entry never costs a fault where faults are timed and counted. */
	for (size_t c = 0; c < HISTOGRAM_BUCKETS; c += 512)
		*(volatile uint32_t *)&h->count[c] = h->count[c];
	return h;
}

void fs_histogram_add(struct fs_histogram *h, uint64_t ns)
{
	h->count[histogram_bucket(ns)]++;
}

bool fs_expect(struct fs_job *job, const char *what, double seen, enum fs_relation relation, double expected)
{
	struct share *share = job->share;
	bool holds = relation == FS_EQ ? seen == expected : relation == FS_GE ? seen >= expected : seen <= expected;

	if (!holds && share->verdict == VERDICT_OK) {

		share->verdict = VERDICT_INVALID;
		fs_because(&share->why, 0, "what was timed is not what was meant: see evidence in the record", "evidence %s: %.15g is not %s %.15g",
			what, seen, relation_signs[relation], expected);
	}
	if (share->nevidence == SHARE_EVIDENCE) {
		share->evidence_lost++;
		return holds;
	}
	snprintf(share->evidence[share->nevidence].what, sizeof(share->evidence[0].what), "%s", what);
	share->evidence[share->nevidence].seen = seen;
	share->evidence[share->nevidence].expected = expected;
	share->evidence[share->nevidence].relation = relation;
	share->evidence[share->nevidence].holds = holds;
	share->nevidence++;
	return holds;
}

void fs_noise(struct fs_job *job, const char *device, const char *name, double value)
{
	struct share *share = job->share;

	if (share->nnoises == SHARE_NOISES)
		return;
	snprintf(share->noise[share->nnoises].name, sizeof(share->noise[0].name), "%s.%s", device, name);
	share->noise[share->nnoises++].value = value;
}

/* ---- steps: counters are read outside, the clock innermost */

uint64_t fs_device_clock(const struct fs_job *job)
{
	const struct fs_device *device = job->cell->device;
	uint64_t excluded_ns = device != NULL && device->excluded_ns != NULL && job->device != NULL ? device->excluded_ns(job->device) : 0;

	return fs_now() - excluded_ns - job->excluded_ns;
}

/* What the device's own mappings cost at their first use is no part of any step. A device that fails here fails in what comes next. */
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

	/* A clock that goes backwards, or a device that says it did more aside than the step took, would make it last for centuries. */
	if (now < job->step_started_ns) {
		fs_expect(job, "step_ns", -(double)(job->step_started_ns - now), FS_GE, 0);
		now = job->step_started_ns;
	}
	job->share->step[step].ns += now - job->step_started_ns;
	job->share->step[step].done = err >= 0;
	counters_step_end(&job->counters, step);
	return err;
}

/* ---- verdicts */

struct fs_reason *fs_why(struct fs_job *job)
{
	return &job->share->why;
}

static void verdict_set(struct fs_job *job, enum verdict verdict, const char *remedy, const char *fmt, va_list ap)
{
	struct fs_reason *why = fs_why(job);

	job->share->verdict = verdict;
	snprintf(why->remedy, sizeof(why->remedy), "%s", remedy);
	vsnprintf(why->what, sizeof(why->what), fmt, ap);
}

int fs_wrong(struct fs_job *job, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verdict_set(job, VERDICT_FAIL, "", fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

void fs_code_variant(struct fs_job *job, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(job->share->image, sizeof(job->share->image), fmt, ap);
	va_end(ap);
}

int fs_skip(struct fs_job *job, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verdict_set(job, VERDICT_SKIP, remedy, fmt, ap);
	va_end(ap);
	return -ENOTSUP;
}

int fs_error(struct fs_job *job, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verdict_set(job, VERDICT_FAIL, "", fmt, ap);
	va_end(ap);
	return err < 0 ? err : -EIO;
}

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

bool fs_emulated(const struct fs_job *job)
{
	return job->cell->device->emulated;
}

bool fs_device_count(struct fs_job *job, const char *name, uint64_t *value)
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
		return lie_of_count(job, name, value, true);
	}
	return lie_of_count(job, name, value, false);
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
	uint64_t begun = fs_now();

	/* The last moment at which pages can be looked at; a benchmark that times the release does not pay for it. */
	if (!job->pages_expected)
		job_expect_pages(job, buf);
	job->pages_expected = false;
	job->excluded_ns += fs_now() - begun;
	job->buffer = NULL;
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

int fs_ceiling(struct fs_job *job, struct fs_buffer *buf, enum fs_side to, uint64_t *best_ns)
{
	const struct fs_device *device = job->cell->device;

	if (device->ceiling == NULL)
		return fs_skip(job, "device=cuda", "%s has no plain orders to be held against", device->name);
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

/* ---- for the harness */

size_t job_bytes(const struct fs_job *job)
{
	const struct cell *cell = job->cell;
	size_t (*bytes)(const struct fs_job *) = cell->bench != NULL ? cell->bench->bytes : cell->kernel->bytes;

	if (bytes != NULL)
		return bytes(job);
	return args_get(&cell->args, "size") != NULL ? fs_size(job, "size") : 0;
}

/* What counts are read into has room for so many. */
static int check_counts(struct fs_job *job, const struct fs_device *device)
{
	unsigned n = 0;

	while (device->count != NULL && n <= FS_DEVICE_COUNTS && device->counts[n].name != NULL)
		n++;
	return n <= FS_DEVICE_COUNTS ? 0 : fs_error(job, -E2BIG, "%s declares more than %d counts", device->name, FS_DEVICE_COUNTS);
}

int job_open(struct fs_job *job)
{
	const struct cell *cell = job->cell;
	int err = 0;

	if (cell->device != NULL) {
		err = check_counts(job, cell->device);
		if (err == 0)
			err = cell->device->open(job, cell->setup->memory, job_bytes(job), &job->device);
		if (err < 0) {
			job->device = NULL;
			if (job->share->verdict == VERDICT_OK)
				job->share->verdict = VERDICT_FAIL;
			return err;
		}
	}
	/* A device that compiles bodies itself has said so, or will. */
	if (cell->device != NULL && job->share->image[0] == '\0')
		fs_code_variant(job, "C, %s", fs_body_form_name(fs_body_form()));
	job->sde = sde_open(cell->device, job->device);
	counters_open(&job->counters, job, cell->device, job->device);
	if (fs_counts_instructions()) {
		page_lists_fill(&job->share->machine, job_bytes(job));
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
