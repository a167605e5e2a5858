/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * emu - the emulated device, available on every Linux: workers with their own memory (copy), with their own page
 * tables (hmm), or with the process's page tables and memory on a node (cdm). Its results are labelled
 * emulated: its faults are real wake-ups and its migrations real copies, but its engine is this machine's CPU.
 */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/device/common.h"
#include "harness/device/emu/emu.h"
#include "harness/machine/pages.h"
#include "harness/machine/topology.h"

#define MIRROR .memory = FS_UNDER(FS_MEMORY_MIRROR)

/* A mode reads only those that act under its kind of memory. */
static const struct fs_param params[] = {
	MODES_GRANULE("hmm: bytes that one fault migrates, a power of two"),
	MODES_PAGE("page size of both memories: base or huge; huge needs granule=huge under hmm"),
	MODES_CAPACITY("hmm: capacity of device memory in bytes; beyond it the oldest granules are evicted. 0: unlimited"),
	MODES_WORKERS,
	{.name = "drivers",
		.type = FS_PARAM_COUNT,
		.initial = "1",
		.min = 1,
		.max = 64,
		MIRROR,
		.help = "hmm: threads that serve faults, on each side"},
	{.name = "thrash",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|pin|throttle",
		MIRROR,
		.help = "hmm: what is done about a granule that bounces between the sides"},
	{.name = "thrash_moves",
		.type = FS_PARAM_COUNT,
		.initial = "3",
		.min = 2,
		.max = 10000,
		MIRROR,
		.when = "thrash=pin|throttle",
		.help = "hmm: moves of a granule within the window that count as thrashing"},
	{.name = "thrash_window",
		.type = FS_PARAM_COUNT,
		.initial = "10000",
		.min = 1,
		.max = 60e6,
		MIRROR,
		.when = "thrash=pin|throttle",
		.help = "hmm: the window, in us"},
	{.name = "throttle",
		.type = FS_PARAM_COUNT,
		.initial = "100",
		.min = 1,
		.max = 1e6,
		MIRROR,
		.when = "thrash=throttle",
		.help = "hmm: how long thrash=throttle delays a fault, in us"},
	MODES_NODE("memory node of the device; -1: the best one found"),
	{.name = "cpus",
		.type = FS_PARAM_CHOICE,
		.initial = "any",
		.choices = "any|one",
		.help = "one: both sides and their drivers share one CPU, so that a fault includes no wake-up of an idle CPU (floor.fault is "
			"measured "
			"so)"},
	{.name = "lie_page",
		.type = FS_PARAM_REAL,
		.initial = "-1",
		.min = -1,
		.max = 1e9,
		MIRROR,
		.help = "hmm: the index of a page that is reported to migrate but does not: evidence must detect it",
		.test_only = true},
	{0},
};
#undef MIRROR

/* One line per mode: the kind of memory, and its implementation. emu does not have a kind without a line (see probe_emu below). */
static const struct emu_mode *const modes[FS_MEMORIES] = {
	[FS_MEMORY_DEVICE] = &emu_separate,
	[FS_MEMORY_MIRROR] = &emu_mirror,
	[FS_MEMORY_COHERENT] = &emu_coherent,
};

/* ---- capabilities */

static void probe_emu(const struct fs_machine *machine, struct fs_probe *probe)
{
	const unsigned mirror = FS_CAP_MIRROR | FS_CAP_PREFETCH | FS_CAP_CAPACITY;
	struct fs_reason why = {0};
	int node;

	probe->caps = FS_CAP_COPY | FS_CAP_MIGRATE | FS_CAP_RESIDENCE | FS_CAP_ATOMIC;
	if (hmm_probe(machine, &why) == 0)
		probe->caps |= mirror;
	else
		device_lacks(probe, mirror, &why);
	node = machine_device_node(machine, &why);
	/* A node that is there may still be one that a container's filter forbids to use. */
	if (node >= 0 && !machine->foreign && pages_probe(machine->nodes[node].id, &why) != 0)
		node = -1;
	if (node >= 0)
		probe->caps |= FS_CAP_COHERENT | FS_CAP_NODE;
	else
		device_lacks(probe, FS_CAP_COHERENT | FS_CAP_NODE, &why);
	snprintf(probe->summary, sizeof(probe->summary), "%s%s%s", (probe->caps & FS_CAP_MIRROR) != 0 ? "own page tables (userfaultfd), " : "",
		"own memory", node >= 0 ? ", memory on a node" : "");
}

