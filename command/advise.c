/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * advise.c - fivestep advise --model RUN --program PROFILE: which way of sharing suits a program that its author describes, and what would change
 * that. The ways are in advise_ways.c.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/model/gather.h"
#include "analysis/model/machines.h"
#include "base/table.h"
#include "analysis/summary/format.h"
#include "base/jsontext.h"
#include "base/say.h"
#include "command/advise_map.h"
#include "command/advise_ways.h"
#include "command/model_pages.h"
#include "command/runs.h"
#include "command/usage.h"

enum { KEY_MODEL = 256, KEY_PROGRAM, KEY_WHAT_IF, KEY_JSON, KEY_MACHINE, KEY_PICTURES };

struct options {
	char *model, *program;
	const char *pictures; /* the folder for them */
	double paper_mm;
	struct what_if what_if;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	struct fs_reason why = {0};

	switch (key) {
	case KEY_MODEL:
		options->model = arg;
		return 0;
	case KEY_PROGRAM:
		options->program = arg;
		return 0;
	case KEY_MACHINE:
		if (machines_use(&options->what_if, arg, &why) != 0)
			usage_error(state, "--machine=%s: %s (%s)", arg, why.what, why.remedy);
		return 0;
	case KEY_PICTURES:
		options->pictures = arg;
		return 0;
	case USAGE_SIZE:
		options->paper_mm = usage_size(state, arg);
		return 0;
	case KEY_JSON:
		options->json = true;
		return 0;
	case KEY_WHAT_IF:
		if (what_if_parse(&options->what_if, arg, &why) != 0)
			usage_error(state, "--what-if: %s (%s)", why.what, why.remedy);
		return 0;
	case ARGP_KEY_END:
		if (options->model == NULL || options->program == NULL)
			usage_error(state, "name the run that calibrates the model and the program's profile: --model=RUN --program=PROFILE");
		if (options->paper_mm > 0 && options->pictures == NULL)
			usage_error(state, "--size is the width of pictures: with --pictures=DIR");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"model", KEY_MODEL, "RUN", 0, "the calibration, as fivestep run calibrate records it", 0},
	{"program", KEY_PROGRAM, "PROFILE", 0, "the program: a text of one page, see docs/profile.md", 0},
	{"machine", KEY_MACHINE, "NAME", 0, "take public figures of that machine where there are any, with their sources: computed, never measured",
		0},
	{"what-if", KEY_WHAT_IF, "EVENT=FACTOR,...", 0, "multiply unit costs, as for predict", 0},
	{"json", KEY_JSON, NULL, 0, "write the advice as JSON", 0},
	{"pictures", KEY_PICTURES, "DIR", 0, "draw which way is best, by the pages that the device touches and by turns", 0},
	USAGE_SIZE_OPTION,
	{0},
};
static const struct argp advise_argp = {
	.options = option_list,
	.parser = parse,
	.doc = "Ranks the ways of sharing memory for a program that is described by a profile, with times and reasons, and says where another way "
	       "would "
	       "be as fast. All of it is computed from the unit costs of a machine, not measured.\vExit status: 0 success, 3 the model's machine has "
	       "pages of another size, 4 nothing to calibrate with, 64 a wrong profile.",
};

/* ---- where another way is as fast as the best */

#define SHARE_LEAST  1e-4
#define SHARE_HALVES 12

struct break_even {
	double share;	       /* of the pages that the device touches; 0: at none */
	enum fs_cost kind;     /* the event that makes most of the difference; FS_COSTS: no single one does */
	double cost, now_cost; /* of one of them */
};

/* Half-way in logarithms: shares go over decades. */
static double find_share(const struct advise *advise, const struct advise_way *way, const struct advise_way *other)
{
	double low = SHARE_LEAST, high = 1;

	if (advise_total(advise, way, low) >= advise_total(advise, other, low))
		return 0;
	for (unsigned i = 0; i < SHARE_HALVES; i++) {
		double middle = sqrt(low * high);

		if (advise_total(advise, way, middle) < advise_total(advise, other, middle))
			low = middle;
		else
			high = middle;
	}
	return sqrt(low * high);
}

