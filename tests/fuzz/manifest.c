/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * manifest.c - what a fleet's folder says was submitted.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/manifest.h"
#include "tests/fuzz/targets.h"

void fuzz_manifest(const uint8_t *data, size_t bytes)
{
	struct manifest manifest = {.dir = strdup("fleet"), .fd = -1};
	FILE *file = fopen(fuzz_file(data, bytes), "re");
	struct fs_reason why = {0};

	if (manifest.dir == NULL || file == NULL)
		abort();
	fuzz_refused(manifest_read(&manifest, file, &why), &why);
	fclose(file);
	manifest_free(&manifest);
}
