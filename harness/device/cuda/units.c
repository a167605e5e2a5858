/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * units.c - every GPU that the driver shows is a unit, in the driver's order (CUDA_VISIBLE_DEVICES selects among them). Its capabilities, and the
 * reasons for missing ones: HMM (the driver mirrors the process's page tables), ATS (the GPU walks them itself), memory as a node.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/cuda/cuda.h"
#include "harness/machine/topology.h"

#define DRIVER_MIN 10010 /* CUDA 10.1, driver 418: the PTX in the program */
#define ARCH_MIN   70	 /* Volta: accesses with a memory order */

/* An attribute unknown to the driver (newer than it) is a feature that the GPU does not have. */
static int attribute(const struct cuda_api *cu, int device, int what, int otherwise)
{
	int value;

	return cu->DeviceGetAttribute(&value, what, device) == CUDA_OK ? value : otherwise;
}

static void describe(const struct cuda_api *cu, unsigned driver, struct cuda_unit *unit)
{
	int device = unit->device;
	size_t bytes = 0;

	unit->driver = driver;
	if (cu->DeviceGetName(unit->name, sizeof(unit->name), device) != CUDA_OK)
		snprintf(unit->name, sizeof(unit->name), "GPU %d", device);
	if (cu->DeviceGetPCIBusId(unit->bus, sizeof(unit->bus), device) != CUDA_OK)
		unit->bus[0] = '\0';
	/* as sysfs writes it */
	for (char *c = unit->bus; *c != '\0'; c++)
		*c = (char)tolower(*c);
	if (cu->DeviceTotalMem_v2(&bytes, device) == CUDA_OK)
		unit->memory_bytes = bytes;
	unit->arch = (unsigned)(10 * attribute(cu, device, CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 0) +
				attribute(cu, device, CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, 0));
	unit->processors = (unsigned)attribute(cu, device, CUDA_ATTRIBUTE_MULTIPROCESSOR_COUNT, 1);
	unit->mode = attribute(cu, device, CUDA_ATTRIBUTE_COMPUTE_MODE, CUDA_COMPUTEMODE_DEFAULT);
	unit->ecc = attribute(cu, device, CUDA_ATTRIBUTE_ECC_ENABLED, 0) != 0;
	unit->integrated = attribute(cu, device, CUDA_ATTRIBUTE_INTEGRATED, 0) != 0;
	unit->has_timeout = attribute(cu, device, CUDA_ATTRIBUTE_KERNEL_EXEC_TIMEOUT, 0) != 0;
	unit->managed = attribute(cu, device, CUDA_ATTRIBUTE_MANAGED_MEMORY, 0) != 0;
	unit->concurrent = attribute(cu, device, CUDA_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS, 0) != 0;
	unit->pageable = attribute(cu, device, CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS, 0) != 0;
	unit->host_page_tables = attribute(cu, device, CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS_USES_HOST_PAGE_TABLES, 0) != 0;
	unit->node = attribute(cu, device, CUDA_ATTRIBUTE_NUMA_CONFIG, 0) == 1 ? attribute(cu, device, CUDA_ATTRIBUTE_NUMA_ID, -1) : -1;
}

int cuda_units_find(const struct cuda_api *cu, struct cuda_units *units, struct fs_reason *why)
{
	int n = 0, driver = 0, status = cu->Init(0);

	units->n = 0;
	if (status != CUDA_OK)
		return cuda_because(cu, why, status, "cuInit");
	status = cu->DriverGetVersion(&driver);
	if (status != CUDA_OK)
		return cuda_because(cu, why, status, "cuDriverGetVersion");
	if (driver < DRIVER_MIN)
		return fs_because(why, -ENODEV, "a newer NVIDIA driver: 418 or later", "no CUDA: the driver is too old, it knows CUDA %d.%d",
			driver / 1000, driver % 1000 / 10);
	status = cu->DeviceGetCount(&n);
	if (status != CUDA_OK)
		return cuda_because(cu, why, status, "cuDeviceGetCount");
	if (n == 0)
		return cuda_because(cu, why, CUDA_NO_DEVICE, "cuDeviceGetCount");
	units->found = (unsigned)n;
	for (int i = 0; i < n && i < CUDA_UNITS; i++) {
		struct cuda_unit *unit = &units->unit[units->n];

		*unit = (struct cuda_unit){0};
		status = cu->DeviceGet(&unit->device, i);
		if (status != CUDA_OK)
			return cuda_because(cu, why, status, "cuDeviceGet");
		describe(cu, (unsigned)driver, unit);
		units->n++;
	}
	return 0;
}

int cuda_unit_serves(const struct cuda_unit *unit, struct fs_reason *why)
{
	static const char remedy[] = "another unit: fivestep doctor lists them";

	if (!cuda_program_is_there())
		return fs_because(why, -ENOTSUP, "build fivestep where nvcc or clang is, or from a release, which has them",
			"this build has no bodies for CUDA: there was no compiler for them");
	if (unit->arch == 0)
		return fs_because(
			why, -ENOTSUP, "nvidia-smi shows what the driver says", "%s: the driver does not say its compute capability", unit->name);
	if (unit->arch < ARCH_MIN)
		return fs_because(
			why, -ENOTSUP, remedy, "%s: compute capability %u.%u is older than 7.0", unit->name, unit->arch / 10, unit->arch % 10);
	if (unit->mode == CUDA_COMPUTEMODE_PROHIBITED)
		return fs_because(why, -ENOTSUP, "nvidia-smi -c 0 -i GPU allows it", "%s: its compute mode is prohibited", unit->name);
	return 0;
}

/* ---- memory as a node */

int cuda_unit_node(const struct cuda_unit *unit, const struct fs_machine *machine)
{
	char path[96], line[64];
	int node = unit->node, id;

	/* Drivers before 12.2 have no attribute for it, but this file. */
	snprintf(path, sizeof(path), "/proc/driver/nvidia/gpus/%s/numa_status", unit->bus);
	if (node < 0 && unit->host_page_tables && machine_read_line(machine, path, line, sizeof(line)) == 0 && sscanf(line, "Node: %d", &id) == 1)
		node = id;
	/* Not a node that the process may use, or the host's own, where no access would be remote. */
	if (node < 0 || machine_node_index(machine, node) < 0 || machine_node_index(machine, node) == machine_host_node(machine))
		return -1;
	return node;
}

/* A word in a driver's file of NAME: VALUE lines. */
static bool driver_says(const struct fs_machine *machine, const char *path, const char *name, const char *value)
{
	int fd = machine_open(machine, path);
	FILE *from = fd >= 0 ? fdopen(fd, "r") : NULL;
	char line[256];
	bool says = false;

	while (from != NULL && !says && fgets(line, sizeof(line), from) != NULL)
		says = strstr(line, name) != NULL && strstr(line, value) != NULL;
	if (from != NULL)
		fclose(from);
	return says;
}

static void explain_node(const struct cuda_unit *unit, const struct fs_machine *machine, struct fs_reason *lack)
{
	if (!unit->host_page_tables)
		fs_because(lack, 0, "a machine with coherent links (Grace Hopper, POWER9), or device=emu",
			"%s: its memory is no NUMA node, it is behind PCIe", unit->name);
	else if (driver_says(machine, "/proc/driver/nvidia/params", "CoherentGPUMemoryMode", "driver"))
		fs_because(lack, 0,
			"load the nvidia module with NVreg_CoherentGPUMemoryMode=numa (CDMM is NVIDIA's word for the driver keeping it, not CDM)",
			"%s: the driver keeps its memory to itself (CDMM mode), it is no node", unit->name);
	else
		fs_because(lack, 0, "is it online? /proc/driver/nvidia/gpus/*/numa_status; a newer driver",
			"%s: coherent, and its memory is no NUMA node that this process may use", unit->name);
}

/* ---- reasons for missing capabilities */

static void explain_pageable(const struct cuda_unit *unit, const struct fs_machine *machine, struct fs_reason *lack)
{
	char line[16];

	if (machine_read_line(machine, "/sys/module/nvidia_uvm/parameters/uvm_disable_hmm", line, sizeof(line)) == 0 && line[0] == 'Y')
		fs_because(lack, 0, "load nvidia_uvm with uvm_disable_hmm=0", "%s: HMM is disabled by the module's parameter uvm_disable_hmm",
			unit->name);
	else if (unit->arch < 75)
		fs_because(lack, 0, "setup=hmm-managed", "%s: the driver has HMM for Turing and later only", unit->name);
	else if (unit->driver < 12020)
		fs_because(lack, 0, "driver 535 or later", "%s: this driver has no HMM (it knows CUDA %u.%u)", unit->name, unit->driver / 1000,
			unit->driver % 1000 / 10);
	else
		fs_because(lack, 0, "the open kernel modules, Linux 6.1.24 or later with CONFIG_DEVICE_PRIVATE; or setup=hmm-managed",
			"%s: no access to pageable memory", unit->name);
}

static void explain(const struct cuda_unit *unit, const struct fs_machine *machine, unsigned cap, struct fs_reason *lack)
{
	switch (cap) {
	case FS_CAP_MIRROR:
		if (unit->pageable && unit->host_page_tables)
			fs_because(lack, 0, "setup=svm-system, or cdm where its memory is a node",
				"%s: it walks the host's page tables itself (ATS): malloc'd memory does not fault over", unit->name);
		else
			explain_pageable(unit, machine, lack);
		break;
	case FS_CAP_SVM_SYSTEM:
		explain_pageable(unit, machine, lack);
		break;
	case FS_CAP_COHERENT:
	case FS_CAP_NODE:
		explain_node(unit, machine, lack);
		break;
	case FS_CAP_MANAGED:
	case FS_CAP_MIGRATE: /* of what both sides share there is nothing at all then */
	case FS_CAP_PREFETCH:
	case FS_CAP_RESIDENCE:
	case FS_CAP_ATOMIC:
		fs_because(lack, 0, "Linux on bare metal or with a whole GPU passed through, Pascal or later; setup=copy", "%s: %s", unit->name,
			unit->managed ? "both sides cannot have managed memory at once (concurrentManagedAccess)" : "no managed memory");
		break;
	default:
		fs_because(lack, 0, "another setup, or device=opencl", "CUDA has another way: copy-pinned, hmm-managed");
	}
}

unsigned cuda_unit_caps(const struct cuda_unit *unit, const struct fs_machine *machine, struct fs_reason *lacks)
{
	struct fs_reason why = {0};
	bool serves = cuda_unit_serves(unit, &why) == 0;
	unsigned caps = FS_CAP_COPY | FS_CAP_PIN;

	caps |= unit->pageable ? FS_CAP_SVM_SYSTEM | FS_CAP_ATOMIC : 0;
	caps |= unit->pageable && !unit->host_page_tables ? FS_CAP_MIRROR : 0;
	caps |= unit->managed && unit->concurrent ? FS_CAP_MANAGED : 0;
	caps |= unit->pageable && unit->host_page_tables && cuda_unit_node(unit, machine) >= 0 ? FS_CAP_COHERENT | FS_CAP_NODE : 0;
	if ((caps & (FS_CAP_MIRROR | FS_CAP_MANAGED | FS_CAP_COHERENT)) != 0)
		caps |= FS_CAP_MIGRATE | FS_CAP_PREFETCH | FS_CAP_RESIDENCE | FS_CAP_ATOMIC;
	caps = serves ? caps : 0;
	for (unsigned bit = 0; lacks != NULL && bit < FS_CAPS; bit++) {
		if ((caps >> bit & 1) != 0)
			continue;
		if (serves)
			explain(unit, machine, 1u << bit, &lacks[bit]);
		else
			lacks[bit] = why;
	}
	return caps;
}
