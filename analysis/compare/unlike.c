/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unlike.c - finds the differences between the machines and builds of two runs; see unlike.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/jsontext.h"
#include "analysis/compare/unlike.h"

/* State that changes all the time, which means nothing. */
static const char *const volatile_state[] = {"available_bytes", "load"};

static const struct part {
	enum unlike_kind kind;
	const char *path[2]; /* nested members of the run record */
	const char *prefix;
} parts[] = {
	{UNLIKE_IDENTITY, {"machine", "identity"}, ""},
	{UNLIKE_FACTOR, {"build", NULL}, "build."},
	{UNLIKE_FACTOR, {"injected", NULL}, "injected."},
	{UNLIKE_FACTOR, {"inputs", NULL}, "input."},
	{UNLIKE_FACTOR, {"lies", NULL}, "lies."},
	{UNLIKE_FACTOR, {"machine", "factors"}, ""},
	{UNLIKE_STATE, {"machine", "state"}, ""},
};

static json_t *part_of(const struct runfile *run, const struct part *part)
{
	json_t *object = json_object_get(run->header, part->path[0]);

	return part->path[1] != NULL ? json_object_get(object, part->path[1]) : object;
}

static char *text_of(const json_t *value)
{
	if (value == NULL)
		return strdup("-");
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return jsontext_make(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
}

/* A number is the same whether it was written as an integer or a real; what neither says is the same, too. */
static bool equal(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return json_number_value(a) == json_number_value(b);
	return a == b || (a != NULL && b != NULL && json_equal(a, b));
}

static int add_field(struct unlike *unlike, const struct part *part, const char *name, const json_t *base, const json_t *new)
{
	struct unlike_field *field;
	char *full = NULL;
	int err = ARRAY_ADD(unlike->fields, unlike->n, ARRAY_MANY, "differences", NULL);

	if (err != 0)
		return err;
	if (asprintf(&full, "%s%s", part->prefix, name) < 0)
		return -ENOMEM;
	field = &unlike->fields[unlike->n++];
	*field = (struct unlike_field){.kind = part->kind, .name = full, .base = text_of(base), .new = text_of(new)};
	return field->base != NULL && field->new != NULL ? 0 : -ENOMEM;
}

static bool is_volatile_state(const char *name)
{
	for (size_t i = 0; i < FS_ARRAY_SIZE(volatile_state); i++)
		if (strcmp(name, volatile_state[i]) == 0)
			return true;
	return false;
}

static int by_kind_and_name(const void *a, const void *b)
{
	const struct unlike_field *x = a, *y = b;

	return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->name, y->name);
}

/* ---- two versions of identity */

/* The fields of identity depend on its version (results/SCHEMA.md); the first version had no number. */
static json_int_t version_of(const struct runfile *run)
{
	json_int_t version = json_integer_value(json_object_get(json_object_get(run->header, "machine"), "identity_version"));

	return version > 0 ? version : 1;
}

