/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_share.c - JSON values that are equal, kept once; see fleet_share.h.
 *
 * The members of a value are shared first. So two values are equal if they have the same members, and a hash of their addresses finds them.
 */
#include "config.h"

#include "analysis/many/fleet_share.h"

#include <stdint.h>
#include <string.h>

#include "base/array.h"

static uint64_t mix(uint64_t hash, uint64_t number)
{
	return lookup_number(hash ^ lookup_number(number));
}

/* Of a value whose members are shared. Equal values whose members are in another order may have different ones: then both are kept. */
static uint64_t hash_of(const json_t *value)
{
	uint64_t hash = lookup_number((uint64_t)json_typeof(value));
	double real = json_real_value(value);
	const char *name;
	json_t *member;
	uint64_t bits;
	size_t i;

	memcpy(&bits, &real, sizeof(bits));
	if (json_is_string(value))
		hash = lookup_text(hash, json_string_value(value));
	else
		hash = mix(hash, json_is_integer(value) ? (uint64_t)json_integer_value(value) : bits);
	json_object_foreach((json_t *)value, name, member)
	{
		hash = mix(lookup_text(hash, name), (uint64_t)(uintptr_t)member);
	}
	json_array_foreach(value, i, member)
	{
		hash = mix(hash, (uint64_t)(uintptr_t)member);
	}
	return hash;
}

/* A value of its own, with shared members; NULL without memory. */
static json_t *with_shared_members(struct fleet_share *share, json_t *value)
{
	json_t *copy = json_is_object(value) ? json_object() : json_is_array(value) ? json_array() : json_incref(value), *member;
	const char *name;
	size_t i;
	int err = copy != NULL ? 0 : -1;

	json_object_foreach(value, name, member)
	{
		err = err == 0 ? json_object_set_new_nocheck(copy, name, fleet_share_value(share, member)) : err;
	}
	json_array_foreach(value, i, member)
	{
		err = err == 0 ? json_array_append_new(copy, fleet_share_value(share, member)) : err;
	}
	if (err == 0)
		return copy;
	json_decref(copy);
	return NULL;
}

struct wanted {
	const struct fleet_share *share;
	json_t *value;
};

static bool is_wanted(const void *context, size_t place)
{
	const struct wanted *wanted = context;

	return json_equal(wanted->share->values[place], wanted->value) != 0;
}

json_t *fleet_share_value(struct fleet_share *share, json_t *value)
{
	struct wanted wanted = {share, with_shared_members(share, value)};
	uint64_t hash;
	size_t place;

	if (wanted.value == NULL)
		return NULL;
	hash = hash_of(wanted.value);
	place = lookup_find(&share->lookup, hash, is_wanted, &wanted);
	if (place != LOOKUP_NONE) {
		json_decref(wanted.value);
		return json_incref(share->values[place]);
	}
	if (ARRAY_ADD(share->values, share->n, SIZE_MAX / sizeof(*share->values), "values", NULL) != 0 ||
		lookup_add(&share->lookup, hash, share->n) != 0) {
		json_decref(wanted.value);
		return NULL;
	}
	share->values[share->n++] = json_incref(wanted.value);
	return wanted.value;
}

void fleet_share_free(struct fleet_share *share)
{
	for (size_t i = 0; i < share->n; i++)
		json_decref(share->values[i]);
	free(share->values);
	lookup_free(&share->lookup);
	*share = (struct fleet_share){0};
}
