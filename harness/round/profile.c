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

/* By the side that they go to, as struct fs_implied has them. */
static const char *const count_names[PROFILE_COUNTS] = {
	"pages_to_host", "pages_to_device", "faults_to_host", "faults_to_device", "copied_to_host_bytes", "copied_to_device_bytes"};
static const char *const evidence_names[PROFILE_COUNTS] = {"profile.pages_to_host", "profile.pages_to_device", "profile.faults_to_host",
	"profile.faults_to_device", "profile.copied_to_host_bytes", "profile.copied_to_device_bytes"};

/* ---- what a kernel says */

static void touches(struct fs_pages *pages, size_t offset, size_t bytes, enum fs_touch touch)
{
	size_t page = fs_page_bytes();

	for (size_t i = offset / page; i < pages->n && i * page < offset + bytes; i++)
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
	for (unsigned i = 0; i < PROFILE_COUNTS; i++)
		profile->is_counted[i] = fs_device_count(profile->job, count_names[i], &counted[i]);
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
	size_t (*granule)(const struct fs_job *job) = profile->job->cell->device->granule;
	size_t page = fs_page_bytes();

	memset(r, 0, sizeof(*r));
	memcpy(r->regions, work->regions, sizeof(r->regions));
	r->pages.n = (work->bytes + page - 1) / page;
	r->pages.touch = malloc(r->pages.n);
	/* New memory is the host's. */
	r->implied = (struct fs_implied){.regions = r->regions, .pages = &r->pages, .where = calloc(r->pages.n, 1)};
	r->are_pages_told = granule != NULL && profile->job->cell->setup->memory == FS_MEMORY_MIRROR;
	r->implied.granule = r->are_pages_told ? granule(profile->job) / page : 1;
	if (r->pages.touch == NULL || r->implied.where == NULL)
		return fs_error(profile->job, -ENOMEM, "no memory for the profile of %zu pages", r->pages.n);
	return 0;
}

static void replay_close(struct replay *r)
{
	free(r->pages.touch);
	free(r->implied.where);
}

static void implied_counts(const struct fs_implied *implied, uint64_t *counts)
{
	memcpy(counts, implied->moved, sizeof(implied->moved));
	memcpy(counts + FS_SIDES, implied->faults, sizeof(implied->faults));
	memcpy(counts + 2 * FS_SIDES, implied->copied, sizeof(implied->copied));
}

static bool is_told(const struct profile *profile, const struct replay *r, unsigned count)
{
	return profile->is_counted[count] && (count >= 2 * FS_SIDES || r->are_pages_told);
}

static int replay_step(struct replay *r, const struct profile *profile, const struct fs_work *work, size_t i)
{
	const struct profile_step *step = &profile->step[i];
	uint64_t implied[PROFILE_COUNTS];
	bool is_off = false;
	int err;

	for (unsigned k = 0; k < FS_REGIONS; k++)
		r->regions[k].flags = step->flags[k];
	memset(r->pages.touch, 0, r->pages.n);
	err = profile->kernel->profile(work, (unsigned)(i / FS_SIDES), step->side, &r->pages);
	if (err < 0)
		return err;
	r->implied.side = step->side;
	profile->job->cell->setup->imply(&r->implied);
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

/* After the last turn: pages that are elsewhere than what both sides touched implies, where there is anybody to ask. */
static int expect_places(const struct profile *profile, const struct replay *r, struct fs_buffer *buf)
{
	uint64_t astray = 0;
	uint8_t *sides;
	int err;

	if ((fs_offers(profile->job) & FS_RESIDENCE) == 0 || !r->are_pages_told)
		return 0;
	sides = malloc(r->pages.n);
	if (sides == NULL)
		return fs_error(profile->job, -ENOMEM, "no memory for the places of %zu pages", r->pages.n);
	err = fs_residence(profile->job, buf, 0, r->pages.n * fs_page_bytes(), sides);
	for (size_t i = 0; i < r->pages.n && err == 0; i++)
		astray += sides[i] != r->implied.where[i];
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
	replay_close(&r);
	return err;
}
