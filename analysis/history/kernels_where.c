/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels_where.c - in which stage of a fault or migration two kernels differ, by what softdev's driver counted; see kernels.h.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history/kernels.h"
#include "analysis/summary/cells.h"

#define STAGES	   10
#define LEAST	   0.001 /* of the whole: smaller changes are not listed */
#define LEAST_PART 0.1	 /* of the change: stages with less of it are not named */

/* What a driver does for a reason, and by what it is divided. */
static const struct cause {
	const char *name, *counts, *per;
} causes[] = {
	{"device fault", "softdev.device_faults", "softdev.faults_to_device"},
	{"CPU fault", "softdev.host_faults", "softdev.faults_to_host"},
	{"a page to the device on request", "softdev.moves_to_device", "softdev.prefetched_to_device"},
	{"a page to the host on request", "softdev.moves_to_host", "softdev.prefetched_to_host"},
};

static const struct stage {
	const char *name, *what;
} stages[STAGES] = {
	{"collect", "collect (migrate_vma_setup: collect, isolate, unmap)"},
	{"allocate", "allocate"},
	{"copy", "copy"},
	{"install", "install (migrate_vma_pages)"},
	{"finish", "finish (migrate_vma_finalize)"},
	{"look", "look (hmm_range_fault)"},
	{"map", "map (the device's page table)"},
	{"wait", "wait (locks)"},
	{"room", "room (evictions)"},
	{"leave", "leave"},
};

struct change {
	const char *what;
	double by;
};

/* Of all cells on softdev together; 0 without any. */
static double sum_of(const struct runfile *run, const char *counter)
{
	double sum = 0.0;

	for (size_t c = 0; c < run->n_cells; c++) {
		double value = strcmp(run->cells[c].device, "softdev") == 0 ? cells_count_median(&run->cells[c], NULL, counter) : NAN;

		sum += isfinite(value) ? value : 0.0;
	}
	return sum;
}

/* NaN where there was no such fault or request. */
static double of_one(const struct runfile *run, const struct cause *cause, const char *stage)
{
	char name[96];

	snprintf(name, sizeof(name), "%s%s%s_ns", cause->counts, stage[0] != '\0' ? "_" : "", stage);
	return sum_of(run, name) / sum_of(run, cause->per);
}

static int more_first(const void *a, const void *b)
{
	double x = fabs(((const struct change *)a)->by), y = fabs(((const struct change *)b)->by);

	return x < y ? 1 : x > y ? -1 : 0;
}

static void print_change(const struct runfile *base, const struct runfile *new, const struct cause *cause, double before, double after, FILE *out)
{
	struct change change[STAGES];
	bool any = false;

	for (unsigned s = 0; s < STAGES; s++)
		change[s] = (struct change){stages[s].what, of_one(new, cause, stages[s].name) - of_one(base, cause, stages[s].name)};
	qsort(change, STAGES, sizeof(change[0]), more_first);
	fprintf(out, "%s: %.0f -> %.0f instructions (%+.2f %%)", cause->name, before, after, (after / before - 1.0) * 100.0);
	for (unsigned s = 0; s < STAGES; s++) {
		if (!(fabs(change[s].by) >= LEAST_PART * fabs(after - before)))
			continue;
		fprintf(out, "%s %s %+.1f", any ? "," : ", in", change[s].what, change[s].by);
		any = true;
	}
	fputc('\n', out);
}

unsigned kernels_where(const struct runfile *base, const struct runfile *new, FILE *out)
{
	unsigned listed = 0;

	for (size_t c = 0; c < FS_ARRAY_SIZE(causes); c++) {
		double before = of_one(base, &causes[c], ""), after = of_one(new, &causes[c], "");

		if (!isfinite(before) || !isfinite(after) || !(fabs(after - before) > LEAST * before))
			continue;
		print_change(base, new, &causes[c], before, after, out);
		listed++;
	}
	return listed;
}
