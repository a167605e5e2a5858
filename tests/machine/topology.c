/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What machine_probe says of machines that are known: this one, and those in tests/machines (fake_machine.h), made up after real
 * ones with fewer cores:
 *   guest.files  QEMU without KVM, one node, a memory cgroup that limits
 *   cxl.files    two sockets with a CXL expander each, HMAT, memory tiers, a maker's name that looks like a hypervisor's
 *   ac922.*      POWER9 with the GPUs' memory as nodes 252 to 255; in the .files they belong to no CPUs
 *   gh200.xml    two Grace Hoppers: a GPU's memory has its package's CPUs; node 3 has no memory; node 20 is everybody's
 *   broken.xml   ends in the middle
 * What is chosen on these and others is in tests/machines/expected.tsv (recorded.sh).
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fake/machine.h"
#include "tests/tap.h"

#define GiB (1ull << 30)

static struct fs_machine machine;
static struct fs_reason why;

static const struct fs_node *node(int id)
{
	static const struct fs_node none = {.id = -1};
	int index = machine_node_index(&machine, id);

	return index >= 0 ? &machine.nodes[index] : &none;
}

static unsigned distance(int from, int to)
{
	int a = machine_node_index(&machine, from), b = machine_node_index(&machine, to);

	return a >= 0 && b >= 0 ? machine.distance[a][b] : 0;
}

static int device_node(void)
{
	int index = machine_device_node(&machine, &why);

	return index >= 0 ? machine.nodes[index].id : -1;
}

static void test_here(void)
{
	cpu_set_t one;
	int host;

	is_int(fake_machine_probe(NULL, NULL, &machine, &why), 0, "this machine can be probed");
	ok(!machine.foreign, "it is not another");
	ok(machine.cpus >= 1 && machine.cpus <= machine.cpus_online, "it has CPUs: %u of %u", machine.cpus, machine.cpus_online);
	is_int((long long)machine.page_bytes, sysconf(_SC_PAGESIZE), "its page size is the C library's");
	ok(machine.memory_bytes > 0 && machine.available_bytes > 0 && machine.available_bytes <= machine.memory_bytes,
		"it has memory: %llu of %llu MiB", (unsigned long long)machine.available_bytes >> 20, (unsigned long long)machine.memory_bytes >> 20);
	host = machine_host_node(&machine);
	ok(host >= 0 && machine.nodes[host].cpus > 0 && machine.nodes[host].bytes > 0, "its host node has CPUs and memory");
	ok(machine.architecture[0] != '\0', "its architecture is known: %s", machine.architecture);
	if (machine.nnodes == 1)
		is_int(device_node(), -1, "one node is none for the device");
	else
		skip("several nodes", 1);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	is_int(sched_setaffinity(0, sizeof(one), &one), 0, "this process may be bound to one CPU");
	machine_probe(&machine, NULL);
	is_int(machine.cpus, 1, "then it has one");
}

static void test_guest(void)
{
	is_int(fake_machine_probe("guest", NULL, &machine, &why), 0, "guest: probed");
	ok(machine.foreign, "guest: another machine");
	ok(machine.guest && machine.emulated, "guest: virtual, and its processor emulated");
	is_str(machine.hypervisor, "QEMU", "guest: the hypervisor's name");
	is_str(machine.cpu_model, "QEMU TCG CPU version 2.5+", "guest: the processor's model is not this machine's");
	is_int(machine.cpus_online, 2, "guest: two CPUs");
	is_int((long long)machine.memory_bytes, 2065408ll << 10, "guest: its memory");
	/* 1 GiB - (700 MiB used - 400 MiB of it cache that can go) */
	is_int((long long)machine.available_bytes, 724ll << 20, "guest: the cgroup above leaves less than there is");
	ok(machine.cgroup_limited, "guest: and that is said");
	is_int((long long)machine.page_sizes[0], 2 << 20, "guest: 2 MiB pages");
	is_int((long long)machine.page_sizes[1], 0, "guest: and no larger ones");
	is_int(machine.numa_balancing, 0, "guest: balancing is off");
	is_int(machine.nodes[0].tier, -1, "guest: no tiers");
	is_int((long long)machine.cache_bytes, 16 << 20, "guest: its last-level cache");
	is_int(device_node(), -1, "guest: no node for the device");
	is_str(why.what, "one memory node only", "guest: with the reason");
	ok(strstr(why.remedy, "numa=fake=2") != NULL, "guest: and what to do");
}

