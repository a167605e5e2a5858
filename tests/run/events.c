/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.c - the kinds of events in a record: those that there are, each with its own number, from the first to the last.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/run/events.h"
#include "tests/tap.h"

static struct share_step step;
static struct share_metric metric;

static void check(json_t *json, const char *want, const char *name)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);

	is_str(text, want, "%s", name);
	free(text);
	json_decref(json);
}

int main(void)
{
	check(events_implied(&step), "{}", "no event is none in the record");
	step.implied[0] = 1;
	step.implied[FS_COST_LAUNCH] = 2;
	step.implied[FS_COSTS - 1] = 3;
	check(events_implied(&step), "{\"alloc\":1.0,\"launch\":2.0,\"marshal_byte\":3.0}", "the first kind and the last are as good as any");
	metric.contains[0] = 0.25;
	metric.contains[FS_COSTS - 1] = 4;
	check(events_contained(&metric), "{\"alloc\":0.25,\"marshal_byte\":4.0}", "a value may contain a part of one");
	done_testing();
	return exit_status();
}
