/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * comparison.c - what of two runs belongs together, the verdict of each metric, and what their machines differ in.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/unlike.h"
#include "tests/tap.h"

#define CELLS	8
#define METRICS 2
#define ROUNDS	12

/* A run of up to CELLS cells of one metric or more, as summary_make() leaves it. */
struct fake {
	struct runfile run;
	struct runfile_cell cells[CELLS];
	struct runfile_text params[CELLS][2];
	struct summary_row rows[CELLS * METRICS];
	double values[CELLS * METRICS][ROUNDS];
	struct summary summary;
	size_t n_cells;
};

/* Twelve round values around 100, a percent or so apart. */
static const double steady[ROUNDS] = {100.1, 99.4, 100.6, 99.9, 100.3, 99.7, 100.0, 100.8, 99.2, 100.2, 99.8, 100.4};

static void fake_begin(struct fake *fake, const char *clock)
{
	memset(fake, 0, sizeof(*fake));
	fake->run.clock = clock;
	fake->run.seed = "";
	fake->summary.rows = fake->rows;
}

static struct runfile_cell *fake_cell(struct fake *fake, const char *bench, const char *size)
{
	struct runfile_cell *cell = &fake->cells[fake->n_cells];
	struct runfile_text *params = fake->params[fake->n_cells++];

	params[0] = (struct runfile_text){.name = "size", .text = size, .set = true};
	params[1] = (struct runfile_text){.name = "page", .text = "4K"};
	*cell = (struct runfile_cell){.bench = bench, .kind = "benchmark", .setup = "hmm", .device = "emu", .params = params, .n_params = 2};
	return cell;
}

/* The metric's values are steady's times factor, n of them. */
static struct summary_row *fake_metric(
	struct fake *fake, const struct runfile_cell *cell, const char *metric, enum fs_better better, double factor, size_t n)
{
	struct summary_row *row = &fake->rows[fake->summary.n];
	double *values = fake->values[fake->summary.n++];

	for (size_t i = 0; i < n; i++)
		values[i] = steady[i] * factor;
	*row = (struct summary_row){.run = &fake->run,
		.cell = cell,
		.base = metric,
		.metric = (char *)metric,
		.unit = "ns",
		.better = better,
		.values = values,
		.n_values = n,
		.visited = true,
		.why = "",
		.remedy = ""};
	statistics_median(values, n, &row->interval);
	return row;
}

static void fake_constant(struct summary_row *row, double value)
{
	for (size_t i = 0; i < row->n_values; i++)
		row->values[i] = value;
	statistics_median(row->values, row->n_values, &row->interval);
}

/* One cell and metric in both runs; the comparison has one row. */
static struct compare_row compare_one(const char *clock, enum fs_better better, double factor, size_t n, double margin_pct)
{
	static struct fake base, new;
	struct comparison comparison;
	struct compare_row row = {0};

	fake_begin(&base, clock);
	fake_begin(&new, clock);
	fake_metric(&base, fake_cell(&base, "b", "1M"), "m", better, 1.0, n);
	fake_metric(&new, fake_cell(&new, "b", "1M"), "m", better, factor, n);
	if (compare_make(&base.summary, &new.summary, margin_pct, &comparison) || comparison.n != 1)
		ok(false, "one row is compared");
	else
		row = comparison.rows[0];
	compare_free(&comparison);
	return row;
}

static void is_verdict(struct compare_row row, enum compare_verdict verdict, enum compare_cause cause, const char *name)
{
	if (!ok(row.verdict == verdict && row.cause == cause, "%s: %s", name, compare_verdict_names[verdict]))
		diag("%s, cause %d; %+.2f %% [%+.2f, %+.2f], p %g, q %g", compare_verdict_names[row.verdict], row.cause, row.change_pct, row.lo_pct,
			row.hi_pct, row.p, row.q);
}

