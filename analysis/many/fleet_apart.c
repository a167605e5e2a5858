/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_apart.c - what sets the outliers of a fleet apart from the other machines; see fleet.h.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/many/fleet.h"
#include "base/array.h"

struct property {
	const struct unlike_field *field;
	bool odd;
};

static int compare(const struct unlike_field *a, const struct unlike_field *b)
{
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : strcmp(a->new, b->new);
}

static int by_field(const void *a, const void *b)
{
	return compare(((const struct property *)a)->field, ((const struct property *)b)->field);
}

/* All differences from the most typical machine, sorted. */
static int list_properties(const struct fleet *fleet, struct property **properties, size_t *n)
{
	int err = 0;

	*n = 0;
	*properties = NULL;
	for (size_t i = 0; i < fleet->n && err == 0; i++) {
		err = array_grow(properties, *n, fleet->unlike[i].n + 1, sizeof(**properties), ARRAY_MANY, "differences", NULL);
		for (size_t f = 0; f < fleet->unlike[i].n && err == 0; f++)
			(*properties)[(*n)++] = (struct property){&fleet->unlike[i].fields[f], fleet->outlier[i] != 0};
	}
	if (*n != 0 && err == 0)
		qsort(*properties, *n, sizeof(**properties), by_field);
	return err;
}

int fleet_find_apart(const struct fleet *fleet, struct fleet_apart **apart, size_t *n, size_t *n_odd)
{
	struct property *properties;
	size_t all;
	int err = list_properties(fleet, &properties, &all);

	*apart = NULL;
	*n = *n_odd = 0;
	for (size_t i = 0; i < fleet->n; i++)
		*n_odd += fleet->outlier[i] != 0;
	for (size_t i = 0, end; i < all && err == 0; i = end) {
		const struct unlike_field *field = properties[i].field;
		struct fleet_apart one = {.name = field->name, .here = field->new, .usual = field->base};

		for (end = i; end < all && compare(properties[end].field, field) == 0; end++) {
			one.odd += properties[end].odd;
			one.others += !properties[end].odd;
		}
		if (one.odd == 0 || 2 * one.odd < *n_odd || 10 * one.others > fleet->n - *n_odd)
			continue;
		err = ARRAY_ADD(*apart, *n, ARRAY_MANY, "properties", NULL);
		if (err == 0)
			(*apart)[(*n)++] = one;
	}
	free(properties);
	return err;
}
