/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * topology.c - what the machine is, through hwloc, and through /proc and /sys for what hwloc does not carry.
 */
#include "config.h"

#include "harness/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <hwloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files below the root */

int machine_open(const struct fs_machine *machine, const char *path)
{
	char full[512];
	int fd;

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	fd = open(full, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : -errno;
}

/* All of a small file, ended by a zero byte; -errno or its length. */
static int read_text(const struct fs_machine *machine, const char *path, char *text, size_t bytes)
{
	int fd = machine_open(machine, path);
	ssize_t got, len = 0;

	if (fd < 0)
		return fd;
	while ((got = read(fd, text + len, bytes - 1 - (size_t)len)) > 0)
		len += got;
	close(fd);
	text[len] = '\0';
	return got < 0 && len == 0 ? -EIO : (int)len;
}

int machine_read_line(const struct fs_machine *machine, const char *path, char *line, size_t bytes)
{
	int len = read_text(machine, path, line, bytes);

	if (len < 0)
		return len;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

int machine_read_long(const struct fs_machine *machine, const char *path, long long *value)
{
	char line[64], *end;
	int err = machine_read_line(machine, path, line, sizeof(line));

	if (err < 0)
		return err;
	*value = strtoll(line, &end, 10);
	return end != line ? 0 : -EINVAL;
}

/* "Name:   1234 kB" in a file of such lines; 0 where it is not there. */
static uint64_t kib_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at != NULL ? strtoull(at + strlen(name), NULL, 10) << 10 : 0;
}

/* ---- memory, and what of it this process may have */

static void read_meminfo(struct fs_machine *machine)
{
	char text[8192];

	if (read_text(machine, "/proc/meminfo", text, sizeof(text)) < 0)
		return;
	machine->memory_bytes = kib_of(text, "MemTotal:");
	machine->available_bytes = kib_of(text, "MemAvailable:");
}

/* What a memory cgroup leaves: its limit less what it uses; 0 where it has no limit. */
static uint64_t cgroup_room(const struct fs_machine *machine, const char *folder, const char *limit_file, const char *usage_file)
{
	char path[512];
	long long limit, usage = 0;

	snprintf(path, sizeof(path), "%.400s/%s", folder, limit_file);
	/* "max" is no number, and version 1 writes no limit as almost 2^63. */
	if (machine_read_long(machine, path, &limit) != 0 || limit <= 0 || limit >= 1ll << 60)
		return 0;
	snprintf(path, sizeof(path), "%.400s/%s", folder, usage_file);
	machine_read_long(machine, path, &usage);
	return usage < limit ? (uint64_t)(limit - usage) : 1;
}

/* Every group from this process's own up to the root may limit. */
static void limit_by_cgroup(struct fs_machine *machine, const char *mount, const char *group, const char *limit_file, const char *usage_file)
{
	char folder[768];

	snprintf(folder, sizeof(folder), "%s%s", mount, group);
	for (;;) {
		uint64_t room = cgroup_room(machine, folder, limit_file, usage_file);
		char *slash = strrchr(folder, '/');

		if (room != 0 && room < machine->available_bytes) {
			machine->available_bytes = room;
			machine->cgroup_limited = true;
		}
		if (slash == NULL || (size_t)(slash - folder) < strlen(mount))
			break;
		*slash = '\0';
	}
}

static void read_cgroups(struct fs_machine *machine)
{
	char text[4096], *save;

	if (read_text(machine, "/proc/self/cgroup", text, sizeof(text)) < 0)
		return;
	for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':'), *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;

		if (group == NULL)
			continue;
		*group++ = '\0';
		controllers++;
		if (*controllers == '\0')
			limit_by_cgroup(machine, "/sys/fs/cgroup", group, "memory.max", "memory.current");
		else if (strstr(controllers, "memory") != NULL)
			limit_by_cgroup(machine, "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes", "memory.usage_in_bytes");
	}
}

/* ---- processor */

static const char *info_of(hwloc_topology_t topology, const char *name)
{
	hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
	const char *text = package != NULL ? hwloc_obj_get_info_by_name(package, name) : NULL;

	return text != NULL ? text : hwloc_obj_get_info_by_name(hwloc_get_root_obj(topology), name);
}

/* Trimmed at the end: some firmware pads names with blanks. */
static void copy_text(char *to, size_t bytes, const char *from)
{
	size_t len;

	snprintf(to, bytes, "%s", from != NULL ? from : "");
	for (len = strlen(to); len > 0 && to[len - 1] == ' '; len--)
		to[len - 1] = '\0';
}

