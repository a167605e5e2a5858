/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model_pages.c - see model_pages.h.
 */
#include "config.h"

#include "command/model_pages.h"

#include <string.h>

#include <jansson.h>

#include "analysis/compare/unlike.h"
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

enum exit_status model_machine_check(const char *command, const struct runfile *model, const struct runfile *run, struct text *how)
{
	struct unlike unlike = {0};
	enum exit_status status = EXIT_FINE;
	int err;

	if (model->header == NULL || run->header == NULL || strcmp(model->clock, run->clock) != 0) {
		if (how != NULL)
			text_add(how, "The model's clock is \"%s\", the run's is \"%s\".", model->clock, run->clock);
		else
			say_with_remedy(command, "a model and a run with the same clock",
				"not comparable: the model's clock is \"%s\", the run's is \"%s\"", model->clock, run->clock);
		return EXIT_NOT_COMPARABLE;
	}
	err = unlike_find(model, run, &unlike);
	for (size_t i = 0; i < unlike.n && err == 0; i++) {
		const struct unlike_field *field = &unlike.fields[i];

		if (field->kind != UNLIKE_IDENTITY)
			continue;
		if (how != NULL)
			text_add(how, "%sThe machines differ in %s: %s in the model, %s in the run.", how->len != 0 ? " " : "", field->name,
				field->base, field->new);
		else
			say(command, "not comparable: the machines differ in %s: %s in the model, %s in the run", field->name, field->base,
				field->new);
		status = EXIT_NOT_COMPARABLE;
	}
	unlike_free(&unlike);
	if (status != EXIT_FINE && how == NULL)
		say_remedy("calibrate on the run's machine: fivestep run calibrate");
	return err == 0 ? status : EXIT_OWN_ERROR;
}
