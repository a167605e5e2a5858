/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor - what this machine can do; for everything it cannot, the reason and the remedy.
 */
#include "config.h"

#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cpu_name.h"
#include "base/jsontext.h"
#include "base/say.h"
#include "base/text.h"
#include "harness/plan/catalog.h"
#include "command/command.h"
#include "command/usage.h"
#include "harness/round/counters.h"
#include "harness/machine/fingerprint.h"
#include "harness/run/probe.h"
#include "harness/run/round.h"
#include "harness/machine/unit.h"

/* A finding: {"status", "what", "detail", "remedy"}. */
static void add(json_t *findings, const char *status, const char *what, const char *detail, const char *remedy)
{
	json_array_append_new(findings, json_pack("{s:s, s:s, s:s, s:s}", "status", status, "what", what, "detail", detail, "remedy", remedy));
}

/* The same for a text of any length, which is empty afterwards. */
static void add_text(json_t *findings, const char *status, const char *what, struct text *detail, const char *remedy)
{
	add(findings, status, what, text_string(detail), remedy);
	text_clear(detail);
}

/* Which are there, and what memory cdm calls whose. */
static void check_nodes(json_t *findings, const struct fs_machine *machine)
{
	struct fs_reason why = {0};
	int host = machine_host_node(machine), device = machine_device_node(machine, &why);
	struct text text = {0};

	text_add(&text, "%u:", machine->nnodes);
	for (unsigned i = 0; i < machine->nnodes; i++) {
		const struct fs_node *node = &machine->nodes[i];

		text_add(&text, " node %d (%.1f GiB, %u CPUs%s%s)", node->id, (double)node->bytes / (1 << 30), node->cpus,
			node->subtype[0] != '\0' ? ", " : "", node->subtype);
	}
	add_text(findings, "info", "memory nodes", &text, "");
	if (host < 0) {
		add(findings, "warn", "cdm nodes", "no node has memory", "");
		return;
	}
	if (device < 0) {
		text_add(&text, "host node %d, no device node: %s", machine->nodes[host].id, why.what);
		add_text(findings, "info", "cdm nodes", &text, why.remedy);
		return;
	}
	text_add(&text, "host node %d, device node %d, %s", machine->nodes[host].id, machine->nodes[device].id,
		machine->nodes[device].cpus == 0 ? "which has no CPUs" : "which has CPUs of its own");
	if (machine->distance[host][device] != 0)
		text_add(&text, ", at distance %u", machine->distance[host][device]);
	add_text(findings, "info", "cdm nodes", &text, "");
}

static void check_rounds(json_t *findings, const struct fs_machine *machine)
{
	struct fs_reason why = {0};

	if (!machine->foreign && round_probe(&why) != 0)
		add(findings, "warn", "rounds", why.what, why.remedy);
}

static void check_machine(json_t *findings, const struct fs_machine *machine)
{
	struct text text = {0};
	struct fs_reason why;
	char cpu[128];

	cpu_name(cpu, sizeof(cpu), machine->cpu_model, machine->ncpu_kinds != 0 ? machine->cpu_kinds[0].name : NULL);
	text_add(&text, "%s, %u CPUs, %.1f GiB", *cpu ? cpu : "a processor without a name", machine->cpus, (double)machine->memory_bytes / (1 << 30));
	/* A recorded machine does not say. */
	if (machine->available_bytes != 0)
		text_add(&text, " (%.1f GiB available)", (double)machine->available_bytes / (1 << 30));
	if (machine->guest)
		text_add(&text, ", a virtual machine%s%s", machine->hypervisor[0] != '\0' ? " of " : "", machine->hypervisor);
	add_text(findings, "info", "machine", &text, "");
	check_rounds(findings, machine);
	check_nodes(findings, machine);
	for (unsigned i = 0; i < machine->nhardware; i++)
		add(findings, "info", machine->hardware[i].kind, machine->hardware[i].name, "");
	if (machine->foreign) {
		machine_foreign_because(&why, 0, "it is that of another machine: nothing can be measured");
		add(findings, "warn", "topology", why.what, why.remedy);
	}
	for (unsigned i = 0; i < machine->nunread && i < MACHINE_UNREAD; i++) {
		const struct fs_unread *unread = &machine->unread[i];

		text_add(&text, "%s %s (%s): runs will not be comparable with others", unread->fields,
			unread->beyond ? "incomplete" : "cannot be read", unread->what);
		add_text(findings, "warn", "identity", &text,
			unread->beyond ? "raise the limit in harness/machine/topology.h and rebuild" : "run as root, or outside the container");
	}
	if (machine->emulated)
		add(findings, "warn", "processor", "the CPU is emulated: times are not comparable across machines", "");
}