/* What tells a virtual machine where no processor does: the firmware's tables, the device tree, the control program. */
static void test_virtual(void)
{
	static const char arm_max[] = "processor\t: 0\nCPU implementer\t: 0x00\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0x051\n\n",
			  arm_n1[] = "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n\n";

	fake_machine_enter("guest", NULL);
	fake_machine_write("/sys/class/dmi/id/sys_vendor", NULL);
	fake_machine_write("/sys/class/dmi/id/product_name", NULL);
	fake_machine_write("/proc/cpuinfo", arm_n1);
	machine_probe(&machine, &why);
	ok(!machine.guest && !machine.emulated && machine.hypervisor[0] == '\0', "virtual: an arm64 machine of which nothing says so is none");
	fake_machine_write("/proc/device-tree/compatible", "linux,dummy-virt");
	machine_probe(&machine, &why);
	ok(machine.guest && !machine.emulated, "virtual: QEMU's device tree makes it one");
	is_str(machine.hypervisor, "QEMU", "virtual: of QEMU");
	fake_machine_write("/proc/cpuinfo", arm_max);
	machine_probe(&machine, &why);
	ok(machine.guest && machine.emulated, "virtual: a processor of nobody's is emulated");
	fake_machine_write("/proc/device-tree/compatible", NULL);
	fake_machine_write("/proc/cpuinfo", arm_n1);
	fake_machine_write("/sys/class/dmi/id/sys_vendor", "QEMU\n");
	fake_machine_write("/sys/class/dmi/id/product_name", "KVM Virtual Machine\n");
	machine_probe(&machine, &why);
	ok(machine.guest && !machine.emulated, "virtual: by the firmware's tables, with KVM");
	fake_machine_write("/sys/class/dmi/id/product_name", "QEMU Virtual Machine\n");
	machine_probe(&machine, &why);
	ok(machine.guest && machine.emulated, "virtual: and without");
	fake_machine_write("/sys/class/dmi/id/sys_vendor", NULL);
	fake_machine_write("/sys/class/dmi/id/product_name", NULL);
	fake_machine_write("/proc/device-tree/hypervisor/compatible", "linux,kvm");
	machine_probe(&machine, &why);
	is_str(machine.hypervisor, "KVM", "virtual: the device tree's node of a hypervisor");
	fake_machine_write("/proc/cpuinfo", "processor\t: 0\ncpu\t\t: POWER9 (architected)\n\nmachine\t\t: CHRP IBM pSeries (emulated by qemu)\n");
	machine_probe(&machine, &why);
	ok(machine.guest && !machine.emulated, "virtual: powerpc under KVM");
	fake_machine_write("/proc/device-tree/hypervisor/compatible", NULL);
	machine_probe(&machine, &why);
	ok(machine.guest && machine.emulated, "virtual: powerpc without is emulated");
	fake_machine_write("/proc/cpuinfo", "vendor_id       : IBM/S390\nprocessor 0: version = 00,  identification = 279F25,  machine = 2817\n");
	fake_machine_write("/proc/sysinfo", "Manufacturer:         IBM\nLPAR Number:          1\n");
	machine_probe(&machine, &why);
	ok(!machine.guest, "virtual: a partition of an s390 is the machine");
	fake_machine_write("/proc/sysinfo", "Manufacturer:         IBM\nLPAR Number:          1\nVM00 Control Program: z/VM    6.4.0\n");
	machine_probe(&machine, &why);
	is_str(machine.hypervisor, "z/VM", "virtual: s390 under a control program");
	fake_machine_write("/proc/sysinfo", NULL);
	fake_machine_write("/proc/cpuinfo", "processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc\nmvendorid\t: 0x0\nmarchid\t\t: 0x0\n\n");
	fake_machine_write("/proc/device-tree/compatible", "riscv-virtio");
	machine_probe(&machine, &why);
	ok(machine.guest && machine.emulated, "virtual: riscv of no maker under QEMU");
	fake_machine_leave();
}

