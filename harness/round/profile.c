/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * profile.c - see profile.h.
 */
#include "config.h"

#include "harness/round/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/round/job.h"

/* Those of the device by the side that they go to, then requests, which the harness counts. */
#define DEVICE_COUNTS 6
static const char *const count_names[DEVICE_COUNTS] = {
	"pages_to_host", "pages_to_device", "faults_to_host", "faults_to_device", "copied_to_host_bytes", "copied_to_device_bytes"};
static const char *const evidence_names[PROFILE_COUNTS] = {"profile.pages_to_host", "profile.pages_to_device", "profile.faults_to_host",
	"profile.faults_to_device", "profile.copied_to_host_bytes", "profile.copied_to_device_bytes", "profile.migrates_to_host",
	"profile.migrates_to_device", "profile.copies_to_host", "profile.copies_to_device", "profile.launches"};
static const enum fs_cost requests[PROFILE_COUNTS - DEVICE_COUNTS] = {
	FS_COST_MIGRATE + FS_HOST, FS_COST_MIGRATE + FS_DEVICE, FS_COST_COPY + FS_HOST, FS_COST_COPY + FS_DEVICE, FS_COST_LAUNCH};

/* ---- what a kernel says */

static void touches(struct fs_pages *pages, size_t offset, size_t bytes, enum fs_touch touch)
{
	size_t page = fs_page_bytes();

	for (size_t i = offset / page; bytes != 0 && i < pages->n && i * page < offset + bytes; i++)
		pages->touch[i] |= (uint8_t)touch;
}

void fs_reads(struct fs_pages *pages, size_t offset, size_t bytes)
{
	touches(pages, offset, bytes, FS_READS);
}

void fs_writes(struct fs_pages *pages, size_t offset, size_t bytes)
{
	touches(pages, offset, bytes, FS_WRITES);
}

/* ---- what is counted */

static void read_counts(struct profile *profile, uint64_t *counted)
{
	for (unsigned i = 0; i < PROFILE_COUNTS; i++) {
		profile->is_counted[i] = i >= DEVICE_COUNTS || fs_device_count(profile->job, count_names[i], &counted[i]);
		if (i >= DEVICE_COUNTS)
			counted[i] = profile->job->requested[requests[i - DEVICE_COUNTS]];
	}
}

void profile_begin(struct profile *profile, struct fs_job *job, const struct fs_kernel *kernel)
{
	const struct fs_setup *setup = job->cell->setup;

	*profile = (struct profile){.job = job, .kernel = kernel, .is_on = kernel->profile != NULL && setup != NULL && setup->imply != NULL};
	if (!profile->is_on)
		return;
	read_counts(profile, profile->start);
	if (!fs_device_count(job, "evicted_pages", &profile->start_evicted))
		profile->start_evicted = 0;
}

void profile_turn(struct profile *profile, const struct fs_work *work)
{
	for (unsigned i = 0; i < FS_REGIONS; i++)
		profile->flags[i] = work->regions[i].flags;
	profile->items = work->launch.last - work->launch.first;
}

void profile_step(struct profile *profile, enum fs_side side)
{
	struct profile_step *step;

	if (!profile->is_on)
		return;
	if (profile->n == profile->room) {
		size_t room = profile->room == 0 ? 16 : 2 * profile->room;

		step = realloc(profile->step, room * sizeof(*step));
		if (step == NULL) {
			/* Reported at the end: unknown steps cannot be compared. */
			profile->n = 0;
			return;
		}
		profile->step = step;
		profile->room = room;
	}
	step = &profile->step[profile->n++];
	step->side = side;
	step->items = profile->items;
	memcpy(step->flags, profile->flags, sizeof(step->flags));
	read_counts(profile, step->counted);
}

void profile_end(struct profile *profile)
{
	free(profile->step);
	profile->step = NULL;
}

/* ---- one against the other */

struct check {
	struct replay replay;
	bool are_pages_told; /* they move, and the device says how many together */
	uint64_t steps_off;
};

static int check_open(struct check *c, const struct profile *profile, const struct fs_work *work)
{
	const struct cell *cell = profile->job->cell;
	size_t granule = cell->device->granule != NULL && cell->setup->memory == FS_MEMORY_MIRROR ? cell->device->granule(profile->job) : 0;
	int err;

	memset(c, 0, sizeof(*c));
	c->are_pages_told = granule != 0;
	err = replay_open(&c->replay, cell->setup, &cell->args, work->regions, work->bytes, granule);
	return err == 0 ? 0 : fs_error(profile->job, err, "no memory for the profile of %zu bytes", work->bytes);
}

