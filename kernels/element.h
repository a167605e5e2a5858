/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * element.h - what kernels share whose arrays are double or float, as parameter `element` says. A body has one loop for each; code of the CPU goes
 * through the functions here, with the size of an element outside of its loops, so that compilers make one loop of each size.
 */
#ifndef FIVESTEP_KERNELS_ELEMENT_H
#define FIVESTEP_KERNELS_ELEMENT_H

#include <string.h>

#include "harness/fivestep.h"

#define ELEMENT_PARAM                                                                                                                                \
	.name = "element", .type = FS_PARAM_CHOICE, .initial = "f64", .choices = "f64|f32",                                                          \
	.help = "of the arrays: double, or float in half the bytes"

/* Bytes of an element. */
static inline size_t element_bytes(const struct fs_work *work)
{
	return fs_is(work->job, "element", "f32") ? sizeof(float) : sizeof(double);
}

static inline double element_get(const void *array, uint64_t i, size_t bytes)
{
	return bytes == sizeof(float) ? (double)((const float *)array)[i] : ((const double *)array)[i];
}

static inline void element_put(void *array, uint64_t i, size_t bytes, double value)
{
	if (bytes == sizeof(float))
		((float *)array)[i] = (float)value;
	else
		((double *)array)[i] = value;
}

/* What is left of a result when an element holds it: a reference rounds after each operation, as the body does. */
static inline double element_rounded(double value, size_t bytes)
{
	return bytes == sizeof(float) ? (double)(float)value : value;
}

/* As bits: a zero that changed its sign is wrong too. */
static inline bool element_is(const void *array, uint64_t i, size_t bytes, double expected)
{
	double seen = element_get(array, i, bytes), rounded = element_rounded(expected, bytes);

	return memcmp(&seen, &rounded, sizeof(seen)) == 0;
}

/* A region of n elements. */
static inline int expect_elements(struct fs_work *work, const struct fs_region *region, uint64_t n, const double *expected)
{
	size_t bytes = element_bytes(work);
	const void *seen = work->cpu + region->offset;

	for (uint64_t k = 0; k < n; k++) {
		if (!element_is(seen, k, bytes, expected[k]))
			return fs_wrong(work->job, "%s[%llu] is %.17g, not %.17g", region->name, (unsigned long long)k, element_get(seen, k, bytes),
				element_rounded(expected[k], bytes));
	}
	return 0;
}

#endif
