/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lacks.c - detects missing kernel options by the files that appear with them: a bzImage does not list its options, and an option in a configuration
 * does not prove that the device came up.
 */
#include "config.h"

#include "guest/lacks.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/wire.h"
#include "harness/fivestep.h"

static const struct {
	const char *sign, *option;
} signs[] = {
	{WIRE_RECORDS, "CONFIG_VIRTIO_CONSOLE and CONFIG_VIRTIO_PCI"},
	{"/dev/hmm_dmirror0", "CONFIG_TEST_HMM and CONFIG_DEVICE_PRIVATE"},
	{"/dev/hmm_dmirror2", "CONFIG_TEST_HMM of Linux >= 5.19"},
	{"/sys/devices/system/node/node1", "CONFIG_NUMA (on x86-64 also CONFIG_X86_64_ACPI_NUMA)"},
	{"/proc/sys/vm/unprivileged_userfaultfd", "CONFIG_USERFAULTFD"},
	{"/proc/sys/vm/compact_memory", "CONFIG_MIGRATION and CONFIG_COMPACTION"},
	{"/proc/self/pagemap", "CONFIG_PROC_PAGE_MONITOR"},
	{"/proc/sys/kernel/perf_event_paranoid", "CONFIG_PERF_EVENTS"},
	{"/proc/sys/kernel/numa_balancing", "CONFIG_NUMA_BALANCING"},
	{"/proc/pressure", "CONFIG_PSI"},
	{"/sys/kernel/mm/transparent_hugepage", "CONFIG_TRANSPARENT_HUGEPAGE"},
	{"/sys/kernel/tracing/events", "CONFIG_ENABLE_DEFAULT_TRACERS"},
};

void guest_lacks(char *text, size_t bytes)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < FS_ARRAY_SIZE(signs) && used < bytes; i++) {
		if (access(signs[i].sign, F_OK) != 0)
			used += (size_t)snprintf(text + used, bytes - used, "%s%s (no %s)", used > 0 ? ", " : "", signs[i].option, signs[i].sign);
	}
}
