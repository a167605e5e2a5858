/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dry.c - see dry.h.
 */
#include "config.h"

#include "harness/round/dry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "harness/machine/pages.h"
#include "harness/round/five_step.h"
#include "harness/round/profile.h"

#define TURNS_MAX 100000 /* of a program that never ends */

/* ---- the program, on memory that nobody shares */

static void note_flags(const struct fs_work *work, unsigned *flags)
{
	for (unsigned i = 0; i < FS_REGIONS; i++)
		flags[i] = work->regions[i].flags;
}

static int begin(struct dry *dry)
{
	const struct fs_kernel *kernel = dry->cell.kernel;
	struct fs_work *work = &dry->work;
	int err;

	*work = (struct fs_work){.job = &dry->job,
		.bytes = cell_bytes(&dry->cell),
		.seed = dry->share->seed,
		.launch = {.name = kernel->body_name, .body = kernel->body},
		.marshal = kernel->marshal};
	if (work->bytes / fs_page_bytes() > (size_t)sysconf(_SC_PHYS_PAGES) / 2)
		return fs_error(&dry->job, -E2BIG, "%zu bytes are more than half of the memory that it would be executed in", work->bytes);
	err = kernel->layout(work);
	if (err < 0)
		return err;
	work->cpu = pages_map(work->bytes, fs_page_bytes(), -1);
	if (work->cpu == NULL)
		return fs_error(&dry->job, -errno, "no memory for %zu bytes", work->bytes);
	return kernel->cpu_before(work);
}

static int turns(struct dry *dry)
{
	struct fs_work *work = &dry->work;
	ulong *out = calloc(FS_OUT_WORDS, sizeof(*out));
	int again = out == NULL ? -ENOMEM : 1;

	while (again > 0) {
		again = ARRAY_ADD(dry->turns, dry->n, TURNS_MAX, "turns", &dry->share->why);
		if (again < 0)
			break;
		note_flags(work, dry->turns[dry->n].flags);
		dry->turns[dry->n++].items = work->launch.last - work->launch.first;
		/* Links are addresses here, as under a setup with one address for both sides. */
		work->launch.args.link_base = (ulong)work->cpu;
		work->launch.body(work->cpu, out, work->launch.args, work->launch.first, work->launch.last, 1);
		again = dry->cell.kernel->cpu_after(work);
		work->iteration++;
	}
	free(out);
	return again;
}

int dry_run(struct dry *dry, const struct cell *cell, uint64_t seed, struct fs_reason *why)
{
	int err;

	*dry = (struct dry){.cell = *cell, .share = calloc(1, sizeof(*dry->share))};
	if (dry->share == NULL)
		return fs_no_memory(why);
	dry->cell.setup = NULL;
	dry->cell.device = NULL;
	dry->share->seed = seed;
	dry->job = (struct fs_job){.cell = &dry->cell, .share = dry->share, .metrics = five_step_metrics};
	err = begin(dry);
	if (err >= 0)
		err = turns(dry);
	if (err >= 0)
		return 0;
	if (dry->share->why.what[0] != '\0')
		return fs_because(why, err, dry->share->why.remedy, "%s: %s", cell->name, dry->share->why.what);
	return fs_because(why, err, "", "%s: %s", cell->name, strerror(-err));
}

void dry_free(struct dry *dry)
{
	if (dry->work.cpu != NULL)
		pages_unmap(dry->work.cpu, dry->work.bytes, fs_page_bytes());
	free(dry->work.state);
	free(dry->turns);
	free(dry->share);
	*dry = (struct dry){0};
}

/* ---- what a policy implies of it */

static int replay_turns(struct dry *dry, struct replay *r)
{
	int err = 0;

	replay_begin(r, dry->turns[0].flags);
	for (size_t i = 0; i < FS_SIDES * dry->n && err >= 0; i++) {
		const struct dry_turn *turn = &dry->turns[i / FS_SIDES];
		enum fs_side side = i % FS_SIDES == 0 ? FS_DEVICE : FS_HOST;

		replay_clear(r);
		err = dry->cell.kernel->profile(&dry->work, (unsigned)(i / FS_SIDES), side, &r->pages);
		if (err >= 0)
			replay_step(r, side, turn->flags, turn->items);
	}
	replay_end(r);
	profile_body_bytes(dry->cell.kernel, &dry->work, r);
	return err;
}

/* Only mirrored memory has pages that move together. */
static size_t granule_of(struct dry *dry, const struct cell *cell, size_t granule)
{
	struct fs_job job = dry->job;

	job.cell = cell;
	if (cell->setup->memory != FS_MEMORY_MIRROR)
		return 0;
	return granule != 0 ? granule : cell->device->granule(&job);
}

int dry_events(struct dry *dry, const struct cell *cell, size_t granule, uint64_t events[FS_STEPS][FS_COSTS], struct fs_reason *why)
{
	struct replay r;
	int err;

	if (cell->kernel->profile == NULL || !profile_tells(cell->setup, cell->device))
		return 0;
	granule = granule_of(dry, cell, granule);
	if (cell->setup->memory == FS_MEMORY_MIRROR && granule == 0)
		return 0;
	err = replay_open(&r, cell->setup, &cell->args, dry->work.regions, dry->work.bytes, granule);
	if (err == 0)
		err = replay_turns(dry, &r);
	memcpy(events, r.events, sizeof(r.events));
	replay_close(&r);
	return err < 0 ? fs_because(why, err, "", "%s: %s", cell->name, strerror(-err)) : 1;
}
