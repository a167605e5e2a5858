/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cuda_units.c - what a GPU can do, by what the driver says of it and by the files of its machine; and, for what it cannot, the reason and the
 * remedy that doctor prints. No driver is asked: the units are made here, the machine is tests/machines/gh200.xml with files beside it.
 */
#include "config.h"

#include "harness/device/cuda/cuda.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

#define PARAMS	  "/proc/driver/nvidia/params"
#define NO_HMM	  "/sys/module/nvidia_uvm/parameters/uvm_disable_hmm"
#define NODE_FILE "/proc/driver/nvidia/gpus/0009:01:00.0/numa_status"

/* An H200 under driver 570, which mirrors page tables by HMM. */
static const struct cuda_unit h200 = {
	.name = "NVIDIA H200",
	.bus = "0000:01:00.0",
	.driver = 12080,
	.arch = 90,
	.memory_bytes = 139ull << 30,
	.processors = 132,
	.ecc = true,
	.managed = true,
	.concurrent = true,
	.pageable = true,
	.node = -1,
};

static unsigned index_of(unsigned cap)
{
	return (unsigned)__builtin_ctz(cap);
}

/* What the unit lacks of cap is said in these words. */
static void lacks(
	const struct cuda_unit *unit, const struct fs_machine *machine, unsigned cap, const char *what, const char *remedy, const char *name)
{
	struct fs_reason lack[FS_CAPS] = {0};
	const struct fs_reason *why = &lack[index_of(cap)];
	unsigned caps = cuda_unit_caps(unit, machine, lack);

	ok((caps & cap) == 0, "%s: it is not claimed", name);
	ok(strstr(why->what, what) != NULL, "%s: %s", name, why->what);
	ok(strstr(why->remedy, remedy) != NULL, "%s: what to do: %s", name, why->remedy);
}

static void has(const struct cuda_unit *unit, const struct fs_machine *machine, unsigned cap, const char *name)
{
	ok((cuda_unit_caps(unit, machine, NULL) & cap) == cap, "%s", name);
}

static void check_pageable(const struct fs_machine *machine)
{
	struct cuda_unit unit = h200;

	has(&unit, machine, FS_CAP_MIRROR | FS_CAP_SVM_SYSTEM | FS_CAP_MANAGED | FS_CAP_MIGRATE | FS_CAP_RESIDENCE, "HMM: all but a node");
	lacks(&unit, machine, FS_CAP_COHERENT, "behind PCIe", "coherent links", "its memory behind PCIe");
	unit.host_page_tables = true;
	has(&unit, machine, FS_CAP_SVM_SYSTEM, "ATS: any memory of the process");
	lacks(&unit, machine, FS_CAP_MIRROR, "host's page tables itself (ATS)", "setup=svm-system", "ATS: nothing faults over");
	unit = h200;
	unit.pageable = false;
	lacks(&unit, machine, FS_CAP_MIRROR, "no access to pageable memory", "open kernel modules", "no pageable access");
	lacks(&unit, machine, FS_CAP_SVM_SYSTEM, "no access to pageable memory", "hmm-managed", "nor any memory");
	has(&unit, machine, FS_CAP_MANAGED, "managed memory all the same");
	unit.driver = 12010;
	lacks(&unit, machine, FS_CAP_MIRROR, "this driver has no HMM (it knows CUDA 12.1)", "driver 535", "a driver before HMM");
	unit.arch = 70;
	lacks(&unit, machine, FS_CAP_MIRROR, "Turing and later", "hmm-managed", "a GPU before HMM");
	unit = h200;
	unit.concurrent = false;
	unit.pageable = false;
	lacks(&unit, machine, FS_CAP_MANAGED, "concurrentManagedAccess", "bare metal", "managed memory, one side at a time");
	unit.managed = false;
	lacks(&unit, machine, FS_CAP_MANAGED, "no managed memory", "Pascal or later", "no managed memory at all");
}

