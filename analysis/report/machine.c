/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine.c - the run, its machine, and problems of the file.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/jsontext.h"
#include "analysis/report/section.h"

/* Shows members of an object as "group: a b" rows; deeper nesting is shown as compact JSON. */
static void facts(struct document *document, const char *group, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		char *name = text_format("%s: %s", group, key);
		char *text =
			json_is_string(value) ? strdup(json_string_value(value)) : jsontext_make(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));

		if (text != NULL && name != NULL)
			section_fact(document, name, text);
		free(name);
		free(text);
	}
}

static void write_options(struct document *document, const struct runfile *run)
{
	json_t *options = json_object_get(run->header, "options");
	char *text = options != NULL ? jsontext_make(options, JSON_REAL_PRECISION(6)) : NULL;

	if (text != NULL)
		section_fact(document, "options", text);
	free(text);
}

static void write_where(const struct chapter *chapter)
{
	static const char *const parts[] = {"identity", "factors", "state"};
	struct document *document = chapter->document;
	const struct runfile *run = chapter->run;
	json_t *machine = json_object_get(run->header, "machine");
	const char *plan = json_string_value(json_object_get(json_object_get(run->header, "plan"), "text"));
	struct text devices = {0};

	document_heading(document, 2, "What ran where");
	document_fold_begin(document, "The run, its machine and its build");
	document_table_begin(document, "what|value");
	section_fact(document, "run", run->id);
	section_fact(document, "file", run->path);
	section_fact(document, "started", run->started);
	section_fact(document, "ended", run->stop != NULL ? run->stop : "no end record: killed, or still running");
	section_fact(document, "plan", run->plan);
	section_fact(document, "seed", run->seed);
	section_fact(document, "clock", run->clock);
	write_options(document, run);
	section_emulated_devices(run, "", &devices);
	if (devices.len != 0)
		section_fact(document, "devices", text_string(&devices));
	text_clear(&devices);
	section_fact(document, "machine", run->fingerprint);
	for (size_t p = 0; p < FS_ARRAY_SIZE(parts); p++)
		facts(document, parts[p], json_object_get(machine, parts[p]));
	facts(document, "build", json_object_get(run->header, "build"));
	document_table_end(document);
	document_fold_end(document);
	if (plan != NULL && *plan)
		document_verbatim(document, "The plan", plan);
}

static void write_warnings(const struct chapter *chapter)
{
	if (!chapter->run->n_warnings)
		return;
	document_heading(chapter->document, 2, "About the file");
	document_item_begin(chapter->document);
	for (size_t w = 0; w < chapter->run->n_warnings; w++)
		document_item(chapter->document, "%s", chapter->run->warnings[w]);
	document_item_end(chapter->document);
}

static void write_run(const struct chapter *chapter)
{
	write_where(chapter);
	write_warnings(chapter);
}

const struct section section_machine = {
	.name = "machine",
	.write_run = write_run,
};
