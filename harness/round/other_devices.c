/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * other_devices.c - skips for what this device does not do. The remedy names the devices that do it, as they are registered: no benchmark knows one
 * by name.
 */
#include "config.h"

#include "harness/round/job.h"

#include <string.h>

#include "base/text.h"
#include "harness/plan/catalog.h"

static bool keeps_count(const struct fs_device *device, const char *const *counts)
{
	for (size_t c = 0; device->counts != NULL && counts != NULL && counts[c] != NULL; c++) {
		for (const struct fs_count_def *def = device->counts; def->name != NULL; def++) {
			if (strcmp(def->name, counts[c]) == 0)
				return true;
		}
	}
	return false;
}

static bool does(const struct fs_device *device, enum fs_trait trait, const char *const *counts, enum fs_memory_kind memory)
{
	bool it = false;

	switch (trait) {
	case FS_TRAIT_REACHES:
		it = !device->reads_shadow;
		break;
	case FS_TRAIT_IN_THREADS:
		it = device->in_threads;
		break;
	case FS_TRAIT_ORDINARY:
		it = (device->ordinary & FS_UNDER(memory)) != 0;
		break;
	case FS_TRAIT_STURDY:
		it = !device->is_frail;
		break;
	case FS_TRAIT_CEILING:
		it = device->ceiling != NULL;
		break;
	case FS_TRAIT_COUNTS:
		it = keeps_count(device, counts);
		break;
	case FS_TRAIT_REFUSES:
		it = device->refuse != NULL;
		break;
	case FS_TRAIT_SEIZES:
		it = device->seize != NULL;
		break;
	}
	return it;
}

/* Adds "device=a or device=b": the registered devices that do it under this setup. */
static void add_devices(struct text *text, const struct fs_job *job, enum fs_trait trait, const char *const *counts)
{
	const struct fs_setup *setup = job->cell->setup;
	const struct fs_device *device;

	for (unsigned i = 0; (device = catalog_device(i)) != NULL; i++) {
		bool serves = device->can == 0 || (device->can & setup->needs) == setup->needs;

		if (!device->hidden && device != job->cell->device && serves && does(device, trait, counts, setup->memory))
			text_add(text, "%sdevice=%s", text->len != 0 ? " or " : "", device->name);
	}
}

int fs_skip_device(struct fs_job *job, enum fs_trait trait, const char *const *counts, const char *what)
{
	struct text remedy = {0};
	int err;

	add_devices(&remedy, job, trait, counts);
	text_add(&remedy, "%s", remedy.len != 0 ? ", where fivestep doctor finds one" : "a device that does, under another setup: fivestep list");
	err = fs_skip(job, text_string(&remedy), "%s %s", job->cell->device->name, what);
	text_clear(&remedy);
	return err;
}
