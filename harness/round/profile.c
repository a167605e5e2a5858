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
	if (profile->is_on)
		read_counts(profile, profile->begun);
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
			/* Said at the end: steps that are not known cannot be held against anything. */
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

struct replay {
	struct fs_region regions[FS_REGIONS];
	struct fs_pages pages;
	struct fs_implied implied;
	bool are_pages_told; /* they move, and the device says how many together */
	uint64_t steps_off;
};

static int replay_open(struct replay *r, const struct profile *profile, const struct fs_work *work)
{
	const struct cell *cell = profile->job->cell;
	size_t page = fs_page_bytes();
	bool moves = cell->setup->memory == FS_MEMORY_MIRROR;

	memset(r, 0, sizeof(*r));
	memcpy(r->regions, work->regions, sizeof(r->regions));
	r->pages.n = (work->bytes + page - 1) / page;
	r->pages.touch = malloc(r->pages.n);
	/* New memory is the host's, unless the policy says otherwise. */
	r->implied = (struct fs_implied){.args = &cell->args, .regions = r->regions, .pages = &r->pages, .where = calloc(3, r->pages.n)};
	if (r->pages.touch == NULL || r->implied.where == NULL)
		return fs_error(profile->job, -ENOMEM, "no memory for the profile of %zu pages", r->pages.n);
	r->implied.exists = r->implied.where + r->pages.n;
	r->implied.been = r->implied.exists + r->pages.n;
	r->are_pages_told = cell->device->granule != NULL && moves;
	r->implied.granule = r->are_pages_told ? cell->device->granule(profile->job) / page : 1;
	return 0;
}

