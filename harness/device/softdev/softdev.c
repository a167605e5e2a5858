/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev - a software device that uses the kernel's HMM. Its kernel module handles the faults of a process and fills that process's page tables, as
 * a GPU driver does. Bodies run at the speed of this machine's CPUs; an access to a page that is not mapped is a device fault; and migration,
 * invalidation and CPU faults are the kernel's own code. See docs/devices.md.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/device/common.h"
#include "harness/device/softdev/softdev.h"
#include "harness/machine/topology.h"

#define MIRROR .memory = FS_UNDER(FS_MEMORY_MIRROR)

/* Each mode reads those for its kind of memory. */
static const struct fs_param params[] = {
	MODES_GRANULE("hmm: bytes that one device fault covers, a power of two of up to 512 pages"),
	MODES_PAGE("page size of the memory: base, or huge under copy"),
	MODES_CAPACITY("hmm: bytes of device memory; what does not fit is evicted, oldest first. 0: all fits"),
	{.name = "policy",
		.type = FS_PARAM_CHOICE,
		.initial = "migrate",
		.choices = "migrate|remote",
		MIRROR,
		.help = "hmm: a device fault brings the granule over, or maps it where it is"},
	{.name = "migrate_after",
		.type = FS_PARAM_COUNT,
		.initial = "1",
		.min = 1,
		.max = 65535,
		MIRROR,
		.help = "hmm: the device fault of a granule that brings it over; before that it is mapped where it is"},
	{.name = "pin_after",
		.type = FS_PARAM_COUNT,
		.initial = "0",
		.min = 0,
		.max = 65535,
		MIRROR,
		.help = "hmm: CPU faults on a granule after which it stays on the host. 0: never"},
	{.name = "read_first",
		.type = FS_PARAM_CHOICE,
		.initial = "no",
		.choices = "no|yes",
		MIRROR,
		.help = "hmm: a read by the device maps read-only, so that its first write is a fault, too"},
	MODES_WORKERS,
	MODES_NODE("memory node of the device's memory; -1: the kernel decides. Coherent memory has its place"),
	{0},
};

/* What provides each kind of memory. */
static const struct emu_mode *const modes[FS_MEMORIES] = {
	[FS_MEMORY_DEVICE] = &emu_separate,
	[FS_MEMORY_MIRROR] = &softdev_mirror,
	[FS_MEMORY_COHERENT] = &softdev_coherent,
};

/* ---- capabilities */

