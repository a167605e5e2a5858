/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.c - the words of a digest, as they would be in a cache that somebody else wrote.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/summary/digest_body.h"
#include "tests/fuzz/targets.h"

void fuzz_digest(const uint8_t *data, size_t bytes)
{
	size_t n = bytes / sizeof(uint64_t);
	uint64_t *words = malloc(n * sizeof(*words) + 1);
	struct summary summary = {0};
	struct runfile run = {0};

	if (words == NULL)
		abort();
	memcpy(words, data, n * sizeof(*words));
	if (digest_unpack(words, n, "fuzz", &run, &summary) != 0)
		return;
	summary_free(&summary);
	runfile_free(&run);
}