static void replay_close(struct replay *r)
{
	free(r->pages.touch);
	free(r->implied.where);
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

static bool is_told(const struct profile *profile, const struct replay *r, unsigned count)
{
	return profile->is_counted[count] && (count >= 2 * FS_SIDES || r->are_pages_told);
}

/* What a step adds is also the step's in the record. */
static void imply(struct replay *r, const struct profile *profile, enum fs_step step)
{
	uint64_t before[FS_COSTS], *to = profile->job->share->step[step].implied;

	memcpy(before, r->implied.n, sizeof(before));
	r->implied.step = step;
	profile->job->cell->setup->imply(&r->implied);
	for (unsigned i = 0; i < FS_COSTS; i++)
		to[i] += r->implied.n[i] - before[i];
}

/* Bytes of the base pages that are touched. */
static uint64_t touched_bytes(const struct fs_pages *pages)
{
	uint64_t n = 0;

	for (size_t i = 0; i < pages->n; i++)
		n += pages->touch[i] != 0;
	return n * fs_page_bytes();
}

/* Steps 1 and 2. The flags of the first turn say what is filled. */
static void replay_begin(struct replay *r, const struct profile *profile)
{
	memset(r->pages.touch, 0, r->pages.n);
	for (unsigned k = 0; k < FS_REGIONS && profile->n != 0; k++)
		r->regions[k].flags = profile->step[0].flags[k];
	imply(r, profile, FS_ALLOC);
	for (unsigned k = 0; k < FS_REGIONS && r->regions[k].bytes != 0; k++) {
		if (r->regions[k].flags & (FS_IN | FS_FILLED))
			fs_writes(&r->pages, r->regions[k].offset, r->regions[k].bytes);
	}
	r->implied.n[FS_COST_FILL_BYTE] = touched_bytes(&r->pages);
	profile->job->share->step[FS_CPU_BEFORE].implied[FS_COST_FILL_BYTE] = r->implied.n[FS_COST_FILL_BYTE];
	imply(r, profile, FS_CPU_BEFORE);
}

static int replay_step(struct replay *r, const struct profile *profile, const struct fs_work *work, size_t i)
{
	const struct profile_step *step = &profile->step[i];
	enum fs_step which = step->side == FS_DEVICE ? FS_DEVICE_COMPUTE : FS_CPU_AFTER;
	uint64_t implied[PROFILE_COUNTS];
	bool is_off = false;
	int err;

	for (unsigned k = 0; k < FS_REGIONS; k++)
		r->regions[k].flags = step->flags[k];
	r->implied.items = step->items;
	memset(r->pages.touch, 0, r->pages.n);
	err = profile->kernel->profile(work, (unsigned)(i / FS_SIDES), step->side, &r->pages);
	if (err < 0)
		return err;
	profile->job->share->step[which].implied[step->side == FS_DEVICE ? FS_COST_BODY_BYTE : FS_COST_AFTER_BYTE] += touched_bytes(&r->pages);
	imply(r, profile, which);
	implied_counts(&r->implied, implied);
	for (unsigned k = 0; k < PROFILE_COUNTS; k++)
		is_off = is_off || (is_told(profile, r, k) && step->counted[k] - profile->begun[k] != implied[k]);
	r->steps_off += is_off;
	return 0;
}

/* Pages that had to make room, or were left where they are since they thrash, are not where the policy alone would have them. */
static bool is_disturbed(const struct profile *profile)
{
	uint64_t evicted, pinned;

	return (fs_device_count(profile->job, "evicted_pages", &evicted) && evicted != 0) ||
	       (fs_device_count(profile->job, "pinned_granules", &pinned) && pinned != 0);
}

/* Coherent memory of a device that does not say what moves together may be placed by rules of the driver's own. */
static bool are_places_told(const struct profile *profile, const struct replay *r)
{
	bool is_coherent = profile->job->cell->setup->memory == FS_MEMORY_COHERENT && profile->job->cell->device->granule != NULL;

	return (fs_offers(profile->job) & FS_RESIDENCE) != 0 && (r->are_pages_told || is_coherent);
}

/* What each step must cause is known for copies, and where the device says which pages move together. */
static bool is_implied(const struct profile *profile)
{
	return profile->job->cell->setup->memory == FS_MEMORY_DEVICE || profile->job->cell->device->granule != NULL;
}

/* A kernel that says how many bytes its body reads and writes is not measured by pages. */
static void record_implied(const struct profile *profile, struct replay *r, const struct fs_work *work)
{
	struct share *share = profile->job->share;

	memset(r->pages.touch, 0, r->pages.n);
	imply(r, profile, FS_RELEASE);
	if (profile->kernel->device_bytes != NULL)
		share->step[FS_DEVICE_COMPUTE].implied[FS_COST_BODY_BYTE] = profile->kernel->device_bytes(work);
	share->is_implied = is_implied(profile);
}

/* Whether a page is elsewhere than implied. A page that does not exist is nowhere; mirrored memory without one is said to be the host's. */
static bool is_astray(const struct replay *r, size_t page, uint8_t side)
{
	if (r->implied.exists[page])
		return side != r->implied.where[page];
	return side != FS_SIDES && !(r->are_pages_told && side == FS_HOST);
}

/* After the last turn: pages that are elsewhere than what both sides touched implies, where there is anybody to ask. */
static int expect_places(const struct profile *profile, const struct replay *r, struct fs_buffer *buf)
{
	uint64_t astray = 0;
	uint8_t *sides;
	int err;

	if (!are_places_told(profile, r))
		return 0;
	sides = malloc(r->pages.n);
	if (sides == NULL)
		return fs_error(profile->job, -ENOMEM, "no memory for the places of %zu pages", r->pages.n);
	err = fs_residence(profile->job, buf, 0, r->pages.n * fs_page_bytes(), sides);
	for (size_t i = 0; i < r->pages.n && err == 0; i++)
		astray += is_astray(r, i, sides[i]);
	if (err == 0)
		fs_expect(profile->job, "profile.pages_astray", (double)astray, FS_EQ, 0);
	free(sides);
	return err;
}

int profile_evidence(struct profile *profile, const struct fs_work *work, struct fs_buffer *buf)
{
	struct replay r;
	uint64_t implied[PROFILE_COUNTS];
	int err;

	if (!profile->is_on || is_disturbed(profile))
		return 0;
	if (profile->n != FS_SIDES * (size_t)work->iteration)
		return fs_error(profile->job, -ENOMEM, "no memory for the counts of %u turns", work->iteration);
	err = replay_open(&r, profile, work);
	if (err == 0)
		replay_begin(&r, profile);
	for (size_t i = 0; i < profile->n && err == 0; i++)
		err = replay_step(&r, profile, work, i);
	implied_counts(&r.implied, implied);
	for (unsigned k = 0; k < PROFILE_COUNTS && err == 0; k++) {
		if (is_told(profile, &r, k))
			fs_expect(profile->job, evidence_names[k], (double)(profile->step[profile->n - 1].counted[k] - profile->begun[k]), FS_EQ,
				(double)implied[k]);
	}
	if (err == 0)
		fs_expect(profile->job, "profile.steps_off", (double)r.steps_off, FS_EQ, 0);
	if (err == 0)
		err = expect_places(profile, &r, buf);
	if (err == 0)
		record_implied(profile, &r, work);
	replay_close(&r);
	return err;
}
