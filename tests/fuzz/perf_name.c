/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_name.c - the name of an event of perf, as it is typed.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/counter/perf_name.h"
#include "tests/fuzz/targets.h"

void fuzz_perf_name(const uint8_t *data, size_t bytes)
{
	char *text = fuzz_text(data, bytes);
	struct perf_name name;

	perf_name_parse(text, &name);
	free(text);
}