/* A line of cpuinfo whose name is missing is none of a key's. */
static void test_nameless(void)
{
	fake_machine_enter("guest", NULL);
	fake_machine_write("/proc/cpuinfo", ": x\n : y\nprocessor : 0\n  \t : z\nvendor_id : somebody's\n");
	is_int(machine_probe(&machine, &why), 0, "nameless: probed");
	is_str(machine.cpu_kinds[0].name, "vendor_id somebody's", "nameless: what has a name is read");
	is_int(machine.cpu_kinds[0].cpus, 1, "nameless: of one CPU");
	fake_machine_leave();
}

static void write_blocks(int first, int end)
{
	for (int i = first; i < end; i++) {
		char path[80];

		snprintf(path, sizeof(path), "/sys/devices/system/node/node0/memory%d/state", i);
		fake_machine_write(path, "online\n");
	}
}

/* Files that are missing, empty or nonsense are no figures, and no failure. */
static void test_guest_torn(void)
{
	fake_machine_enter("guest", NULL);
	fake_machine_write("/sys/fs/cgroup/user.slice/memory.max", "max\n");
	machine_probe(&machine, NULL);
	ok(!machine.cgroup_limited && machine.available_bytes == 1843200ull << 10, "torn: no limit, no limiting");
	fake_machine_write("/sys/fs/cgroup/user.slice/build.scope/memory.high", "104857600\n");
	machine_probe(&machine, NULL);
	is_int((long long)machine.available_bytes, (100ll << 20) - (1 << 20), "torn: a soft limit that slows down limits");
	fake_machine_write("/sys/fs/cgroup/user.slice/build.scope/memory.high", "1\n");
	machine_probe(&machine, NULL);
	is_int((long long)machine.available_bytes, 1, "torn: a group beyond its limit has next to nothing, which is not unknown");
	fake_machine_write("/proc/self/cgroup", "nonsense\n3:\n::::\n0::\n");
	fake_machine_write("/sys/devices/system/node/node0/distance", "");
	fake_machine_write("/sys/devices/system/node/node0/cpulist", "x-y\n");
	fake_machine_write("/sys/devices/system/node/online", "nonsense\n");
	fake_machine_write("/proc/sys/kernel/numa_balancing", "on\n");
	fake_machine_write("/proc/meminfo", NULL);
	fake_machine_write("/proc/cpuinfo", NULL);
	is_int(machine_probe(&machine, &why), 0, "torn: probed all the same");
	is_int((long long)machine.available_bytes, 0, "torn: nobody knows what is available");
	is_int(machine.numa_balancing, -1, "torn: nor of balancing");
	ok(!machine.cgroup_limited && machine.nnodes == 1, "torn: the rest is there");
	fake_machine_write("/sys/devices/system/memory/block_size_bytes", "8000000\n");
	write_blocks(0, 8);
	machine_probe(&machine, NULL);
	is_int((long long)node(0)->bytes, 2017ll << 20, "torn: blocks that are less than the memory do not count");
	write_blocks(40, 48);
	machine_probe(&machine, NULL);
	is_int((long long)node(0)->bytes, 2 * (long long)GiB, "torn: blocks say what is installed");
	fake_machine_leave();
}

