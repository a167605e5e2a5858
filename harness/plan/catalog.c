/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * catalog.c - the registry, followed by the entries of an extension.
 */
#include "config.h"

#include "harness/plan/catalog.h"

#include "harness/plan/registry.h"

static const struct fs_extension *added;

void catalog_extend(const struct fs_extension *extension)
{
	added = extension;
}

/* The i-th entry of two NULL-terminated lists, one after the other; the second may be NULL. */
#define NTH(i, first, second)                                                                                                                        \
	do {                                                                                                                                         \
		unsigned left = (i);                                                                                                                 \
		unsigned n = 0;                                                                                                                      \
		while ((first)[n] != NULL)                                                                                                           \
			n++;                                                                                                                         \
		if (left < n)                                                                                                                        \
			return (first)[left];                                                                                                        \
		left -= n;                                                                                                                           \
		for (n = 0; (second) != NULL && (second)[n] != NULL; n++) {                                                                          \
			if (n == left)                                                                                                               \
				return (second)[n];                                                                                                  \
		}                                                                                                                                    \
		return NULL;                                                                                                                         \
	} while (0)

const struct fs_bench *catalog_bench(unsigned i)
{
	const struct fs_bench *const *more = added != NULL ? added->benches : NULL;

	NTH(i, registry_benches, more);
}

const struct fs_bench *catalog_case(unsigned i)
{
	for (const struct fs_bench *const *file = registry_cases; *file != NULL; file++) {
		for (const struct fs_bench *one = *file; one->name != NULL; one++) {
			if (i-- == 0)
				return one;
		}
	}
	for (const struct fs_bench *const *one = added != NULL ? added->cases : NULL; one != NULL && *one != NULL; one++) {
		if (i-- == 0)
			return *one;
	}
	return NULL;
}

const struct fs_kernel *catalog_kernel(unsigned i)
{
	const struct fs_kernel *const *more = added != NULL ? added->kernels : NULL;

	NTH(i, registry_kernels, more);
}

const struct fs_setup *catalog_setup(unsigned i)
{
	return registry_setups[i];
}

const struct fs_device *catalog_device(unsigned i)
{
	return registry_devices[i];
}

const struct fs_counter *catalog_counter(unsigned i)
{
	return registry_counters[i];
}
