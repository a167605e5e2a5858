/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format.c - numbers as they are shown: units, digits and intervals at each of their edges, and numbers as they are read.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "tests/tap.h"

static void shows(double value, const char *unit, const char *wanted)
{
	char text[FORMAT_VALUE];

	format_value(value, unit, text);
	is_str(text, wanted, "%.17g of %s", value, unit);
}

static void test_values(void)
{
	shows(0, "ns", "0.00 ns");
	shows(0.5, "ns", "0.500 ns");
	shows(1, "ns", "1.00 ns");
	shows(9.994, "ns", "9.99 ns");
	shows(9.996, "ns", "10.0 ns");
	shows(99.94, "ns", "99.9 ns");
	shows(99.96, "ns", "100 ns");
	shows(0.9996, "ratio", "1.00 ratio");
	shows(0.09994, "ratio", "0.0999 ratio");
	shows(12.34, "ns", "12.3 ns");
	shows(999.4, "ns", "999 ns");
	shows(999.5, "ns", "1.00 us");
	shows(-999.4, "ns", "-999 ns");
	shows(-4610, "ns", "-4.61 us");
	shows(123456, "ns", "123 us");
	shows(999.4e3, "ns", "999 us");
	shows(999.5e3, "ns", "1.00 ms");
	shows(999.4e6, "ns", "999 ms");
	shows(999.5e6, "ns", "1.00 s");
	shows(12345e9, "ns", "12345 s");
	shows(15.84, "GB/s", "15.8 GB/s");
	shows(4096, "GB/s", "4096 GB/s");
	shows(1.25, "ratio", "1.25 ratio");
	shows(4096, "faults", "4096 faults");
	shows(0, "faults", "0 faults");
	shows(2.5, "faults", "2.500 faults");
	shows(12.34567, "%", "12.35 %");
	shows(1e14, "insn", "100000000000000 insn");
	shows(2e15, "insn", "2000000000000000 insn");
	shows(1e-12, "ratio", "0.000000000 ratio");
	shows(1, "a unit of more letters than there is room for in any cell", "1 a unit of more letters than there is ...");
}

static void is_short(double value, const char *unit, const char *wanted)
{
	char text[FORMAT_VALUE];

	format_short(value, unit, text);
	is_str(text, wanted, "%.17g of %s, where space is short", value, unit);
}

static void test_short(void)
{
	is_short(99999, "insn", "99999 insn");
	is_short(100000, "insn", "100 k insn");
	is_short(-250000, "insn", "-250 k insn");
	is_short(999.4e3, "insn", "999 k insn");
	is_short(999.5e3, "insn", "1.00 M insn");
	is_short(12.5e6, "insn", "12.5 M insn");
	is_short(999.5e6, "insn", "1.00 G insn");
	is_short(1e12, "insn", "1.00 T insn");
	is_short(1e16, "insn", "10000 T insn");
	is_short(1e7, "ns", "10.0 ms");
	is_short(1e7, "GB/s", "10000000 GB/s");
}

static void is_interval(double median, double lo, double hi, const char *unit, const char *wanted, const char *wanted_range)
{
	const struct statistics_interval interval = {.median = median, .lo = lo, .hi = hi, .has_interval = lo <= hi};
	char text[FORMAT_VALUE], range[FORMAT_VALUE];

	format_interval(&interval, unit, text, range);
	is_str(text, wanted, "the median of %g [%g, %g] %s", median, lo, hi, unit);
	is_str(range, wanted_range, "its interval");
}

static void test_intervals(void)
{
	is_interval(4610, 4550, 4700, "ns", "4.61 us", "[4.55, 4.70]");
	is_interval(4610, 1, 0, "ns", "4.61 us", "-");
	/* the scale is the median's */
	is_interval(1000, 900, 1100, "ns", "1.00 us", "[0.90, 1.10]");
	/* one digit more where the interval is less than two of the last one, and wider than nothing */
	is_interval(4610, 4601, 4619, "ns", "4.610 us", "[4.601, 4.619]");
	is_interval(4610, 4600, 4621, "ns", "4.61 us", "[4.60, 4.62]");
	is_interval(4610, 4610, 4610, "ns", "4.61 us", "[4.61, 4.61]");
	is_interval(512, 511, 513, "ns", "512 ns", "[511, 513]");
	is_interval(512, 511.5, 513, "ns", "512.0 ns", "[511.5, 513.0]");
	/* but never more than four */
	is_interval(0.0512, 0.05119, 0.05121, "ratio", "0.0512 ratio", "[0.0512, 0.0512]");
	is_interval(0.512, 0.5119, 0.5121, "ratio", "0.5120 ratio", "[0.5119, 0.5121]");
	is_interval(4096, 4000, 4100.5, "faults", "4096 faults", "[4000, 4100]");
	is_interval(4096, 1, 0, "faults", "4096 faults", "-");
	is_interval(2.5, 2, 3.25, "faults", "2.500 faults", "[2, 3.250]");
}

