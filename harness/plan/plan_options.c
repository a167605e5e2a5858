/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_options.c - options of a plan or the command line: how long and how precisely to measure.
 */
#include "config.h"

#include "harness/plan/plan.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"

static int option_number(const char *name, const char *value, double min, double max, double *number, struct fs_reason *why)
{
	char *end;

	*number = strtod(value, &end);
	if (end == value || *end != '\0' || !(*number >= min && *number <= max))
		return fs_because(why, -EINVAL, "", "%s=%s: expected a number from %g to %g", name, value, min, max);
	return 0;
}

/* The number of rounds; the last option wins. rounds=N alone means exactly N, followed by max-rounds=M it means N to M. */
static int option_rounds(struct plan_options *options, const char *name, const char *value, struct fs_reason *why)
{
	double number = 0;
	int err = option_number(name, value, 1, PLAN_ROUNDS_MAX, &number, why);

	if (err == 0 && number != floor(number))
		err = fs_because(why, -EINVAL, "", "%s=%s: expected a whole number", name, value);
	if (err != 0)
		return err;
	options->rounds_max = (unsigned)number;
	if (strcmp(name, "rounds") == 0 || options->rounds_min > options->rounds_max)
		options->rounds_min = options->rounds_max;
	return 0;
}

static int option_duration(const char *name, const char *value, double *seconds, struct fs_reason *why)
{
	if (duration_parse(value, seconds) == 0)
		return 0;
	return fs_because(
		why, -EINVAL, "", "%s=%s: expected a duration such as 90s, 8m or 1h30m, up to %.0f days", name, value, DURATION_MAX_S / 86400);
}

int plan_option(struct plan_options *options, const char *name, const char *value, struct fs_reason *why)
{
	double number = 0;
	int err = 0;

	if (strcmp(name, "rounds") == 0 || strcmp(name, "max-rounds") == 0) {
		err = option_rounds(options, name, value, why);
	} else if (strcmp(name, "precision") == 0) {
		err = option_number(name, value, 0, 100, &number, why);
		if (err == 0)
			options->precision_pct = number;
	} else if (strcmp(name, "time-limit") == 0) {
		err = option_duration(name, value, &options->time_limit_s, why);
	} else if (strcmp(name, "cell-time") == 0) {
		err = option_duration(name, value, &options->cell_time_s, why);
	} else if (strcmp(name, "timeout") == 0) {
		err = option_duration(name, value, &options->timeout_s, why);
	} else if (strcmp(name, "inject") == 0) {
		err = option_number(name, value, 0, PLAN_INJECT_MAX_NS, &options->inject_ns, why);
	} else if (strcmp(name, "counters") == 0) {
		if (text_bad_byte(value) >= 0)
			err = fs_because(why, -EINVAL, "", "counters=%s: byte %ld is not UTF-8", value, text_bad_byte(value) + 1);
		else if (snprintf(options->counters, sizeof(options->counters), "%s", value) >= (int)sizeof(options->counters))
			err = fs_because(why, -EINVAL, "use a group", "counters=%s...: longer than %d characters", value, SELECTION_TEXT - 1);
	} else {
		err = fs_because(why, -EINVAL, "options are rounds, max-rounds, cell-time, precision, time-limit, timeout and counters",
			"unknown option %s", name);
	}
	return err;
}
