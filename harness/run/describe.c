/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * describe.c - the descriptions of a plan's parts in a run record; see describe.h.
 */
#include "config.h"

#include "harness/run/describe.h"

#include <string.h>

#include "harness/round/five_step.h"
#include "harness/machine/unit.h"
#include "harness/plan/inputs.h"

static void set_text(json_t *json, const char *member, const char *text)
{
	if (text != NULL)
		json_object_set_new(json, member, json_string(text));
}

static json_t *metrics_json(const char *metrics)
{
	json_t *list = json_array();

	for (const char *m = metrics + strspn(metrics, " "); *m != '\0'; m += strspn(m, " ")) {
		size_t len = strcspn(m, " ");

		json_array_append_new(list, json_stringn(m, len));
		m += len;
	}
	return list;
}

static json_t *plots_json(const struct fs_plot *plots)
{
	json_t *list = json_array();

	for (; plots != NULL && plots->draw != FS_DRAW_NONE; plots++) {
		json_t *json = json_pack("{s:s, s:o}", "draw", fs_draw_names[plots->draw], "metrics", metrics_json(plots->metrics));

		set_text(json, "over", plots->over);
		set_text(json, "by", plots->by);
		set_text(json, "mark", plots->mark);
		set_text(json, "title", plots->title);
		json_array_append_new(list, json);
	}
	return list;
}

/* As in the records. */
const char *const describe_memory[FS_MEMORIES] = {
	[FS_MEMORY_DEVICE] = "device",
	[FS_MEMORY_MIRROR] = "mirror",
	[FS_MEMORY_COHERENT] = "coherent",
	[FS_MEMORY_MAPPED] = "mapped",
	[FS_MEMORY_EXCLUSIVE] = "exclusive",
	[FS_MEMORY_SVM_FINE] = "unified",
	[FS_MEMORY_SVM_SYSTEM] = "system",
	[FS_MEMORY_MANAGED] = "managed",
};

static json_t *memories_json(unsigned memory)
{
	json_t *list = json_array();

	for (unsigned kind = 0; kind < FS_MEMORIES; kind++) {
		if ((memory & FS_UNDER(kind)) != 0)
			json_array_append_new(list, json_string(describe_memory[kind]));
	}
	return list;
}

/* A parameter's initial value, in the form that cells have; and the word for it, if its meaning depends on the machine. */
static json_t *param_json(const struct fs_param *param)
{
	struct fs_reason why;
	struct fs_arg arg;
	json_t *json;

	if (param_parse(param, param->initial, &arg, &why) != 0)
		return json_object();
	json = json_pack("{s:s}", "initial", arg.text);
	if (param_is_of_machine(param))
		json_object_set_new(json, "word", json_string(param->initial));
	if (param->memory != 0)
		json_object_set_new(json, "memory", memories_json(param->memory));
	if (param->when != NULL)
		json_object_set_new(json, "when", json_string(param->when));
	if (param->form == FS_FORM_PAGE || param->form == FS_FORM_GRANULE)
		json_object_set_new(json, "form", json_string(param->form == FS_FORM_PAGE ? "page" : "granule"));
	if (param->test_only)
		json_object_set_new(json, "test_only", json_true());
	return json;
}

json_t *describe_params(const struct fs_param *params)
{
	json_t *all = json_object();

	for (const struct fs_param *p = params; p != NULL && p->name != NULL; p++)
		json_object_set_new(all, p->name, param_json(p));
	return all;
}

json_t *describe_benches(const struct plan *plan)
{
	json_t *benches = json_object();

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct cell *cell = &plan->cells[i];
		const struct fs_kernel *kernel = cell->kernel;
		const char *name = kernel != NULL ? kernel->name : cell->bench->name;

		if (json_object_get(benches, name) == NULL)
			json_object_set_new(benches, name,
				json_pack("{s:s, s:s, s:o, s:o, s:s*, s:s*}", "kind", cell_kind(cell), "summary",
					kernel != NULL ? kernel->summary : cell->bench->summary, "plots",
					plots_json(kernel != NULL ? five_step_plots : cell->bench->plots), "parameters",
					describe_params(cell_own_params(cell)), "promise", kernel != NULL ? NULL : cell->bench->promise,
					"expected_failure", kernel != NULL ? NULL : cell->bench->expected_failure));
	}
	return benches;
}

static json_t *offers_json(unsigned offers)
{
	json_t *list = json_array();

	for (unsigned bit = 0; bit < FS_OFFERS; bit++)
		if (offers & 1u << bit)
			json_array_append_new(list, json_string(fs_offer_names[bit]));
	return list;
}