/* ---- open and close */

static int accepts(const struct fs_args *args, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why)
{
	return modes_accept(modes[kind], args, bytes, why);
}

/* Before the first thread starts: all threads, and the device's process, inherit it. */
static int share_one_cpu(struct fs_job *job)
{
	int cpu = sched_getcpu(), err = 0;
	cpu_set_t *cpus = cpu >= 0 ? CPU_ALLOC(cpu + 1) : NULL;
	size_t bytes = cpu >= 0 ? CPU_ALLOC_SIZE(cpu + 1) : 0;

	if (cpus == NULL)
		return fs_error(job, -errno, "cpus=one: cannot determine the current CPU: %s", strerror(errno));
	CPU_ZERO_S(bytes, cpus);
	CPU_SET_S(cpu, bytes, cpus);
	if (sched_setaffinity(0, bytes, cpus) != 0)
		err = fs_error(job, -errno, "cpus=one: cannot stay on CPU %d: %s", cpu, strerror(errno));
	CPU_FREE(cpus);
	return err;
}

static int open_emu(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	int err = fs_is(job, "cpus", "one") ? share_one_cpu(job) : 0;

	return err != 0 ? err : modes_open(job, modes[kind], kind, bytes, dev);
}

/* ---- counts */

/* One line per count: its declaration and where it is stored. */
#define COUNTS(COUNT, COUNT_TO)                                                                                                                      \
	COUNT("events_to_device", "faults", hmm.events[FS_DEVICE], "hmm: userfaultfd events read, caused by the device")                             \
	COUNT("events_to_host", "faults", hmm.events[FS_HOST], "hmm: userfaultfd events read, caused by the CPU")                                    \
	COUNT_TO(FS_DEVICE, "faults_to_device", "faults", hmm.faults[FS_DEVICE], "hmm: events that migrated a granule")                              \
	COUNT_TO(FS_HOST, "faults_to_host", "faults", hmm.faults[FS_HOST], "hmm: events that migrated a granule")                                    \
	COUNT("remaps_to_device", "faults", hmm.remaps[FS_DEVICE], "hmm: events on a page that was already there")                                   \
	COUNT("remaps_to_host", "faults", hmm.remaps[FS_HOST], "hmm: events on a page that was already there")                                       \
	COUNT("prefetched_to_device", "pages", hmm.prefetched[FS_DEVICE], "hmm: pages moved on request, without a fault")                            \
	COUNT("prefetched_to_host", "pages", hmm.prefetched[FS_HOST], "hmm: pages moved on request, without a fault")                                \
	COUNT_TO(FS_DEVICE, "pages_to_device", "pages", hmm.pages[FS_DEVICE], "hmm: pages moved, by any cause")                                      \
	COUNT_TO(FS_HOST, "pages_to_host", "pages", hmm.pages[FS_HOST], "hmm: pages moved, by any cause")                                            \
	COUNT_TO(FS_DEVICE, "bytes_to_device", "bytes", hmm.bytes[FS_DEVICE], "hmm: bytes moved, by any cause")                                      \
	COUNT_TO(FS_HOST, "bytes_to_host", "bytes", hmm.bytes[FS_HOST], "hmm: bytes moved, by any cause")                                            \
	COUNT("wait_ns_to_device", "ns", hmm.wait_ns[FS_DEVICE], "hmm: from reading an event to locking its granule")                                \
	COUNT("wait_ns_to_host", "ns", hmm.wait_ns[FS_HOST], "hmm: from reading an event to locking its granule")                                    \
	COUNT("unmap_ns_to_device", "ns", hmm.unmap_ns[FS_DEVICE], "hmm: removing the mapping")                                                      \
	COUNT("unmap_ns_to_host", "ns", hmm.unmap_ns[FS_HOST], "hmm: removing the mapping")                                                          \
	COUNT("copy_ns_to_device", "ns", hmm.copy_ns[FS_DEVICE], "hmm: copying")                                                                     \
	COUNT("copy_ns_to_host", "ns", hmm.copy_ns[FS_HOST], "hmm: copying")                                                                         \
	COUNT("map_ns_to_device", "ns", hmm.map_ns[FS_DEVICE], "hmm: mapping on the other side, and waking the waiting threads")                     \
	COUNT("map_ns_to_host", "ns", hmm.map_ns[FS_HOST], "hmm: mapping on the other side, and waking the waiting threads")                         \
	COUNT("moved_ns_to_device", "ns", hmm.moved_ns[FS_DEVICE], "hmm: the sum of these stages")                                                   \
	COUNT("moved_ns_to_host", "ns", hmm.moved_ns[FS_HOST], "hmm: the sum of these stages")                                                       \
	COUNT("evicted_pages", "pages", hmm.evicted, "hmm: pages moved to the host to free device memory")                                           \
	COUNT("pinned_granules", "granules", hmm.pinned, "hmm: granules that thrash=pin keeps on the host")                                          \
	COUNT("throttled_faults", "faults", hmm.throttled, "hmm: faults that thrash=throttle delayed")                                               \
	COUNT("residence_conflicts", "pages", residence_conflicts, "hmm: pages whose page tables contradict the ownership table")                    \
	COUNT_TO(FS_DEVICE, "copied_to_device_bytes", "bytes", copied_bytes[FS_DEVICE], "copy: bytes of explicit transfers")                         \
	COUNT_TO(FS_HOST, "copied_to_host_bytes", "bytes", copied_bytes[FS_HOST], "copy: bytes of explicit transfers")                               \
	COUNT("placed_on_device_pages", "pages", placed_pages[FS_DEVICE], "cdm: pages that move_pages moved or found there")                         \
	COUNT("placed_on_host_pages", "pages", placed_pages[FS_HOST], "cdm: pages that move_pages moved or found there")                             \
	COUNT_TO(FS_DEVICE, "moved_to_device", "pages", moved_pages[FS_DEVICE], "cdm: of those, pages that were reported on another node before")    \
	COUNT_TO(FS_HOST, "moved_to_host", "pages", moved_pages[FS_HOST], "cdm: of those, pages that were reported on another node before")          \
	COUNT("not_placed_pages", "pages", not_placed_pages, "cdm: pages that move_pages could not move")

