/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.c - the words of a digest, as they would be in a cache or beside a run if somebody else wrote them; and what a fleet does with one that is
 * taken for sound. The words behind a head are the same bytes: no fuzzer finds the head's sum.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/many/fleet_changes.h"
#include "analysis/many/fleet_groups.h"
#include "analysis/summary/digest_beside.h"
#include "analysis/summary/digest_body.h"
#include "analysis/summary/digest_check.h"
#include "tests/fuzz/targets.h"

/* As of a file of these bytes, head and all. */
static void read_file(const uint8_t *data, size_t bytes)
{
	FILE *file = fopen(fuzz_file(data, bytes), "re");
	struct summary summary = {0};
	struct fs_reason why = {0};
	struct runfile run = {0};
	int err;

	if (file == NULL)
		abort();
	err = digest_beside_read("fuzz", file, &(struct digest_content){0}, &run, &summary, &why);
	fuzz_refused(err, &why);
	fclose(file);
	summary_free(&summary);
	runfile_free(&run);
}

/* As report and compare use it. */
static void use(const struct runfile *run, const struct summary *summary)
{
	struct fleet_changes changes = {0};
	struct fleet_groups groups = {0};
	int err = 0;

	for (int i = 0; i < FLEET_MIN && err == 0; i++)
		err = fleet_groups_add(&groups, "fuzz", run, summary);
	if (err == 0)
		err = fleet_groups_make(&groups, 0.0);
	if (err == 0 && fleet_changes_add(&changes, "fuzz", summary, summary, (const struct runfile *[]){run, run}, 0.0) == 0)
		fleet_changes_judge(&changes);
	fleet_changes_free(&changes);
	fleet_groups_free(&groups);
}

void fuzz_digest(const uint8_t *data, size_t bytes)
{
	size_t n = bytes / sizeof(uint64_t);
	uint64_t *words = malloc(n * sizeof(*words) + 1);
	struct summary summary = {0};
	struct runfile run = {0};

	read_file(data, bytes);
	if (words == NULL)
		abort();
	memcpy(words, data, n * sizeof(*words));
	if (digest_unpack(words, n, "fuzz", &run, &summary) != 0)
		return;
	if (digest_is_sound(&run, &summary))
		use(&run, &summary);
	summary_free(&summary);
	runfile_free(&run);
}
