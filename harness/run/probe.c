/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * probe.c - compares what setups need with what devices support here, and sizes with available memory.
 */
#include "config.h"

#include "harness/run/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/array.h"
#include "harness/plan/params.h"

/* Memory that the process, the libraries and the kernel need besides the buffers. */
#define SPARE_BYTES (64ull << 20)

/* The capabilities of each device, probed once: a probe may start processes, and a plan has many cells with few devices. */
struct probes {
	const struct fs_machine *machine;
	struct probed {
		const struct fs_device *device;
		struct fs_probe probe;
	} * all, none; /* none: used without memory for an entry */
	unsigned n;
};

static const struct fs_probe *probe_of(struct probes *probes, const struct fs_device *device)
{
	struct probed *probed = &probes->none;

	for (unsigned i = 0; i < probes->n; i++)
		if (probes->all[i].device == device)
			return &probes->all[i].probe;
	if (ARRAY_ADD(probes->all, probes->n, ARRAY_FEW, "devices", NULL) == 0)
		probed = &probes->all[probes->n++];
	memset(probed, 0, sizeof(*probed));
	probed->device = device;
	device->probe(probes->machine, &probed->probe);
	return &probed->probe;
}

static int device_lacks(const struct fs_probe *probe, const struct fs_device *device, unsigned needs, struct fs_reason *why)
{
	unsigned missing = needs & ~probe->caps;

	for (unsigned bit = 0; bit < FS_CAPS; bit++) {
		const struct fs_reason *lack = &probe->lacks[bit];

		if ((missing >> bit & 1) == 0)
			continue;
		if (lack->what[0] != '\0')
			return fs_because(why, -ENOTSUP, lack->remedy, "%s", lack->what);
		return fs_because(why, -ENOTSUP, "use another device: see fivestep list devices", "%s has no %s", device->name, fs_cap_names[bit]);
	}
	return 0;
}

int probe_pair(const struct fs_setup *setup, const struct fs_device *device, const struct fs_machine *machine, struct fs_reason *why)
{
	struct fs_probe probe = {0};
	int err;

	device->probe(machine, &probe);
	err = device_lacks(&probe, device, setup->needs, why);
	if (err == 0 && setup->probe != NULL)
		err = setup->probe(machine, why);
	return err;
}

/* A parameter `node` selects the device's memory, whatever was detected. */
static bool node_was_given(const struct cell *cell)
{
	const struct fs_arg *node = args_get(&cell->args, "node");

	return node != NULL && node->set && node->real >= 0;
}

static int given_node(const struct cell *cell, const struct fs_machine *machine, struct fs_reason *why)
{
	int id = (int)args_get(&cell->args, "node")->real, index = machine_node_index(machine, id);

	if (index < 0)
		return fs_because(why, -ENODEV, "fivestep doctor lists the nodes", "memory node %d does not exist", id);
	if (cell->setup->memory == FS_MEMORY_COHERENT && index == machine_host_node(machine))
		return fs_because(
			why, -EINVAL, "use another node; fivestep doctor lists them", "node %d is the host's own: no access would be remote", id);
	return 0;
}

static int probe_device(const struct cell *cell, struct probes *probes, struct fs_reason *why)
{
	/* Both sides working on one buffer at the same time need atomics between them. */
	unsigned needs = cell->setup->needs | ((cell_needs(cell) & FS_SHARED) != 0 ? FS_CAP_ATOMIC : 0);
	const struct fs_machine *machine = probes->machine;
	struct fs_probe probe = *probe_of(probes, cell->device);
	int err = 0;

	if (node_was_given(cell)) {
		err = given_node(cell, machine, why);
		probe.caps |= (FS_CAP_COHERENT | FS_CAP_NODE) & (cell->device->can != 0 ? cell->device->can : ~0u);
	}
	if (err == 0)
		err = device_lacks(&probe, cell->device, needs, why);
	/* A device that only tests the harness needs nothing from the machine. */
	if (err == 0 && cell->setup->probe != NULL && !cell->device->hidden)
		err = cell->setup->probe(machine, why);
	return err;
}

