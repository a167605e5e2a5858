/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas: values computed by hand, precedence, and everything that is no formula, by where it stops being one.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/formula.h"
#include "tests/tap.h"

static int value_of(void *arg, const char *name, double *value, struct fs_reason *why)
{
	(void)arg;
	if (strcmp(name, "faults") == 0)
		*value = 12;
	else if (strcmp(name, "bytes") == 0)
		*value = 1048576;
	else if (strcmp(name, "none") == 0)
		*value = 0;
	else
		return fs_because(why, -ENODATA, "get it", "perf.%s is absent", name);
	return 0;
}

static void check_value(const char *text, double want)
{
	struct formula formula;
	struct fs_reason why = {0};
	double value = NAN;

	if (formula_parse(text, &formula, &why) != 0)
		ok(false, "%s: %s", text, why.what);
	else if (formula_value(&formula, value_of, NULL, &value, &why) != 0)
		ok(false, "%s: %s", text, why.what);
	else
		is_near(value, want, 1e-12 * fabs(want), "%s", text);
}

static void check_absent(const char *text, const char *part)
{
	struct formula formula;
	struct fs_reason why = {0};
	double value = 77;

	if (formula_parse(text, &formula, &why) != 0) {
		ok(false, "%s: %s", text, why.what);
		return;
	}
	is_int(formula_value(&formula, value_of, NULL, &value, &why), -ENODATA, "%s: is absent", text);
	ok(strstr(why.what, part) != NULL, "%s: since %s (%s)", text, part, why.what);
	ok(value == 77, "%s: and gives no number", text);
}

static void check_wrong(const char *text, const char *part)
{
	struct formula formula;
	struct fs_reason why = {0};

	is_int(formula_parse(text, &formula, &why), -EINVAL, "'%.40s' is no formula", text);
	ok(strstr(why.what, part) != NULL, "'%.40s': says '%s': %s", text, part, why.what);
}

int main(void)
{
	char deep[64] = "", many[256] = "1";

	check_value("12", 12);
	check_value(" faults ", 12);
	check_value("faults/(bytes/1048576)", 12);
	check_value("1+2*3", 7);
	check_value("(1+2)*3", 9);
	check_value("10-4-3", 3);
	check_value("100/10/5", 2);
	check_value("2*3/4*5", 7.5);
	check_value("1-2*3+4/8", -4.5);
	check_value("-faults", -12);
	check_value("2*-3", -6);
	check_value("--3", 3);
	check_value("-(1+2)*-faults", 36);
	check_value("1e3 + .5", 1000.5);
	check_value("none*faults", 0);
	check_absent("faults/none", "division by zero");
	check_absent("faults/(bytes-bytes)", "division by zero");
	check_absent("migrations*0", "perf.migrations is absent");
	check_absent("1+migrations/faults", "perf.migrations is absent");
	check_absent("1e308*10", "finite");
	check_wrong("", "ends where a number");
	check_wrong("1+", "ends where a number");
	check_wrong("1 2", "column 3");
	check_wrong("faults faults", "an operator or the end");
	check_wrong("(1", "closing bracket");
	check_wrong("1)", "column 2");
	check_wrong("*1", "column 1");
	check_wrong("1**2", "column 3");
	check_wrong("a.b", "column 2");
	check_wrong("perf:page-faults", "column 5");
	check_wrong("1e999", "a number");
	check_wrong("a_name_that_is_longer_than_any_that_is_taken", "shorter name");
	for (int i = 0; i < 20; i++)
		strcat(deep, "(");
	check_wrong(deep, "brackets more than");
	for (int i = 0; i < 40; i++)
		strcat(many, "+1");
	check_wrong(many, "terms");
	done_testing();
	return exit_status();
}