static int find(const struct fs_machine *machine, struct softdev_info *info, struct fs_reason *why)
{
	struct utsname name;
	int fd;

	if (machine->foreign)
		return fs_because(why, -ENOTSUP, "", "a recorded machine: nothing can be measured on it");
	if (access(SOFTDEV_NODE, F_OK) != 0) {
		uname(&name);
		softdev_lacks("", name.release, why);
		return -ENOENT;
	}
	fd = softdev_node_open(info, why);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

#define CAPS (FS_CAP_COPY | FS_CAP_MIRROR | FS_CAP_MIGRATE | FS_CAP_RESIDENCE | FS_CAP_PREFETCH | FS_CAP_ATOMIC | FS_CAP_CAPACITY | FS_CAP_COHERENT)

/* Without the module nothing is offered, not even copy: that would be emu under another name. */
static void probe_softdev(const struct fs_machine *machine, struct fs_probe *probe)
{
	struct softdev_info info = {0};
	struct fs_reason why = {0};
	bool coherent;

	device_lacks(probe, FS_CAP_NODE, &(struct fs_reason){"softdev's coherent memory is no node: the kernel does not balance it", "device=emu"});
	if (find(machine, &info, &why) < 0) {
		device_lacks(probe, CAPS, &why);
		return;
	}
	coherent = info.pages[SOFTDEV_COHERENT] != 0;
	probe->caps = coherent ? CAPS : CAPS & ~FS_CAP_COHERENT;
	fs_because(&why, 0, "fivestep guest run, or load it with coherent_start= and coherent_mib= (docs/devices.md)",
		"the module was loaded without a range of device-coherent memory");
	if (!coherent)
		device_lacks(probe, FS_CAP_COHERENT, &why);
	snprintf(probe->summary, sizeof(probe->summary), "the kernel's HMM by a driver of its own: device-private memory, a fault a granule%s",
		coherent ? "; device-coherent memory" : "");
}

static int accepts(const struct fs_args *args, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why)
{
	return modes_accept(modes[kind], args, bytes, why);
}

static int open_softdev(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	return modes_open(job, modes[kind], kind, bytes, dev);
}

/* ---- counts */

struct counts {
	struct emu_counts emu; /* copies */
	struct softdev_seen seen;
	uint64_t faults[FS_SIDES], pages[FS_SIDES], bytes[FS_SIDES], left;
};

#define DRIVER				seen.counts
#define STAGE(cause, stage, name, help) COUNT(name "_ns", "ns", DRIVER.time[SOFTDEV_##cause][SOFTDEV_##stage], help)

/* The stages of a migration. */
#define STAGES(cause, name, of)                                                                                                                      \
	STAGE(cause, COLLECT, name "_collect", "hmm: of " of ": collecting, isolating and unmapping pages (migrate_vma_setup)")                      \
	STAGE(cause, ALLOCATE, name "_allocate", "hmm: of " of ": a page for each")                                                                  \
	STAGE(cause, COPY, name "_copy", "hmm: of " of ": copying")                                                                                  \
	STAGE(cause, INSTALL, name "_install", "hmm: of " of ": migrate_vma_pages")                                                                  \
	STAGE(cause, FINISH, name "_finish", "hmm: of " of ": migrate_vma_finalize")                                                                 \
	STAGE(cause, WAIT, name "_wait", "hmm: of " of ": taking locks")                                                                             \
	STAGE(cause, LEAVE, name "_leave", "hmm: of " of ": giving back what was taken")                                                             \
	STAGE(cause, WHOLE, name, "hmm: " of ", all stages")

/* Further stages, for the device's page tables. */
#define MAPPING_STAGES(cause, name, of)                                                                                                              \
	STAGE(cause, ROOM, name "_room", "hmm: of " of ": evicting what is in the way")                                                              \
	STAGE(cause, LOOK, name "_look", "hmm: of " of ": hmm_range_fault")                                                                          \
	STAGE(cause, MAP, name "_map", "hmm: of " of ": filling the device's page tables")

#define COUNTS                                                                                                                                       \
	COUNT("events_to_device", "faults", DRIVER.events[SOFTDEV_DEVICE_FAULT], "hmm: faults of the device")                                        \
	COUNT("events_to_host", "faults", DRIVER.events[SOFTDEV_HOST_FAULT], "hmm: faults of the CPU on the device's pages")                         \
	COUNT_TO(FS_DEVICE, "faults_to_device", "faults", faults[FS_DEVICE], "hmm: of those, faults that moved a page")                              \
	COUNT_TO(FS_HOST, "faults_to_host", "faults", faults[FS_HOST], "hmm: of those, faults that moved a page")                                    \
	COUNT("remaps_to_device", "faults", DRIVER.idle_faults[FS_DEVICE], "hmm: of those, faults that moved none")                                  \
	COUNT("remaps_to_host", "faults", DRIVER.idle_faults[FS_HOST], "hmm: of those, faults that moved none")                                      \
	COUNT("write_faults_to_device", "faults", DRIVER.write_faults, "hmm: faults of the device that were writes")                                 \
	COUNT("minor_faults_of_device", "faults", seen.minor_faults_of_device, "hmm: page faults of the device's process, as the kernel counts")     \
	COUNT("prefetched_to_device", "pages", DRIVER.pages[SOFTDEV_MOVE_TO_DEVICE], "hmm: pages moved on request, without a fault")                 \
	COUNT("prefetched_to_host", "pages", DRIVER.pages[SOFTDEV_MOVE_TO_HOST], "hmm: pages moved on request, without a fault")                     \
	COUNT_TO(FS_DEVICE, "pages_to_device", "pages", pages[FS_DEVICE], "hmm: pages moved, by any cause")                                          \
	COUNT_TO(FS_HOST, "pages_to_host", "pages", pages[FS_HOST], "hmm: pages moved, by any cause")                                                \
	COUNT("entered_device", "pages", pages[FS_DEVICE], "pages that came into the device's memory, moved there or made there")                    \
	COUNT("left_device", "pages", left, "pages that left it: moved to the host, or gone with their mapping")                                     \
	COUNT_TO(FS_DEVICE, "bytes_to_device", "bytes", bytes[FS_DEVICE], "hmm: bytes copied, by any cause")                                         \
	COUNT_TO(FS_HOST, "bytes_to_host", "bytes", bytes[FS_HOST], "hmm: bytes copied, by any cause")                                               \
	COUNT("refused_to_device", "pages", DRIVER.refused[SOFTDEV_DEVICE_FAULT], "hmm: pages that device faults collected and could not move")      \
	COUNT("refused_to_host", "pages", DRIVER.refused[SOFTDEV_HOST_FAULT], "hmm: pages that CPU faults collected and could not move")             \
	COUNT("evicted_pages", "pages", DRIVER.pages[SOFTDEV_EVICTION], "hmm: pages moved to the host to free device memory")                        \
	COUNT("mapped_on_device", "pages", DRIVER.mapped_device_pages, "hmm: entries made in the device's page tables, of device memory")            \
	COUNT("mapped_on_host", "pages", DRIVER.mapped_host_pages, "hmm: entries made in the device's page tables, of pages on the host")            \
	COUNT("pinned_granules", "granules", DRIVER.pinned_granules, "hmm: granules that pin_after keeps on the host")                               \
	COUNT("invalidations", "calls", DRIVER.invalidations, "hmm: calls of the MMU notifier")                                                      \
	COUNT("retries", "faults", DRIVER.retries, "hmm: times that a device fault looked again, as page tables had changed meanwhile")              \
	COUNT("residence_conflicts", "pages", seen.residence_conflicts, "hmm: pages whose page tables deny what the driver says")                    \
	COUNT_TO(FS_DEVICE, "copied_to_device_bytes", "bytes", emu.copied_bytes[FS_DEVICE], "copy: bytes of explicit transfers")                     \
	COUNT_TO(FS_HOST, "copied_to_host_bytes", "bytes", emu.copied_bytes[FS_HOST], "copy: bytes of explicit transfers")                           \
	STAGES(DEVICE_FAULT, "device_faults", "device faults")                                                                                       \
	MAPPING_STAGES(DEVICE_FAULT, "device_faults", "device faults")                                                                               \
	STAGES(HOST_FAULT, "host_faults", "CPU faults")                                                                                              \
	STAGES(MOVE_TO_DEVICE, "moves_to_device", "requests to the device")                                                                          \
	MAPPING_STAGES(MOVE_TO_DEVICE, "moves_to_device", "requests to the device")                                                                  \
	STAGES(MOVE_TO_HOST, "moves_to_host", "requests to the host")                                                                                \
	STAGE(EVICTION, WHOLE, "evictions", "hmm: evictions, all stages")

#define COUNT(name, unit, field, help)		{name, unit, help, 0},
#define COUNT_TO(side, name, unit, field, help) {name, unit, help, FS_TO(side)},
static const struct fs_count_def count_defs[] = {COUNTS{0}};
#undef COUNT
#undef COUNT_TO
#define COUNT(name, unit, field, help)		offsetof(struct counts, field),
#define COUNT_TO(side, name, unit, field, help) offsetof(struct counts, field),
static const size_t places[] = {COUNTS};
#undef COUNT
#undef COUNT_TO

static void add_up(struct counts *counts)
{
	const struct softdev_counts *driver = &counts->seen.counts;

	counts->faults[FS_DEVICE] = driver->events[SOFTDEV_DEVICE_FAULT] - driver->idle_faults[SOFTDEV_DEVICE];
	counts->faults[FS_HOST] = driver->events[SOFTDEV_HOST_FAULT] - driver->idle_faults[SOFTDEV_HOST];
	counts->pages[FS_DEVICE] = driver->pages[SOFTDEV_DEVICE_FAULT] + driver->pages[SOFTDEV_MOVE_TO_DEVICE];
	counts->bytes[FS_DEVICE] = driver->bytes[SOFTDEV_DEVICE_FAULT] + driver->bytes[SOFTDEV_MOVE_TO_DEVICE];
	counts->pages[FS_HOST] = driver->pages[SOFTDEV_HOST_FAULT] + driver->pages[SOFTDEV_MOVE_TO_HOST] + driver->pages[SOFTDEV_EVICTION];
	counts->left = counts->pages[FS_HOST] + driver->dropped_pages;
	counts->bytes[FS_HOST] = driver->bytes[SOFTDEV_HOST_FAULT] + driver->bytes[SOFTDEV_MOVE_TO_HOST] + driver->bytes[SOFTDEV_EVICTION];
}

static int count(void *dev, uint64_t *values)
{
	struct emu *emu = dev;
	struct counts counts = {0};

	if (emu->kind != FS_MEMORY_DEVICE)
		softdev_seen(emu->opened, &counts.seen);
	else
		emu->mode->count(emu->opened, &counts.emu);
	add_up(&counts);
	counts_take(values, &counts, places, FS_ARRAY_SIZE(places));
	return 0;
}

static int refuse(void *dev, enum fs_side side, unsigned n)
{
	struct emu *emu = dev;

	return emu->kind == FS_MEMORY_DEVICE ? -EINVAL : softdev_refuse(emu->opened, side, n);
}

/*
 * A device fault migrates a granule, a CPU fault one page. Only if a granule is one page can which pages move be predicted from accesses alone, and
 * only under the plain policy: under others it depends on earlier faults.
 */
static size_t granule(const struct fs_job *job)
{
	bool is_plain = fs_size(job, "granule") == fs_page_bytes() && fs_size(job, "capacity") == 0 && fs_count(job, "migrate_after") == 1 &&
			fs_count(job, "pin_after") == 0 && strcmp(fs_choice(job, "policy"), "migrate") == 0 &&
			strcmp(fs_choice(job, "read_first"), "no") == 0;

	return is_plain ? fs_page_bytes() : 0;
}

const struct fs_device device_softdev = {
	.name = "softdev",
	.summary = "a device in software, whose driver is a kernel module: HMM served fault by fault by the kernel itself",
	.params = params,
	.emulated = true,
	.ordinary = FS_UNDER(FS_MEMORY_MIRROR) | FS_UNDER(FS_MEMORY_COHERENT),
	.in_threads = true,
	.places_itself = true,
	.coherent = "device-coherent memory by a driver",
	.can = CAPS,
	.probe = probe_softdev,
	.accepts = accepts,
	.open = open_softdev,
	MODES_PRIMITIVES,
	.refuse = refuse,
	.counts = count_defs,
	.count = count,
	.granule = granule,
};
