/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * refuse.c - the errors for unknown words in a plan's line, with the nearest known ones; see refuse.h.
 */
#include "config.h"

#include "harness/plan/refuse.h"

#include <errno.h>
#include <stdio.h>

#include "base/text.h"
#include "base/names.h"
#include "harness/plan/catalog.h"

static int unknown(const char *kind, const char *asked, const struct names_nearest *nearest, const char *list, struct fs_reason *why)
{
	char near[160], remedy[FS_REASON_BYTES];

	names_nearest_text(nearest, near, sizeof(near));
	snprintf(remedy, sizeof(remedy), "%s%sfivestep list %s", near, near[0] != '\0' ? " see " : "see ", list);
	return fs_because(why, -ENOENT, remedy, "unknown %s %s", kind, asked);
}

int refuse_name(const char *asked, struct fs_reason *why)
{
	struct names_nearest nearest;

	names_nearest_init(&nearest, asked);
	for (unsigned i = 0; catalog_bench(i) != NULL; i++)
		names_nearest_offer(&nearest, catalog_bench(i)->name);
	for (unsigned i = 0; catalog_kernel(i) != NULL; i++)
		names_nearest_offer(&nearest, catalog_kernel(i)->name);
	return unknown("benchmark or kernel", asked, &nearest, "benchmarks and fivestep list kernels", why);
}

int refuse_setup(const char *asked, struct fs_reason *why)
{
	struct names_nearest nearest;

	names_nearest_init(&nearest, asked);
	for (unsigned i = 0; catalog_setup(i) != NULL; i++)
		names_nearest_offer(&nearest, catalog_setup(i)->name);
	return unknown("setup", asked, &nearest, "setups", why);
}

int refuse_device(const char *asked, struct fs_reason *why)
{
	struct names_nearest nearest;

	names_nearest_init(&nearest, asked);
	for (unsigned i = 0; catalog_device(i) != NULL; i++)
		names_nearest_offer(&nearest, catalog_device(i)->name);
	return unknown("device", asked, &nearest, "devices", why);
}

static void offer_params(struct names_nearest *nearest, const struct fs_param *params)
{
	for (const struct fs_param *p = params; p != NULL && p->name != NULL; p++) {
		if (!p->test_only)
			names_nearest_offer(nearest, p->name);
	}
}

int refuse_param(const char *const *names, unsigned nnames, const char *asked, struct fs_reason *why)
{
	struct names_nearest nearest;

	names_nearest_init(&nearest, asked);
	for (unsigned n = 0; n < nnames; n++) {
		for (unsigned i = 0; catalog_bench(i) != NULL; i++) {
			if (names_match(names[n], catalog_bench(i)->name) != NAMES_NO)
				offer_params(&nearest, catalog_bench(i)->params);
		}
		for (unsigned i = 0; catalog_kernel(i) != NULL; i++) {
			if (names_match(names[n], catalog_kernel(i)->name) != NAMES_NO)
				offer_params(&nearest, catalog_kernel(i)->params);
		}
	}
	for (unsigned i = 0; catalog_setup(i) != NULL; i++)
		offer_params(&nearest, catalog_setup(i)->params);
	for (unsigned i = 0; catalog_device(i) != NULL; i++)
		offer_params(&nearest, catalog_device(i)->params);
	return unknown("parameter", asked, &nearest, "parameters", why);
}

/* The setups whose memory is of one of these kinds, as many as fit. */
static void list_setups(unsigned memory, char *text, size_t bytes)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; catalog_setup(i) != NULL && len < bytes; i++) {
		const struct fs_setup *setup = catalog_setup(i);

		if ((memory & FS_UNDER(setup->memory)) != 0)
			len += (size_t)snprintf(text + len, bytes - len, "%s%s", len != 0 ? ", " : "", setup->name);
	}
}

int refuse_idle(const struct fs_param *param, unsigned under, struct fs_reason *why)
{
	char setups[FS_REASON_BYTES], remedy[FS_REASON_BYTES];

	if (param->memory == 0 || (param->memory & under) != 0) {
		snprintf(remedy, sizeof(remedy), "omit it, or add %s", param->when);
		return fs_because(why, -EINVAL, remedy, "%s has an effect only with %s, and in no requested cell", param->name, param->when);
	}
	list_setups(param->memory, setups, sizeof(setups));
	text_fit(remedy, sizeof(remedy), "omit it, or name one of these setups: %s", setups);
	return fs_because(why, -EINVAL, remedy, "%s has no effect under the requested setups", param->name);
}
