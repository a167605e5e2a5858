/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * advise_map.c - the best way of sharing for a described program, for other shares of its pages and other numbers of turns; see advise_map.h.
 */
#include "config.h"

#include "command/advise_map.h"

#include <errno.h>
#include <stdlib.h>

/* Its largest repeat, or all that follows from the device's first phase on, that many times. */
static void set_turns(struct app_profile *app, unsigned turns)
{
	struct app_repeat *most = NULL;
	unsigned first = 0;

	for (unsigned i = 0; i < app->n_repeats; i++) {
		if (most == NULL || app->repeats[i].n > most->n)
			most = &app->repeats[i];
	}
	if (most == NULL) {
		while (first < app->n_phases && app->phases[first].side != FS_DEVICE)
			first++;
		app->repeats[0] = (struct app_repeat){.first = first, .last = app->n_phases};
		app->n_repeats = 1;
		most = &app->repeats[0];
	}
	most->n = turns;
}

static int find_best(const struct advise *advise, double share, struct break_even_place *place)
{
	struct statistics_interval best = {0}, next = {0};
	unsigned second = 0;

	for (unsigned i = 0; i < advise->n; i++) {
		struct prediction prediction;

		if (advise_predict(advise, &advise->ways[i], share, &prediction) <= 0)
			return -ENOMEM;
		if (i == 0 || prediction.total.median < best.median) {
			next = best;
			second = place->way;
			best = prediction.total;
			place->way = i;
		} else if (next.n == 0 || prediction.total.median < next.median) {
			next = prediction.total;
			second = i;
		}
	}
	place->best = advise->ways[place->way].cell.setup->name;
	place->second = next.n != 0 && next.lo <= best.hi ? advise->ways[second].cell.setup->name : NULL;
	place->times_next = next.n != 0 && best.median > 0 ? next.median / best.median : 1;
	return 0;
}

int advise_map_make(const struct advise *advise, struct break_even_map *map, struct fs_reason *why)
{
	struct app_profile *app = malloc(sizeof(*app));
	struct advise *changed = malloc(sizeof(*changed));
	int err = app == NULL || changed == NULL ? -ENOMEM : 0;

	*map = (struct break_even_map){.program = advise->app->name, .model = advise->model->run->path};
	for (unsigned t = 0; t < BREAK_EVEN_TURNS && err == 0; t++) {
		*app = *advise->app;
		*changed = *advise;
		set_turns(app, break_even_turns[t]);
		changed->app = app;
		for (unsigned s = 0; s < BREAK_EVEN_SHARES && err == 0; s++)
			err = find_best(changed, break_even_shares[s], &map->place[t][s]);
	}
	free(app);
	free(changed);
	return err != 0 ? fs_no_memory(why) : 0;
}

int advise_map(const struct advise *advise, const char *dir, double paper_mm, struct fs_reason *why)
{
	struct break_even_map map;
	int err = advise_map_make(advise, &map, why);

	return err == 0 ? break_even_picture(&map, dir, paper_mm, why) : err;
}