static void find_break_even(const struct advise *advise, const struct advise_way *way, const struct advise_way *other, struct break_even *even)
{
	const struct prediction *mine = &way->prediction, *theirs = &other->prediction;
	double gap = mine->total.median - theirs->total.median, most = 0;

	*even = (struct break_even){.kind = FS_COSTS};
	for (unsigned i = 0; i < FS_COST_FILL_BYTE; i++) {
		if (mine->part[i] - theirs->part[i] > most) {
			most = mine->part[i] - theirs->part[i];
			even->kind = i;
		}
	}
	if (most <= gap)
		even->kind = FS_COSTS;
	if (even->kind != FS_COSTS) {
		even->now_cost = model_unit_cost(gather_find(advise->model, way->group), advise->what_if, 0, even->kind);
		even->cost = even->now_cost * (1 - gap / most);
	}
	even->share = find_share(advise, way, other);
}

/* ---- as text */

/* Of two ways in the order of the list. */
static bool overlaps(const struct advise_way *way, const struct advise_way *faster)
{
	return way->prediction.total.lo <= faster->prediction.total.hi;
}

/* What programs do without shared memory: the fastest way that copies; NULL if the model has none. */
static const struct advise_way *best_copy(const struct advise *advise)
{
	for (unsigned i = 0; i < advise->n; i++) {
		if (advise->ways[i].cell.setup->offers & FS_TRANSFER)
			return &advise->ways[i];
	}
	return NULL;
}

static void note_of(const struct advise_way *way, struct text *text)
{
	if (way->cell.setup->offers & FS_REMOTE)
		text_add(text, "without what remote accesses cost");
	prediction_doubts(&way->prediction, text);
}

static int show_ways(const struct advise *advise, FILE *out)
{
	static const struct table_column columns[] = {{"WAY", false}, {"DEVICE", false}, {"COMPUTED", true}, {"95 % INTERVAL", false},
		{"TO THE BEST", true}, {"MOST OF IT", false}, {"NOTE", false}};
	struct table *table = table_new(columns, FS_ARRAY_SIZE(columns));
	double best = advise->ways[0].prediction.total.median;
	int err = table == NULL ? -ENOMEM : 0;

	for (unsigned i = 0; i < advise->n && err == 0; i++) {
		const struct advise_way *way = &advise->ways[i];
		const struct prediction *p = &way->prediction;
		char median[FORMAT_VALUE], range[FORMAT_VALUE], number[FORMAT_FIXED], ratio[FORMAT_FIXED + 2] = "", dominant[64] = "";
		struct text note = {0};
		const char *texts[] = {way->cell.setup->name, way->cell.device->name, median, range, ratio, dominant, NULL};

		format_interval(&p->total, clock_unit(advise->model->run->clock), median, range);
		if (best > 0)
			text_fit(ratio, sizeof(ratio), "x %s", format_fixed(p->total.median / best, 2, false, number));
		if (p->dominant != FS_COSTS)
			/* cut: at most 100 */
			snprintf(dominant, sizeof(dominant), "%s %.0f %%", fs_cost_names[p->dominant], 100 * p->dominant_part);
		note_of(way, &note);
		texts[FS_ARRAY_SIZE(columns) - 1] = text_string(&note);
		err = table_line(table, texts);
		text_clear(&note);
	}
	return table_print(table, out, err);
}

static void show_advice(const struct advise *advise, FILE *out)
{
	const struct advise_way *best = &advise->ways[0];

	fprintf(out, "\n%s on %s is the best of %u ways", best->cell.setup->name, best->cell.device->name, advise->n);
	for (unsigned i = 1; i < advise->n; i++) {
		if (overlaps(&advise->ways[i], best))
			fprintf(out, "; %s cannot be told from it", advise->ways[i].cell.setup->name);
	}
	fprintf(out, ".\n");
	if (!advise->has_time)
		fprintf(out, "The phases' own times are left out: they are not in the model's unit.\n");
}

/* ---- what is unknown of the program: the advice is a function of it */

#define SHARE_STEPS 40

