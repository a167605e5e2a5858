/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vmstat - the kernel's counts of faults and migrations, of the whole system: other processes are in them. Found by name;
 * a name that this kernel does not have is absent, not zero.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/counter/text.h"

static const struct fs_event events[] = {
	{"pgfault", "faults", "page faults", true},
	{"pgmajfault", "faults", "page faults that waited for input", true},
	{"pgmigrate_success", "pages", "pages that were migrated between nodes, or by compaction; to and from a device's private memory: not counted",
		true},
	{"pgmigrate_fail", "pages", "pages that could not be", true},
	{"numa_pte_updates", "pages", "page table entries that automatic NUMA balancing made fault on purpose", false},
	{"numa_hint_faults", "faults", "faults that automatic NUMA balancing provoked to see who touches", true},
	{"numa_hint_faults_local", "faults", "those of them on the page's own node", false},
	{"numa_pages_migrated", "pages", "pages that it moved", true},
	{"thp_fault_alloc", "huge pages", "huge pages allocated by a fault", true},
	{"thp_migration_success", "huge pages", "huge pages migrated whole", true},
	{"thp_split_page", "huge pages", "huge pages split", true},
	{"pgpromote_success", "pages", "pages promoted to a faster tier", true},
	{"pgdemote_kswapd", "pages", "pages demoted to a slower tier in the background", true},
	{"pgdemote_direct", "pages", "pages demoted while an allocation waited", true},
	{"pgdemote_khugepaged", "pages", "pages demoted to make a huge page", false},
	{"nr_tlb_remote_flush", "shoot-downs", "TLB flushes that interrupted other CPUs; kernels with CONFIG_DEBUG_TLBFLUSH", false},
	{0},
};

struct vmstat {
	unsigned n;
	char name[FS_EVENTS][FS_EVENT_NAME]; /* empty: could not be opened */
	struct text file;
};

/* Names differ by kernel: any that looks like one may be there. */
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
	struct text file;
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
			fs_because(&opened[i].why, -ENODATA, "a kernel that is built with what it counts", "this kernel's /proc/vmstat has no %s",
				names[i]);
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
	.summary = "faults and migrations of the whole system, other processes' as well",
	.events = events,
	.accepts = accepts,
	.probe = probe,
	.open = open_vmstat,
	.read = read_vmstat,
	.close = close_vmstat,
};