static void read_processor(struct fs_machine *machine, hwloc_topology_t topology)
{
	const char *model = info_of(topology, "CPUModel");
	hwloc_obj_t cache = NULL, pu = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, 0);
	cpu_set_t allowed;
	int online = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);

	copy_text(machine->cpu_model, sizeof(machine->cpu_model), model != NULL ? model : info_of(topology, "PlatformModel"));
	machine->cpus_online = online > 0 ? (unsigned)online : 0;
	machine->cpus = machine->cpus_online;
	if (!machine->foreign && sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
		machine->cpus = (unsigned)CPU_COUNT(&allowed);
	for (hwloc_obj_t obj = pu; obj != NULL; obj = obj->parent) {
		if (hwloc_obj_type_is_cache(obj->type) && hwloc_obj_type_is_dcache(obj->type))
			cache = obj;
	}
	machine->cache_bytes = cache != NULL ? cache->attr->cache.size : 0;
}

static void read_hypervisor(struct fs_machine *machine)
{
	static const struct {
		const char *mark, *name;
	} vendors[] = {{"QEMU", "QEMU"}, {"KVM", "KVM"}, {"VMware", "VMware"}, {"VirtualBox", "VirtualBox"},
		{"Microsoft Corporation Virtual", "Hyper-V"}, {"Xen", "Xen"}, {"Amazon EC2", "EC2"}, {"Google", "GCE"}, {"OpenStack", "OpenStack"},
		{"Firecracker", "Firecracker"}};
	char *cpuinfo = calloc(1, 16384), vendor[128] = "", product[128] = "", dmi[260];

	if (cpuinfo == NULL)
		return;
	read_text(machine, "/proc/cpuinfo", cpuinfo, 16384);
	machine_read_line(machine, "/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor));
	machine_read_line(machine, "/sys/class/dmi/id/product_name", product, sizeof(product));
	snprintf(dmi, sizeof(dmi), "%s %s", vendor, product);
	/* The processor's own word first: a hypervisor need not show itself in the firmware's tables. */
	machine->guest = strstr(cpuinfo, " hypervisor") != NULL || strstr(cpuinfo, "QEMU") != NULL;
	for (size_t i = 0; i < FS_ARRAY_SIZE(vendors) && machine->hypervisor[0] == '\0'; i++) {
		if (strstr(dmi, vendors[i].mark) == NULL || (!machine->guest && i > 5))
			continue;
		machine->guest = true;
		snprintf(machine->hypervisor, sizeof(machine->hypervisor), "%s", vendors[i].name);
	}
	machine->emulated = strstr(cpuinfo, "QEMU TCG") != NULL;
	free(cpuinfo);
}

static int ascending(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

static void read_page_sizes(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, 0);
	unsigned n = 0;
	long long bytes;

	machine->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	for (unsigned i = 0; node != NULL && i < node->attr->numanode.page_types_len; i++) {
		size_t size = node->attr->numanode.page_types[i].size;

		if (machine->foreign && i == 0)
			machine->page_bytes = size;
		if (size > machine->page_bytes && n < MACHINE_PAGE_SIZES - 1)
			machine->page_sizes[n++] = size;
	}
	if (n == 0 && machine_read_long(machine, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", &bytes) == 0)
		machine->page_sizes[n++] = (size_t)bytes;
	qsort(machine->page_sizes, n, sizeof(machine->page_sizes[0]), ascending);
}

/* ---- nodes */

static void read_access(const struct fs_machine *machine, struct fs_node *node)
{
	static const struct {
		const char *file;
		size_t field;
	} figures[] = {
		{"read_latency", offsetof(struct fs_access, read_latency_ns)},
		{"write_latency", offsetof(struct fs_access, write_latency_ns)},
		{"read_bandwidth", offsetof(struct fs_access, read_bandwidth_mbs)},
		{"write_bandwidth", offsetof(struct fs_access, write_bandwidth_mbs)},
	};
	char path[128];
	long long value;

	for (size_t i = 0; i < FS_ARRAY_SIZE(figures); i++) {
		snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/access0/initiators/%s", node->id, figures[i].file);
		if (machine_read_long(machine, path, &value) == 0 && value > 0)
			*(unsigned *)((char *)&node->access + figures[i].field) = (unsigned)value;
	}
}

/* Whether a list like "0,8,252-255" holds n. */
static bool list_holds(const char *list, int n)
{
	while (*list != '\0') {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (end == list)
			return false;
		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (n >= first && n <= last)
			return true;
		list = *end == ',' ? end + 1 : end;
		if (*end != ',')
			return false;
	}
	return false;
}

/* Tiers are numbered by their abstract distance; there are few, and the numbers are small multiples. */
#define TIERS 256

static void read_tiers(struct fs_machine *machine)
{
	char path[128], list[256];

	for (int tier = 0; tier < TIERS; tier++) {
		snprintf(path, sizeof(path), "/sys/devices/virtual/memory_tiering/memory_tier%d/nodelist", tier);
		if (machine_read_line(machine, path, list, sizeof(list)) != 0)
			continue;
		for (unsigned i = 0; i < machine->nnodes; i++) {
			if (list_holds(list, machine->nodes[i].id))
				machine->nodes[i].tier = tier;
		}
	}
}

static void read_node(struct fs_machine *machine, hwloc_obj_t obj)
{
	struct fs_node *node = &machine->nodes[machine->nnodes++];
	char path[96], text[4096], name[48];
	long long on_cpus = hwloc_bitmap_weight(obj->cpuset);

	*node = (struct fs_node){.id = (int)obj->os_index, .bytes = obj->attr->numanode.local_memory, .tier = -1};
	/* A node without CPUs of its own is attached to those near it: the kernel's list says which it really has. */
	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/cpulist", node->id);
	if (machine_read_line(machine, path, text, sizeof(text)) == 0)
		on_cpus = text[0] == '\0' ? 0 : on_cpus;
	else if (obj->prev_sibling != NULL)
		on_cpus = 0;
	node->cpus = on_cpus > 0 ? (unsigned)on_cpus : 0;
	copy_text(node->subtype, sizeof(node->subtype), obj->subtype);
	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/meminfo", node->id);
	if (read_text(machine, path, text, sizeof(text)) >= 0) {
		snprintf(name, sizeof(name), "MemFree:");
		node->free_bytes = kib_of(text, name);
	}
	read_access(machine, node);
}

/* From the kernel's own table, a row a node in the order of their numbers; else what hwloc was told. */
static void read_distances(struct fs_machine *machine, hwloc_topology_t topology)
{
	struct hwloc_distances_s *matrix = NULL;
	unsigned one = 1;

	for (unsigned i = 0; i < machine->nnodes; i++) {
		char path[96], text[1024], *at = text;

		snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/distance", machine->nodes[i].id);
		if (machine_read_line(machine, path, text, sizeof(text)) != 0)
			break;
		for (unsigned j = 0; j < machine->nnodes; j++)
			machine->distance[i][j] = (unsigned)strtoul(at, &at, 10);
	}
	if (machine->nnodes == 0 || machine->distance[0][0] != 0 ||
		hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &one, &matrix, HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) != 0 || one == 0)
		return;
	for (unsigned i = 0; i < matrix->nbobjs; i++) {
		for (unsigned j = 0; j < matrix->nbobjs; j++) {
			int from = machine_node_index(machine, (int)matrix->objs[i]->os_index),
			    to = machine_node_index(machine, (int)matrix->objs[j]->os_index);

			if (from >= 0 && to >= 0)
				machine->distance[from][to] = (unsigned)matrix->values[i * matrix->nbobjs + j];
		}
	}
	hwloc_distances_release(topology, matrix);
}

static int by_id(const void *a, const void *b)
{
	return ((const struct fs_node *)a)->id - ((const struct fs_node *)b)->id;
}

static void read_nodes(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t obj = NULL;

	while (machine->nnodes < MACHINE_NODES && (obj = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, obj)) != NULL)
		read_node(machine, obj);
	qsort(machine->nodes, machine->nnodes, sizeof(machine->nodes[0]), by_id);
	read_distances(machine, topology);
	read_tiers(machine);
}

/* ---- devices */

static void add_hardware(struct fs_machine *machine, const char *kind, const char *name)
{
	struct fs_hardware *hardware = &machine->hardware[machine->nhardware];

	if (machine->nhardware == MACHINE_DEVICES)
		return;
	copy_text(hardware->kind, sizeof(hardware->kind), kind);
	copy_text(hardware->name, sizeof(hardware->name), name);
	machine->nhardware++;
}

/* The base class of a PCI device: 03 display, 12 processing accelerator; 0502 is a CXL memory expander. */
static void add_pci(struct fs_machine *machine, hwloc_obj_t pci)
{
	unsigned class = pci->attr->pcidev.class_id;
	const char *vendor = hwloc_obj_get_info_by_name(pci, "PCIVendor"), *device = hwloc_obj_get_info_by_name(pci, "PCIDevice");
	char name[96];

	if (vendor != NULL && device != NULL)
		snprintf(name, sizeof(name), "%s %s", vendor, device);
	else
		snprintf(name, sizeof(name), "%04x:%04x", pci->attr->pcidev.vendor_id, pci->attr->pcidev.device_id);
	/* 0300 alone is a screen, as every virtual machine has; 0302 computes, and so do 0300s of vendors that make both. */
	if (class == 0x0302 || (class >> 8 == 0x03 && (pci->attr->pcidev.vendor_id == 0x10de || pci->attr->pcidev.vendor_id == 0x1002)))
		add_hardware(machine, "gpu", name);
	else if (class >> 8 == 0x12)
		add_hardware(machine, "accelerator", name);
	else if (class == 0x0502)
		add_hardware(machine, "cxl", name);
}

static void read_hardware(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t obj = NULL;

	while ((obj = hwloc_get_next_pcidev(topology, obj)) != NULL)
		add_pci(machine, obj);
	obj = NULL;
	while ((obj = hwloc_get_next_osdev(topology, obj)) != NULL) {
		if (obj->attr->osdev.type == HWLOC_OBJ_OSDEV_BLOCK && obj->name != NULL && strncmp(obj->name, "dax", 3) == 0)
			add_hardware(machine, "dax", obj->name);
	}
}

/* ---- the whole */

static int load(hwloc_topology_t *topology, struct fs_reason *why)
{
	const char *xml = getenv("HWLOC_XMLFILE");

	if (hwloc_topology_init(topology) != 0)
		return fs_because(why, -ENOMEM, "", "hwloc: %s", strerror(errno));
	hwloc_topology_set_flags(*topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	hwloc_topology_set_io_types_filter(*topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
	if ((xml != NULL && *xml != '\0' && hwloc_topology_set_xml(*topology, xml) != 0) || hwloc_topology_load(*topology) != 0) {
		hwloc_topology_destroy(*topology);
		return fs_because(why, -EINVAL, xml != NULL ? "unset HWLOC_XMLFILE, or name a file that lstopo wrote" : "",
			"hwloc cannot read the topology%s%.150s", xml != NULL ? " in " : "", xml != NULL ? xml : "");
	}
	return 0;
}

int machine_probe(struct fs_machine *machine, struct fs_reason *why)
{
	const char *root = getenv("FIVESTEP_ROOT"), *xml = getenv("HWLOC_XMLFILE");
	hwloc_topology_t topology;
	long long balancing;
	int err;

	memset(machine, 0, sizeof(*machine));
	copy_text(machine->root, sizeof(machine->root), root);
	machine->foreign = machine->root[0] != '\0' || (xml != NULL && *xml != '\0');
	err = load(&topology, why);
	if (err < 0)
		return err;
	read_meminfo(machine);
	read_cgroups(machine);
	read_processor(machine, topology);
	read_page_sizes(machine, topology);
	read_nodes(machine, topology);
	read_hardware(machine, topology);
	read_hypervisor(machine);
	machine->numa_balancing = machine_read_long(machine, "/proc/sys/kernel/numa_balancing", &balancing) == 0 ? (int)balancing : -1;
	hwloc_topology_destroy(topology);
	return 0;
}

/* ---- which node is for what */

int machine_node_index(const struct fs_machine *machine, int node_id)
{
	for (unsigned i = 0; i < machine->nnodes; i++) {
		if (machine->nodes[i].id == node_id)
			return (int)i;
	}
	return -1;
}

int machine_host_node(const struct fs_machine *machine)
{
	unsigned cpu, id;
	int index;

	if (!machine->foreign && getcpu(&cpu, &id) == 0) {
		index = machine_node_index(machine, (int)id);
		if (index >= 0 && machine->nodes[index].bytes > 0)
			return index;
	}
	for (unsigned i = 0; i < machine->nnodes; i++) {
		if (machine->nodes[i].cpus > 0 && machine->nodes[i].bytes > 0)
			return (int)i;
	}
	return -1;
}

/* Better: no CPUs; of these the nearest, of nodes with CPUs the farthest. */
static bool is_better(const struct fs_machine *machine, int host, int a, int b)
{
	bool bare_a = machine->nodes[a].cpus == 0, bare_b = machine->nodes[b].cpus == 0;

	if (bare_a != bare_b)
		return bare_a;
	return bare_a ? machine->distance[host][a] < machine->distance[host][b] : machine->distance[host][a] > machine->distance[host][b];
}

int machine_device_node(const struct fs_machine *machine, struct fs_reason *why)
{
	int host = machine_host_node(machine), best = -1;

	for (int i = 0; host >= 0 && i < (int)machine->nnodes; i++) {
		if (i != host && machine->nodes[i].bytes > 0 && (best < 0 || is_better(machine, host, i, best)))
			best = i;
	}
	if (best < 0)
		fs_because(why, -ENOTSUP, "fivestep guest run, or boot with numa=fake=2", "one memory node only");
	return best;
}
