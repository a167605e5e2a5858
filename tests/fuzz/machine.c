/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine.c - a file of /proc or /sys of a machine that nobody here owns; the first byte says which.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/counter/text.h"
#include "harness/machine/topology.h"
#include "tests/fake/machine.h"
#include "tests/fuzz/targets.h"

static const char *const files[] = {
	"/proc/meminfo",
	"/proc/cpuinfo",
	"/proc/vmstat",
	"/proc/self/cgroup",
	"/proc/sys/kernel/numa_balancing",
	"/sys/devices/system/cpu/online",
	"/sys/devices/system/node/online",
	"/sys/devices/system/node/node0/cpumap",
	"/sys/devices/system/node/node0/distance",
	"/sys/devices/system/node/node0/meminfo",
	"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
	"/sys/fs/cgroup/memory.max",
	"/sys/hypervisor/type",
	"/sys/class/dmi/id/sys_vendor",
};
#define FILES (sizeof(files) / sizeof(files[0]))

/* Entered once: to unpack a machine for each input would be all that is measured. */
static void enter(void)
{
	static bool entered;

	if (!entered) {
		fake_machine_enter("guest", NULL);
		atexit(fake_machine_leave);
	}
	entered = true;
}

void fuzz_machine(const uint8_t *data, size_t bytes)
{
	static struct fs_machine machine;
	static struct text_file text;
	struct fs_reason why = {0};
	const char *path = files[bytes > 0 ? data[0] % FILES : 0];
	char *content = fuzz_text(data + (bytes > 0), bytes - (bytes > 0));
	uint64_t value;

	enter();
	fake_machine_write(path, content);
	fuzz_refused(machine_probe(&machine, &why), &why);
	if (text_open(&text, &machine, path) == 0)
		text_value(text.text, "pgfault", &value);
	text_close(&text);
	fake_machine_write(path, NULL);
	free(content);
}