/* The first version did not recognise every hypervisor: what it does not say is unknown. */
static bool may_not_know(const char *name, const json_t *older)
{
	if (strcmp(name, "guest") == 0 || strcmp(name, "emulated") == 0)
		return json_is_false(older);
	return strcmp(name, "hypervisor") == 0 && (!json_is_string(older) || !*json_string_value(older));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* Compares lists of texts in any order: the first version had hardware in the order of the buses. */
static bool same_texts(const json_t *a, const json_t *b)
{
	size_t n = json_array_size(a);
	json_t *texts[2][64];

	if (!json_is_array(a) || !json_is_array(b) || n != json_array_size(b) || n > FS_ARRAY_SIZE(texts[0]))
		return false;
	for (size_t i = 0; i < n; i++) {
		texts[0][i] = json_array_get(a, i);
		texts[1][i] = json_array_get(b, i);
		if (!json_is_string(texts[0][i]) || !json_is_string(texts[1][i]))
			return false;
	}
	qsort(texts[0], n, sizeof(texts[0][0]), by_text);
	qsort(texts[1], n, sizeof(texts[1][0]), by_text);
	for (size_t i = 0; i < n; i++)
		if (by_text(&texts[0][i], &texts[1][i]))
			return false;
	return true;
}

/* Whether the values of a field, of two versions of identity, mean that the machines differ. */
static bool is_told_apart(const char *name, const json_t *older, const json_t *newer)
{
	return older != NULL && newer != NULL && !may_not_know(name, older) && !same_texts(older, newer);
}

static bool differs(
	const struct runfile *base, const struct runfile *new, const struct part *part, const char *name, const json_t *before, const json_t *after)
{
	json_int_t base_version = version_of(base), new_version = version_of(new);

	if (equal(before, after) || (part->kind == UNLIKE_STATE && is_volatile_state(name)))
		return false;
	if (part->kind != UNLIKE_IDENTITY || base_version == new_version)
		return true;
	return base_version < new_version ? is_told_apart(name, before, after) : is_told_apart(name, after, before);
}

static int compare_part(const struct runfile *base, const struct runfile *new, const struct part *part, struct unlike *unlike)
{
	json_t *before = part_of(base, part), *after = part_of(new, part), *value;
	const char *name;
	int err = 0;

	json_object_foreach(before, name, value)
	{
		const json_t *other = json_object_get(after, name);

		if (err == 0 && differs(base, new, part, name, value, other))
			err = add_field(unlike, part, name, value, other);
	}
	json_object_foreach(after, name, value)
	{
		if (err == 0 && json_object_get(before, name) == NULL && differs(base, new, part, name, NULL, value))
			err = add_field(unlike, part, name, NULL, value);
	}
	return err;
}

/* ---- what could not be read */

static const json_t *unread_of(const struct runfile *run)
{
	return json_object_get(json_object_get(run->header, "machine"), "unread");
}

static const char *member_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

void unlike_unread(const struct runfile *run, struct text *text)
{
	const json_t *first = json_array_get(unread_of(run), 0);

	if (first != NULL)
		text_add(text, "%s (%s)", member_text(first, "fields"), member_text(first, "what"));
}

static int set_unread(struct unlike *unlike, const char *name, const char *what, bool in_base)
{
	static const struct part identity = {.kind = UNLIKE_IDENTITY, .prefix = ""};
	struct unlike_field *field = NULL;
	char **side, *text;
	int err = 0;

	for (size_t i = 0; i < unlike->n && field == NULL; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY && strcmp(unlike->fields[i].name, name) == 0)
			field = &unlike->fields[i];
	if (field == NULL) {
		err = add_field(unlike, &identity, name, NULL, NULL);
		field = err != 0 ? NULL : &unlike->fields[unlike->n - 1];
	}
	if (field == NULL || asprintf(&text, "unread (%s)", what) < 0)
		return -ENOMEM;
	side = in_base ? &field->base : &field->new;
	free(*side);
	*side = text;
	field->unread = true;
	return 0;
}

static int add_unread(const struct runfile *run, bool in_base, struct unlike *unlike)
{
	const json_t *entry;
	int err = 0;
	size_t i;

	json_array_foreach(unread_of(run), i, entry)
	{
		char *fields = strdup(member_text(entry, "fields")), *rest = fields, *name;

		while (err == 0 && (name = strsep(&rest, ",")) != NULL)
			err = set_unread(unlike, name, member_text(entry, "what"), in_base);
		free(fields);
	}
	return err;
}

/* The record of a device's unit; NULL if the run did not use it. */
static const json_t *unit_of(const struct runfile *run, const char *device, json_int_t number)
{
	const json_t *entry, *unit;
	size_t i, j;

	json_array_foreach(json_object_get(run->header, "devices"), i, entry)
	{
		const char *name = json_string_value(json_object_get(entry, "name"));

		if (name == NULL || strcmp(name, device) != 0)
			continue;
		json_array_foreach(json_object_get(entry, "units"), j, unit)
		{
			if (json_integer_value(json_object_get(unit, "unit")) == number)
				return unit;
		}
	}
	return NULL;
}

/* Compares facts of a unit that both runs know: a fact that a library did not report is no difference. */
static int compare_facts(const char *prefix, const json_t *before, const json_t *after, struct unlike *unlike)
{
	static const struct {
		enum unlike_kind kind;
		const char *member;
	} members[] = {{UNLIKE_IDENTITY, "identity"}, {UNLIKE_FACTOR, "factors"}, {UNLIKE_STATE, "state"}};
	int err = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(members); i++) {
		const struct part part = {.kind = members[i].kind, .prefix = prefix};
		json_t *facts = json_object_get(before, members[i].member), *others = json_object_get(after, members[i].member), *value;
		const char *name;

		json_object_foreach(facts, name, value)
		{
			const json_t *other = json_object_get(others, name);

			if (err == 0 && other != NULL && !equal(value, other))
				err = add_field(unlike, &part, name, value, other);
		}
	}
	return err;
}

