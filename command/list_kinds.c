/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_kinds.c - the entries of each kind as JSON; see list_kinds.h.
 */
#include "config.h"

#include "base/say.h"
#include "command/list_kinds.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "harness/plan/catalog.h"
#include "harness/round/counters.h"
#include "harness/round/five_step.h"

static json_t *names_of_bits(unsigned bits, const char *const *names, unsigned n)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		if (bits >> i & 1)
			json_array_append_new(list, json_string(names[i]));
	}
	return list;
}

static json_t *params_json(const struct fs_param *params)
{
	json_t *list = json_array();

	for (const struct fs_param *p = params; p != NULL && p->name != NULL; p++) {
		char domain[128];

		if (p->test_only)
			continue;
		param_domain(p, domain, sizeof(domain));
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s*}", "name", p->name, "default", p->initial, "values", domain,
						    "summary", p->help, "when", p->when));
	}
	return list;
}

static json_t *metrics_json(const struct fs_metric *metrics)
{
	json_t *list = json_array();

	for (const struct fs_metric *m = metrics; m->name != NULL; m++) {
		json_t *metric = json_pack("{s:s, s:s, s:s, s:s}", "name", m->name, "unit", m->unit, "better", better_names[m->better], "summary",
			m->help != NULL ? m->help : "");

		if (m->floor != NULL)
			json_object_set_new(metric, "floor", json_string(m->floor));
		json_array_append_new(list, metric);
	}
	return list;
}

static json_t *list_benchmarks(void)
{
	json_t *list = json_array();
	const struct fs_bench *b;

	for (unsigned i = 0; (b = catalog_bench(i)) != NULL; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", b->name, "summary", b->summary, "needs",
						    names_of_bits(b->needs, fs_offer_names, FS_OFFERS), "parameters", params_json(b->params),
						    "metrics", metrics_json(b->metrics)));
	return list;
}

static json_t *list_cases(void)
{
	json_t *list = json_array();
	const struct fs_bench *b;

	for (unsigned i = 0; (b = catalog_case(i)) != NULL; i++) {
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:o, s:s*}", "name", b->name + strlen(FS_CASE), "summary", b->summary, "promise", b->promise,
				      "needs", names_of_bits(b->needs, fs_offer_names, FS_OFFERS), "expected_failure", b->expected_failure));
	}
	return list;
}

static json_t *list_kernels(void)
{
	json_t *list = json_array();
	const struct fs_kernel *k;

	for (unsigned i = 0; (k = catalog_kernel(i)) != NULL; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "name", k->name, "summary", k->summary, "needs",
						    names_of_bits(k->needs, fs_offer_names, FS_OFFERS), "parameters", params_json(k->params)));
	return list;
}

static json_t *list_setups(void)
{
	json_t *list = json_array();
	const struct fs_setup *s;

	for (unsigned i = 0; (s = catalog_setup(i)) != NULL; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", s->name, "summary", s->summary, "needs",
						    names_of_bits(s->needs, fs_cap_names, FS_CAPS), "offers",
						    names_of_bits(s->offers, fs_offer_names, FS_OFFERS), "parameters", params_json(s->params)));
	return list;
}

static json_t *list_devices(void)
{
	json_t *list = json_array();
	const struct fs_device *d;

	for (unsigned i = 0; (d = catalog_device(i)) != NULL; i++) {
		json_t *counts = json_array();

		for (const struct fs_count_def *c = d->counts; c != NULL && c->name != NULL; c++)
			json_array_append_new(counts, json_pack("{s:s, s:s, s:s}", "name", c->name, "unit", c->unit, "summary", c->help));
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o, s:o}", "name", d->name, "summary", d->summary, "emulated", d->emulated,
						    "parameters", params_json(d->params), "counts", counts));
	}
	return list;
}

static json_t *events_json(const struct fs_machine *machine, const struct fs_counter *counter)
{
	struct fs_opened opened[FS_EVENTS];
	const char *names[FS_EVENTS];
	json_t *list = json_array();
	unsigned n = 0;

	while (counter->events[n].name != NULL && n < FS_EVENTS)
		names[n] = counter->events[n].name, n++;
	counters_try(machine, counter, names, n, opened);
	for (unsigned i = 0; i < n; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:s, s:s}", "name", names[i], "unit", opened[i].unit, "summary",
				      counter->events[i].help, "usual", counter->events[i].usual, "available", opened[i].why.what[0] == '\0',
				      "counts", opened[i].counts, "why", opened[i].why.what, "remedy", opened[i].why.remedy));
	return list;
}

static json_t *list_counters(void)
{
	struct fs_machine *machine = calloc(1, sizeof(*machine));
	json_t *list = json_array();
	struct fs_reason why = {0};
	const struct fs_counter *c;

	if (machine != NULL && machine_probe(machine, &why) == 0) {
		for (unsigned i = 0; (c = catalog_counter(i)) != NULL; i++) {
			struct fs_reason lack = {0};
			bool here = c->probe(machine, &lack) == 0;

			json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:s, s:o}", "name", c->name, "summary", c->summary, "available",
							    here, "why", lack.what, "remedy", lack.remedy, "events", events_json(machine, c)));
		}
	}
	free(machine);
	return list;
}

