/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_runs.c - how two runs are related: sides of a session, runs with the same seed, and the error limits of their comparison;
 * see compare.h.
 */
#include "config.h"

#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/statistics/looks.h"

static const json_t *session_of(const struct runfile *run)
{
	return json_object_get(run->header, "session");
}

bool compare_are_sides(const struct runfile *base, const struct runfile *new)
{
	const json_t *one = session_of(base), *other = session_of(new);
	const char *id = json_string_value(json_object_get(one, "id")), *other_id = json_string_value(json_object_get(other, "id"));
	const char *side = json_string_value(json_object_get(one, "side")), *other_side = json_string_value(json_object_get(other, "side"));

	return id != NULL && other_id != NULL && side != NULL && other_side != NULL && strcmp(id, other_id) == 0 && strcmp(side, other_side) != 0;
}

bool compare_are_same_seed(const struct runfile *base, const struct runfile *new)
{
	return clock_counts_instructions(base->clock) && clock_counts_instructions(new->clock) && *base->seed && strcmp(base->seed, new->seed) == 0;
}

/* The number of looks that a session may take, by its recorded options; 1 if they make no sense. */
static unsigned looks_of(const json_t *session)
{
	json_int_t rounds_min = json_integer_value(json_object_get(session, "rounds_min"));
	json_int_t rounds_max = json_integer_value(json_object_get(session, "rounds_max"));
	json_int_t turn = json_integer_value(json_object_get(session, "turn"));
	struct looks_plan plan = {.timed = json_number_value(json_object_get(session, "time_limit_s")) > 0.0};

	if (rounds_min < 1 || rounds_max < rounds_min || rounds_max > INT32_MAX || turn < 1 || turn > INT32_MAX)
		return 1;
	plan.rounds_min = (unsigned)rounds_min;
	plan.rounds_max = (unsigned)rounds_max;
	plan.turn = (unsigned)turn;
	return looks_count(&plan);
}

struct compare_limits compare_limits_of(const struct runfile *base, const struct runfile *new)
{
	unsigned looks = base != NULL && new != NULL &&compare_are_sides(base, new) ? looks_of(session_of(base)) : 1;

	return (struct compare_limits){
		.looks = looks,
		.p = COMPARE_P / looks,
		.q = COMPARE_Q / looks,
		.confidence = 1.0 - (1.0 - STATISTICS_CONFIDENCE) / looks,
	};
}