static void test_verdicts(void)
{
	struct compare_row row;

	is_verdict(compare_one("monotonic", FS_LOWER, 1.0, 12, 0), COMPARE_SAME, COMPARE_INSIDE, "equal runs");
	is_verdict(compare_one("monotonic", FS_LOWER, 1.1, 12, 0), COMPARE_SLOWER, COMPARE_BEYOND, "+10 % of a latency");
	is_verdict(compare_one("monotonic", FS_LOWER, 0.9, 12, 0), COMPARE_FASTER, COMPARE_BEYOND, "-10 % of a latency");
	is_verdict(compare_one("monotonic", FS_HIGHER, 1.1, 12, 0), COMPARE_FASTER, COMPARE_BEYOND, "+10 % of a bandwidth");
	is_verdict(compare_one("monotonic", FS_HIGHER, 0.9, 12, 0), COMPARE_SLOWER, COMPARE_BEYOND, "-10 % of a bandwidth");
	is_verdict(compare_one("monotonic", FS_LOWER, 1.005, 12, 0), COMPARE_SAME, COMPARE_INSIDE, "+0.5 % at a margin of 1 %");
	is_verdict(compare_one("monotonic", FS_LOWER, 1.01, 12, 0), COMPARE_UNDECIDED, COMPARE_ACROSS, "+1 % at a margin of 1 %");
	is_verdict(compare_one("monotonic", FS_LOWER, 1.01, 12, 0.3), COMPARE_SLOWER, COMPARE_BEYOND, "+1 % at a margin of 0.3 %");
	is_verdict(compare_one("instructions", FS_LOWER, 1.01, 12, 0), COMPARE_SLOWER, COMPARE_BEYOND, "+1 % of instructions");
	is_verdict(compare_one("monotonic", FS_EXACT, 1.1, 12, 0), COMPARE_CHANGED, COMPARE_BEYOND, "an exact count that varies, +10 %");
	row = compare_one("monotonic", FS_LOWER, 1.1, 9, 0);
	is_verdict(row, COMPARE_SUSPECT, COMPARE_FEW, "+10 % in 9 rounds");
	is_near(row.more_rounds, 1, 0, "one more is needed");
	row = compare_one("monotonic", FS_LOWER, 1.1, 12, 0);
	is_near(row.change_pct, 10, 1e-9, "the change is that of the values");
	ok(row.lo_pct < 10 && row.hi_pct > 10 && row.tested, "inside of its interval");
	is_near(row.delta, 1, 0, "every new value is above every old one");
	is_near(row.p, 2 / 2704156.0, 1e-12, "p is that of 2 of the C(24, 12) ways");
	is_near(row.q, row.p, 0, "q is p where nothing else was tested");
	row = compare_one("monotonic", FS_LOWER, 1.007, 12, 0);
	ok(row.cause == COMPARE_ACROSS && row.more_rounds >= 1 && row.more_rounds < 12,
		"an interval just across the margin takes a few rounds more: %g", row.more_rounds);
}

static void test_exact(void)
{
	static struct fake base, new;
	struct summary_row *before, *after;
	struct comparison comparison;

	fake_begin(&base, "monotonic");
	fake_begin(&new, "monotonic");
	before = fake_metric(&base, fake_cell(&base, "b", "1M"), "faults", FS_EXACT, 1.0, 3);
	after = fake_metric(&new, fake_cell(&new, "b", "1M"), "faults", FS_EXACT, 1.0, 3);
	fake_constant(before, 1000000);
	fake_constant(after, 1000000);
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_verdict(comparison.rows[0], COMPARE_SAME, COMPARE_EQUAL, "equal counts, of 3 rounds only");
	ok(comparison.rows[0].has_change && comparison.rows[0].change_pct == 0.0, "changed by 0 %%");
	compare_free(&comparison);
	fake_constant(after, 1000001);
	compare_make(&base.summary, &new.summary, 50, &comparison);
	is_verdict(comparison.rows[0], COMPARE_CHANGED, COMPARE_DIFFERENT, "one fault of a million more, whatever the margin");
	is_int((long long)comparison.tested, 0, "is no test");
	is_near(comparison.rows[0].change_pct, 0.0001, 1e-12, "and is 1e-4 %%");
	compare_free(&comparison);
	fake_constant(before, 0);
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_verdict(comparison.rows[0], COMPARE_CHANGED, COMPARE_DIFFERENT, "from no fault to a million");
	ok(!comparison.rows[0].has_change, "is a change without a percentage");
	compare_free(&comparison);
	fake_constant(after, 0);
	compare_make(&base.summary, &new.summary, 0, &comparison);
	ok(comparison.rows[0].verdict == COMPARE_SAME && comparison.rows[0].has_change, "none and none are the same, by 0 %%");
	compare_free(&comparison);
	fake_constant(before, 1000000);
	fake_constant(after, 1000001);
	before->better = after->better = FS_LOWER;
	fake_constant(before, 0);
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_verdict(comparison.rows[0], COMPARE_UNDECIDED, COMPARE_NO_SCALE, "from 0 there is no percentage");
	compare_free(&comparison);
}