static void test_cxl(void)
{
	fake_machine_enter("cxl", NULL);
	is_int(machine_probe(&machine, &why), 0, "cxl: probed");
	is_int(machine.nnodes, 4, "cxl: four nodes");
	ok(node(0)->cpus == 4 && node(1)->cpus == 4 && node(2)->cpus == 0 && node(3)->cpus == 0, "cxl: two have CPUs");
	ok(node(1)->bytes == 1032 * GiB && machine.memory_bytes == 2831 * GiB, "cxl: thousands of GiB");
	is_int((long long)node(2)->free_bytes, 511 * (long long)GiB, "cxl: what is free on a node");
	ok(distance(0, 3) == 14 && distance(0, 2) == 24 && distance(2, 3) == 26, "cxl: distances");
	ok(node(0)->tier == 4 && node(2)->tier == 22, "cxl: tiers %d and %d", node(0)->tier, node(2)->tier);
	ok(node(2)->access.read_latency_ns == 260 && node(2)->access.read_bandwidth_mbs == 26000 && node(2)->access.write_bandwidth_mbs == 0,
		"cxl: HMAT's figures");
	ok(!machine.guest && machine.hypervisor[0] == '\0' && !machine.emulated, "cxl: no virtual machine, whatever its maker's name");
	is_str(machine.cpu_model, "Intel(R) Xeon(R) Platinum 8480+", "cxl: the model without the blanks behind it");
	is_int(machine.packages, 2, "cxl: packages");
	is_int(machine.cores, 8, "cxl: cores");
	is_int((long long)machine.cache_bytes, 105 << 20, "cxl: one socket's cache");
	ok(!machine.cgroup_limited && machine.available_bytes == 2700 * GiB, "cxl: version 1's idea of no limit is none");
	ok(machine.page_sizes[0] == 2 << 20 && machine.page_sizes[1] == GiB && machine.page_sizes[2] == 0, "cxl: huge page sizes, each once");
	is_int(machine.nhardware, 3, "cxl: two expanders and a memory device; the screen is no GPU");
	is_str(machine.hardware[0].kind, "cxl", "cxl: expander");
	is_str(machine.hardware[2].name, "dax2.0", "cxl: memory device");
	is_int(machine.numa_balancing, 2, "cxl: balancing by tiers");
	is_int(device_node(), 3, "cxl: the device's node is the nearest without CPUs");
	fake_machine_write("/proc/self/status", "Name:\tx\nMems_allowed_list:\t0-2\n");
	is_int(device_node(), 2, "cxl: of those that the cpuset allows");
	fake_machine_write("/proc/self/status", "Name:\tx\nMems_allowed_list:\t0\n");
	is_int(device_node(), -1, "cxl: none where it allows none");
	ok(strstr(why.what, "cpuset") != NULL && strstr(why.remedy, "cpuset.mems") != NULL, "cxl: with the reason");
	fake_machine_write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n");
	fake_machine_write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1073741824\n");
	machine_probe(&machine, NULL);
	ok(machine.cgroup_limited && machine.available_bytes == 3 * GiB, "cxl: a container's own group is the root that it sees");
	fake_machine_leave();
}

/* ---- limits: what is beyond one is reported, and long files and paths have none */

static bool is_beyond(const char *fields, const char *what)
{
	for (unsigned i = 0; i < machine.nunread && i < MACHINE_UNREAD; i++) {
		if (strcmp(machine.unread[i].fields, fields) == 0 && strstr(machine.unread[i].what, what) != NULL)
			return true;
	}
	return false;
}

static void test_limits(void)
{
	char path[128], isa[3 * sizeof(machine.cpu_kinds[0].name)] = "processor : 0\nisa : rv64";

	fake_machine_enter("cxl", NULL);
	for (unsigned i = 0; i < MACHINE_PAGE_SIZES; i++) {
		snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-%llukB/nr_hugepages", 8ull << i);
		fake_machine_write(path, "0\n");
	}
	is_int(machine_probe(&machine, &why), 0, "limits: probed");
	ok(is_beyond("page_sizes", "more than 15 sizes of huge pages"), "limits: more page sizes than fit are reported");
	is_int(machine.nunread, 1, "limits: once");
	fake_machine_leave();

	fake_machine_enter("cxl", NULL);
	for (unsigned i = 0; i <= MACHINE_DEVICES; i++) {
		snprintf(path, sizeof(path), "/sys/bus/dax/devices/dax%u.0/size", i);
		fake_machine_write(path, "0\n");
	}
	machine_probe(&machine, NULL);
	ok(is_beyond("hardware", "more than 256 devices"), "limits: so are more devices");
	is_int(machine.nunread, 1, "limits: once, too");
	for (size_t len = strlen(isa); len + 12 < sizeof(isa); len = strlen(isa))
		snprintf(isa + len, sizeof(isa) - len, "_zextension");
	fake_machine_write("/proc/cpuinfo", isa);
	machine_probe(&machine, NULL);
	ok(is_beyond("cpu_kinds", "more than 1021 characters of a kind of CPU"), "limits: and a CPU whose description is longer");
	fake_machine_leave();
}

