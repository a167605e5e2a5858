/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * params.c - parsing of parameter values and sweeps. Every error names the parameter, the text given and what was expected.
 */
#include "config.h"

#include "harness/plan/params.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/inputs.h"

static const char units[] = "KMGTPE";

int bytes_parse(const char *text, uint64_t *bytes)
{
	char *end;
	unsigned shift = 0;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	*bytes = strtoull(text, &end, 10);
	if (errno != 0)
		return -ERANGE;
	if (*end != '\0') {
		const char *unit = strchr(units, toupper((unsigned char)*end));

		if (unit != NULL) {
			shift = 10 * (unit - units + 1);
			end++;
			end += *end == 'i';
		}
		end += *end == 'B';
	}
	if (*end != '\0')
		return -EINVAL;
	if (shift >= 64 || (*bytes << shift) >> shift != *bytes)
		return -ERANGE;
	*bytes <<= shift;
	return 0;
}

void bytes_format(uint64_t bytes, char text[BYTES_TEXT])
{
	int unit = -1;

	while (bytes != 0 && bytes % 1024 == 0 && unit + 1 < (int)sizeof(units) - 1) {
		bytes /= 1024;
		unit++;
	}
	if (unit < 0)
		snprintf(text, BYTES_TEXT, "%llu", (unsigned long long)bytes);
	else
		snprintf(text, BYTES_TEXT, "%llu%c", (unsigned long long)bytes, units[unit]);
}

void param_domain(const struct fs_param *param, char *text, size_t bytes)
{
	char low[BYTES_TEXT], high[BYTES_TEXT];

	switch (param->type) {
	case FS_PARAM_SIZE:
		bytes_format((uint64_t)param->min, low);
		bytes_format((uint64_t)param->max, high);
		snprintf(text, bytes, "a size from %s to %s", low, high);
		break;
	case FS_PARAM_COUNT:
		snprintf(text, bytes, "a whole number from %.0f to %.0f", param->min, param->max);
		break;
	case FS_PARAM_REAL:
		snprintf(text, bytes, "a number from %g to %g", param->min, param->max);
		break;
	case FS_PARAM_CHOICE:
		snprintf(text, bytes, "one of %s", param->choices);
		break;
	case FS_PARAM_INPUT:
		snprintf(text, bytes, "one of %s, or the name of an input", param->choices);
		break;
	}
}

static int refuse(const struct fs_param *param, const char *text, struct fs_reason *why)
{
	char domain[128];

	param_domain(param, domain, sizeof(domain));
	return fs_because(why, -EINVAL, "", "%s=%s: expected %s", param->name, text, domain);
}

/* A usage error on every machine; what depends on the machine is checked when it is probed. */
static int refuse_form(const struct fs_param *param, const char *text, struct fs_reason *why)
{
	return fs_because(why, -EINVAL, "such as base, 64K or huge", "%s=%s: expected a power of two", param->name, text);
}

static int choice_position(const char *choices, const char *text)
{
	size_t len = strlen(text);
	int position = 0;

	for (const char *p = choices;; p++, position++) {
		size_t here = strcspn(p, "|");

		if (here == len && strncmp(p, text, len) == 0)
			return position;
		p += here;
		if (*p == '\0')
			return -1;
	}
}

static int parse_count(const char *text, struct fs_arg *arg)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		return -EINVAL;
	arg->whole = (uint64_t)value;
	arg->real = (double)value;
	snprintf(arg->text, sizeof(arg->text), "%lld", value);
	return 0;
}

static int parse_real(const char *text, struct fs_arg *arg)
{
	char *end;

	errno = 0;
	arg->real = strtod(text, &end);
	if (errno != 0 || end == text || *end != '\0' || !isfinite(arg->real))
		return -EINVAL;
	arg->whole = (uint64_t)fabs(arg->real);
	snprintf(arg->text, sizeof(arg->text), "%g", arg->real);
	return 0;
}

int size_parse(const char *text, uint64_t *bytes)
{
	const char *word = strchr(text, '*');
	uint64_t page, pages = 1;
	char *end;

	word = word != NULL ? word + 1 : text;
	if (strcmp(word, "base") == 0)
		page = fs_page_bytes();
	else if (strcmp(word, "huge") == 0)
		page = fs_huge_bytes();
	else
		return bytes_parse(text, bytes);
	if (word != text) {
		errno = 0;
		pages = strtoull(text, &end, 10);
		if (!isdigit((unsigned char)text[0]) || end + 1 != word)
			return -EINVAL;
		if (errno != 0 || pages > UINT64_MAX / page)
			return -ERANGE;
	}
	*bytes = pages * page;
	return 0;
}