/* A unit that is other hardware cannot be compared, as another machine cannot; its driver is a factor. */
static int compare_unit(const char *device, const json_t *before, const json_t *after, struct unlike *unlike)
{
	static const struct part identity = {.kind = UNLIKE_IDENTITY, .prefix = ""}, factor = {.kind = UNLIKE_FACTOR, .prefix = ""};
	int number = (int)json_integer_value(json_object_get(before, "unit")), err = 0;
	struct text name = {0};

	text_add(&name, "%s.unit%d", device, number);
	if (!equal(json_object_get(before, "name"), json_object_get(after, "name")))
		err = add_field(unlike, &identity, text_string(&name), json_object_get(before, "name"), json_object_get(after, "name"));
	text_add(&name, ".driver");
	if (err == 0 && !equal(json_object_get(before, "driver"), json_object_get(after, "driver")))
		err = add_field(unlike, &factor, text_string(&name), json_object_get(before, "driver"), json_object_get(after, "driver"));
	text_clear(&name);
	text_add(&name, "%s.unit%d.", device, number);
	if (err == 0)
		err = compare_facts(text_string(&name), before, after, unlike);
	text_clear(&name);
	return err;
}

/* Compares the units that both runs used. */
static int compare_units(const struct runfile *base, const struct runfile *new, struct unlike *unlike)
{
	const json_t *entry, *unit;
	size_t i, j;
	int err = 0;

	json_array_foreach(json_object_get(base->header, "devices"), i, entry)
	{
		const char *device = json_string_value(json_object_get(entry, "name"));

		json_array_foreach(json_object_get(entry, "units"), j, unit)
		{
			const json_t *other = device != NULL ? unit_of(new, device, json_integer_value(json_object_get(unit, "unit"))) : NULL;

			if (err == 0 && other != NULL)
				err = compare_unit(device, unit, other, unlike);
		}
	}
	return err;
}

int unlike_find(const struct runfile *base, const struct runfile *new, struct unlike *unlike)
{
	int err = 0;

	memset(unlike, 0, sizeof(*unlike));
	for (size_t i = 0; i < FS_ARRAY_SIZE(parts) && err == 0; i++)
		err = compare_part(base, new, &parts[i], unlike);
	if (err == 0)
		err = add_unread(base, true, unlike);
	if (err == 0)
		err = add_unread(new, false, unlike);
	if (err == 0)
		err = compare_units(base, new, unlike);
	if (unlike->n)
		qsort(unlike->fields, unlike->n, sizeof(*unlike->fields), by_kind_and_name);
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
	bool found = false;

	for (size_t i = 0; i < unlike->n; i++)
		if (unlike->fields[i].kind == UNLIKE_IDENTITY && strcmp(unlike->fields[i].name, name) == 0)
			found = unlike->fields[i].allowed = true;
	return found || json_object_get(part_of(base, &parts[0]), name) != NULL || json_object_get(part_of(new, &parts[0]), name) != NULL;
}

void unlike_layout(const struct unlike *unlike, const struct runfile *base, struct text *text)
{
	static const char prefix[] = "guest_";
	struct text parts = {0};

	for (size_t i = 0; i < unlike->n && clock_counts_instructions(base->clock); i++)
		if (unlike->fields[i].kind == UNLIKE_FACTOR && strncmp(unlike->fields[i].name, prefix, strlen(prefix)) == 0)
			text_add(&parts, "%s%s", parts.len != 0 ? ", " : "", unlike->fields[i].name + strlen(prefix));
	if (parts.len != 0)
		text_add(text, "the guest's image differs (%s): counts may differ slightly because its kernel's memory is laid out differently",
			text_string(&parts));
	text_clear(&parts);
}

size_t unlike_count(const struct unlike *unlike, enum unlike_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < unlike->n; i++)
		n += unlike->fields[i].kind == kind && !unlike->fields[i].allowed;
	return n;
}