/* On a recorded machine nothing is tried: what it seems to have is not certain. */
static void add_found(json_t *findings, const struct fs_machine *machine, const char *what, const char *summary)
{
	struct text text = {0};

	text_add(&text, "%s%s", summary, machine->foreign ? "; according to the record, not tried" : "");
	add_text(findings, machine->foreign ? "info" : "ok", what, &text, "");
}

/* Returns whether the device has any capability here. */
static bool check_device(json_t *findings, const struct fs_device *device, const struct fs_machine *machine)
{
	struct fs_probe probe = {0};

	device->probe(machine, &probe);
	if (probe.caps != 0)
		add_found(findings, machine, device->name, probe.summary);
	else
		add(findings, "skip", device->name, probe.lacks[0].what, probe.lacks[0].remedy);
	return probe.caps != 0;
}

/* A setting that perturbs measurements gets a line of its own, with the remedy. */
static void check_facts(json_t *findings, const char *unit, const struct fs_facts *facts)
{
	struct text known = {0}, text = {0};

	for (unsigned i = 0; i < facts->n; i++) {
		const struct fs_fact *fact = &facts->fact[i];

		if (fact->remedy[0] == '\0') {
			text_add(&known, "%s%s %s", known.len != 0 ? "; " : "", fact->name, fact->value);
			continue;
		}
		text_add(&text, "%s %s", fact->name, fact->value);
		add_text(findings, "warn", unit, &text, fact->remedy);
	}
	if (known.len != 0 || known.lost)
		add_text(findings, "info", unit, &known, "");
}

static void check_units(json_t *findings, const struct fs_device *device, const struct fs_machine *machine)
{
	struct fs_unit units[FS_UNITS];
	unsigned found = device->units != NULL ? device->units(units, FS_UNITS) : 0;
	struct text text = {0};
	char what[64];

	if (found > FS_UNITS) {
		text_add(&text, "%u units, of which the first %d can be used", found, FS_UNITS);
		add_text(findings, "warn", device->name, &text, "");
	}
	for (unsigned i = 0; i < found && i < FS_UNITS; i++) {
		snprintf(what, sizeof(what), "%s unit %u", device->name, i);
		text_add(&text, "%s (%s)%s, %s", units[i].name, units[i].driver, units[i].emulated ? ", software on the CPU" : "", units[i].detail);
		add_text(findings, "info", what, &text, "");
		unit_pci_facts(machine, units[i].bus, &units[i].facts);
		check_facts(findings, what, &units[i].facts);
		if (units[i].facts.lost != 0) {
			text_add(&text, "more than %d facts: %u are left out", FS_UNIT_FACTS, units[i].facts.lost);
			add_text(findings, "warn", what, &text, "");
		}
	}
}

static void check_setups(json_t *findings, const struct fs_device *device, const struct fs_machine *machine)
{
	const struct fs_setup *setup;

	for (unsigned i = 0; (setup = catalog_setup(i)) != NULL; i++) {
		struct fs_reason why = {0};
		char what[64];

		/* A setup that the device supports on no machine is not a finding. */
		if (device->can != 0 && (setup->needs & ~device->can) != 0)
			continue;
		snprintf(what, sizeof(what), "%s %s", setup->name, device->name);
		if (probe_pair(setup, device, machine, &why) == 0)
			add_found(findings, machine, what, setup->summary);
		else
			add(findings, "skip", what, why.what, why.remedy);
	}
}

/* One finding for each reason why events of a source are not available. */
static void check_events(json_t *findings, const struct fs_counter *counter, const struct fs_opened *opened, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const char *what = opened[i].why.what;
		unsigned alike = 0, before = 0;
		struct text detail = {0};
		char title[64];

		for (unsigned k = 0; k < n; k++) {
			if (strcmp(opened[k].why.what, what) != 0)
				continue;
			alike++;
			before += k < i;
		}
		if (what[0] == '\0' || before != 0)
			continue;
		snprintf(title, sizeof(title), "%s, %u of %u", counter->name, alike, n);
		text_add(&detail, "%s%s: %s", opened[i].name, alike > 1 ? ", ..." : "", what);
		add_text(findings, "skip", title, &detail, opened[i].why.remedy);
	}
}

static void check_counters(json_t *findings, const struct fs_machine *machine)
{
	const struct fs_counter *counter;

	for (unsigned i = 0; (counter = catalog_counter(i)) != NULL; i++) {
		struct fs_opened opened[FS_EVENTS];
		const char *names[FS_EVENTS];
		struct fs_reason why = {0};
		unsigned n = 0;

		/* Most counters would describe the machine that this runs on. */
		if (machine->foreign) {
			add(findings, "info", counter->name, "unknown for a recorded machine", "");
			continue;
		}
		if (counter->probe(machine, &why) != 0) {
			add(findings, "skip", counter->name, why.what, why.remedy);
			continue;
		}
		add(findings, "ok", counter->name, counter->summary, "");
		for (; n < FS_EVENTS && counter->events[n].name != NULL; n++)
			names[n] = counter->events[n].name;
		counters_try(machine, counter, names, n, opened);
		check_events(findings, counter, opened, n);
	}
}