/* Both have no pageable access then; the parameter is what explains it. */
static void check_disabled(const struct fs_machine *machine)
{
	struct cuda_unit unit = h200;

	unit.pageable = false;
	fake_machine_write(NO_HMM, "N\n");
	lacks(&unit, machine, FS_CAP_MIRROR, "no access to pageable memory", "open kernel modules", "HMM is not disabled");
	fake_machine_write(NO_HMM, "Y\n");
	lacks(&unit, machine, FS_CAP_MIRROR, "uvm_disable_hmm", "uvm_disable_hmm=0", "HMM is disabled by the module's parameter");
	lacks(&unit, machine, FS_CAP_SVM_SYSTEM, "uvm_disable_hmm", "uvm_disable_hmm=0", "and with it any memory of the process");
	fake_machine_write(NO_HMM, NULL);
}

/* Of two nodes with memory the GPU's is the one that the driver names. */
static void check_node(const struct fs_machine *machine)
{
	struct cuda_unit unit = h200;
	int gpu_node = -1;
	char text[64];

	for (unsigned i = 0; i < machine->nnodes && gpu_node < 0; i++)
		gpu_node = machine->nodes[i].cpus == 0 && machine->nodes[i].bytes != 0 ? machine->nodes[i].id : -1;
	ok(gpu_node >= 0, "the machine has a node without CPUs");
	snprintf(unit.bus, sizeof(unit.bus), "0009:01:00.0");
	unit.host_page_tables = true;
	lacks(&unit, machine, FS_CAP_COHERENT, "no NUMA node that this process may use", "is it online?", "a node that nobody names");
	unit.node = gpu_node;
	has(&unit, machine, FS_CAP_COHERENT, "a node that the driver names");
	is_int(cuda_unit_node(&unit, machine), gpu_node, "it is that");
	unit.node = 4711;
	lacks(&unit, machine, FS_CAP_COHERENT, "no NUMA node that this process may use", "newer driver", "a node that is hidden from the process");
	unit.node = machine->nodes[machine_host_node(machine)].id;
	lacks(&unit, machine, FS_CAP_COHERENT, "no NUMA node that this process may use", "is it online?", "the host's own node");
	unit.node = -1;
	snprintf(text, sizeof(text), "Node: %d\nNUMA: online\n", gpu_node);
	fake_machine_write(NODE_FILE, text);
	is_int(cuda_unit_node(&unit, machine), gpu_node, "a driver that says it in a file only");
	has(&unit, machine, FS_CAP_COHERENT, "is believed");
	fake_machine_write(NODE_FILE, NULL);
	fake_machine_write(PARAMS, "EnableMSI: 1\nCoherentGPUMemoryMode: \"driver\"\n");
	lacks(&unit, machine, FS_CAP_COHERENT, "CDMM", "NVreg_CoherentGPUMemoryMode=numa", "the driver keeps the memory to itself");
	fake_machine_write(PARAMS, "EnableMSI: 1\nCoherentGPUMemoryMode: \"\"\nOther: \"driver\"\n");
	lacks(&unit, machine, FS_CAP_COHERENT, "no NUMA node that this process may use", "is it online?",
		"that another parameter has the word is nothing");
	fake_machine_write(PARAMS, NULL);
}

static void check_useless(const struct fs_machine *machine)
{
	struct cuda_unit unit = h200;

	unit.mode = CUDA_COMPUTEMODE_PROHIBITED;
	lacks(&unit, machine, FS_CAP_COPY, "prohibited", "nvidia-smi -c 0", "a GPU that may not be used");
	unit = h200;
	unit.arch = 61;
	lacks(&unit, machine, FS_CAP_COPY, "6.1 is older than 7.0", "another unit", "one that is too old");
	unit.arch = 0;
	lacks(&unit, machine, FS_CAP_COPY, "does not say its compute capability", "nvidia-smi", "one of which nothing is known");
}

int main(void)
{
	struct fs_machine machine;
	struct fs_reason why = {0};

	if (!cuda_program_is_there()) {
		skip_all("this build has no bodies for CUDA");
		return exit_status();
	}
	fake_machine_enter("guest", "gh200");
	is_int(machine_probe(&machine, &why), 0, "the machine is laid out");
	check_pageable(&machine);
	check_disabled(&machine);
	check_node(&machine);
	check_useless(&machine);
	fake_machine_leave();
	done_testing();
	return exit_status();
}