static void implied_counts(const struct fs_implied *implied, uint64_t *counts)
{
	for (unsigned side = 0; side < FS_SIDES; side++) {
		counts[side] = implied->n[FS_COST_PAGE + side] + implied->n[FS_COST_FAULT + side];
		counts[FS_SIDES + side] = implied->n[FS_COST_FAULT + side];
		counts[2 * FS_SIDES + side] = implied->n[FS_COST_COPY_BYTE + side];
	}
	for (unsigned i = DEVICE_COUNTS; i < PROFILE_COUNTS; i++)
		counts[i] = implied->n[requests[i - DEVICE_COUNTS]];
}

static bool is_told(const struct profile *profile, const struct check *c, unsigned count)
{
	return profile->is_counted[count] && (count >= 2 * FS_SIDES || c->are_pages_told);
}

static int check_step(struct check *c, const struct profile *profile, const struct fs_work *work, size_t i)
{
	const struct profile_step *step = &profile->step[i];
	uint64_t implied[PROFILE_COUNTS];
	bool is_off = false;
	int err;

	replay_clear(&c->replay);
	err = profile->kernel->profile(work, (unsigned)(i / FS_SIDES), step->side, &c->replay.pages);
	if (err < 0)
		return err;
	replay_step(&c->replay, step->side, step->flags, step->items);
	implied_counts(&c->replay.implied, implied);
	for (unsigned k = 0; k < PROFILE_COUNTS; k++)
		is_off = is_off || (is_told(profile, c, k) && step->counted[k] - profile->start[k] != implied[k]);
	c->steps_off += is_off;
	return 0;
}

static bool is_pinned(const struct profile *profile)
{
	uint64_t pinned;

	return fs_device_count(profile->job, "pinned_granules", &pinned) && pinned != 0;
}

/* Pages that were evicted, or pinned because they thrash, are not where the policy alone would have them. */
static bool is_disturbed(const struct profile *profile)
{
	uint64_t evicted;

	return is_pinned(profile) || (fs_device_count(profile->job, "evicted_pages", &evicted) && evicted != 0);
}

/* Coherent memory may be placed by rules of the driver's own; a device that says what moves together has none, unless it says so. */
bool profile_tells(const struct fs_setup *setup, const struct fs_device *device)
{
	if (setup->imply == NULL)
		return false;
	if (setup->memory == FS_MEMORY_COHERENT && device->places_itself)
		return false;
	return setup->memory == FS_MEMORY_DEVICE || device->granule != NULL;
}

static bool are_places_told(const struct profile *profile, const struct check *c)
{
	const struct cell *cell = profile->job->cell;
	bool is_coherent = cell->setup->memory == FS_MEMORY_COHERENT && profile_tells(cell->setup, cell->device);

	return (fs_offers(profile->job) & FS_RESIDENCE) != 0 && (c->are_pages_told || is_coherent);
}

void profile_body_bytes(const struct fs_kernel *kernel, const struct fs_work *work, struct replay *r)
{
	if (kernel->device_bytes != NULL)
		r->events[FS_DEVICE_COMPUTE][FS_COST_BODY_BYTE] = kernel->device_bytes(work);
}

static void record_implied(const struct profile *profile, const struct check *c, struct replay *r, const struct fs_work *work)
{
	struct share *share = profile->job->share;

	replay_end(r);
	profile_body_bytes(profile->kernel, work, r);
	for (unsigned step = 0; step < FS_STEPS; step++)
		memcpy(share->step[step].implied, r->events[step], sizeof(r->events[step]));
	share->is_implied = profile_tells(profile->job->cell->setup, profile->job->cell->device) &&
			    (profile->job->cell->setup->memory != FS_MEMORY_MIRROR || c->are_pages_told);
}

/* Whether a page is elsewhere than implied. A page that does not exist is nowhere; mirrored memory without one is said to be the host's. */
static bool is_astray(const struct check *c, size_t page, uint8_t side)
{
	const struct fs_implied *implied = &c->replay.implied;

	if (implied->exists[page])
		return side != implied->where[page];
	return side != FS_SIDES && !(c->are_pages_told && side == FS_HOST);
}

