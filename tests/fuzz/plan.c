/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.c - a plan, with its sweeps; its cells as text, and back.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/plan/plan.h"
#include "tests/fuzz/targets.h"

void fuzz_plan(const uint8_t *data, size_t bytes)
{
	struct fs_reason why = {0};
	struct plan plan;
	int err;

	plan_init(&plan);
	err = plan_read(&plan, fuzz_file(data, bytes), &why);
	fuzz_refused(err, &why);
	for (unsigned i = 0; err == 0 && i < plan.ncells && i < 100; i++) {
		char text[CELL_TEXT];

		cell_text(&plan.cells[i], text);
	}
	plan_free(&plan);
}
