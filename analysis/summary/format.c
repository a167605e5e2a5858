/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format.c - formats numbers and cells for people; see format.h.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"

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

/* The number of decimals that gives value that many significant digits; digits before the point are never dropped. */
static int choose_decimals(double value, int digits)
{
	int before = value == 0.0 ? 1 : (int)floor(log10(fabs(value))) + 1;
	int decimals = digits - before;

	return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

static void print_plain(double value, char text[FORMAT_VALUE])
{
	if (value == rint(value) && fabs(value) < 1e15)
		snprintf(text, FORMAT_VALUE, "%.0f", value);
	else
		snprintf(text, FORMAT_VALUE, "%.*f", choose_decimals(value, 4), value);
}

void format_value(double value, const char *unit, char text[FORMAT_VALUE])
{
	struct scale scale = choose_scale(value, unit);
	char number[FORMAT_VALUE];

	value *= scale.factor;
	if (scale.digits)
		snprintf(number, sizeof(number), "%.*f", choose_decimals(value, scale.digits), value);
	else
		print_plain(value, number);
	snprintf(text, FORMAT_VALUE, "%.31s %.12s", number, scale.unit);
}

void format_short(double value, const char *unit, char text[FORMAT_VALUE])
{
	static const char prefixes[] = {'k', 'M', 'G', 'T'};
	unsigned p = 0;

	if (choose_scale(value, unit).digits != 0 || fabs(value) < 1e5) {
		format_value(value, unit, text);
		return;
	}
	for (value /= 1e3; fabs(value) >= 999.5 && p + 1 < sizeof(prefixes); p++)
		value /= 1e3;
	snprintf(text, FORMAT_VALUE, "%.*f %c %.12s", choose_decimals(value, 3), value, prefixes[p], unit);
}

void format_interval(const struct statistics_interval *interval, const char *unit, char median[FORMAT_VALUE], char range[FORMAT_VALUE])
{
	struct scale scale = choose_scale(interval->median, unit);
	double value = interval->median * scale.factor;
	double lo = interval->lo * scale.factor, hi = interval->hi * scale.factor;
	int decimals = choose_decimals(value, scale.digits);
	char number[2][FORMAT_VALUE];

	strcpy(range, "-");
	if (!scale.digits) {
		format_value(interval->median, unit, median);
		print_plain(lo, number[0]);
		print_plain(hi, number[1]);
		if (interval->has_interval)
			snprintf(range, FORMAT_VALUE, "[%.20s, %.20s]", number[0], number[1]);
		return;
	}
	/* one more digit if the interval would otherwise look like a point */
	if (interval->has_interval && hi > lo && hi - lo < 2.0 * pow(10, -decimals) && decimals < 4)
		decimals++;
	snprintf(median, FORMAT_VALUE, "%.*f %.12s", decimals, value, scale.unit);
	if (interval->has_interval)
		snprintf(range, FORMAT_VALUE, "[%.*f, %.*f]", decimals, lo, decimals, hi);
}

void format_exact(double value, char text[FORMAT_VALUE])
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, FORMAT_VALUE, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			return;
	}
}

void format_mark_cut(char *text, size_t bytes, size_t wanted)
{
	static const char mark[] = "...";
	size_t end;

	if (wanted < bytes || bytes < sizeof(mark))
		return;
	end = bytes - sizeof(mark);
	/* not within a character of UTF-8 */
	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	memcpy(text + end, mark, sizeof(mark));
}

void format_params(const struct runfile_cell *cell, bool all, char *text, size_t bytes)
{
	size_t used = 0;

	*text = '\0';
	for (size_t p = 0; p < cell->n_params && used < bytes; p++)
		if (all || cell->params[p].set)
			used += (size_t)snprintf(text + used, bytes - used, "%s%s=%s", used ? " " : "", cell->params[p].name, cell->params[p].text);
	format_mark_cut(text, bytes, used);
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

char *format_params_whole(const struct runfile_cell *cell, bool all)
{
	struct text text = {0};

	format_params_add(cell, all, "", &text);
	return text_take(&text);
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
