/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_name.c - from an event's name to what perf_event_open takes.
 */
#include "config.h"

#include "harness/counter/perf_name.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/machine/topology.h"

#define CACHE(cache, op, result)                                                                                                                     \
	(PERF_COUNT_HW_CACHE_##cache | (PERF_COUNT_HW_CACHE_OP_##op << 8) | ((uint64_t)PERF_COUNT_HW_CACHE_RESULT_##result << 16))

/*
 * None is counted by default: the kernel switches a task's events at each context switch, which makes a fault that sleeps slower by a tenth and more
 * (docs/counters.md), however they are read.
 */
const struct fs_event perf_events[] = {
	{"page-faults", "faults", "page faults", false},
	{"minor-faults", "faults", "minor page faults (no I/O)", false},
	{"major-faults", "faults", "major page faults (waited for I/O)", false},
	{"context-switches", "switches", "context switches", false},
	{"cpu-migrations", "migrations", "migrations to another CPU", false},
	{"task-clock", "ns", "time on a CPU", false},
	{"alignment-faults", "faults", "unaligned accesses fixed up by the kernel", false},
	{"emulation-faults", "faults", "instructions emulated by the kernel", false},
	{"cycles", "cycles", "core cycles while running", false},
	{"instructions", "insn", "instructions retired", false},
	{"cache-references", "accesses", "cache accesses as this processor defines them, often of the last level", false},
	{"cache-misses", "misses", "those that missed", false},
	{"branches", "branches", "branches retired", false},
	{"branch-misses", "branches", "branches predicted wrongly", false},
	{"stalled-cycles-frontend", "cycles", "cycles without issue because the front end delivered no instructions", false},
	{"stalled-cycles-backend", "cycles", "cycles without issue because the back end lacked resources", false},
	{"ref-cycles", "cycles", "reference cycles (constant rate)", false},
	{"L1-dcache-loads", "accesses", "L1 data cache loads", false},
	{"L1-dcache-load-misses", "misses", "those that missed it", false},
	{"L1-dcache-stores", "accesses", "L1 data cache stores", false},
	{"LLC-loads", "accesses", "loads that reached the last-level cache", false},
	{"LLC-load-misses", "misses", "those that missed it", false},
	{"LLC-stores", "accesses", "stores that reached the last-level cache", false},
	{"dTLB-loads", "accesses", "data TLB lookups by loads", false},
	{"dTLB-load-misses", "misses", "those that missed; of the second level on some processors, of the first on others", false},
	{"dTLB-stores", "accesses", "data TLB lookups by stores", false},
	{"dTLB-store-misses", "misses", "those that missed it", false},
	{"iTLB-load-misses", "misses", "instruction TLB misses", false},
	{"node-loads", "accesses", "loads from memory of the local node", false},
	{"node-load-misses", "accesses", "loads from memory of another node", false},
	{"migrate:mm_migrate_pages", "calls", "batches of pages migrated: calls of migrate_pages(), not pages", false},
	{"migrate:set_migration_pte", "pages", "page table entries replaced by migration entries, before the copy", false},
	{"migrate:remove_migration_pte", "pages", "migration entries replaced by those of the new page, after the copy", false},
	{"exceptions:page_fault_user", "faults", "page faults in user code", false},
	{"exceptions:page_fault_kernel", "faults", "page faults in kernel mode: system calls that access the buffer", false},
	{"tlb:tlb_flush", "flushes", "TLB flushes on the counting CPU, including those requested by other CPUs", false},
	{"huge_memory:mm_collapse_huge_page", "calls", "base pages collapsed into a huge page", false},
	{0},
};

/* In the order above; the rest are tracepoints. */
static const struct {
	uint32_t type;
	bool kernel_alone, clock;
	uint64_t config;
} codes[] = {
	{PERF_TYPE_SOFTWARE, false, false, PERF_COUNT_SW_PAGE_FAULTS},
	{PERF_TYPE_SOFTWARE, false, false, PERF_COUNT_SW_PAGE_FAULTS_MIN},
	{PERF_TYPE_SOFTWARE, false, false, PERF_COUNT_SW_PAGE_FAULTS_MAJ},
	{PERF_TYPE_SOFTWARE, true, false, PERF_COUNT_SW_CONTEXT_SWITCHES},
	{PERF_TYPE_SOFTWARE, true, false, PERF_COUNT_SW_CPU_MIGRATIONS},
	{PERF_TYPE_SOFTWARE, false, true, PERF_COUNT_SW_TASK_CLOCK},
	{PERF_TYPE_SOFTWARE, false, false, PERF_COUNT_SW_ALIGNMENT_FAULTS},
	{PERF_TYPE_SOFTWARE, false, false, PERF_COUNT_SW_EMULATION_FAULTS},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_CPU_CYCLES},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_INSTRUCTIONS},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_CACHE_REFERENCES},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_CACHE_MISSES},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_BRANCH_MISSES},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_STALLED_CYCLES_BACKEND},
	{PERF_TYPE_HARDWARE, false, false, PERF_COUNT_HW_REF_CPU_CYCLES},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(L1D, READ, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(L1D, READ, MISS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(L1D, WRITE, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(LL, READ, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(LL, READ, MISS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(LL, WRITE, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(DTLB, READ, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(DTLB, READ, MISS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(DTLB, WRITE, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(DTLB, WRITE, MISS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(ITLB, READ, MISS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(NODE, READ, ACCESS)},
	{PERF_TYPE_HW_CACHE, false, false, CACHE(NODE, READ, MISS)},
};

/* Cuts the suffix off the text. */
static bool take_suffix(char *text, const char *suffix)
{
	size_t len = strlen(text), n = strlen(suffix);

	if (len <= n || strcmp(text + len - n, suffix) != 0)
		return false;
	text[len - n] = '\0';
	return true;
}

static bool find_named(const char *text, struct perf_name *name)
{
	for (size_t i = 0; i < FS_ARRAY_SIZE(codes); i++) {
		if (strcmp(perf_events[i].name, text) != 0)
			continue;
		name->type = codes[i].type;
		name->config = codes[i].config;
		name->kernel_alone = codes[i].kernel_alone;
		name->clock = codes[i].clock;
		return true;
	}
	return false;
}

/* As in perf: r and up to 16 hexadecimal digits. */
static bool is_raw(const char *text, struct perf_name *name)
{
	size_t digits = strspn(text + (text[0] == 'r'), "0123456789abcdefABCDEF");

	if (text[0] != 'r' || digits == 0 || digits > 16 || text[1 + digits] != '\0')
		return false;
	name->type = PERF_TYPE_RAW;
	name->config = strtoull(text + 1, NULL, 16);
	return true;
}

static bool is_tracepoint(const char *text, struct perf_name *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t system = strspn(text, letters), event;

	if (system == 0 || system >= sizeof(name->system) || text[system] != ':')
		return false;
	event = strspn(text + system + 1, letters);
	if (event == 0 || text[system + 1 + event] != '\0')
		return false;
	memcpy(name->system, text, system);
	/* An event with an unknown modifier. */
	if (find_named(name->system, name))
		return false;
	name->type = PERF_TYPE_TRACEPOINT;
	name->kernel_alone = true;
	snprintf(name->tracepoint, sizeof(name->tracepoint), "%.*s", (int)event, text + system + 1);
	return true;
}

int perf_name_parse(const char *text, struct perf_name *name)
{
	char rest[FS_EVENT_NAME];

	memset(name, 0, sizeof(*name));
	if (snprintf(rest, sizeof(rest), "%s", text) >= (int)sizeof(rest))
		return -EINVAL;
	name->device = take_suffix(rest, "@device");
	name->user_only = take_suffix(rest, ":u");
	name->kernel_only = !name->user_only && take_suffix(rest, ":k");
	return find_named(rest, name) || is_raw(rest, name) || is_tracepoint(rest, name) ? 0 : -EINVAL;
}

/* ---- tracepoints */

static bool is_there(const struct fs_machine *machine, const char *path, int *err)
{
	int fd = machine_open(machine, path);

	if (fd >= 0)
		close(fd);
	*err = fd;
	return fd >= 0;
}

static int read_id(struct perf_name *name, const struct fs_machine *machine, const char *events)
{
	char path[192];
	long long id = 0;
	int err;

	snprintf(path, sizeof(path), "%s/%s/%s/id", events, name->system, name->tracepoint);
	err = machine_read_long(machine, path, &id);
	name->config = (uint64_t)id;
	return err;
}

int perf_name_resolve(struct perf_name *name, const struct fs_machine *machine, struct fs_reason *why)
{
	static const char *const places[] = {"/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events"};
	int err = -ENOENT, denied = 0;

	if (name->type != PERF_TYPE_TRACEPOINT)
		return 0;
	for (size_t i = 0; i < FS_ARRAY_SIZE(places); i++) {
		int got;

		if (is_there(machine, places[i], &got)) {
			err = read_id(name, machine, places[i]);
			if (err == 0)
				return 0;
			if (err != -EACCES && err != -EPERM)
				return fs_because(why, -ENOENT, "use a kernel that has it; available_events in tracefs lists those of this kernel",
					"this kernel has no tracepoint %s:%s", name->system, name->tracepoint);
			got = err;
		}
		denied = got == -EACCES || got == -EPERM ? got : denied;
	}
	if (denied != 0)
		return fs_because(why, denied, "run as root, or as root: mount -o remount,mode=755 /sys/kernel/tracing",
			"no permission to read tracefs, which has the tracepoints' numbers");
	return fs_because(why, -ENOENT, "as root: mount -t tracefs tracefs /sys/kernel/tracing (a kernel with CONFIG_FTRACE)",
		"tracefs, which has the tracepoints' numbers, is not mounted at /sys/kernel/tracing");
}
