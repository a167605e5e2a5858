/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * advise_ways.c - see advise_ways.h.
 */
#include "config.h"

#include "command/advise_ways.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/gather.h"
#include "command/group_name.h"
#include "harness/plan/catalog.h"
#include "harness/round/job.h"
#include "harness/round/profile.h"

/* ---- the program's phases as steps of the setup's policy */

struct player {
	const struct app_profile *app;
	struct replay replay;
	double share;
	bool host_is_current[FS_REGIONS], device_is_current[FS_REGIONS]; /* of two copies */
	bool has_device_run;
	double computing[FS_STEPS];
	uint8_t *before; /* the pages' states when the repeated phases ended the last time */
	bool current_before[2 * FS_REGIONS];
};

static size_t greatest_divisor(size_t a, size_t b)
{
	while (b != 0) {
		size_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * The first n of all pages in an order that spreads them evenly (steps of the golden ratio, round and round), so that of two numbers the pages of the
 * smaller are among those of the larger.
 */
static void touch_spread(struct fs_pages *pages, size_t first, size_t all, size_t n, uint8_t touch)
{
	size_t step = (size_t)((double)all * 0.6180339887) + 1;

	while (greatest_divisor(all, step) != 1)
		step++;
	for (size_t i = 0, at = 0; i < n; i++, at = (at + step) % all)
		pages->touch[first + at] |= touch;
}

/* The share is of the uses whose pages are unknown, if there are any; otherwise of all that the device touches. */
static size_t scaled(const struct player *p, const struct app_phase *phase, const struct app_use *use, size_t n)
{
	bool is_scaled = p->app->has_unknown ? use->is_unknown : phase->side == FS_DEVICE;

	return is_scaled && p->share != 1 ? (size_t)ceil((double)n * p->share) : n;
}

static size_t pages_of(size_t bytes)
{
	return (bytes + fs_page_bytes() - 1) / fs_page_bytes();
}

/* What a programmer would tell a setup of a region: what crosses, and that a copy is still current. Follows which copies are. */
static unsigned flags_of(struct player *p, const struct app_phase *phase, unsigned region)
{
	const struct app_use *use = &phase->use[region];
	bool reads = use->reads != 0, writes = use->writes != 0, writes_all = use->writes == pages_of(p->app->regions[region].bytes);
	unsigned flags = p->app->regions[region].flags;

	if (!reads && !writes)
		return 0;
	if (phase->side == FS_DEVICE) {
		/* A region that is written in part goes there first: it comes back whole. */
		flags |= reads || !writes_all ? FS_IN : 0;
		flags |= p->device_is_current[region] ? FS_KEPT : 0;
		flags |= writes ? FS_OUT : 0;
		p->device_is_current[region] = true;
		p->host_is_current[region] = p->host_is_current[region] && !writes;
	} else {
		flags |= FS_IN;
		flags |= p->host_is_current[region] ? 0 : FS_OUT;
		p->host_is_current[region] = true;
		p->device_is_current[region] = p->device_is_current[region] && !writes;
	}
	return flags;
}

static void play_phase(struct player *p, const struct app_phase *phase)
{
	struct replay *r = &p->replay;
	enum fs_step step = FS_CPU_BEFORE;

	if (phase->side == FS_DEVICE)
		step = FS_DEVICE_COMPUTE;
	else if (p->has_device_run)
		step = FS_CPU_AFTER;
	p->has_device_run = p->has_device_run || phase->side == FS_DEVICE;
	replay_clear(r);
	for (unsigned i = 0; i < p->app->n_regions; i++) {
		const struct fs_region *region = &p->app->regions[i];
		size_t first = region->offset / fs_page_bytes(), all = pages_of(region->bytes);

		r->regions[i].flags = flags_of(p, phase, i);
		touch_spread(&r->pages, first, all, scaled(p, phase, &phase->use[i], phase->use[i].reads), FS_READS);
		touch_spread(&r->pages, first, all, scaled(p, phase, &phase->use[i], phase->use[i].writes), FS_WRITES);
	}
	replay_imply(r, step);
	if (phase->time > 0)
		p->computing[step] += phase->time;
}

/* Whether pages and copies are as they were when the repeated phases ended the last time; remembers them. */
static bool is_settled(struct player *p)
{
	size_t bytes = 3 * p->replay.pages.n;
	bool current[2 * FS_REGIONS], settled;

	memcpy(current, p->host_is_current, sizeof(p->host_is_current));
	memcpy(current + FS_REGIONS, p->device_is_current, sizeof(p->device_is_current));
	settled = memcmp(p->before, p->replay.implied.where, bytes) == 0 && memcmp(p->current_before, current, sizeof(current)) == 0;
	memcpy(p->before, p->replay.implied.where, bytes);
	memcpy(p->current_before, current, sizeof(current));
	return settled;
}

/* From where on nothing changes any more, what is left costs as much each time. */
static void play_repeated(struct player *p, const struct app_repeat *repeat)
{
	const struct app_profile *app = p->app;
	uint64_t before[FS_STEPS][FS_COSTS];
	double computing[FS_STEPS];

	for (unsigned n = 1; n <= repeat->n; n++) {
		unsigned left = repeat->n - n;

		memcpy(before, p->replay.events, sizeof(before));
		memcpy(computing, p->computing, sizeof(computing));
		for (unsigned i = repeat->first; i < repeat->last; i++)
			play_phase(p, &app->phases[i]);
		if (!is_settled(p) || n == 1)
			continue;
		for (unsigned step = 0; step < FS_STEPS; step++) {
			for (unsigned i = 0; i < FS_COSTS; i++)
				p->replay.events[step][i] += left * (p->replay.events[step][i] - before[step][i]);
			p->computing[step] += left * (p->computing[step] - computing[step]);
		}
		return;
	}
}

static const struct app_repeat *repeat_at(const struct app_profile *app, unsigned phase)
{
	for (unsigned i = 0; i < app->n_repeats; i++) {
		if (app->repeats[i].first == phase)
			return &app->repeats[i];
	}
	return NULL;
}

static void play(struct player *p)
{
	const struct app_profile *app = p->app;

	for (unsigned i = 0; i < app->n_regions; i++)
		p->host_is_current[i] = true;
	replay_clear(&p->replay);
	replay_imply(&p->replay, FS_ALLOC);
	for (unsigned i = 0; i < app->n_phases; i++) {
		const struct app_repeat *repeat = repeat_at(app, i);

		if (repeat != NULL) {
			play_repeated(p, repeat);
			i = repeat->last - 1;
		} else {
			play_phase(p, &app->phases[i]);
		}
	}
	for (unsigned i = 0; i < app->n_regions; i++)
		p->replay.regions[i].flags = app->regions[i].flags;
	replay_clear(&p->replay);
	replay_imply(&p->replay, FS_RELEASE);
}

static size_t granule_of(const struct advise *advise, const struct cell *cell)
{
	struct fs_job job = {.cell = cell};

	if (cell->setup->memory != FS_MEMORY_MIRROR)
		return 0;
	return advise->what_if->granule != 0 ? advise->what_if->granule : cell->device->granule(&job);
}

/* The largest region's words are what a launch would be over. */
static uint64_t items_of(const struct app_profile *app)
{
	size_t most = 0;

	for (unsigned i = 0; i < app->n_regions; i++)
		most = app->regions[i].bytes > most ? app->regions[i].bytes : most;
	return most / sizeof(uint64_t) + 1;
}

static int predict_way(const struct advise *advise, const struct advise_way *way, double share, struct prediction *prediction, struct fs_reason *why)
{
	struct player p = {.app = advise->app, .share = share};
	struct model_case c = {.group = way->group};
	int err = replay_open(&p.replay, way->cell.setup, &way->cell.args, advise->app->regions, advise->app->bytes, granule_of(advise, &way->cell));

	p.before = calloc(3, p.replay.pages.n + 1);
	if (err != 0 || p.before == NULL) {
		err = fs_no_memory(why);
		goto out;
	}
	p.replay.implied.items = items_of(advise->app);
	play(&p);
	for (unsigned step = 0; step < FS_STEPS; step++) {
		c.computing[step] = advise->has_time ? p.computing[step] : 0;
		for (unsigned i = 0; i < FS_COSTS; i++)
			c.events[step][i] = (double)p.replay.events[step][i];
	}
	err = model_predict(advise->model, advise->what_if, &c, prediction, why);
out:
	replay_close(&p.replay);
	free(p.before);
	return err;
}

int advise_predict(const struct advise *advise, const struct advise_way *way, double share, struct prediction *prediction)
{
	return predict_way(advise, way, share, prediction, NULL);
}

double advise_total(const struct advise *advise, const struct advise_way *way, double share)
{
	struct prediction prediction;

	return predict_way(advise, way, share, &prediction, NULL) > 0 ? prediction.total.median : -1;
}

/* ---- all ways */

static int add_way(struct advise *advise, const struct fs_setup *setup, const struct fs_device *device, struct fs_reason *why)
{
	struct advise_way *way = &advise->ways[advise->n];
	const struct model_group *group;
	unsigned under = FS_UNDER(setup->memory);
	int err;

	if (advise->n == ADVISE_WAYS || !profile_tells(setup, device))
		return 0;
	*way = (struct advise_way){.cell = {.name = setup->name, .setup = setup, .device = device}};
	err = args_declare(&way->cell.args, setup->params, under);
	if (err == 0)
		err = args_declare(&way->cell.args, device->params, under);
	args_drop_idle(&way->cell.args);
	way->group = group_name(&way->cell, NULL);
	if (err != 0 || way->group == NULL)
		return fs_no_memory(why);
	group = gather_find(advise->model, way->group);
	if (group != NULL && group->n_rows != 0)
		err = predict_way(advise, way, 1, &way->prediction, why);
	if (err > 0) {
		advise->n++;
		return 0;
	}
	free(way->group);
	way->group = NULL;
	return err;
}

/* Those that cost the same by their names: qsort() would leave them in any order. */
static int by_total(const void *a, const void *b)
{
	const struct advise_way *one = a, *other = b;
	double x = one->prediction.total.median, y = other->prediction.total.median;

	return x != y ? (x > y) - (x < y) : strcmp(one->cell.setup->name, other->cell.setup->name);
}

static bool has_time(const struct app_profile *app, bool counts_instructions)
{
	for (unsigned i = 0; i < app->n_phases; i++) {
		if (app->phases[i].time >= 0 && app->phases[i].is_instructions != counts_instructions)
			return false;
	}
	return true;
}

int advise_find(struct advise *advise, const struct model *model, const struct what_if *what_if, const struct app_profile *app, struct fs_reason *why)
{
	int err = 0;

	memset(advise, 0, sizeof(*advise));
	advise->model = model;
	advise->what_if = what_if;
	advise->app = app;
	advise->has_time = has_time(app, strcmp(model->run->clock, "instructions") == 0);
	for (unsigned d = 0; catalog_device(d) != NULL; d++) {
		for (unsigned s = 0; catalog_setup(s) != NULL && err == 0; s++)
			err = add_way(advise, catalog_setup(s), catalog_device(d), why);
	}
	if (err == 0 && advise->n == 0)
		return fs_because(
			why, -ENODATA, "calibrate with it: fivestep run calibrate", "%s: no unit costs of any way of sharing", model->run->path);
	qsort(advise->ways, advise->n, sizeof(advise->ways[0]), by_total);
	return err;
}

void advise_free(struct advise *advise)
{
	for (unsigned i = 0; i < ADVISE_WAYS; i++)
		free(advise->ways[i].group);
	advise->n = 0;
}