json_t *describe_setups(const struct plan *plan)
{
	json_t *setups = json_object();

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct fs_setup *s = plan->cells[i].setup;

		if (s == NULL || json_object_get(setups, s->name) != NULL)
			continue;
		json_object_set_new(setups, s->name,
			json_pack("{s:s, s:s, s:o, s:o}", "summary", s->summary, "memory", describe_memory[s->memory], "offers",
				offers_json(s->offers), "parameters", describe_params(s->params)));
		if (s->needs & FS_CAP_PIN)
			json_object_set_new(json_object_get(setups, s->name), "pinned", json_true());
	}
	return setups;
}

static bool uses_unit(const struct plan *plan, const struct fs_device *device, unsigned unit)
{
	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct fs_arg *arg = args_get(&plan->cells[i].args, "unit");

		if (plan->cells[i].device == device && arg != NULL && arg->whole == unit)
			return true;
	}
	return false;
}

/* Facts by kind. Those from the device's own library and those from sysfs about its link are listed side by side. */
static json_t *unit_json(unsigned number, struct fs_unit *unit, const struct fs_machine *machine)
{
	static const char *const kinds[FS_FACT_KINDS] = {"identity", "factors", "state"};
	json_t *json = json_pack("{s:i, s:s, s:s, s:b}", "unit", (int)number, "name", unit->name, "driver", unit->driver, "emulated", unit->emulated);

	unit_pci_facts(machine, unit->bus, &unit->facts);
	for (unsigned i = 0; i < unit->facts.n; i++) {
		const struct fs_fact *fact = &unit->facts.fact[i];
		json_t *facts = json_object_get(json, kinds[fact->kind]);

		if (facts == NULL) {
			facts = json_object();
			json_object_set_new(json, kinds[fact->kind], facts);
		}
		json_object_set_new(facts, fact->name, json_string(fact->value));
	}
	if (unit->facts.lost != 0)
		json_object_set_new(json, "facts_lost", json_integer(unit->facts.lost));
	return json;
}

/* The units that the plan uses; sets *emulated if one of them is emulated. */
static json_t *units_json(const struct plan *plan, const struct fs_device *device, const struct fs_machine *machine, bool *emulated)
{
	struct fs_unit units[FS_UNITS];
	unsigned found = device->units(units, FS_UNITS), n = found < FS_UNITS ? found : FS_UNITS;
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++) {
		if (!uses_unit(plan, device, i))
			continue;
		*emulated = *emulated || units[i].emulated;
		json_array_append_new(list, unit_json(i, &units[i], machine));
	}
	return list;
}

/* {"pages_to_device": "device"}: the counts that say what went to a side. */
static json_t *moved_json(const struct fs_count_def *counts)
{
	json_t *moved = json_object();

	for (; counts != NULL && counts->name != NULL; counts++)
		if (counts->to != 0)
			json_object_set_new(moved, counts->name, json_string(fs_side_names[counts->to - FS_TO(FS_HOST)]));
	return moved;
}

static json_t *device_json(const struct plan *plan, const struct fs_device *device, const struct fs_machine *machine)
{
	bool emulated = device->emulated;
	json_t *units = device->units != NULL ? units_json(plan, device, machine, &emulated) : NULL;
	json_t *json = json_pack("{s:s, s:s, s:b, s:s*, s:o, s:o}", "name", device->name, "summary", device->summary, "emulated", emulated,
		"coherent", device->coherent, "moved", moved_json(device->counts), "parameters", describe_params(device->params));

	if (units != NULL)
		json_object_set_new(json, "units", units);
	return json;
}

json_t *describe_devices(const struct plan *plan, const struct fs_machine *machine)
{
	json_t *seen = json_object(), *list = json_array();

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct fs_device *d = plan->cells[i].device;

		if (d == NULL || json_object_get(seen, d->name) != NULL)
			continue;
		json_object_set_new(seen, d->name, json_true());
		json_array_append_new(list, device_json(plan, d, machine));
	}
	json_decref(seen);
	return list;
}

json_t *describe_lies(const struct plan *plan)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct fs_arg *arg = args_get(&plan->cells[i].args, "lie");

		if (arg != NULL && arg->whole != 0)
			json_object_set_new(all, arg->text, json_true());
	}
	if (json_object_size(all) == 0) {
		json_decref(all);
		all = NULL;
	}
	return all;
}

json_t *describe_inputs(const struct plan *plan)
{
	json_t *all = json_object();

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct fs_args *args = &plan->cells[i].args;

		for (unsigned k = 0; k < args->n; k++) {
			char digest[INPUT_DIGEST];

			if (input_digest(&args->arg[k], digest))
				json_object_set_new(all, args->arg[k].text, json_string(digest));
		}
	}
	if (json_object_size(all) == 0) {
		json_decref(all);
		all = NULL;
	}
	return all;
}

bool describe_has_lies(const struct plan *plan)
{
	bool declares = false;

	for (unsigned i = 0; i < plan->ncells && !declares; i++)
		declares = args_get(&plan->cells[i].args, "lie") != NULL;
	return declares;
}
