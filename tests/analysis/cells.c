/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cells.c - what pictures and pages call a cell, and the medians that they draw: of rounds that are ok, in the right step.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/summary/cells.h"
#include "analysis/summary/format.h"
#include "tests/tap.h"

#define CELLS  6
#define ROUNDS 5

static struct runfile_text params[CELLS][2];
static struct runfile_cell cells[CELLS];
static struct runfile run = {.cells = cells};

static struct runfile_cell *add(const char *bench, const char *setup, const char *device, const char *size, bool set)
{
	size_t i = run.n_cells++;

	params[i][0] = (struct runfile_text){.name = "size", .text = size, .set = set};
	params[i][1] = (struct runfile_text){.name = strcmp(setup, "hmm") == 0 ? "granule" : "chunk", .text = "4K", .set = set};
	cells[i] = (struct runfile_cell){
		.id = (long)i, .bench = bench, .kind = "benchmark", .setup = setup, .device = device, .params = params[i], .n_params = 2};
	return &cells[i];
}

static void label_is(const struct runfile_cell *cell, const char *without, const char *without_too, const char *wanted, const char *name)
{
	struct text text = {0};

	cells_label(&run, cell, without, without_too, &text);
	is_str(text_string(&text), wanted, "%s", name);
	text_clear(&text);
}

static void test_labels(void)
{
	struct runfile_cell *alone, *first, *second, *other;

	run.n_cells = 0;
	alone = add("floor", "-", "-", "4M", true);
	first = add("touch", "hmm", "emu", "1M", true);
	add("touch", "copy", "emu", "1M", true);
	other = add("move", "hmm", "cuda", "9M", true);
	label_is(alone, NULL, NULL, "floor", "without a setup it is the benchmark");
	label_is(first, NULL, NULL, "hmm", "a setup, where nothing else differs within the benchmark");
	second = add("touch", "hmm", "emu", "2M", true);
	label_is(first, NULL, NULL, "hmm size=1M", "with the parameters that differ");
	label_is(second, NULL, NULL, "hmm size=2M", "of each");
	label_is(second, "size", NULL, "hmm", "without one that the picture shows already");
	label_is(second, NULL, "size", "hmm", "or two");
	label_is(second, "granule", "chunk", "hmm size=2M", "but not without others");
	label_is(other, NULL, NULL, "hmm", "another benchmark's device is none of this one's");
	params[4][0].set = false;
	label_is(second, NULL, NULL, "hmm", "parameters that were not set are not named");
	params[4][0].set = true;
	add("touch", "hmm", "cuda", "1M", true);
	label_is(first, NULL, NULL, "hmm emu size=1M", "with the device, where there are several");
	label_is(other, NULL, NULL, "hmm", "in that benchmark alone");
}

static void test_work(void)
{
	run.n_cells = 0;
	add("touch", "hmm", "emu", "1M", true);
	add("touch", "copy", "cuda", "1M", true);
	add("touch", "hmm", "emu", "2M", true);
	add("move", "hmm", "emu", "1M", true);
	ok(cells_same_work(&cells[0], &cells[1]), "setup, device and what only one of them has are not the work");
	ok(!cells_same_work(&cells[0], &cells[2]), "a parameter of both is");
	ok(!cells_same_work(&cells[0], &cells[3]), "as is the benchmark");
}

static void test_counts(void)
{
	struct runfile_count own = {.name = "emu.faults"}, longer = {.name = "emulator.faults"}, other = {.name = "perf.faults"};

	run.n_cells = 0;
	add("touch", "hmm", "emu", "1M", true);
	ok(cells_is_device_count(&cells[0], &own), "a count of the device begins with its name and a dot");
	ok(!cells_is_device_count(&cells[0], &longer), "not with a longer name");
	ok(!cells_is_device_count(&cells[0], &other), "nor with another");
}

static void test_medians(void)
{
	static struct runfile_count counts[ROUNDS][2][2], derived[ROUNDS][3];
	static struct runfile_step steps[ROUNDS][2];
	static struct runfile_round rounds[ROUNDS];
	struct runfile_round *list[ROUNDS];
	struct runfile_cell cell = {.rounds = list, .n_rounds = ROUNDS};

	/* device: 1, 2, 3, 4, 5; cpu: ten times that; the last round is not ok, the first has another verdict, too */
	for (size_t r = 0; r < ROUNDS; r++) {
		double n = (double)(r + 1);

		for (size_t s = 0; s < 2; s++) {
			counts[r][s][0] = (struct runfile_count){.name = "emu.faults", .value = n * (s ? 1000 : 100)};
			counts[r][s][1] = (struct runfile_count){.name = "emu.pages", .value = -1};
			derived[r][s] = (struct runfile_count){.name = "rate", .value = n * (s ? 0.5 : 0.25)};
			steps[r][s] = (struct runfile_step){.name = s ? "cpu" : "device",
				.ns = n * (s ? 10 : 1),
				.counts = counts[r][s],
				.n_counts = 2,
				.derived = &derived[r][s],
				.n_derived = 1};
		}
		derived[r][2] = (struct runfile_count){.name = "rate", .value = n * 7};
		rounds[r] = (struct runfile_round){.verdict = r == 0   ? VERDICT_INVALID
							      : r == 4 ? VERDICT_FAIL
								       : VERDICT_OK,
			.steps = steps[r],
			.n_steps = 2,
			.derived = &derived[r][2],
			.n_derived = 1};
		list[r] = &rounds[r];
	}
	ok(cells_first_ok(&cell) == &rounds[1], "the first round that is ok");
	is_near(cells_step_median(&cell, "device"), 3, 0, "the median of a step, over the rounds that are ok");
	is_near(cells_step_median(&cell, "cpu"), 30, 0, "of each step its own");
	is_near(cells_step_median(&cell, NULL), 33, 0, "or of all steps together");
	ok(isnan(cells_step_median(&cell, "release")), "a step that there is not has none");
	is_near(cells_count_median(&cell, "device", "emu.faults"), 300, 0, "the median of a counter in a step");
	is_near(cells_count_median(&cell, NULL, "emu.faults"), 3300, 0, "or in all");
	ok(isnan(cells_count_median(&cell, "device", "emu.bytes")), "a counter that there is not has none");
	is_near(cells_derived_median(&cell, "cpu", "rate"), 1.5, 0, "a derived metric in a step");
	is_near(cells_derived_median(&cell, NULL, "rate"), 21, 0, "of a round it is the round's, not a sum");
	steps[2][0].ns = NAN;
	is_near(cells_step_median(&cell, "device"), 3, 0, "a step without a time is left out");
	cell.n_rounds = 1;
	ok(cells_first_ok(&cell) == NULL && isnan(cells_step_median(&cell, "device")), "without a round that is ok there is nothing");
}

int main(void)
{
	test_labels();
	test_work();
	test_counts();
	test_medians();
	done_testing();
	return exit_status();
}
