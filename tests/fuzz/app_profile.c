/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * app_profile.c - a program's profile as its author writes it.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/plan/app_profile.h"
#include "tests/fuzz/targets.h"

void fuzz_app_profile(const uint8_t *data, size_t bytes)
{
	struct app_profile *app = malloc(sizeof(*app));
	struct fs_reason why = {0};

	if (app == NULL)
		return;
	fuzz_refused(app_profile_read(app, fuzz_file(data, bytes), &why), &why);
	free(app);
}