/* System state that perturbs measurements. */
static void check_state(json_t *findings, const struct fs_machine *machine)
{
	char line[256];
	double load = 0;

	if (machine->numa_balancing > 0)
		add(findings, "warn", "balancing", "kernel.numa_balancing=1 moves pages while they are measured",
			"recorded; sysctl kernel.numa_balancing=0");
	if (machine_read_line(machine, "/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line)) == 0 && strstr(line, "[always]") != NULL)
		add(findings, "warn", "huge pages", "transparent huge pages are always on", "recorded; every cell sets its own page size by madvise");
	if (machine_read_line(machine, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", line, sizeof(line)) == 0 &&
		strcmp(line, "performance") != 0)
		add(findings, "warn", "frequency", "the CPU frequency governor is not performance",
			"recorded; cpupower frequency-set -g performance");
	if (machine_read_line(machine, "/proc/loadavg", line, sizeof(line)) == 0)
		load = strtod(line, NULL);
	if (load > 0.5 * machine->cpus) {
		/* cut: as many tasks as a kernel has, at most */
		snprintf(line, sizeof(line), "load average %.1f on %u CPUs", load, machine->cpus);
		add(findings, "warn", "load", line, "recorded; measure when the machine is idle");
	}
}

/* Draws the pictures of reports. */
static void check_gnuplot(json_t *findings)
{
	const char *path = getenv("PATH");

	for (const char *p = path; p != NULL && *p != '\0'; p += strcspn(p, ":") + (p[strcspn(p, ":")] == ':')) {
		char file[512];

		snprintf(file, sizeof(file), "%.*s/gnuplot", (int)strcspn(p, ":"), p);
		if (access(file, X_OK) == 0) {
			add(findings, "ok", "gnuplot", "draws the pictures of reports", "");
			return;
		}
	}
	add(findings, "skip", "gnuplot", "not found: reports will have no pictures", "install gnuplot (apt install gnuplot-nox)");
}

static json_t *examine(const struct fs_machine *machine)
{
	json_t *findings = json_array();
	const struct fs_device *device;

	check_machine(findings, machine);
	for (unsigned i = 0; (device = catalog_device(i)) != NULL; i++) {
		if (device->hidden)
			continue;
		if (!check_device(findings, device, machine))
			continue;
		check_units(findings, device, machine);
		check_setups(findings, device, machine);
	}
	check_counters(findings, machine);
	check_gnuplot(findings);
	check_state(findings, machine);
	return findings;
}

static void print_text(const json_t *findings)
{
	const json_t *f;
	size_t i;

	json_array_foreach(findings, i, f)
	{
		const char *remedy = json_string_value(json_object_get(f, "remedy"));

		printf("%-5s %-20s %s", json_string_value(json_object_get(f, "status")), json_string_value(json_object_get(f, "what")),
			json_string_value(json_object_get(f, "detail")));
		printf(remedy[0] != '\0' ? "  -> %s\n" : "\n", remedy);
	}
}

static const struct argp_option options[] = {
	{"json", 'j', 0, 0, "print JSON", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*(bool *)state->input = true;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Says what this machine can do and, for everything it cannot, the reason and the remedy.",
};

static int doctor(int argc, char **argv)
{
	struct fs_machine *machine = calloc(1, sizeof(*machine));
	struct fs_reason why = {0};
	json_t *findings, *out;
	bool json = false;
	int err = 0;

	usage_parse("doctor", &argp, argc, argv, &json);
	if (machine == NULL || machine_probe(machine, &why) != 0) {
		say_error("doctor", &why);
		free(machine);
		return EXIT_OWN_ERROR;
	}
	findings = examine(machine);
	if (json) {
		out = json_pack("{s:o, s:O}", "machine", fingerprint_machine(machine), "findings", findings);
		err = jsontext_print(out, JSON_INDENT(2), stdout);
		json_decref(out);
	} else {
		print_text(findings);
	}
	json_decref(findings);
	free(machine);
	if (err != 0)
		say("doctor", "cannot write: %s", strerror(-err));
	return err == 0 ? EXIT_FINE : EXIT_OWN_ERROR;
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "[--json]",
	.summary = "what this machine can do, and the remedies for what it cannot",
	.run = doctor,
};