/*
 * Refused before anything is allocated: a machine that swaps or kills processes measures nothing. The reason shows the sum, so that it never says
 * "needs 60 MiB, 98 are available"; the remedy is a size that fits, if there is one.
 */
static int probe_memory(const struct cell *cell, const struct fs_machine *machine, struct fs_reason *why)
{
	uint64_t bytes = cell_bytes(cell), copies = cell->setup != NULL && cell->setup->copies > 1 ? cell->setup->copies : 1;
	uint64_t room = machine->available_bytes > SPARE_BYTES ? (machine->available_bytes - SPARE_BYTES) / copies : 0;
	const char *where = machine->cgroup_limited ? " in this memory cgroup" : "";
	char fits[BYTES_TEXT], remedy[160];
	double mib = 1 << 20;

	if (machine->available_bytes == 0 || bytes <= room)
		return 0;
	bytes_format(room >= 1 << 20 ? room >> 20 << 20 : room >> 10 << 10, fits);
	snprintf(remedy, sizeof(remedy), "%s%s%s", room >> 10 != 0 ? "use a size of at most " : "end other programs", room >> 10 != 0 ? fits : "",
		machine->cgroup_limited ? ", or a higher memory limit of the cgroup" : "");
	return fs_because(why, -ENOMEM, remedy, "needs %.1f MiB (%llu x %.1f MiB for buffers, %.0f MiB for the process), %.1f MiB are available%s",
		(double)(bytes * copies + SPARE_BYTES) / mib, (unsigned long long)copies, (double)bytes / mib, (double)SPARE_BYTES / mib,
		(double)machine->available_bytes / mib, where);
}

static int probe_workers(const struct cell *cell, const struct fs_machine *machine, struct fs_reason *why)
{
	const struct fs_arg *workers = args_get(&cell->args, "workers");
	char remedy[96];

	if (workers == NULL || !workers->set || workers->whole <= machine->cpus)
		return 0;
	snprintf(remedy, sizeof(remedy), "use -p workers=%u, or more CPUs", machine->cpus);
	return fs_because(
		why, -EBUSY, remedy, "%llu workers on %u CPUs would measure the scheduler", (unsigned long long)workers->whole, machine->cpus);
}

