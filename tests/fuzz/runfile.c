/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile.c - a run file: loaded, summed up, and shown in every format of export and as JSON.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/export/export.h"
#include "analysis/summary/show.h"
#include "analysis/summary/summary.h"
#include "harness/plan/registry.h"
#include "tests/fuzz/targets.h"

static void show(const struct runfile *run, const struct summary *summary)
{
	struct fs_reason why = {0};
	size_t bytes = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		abort();
	show_json(summary, 1, out);
	for (unsigned i = 0; registry_exports[i] != NULL; i++)
		registry_exports[i]->write(run, summary, 1, out, &why);
	fclose(out);
	free(text);
}

void fuzz_runfile(const uint8_t *data, size_t bytes)
{
	struct summary summary = {0};
	struct fs_reason why = {0};
	struct runfile run;
	int err = runfile_load(fuzz_file(data, bytes), &run, &why);

	fuzz_refused(err, &why);
	if (err == 0 && summary_make(&run, &summary) == 0)
		show(&run, &summary);
	summary_free(&summary);
	runfile_free(&run);
}
