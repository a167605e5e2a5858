/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * other_devices.c - a skip for what a device does not do names those that do it: not itself, none that is hidden, none that cannot serve the setup.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/catalog.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

static const struct fs_metric no_metrics[] = {{0}};
static const struct fs_param no_params[] = {{0}};
static const struct fs_bench bench = {.name = "made up", .metrics = no_metrics, .params = no_params};
static struct fake_job fake;

static const struct fs_device *device_named(const char *name)
{
	for (unsigned i = 0; catalog_device(i) != NULL; i++) {
		if (strcmp(catalog_device(i)->name, name) == 0)
			return catalog_device(i);
	}
	exit(99);
}

static const struct fs_setup *setup_named(const char *name)
{
	for (unsigned i = 0; catalog_setup(i) != NULL; i++) {
		if (strcmp(catalog_setup(i)->name, name) == 0)
			return catalog_setup(i);
	}
	exit(99);
}

static const char *remedy_of(const char *device, const char *setup, enum fs_trait trait, const char *const *counts)
{
	static char remedy[sizeof(((struct fs_reason *)NULL)->remedy)];
	char what[128];

	if (fake_job_open(&fake, NULL, &bench, "") != 0)
		exit(99);
	fake.cell.device = device_named(device);
	fake.cell.setup = setup_named(setup);
	fs_skip_device(&fake.job, trait, counts, "does not");
	is_int(fake.job.share->verdict, VERDICT_SKIP, "%s under %s is skipped", device, setup);
	snprintf(what, sizeof(what), "%s does not", device);
	is_str(fake.job.share->why.what, what, "the reason begins with its name");
	memcpy(remedy, fake.job.share->why.remedy, sizeof(remedy));
	fake_job_close(&fake);
	return remedy;
}

static void names(const char *remedy, const char *device, bool named)
{
	ok((strstr(remedy, device) != NULL) == named, "%s is %s: %s", device, named ? "named" : "not named", remedy);
}

int main(void)
{
	static const char *const faults[] = {"no such count", "residence_conflicts", NULL}, *const none[] = {"no such count", NULL};
	const char *remedy = remedy_of("dmirror", "cdm", FS_TRAIT_REACHES, NULL);

	names(remedy, "device=emu or device=softdev", true);
	names(remedy, "dmirror", false);
	names(remedy, ", where fivestep doctor finds one", true);
	remedy = remedy_of("emu", "cdm", FS_TRAIT_REACHES, NULL);
	names(remedy, "device=emu", false);
	names(remedy, "device=softdev", true);
	names(remedy, "device=model", false);
	names(remedy, "device=dmirror", false);
	names(remedy_of("emu", "copy", FS_TRAIT_REACHES, NULL), "device=null", false);
	names(remedy_of("model", "svm", FS_TRAIT_REACHES, NULL), "device=emu", false);
	is_str(remedy_of("emu", "hmm", FS_TRAIT_ORDINARY, NULL), "device=dmirror or device=softdev, where fivestep doctor finds one",
		"by kind of memory");
	names(remedy_of("emu", "cdm", FS_TRAIT_ORDINARY, NULL), "device=softdev", true);
	names(remedy_of("dmirror", "hmm", FS_TRAIT_STURDY, NULL), "device=softdev", true);
	names(remedy_of("softdev", "hmm", FS_TRAIT_STURDY, NULL), "device=dmirror", false);
	names(remedy_of("dmirror", "hmm", FS_TRAIT_IN_THREADS, NULL), "device=emu or device=softdev", true);
	names(remedy_of("softdev", "hmm", FS_TRAIT_IN_THREADS, NULL), "device=dmirror", false);
	names(remedy_of("dmirror", "hmm", FS_TRAIT_COUNTS, faults), "device=emu or device=softdev", true);
	is_str(remedy_of("emu", "hmm", FS_TRAIT_REFUSES, NULL), "device=softdev, where fivestep doctor finds one", "one that fails on request");
	is_str(remedy_of("softdev", "hmm", FS_TRAIT_SEIZES, NULL), "device=dmirror, where fivestep doctor finds one",
		"one that has pages for itself");
	is_str(remedy_of("softdev", "hmm", FS_TRAIT_REFUSES, NULL), "a device that does, under another setup: fivestep list",
		"where there is no other");
	is_str(remedy_of("emu", "hmm", FS_TRAIT_COUNTS, none), "a device that does, under another setup: fivestep list", "a count that nobody keeps");
	names(remedy_of("emu", "copy", FS_TRAIT_CEILING, NULL), "device=emu", false);
	done_testing();
	return exit_status();
}