#define COUNTED struct emu_counts
static const struct fs_count_def count_defs[] = {COUNTS(COUNT_DECLARATION, COUNT_TO_DECLARATION){0}};
static const size_t places[] = {COUNTS(COUNT_PLACE, COUNT_TO_PLACE)};

static int count(void *dev, uint64_t *values)
{
	struct emu *emu = dev;
	struct emu_counts counts = {0};

	emu->mode->count(emu->opened, &counts);
	counts_take(values, &counts, places, FS_ARRAY_SIZE(places));
	return 0;
}

static size_t capacity(const struct fs_job *job)
{
	return fs_size(job, "capacity");
}

static size_t granule(const struct fs_job *job)
{
	return fs_size(job, "granule");
}

const struct fs_device device_emu = {
	.name = "emu",
	.coherent = "NUMA node",
	.summary = "emulated device: own memory, own page tables, or memory on a node",
	.params = params,
	.emulated = true,
	.ordinary = FS_UNDER(FS_MEMORY_COHERENT),
	.in_threads = true,
	.can = FS_CAP_COPY | FS_CAP_MIRROR | FS_CAP_MIGRATE | FS_CAP_COHERENT | FS_CAP_RESIDENCE | FS_CAP_PREFETCH | FS_CAP_ATOMIC | FS_CAP_CAPACITY |
	       FS_CAP_NODE,
	.probe = probe_emu,
	.accepts = accepts,
	.open = open_emu,
	MODES_PRIMITIVES,
	.granule = granule,
	.capacity = capacity,
	.counts = count_defs,
	.count = count,
};