static json_t *group_json(const struct group *group)
{
	json_t *events = json_array(), *metrics = json_array();

	for (unsigned i = 0; i < group->nevents; i++)
		json_array_append_new(events, json_sprintf("%s:%s", group->event[i].source, group->event[i].event));
	for (unsigned i = 0; i < group->nmetrics; i++)
		json_array_append_new(metrics,
			json_pack("{s:s, s:s, s:s}", "name", group->metric[i].name, "unit", group->metric[i].unit, "summary", group->metric[i].text));
	return json_pack("{s:s, s:s, s:o, s:o, s:s}", "name", group->name, "summary", group->summary, "counts", events, "metrics", metrics, "about",
		group->about);
}

/* Without a message, an empty list would mean that there are none. */
static bool has_data(const char *tree_dir, const char *installed_dir, const char *what)
{
	struct fs_reason why;
	int err = datafile_check(tree_dir, installed_dir, what, &why);

	if (err != 0)
		say_error("list", &why);
	return err == 0;
}

static json_t *list_groups(void)
{
	struct group *group = calloc(1, sizeof(*group));
	json_t *list = json_array();
	struct dirent **entries = NULL;
	char folder[512], path[1024];
	int n = 0;

	if (group != NULL && has_data("harness/counter/groups", "groups", "groups of counters") &&
		datafile_path("harness/counter/groups", "groups", "", folder, sizeof(folder)) == 0)
		n = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(entries[i]->d_name, '.');
		struct fs_reason why = {0};

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (dot != NULL && strcmp(dot, ".group") == 0) {
			if (group_read(path, group, &why) == 0)
				json_array_append_new(list, group_json(group));
			else
				say_error("list", &why);
			group_free(group);
		}
		free(entries[i]);
	}
	free(entries);
	free(group);
	return list;
}

/* Adds {"name": "OWNER.NAME", ...} for each entry of a list that list_* made. */
static void flatten(json_t *into, json_t *owners, const char *member)
{
	json_t *owner, *entry;
	size_t i, j;

	json_array_foreach(owners, i, owner)
	{
		json_array_foreach(json_object_get(owner, member), j, entry)
		{
			json_t *copy = json_copy(entry);
			char name[128];

			snprintf(name, sizeof(name), "%s.%s", json_string_value(json_object_get(owner, "name")),
				json_string_value(json_object_get(entry, "name")));
			json_object_set_new(copy, "name", json_string(name));
			json_array_append_new(into, copy);
		}
	}
	json_decref(owners);
}

static json_t *list_metrics(void)
{
	json_t *list = json_array(), *kernels = json_array();

	flatten(list, list_benchmarks(), "metrics");
	/* All kernels have the same metrics. */
	json_array_append_new(kernels, json_pack("{s:s, s:o}", "name", "kernel", "metrics", metrics_json(five_step_metrics)));
	flatten(list, kernels, "metrics");
	return list;
}

static json_t *list_parameters(void)
{
	json_t *list = json_array();

	flatten(list, list_benchmarks(), "parameters");
	flatten(list, list_kernels(), "parameters");
	flatten(list, list_setups(), "parameters");
	flatten(list, list_devices(), "parameters");
	return list;
}

/* A plan's summary is its first comment. */
static void first_comment(const char *folder, const char *file, char *summary, size_t bytes)
{
	char path[1024];
	FILE *plan;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	summary[0] = '\0';
	plan = fopen(path, "re");
	if (plan == NULL)
		return;
	if (fgets(summary, (int)bytes, plan) != NULL) {
		summary[strcspn(summary, "\n")] = '\0';
		memmove(summary, summary + strspn(summary, "# "), strlen(summary + strspn(summary, "# ")) + 1);
	}
	fclose(plan);
}

static json_t *list_plans(void)
{
	json_t *list = json_array();
	struct dirent **entries = NULL;
	char folder[512];
	int n;

	if (!has_data("harness/plans", "plans", "plans") || datafile_path("harness/plans", "plans", "", folder, sizeof(folder)) != 0)
		return list;
	n = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char summary[256], *dot = strrchr(entries[i]->d_name, '.');

		if (dot != NULL && strcmp(dot, ".plan") == 0) {
			first_comment(folder, entries[i]->d_name, summary, sizeof(summary));
			*dot = '\0';
			json_array_append_new(list, json_pack("{s:s, s:s}", "name", entries[i]->d_name, "summary", summary));
		}
		free(entries[i]);
	}
	free(entries);
	return list;
}

const struct list_kind list_kinds[] = {
	{"benchmarks", list_benchmarks, false},
	{"kernels", list_kernels, false},
	{"cases", list_cases, false},
	{"setups", list_setups, false},
	{"devices", list_devices, false},
	{"counters", list_counters, false},
	{"groups", list_groups, false},
	{"metrics", list_metrics, true},
	{"parameters", list_parameters, true},
	{"plans", list_plans, false},
	{"inputs", list_inputs, false},
	{0},
};