/* After the last turn: pages that are elsewhere than what both sides touched implies, where there is anybody to ask. */
static int expect_places(const struct profile *profile, const struct check *c, struct fs_buffer *buf)
{
	size_t n = c->replay.pages.n;
	uint64_t astray = 0;
	uint8_t *sides;
	int err;

	if (!are_places_told(profile, c))
		return 0;
	sides = malloc(n);
	if (sides == NULL)
		return fs_error(profile->job, -ENOMEM, "no memory for the places of %zu pages", n);
	err = fs_residence(profile->job, buf, 0, n * fs_page_bytes(), sides);
	for (size_t i = 0; i < n && err == 0; i++)
		astray += is_astray(c, i, sides[i]);
	if (err == 0)
		fs_expect(profile->job, "profile.pages_astray", (double)astray, FS_EQ, 0);
	free(sides);
	return err;
}

/* ---- evictions */

/* Of the step: every granule that the device touches has to be there at some time, and no more than fit are there at the end. */
static uint64_t least_evicted(const struct replay *r, size_t fit)
{
	size_t granule = r->implied.granule, touched = 0;

	for (size_t first = 0; first < r->pages.n; first += granule) {
		bool is_touched = false;

		for (size_t i = first; i < first + granule && i < r->pages.n; i++)
			is_touched = is_touched || r->pages.touch[i] != 0;
		touched += is_touched;
	}
	/* Of a granule that the buffer ends in, that much may be a page. */
	return touched > fit ? (touched - fit - 1) * granule + 1 : 0;
}

/*
 * Which pages leave a device that cannot hold all depends on the order of touches, which a profile does not have. How many at least does not; and no
 * page leaves that has not come.
 */
static int expect_evictions(struct profile *profile, struct check *c, const struct fs_work *work)
{
	const struct fs_device *device = profile->job->cell->device;
	size_t capacity = device->capacity != NULL && c->are_pages_told ? device->capacity(profile->job) : 0;
	uint64_t evicted, least = 0, came = profile->step[profile->n - 1].counted[FS_DEVICE] - profile->start[FS_DEVICE];
	int err = 0;

	/* What is pinned is touched where it is. */
	if (capacity == 0 || is_pinned(profile) || !profile->is_counted[FS_DEVICE] || !fs_device_count(profile->job, "evicted_pages", &evicted))
		return 0;
	for (size_t i = 0; i < profile->n && err == 0; i++) {
		if (profile->step[i].side != FS_DEVICE)
			continue;
		replay_clear(&c->replay);
		err = profile->kernel->profile(work, (unsigned)(i / FS_SIDES), FS_DEVICE, &c->replay.pages);
		least += least_evicted(&c->replay, capacity / fs_page_bytes() / c->replay.implied.granule);
	}
	if (err == 0) {
		fs_expect(profile->job, "profile.evicted_pages", (double)(evicted - profile->start_evicted), FS_GE, (double)least);
		fs_expect(profile->job, "profile.evicted_pages", (double)(evicted - profile->start_evicted), FS_LE, (double)came);
	}
	return err;
}

/* ---- all of it */

static int expect_all(struct profile *profile, struct check *c, const struct fs_work *work, struct fs_buffer *buf)
{
	uint64_t implied[PROFILE_COUNTS];
	int err = 0;

	replay_begin(&c->replay, profile->step[0].flags);
	for (size_t i = 0; i < profile->n && err == 0; i++)
		err = check_step(c, profile, work, i);
	implied_counts(&c->replay.implied, implied);
	for (unsigned k = 0; k < PROFILE_COUNTS && err == 0; k++) {
		if (is_told(profile, c, k))
			fs_expect(profile->job, evidence_names[k], (double)(profile->step[profile->n - 1].counted[k] - profile->start[k]), FS_EQ,
				(double)implied[k]);
	}
	if (err == 0)
		fs_expect(profile->job, "profile.steps_off", (double)c->steps_off, FS_EQ, 0);
	if (err == 0)
		err = expect_places(profile, c, buf);
	if (err == 0)
		record_implied(profile, c, &c->replay, work);
	return err;
}

int profile_evidence(struct profile *profile, const struct fs_work *work, struct fs_buffer *buf)
{
	struct check c;
	int err;

	if (!profile->is_on)
		return 0;
	if (profile->n == 0 || profile->n != FS_SIDES * (size_t)work->iteration)
		return fs_error(profile->job, -ENOMEM, "no memory for the counts of %u turns", work->iteration);
	err = check_open(&c, profile, work);
	if (err == 0)
		err = expect_evictions(profile, &c, work);
	if (err == 0 && !is_disturbed(profile))
		err = expect_all(profile, &c, work, buf);
	replay_close(&c.replay);
	return err;
}
