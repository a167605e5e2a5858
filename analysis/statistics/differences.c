/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * differences.c - order statistics of the differences of all pairs; see differences.h.
 *
 * Row i of the matrix of differences new[j] - base[i] ascends in j, and the rows descend in i, so that counting the differences below a
 * value is one walk down the staircase, and any order statistic is found in a few walks.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/statistics/differences.h"

int differences_open(const double *base, size_t m, const double *new, size_t n, bool half, struct differences *differences)
{
	size_t *memory = malloc(5 * m * sizeof(*memory));

	*differences = (struct differences){.base = base, .new = new, .m = m, .n = n, .first = memory};
	if (memory == NULL)
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

/* Where the differences below the pivot (or up to it) end in every row; returns their total number. */
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

/*
 * The middle of the row in which half of the remaining differences is passed. They form a band along the staircase, whose rows and columns ascend
 * alike, so this is about their median, and each walk removes about half of them.
 */
static double choose_pivot(const struct differences *d)
{
	size_t left = 0, passed = 0, i = 0;

	for (size_t row = 0; row < d->m; row++)
		left += d->to[row] - d->from[row];
	while (passed + d->to[i] - d->from[i] <= left / 2)
		passed += d->to[i] - d->from[i], i++;
	return d->new[(d->from[i] + d->to[i]) / 2] - d->base[i];
}

/*
 * Each pivot lies between those before it, so the newest ends are the narrowest. A pivot stays among the remaining differences above it, where it
 * does no harm, until nothing else can be removed: only then are the differences equal to it counted as well.
 */
double differences_select(struct differences *d, size_t k)
{
	size_t below = 0; /* differences before `from` */

	for (size_t i = 0; i < d->m; i++) {
		d->from[i] = d->first[i];
		d->to[i] = d->n;
	}
	for (;;) {
		double pivot = choose_pivot(d);
		size_t less = walk(d, pivot, false, d->less);

		if (k <= less) {
			memcpy(d->to, d->less, d->m * sizeof(*d->to));
		} else if (k == less + 1) {
			return pivot;
		} else if (less > below) {
			memcpy(d->from, d->less, d->m * sizeof(*d->from));
			below = less;
		} else {
			below = walk(d, pivot, true, d->most);
			if (k <= below)
				return pivot;
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
