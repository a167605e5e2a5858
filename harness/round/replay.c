/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay.c - see replay.h.
 */
#include "config.h"

#include "harness/round/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* New memory is the host's, unless the policy says otherwise. */
int replay_open(
	struct replay *r, const struct fs_setup *setup, const struct fs_args *args, const struct fs_region *regions, size_t bytes, size_t granule)
{
	size_t page = fs_page_bytes();

	memset(r, 0, sizeof(*r));
	r->setup = setup;
	memcpy(r->regions, regions, sizeof(r->regions));
	r->pages.n = (bytes + page - 1) / page;
	r->pages.touch = malloc(r->pages.n);
	r->implied = (struct fs_implied){.args = args,
		.regions = r->regions,
		.pages = &r->pages,
		.granule = granule > page ? granule / page : 1,
		.where = calloc(3, r->pages.n)};
	if (r->pages.touch == NULL || r->implied.where == NULL)
		return -ENOMEM;
	r->implied.exists = r->implied.where + r->pages.n;
	r->implied.been = r->implied.exists + r->pages.n;
	return 0;
}

void replay_close(struct replay *r)
{
	free(r->pages.touch);
	free(r->implied.where);
	r->pages.touch = r->implied.where = NULL;
}

void replay_imply(struct replay *r, enum fs_step step)
{
	uint64_t before[FS_COSTS];

	memcpy(before, r->implied.n, sizeof(before));
	r->implied.step = step;
	r->setup->imply(&r->implied);
	for (unsigned i = 0; i < FS_COSTS; i++)
		r->events[step][i] += r->implied.n[i] - before[i];
}

static void set_flags(struct replay *r, const unsigned *flags)
{
	for (unsigned k = 0; k < FS_REGIONS; k++)
		r->regions[k].flags = flags[k];
}

/* Bytes of the base pages that are touched. */
static uint64_t touched_bytes(const struct fs_pages *pages)
{
	uint64_t n = 0;

	for (size_t i = 0; i < pages->n; i++)
		n += pages->touch[i] != 0;
	return n * fs_page_bytes();
}

void replay_clear(struct replay *r)
{
	memset(r->pages.touch, 0, r->pages.n);
}

void replay_begin(struct replay *r, const unsigned *flags)
{
	replay_clear(r);
	set_flags(r, flags);
	replay_imply(r, FS_ALLOC);
	for (unsigned k = 0; k < FS_REGIONS && r->regions[k].bytes != 0; k++) {
		if (r->regions[k].flags & (FS_IN | FS_FILLED))
			fs_writes(&r->pages, r->regions[k].offset, r->regions[k].bytes);
	}
	r->events[FS_CPU_BEFORE][FS_COST_FILL_BYTE] += touched_bytes(&r->pages);
	replay_imply(r, FS_CPU_BEFORE);
}

void replay_step(struct replay *r, enum fs_side side, const unsigned *flags, uint64_t items)
{
	enum fs_step step = side == FS_DEVICE ? FS_DEVICE_COMPUTE : FS_CPU_AFTER;

	set_flags(r, flags);
	r->implied.items = items;
	r->events[step][side == FS_DEVICE ? FS_COST_BODY_BYTE : FS_COST_AFTER_BYTE] += touched_bytes(&r->pages);
	replay_imply(r, step);
}

void replay_end(struct replay *r)
{
	replay_clear(r);
	replay_imply(r, FS_RELEASE);
}
