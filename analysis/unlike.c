/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unlike.c - what two runs' machines and builds differ in; see unlike.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/unlike.h"

/* State that is another number at every look, and says nothing by that. */
static const char *const restless[] = {"available_bytes", "load"};

static const struct part {
	enum unlike_kind kind;
	const char *path[2]; /* members of the run record, one in the other */
	const char *prefix;
} parts[] = {
	{UNLIKE_IDENTITY, {"machine", "identity"}, ""},
	{UNLIKE_FACTOR, {"build", NULL}, "build."},
	{UNLIKE_FACTOR, {"injected", NULL}, "injected."},
	{UNLIKE_FACTOR, {"machine", "factors"}, ""},
	{UNLIKE_STATE, {"machine", "state"}, ""},
};

static json_t *part_of(const struct runfile *run, const struct part *part)
{
	json_t *object = json_object_get(run->header, part->path[0]);

	return part->path[1] ? json_object_get(object, part->path[1]) : object;
}

static char *text_of(const json_t *value)
{
	if (!value)
		return strdup("-");
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
}

/* A number is the same whether it was written as an integer or a real. */
static bool equal(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return json_number_value(a) == json_number_value(b);
	return a && b && json_equal(a, b);
}

static int add_field(struct unlike *unlike, const struct part *part, const char *name, const json_t *base, const json_t *new)
{
	struct unlike_field *fields = reallocarray(unlike->fields, unlike->n + 1, sizeof(*fields)), *field;
	char *full = NULL;

	if (!fields)
		return -ENOMEM;
	unlike->fields = fields;
	if (asprintf(&full, "%s%s", part->prefix, name) < 0)
		return -ENOMEM;
	field = &fields[unlike->n++];
	*field = (struct unlike_field){.kind = part->kind, .name = full, .base = text_of(base), .new = text_of(new)};
	return field->base && field->new ? 0 : -ENOMEM;
}

static bool is_restless(const char *name)
{
	for (size_t i = 0; i < FS_ARRAY_SIZE(restless); i++)
		if (!strcmp(name, restless[i]))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct unlike_field *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int compare_part(const struct runfile *base, const struct runfile *new, const struct part *part, struct unlike *unlike)
{
	json_t *before = part_of(base, part), *after = part_of(new, part), *value;
	size_t first = unlike->n;
	const char *name;
	int err = 0;

	json_object_foreach(before, name, value)
	{
		const json_t *other = json_object_get(after, name);

		if (!err && !equal(value, other) && !(part->kind == UNLIKE_STATE && is_restless(name)))
			err = add_field(unlike, part, name, value, other);
	}
	json_object_foreach(after, name, value)
	{
		if (!err && !json_object_get(before, name) && !(part->kind == UNLIKE_STATE && is_restless(name)))
			err = add_field(unlike, part, name, NULL, value);
	}
	if (unlike->n > first)
		qsort(unlike->fields + first, unlike->n - first, sizeof(*unlike->fields), by_name);
	return err;
}

int unlike_find(const struct runfile *base, const struct runfile *new, struct unlike *unlike)
{
	int err = 0;

	memset(unlike, 0, sizeof(*unlike));
	for (size_t i = 0; i < FS_ARRAY_SIZE(parts) && !err; i++)
		err = compare_part(base, new, &parts[i], unlike);
	return err;
}

void unlike_free(struct unlike *unlike)
{
	for (size_t i = 0; i < unlike->n; i++) {
		free(unlike->fields[i].name);
		free(unlike->fields[i].base);
		free(unlike->fields[i].new);
	}
	free(unlike->fields);
	memset(unlike, 0, sizeof(*unlike));
}

bool unlike_allow(struct unlike *unlike, const struct runfile *base, const struct runfile *new, const char *name)
{
	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY && !strcmp(unlike->fields[i].name, name))
			unlike->fields[i].allowed = true;
	return json_object_get(part_of(base, &parts[0]), name) || json_object_get(part_of(new, &parts[0]), name);
}

size_t unlike_count(const struct unlike *unlike, enum unlike_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < unlike->n; i++)
		n += unlike->fields[i].kind == kind && !unlike->fields[i].allowed;
	return n;
}
