/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format.c - formats numbers and cells for display; see format.h.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "base/cpu_name.h"

struct scale {
	double factor; /* from the recorded unit to the unit shown */
	const char *unit;
	int digits; /* significant digits; 0: all */
};

static struct scale choose_scale(double value, const char *unit)
{
	static const struct scale times[] = {{1, "ns", 3}, {1e-3, "us", 3}, {1e-6, "ms", 3}, {1e-9, "s", 3}};
	double size = fabs(value);

	if (strcmp(unit, "ns") == 0)
		return times[size < 999.5 ? 0 : size < 999.5e3 ? 1 : size < 999.5e6 ? 2 : 3];
	if (strchr(unit, '/') != NULL || strcmp(unit, "ratio") == 0)
		return (struct scale){1, unit, 3};
	return (struct scale){1, unit, 0};
}

/* The number of decimals that gives value that many significant digits; digits before the point are never dropped. 0 for what is no number. */
static int choose_decimals(double value, int digits)
{
	int before = !isfinite(value) ? digits : value == 0.0 ? 1 : (int)floor(log10(fabs(value))) + 1;
	int decimals = digits - before;

	/* what is rounded up to another digit before the point needs one less behind it: 9.996 is 10.0 */
	if (decimals > 0 && fabs(value) * pow(10, decimals) >= (pow(10, digits) - 0.5) * (1.0 - 1e-12))
		decimals--;
	return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

char *format_fixed(double value, int decimals, bool sign, char text[FORMAT_FIXED])
{
	decimals = decimals < 0 ? 0 : decimals > 12 ? 12 : decimals;
	if (fabs(value) < 1e18)
		snprintf(text, FORMAT_FIXED, sign ? "%+.*f" : "%.*f", decimals, value); /* cut: it has at most 33 bytes */
	else
		snprintf(text, FORMAT_FIXED, sign ? "%+.3g" : "%.3g", value);
	return text;
}

static void print_plain(double value, char text[FORMAT_FIXED])
{
	format_fixed(value, value == rint(value) ? 0 : choose_decimals(value, 4), false, text);
}

void format_value(double value, const char *unit, char text[FORMAT_VALUE])
{
	struct scale scale = choose_scale(value, unit);
	char number[FORMAT_FIXED], shown[FORMAT_UNIT];

	if (!isfinite(value)) {
		strcpy(text, "-");
		return;
	}
	value *= scale.factor;
	if (scale.digits)
		format_fixed(value, choose_decimals(value, scale.digits), false, number);
	else
		print_plain(value, number);
	text_fit(shown, sizeof(shown), "%s", scale.unit);
	text_fit(text, FORMAT_VALUE, "%s %s", number, shown);
}

void format_short(double value, const char *unit, char text[FORMAT_VALUE])
{
	static const char prefixes[] = {'k', 'M', 'G', 'T'};
	char number[FORMAT_FIXED], shown[FORMAT_UNIT];
	unsigned p = 0;

	if (choose_scale(value, unit).digits != 0 || !(fabs(value) >= 1e5) || !isfinite(value)) {
		format_value(value, unit, text);
		return;
	}
	for (value /= 1e3; fabs(value) >= 999.5 && p + 1 < sizeof(prefixes); p++)
		value /= 1e3;
	text_fit(shown, sizeof(shown), "%s", unit);
	text_fit(text, FORMAT_VALUE, "%s %c %s", format_fixed(value, choose_decimals(value, 3), false, number), prefixes[p], shown);
}

void format_interval(const struct statistics_interval *interval, const char *unit, char median[FORMAT_VALUE], char range[FORMAT_VALUE])
{
	struct scale scale = choose_scale(interval->median, unit);
	double value = interval->median * scale.factor;
	double lo = interval->lo * scale.factor, hi = interval->hi * scale.factor;
	int decimals = choose_decimals(value, scale.digits);
	char number[2][FORMAT_FIXED], shown[FORMAT_UNIT];

	strcpy(range, "-");
	if (!scale.digits || !isfinite(value)) {
		format_value(interval->median, unit, median);
		print_plain(lo, number[0]);
		print_plain(hi, number[1]);
		if (interval->has_interval)
			text_fit(range, FORMAT_VALUE, "[%s, %s]", number[0], number[1]);
		return;
	}
	/* one more digit if the interval would otherwise look like a point */
	if (interval->has_interval && hi > lo && hi - lo < 2.0 * pow(10, -decimals) && decimals < 4)
		decimals++;
	text_fit(shown, sizeof(shown), "%s", scale.unit);
	text_fit(median, FORMAT_VALUE, "%s %s", format_fixed(value, decimals, false, number[0]), shown);
	if (interval->has_interval)
		text_fit(range, FORMAT_VALUE, "[%s, %s]", format_fixed(lo, decimals, false, number[0]), format_fixed(hi, decimals, false, number[1]));
}

void format_exact(double value, char text[FORMAT_VALUE])
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, FORMAT_VALUE, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			return;
	}
}

void format_params_add(const struct runfile_cell *cell, bool all, const char *before, struct text *text)
{
	for (size_t p = 0; p < cell->n_params; p++) {
		if (!all && !cell->params[p].set)
			continue;
		text_add(text, "%s%s=%s", before, cell->params[p].name, cell->params[p].text);
		before = " ";
	}
}

void format_cell(const struct runfile_cell *cell, struct text *text)
{
	text_add(text, "%s %s %s", cell->bench, cell->setup, cell->device);
	format_params_add(cell, false, " ", text);
}

char *format_params_whole(const struct runfile_cell *cell, bool all)
{
	struct text text = {0};

	format_params_add(cell, all, "", &text);
	return text_take(&text);
}

void format_cpu(const struct runfile *run, char text[FORMAT_CPU])
{
	const json_t *identity = json_object_get(json_object_get(run->header, "machine"), "identity");

	cpu_name(text, FORMAT_CPU, json_string_value(json_object_get(identity, "cpu")),
		json_string_value(json_array_get(json_object_get(identity, "cpu_kinds"), 0)));
}

bool format_number(const char *text, double *value)
{
	static const char suffixes[] = "KMGT";
	const char *suffix;
	char *end;

	*value = strtod(text, &end);
	if (end == text || !isfinite(*value))
		return false;
	if (*end && (suffix = strchr(suffixes, *end)) != NULL) {
		*value = ldexp(*value, 10 * (int)(suffix - suffixes + 1));
		end++;
	}
	return !*end;
}