static void test_long_files(void)
{
	char text[16384] = "Name:\tx\nGroups:\t", group[1000] = "/sys/fs/cgroup/memory";
	size_t len;

	fake_machine_enter("cxl", NULL);
	while (strlen(text) < 9000)
		strcat(text, "1000 ");
	strcat(text, "\nMems_allowed_list:\t0");
	while (strlen(text) < 10000)
		strcat(text, ",1");
	strcat(text, ",2\n");
	fake_machine_write("/proc/self/status", text);
	is_int(machine_probe(&machine, &why), 0, "long: probed");
	is_int(device_node(), 2, "long: the last node of a long list in a long file");

	while (strlen(group) < 700)
		strcat(group, "/nested.slice");
	snprintf(text, sizeof(text), "4:memory:%s\n", group + strlen("/sys/fs/cgroup/memory"));
	fake_machine_write("/proc/self/cgroup", text);
	len = strlen(group);
	snprintf(group + len, sizeof(group) - len, "/memory.limit_in_bytes");
	fake_machine_write(group, "4294967296\n");
	snprintf(group + len, sizeof(group) - len, "/memory.usage_in_bytes");
	fake_machine_write(group, "1073741824\n");
	machine_probe(&machine, NULL);
	ok(machine.cgroup_limited && machine.available_bytes == 3 * GiB, "long: the limit of a deeply nested cgroup");
	fake_machine_leave();
}

static void check_ac922(const char *from)
{
	static const int ids[] = {0, 8, 252, 253, 254, 255};

	is_int(machine.nnodes, 6, "ac922 by %s: six nodes", from);
	for (unsigned i = 0; i < machine.nnodes && i < FS_ARRAY_SIZE(ids); i++)
		is_int(machine.nodes[i].id, ids[i], "ac922 by %s: node %d", from, ids[i]);
	ok(node(8)->cpus == 8 && node(252)->cpus == 0 && node(255)->cpus == 0, "ac922 by %s: GPU nodes have no CPUs", from);
	ok(node(0)->bytes == 256 * GiB && node(255)->bytes == 16 * GiB, "ac922 by %s: their memory", from);
	ok(distance(0, 8) == 40 && distance(8, 255) == 80 && distance(252, 252) == 10, "ac922 by %s: distances of sparse nodes", from);
	is_int(device_node(), 252, "ac922 by %s: a GPU's node is the device's", from);
	is_int(machine.nhardware, 2, "ac922 by %s: two GPUs", from);
	is_str(machine.hardware[0].kind, "gpu", "ac922 by %s: that are GPUs", from);
	ok(strncmp(machine.hardware[0].name, "10de:1db5", 9) == 0, "ac922 by %s: by their numbers, whatever else is known", from);
	is_str(machine.architecture, "ppc64le", "ac922 by %s: its architecture", from);
	is_int(machine.cpus, 16, "ac922 by %s: its CPUs, not this machine's", from);
	ok(!machine.guest, "ac922 by %s: no virtual machine", from);
}

static void test_ac922(void)
{
	is_int(fake_machine_probe("ac922", NULL, &machine, &why), 0, "ac922: probed by files");
	check_ac922("files");
	is_int(fake_machine_probe(NULL, "ac922", &machine, &why), 0, "ac922: probed by XML");
	check_ac922("XML");
	ok(machine.memory_bytes == 576 * GiB && machine.available_bytes == 0, "ac922 by XML: this machine's files do not get in");
	is_int((long long)machine.page_bytes, 65536, "ac922 by XML: 64 KiB pages");
	is_str(node(252)->subtype, "GPUMemory", "ac922 by XML: what kind of node it is");
	is_int(machine.numa_balancing, -1, "ac922 by XML: nor is balancing known");
	is_int(fake_machine_probe("ac922", "ac922", &machine, &why), 0, "ac922: probed by both");
	check_ac922("both");
	ok(machine.page_bytes == 65536 && machine.available_bytes == 450 * GiB, "ac922 by both: each says its part");
	fake_machine_enter("ac922", NULL);
	fake_machine_write("/proc/device-tree/hypervisor/compatible", "linux,kvm\n");
	machine_probe(&machine, NULL);
	is_str(machine.hypervisor, "KVM", "ac922: a virtual machine by what its device tree says");
	fake_machine_write("/proc/device-tree/hypervisor/compatible", "ibm,powervm\n");
	machine_probe(&machine, NULL);
	is_str(machine.hypervisor, "", "ac922: or none that is known");
	fake_machine_leave();
}

