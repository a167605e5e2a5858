/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list - lists benchmarks, kernels, cases, setups, devices, counters, groups, metrics, parameters, plans, inputs.
 *
 * Each kind is built as JSON; the text is printed from it, so that both say the same.
 */
#include "config.h"

#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/say.h"
#include "base/jsontext.h"
#include "command/command.h"
#include "command/list_kinds.h"
#include "command/usage.h"
#include "base/names.h"

static const char *text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text != NULL ? text : "";
}

/* Strings, or objects with a name. */
static void print_words(const char *label, const json_t *words)
{
	const json_t *word;
	size_t i;

	if (json_array_size(words) == 0)
		return;
	printf("  %-18s %s", "", label);
	json_array_foreach(words, i, word) printf(" %s", json_is_string(word) ? json_string_value(word) : text_of(word, "name"));
	printf("\n");
}

static void print_text(const char *label, const char *text)
{
	if (text[0] != '\0')
		printf("  %-18s %s %s\n", "", label, text);
}

static void print_details(const json_t *entries)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		const char *unit = text_of(entry, "unit"), *initial = text_of(entry, "default");

		if (initial[0] != '\0')
			printf("  %-18s -p %s=%s: %s; %s\n", "", text_of(entry, "name"), initial, text_of(entry, "values"),
				text_of(entry, "summary"));
		else
			printf("  %-18s %s [%s] %s\n", "", text_of(entry, "name"), unit, text_of(entry, "summary"));
	}
}

static bool same_reason(const json_t *entries, size_t i)
{
	return strcmp(text_of(json_array_get(entries, i), "why"), text_of(json_array_get(entries, i + 1), "why")) == 0;
}

/* A reason shared by several events in a row is printed once, below them; the reason of the whole source is printed above. */
static void print_events(const json_t *entries, const char *source_why)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		const char *why = text_of(entry, "why"), *remedy = text_of(entry, "remedy"), *counts = text_of(entry, "counts");

		printf("  %-18s %c %s [%s] %s%s%s\n", "", why[0] == '\0' ? '+' : '-', text_of(entry, "name"), text_of(entry, "unit"),
			text_of(entry, "summary"), counts[0] != '\0' ? "; counts " : "", counts);
		if (why[0] != '\0' && strcmp(why, source_why) != 0 && !same_reason(entries, i))
			printf("  %-20s not available: %s%s%s\n", "", why, remedy[0] != '\0' ? " -> " : "", remedy);
	}
}

static void print_prose(const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		printf("  %-18s %.*s\n", "", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void print_entry(const json_t *entry, bool details)
{
	const json_t *available = json_object_get(entry, "available");

	if (text_of(entry, "unit")[0] != '\0')
		printf("  %-32s %-8s %s\n", text_of(entry, "name"), text_of(entry, "unit"), text_of(entry, "summary"));
	else if (text_of(entry, "default")[0] != '\0')
		printf("  %-32s %-8s %s; %s\n", text_of(entry, "name"), text_of(entry, "default"), text_of(entry, "values"),
			text_of(entry, "summary"));
	else
		printf("  %-18s %s\n", text_of(entry, "name"), text_of(entry, "summary"));
	if (json_is_false(available))
		printf("  %-18s not available: %s -> %s\n", "", text_of(entry, "why"), text_of(entry, "remedy"));
	if (!details)
		return;
	print_text("promise:", text_of(entry, "promise"));
	print_text("expected failure:", text_of(entry, "expected_failure"));
	print_words("needs:", json_object_get(entry, "needs"));
	print_words("offers:", json_object_get(entry, "offers"));
	print_words("counts:", json_object_get(entry, "counts"));
	print_details(json_object_get(entry, "parameters"));
	print_details(json_object_get(entry, "metrics"));
	print_events(json_object_get(entry, "events"), text_of(entry, "why"));
	print_prose(text_of(entry, "about"));
}

static void print_kind(const struct list_kind *kind, bool details)
{
	json_t *list = kind->make(), *entry;
	size_t i;

	printf("%s:\n", kind->name);
	json_array_foreach(list, i, entry) print_entry(entry, details);
	json_decref(list);
}

static const struct argp_option options[] = {
	{"json", 'j', 0, 0, "print JSON", 0},
	{0},
};

struct request {
	const char *kind;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == 'j')
		request->json = true;
	else if (key == ARGP_KEY_ARG && request->kind == NULL)
		request->kind = arg;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[benchmarks|kernels|cases|setups|devices|counters|groups|metrics|parameters|plans|inputs]",
	.doc = "Lists everything with one line each, or one kind with its parameters and metrics.",
};

static const struct list_kind *find_kind(const char *name)
{
	for (unsigned i = 0; list_kinds[i].name != NULL; i++) {
		if (strcmp(list_kinds[i].name, name) == 0)
			return &list_kinds[i];
	}
	return NULL;
}

static int print_json(const struct list_kind *only)
{
	json_t *out = only != NULL ? only->make() : json_object();
	int err;

	for (unsigned i = 0; only == NULL && list_kinds[i].name != NULL; i++)
		json_object_set_new(out, list_kinds[i].name, list_kinds[i].make());
	err = jsontext_print(out, JSON_INDENT(2), stdout);
	json_decref(out);
	if (err != 0)
		say("list", "cannot write: %s", strerror(-err));
	return err == 0 ? EXIT_FINE : EXIT_OWN_ERROR;
}

static int unknown_kind(const char *asked)
{
	struct names_nearest nearest;
	char near[160];

	names_nearest_init(&nearest, asked);
	for (unsigned i = 0; list_kinds[i].name != NULL; i++)
		names_nearest_offer(&nearest, list_kinds[i].name);
	names_nearest_text(&nearest, near, sizeof(near));
	say_with_remedy("list", "fivestep list --help", "unknown kind %s%s%s", asked, near[0] != '\0' ? "; " : "", near);
	return EXIT_USAGE;
}

static int list(int argc, char **argv)
{
	struct request request = {0};
	const struct list_kind *only = NULL;

	usage_parse("list", &argp, argc, argv, &request);
	if (request.kind != NULL) {
		only = find_kind(request.kind);
		if (only == NULL)
			return unknown_kind(request.kind);
	}
	if (request.json)
		return print_json(only);
	for (unsigned i = 0; list_kinds[i].name != NULL; i++) {
		if (only == &list_kinds[i] || (only == NULL && !list_kinds[i].with_owners))
			print_kind(&list_kinds[i], only != NULL);
	}
	return EXIT_FINE;
}

const struct command command_list = {
	.name = "list",
	.usage = "[KIND] [--json]",
	.summary = "list benchmarks, kernels, cases, setups, devices, counters, groups, metrics, parameters, plans, inputs",
	.run = list,
};