static void is_fixed(double value, int decimals, bool sign, const char *wanted)
{
	char text[FORMAT_FIXED];

	is_str(format_fixed(value, decimals, sign, text), wanted, "%g with %d decimals%s", value, decimals, sign ? " and a sign" : "");
}

/* None is cut: the first digits of a long number are another number. */
static void test_large(void)
{
	char text[FORMAT_VALUE];

	is_fixed(2.5, 2, true, "+2.50");
	is_fixed(-2.5, 1, false, "-2.5");
	is_fixed(2.5, -1, false, "2");
	is_fixed(1, 99, false, "1.000000000000");
	is_fixed(-999999999999999.9, 12, true, "-999999999999999.875000000000");
	is_fixed(1e17, 2, false, "100000000000000000.00");
	is_fixed(1e18, 2, false, "1e+18");
	is_fixed(-1.7976931348623157e308, 2, true, "-1.8e+308");
	format_value(1e300, "insn", text);
	is_str(text, "1e+300 insn", "a value of 301 digits");
	format_short(1e300, "insn", text);
	is_str(text, "1e+288 T insn", "and where space is short");
	is_interval(1e300, 1e299, 1.5e300, "GB/s", "1e+300 GB/s", "[1e+299, 1.5e+300]");
	format_value(NAN, "ns", text);
	is_str(text, "-", "a time that is no number");
	format_short(INFINITY, "insn", text);
	is_str(text, "-", "a count that is none, where space is short");
	is_interval(NAN, 1, 0, "ns", "-", "-");
	is_interval(1e300, 1e299, 1.5e300, "insn", "1e+300 insn", "[1e+299, 1.5e+300]");
}

static void test_exact(void)
{
	static const double values[] = {0, 0.1, 1.0 / 3, 1e300, 123456789.25, -2.5e-7, 0.1 + 0.2};
	static const char *const texts[] = {"0", "0.1", "0.3333333333333333", "1e+300", "123456789.25", "-2.5e-07", "0.30000000000000004"};
	char text[FORMAT_VALUE];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		format_exact(values[i], text);
		is_str(text, texts[i], "the shortest text that is exactly %.3g", values[i]);
	}
}

static void reads(const char *text, bool is, double wanted)
{
	double value;
	bool got = format_number(text, &value);

	ok(got == is && (!is || value == wanted), "\"%s\" is %s", text, is ? "a number" : "none");
}

static void test_numbers(void)
{
	reads("4096", true, 4096);
	reads("4K", true, 4096);
	reads("1.5M", true, 1.5 * 1048576);
	reads("2G", true, 2147483648.0);
	reads("1T", true, 1099511627776.0);
	reads("-3", true, -3);
	reads("", false, 0);
	reads("K", false, 0);
	reads("4Kb", false, 0);
	reads("4P", false, 0);
	reads("4 ", false, 0);
	reads("inf", false, 0);
	reads("nan", false, 0);
	reads("pin", false, 0);
}

static void test_cells(void)
{
	static struct runfile_text params[] = {
		{.name = "size", .text = "64M", .set = true}, {.name = "seed", .text = "1"}, {.name = "granule", .text = "4K", .set = true}};
	struct runfile_cell cell = {.bench = "triad", .setup = "hmm", .device = "emu", .params = params, .n_params = 3};
	struct text text = {0};
	char *whole;

	format_cell(&cell, &text);
	is_str(text_string(&text), "triad hmm emu size=64M granule=4K", "a cell has the parameters that were set");
	text_clear(&text);
	format_params_add(&cell, true, "(", &text);
	is_str(text_string(&text), "(size=64M seed=1 granule=4K", "or all of them, after what is before the first");
	text_clear(&text);
	whole = format_params_whole(&cell, false);
	is_str(whole, "size=64M granule=4K", "or those alone");
	free(whole);
	cell.n_params = 0;
	format_cell(&cell, &text);
	is_str(text_string(&text), "triad hmm emu", "or none");
	text_clear(&text);
}

int main(void)
{
	test_values();
	test_short();
	test_intervals();
	test_large();
	test_exact();
	test_numbers();
	test_cells();
	done_testing();
	return exit_status();
}