/* Values of 0 and below have no logarithm. */
static void test_difference(void)
{
	static struct fake base, new;
	struct comparison comparison;

	fake_begin(&base, "monotonic");
	fake_begin(&new, "monotonic");
	fake_metric(&base, fake_cell(&base, "b", "1M"), "m", FS_LOWER, -1.0, 12);
	fake_metric(&new, fake_cell(&new, "b", "1M"), "m", FS_LOWER, -0.9, 12);
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_verdict(comparison.rows[0], COMPARE_SLOWER, COMPARE_BEYOND, "from -100 to -90");
	is_near(comparison.rows[0].change_pct, 10, 0.2, "is 10 %% of the base more");
	ok(comparison.rows[0].lo_pct > 9 && comparison.rows[0].lo_pct < 10 && comparison.rows[0].hi_pct > 10 && comparison.rows[0].hi_pct < 11,
		"within 9 to 11 %%");
	compare_free(&comparison);
}

/* One change among many tests has to stand out more. */
static void test_family(void)
{
	static struct fake base, new;
	struct comparison comparison;
	struct compare_row *row;

	fake_begin(&base, "monotonic");
	fake_begin(&new, "monotonic");
	for (size_t c = 0; c < CELLS; c++) {
		static const char *const names[CELLS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

		fake_metric(&base, fake_cell(&base, names[c], "1M"), "m", FS_LOWER, 1.0, 12);
		fake_metric(&new, fake_cell(&new, names[c], "1M"), "m", FS_LOWER, c ? 1.0 : 1.1, 12);
	}
	compare_make(&base.summary, &new.summary, 0, &comparison);
	row = &comparison.rows[0];
	is_int((long long)comparison.tested, CELLS, "all are one family");
	is_near(row->q, row->p * CELLS, 1e-15, "the one that changed is corrected for all tests");
	is_verdict(*row, COMPARE_SLOWER, COMPARE_BEYOND, "and stands out");
	is_int((long long)comparison.verdicts[COMPARE_SAME], CELLS - 1, "the others are the same");
	is_int(compare_verdict_of(&comparison), COMPARE_SLOWER, "all of it is slower");
	compare_free(&comparison);
}

static void test_matching(void)
{
	static struct fake base, new;
	struct comparison comparison;
	struct runfile_cell *cell;
	struct summary_row *row;

	fake_begin(&base, "monotonic");
	fake_begin(&new, "monotonic");
	cell = fake_cell(&base, "one", "4K");
	fake_metric(&base, cell, "m", FS_LOWER, 1.0, 12);
	fake_metric(&base, cell, "gone", FS_LOWER, 1.0, 12);
	fake_metric(&base, fake_cell(&base, "two", "1M"), "m", FS_LOWER, 1.0, 12);
	fake_metric(&base, fake_cell(&base, "three", "1M"), "m", FS_LOWER, 1.0, 12);
	fake_metric(&base, fake_cell(&base, "four", "1M"), "m", FS_LOWER, 1.0, 12);

	/* the other order, another way to write 4K, another size, a skip, another unit */
	row = fake_metric(&new, fake_cell(&new, "three", "1M"), "m", FS_LOWER, 1.0, 0);
	row->metric = NULL;
	row->verdict = VERDICT_SKIP;
	row->why = "no device";
	fake_metric(&new, fake_cell(&new, "two", "2M"), "m", FS_LOWER, 1.0, 12);
	fake_metric(&new, fake_cell(&new, "four", "1M"), "m", FS_LOWER, 1.0, 12)->unit = "insn";
	cell = fake_cell(&new, "one", "4096");
	fake_metric(&new, cell, "m", FS_LOWER, 1.0, 12);
	fake_metric(&new, cell, "fresh", FS_LOWER, 1.0, 12);

	is_int(compare_make(&base.summary, &new.summary, 0, &comparison), 0, "two runs that share little");
	is_int((long long)comparison.n, 1, "one metric is in both");
	is_str(comparison.rows[0].base->cell->bench, "one", "that of the cell whose size is 4K here and 4096 there");
	is_int((long long)comparison.n_alone, 6, "six are not");
	is_str(comparison.alone[0].row->metric, "gone", "a metric that is gone");
	is_str(comparison.alone[0].why, "no such metric", "is no more");
	is_str(comparison.alone[1].row->metric, "fresh", "a new metric");
	ok(!comparison.alone[1].in_base && !comparison.alone[1].whole, "is in the new run only");
	is_str(comparison.alone[2].why, "no such cell", "another size is another cell");
	is_str(comparison.alone[3].why, "skip", "a cell that was skipped");
	is_str(comparison.alone[3].detail, "no device", "says why");
	is_str(comparison.alone[4].why, "different unit", "ns and instructions are not compared");
	is_str(comparison.alone[5].row->cell->bench, "two", "the new cell comes last");
	ok(comparison.alone[5].whole && !comparison.alone[5].in_base, "as one of the new run");
	is_int((long long)compare_missing(&comparison), 4, "four things of the base are missing");
	compare_free(&comparison);
}

/* A plan may name a cell twice: the first belongs to the first. */
static void test_duplicates(void)
{
	static struct fake base, new;
	struct comparison comparison;

	fake_begin(&base, "monotonic");
	fake_begin(&new, "monotonic");
	for (int i = 0; i < 3; i++)
		fake_metric(&base, fake_cell(&base, "b", "1M"), "m", FS_LOWER, 1.0 + i, 12);
	for (int i = 0; i < 2; i++)
		fake_metric(&new, fake_cell(&new, "b", "1M"), "m", FS_LOWER, 1.0 + i, 12);
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_int((long long)comparison.verdicts[COMPARE_SAME], 2, "duplicates are matched in their order");
	is_int((long long)comparison.n_alone, 1, "and the third has none");
	compare_free(&comparison);
}

/* Every new value is above every old one; but the new run went up by more than that in its course. */
static void test_drift(void)
{
	static struct fake base, new;
	struct comparison comparison;
	struct summary_row *row;

	fake_begin(&base, "monotonic");
	fake_begin(&new, "monotonic");
	fake_metric(&base, fake_cell(&base, "b", "1M"), "m", FS_LOWER, 1.0, 12);
	row = fake_metric(&new, fake_cell(&new, "b", "1M"), "m", FS_LOWER, 1.05, 12);
	for (size_t i = 6; i < 12; i++)
		row->values[i] *= 1.3;
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_verdict(comparison.rows[0], COMPARE_SUSPECT, COMPARE_DRIFT, "a run that drifts by 30 %");
	ok(comparison.rows[0].drift_pct > 29 && comparison.rows[0].drift_pct < 31, "is said to");
	compare_free(&comparison);
	for (size_t i = 0; i < 12; i++)
		row->values[i] *= 2;
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_verdict(comparison.rows[0], COMPARE_SLOWER, COMPARE_BEYOND, "twice as much is beyond the drift");
	compare_free(&comparison);
}

static void test_histograms(void)
{
	static struct fake base, new;
	struct comparison comparison;
	struct summary_row *rows[2];

	fake_begin(&base, "instructions");
	fake_begin(&new, "instructions");
	rows[0] = fake_metric(&base, fake_cell(&base, "b", "1M"), "m", FS_LOWER, 1.0, 12);
	rows[1] = fake_metric(&new, fake_cell(&new, "b", "1M"), "m", FS_LOWER, 1.01, 12);
	for (int i = 0; i < 2; i++) {
		rows[i]->histogram = true;
		rows[i]->metric = (char *)"m_p50";
	}
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_near(comparison.rows[0].margin_pct, COMPARE_MARGIN_HISTOGRAM_PCT, 0, "a histogram's margin is a bucket at least");
	compare_free(&comparison);
	for (int i = 0; i < 2; i++)
		rows[i]->metric = (char *)"m_max";
	compare_make(&base.summary, &new.summary, 0, &comparison);
	is_int((long long)(comparison.n + comparison.n_alone), 0, "its largest entry is not compared");
	compare_free(&comparison);
}

static json_t *header_with_units(const char *units)
{
	return json_pack("{s:{s:{s:s}, s:{s:s}}, s:[{s:s, s:o}]}", "machine", "identity", "zip", "1", "factors", "kernel", "6.1", "devices", "name",
		"gpu", "units", json_loads(units, 0, NULL));
}

/* The same device of the same machine may be another piece of hardware. */
static void test_unlike_units(void)
{
	struct runfile base = {0}, new = {0};
	struct unlike unlike;

	base.header = header_with_units("[{\"unit\":0,\"name\":\"a\",\"driver\":\"1\"},{\"unit\":1,\"name\":\"b\",\"driver\":\"1\"}]");
	new.header = header_with_units("[{\"unit\":0,\"name\":\"c\",\"driver\":\"1\"},{\"unit\":1,\"name\":\"b\",\"driver\":\"2\"},"
				       "{\"unit\":2,\"name\":\"d\",\"driver\":\"2\"}]");
	is_int(unlike_find(&base, &new, &unlike), 0, "two runs of a device with units");
	is_int((long long)unlike.n, 2, "differ in the units that both used");
	is_str(unlike.fields[0].name, "gpu.unit0", "the first is other hardware");
	is_str(unlike.fields[0].new, "c", "by its name");
	ok(unlike.fields[0].kind == UNLIKE_IDENTITY, "which makes it unlike");
	is_str(unlike.fields[1].name, "gpu.unit1.driver", "the second has another driver");
	ok(unlike.fields[1].kind == UNLIKE_FACTOR, "which is a factor");
	ok(unlike_allow(&unlike, &base, &new, "gpu.unit0"), "other hardware may be allowed");
	is_int((long long)unlike_count(&unlike, UNLIKE_IDENTITY), 0, "and then nothing is unlike");
	unlike_free(&unlike);
	json_decref(base.header);
	json_decref(new.header);
}

static void test_unlike(void)
{
	struct runfile base = {0}, new = {0};
	struct unlike unlike;

	base.header = json_loads("{\"build\":{\"commit\":\"a\"},\"machine\":{\"identity\":{\"cpu\":\"x\",\"cpus\":2,\"nodes\":[{\"node\":0}]},"
				 "\"factors\":{\"kernel\":\"6.1\"},\"state\":{\"load\":\"1\",\"thp\":\"always\"}}}",
		0, NULL);
	new.header = json_loads(
		"{\"build\":{\"commit\":\"b\"},\"machine\":{\"identity\":{\"cpu\":\"x\",\"cpus\":4.0,\"nodes\":[{\"node\":1}],\"guest\":true},"
		"\"factors\":{\"kernel\":\"6.1\"},\"state\":{\"load\":\"2\",\"thp\":\"never\"}}}",
		0, NULL);
	is_int(unlike_find(&base, &new, &unlike), 0, "two machines");
	is_int((long long)unlike_count(&unlike, UNLIKE_IDENTITY), 3, "differ in three of their identity");
	is_str(unlike.fields[0].name, "cpus", "the number of CPUs");
	is_str(unlike.fields[1].name, "guest", "a field that one has");
	is_str(unlike.fields[1].base, "-", "and the other has not");
	is_str(unlike.fields[2].new, "[{\"node\":1}]", "what is no text is JSON");
	is_str(unlike.fields[3].name, "build.commit", "the build is a factor");
	is_int((long long)unlike.n, 5, "load is no difference, huge pages are");
	ok(unlike_allow(&unlike, &base, &new, "cpus"), "CPUs may differ");
	ok(unlike_allow(&unlike, &base, &new, "cpu"), "what does not differ may as well");
	ok(!unlike_allow(&unlike, &base, &new, "kernel"), "a factor is no identity");
	is_int((long long)unlike_count(&unlike, UNLIKE_IDENTITY), 2, "two are left");
	unlike_free(&unlike);
	is_int(unlike_find(&base, &base, &unlike), 0, "a machine and itself");
	is_int((long long)unlike.n, 0, "do not differ");
	unlike_free(&unlike);
	json_decref(base.header);
	json_decref(new.header);
}

int main(void)
{
	test_verdicts();
	test_exact();
	test_difference();
	test_family();
	test_matching();
	test_duplicates();
	test_drift();
	test_histograms();
	test_unlike();
	test_unlike_units();
	done_testing();
	return exit_status();
}
