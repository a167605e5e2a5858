/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vmstat - the kernel's counts of faults and migrations of the whole system, other processes included. They are looked up by name; a name that this
 * kernel does not have is absent, not zero.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/counter/text.h"

static const struct fs_event events[] = {
	{"pgfault", "faults", "page faults", true},
	{"pgmajfault", "faults", "major page faults (waited for I/O)", true},
	{"pgmigrate_success", "pages", "pages migrated between nodes or by compaction; not those to and from device-private memory", true},
	{"pgmigrate_fail", "pages", "pages whose migration failed", true},
	{"numa_pte_updates", "pages", "page table entries unmapped by automatic NUMA balancing to sample accesses", false},
	{"numa_hint_faults", "faults", "NUMA hinting faults of automatic NUMA balancing", true},
	{"numa_hint_faults_local", "faults", "those by a CPU of the page's own node", false},
	{"numa_pages_migrated", "pages", "pages migrated by automatic NUMA balancing", true},
	{"thp_fault_alloc", "huge pages", "huge pages allocated by a fault", true},
	{"thp_migration_success", "huge pages", "huge pages migrated without splitting", true},
	{"thp_split_page", "huge pages", "huge pages split", true},
	{"pgpromote_success", "pages", "pages promoted to a faster tier", true},
	{"pgdemote_kswapd", "pages", "pages demoted to a slower tier by kswapd, in the background", true},
	{"pgdemote_direct", "pages", "pages demoted by direct reclaim, while an allocation waited", true},
	{"pgdemote_khugepaged", "pages", "pages demoted by khugepaged", false},
	{"nr_tlb_remote_flush", "shoot-downs", "TLB flushes that interrupted other CPUs; kernels with CONFIG_DEBUG_TLBFLUSH", false},
	{0},
};

struct vmstat {
	unsigned n;
	char name[FS_EVENTS][FS_EVENT_NAME]; /* empty: could not be opened */
	struct text_file file;
};

/* Names differ between kernels: any that looks like one may exist. */
static bool accepts(const char *event)
{
	return event[strspn(event, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static int say_why(int err, struct fs_reason *why)
{
	return fs_because(why, err, "mount /proc", "/proc/vmstat cannot be read: %s", strerror(-err));
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	struct text_file file;
	int err = text_open(&file, machine, "/proc/vmstat");

	if (err != 0)
		return say_why(err, why);
	text_close(&file);
	return 0;
}

static int open_vmstat(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct vmstat *vmstat = calloc(1, sizeof(*vmstat));
	int err;

	if (vmstat == NULL)
		return -ENOMEM;
	err = text_open(&vmstat->file, machine, "/proc/vmstat");
	if (err != 0) {
		free(vmstat);
		return say_why(err, why);
	}
	vmstat->n = n;
	for (unsigned i = 0; i < n; i++) {
		uint64_t value;

		if (text_value(vmstat->file.text, names[i], &value))
			snprintf(vmstat->name[i], FS_EVENT_NAME, "%s", names[i]);
		else
			fs_because(&opened[i].why, -ENODATA,
				"use a kernel whose configuration has it (numa_*: CONFIG_NUMA_BALANCING, thp_*: CONFIG_TRANSPARENT_HUGEPAGE, "
				"nr_tlb_*: CONFIG_DEBUG_TLBFLUSH)",
				"this kernel's /proc/vmstat has no %s", names[i]);
	}
	*source = vmstat;
	return 0;
}

static int read_vmstat(void *source, struct fs_reading *readings)
{
	struct vmstat *vmstat = source;
	int err = text_read(&vmstat->file);

	for (unsigned i = 0; i < vmstat->n && err == 0; i++) {
		if (vmstat->name[i][0] != '\0' && !text_value(vmstat->file.text, vmstat->name[i], &readings[i].value))
			return -ENODATA;
	}
	return err;
}

static void close_vmstat(void *source)
{
	struct vmstat *vmstat = source;

	text_close(&vmstat->file);
	free(vmstat);
}

const struct fs_counter counter_vmstat = {
	.name = "vmstat",
	.summary = "faults and migrations of the whole system, other processes included",
	.events = events,
	.accepts = accepts,
	.probe = probe,
	.open = open_vmstat,
	.read = read_vmstat,
	.close = close_vmstat,
};
