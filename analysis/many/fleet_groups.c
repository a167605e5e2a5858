/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_groups.c - a fleet of nodes of several kinds; see fleet_groups.h.
 */
#include "config.h"

#include "analysis/many/fleet_groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/jsontext.h"
#include "base/terminal.h"

static struct fleet_group *find(struct fleet_groups *groups, const struct runfile *run)
{
	for (size_t g = 0; g < groups->n; g++) {
		const struct runfile *first = &groups->groups[g].builder.runs[0];

		if (strcmp(first->fingerprint, run->fingerprint) == 0 && strcmp(first->clock, run->clock) == 0)
			return &groups->groups[g];
	}
	return NULL;
}

int fleet_groups_add(struct fleet_groups *groups, const char *label, const struct runfile *run, const struct summary *summary)
{
	struct fleet_group *group = find(groups, run);
	int err = 0;

	if (group == NULL) {
		err = ARRAY_ADD(groups->groups, groups->n, ARRAY_MANY, "kinds of machine", NULL);
		if (err != 0)
			return err;
		group = &groups->groups[groups->n];
		*group = (struct fleet_group){0};
		err = fleet_builder_init(&group->builder);
		groups->n++;
	}
	return err == 0 ? fleet_builder_add(&group->builder, label, run, summary) : err;
}

static int by_size(const void *a, const void *b)
{
	const struct fleet_group *x = a, *y = b;

	return (x->fleet.n < y->fleet.n) - (x->fleet.n > y->fleet.n);
}

int fleet_groups_make(struct fleet_groups *groups, double margin_pct)
{
	int err = 0;

	for (size_t g = 0; g < groups->n && err == 0; g++)
		err = fleet_builder_make(&groups->groups[g].builder, margin_pct, &groups->groups[g].fleet);
	if (groups->n != 0 && err == 0)
		qsort(groups->groups, groups->n, sizeof(*groups->groups), by_size);
	return err;
}

void fleet_groups_free(struct fleet_groups *groups)
{
	for (size_t g = 0; g < groups->n; g++) {
		fleet_builder_free(&groups->groups[g].builder);
		fleet_free(&groups->groups[g].fleet);
	}
	free(groups->groups);
	*groups = (struct fleet_groups){0};
}

/* ---- in words */

#define OTHERS_MAX 10 /* that are listed without --all */

/* A machine of another identity: what of it is not as in the largest group. */
static int show_other(const struct fleet *usual, const struct runfile *run, FILE *out)
{
	struct unlike unlike;
	int err = unlike_find(&usual->runs[usual->usual], run, &unlike);
	size_t n = 0;

	fprintf(out, "%s: another machine than most\n", run->path);
	for (size_t f = 0; f < unlike.n && err == 0; f++) {
		if (unlike.fields[f].kind != UNLIKE_IDENTITY)
			continue;
		fprintf(out, "    %s %s, usual is %s\n", unlike.fields[f].name, unlike.fields[f].new, unlike.fields[f].base);
		n++;
	}
	if (n == 0 && err == 0)
		fprintf(out, "    its fingerprint is %s, usual is %s\n", run->fingerprint, usual->runs[usual->usual].fingerprint);
	unlike_free(&unlike);
	return err;
}

static size_t count_odd(const struct fleet *fleet)
{
	size_t n = 0;

	for (size_t i = 0; i < fleet->n; i++)
		n += fleet->outlier[i] != 0;
	return n;
}

static void show_verdict(const struct fleet_groups *groups, FILE *out)
{
	size_t machines = 0, odd = 0, others = 0;

	for (size_t g = 0; g < groups->n; g++) {
		machines += groups->groups[g].fleet.n;
		odd += count_odd(&groups->groups[g].fleet);
		others += g > 0 ? groups->groups[g].fleet.n : 0;
	}
	fprintf(out, "fleet: %zu machine%s, %zu with an outlier, %zu of another identity than most\n", machines, TEXT_S(machines), odd, others);
}

/* Machines of kinds that are too few to have outliers. */
static int show_others(const struct fleet_groups *groups, bool all, FILE *out)
{
	size_t shown = 0, left = 0;
	int err = 0;

	for (size_t g = 1; g < groups->n; g++) {
		const struct fleet *fleet = &groups->groups[g].fleet;

		for (size_t i = 0; i < fleet->n && fleet->n < FLEET_MIN && err == 0; i++)
			if (!all && shown == OTHERS_MAX) {
				left++;
			} else {
				err = show_other(&groups->groups[0].fleet, &fleet->runs[i], out);
				shown++;
			}
	}
	if (left != 0)
		fprintf(out, "... and %zu more of another identity\n", left);
	return err;
}

int fleet_groups_show(const struct fleet_groups *groups, bool all, FILE *out)
{
	struct terminal_fold fold;
	FILE *lines = terminal_fold_begin(&fold, out);
	int err;

	show_verdict(groups, lines);
	err = show_others(groups, all, lines);
	if (terminal_fold_end(&fold) != 0)
		err = -ENOMEM;
	for (size_t g = 0; g < groups->n && err == 0; g++) {
		const struct fleet *fleet = &groups->groups[g].fleet;

		if (g != 0 && fleet->n < FLEET_MIN)
			continue;
		fprintf(out, "\n%zu machine%s of identity %s, clock %s\n", fleet->n, TEXT_S(fleet->n), fleet->runs[0].fingerprint,
			fleet->runs[0].clock);
		err = fleet_show_table(fleet, all, out);
	}
	return err == 0 && fflush(out) != 0 ? -errno : err;
}

int fleet_groups_show_json(const struct fleet_groups *groups, FILE *out)
{
	json_t *list = json_array(), *all;
	int err = 0;

	for (size_t g = 0; g < groups->n; g++)
		err = json_array_append_new(list, fleet_json(&groups->groups[g].fleet)) != 0 ? -ENOMEM : err;
	all = json_pack("{s:o}", "groups", list);
	if (err == 0)
		err = jsontext_print(all, JSON_INDENT(1) | JSON_REAL_PRECISION(12), out);
	json_decref(all);
	return err;
}