static int parse_size(const char *text, struct fs_arg *arg)
{
	int err = size_parse(text, &arg->whole);
	uint64_t bytes;

	arg->word = err == 0 && bytes_parse(text, &bytes) != 0;
	arg->real = (double)arg->whole;
	bytes_format(arg->whole, arg->text);
	return err;
}

int param_parse(const struct fs_param *param, const char *text, struct fs_arg *arg, struct fs_reason *why)
{
	int err = 0;

	memset(arg, 0, sizeof(*arg));
	arg->param = param;
	switch (param->type) {
	case FS_PARAM_SIZE:
		err = parse_size(text, arg);
		break;
	case FS_PARAM_COUNT:
		err = parse_count(text, arg);
		break;
	case FS_PARAM_REAL:
		err = parse_real(text, arg);
		break;
	case FS_PARAM_CHOICE:
	case FS_PARAM_INPUT: {
		int position = choice_position(param->choices, text);

		if (position < 0 && (param->type == FS_PARAM_CHOICE || !input_is_name(text)))
			return refuse(param, text, why);
		arg->is_name = position < 0;
		arg->whole = (uint64_t)position;
		arg->real = position;
		if (snprintf(arg->text, sizeof(arg->text), "%s", text) >= (int)sizeof(arg->text))
			return fs_because(why, -E2BIG, "", "%s=%s: a choice has at most %d bytes", param->name, text, PARAM_TEXT - 1);
		return 0;
	}
	}
	if (err != 0 || arg->real < param->min || arg->real > param->max)
		return refuse(param, text, why);
	if ((param->form == FS_FORM_GRANULE || param->form == FS_FORM_PAGE) && (arg->whole & (arg->whole - 1)) != 0)
		return refuse_form(param, text, why);
	return 0;
}

/* One step of a range: "*2" or "+4K". */
static int step_parse(const struct fs_param *param, const char *text, char *op, double *by)
{
	uint64_t bytes;
	char *end;

	*op = text[0];
	if (*op != '*' && *op != '+')
		return -EINVAL;
	if (*op == '+' && param->type == FS_PARAM_SIZE) {
		if (size_parse(text + 1, &bytes) != 0)
			return -EINVAL;
		*by = (double)bytes;
	} else {
		*by = strtod(text + 1, &end);
		if (end == text + 1 || *end != '\0')
			return -EINVAL;
	}
	return (*op == '*' ? *by > 1 : *by > 0) ? 0 : -EINVAL;
}

static int value_format(const struct fs_param *param, double value, char text[PARAM_TEXT])
{
	char size[BYTES_TEXT];

	if (param->type == FS_PARAM_SIZE) {
		bytes_format((uint64_t)llround(value), size);
		return snprintf(text, PARAM_TEXT, "%s", size);
	}
	if (param->type == FS_PARAM_COUNT)
		return snprintf(text, PARAM_TEXT, "%.0f", value);
	return snprintf(text, PARAM_TEXT, "%.6g", value);
}

/* LOW:STEP:HIGH, both ends included when a step meets them. */
static int range_expand(const struct fs_param *param, char *text, struct fs_arg *args, int room, struct fs_reason *why)
{
	char *step = strchr(text, ':'), *high = step != NULL ? strchr(step + 1, ':') : NULL;
	struct fs_arg low_arg, high_arg;
	double by;
	int n = 0, err;
	char op;

	if (high == NULL || param->type == FS_PARAM_CHOICE || param->type == FS_PARAM_INPUT)
		return fs_because(
			why, -EINVAL, "write a range as LOW:*FACTOR:HIGH or LOW:+STEP:HIGH", "%s=%s: not a value or a range", param->name, text);
	*step++ = '\0';
	*high++ = '\0';
	err = param_parse(param, text, &low_arg, why);
	if (err == 0)
		err = param_parse(param, high, &high_arg, why);
	if (err != 0)
		return err;
	if (step_parse(param, step, &op, &by) != 0)
		return fs_because(
			why, -EINVAL, "write *FACTOR above 1, or +STEP above 0", "%s: the step %s does not increase the value", param->name, step);
	/* Allows for rounding of decimal steps. */
	for (double v = low_arg.real; v <= high_arg.real * (1 + 1e-9); v = op == '*' ? v * by : v + by) {
		char value[PARAM_TEXT];

		if (n == room)
			return fs_because(why, -EINVAL, "", "%s: a sweep has more than %d values", param->name, SWEEP_MAX);
		value_format(param, v, value);
		err = param_parse(param, value, &args[n++], why);
		if (err != 0)
			return err;
	}
	return n;
}

