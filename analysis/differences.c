/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * differences.c - differences of all pairs, in order; see differences.h.
 *
 * Row i of the matrix of differences new[j] - base[i] ascends in j, and the rows descend in i, so that counting the differences below a
 * value is one walk down the staircase, and any of them in order is found by a few walks.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/differences.h"

int differences_open(const double *base, size_t m, const double *new, size_t n, bool half, struct differences *differences)
{
	size_t *memory = malloc(5 * m * sizeof(*memory));

	*differences = (struct differences){.base = base, .new = new, .m = m, .n = n, .first = memory};
	if (!memory)
		return -ENOMEM;
	differences->from = memory + m;
	differences->to = memory + 2 * m;
	differences->less = memory + 3 * m;
	differences->most = memory + 4 * m;
	for (size_t i = 0; i < m; i++) {
		differences->first[i] = half ? n - 1 - i : 0;
		differences->pairs += n - differences->first[i];
	}
	return 0;
}

void differences_close(struct differences *differences)
{
	free(differences->first);
}

/* Where the differences below the pivot (or at most it) end in every row; how many they are in all. */
static size_t walk(const struct differences *d, double pivot, bool equal, size_t *ends)
{
	size_t j = 0, all = 0;

	for (size_t i = 0; i < d->m; i++) {
		while (j < d->n && (equal ? d->new[j] - d->base[i] <= pivot : d->new[j] - d->base[i] < pivot))
			j++;
		ends[i] = j > d->first[i] ? j : d->first[i];
		all += ends[i] - d->first[i];
	}
	return all;
}

/* The middle of what is left of the longest row: at least half of that row goes with each walk. */
static double choose_pivot(const struct differences *d)
{
	size_t longest = 0;

	for (size_t i = 1; i < d->m; i++)
		if (d->to[i] - d->from[i] > d->to[longest] - d->from[longest])
			longest = i;
	return d->new[(d->from[longest] + d->to[longest]) / 2] - d->base[longest];
}

/* Each pivot lies between those before it, so the newest ends are the narrowest. */
double differences_select(struct differences *d, size_t k)
{
	for (size_t i = 0; i < d->m; i++) {
		d->from[i] = d->first[i];
		d->to[i] = d->n;
	}
	for (;;) {
		double pivot = choose_pivot(d);

		if (k <= walk(d, pivot, false, d->less)) {
			memcpy(d->to, d->less, d->m * sizeof(*d->to));
		} else if (k <= walk(d, pivot, true, d->most)) {
			return pivot;
		} else {
			memcpy(d->from, d->most, d->m * sizeof(*d->from));
		}
	}
}

/* The smallest difference above those that the last walk counted. */
static double next_difference(const struct differences *d)
{
	double next = INFINITY;

	for (size_t i = 0; i < d->m; i++)
		if (d->most[i] < d->n)
			next = fmin(next, d->new[d->most[i]] - d->base[i]);
	return next;
}

double differences_median(struct differences *d)
{
	double middle = differences_select(d, (d->pairs + 1) / 2);

	if (d->pairs % 2 || walk(d, middle, true, d->most) > d->pairs / 2)
		return middle;
	return (middle + next_difference(d)) / 2.0;
}
