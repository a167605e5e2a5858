/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_runs.c - summaries of two runs without any file; see fake_runs.h.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/runs.h"

void fake_run_free(struct fake_run *fake)
{
	json_decref(fake->run.header);
	free(fake->cells);
	free(fake->summary.rows);
	free(fake->values);
	free(fake->rounds);
	free(fake->names);
	memset(fake, 0, sizeof(*fake));
}

bool fake_run_make(struct fake_run *fake, size_t cells, size_t rounds)
{
	memset(fake, 0, sizeof(*fake));
	fake->run.clock = "monotonic";
	fake->run.seed = "";
	fake->room = rounds;
	fake->cells = calloc(cells, sizeof(*fake->cells));
	fake->summary.rows = calloc(cells, sizeof(*fake->summary.rows));
	fake->values = calloc(cells * rounds, sizeof(*fake->values));
	fake->rounds = calloc(rounds, sizeof(*fake->rounds));
	fake->names = calloc(cells, sizeof(*fake->names));
	fake->summary.n = cells;
	if (fake->cells == NULL || fake->summary.rows == NULL || fake->values == NULL || fake->rounds == NULL || fake->names == NULL)
		return false;
	for (size_t r = 0; r < rounds; r++)
		fake->rounds[r] = (unsigned)r;
	for (size_t c = 0; c < cells; c++) {
		snprintf(fake->names[c], sizeof(fake->names[c]), "bench%u", (unsigned)c % 1000000);
		fake->cells[c] = (struct runfile_cell){.id = (long)c, .bench = fake->names[c], .kind = "benchmark", .setup = "hmm", .device = "emu"};
		fake->summary.rows[c] = (struct summary_row){.run = &fake->run,
			.cell = &fake->cells[c],
			.base = "ns",
			.metric = (char *)"ns",
			.unit = "ns",
			.why = "",
			.remedy = "",
			.visited = true,
			.values = fake->values + c * rounds,
			.rounds = fake->rounds,
			.n_values = rounds};
	}
	return true;
}

void fake_run_rounds(struct fake_run *fake, size_t rounds)
{
	for (size_t c = 0; c < fake->summary.n; c++) {
		fake->summary.rows[c].n_values = rounds;
		statistics_median(fake->summary.rows[c].values, rounds, &fake->summary.rows[c].interval);
	}
}

static json_t *header_of(const char *side, unsigned rounds_min, unsigned rounds_max, unsigned turn, double time_limit_s)
{
	return json_pack("{s:{s:s, s:s, s:i, s:i, s:i, s:f}}", "session", "id", "one session", "side", side, "rounds_min", (int)rounds_min,
		"rounds_max", (int)rounds_max, "turn", (int)turn, "time_limit_s", time_limit_s);
}

void fake_run_session(struct fake_run *base, struct fake_run *new, unsigned rounds_min, unsigned rounds_max, unsigned turn, double time_limit_s)
{
	json_decref(base->run.header);
	json_decref(new->run.header);
	base->run.header = header_of("a", rounds_min, rounds_max, turn, time_limit_s);
	new->run.header = header_of("b", rounds_min, rounds_max, turn, time_limit_s);
}
