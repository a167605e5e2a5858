/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model_pages.c - see model_pages.h.
 */
#include "config.h"

#include "command/model_pages.h"

#include <string.h>

#include <jansson.h>

#include "base/say.h"
#include "harness/fivestep.h"

enum exit_status model_pages_check(const char *command, const struct runfile *model)
{
	const json_t *identity = json_object_get(json_object_get(model->header, "machine"), "identity");
	json_int_t bytes = json_integer_value(json_array_get(json_object_get(identity, "page_sizes"), 0));

	if (bytes == 0 || (size_t)bytes == fs_page_bytes())
		return EXIT_FINE;
	say_with_remedy(command, "use a machine with such pages",
		"not comparable: the machines differ in page_sizes: base pages of %lld bytes in the model, of %zu here", (long long)bytes,
		fs_page_bytes());
	return EXIT_NOT_COMPARABLE;
}

enum exit_status model_clock_check(const char *command, const struct runfile *model, const struct what_if *what_if)
{
	if (what_if->machine == NULL || strcmp(model->clock, "instructions") != 0)
		return EXIT_FINE;
	say_with_remedy(command, "use a model in time: fivestep run calibrate without the clock of instructions",
		"not comparable: figures of %s are times, and %s counts instructions", what_if->machine, model->path);
	return EXIT_NOT_COMPARABLE;
}
