/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hypervisor.c - whether the machine is virtual, under what, and whether its CPU is emulated.
 */
#include "config.h"

#include "harness/topology/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

struct mark {
	const char *mark, *name;
};

static const char *name_of(const struct mark *marks, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		if (strstr(text, marks[i].mark) != NULL)
			return marks[i].name;
	}
	return NULL;
}

/* What the hypervisor calls itself to the processor's own question; empty where there is none or nobody can ask. */
static void ask_processor(char signature[13])
{
	memset(signature, 0, 13);
#if defined(__x86_64__) || defined(__i386__)
	unsigned eax, word[3];

	if (__get_cpuid(1, &eax, &word[0], &word[1], &word[2]) == 0 || (word[1] >> 31 & 1) == 0)
		return;
	__cpuid(0x40000000, eax, word[0], word[1], word[2]);
	memcpy(signature, word, sizeof(word));
#endif
}

static const char *by_signature(struct fs_machine *machine)
{
	static const struct mark marks[] = {{"KVMKVMKVM", "KVM"}, {"TCGTCGTCGTCG", "QEMU"}, {"Microsoft Hv", "Hyper-V"}, {"VMwareVMware", "VMware"},
		{"XenVMMXenVMM", "Xen"}, {"bhyve bhyve", "bhyve"}, {"VBoxVBoxVBox", "VirtualBox"}, {"ACRNACRNACRN", "ACRN"}};
	char signature[13];

	if (machine->foreign)
		return NULL;
	ask_processor(signature);
	if (strcmp(signature, "TCGTCGTCGTCG") == 0)
		machine->emulated = true;
	return name_of(marks, FS_ARRAY_SIZE(marks), signature);
}

/* The firmware's tables; where they cannot be read, what hwloc kept of them. */
static const char *by_firmware(const struct fs_machine *machine, hwloc_topology_t topology)
{
	static const struct mark marks[] = {{"QEMU", "QEMU"}, {"KVM", "KVM"}, {"VMware", "VMware"}, {"VirtualBox", "VirtualBox"},
		{"Microsoft Corporation Virtual", "Hyper-V"}, {"HVM domU", "Xen"}, {"Google Compute Engine", "KVM"}, {"OpenStack", "KVM"},
		{"Amazon EC2", "Nitro"}};
	char vendor[128], product[128], both[260];

	if (machine_read_line(machine, "/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor)) != 0)
		topology_copy_text(vendor, sizeof(vendor), topology_info_of(topology, "DMISysVendor"));
	if (machine_read_line(machine, "/sys/class/dmi/id/product_name", product, sizeof(product)) != 0)
		topology_copy_text(product, sizeof(product), topology_info_of(topology, "DMIProductName"));
	snprintf(both, sizeof(both), "%s %s", vendor, product);
	/* Such a cloud also lends whole machines, under its own name. */
	return strstr(product, "metal") == NULL ? name_of(marks, FS_ARRAY_SIZE(marks), both) : NULL;
}

static const char *by_kernel(const struct fs_machine *machine, const char *cpuinfo)
{
	char line[128];

	if (machine_read_line(machine, "/sys/hypervisor/type", line, sizeof(line)) == 0 && strcmp(line, "xen") == 0)
		return "Xen";
	if (machine_read_line(machine, "/proc/device-tree/hypervisor/compatible", line, sizeof(line)) == 0 && strstr(line, "kvm") != NULL)
		return "KVM";
	return strstr(cpuinfo, "emulated by qemu") != NULL || strstr(cpuinfo, "QEMU") != NULL ? "QEMU" : NULL;
}

/* x86 says for sure whether there is a hypervisor, though not whose. */
static bool is_bare(const char *cpuinfo)
{
	return strstr(cpuinfo, "\nflags") != NULL && strstr(cpuinfo, " hypervisor") == NULL;
}

/* The processor's word first: a hypervisor need not show itself in the firmware's tables. */
void topology_read_hypervisor(struct fs_machine *machine, hwloc_topology_t topology)
{
	const size_t bytes = 16384; /* the first CPUs */
	char *cpuinfo = calloc(1, bytes);
	const char *name;

	if (cpuinfo == NULL)
		return;
	if (topology_read_text(machine, "/proc/cpuinfo", cpuinfo, bytes) < 0)
		topology_copy_text(cpuinfo, bytes, machine->cpu_model);
	if (strstr(cpuinfo, "QEMU TCG") != NULL)
		machine->emulated = true;
	name = by_signature(machine);
	if (name == NULL && !is_bare(cpuinfo))
		name = by_firmware(machine, topology);
	if (name == NULL)
		name = by_kernel(machine, cpuinfo);
	topology_copy_text(machine->hypervisor, sizeof(machine->hypervisor), name);
	machine->guest = name != NULL || strstr(cpuinfo, " hypervisor") != NULL;
	free(cpuinfo);
}
