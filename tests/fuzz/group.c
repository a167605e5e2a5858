/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group.c - a file of a group of counters.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/plan/group.h"
#include "tests/fuzz/targets.h"

void fuzz_group(const uint8_t *data, size_t bytes)
{
	struct group *group = calloc(1, sizeof(*group));
	struct fs_reason why = {0};

	if (group == NULL)
		abort();
	fuzz_refused(group_read(fuzz_file(data, bytes), group, &why), &why);
	group_free(group);
	free(group);
}