static unsigned best_at(const struct advise *advise, double share)
{
	unsigned best = 0;
	double least = 0;

	for (unsigned i = 0; i < advise->n; i++) {
		double total = advise_total(advise, &advise->ways[i], share);

		if (i == 0 || total < least) {
			least = total;
			best = i;
		}
	}
	return best;
}

/* Between two shares at which different ways are best. */
static double find_change(const struct advise *advise, unsigned best, double low, double high)
{
	for (unsigned i = 0; i < SHARE_HALVES; i++) {
		double middle = sqrt(low * high);

		if (best_at(advise, middle) == best)
			low = middle;
		else
			high = middle;
	}
	return sqrt(low * high);
}

static void show_unknown(const struct advise *advise, FILE *out)
{
	double low = SHARE_LEAST;
	unsigned best = best_at(advise, low);

	fprintf(out, "\nHow many pages are touched is unknown where the profile has \"?\"; the table is for all of them. By their share the best way "
		     "is\n");
	for (unsigned i = 1; i <= SHARE_STEPS; i++) {
		double high = i < SHARE_STEPS ? pow(SHARE_LEAST, 1 - (double)i / SHARE_STEPS) : 1;
		unsigned now = best_at(advise, high);

		if (now != best)
			fprintf(out, "  %-14s up to %.3g %%\n", advise->ways[best].cell.setup->name, 100 * find_change(advise, best, low, high));
		best = now;
		low = high;
	}
	fprintf(out, "  %-14s from there to 100 %%\n", advise->ways[best].cell.setup->name);
}

static void show_break_even(const struct advise *advise, const struct advise_way *way, const struct advise_way *other, FILE *out)
{
	const char *unit = clock_unit(advise->model->run->clock);
	struct break_even even;
	char cost[FORMAT_VALUE], now_cost[FORMAT_VALUE];

	find_break_even(advise, way, other, &even);
	format_value(even.cost, unit, cost);
	format_value(even.now_cost, unit, now_cost);
	fprintf(out, "%s would be as fast as %s", way->cell.setup->name, other->cell.setup->name);
	if (even.share != 0)
		fprintf(out, " if the device touched %.3g %% of these pages%s", 100 * even.share,
			advise->app->has_unknown ? " that are unknown" : "");
	if (even.kind != FS_COSTS)
		fprintf(out, "%s if %s cost %s (now %s)", even.share != 0 ? ", or" : "", fs_cost_names[even.kind], cost, now_cost);
	if (even.share == 0 && even.kind == FS_COSTS)
		fprintf(out, " by no change of the pages touched or of what one kind of event costs");
	fprintf(out, ".\n");
}

/* Of every way against the fastest, and against copies. */
static void show_break_evens(const struct advise *advise, FILE *out)
{
	const struct advise_way *others[] = {&advise->ways[0], best_copy(advise)};

	for (unsigned k = 0; k < FS_ARRAY_SIZE(others); k++) {
		if (others[k] == NULL || (k != 0 && others[k] == others[0]))
			continue;
		fputc('\n', out);
		for (const struct advise_way *way = others[k] + 1; way < advise->ways + advise->n; way++) {
			if (!overlaps(way, others[k]))
				show_break_even(advise, way, others[k], out);
		}
	}
}

static int show(const struct options *options, const struct advise *advise, FILE *out)
{
	int err;

	fprintf(out, "computed, not measured");
	what_if_title(advise->what_if, out);
	fprintf(out, ": %s (%s) by the unit costs of %s\n\n", advise->app->name, options->program, advise->model->run->path);
	err = show_ways(advise, out);
	if (err == 0) {
		show_advice(advise, out);
		if (advise->app->has_unknown)
			show_unknown(advise, out);
		show_break_evens(advise, out);
		what_if_sources(advise->what_if, out);
	}
	return err;
}

/* ---- as JSON */

static json_t *break_even_json(const struct advise *advise, const struct advise_way *way, const struct advise_way *other)
{
	struct break_even even;
	json_t *json = json_object();

	find_break_even(advise, way, other, &even);
	json_object_set_new(json, "setup", json_string(other->cell.setup->name));
	if (even.share != 0)
		json_object_set_new(json, "share_of_pages", json_real(even.share));
	if (even.kind != FS_COSTS)
		json_object_set_new(
			json, "cost", json_pack("{s:s, s:f, s:f}", "event", fs_cost_names[even.kind], "cost", even.cost, "now", even.now_cost));
	return json;
}