/* The kernel's setting for transparent huge pages of this size; "always" if it has none. */
static bool huge_pages_are_off(const struct fs_machine *machine)
{
	char path[112], line[80] = "";

	snprintf(path, sizeof(path), "/sys/kernel/mm/transparent_hugepage/hugepages-%zukB/enabled", fs_huge_bytes() >> 10);
	if (machine_read_line(machine, path, line, sizeof(line)) != 0 || strstr(line, "[inherit]") != NULL)
		machine_read_line(machine, "/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line));
	return strstr(line, "[never]") != NULL;
}

/* If they are not available, all rounds of the cell would fail alike; if the kernel just finds none free, a round's evidence says so. */
static int probe_huge(const struct cell *cell, const struct fs_machine *machine, struct fs_reason *why)
{
	char size[BYTES_TEXT], line[80];

	bytes_format(fs_huge_bytes(), size);
	if (machine_read_line(machine, "/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line)) != 0)
		return fs_because(why, -ENOTSUP, "page=base, or a kernel with CONFIG_TRANSPARENT_HUGEPAGE",
			"no pages of %s: this kernel has no transparent huge pages", size);
	if (prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1)
		return fs_because(why, -ENOTSUP, "page=base, or start fivestep where they are not disabled",
			"no pages of %s: transparent huge pages are disabled for this process (PR_SET_THP_DISABLE)", size);
	/* Mirrored memory is collapsed on request (MADV_COLLAPSE), which no setting forbids. */
	if (cell->setup != NULL && cell->setup->memory != FS_MEMORY_MIRROR && huge_pages_are_off(machine))
		return fs_because(why, -ENOTSUP, "page=base, or, as root: echo madvise >/sys/kernel/mm/transparent_hugepage/enabled",
			"no pages of %s: transparent huge pages are switched off", size);
	return 0;
}

static int probe_form(const struct cell *cell, const struct fs_arg *arg, const struct fs_machine *machine, struct fs_reason *why)
{
	uint64_t page = fs_page_bytes();
	char base[BYTES_TEXT], huge[BYTES_TEXT], whole[BYTES_TEXT], remedy[96];

	bytes_format(page, base);
	bytes_format(fs_huge_bytes(), huge);
	if (arg->whole < arg->param->min_pages * page) {
		bytes_format(arg->param->min_pages * page, whole);
		snprintf(remedy, sizeof(remedy), "%s=%s", arg->param->name, whole);
		return fs_because(why, -EINVAL, remedy, "%s=%s: less than %u pages of %s", arg->param->name, arg->text, arg->param->min_pages, base);
	}
	switch (arg->param->form) {
	case FS_FORM_ANY:
		break;
	case FS_FORM_PAGES:
		if (arg->whole % page == 0)
			break;
		bytes_format((arg->whole + page - 1) / page * page, whole);
		snprintf(remedy, sizeof(remedy), "%s=%s", arg->param->name, whole);
		return fs_because(why, -EINVAL, remedy, "%s=%s: not whole pages of %s", arg->param->name, arg->text, base);
	case FS_FORM_GRANULE:
		if (arg->whole >= page)
			break;
		snprintf(remedy, sizeof(remedy), "%s=base, or a power of two of at least %s", arg->param->name, base);
		return fs_because(why, -EINVAL, remedy, "%s=%s: less than a page, which is %s here", arg->param->name, arg->text, base);
	case FS_FORM_PAGE:
		if (arg->whole == page)
			break;
		if (arg->whole == fs_huge_bytes())
			return probe_huge(cell, machine, why);
		snprintf(remedy, sizeof(remedy), "%s=base (%s) or %s=huge (%s)", arg->param->name, base, arg->param->name, huge);
		return fs_because(why, -EINVAL, remedy, "%s=%s: this machine has no pages of this size for any process", arg->param->name, arg->text);
	}
	return 0;
}

static int probe_forms(const struct cell *cell, const struct fs_machine *machine, struct fs_reason *why)
{
	int err = 0;

	for (unsigned i = 0; i < cell->args.n && err == 0; i++)
		err = probe_form(cell, &cell->args.arg[i], machine, why);
	return err;
}

/* Whether the device accepts this combination of values. */
static int probe_accepts(const struct cell *cell, struct fs_reason *why)
{
	if (cell->device == NULL || cell->device->accepts == NULL)
		return 0;
	return cell->device->accepts(&cell->args, cell->setup->memory, cell_bytes(cell), why);
}

static int probe_cell(const struct cell *cell, struct probes *probes, struct fs_reason *why)
{
	const struct fs_machine *machine = probes->machine;
	int err = 0;

	if (machine->foreign)
		return machine_foreign_because(why, -ENOTSUP, "the topology is that of another machine");
	if (cell->device != NULL)
		err = probe_device(cell, probes, why);
	if (err == 0)
		err = probe_forms(cell, machine, why);
	if (err == 0)
		err = probe_accepts(cell, why);
	if (err == 0)
		err = probe_memory(cell, machine, why);
	if (err == 0)
		err = probe_workers(cell, machine, why);
	return err;
}

/* Not present, or not useful enough to be measured by a plan that does not name it. */
static bool is_left_out(const struct fs_device *device, struct probes *probes)
{
	const struct fs_probe *probe = probe_of(probes, device);

	return probe->caps == 0 || probe->only_named;
}

void probe_leave_out(struct plan *plan, const struct fs_machine *machine)
{
	struct probes probes = {.machine = machine};
	unsigned kept = 0;

	for (unsigned i = 0; i < plan->ncells; i++) {
		struct cell *cell = &plan->cells[i];

		if (cell->device != NULL && !cell->device_named && is_left_out(cell->device, &probes))
			continue;
		plan->cells[kept] = *cell;
		plan->cells[kept].id = kept;
		kept++;
	}
	plan->ncells = kept;
	free(probes.all);
}

void probe_cells(struct plan *plan, const struct fs_machine *machine)
{
	struct probes probes = {.machine = machine};

	for (unsigned i = 0; i < plan->ncells; i++) {
		struct cell *cell = &plan->cells[i];

		if (!cell->skipped)
			cell->skipped = probe_cell(cell, &probes, &cell->skip) != 0;
	}
	free(probes.all);
}
