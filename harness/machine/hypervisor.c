/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hypervisor.c - whether the machine is virtual, under what, and whether its CPU is emulated.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "base/reference_guest.h"

#define HYPERVISOR_FIELDS "emulated,guest,hypervisor"

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

/* The hypervisor's name as CPUID reports it; empty if there is none or the architecture has no such query. */
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

/* Whether the firmware's tables are QEMU's without KVM: on arm64 they say so. */
static bool is_qemu_alone(const char *vendor, const char *product)
{
	return strcmp(vendor, "QEMU") == 0 && strcmp(product, "QEMU Virtual Machine") == 0;
}

static void firmware_line(struct fs_machine *machine, hwloc_topology_t topology, const char *path, const char *info, char *text, size_t bytes)
{
	if (topology_identity_line(machine, HYPERVISOR_FIELDS, path, text, bytes) != 0)
		topology_copy_text(text, bytes, topology_info_of(topology, info));
}

/* The firmware's tables; if there are none, what hwloc kept of them. */
static const char *by_firmware(struct fs_machine *machine, hwloc_topology_t topology)
{
	static const struct mark marks[] = {{"QEMU", "QEMU"}, {"KVM", "KVM"}, {"VMware", "VMware"}, {"VirtualBox", "VirtualBox"},
		{"Microsoft Corporation Virtual", "Hyper-V"}, {"HVM domU", "Xen"}, {"Google Compute Engine", "KVM"}, {"OpenStack", "KVM"},
		{"Amazon EC2", "Nitro"}};
	char vendor[128], product[128], both[260];

	firmware_line(machine, topology, "/sys/class/dmi/id/sys_vendor", "DMISysVendor", vendor, sizeof(vendor));
	firmware_line(machine, topology, "/sys/class/dmi/id/product_name", "DMIProductName", product, sizeof(product));
	machine->emulated = machine->emulated || is_qemu_alone(vendor, product);
	snprintf(both, sizeof(both), "%s %s", vendor, product);
	/* Such a cloud also rents out bare-metal machines under the same name. */
	return strstr(product, "metal") == NULL ? name_of(marks, FS_ARRAY_SIZE(marks), both) : NULL;
}

/* Strings of a device tree are lists: each entry ends with a zero byte, and the first is the most specific. */
static bool tree_says(struct fs_machine *machine, const char *path, const char *text)
{
	char all[512];
	int len;

	memset(all, 0, sizeof(all));
	len = topology_read_text(machine, path, all, sizeof(all));
	topology_unread(machine, HYPERVISOR_FIELDS, path, len);
	for (const char *at = all; len > 0 && at < all + len; at += strlen(at) + 1) {
		if (strstr(at, text) != NULL)
			return true;
	}
	return false;
}

/* Machines without firmware tables: arm, powerpc, riscv. */
static const char *by_tree(struct fs_machine *machine)
{
	if (tree_says(machine, "/proc/device-tree/hypervisor/compatible", "kvm"))
		return "KVM";
	if (tree_says(machine, "/proc/device-tree/hypervisor/compatible", "xen"))
		return "Xen";
	if (tree_says(machine, "/proc/device-tree/compatible", "linux,dummy-virt") ||
		tree_says(machine, "/proc/device-tree/compatible", "riscv-virtio"))
		return "QEMU";
	return NULL;
}

/* s390: Linux always runs in a partition of the machine; a hypervisor above that is a control program. */
static const char *by_sysinfo(struct fs_machine *machine)
{
	char *text = topology_identity_text(machine, HYPERVISOR_FIELDS, "/proc/sysinfo"),
	     *program = text != NULL ? strstr(text, "Control Program:") : NULL;
	const char *name = NULL;

	if (program != NULL) {
		char *end = program + strcspn(program, "\n");

		machine->emulated = machine->emulated || strstr(text, "QEMU") != NULL;
		*end = '\0';
		name = strstr(program, "KVM") != NULL ? "KVM" : strstr(program, "z/VM") != NULL ? "z/VM" : NULL;
	}
	free(text);
	return name;
}

static const char *by_kernel(struct fs_machine *machine, const char *cpuinfo)
{
	const char *name = by_tree(machine);
	char line[128];

	if (name != NULL)
		return name;
	if (topology_identity_line(machine, HYPERVISOR_FIELDS, "/sys/hypervisor/type", line, sizeof(line)) == 0 && strcmp(line, "xen") == 0)
		return "Xen";
	name = by_sysinfo(machine);
	if (name != NULL)
		return name;
	return strstr(cpuinfo, "emulated by qemu") != NULL || strstr(cpuinfo, "QEMU") != NULL ? "QEMU" : NULL;
}

/* On x86 the flags say reliably whether there is a hypervisor, but not which. */
static bool is_bare(const char *cpuinfo)
{
	return strstr(cpuinfo, "\nflags") != NULL && strstr(cpuinfo, " hypervisor") == NULL;
}

/* Whether the first line "KEY : VALUE" with this key has this value. */
static bool line_says(const char *cpuinfo, const char *key, const char *value)
{
	const char *at = strstr(cpuinfo, key);

	at = at != NULL ? strchr(at, ':') : NULL;
	return at != NULL && strncmp(at + 1 + strspn(at + 1, " \t"), value, strlen(value)) == 0;
}

/*
 * Processors that no manufacturer makes. x86 and powerpc: QEMU says so. arm: implementer 0 is reserved for software, and QEMU's "max" has it; if QEMU
 * imitates a real processor and there are no firmware tables, it cannot be recognized. riscv: vendor 0 is nobody; with KVM it is the real one.
 */
static bool is_emulated(const char *cpuinfo, const char *name)
{
	bool under_qemu = name != NULL && strcmp(name, "QEMU") == 0;

	return strstr(cpuinfo, "QEMU TCG") != NULL || (under_qemu && strstr(cpuinfo, "emulated by qemu") != NULL) ||
	       (under_qemu && (line_says(cpuinfo, "CPU implementer", "0x00") || line_says(cpuinfo, "mvendorid", "0x0\n")));
}

/* CPUID first: a hypervisor need not appear in the firmware's tables. */
void topology_read_hypervisor(struct fs_machine *machine, hwloc_topology_t topology)
{
	char *text = topology_identity_text(machine, HYPERVISOR_FIELDS, "/proc/cpuinfo");
	const char *cpuinfo = text != NULL ? text : machine->cpu_model, *name = by_signature(machine);

	if (name == NULL && !is_bare(cpuinfo))
		name = by_firmware(machine, topology);
	if (name == NULL)
		name = by_kernel(machine, cpuinfo);
	machine->emulated = machine->emulated || is_emulated(cpuinfo, name);
	topology_copy_text(machine->hypervisor, sizeof(machine->hypervisor), name);
	machine->guest = name != NULL || strstr(cpuinfo, " hypervisor") != NULL;
	free(text);
}

bool machine_is_reference_guest(const struct fs_machine *machine)
{
	char line[4096] = "";

	return machine->guest && machine_read_line(machine, "/proc/cmdline", line, sizeof(line)) == 0 && strstr(line, REFERENCE_GUEST_INIT) != NULL;
}