static json_t *way_json(const struct advise *advise, unsigned i)
{
	const struct advise_way *way = &advise->ways[i];
	const struct prediction *p = &way->prediction;
	json_t *events = json_object(),
	       *json = json_pack("{s:s, s:s, s:f, s:f, s:f, s:o}", "setup", way->cell.setup->name, "device", way->cell.device->name, "computed",
		       p->total.median, "low", p->total.lo, "high", p->total.hi, "events", events);
	const struct advise_way *copy = best_copy(advise);

	for (unsigned k = 0; k < FS_COSTS; k++) {
		if (p->part[k] > 0)
			json_object_set_new(events, fs_cost_names[k], json_real(p->part[k]));
	}
	if (copy != NULL && copy < way && !overlaps(way, copy))
		json_object_set_new(json, "as_fast_as_copies", break_even_json(advise, way, copy));
	if (i != 0 && !overlaps(way, &advise->ways[0]))
		json_object_set_new(json, "as_fast_as_best", break_even_json(advise, way, &advise->ways[0]));
	return json;
}

static int show_json(const struct options *options, const struct advise *advise, FILE *out)
{
	json_t *ways = json_array(), *all;
	int err = 0;

	for (unsigned i = 0; i < advise->n && err == 0; i++)
		err = json_array_append_new(ways, way_json(advise, i));
	all = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "what", "computed, not measured", "model", advise->model->run->path, "program",
		advise->app->name, "profile", options->program, "unit", clock_unit(advise->model->run->clock), "what_if",
		what_if_changes(advise->what_if), "has_times_of_phases", advise->has_time, "ways", ways);
	if (advise->what_if->machine != NULL && all != NULL)
		json_object_set_new(all, "machine", json_string(advise->what_if->machine));
	err = err == 0 ? jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(6), out) : -ENOMEM;
	json_decref(all);
	return err;
}

/* ---- the command */

static int run_advise(const struct options *options, const struct runfile *run, const struct app_profile *app)
{
	struct model model = {0};
	struct advise advise = {0};
	struct fs_reason why = {0};
	int status = EXIT_FINE, err = model_make(run, &model, &why);

	if (err == 0)
		err = advise_find(&advise, &model, &options->what_if, app, &why);
	if (err == 0) {
		err = options->json ? show_json(options, &advise, stdout) : show(options, &advise, stdout);
		if (err != 0)
			fs_no_memory(&why);
	}
	if (err == 0 && options->pictures != NULL)
		err = advise_map(&advise, options->pictures, options->paper_mm, &why);
	if (err != 0) {
		say_error("advise", &why);
		status = err == -ENODATA ? EXIT_BAD_DATA : EXIT_OWN_ERROR;
	}
	advise_free(&advise);
	model_free(&model);
	return status;
}

static int command_advise_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	struct app_profile *app = calloc(1, sizeof(*app));
	struct fs_reason why = {0};
	int status, err;

	what_if_clear(&options.what_if);
	usage_parse("advise", &advise_argp, argc, argv, &options);
	err = app == NULL ? fs_no_memory(&why) : app_profile_read(app, options.program, &why);
	if (err != 0) {
		say_error("advise", &why);
		status = err == -ENOMEM ? EXIT_OWN_ERROR : EXIT_USAGE;
		goto out;
	}
	status = runs_load(&runs, "advise", &options.model, 1, RUNS_WHOLE);
	if (status == EXIT_FINE)
		status = model_pages_check("advise", &runs.files[0]);
	if (status == EXIT_FINE)
		status = model_clock_check("advise", &runs.files[0], &options.what_if);
	if (status == EXIT_FINE)
		status = run_advise(&options, &runs.files[0], app);
out:
	runs_free(&runs);
	what_if_free(&options.what_if);
	free(app);
	return status;
}

const struct command command_advise = {
	.name = "advise",
	.usage = "--model RUN --program PROFILE [--what-if EVENT=FACTOR,...]",
	.summary = "which way of sharing suits a program, and why: computed",
	.run = command_advise_run,
};
