/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * formula.c - a formula of a group of counters: parsed, and its value with names that are numbers, and some that are absent.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/formula.h"
#include "tests/fuzz/targets.h"

static int value_of(void *arg, const char *name, double *value, struct fs_reason *why)
{
	(void)arg;
	*value = (double)strlen(name) - 1;
	return name[0] != 'a' ? 0 : fs_because(why, -ENODATA, "", "absent");
}

void fuzz_formula(const uint8_t *data, size_t bytes)
{
	struct formula *formula = calloc(1, sizeof(*formula));
	char *text = fuzz_text(data, bytes);
	struct fs_reason why = {0};
	int err = formula == NULL ? -ENOMEM : formula_parse(text, formula, &why);
	double value;

	if (err == 0)
		err = formula_value(formula, value_of, NULL, &value, &why);
	fuzz_refused(err, &why);
	free(text);
	free(formula);
}