static void test_gh200(void)
{
	is_int(fake_machine_probe(NULL, "gh200", &machine, &why), 0, "gh200: probed");
	is_int(machine.nnodes, 6, "gh200: six nodes");
	ok(node(0)->cpus == 2 && node(1)->cpus == 2, "gh200: the processors' nodes have CPUs");
	ok(node(2)->cpus == 0 && node(10)->cpus == 0, "gh200: memory of a GPU has none, though it is attached to them");
	is_int(node(20)->cpus, 0, "gh200: nor has memory of the whole machine");
	is_int((long long)node(3)->bytes, 0, "gh200: a node without memory");
	is_int(machine_host_node(&machine), machine_node_index(&machine, 0), "gh200: the host's node");
	is_int(device_node(), 2, "gh200: the near GPU's node is the device's, not the empty one");
	is_int((long long)machine.page_sizes[1], 512 << 20, "gh200: 512 MiB pages");
	is_int((long long)machine.cache_bytes, 114 << 20, "gh200: its cache");
	ok(machine.nhardware == 2 && strstr(machine.hardware[0].name, "GH200") != NULL, "gh200: two GPUs by name");
	ok(distance(0, 1) == 40 && distance(0, 10) == 160 && distance(1, 20) == 120 && distance(20, 20) == 10,
		"gh200: distances of a topology without the kernel's files");
}

static void test_two_sockets(void)
{
	is_int(fake_machine_probe("cxl", NULL, &machine, &why), 0, "two sockets: probed");
	machine.nnodes = 2;
	is_int(device_node(), 1, "two sockets: without a node that has no CPUs the far socket's is the device's");
	machine.nodes[1].bytes = 0;
	is_int(device_node(), -1, "two sockets: but not without memory");
}

static void test_bad(void)
{
	char deep[PATH_MAX + 2];

	is_int(fake_machine_probe(NULL, "broken", &machine, &why), -EINVAL, "bad: an XML file that ends in the middle");
	ok(strstr(why.what, "broken.xml") != NULL, "bad: is named: %s", why.what);
	ok(strstr(why.remedy, "HWLOC_XMLFILE") != NULL, "bad: with what to do");
	is_int(fake_machine_probe(NULL, "nothing", &machine, &why), -EINVAL, "bad: one that is not there");
	setenv("FIVESTEP_ROOT", "/no/such/folder", 1);
	is_int(machine_probe(&machine, &why), -EINVAL, "bad: a root that is not there");
	ok(strstr(why.what, "/no/such/folder") != NULL, "bad: is named: %s", why.what);
	memset(deep, 'a', sizeof(deep) - 1);
	deep[0] = '/';
	deep[sizeof(deep) - 1] = '\0';
	setenv("FIVESTEP_ROOT", deep, 1);
	is_int(machine_probe(&machine, &why), -ENAMETOOLONG, "bad: a root that would be cut");
	setenv("FIVESTEP_ROOT", "", 1);
	setenv("HWLOC_XMLFILE", "", 1);
	is_int(machine_probe(&machine, &why), 0, "bad: set to nothing is not set");
	ok(!machine.foreign, "bad: and means this machine");
	unsetenv("FIVESTEP_ROOT");
	unsetenv("HWLOC_XMLFILE");
	setenv("HWLOC_SYNTHETIC", "numa:2 core:2 pu:1", 1);
	machine_probe(&machine, &why);
	ok(machine.foreign && machine.nnodes == 2, "bad: hwloc's own variables make another machine, too");
	unsetenv("HWLOC_SYNTHETIC");
}

int main(void)
{
	test_guest();
	test_virtual();
	test_guest_torn();
	test_cxl();
	test_limits();
	test_long_files();
	test_ac922();
	test_gh200();
	test_two_sockets();
	test_bad();
	test_nameless();
	test_here();
	done_testing();
	return exit_status();
}