int param_sweep(const struct fs_param *param, const char *text, struct fs_arg args[SWEEP_MAX], struct fs_reason *why)
{
	int n = 0;

	for (const char *p = text;; p++) {
		char item[128];
		size_t len = strcspn(p, ",");
		int got;

		if (len == 0 || len >= sizeof(item))
			return fs_because(why, -EINVAL, "", "%s=%s: a value is empty or too long", param->name, text);
		memcpy(item, p, len);
		item[len] = '\0';
		if (n == SWEEP_MAX)
			return fs_because(why, -EINVAL, "", "%s: a sweep has more than %d values", param->name, SWEEP_MAX);
		if (strchr(item, ':') != NULL) {
			got = range_expand(param, item, args + n, SWEEP_MAX - n, why);
		} else {
			got = param_parse(param, item, &args[n], why);
			got = got == 0 ? 1 : got;
		}
		if (got < 0)
			return got;
		n += got;
		p += len;
		if (*p == '\0')
			break;
	}
	for (int i = 0; i < n; i++)
		args[i].set = true;
	return n;
}

bool param_is_of_machine(const struct fs_param *param)
{
	uint64_t bytes;

	return param->type == FS_PARAM_SIZE && bytes_parse(param->initial, &bytes) != 0;
}

const struct fs_param *param_find(const struct fs_param *params, const char *name)
{
	for (const struct fs_param *p = params; p != NULL && p->name != NULL; p++) {
		if (strcmp(p->name, name) == 0)
			return p;
	}
	return NULL;
}

struct fs_arg *args_find(struct fs_args *args, const char *name)
{
	for (unsigned i = 0; i < args->n; i++) {
		if (strcmp(args->arg[i].param->name, name) == 0)
			return &args->arg[i];
	}
	return NULL;
}

const struct fs_arg *args_get(const struct fs_args *args, const char *name)
{
	return args_find((struct fs_args *)args, name);
}

int args_declare(struct fs_args *args, const struct fs_param *params, unsigned under)
{
	struct fs_reason why;

	for (const struct fs_param *p = params; p != NULL && p->name != NULL; p++) {
		if (args_find(args, p->name) != NULL || (p->memory != 0 && (p->memory & under) == 0))
			continue;
		if (args->n == ARGS_MAX)
			return -E2BIG;
		if (param_parse(p, p->initial, &args->arg[args->n], &why) != 0)
			return -EINVAL;
		args->n++;
	}
	return 0;
}

/* "thrash=pin|throttle": whether the cell has the other parameter, with one of these values. */
static bool is_met(const struct fs_args *args, const char *when)
{
	const char *values = strchr(when, '=');
	char name[PARAM_TEXT];

	snprintf(name, sizeof(name), "%.*s", (int)(values - when), when);
	return args_get(args, name) != NULL && choice_position(values + 1, args_get(args, name)->text) >= 0;
}

void args_drop_idle(struct fs_args *args)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < args->n; i++) {
		const char *when = args->arg[i].param->when;

		if (when == NULL || is_met(args, when))
			args->arg[kept++] = args->arg[i];
	}
	args->n = kept;
}

/* ---- for the cell's parts */

static const struct fs_arg *arg_of(const struct fs_args *args, const char *param, enum fs_param_type type)
{
	const struct fs_arg *arg = args_get(args, param);

	assert(arg != NULL && "the parameter is not declared");
	assert(arg->param->type == type);
	(void)type;
	return arg;
}

uint64_t fs_arg_size(const struct fs_args *args, const char *param)
{
	return arg_of(args, param, FS_PARAM_SIZE)->whole;
}

uint64_t fs_arg_count(const struct fs_args *args, const char *param)
{
	return arg_of(args, param, FS_PARAM_COUNT)->whole;
}

double fs_arg_real(const struct fs_args *args, const char *param)
{
	return arg_of(args, param, FS_PARAM_REAL)->real;
}

const char *fs_arg_choice(const struct fs_args *args, const char *param)
{
	const struct fs_arg *arg = args_get(args, param);

	return arg != NULL && arg->param->type == FS_PARAM_INPUT ? arg->text : arg_of(args, param, FS_PARAM_CHOICE)->text;
}

bool fs_arg_is(const struct fs_args *args, const char *param, const char *choice)
{
	return strcmp(fs_arg_choice(args, param), choice) == 0;
}
