/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_groups.c - groups the changes by the runs that they lie between, and finds what differed there; see site_part.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/html.h"
#include "analysis/site/site_part.h"
#include "base/text.h"

/* Of the line about what differed; the page of the change has all. */
#define WHAT_FIELDS 4
#define WHAT_TEXT   44 /* bytes of a value; a longer one ends with "..." */

/* ---- grouping -------------------------------------------------------------------------------------------- */

struct ranked {
	size_t at, before;
	const struct history_change *change;
};

/* The newest first; within a run the worst first, then in the order of the series. */
static int by_newest(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? 1 : -1;
	if (x->before != y->before)
		return x->before < y->before ? 1 : -1;
	if (x->change->point.drift != y->change->point.drift)
		return x->change->point.drift ? 1 : -1;
	if (x->change->state != y->change->state)
		return x->change->state < y->change->state ? 1 : -1;
	return (x->change > y->change) - (x->change < y->change);
}

static int sort_changes(struct site *site)
{
	const struct history *history = site->history;
	struct ranked *all = calloc(history->n_changes + 1, sizeof(*all));

	site->order = calloc(history->n_changes + 1, sizeof(*site->order));
	site->groups = calloc(history->n_changes + 1, sizeof(*site->groups));
	if (all == NULL || site->order == NULL || site->groups == NULL) {
		free(all);
		return -ENOMEM;
	}
	for (size_t i = 0; i < history->n_changes; i++)
		all[i] = (struct ranked){history->rank[history->changes[i].at], history->rank[history->changes[i].before], &history->changes[i]};
	qsort(all, history->n_changes, sizeof(*all), by_newest);
	for (size_t i = 0; i < history->n_changes; i++) {
		struct site_group *last = site->n_groups > 0 ? &site->groups[site->n_groups - 1] : NULL;

		site->order[i] = all[i].change;
		if (last == NULL || last->at != all[i].at || last->before != all[i].before || last->drift != all[i].change->point.drift) {
			last = &site->groups[site->n_groups++];
			*last = (struct site_group){.first = i, .at = all[i].at, .before = all[i].before, .drift = all[i].change->point.drift};
		}
		last->n++;
		last->states[all[i].change->state]++;
	}
	free(all);
	return 0;
}

const struct site_group *site_group_of(const struct site *site, const struct history_change *change)
{
	size_t at = site->history->rank[change->at], before = site->history->rank[change->before], lo = 0, hi = site->n_groups;

	while (hi - lo > 1) {
		size_t middle = lo + (hi - lo) / 2;
		const struct site_group *group = &site->groups[middle];
		bool later = group->at != at	       ? group->at < at
			     : group->before != before ? group->before < before
						       : group->drift && !change->point.drift;

		*(later ? &hi : &lo) = middle;
	}
	return &site->groups[lo];
}

/* ---- what differed --------------------------------------------------------------------------------------- */

static int put_what(const struct site *site, const struct site_group *group, FILE *out, struct fs_reason *why)
{
	struct unlike unlike;
	size_t n = 0;
	int err;

	if (group->drift) {
		fputs("a drift: the level moves from run to run", out);
		return 0;
	}
	err = history_unlike(site->index, site->history->runs[group->before], site->history->runs[group->at], &unlike, why);
	for (size_t i = 0; i < unlike.n && err == 0; i++) {
		const struct unlike_field *field = &unlike.fields[i];
		char base[WHAT_TEXT], new[WHAT_TEXT];

		if (field->kind == UNLIKE_STATE)
			continue;
		text_fit(base, sizeof(base), "%s", field->base);
		text_fit(new, sizeof(new), "%s", field->new);
		if (n < WHAT_FIELDS)
			fprintf(out, "%s%s %s -> %s", n > 0 ? ", " : "", field->name, base, new);
		n++;
	}
	if (n > WHAT_FIELDS)
		fprintf(out, " and %zu more", n - WHAT_FIELDS);
	else if (n == 0 && err == 0)
		fputs(unlike.n > 0 ? "only the machine's state" : "no recorded difference", out);
	unlike_free(&unlike);
	return err;
}

static int find_what(const struct site *site, struct site_group *group, struct fs_reason *why)
{
	size_t bytes;
	FILE *out = open_memstream(&group->what, &bytes);
	int err;

	if (out == NULL)
		return fs_no_memory(why);
	err = put_what(site, group, out, why);
	if (fclose(out) != 0 && err == 0)
		err = fs_no_memory(why);
	return err;
}

int site_put_differences(const struct site *site, size_t before, size_t at, FILE *out, size_t *n, struct fs_reason *why)
{
	static const char *const kinds[] = {[UNLIKE_IDENTITY] = "machine", [UNLIKE_FACTOR] = "factor", [UNLIKE_STATE] = "state"};
	struct unlike unlike;
	int err = history_unlike(site->index, site->history->runs[before], site->history->runs[at], &unlike, why);

	*n = unlike.n;
	if (err == 0 && unlike.n > 0) {
		fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Kind</th><th "
		      "scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead>\n<tbody>\n",
			out);
		for (size_t i = 0; i < unlike.n; i++)
			html_print(out, "<tr><td class=\"name\">%s</td><td>%s</td><td class=\"name\">%s</td><td class=\"name\">%s</td></tr>\n",
				unlike.fields[i].name, kinds[unlike.fields[i].kind], unlike.fields[i].base, unlike.fields[i].new);
		fputs("</tbody>\n</table></div>\n", out);
	}
	unlike_free(&unlike);
	return err;
}

/* ---- reading --------------------------------------------------------------------------------------------- */

static uint64_t key_of(const struct site *site, const struct site_group *group)
{
	uint64_t hash = lookup_text(0, site->runs[group->before].file);

	return lookup_text(lookup_text(hash, site->runs[group->at].file), group->drift ? "drift" : "step");
}

int site_read_groups(struct site *site, struct fs_reason *why)
{
	int err = sort_changes(site) != 0 ? fs_no_memory(why) : 0;

	for (size_t g = 0; g < site->n_groups && err == 0; g++) {
		struct site_group *group = &site->groups[g];

		if (site_name(site, "change", site->runs[group->at].started, key_of(site, group), group->file) != 0)
			err = fs_no_memory(why);
		if (err == 0)
			err = find_what(site, group, why);
	}
	return err;
}

void site_free_groups(struct site *site)
{
	for (size_t g = 0; g < site->n_groups; g++)
		free(site->groups[g].what);
	free(site->groups);
	free(site->order);
}
