/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * topology.c - what the machine is, through hwloc, and through /proc and /sys for what hwloc does not carry.
 */
#include "config.h"

#include "harness/topology.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <hwloc.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* A variable that is set to nothing is not set. */
static const char *given(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* ---- files below the root */

int machine_open(const struct fs_machine *machine, const char *path)
{
	char full[512];
	int fd;

	/* The topology is another machine's: this one's files would be mixed into it. */
	if (machine->foreign && machine->root[0] == '\0')
		return -ENOENT;
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

/* Calls found for each entry of a folder below the root; none where there is no such folder. */
static void each_entry(const struct fs_machine *machine, const char *path, void (*found)(void *context, const char *name), void *context)
{
	int fd = machine_open(machine, path);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.')
			found(context, entry->d_name);
	}
	if (folder != NULL)
		closedir(folder);
	else if (fd >= 0)
		close(fd);
}

/* "Name:   1234 kB" in a file of such lines; 0 where it is not there. */
static uint64_t kib_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at != NULL ? strtoull(at + strlen(name), NULL, 10) << 10 : 0;
}

/* ---- memory, and what of it this process may have */

/* Of the two versions of the memory controller. */
struct cgroup_files {
	const char *mount, *limits[2], *usage, *cache;
};
static const struct cgroup_files cgroup_v1 = {
	"/sys/fs/cgroup/memory", {"memory.limit_in_bytes", NULL}, "memory.usage_in_bytes", "total_inactive_file "};
static const struct cgroup_files cgroup_v2 = {"/sys/fs/cgroup", {"memory.max", "memory.high"}, "memory.current", "\ninactive_file "};

static long long cgroup_number(const struct fs_machine *machine, const char *folder, const char *file)
{
	char path[512];
	long long value;

	snprintf(path, sizeof(path), "%.400s/%s", folder, file);
	return machine_read_long(machine, path, &value) == 0 ? value : 0;
}

/* Page cache that the kernel drops before it denies memory. */
static long long cgroup_cache(const struct fs_machine *machine, const char *folder, const char *name)
{
	char path[512], text[8192];
	const char *at;

	snprintf(path, sizeof(path), "%.400s/memory.stat", folder);
	if (read_text(machine, path, text, sizeof(text)) < 0)
		return 0;
	at = strstr(text, name);
	return at != NULL ? strtoll(at + strlen(name), NULL, 10) : 0;
}

/* What a memory cgroup leaves: its limit less what it uses; UINT64_MAX where it has no limit. */
static uint64_t cgroup_room(const struct fs_machine *machine, const char *folder, const struct cgroup_files *files)
{
	long long limit = 0, used;

	for (size_t i = 0; i < FS_ARRAY_SIZE(files->limits) && files->limits[i] != NULL; i++) {
		long long value = cgroup_number(machine, folder, files->limits[i]);

		/* "max" is no number; version 1 writes no limit as almost 2^63, which limits nothing. */
		if (value > 0 && (limit == 0 || value < limit))
			limit = value;
	}
	if (limit == 0)
		return UINT64_MAX;
	used = cgroup_number(machine, folder, files->usage) - cgroup_cache(machine, folder, files->cache);
	return used < limit ? (uint64_t)(limit - (used > 0 ? used : 0)) : 0;
}

/* Every group from this process's own up to the root may limit. */
static void limit_by_cgroup(struct fs_machine *machine, const char *group, const struct cgroup_files *files)
{
	char folder[768];

	snprintf(folder, sizeof(folder), "%s%s", files->mount, group);
	for (;;) {
		uint64_t room = cgroup_room(machine, folder, files);
		char *slash = strrchr(folder, '/');

		if (room < machine->available_bytes) {
			machine->available_bytes = room;
			machine->cgroup_limited = true;
		}
		if (slash == NULL || (size_t)(slash - folder) < strlen(files->mount))
			break;
		*slash = '\0';
	}
	/* 0 would mean that nobody knows. */
	if (machine->cgroup_limited && machine->available_bytes == 0)
		machine->available_bytes = 1;
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
			limit_by_cgroup(machine, group, &cgroup_v2);
		else if (strstr(controllers, "memory") != NULL)
			limit_by_cgroup(machine, group, &cgroup_v1);
	}
}

static void read_memory(struct fs_machine *machine, hwloc_topology_t topology)
{
	char text[8192];

	machine->memory_bytes = hwloc_get_root_obj(topology)->total_memory;
	if (read_text(machine, "/proc/meminfo", text, sizeof(text)) < 0)
		return;
	machine->memory_bytes = kib_of(text, "MemTotal:");
	machine->available_bytes = kib_of(text, "MemAvailable:");
	read_cgroups(machine);
}

/* ---- processor */

static const char *info_of(hwloc_topology_t topology, const char *name)
{
	hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
	const char *text = package != NULL ? hwloc_obj_get_info_by_name(package, name) : NULL;

	return text != NULL ? text : hwloc_obj_get_info_by_name(hwloc_get_root_obj(topology), name);
}

/* Trimmed at the end, as some firmware pads names with blanks, and cut where it is too long. */
static void copy_text(char *to, size_t bytes, const char *from)
{
	size_t len = from != NULL ? strnlen(from, bytes - 1) : 0;

	memmove(to, from != NULL ? from : "", len);
	while (len > 0 && to[len - 1] == ' ')
		len--;
	to[len] = '\0';
}

static unsigned objects(hwloc_topology_t topology, hwloc_obj_type_t type)
{
	int n = hwloc_get_nbobjs_by_type(topology, type);

	return n > 0 ? (unsigned)n : 0;
}

/* Of the last-level cache that one core sees. */
static uint64_t cache_bytes(hwloc_topology_t topology)
{
	hwloc_obj_t cache = NULL;

	for (hwloc_obj_t obj = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, 0); obj != NULL; obj = obj->parent) {
		if (hwloc_obj_type_is_dcache(obj->type))
			cache = obj;
	}
	return cache != NULL ? cache->attr->cache.size : 0;
}

static void read_architecture(struct fs_machine *machine, hwloc_topology_t topology)
{
	static const char mark[] = "Architecture: ";
	const char *text = info_of(topology, "Architecture");
	char gathered[1024], *at;

	/* Below a root hwloc would answer with this machine's; what was gathered from it says its own, elsewhere than the kernel does. */
	if (machine->root[0] != '\0' && given("HWLOC_XMLFILE") == NULL) {
		at = read_text(machine, "/proc/hwloc-nofile-info", gathered, sizeof(gathered)) > 0 ? strstr(gathered, mark) : NULL;
		text = at != NULL ? strtok(at + strlen(mark), "\n") : NULL;
	}
	copy_text(machine->architecture, sizeof(machine->architecture), text);
}

/* Affinity may name CPUs that are not there, and a mask of the C library ends at 1024. */
static unsigned cpus_allowed(hwloc_topology_t topology)
{
	hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
	int n = 0;

	if (allowed != NULL && hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_PROCESS) == 0) {
		hwloc_bitmap_and(allowed, allowed, hwloc_topology_get_topology_cpuset(topology));
		n = hwloc_bitmap_weight(allowed);
	}
	hwloc_bitmap_free(allowed);
	return n > 0 ? (unsigned)n : 0;
}

static void read_processor(struct fs_machine *machine, hwloc_topology_t topology)
{
	const char *model = info_of(topology, "CPUModel");
	unsigned allowed = machine->foreign ? 0 : cpus_allowed(topology);

	copy_text(machine->cpu_model, sizeof(machine->cpu_model), model != NULL ? model : info_of(topology, "PlatformModel"));
	read_architecture(machine, topology);
	machine->packages = objects(topology, HWLOC_OBJ_PACKAGE);
	machine->cores = objects(topology, HWLOC_OBJ_CORE);
	machine->cpus_online = objects(topology, HWLOC_OBJ_PU);
	machine->cpus = allowed != 0 ? allowed : machine->cpus_online;
	machine->cache_bytes = cache_bytes(topology);
}

/* ---- virtual or not */

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
		copy_text(vendor, sizeof(vendor), info_of(topology, "DMISysVendor"));
	if (machine_read_line(machine, "/sys/class/dmi/id/product_name", product, sizeof(product)) != 0)
		copy_text(product, sizeof(product), info_of(topology, "DMIProductName"));
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
static void read_hypervisor(struct fs_machine *machine, hwloc_topology_t topology)
{
	const size_t bytes = 16384; /* the first CPUs */
	char *cpuinfo = calloc(1, bytes);
	const char *name;

	if (cpuinfo == NULL)
		return;
	if (read_text(machine, "/proc/cpuinfo", cpuinfo, bytes) < 0)
		copy_text(cpuinfo, bytes, machine->cpu_model);
	if (strstr(cpuinfo, "QEMU TCG") != NULL)
		machine->emulated = true;
	name = by_signature(machine);
	if (name == NULL && !is_bare(cpuinfo))
		name = by_firmware(machine, topology);
	if (name == NULL)
		name = by_kernel(machine, cpuinfo);
	copy_text(machine->hypervisor, sizeof(machine->hypervisor), name);
	machine->guest = name != NULL || strstr(cpuinfo, " hypervisor") != NULL;
	free(cpuinfo);
}

/* ---- pages */

static int ascending(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* Ascending, each once; the last entry stays 0. */
static void add_page_size(struct fs_machine *machine, size_t bytes)
{
	unsigned n = 0;

	while (machine->page_sizes[n] != 0 && machine->page_sizes[n] != bytes)
		n++;
	if (bytes <= machine->page_bytes || machine->page_sizes[n] == bytes || n == MACHINE_PAGE_SIZES - 1)
		return;
	machine->page_sizes[n] = bytes;
	qsort(machine->page_sizes, n + 1, sizeof(machine->page_sizes[0]), ascending);
}

static void add_huge_pages(void *context, const char *name)
{
	size_t kib;

	if (sscanf(name, "hugepages-%zukB", &kib) == 1)
		add_page_size(context, kib << 10);
}

static void read_page_sizes(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, 0);
	long long bytes;

	machine->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	if (machine->foreign && node != NULL && node->attr->numanode.page_types_len != 0)
		machine->page_bytes = node->attr->numanode.page_types[0].size;
	each_entry(machine, "/sys/kernel/mm/hugepages", add_huge_pages, machine);
	for (unsigned i = 0; node != NULL && i < node->attr->numanode.page_types_len; i++)
		add_page_size(machine, node->attr->numanode.page_types[i].size);
	if (machine->page_sizes[0] == 0 && machine_read_long(machine, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", &bytes) == 0)
		add_page_size(machine, (size_t)bytes);
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

/* The next part of a list like "0,8,252-255"; false at its end, and where it is none. */
static bool list_next(const char **list, long *first, long *last)
{
	char *end;

	*first = *last = strtol(*list, &end, 10);
	if (end == *list)
		return false;
	if (*end == '-')
		*last = strtol(end + 1, &end, 10);
	*list = *end == ',' ? end + 1 : end;
	return true;
}

static bool list_holds(const char *list, long n)
{
	long first, last;

	while (list_next(&list, &first, &last)) {
		if (n >= first && n <= last)
			return true;
	}
	return false;
}

static unsigned list_count(const char *list)
{
	long first, last, n = 0;

	while (list_next(&list, &first, &last))
		n += last - first + 1;
	return n > 0 ? (unsigned)n : 0;
}

static void add_tier(void *context, const char *name)
{
	struct fs_machine *machine = context;
	char path[384], list[256];
	int tier;

	if (sscanf(name, "memory_tier%d", &tier) != 1)
		return;
	snprintf(path, sizeof(path), "/sys/devices/virtual/memory_tiering/%s/nodelist", name);
	if (machine_read_line(machine, path, list, sizeof(list)) != 0)
		return;
	for (unsigned i = 0; i < machine->nnodes; i++) {
		if (list_holds(list, machine->nodes[i].id))
			machine->nodes[i].tier = tier;
	}
}

static void count_block(void *context, const char *name)
{
	unsigned number;

	if (sscanf(name, "memory%u", &number) == 1)
		++*(unsigned *)context;
}

/*
 * The blocks that memory comes and goes by say what is installed. MemTotal of a node is less by what the kernel keeps, and where
 * pages are initialised late it grows while the machine runs. 0 where there are no blocks.
 */
static uint64_t installed_bytes(const struct fs_machine *machine, const char *folder)
{
	char line[32];
	unsigned blocks = 0;

	if (machine_read_line(machine, "/sys/devices/system/memory/block_size_bytes", line, sizeof(line)) != 0)
		return 0;
	each_entry(machine, folder, count_block, &blocks);
	return strtoull(line, NULL, 16) * blocks;
}

/*
 * Whether CPUs of obj are its own. Memory without CPUs is attached to the CPUs near it, as their own memory is: of nodes with
 * the same CPUs the first has them, and a node whose CPUs are in part another's is farther out.
 */
static bool has_cpus(hwloc_topology_t topology, hwloc_obj_t obj)
{
	for (hwloc_obj_t other = NULL; (other = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, other)) != NULL;) {
		bool same = hwloc_bitmap_isequal(other->cpuset, obj->cpuset);

		if (other == obj || hwloc_bitmap_iszero(other->cpuset) || !hwloc_bitmap_isincluded(other->cpuset, obj->cpuset))
			continue;
		if (!same || other->os_index < obj->os_index)
			return false;
	}
	return !hwloc_bitmap_iszero(obj->cpuset);
}

static unsigned node_cpus(const struct fs_machine *machine, hwloc_topology_t topology, hwloc_obj_t obj, const char *folder)
{
	char path[96], list[4096];

	snprintf(path, sizeof(path), "%s/cpulist", folder);
	if (machine_read_line(machine, path, list, sizeof(list)) == 0)
		return list_count(list);
	return has_cpus(topology, obj) ? (unsigned)hwloc_bitmap_weight(obj->cpuset) : 0;
}

static void read_node(struct fs_machine *machine, hwloc_topology_t topology, hwloc_obj_t obj)
{
	struct fs_node *node = &machine->nodes[machine->nnodes++];
	char folder[64], path[96], text[4096];
	uint64_t installed;

	*node = (struct fs_node){.id = (int)obj->os_index, .bytes = obj->attr->numanode.local_memory, .tier = -1};
	snprintf(folder, sizeof(folder), "/sys/devices/system/node/node%d", node->id);
	node->cpus = node_cpus(machine, topology, obj, folder);
	installed = installed_bytes(machine, folder);
	if (node->bytes != 0 && installed > node->bytes)
		node->bytes = installed;
	copy_text(node->subtype, sizeof(node->subtype), obj->subtype);
	snprintf(path, sizeof(path), "%s/meminfo", folder);
	if (read_text(machine, path, text, sizeof(text)) >= 0)
		node->free_bytes = kib_of(text, "MemFree:");
	read_access(machine, node);
}

/* The kernel's table has a row a node, and in it a column a node that is online, in the order of their numbers. */
static void read_distance_row(struct fs_machine *machine, unsigned row, const char *online)
{
	char path[96], text[1024], *at = text, *end;
	long first, last;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/distance", machine->nodes[row].id);
	if (machine_read_line(machine, path, text, sizeof(text)) != 0)
		return;
	while (list_next(&online, &first, &last)) {
		for (long id = first; id <= last; id++, at = end) {
			unsigned value = (unsigned)strtoul(at, &end, 10);
			int index = machine_node_index(machine, (int)id);

			if (end == at)
				return;
			if (index >= 0)
				machine->distance[row][index] = value;
		}
	}
}

static void read_distances(struct fs_machine *machine, hwloc_topology_t topology)
{
	struct hwloc_distances_s *matrix = NULL;
	unsigned one = 1;
	char online[256];

	if (machine_read_line(machine, "/sys/devices/system/node/online", online, sizeof(online)) == 0) {
		for (unsigned i = 0; i < machine->nnodes; i++)
			read_distance_row(machine, i, online);
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
		read_node(machine, topology, obj);
	qsort(machine->nodes, machine->nnodes, sizeof(machine->nodes[0]), by_id);
	read_distances(machine, topology);
	each_entry(machine, "/sys/devices/virtual/memory_tiering", add_tier, machine);
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

/* Of a PCI device by its class; NULL for what computes nothing and holds no memory. */
static const char *pci_kind(const struct hwloc_pcidev_attr_s *pci)
{
	bool makes_both = pci->vendor_id == 0x10de || pci->vendor_id == 0x1002 || pci->vendor_id == 0x8086;

	switch (pci->class_id) {
	case 0x0302:
		return "gpu";
	case 0x0502:
		return "cxl";
	case 0x0b40:
		return "accelerator";
	default:
		/* 0300 alone is a screen, as every virtual machine has, but that of a vendor of GPUs may be one. */
		if (pci->class_id >> 8 == 0x03 && makes_both)
			return "gpu";
		return pci->class_id >> 8 == 0x12 ? "accelerator" : NULL;
	}
}

static void add_pci(struct fs_machine *machine, hwloc_obj_t obj)
{
	const struct hwloc_pcidev_attr_s *pci = &obj->attr->pcidev;
	const char *vendor = hwloc_obj_get_info_by_name(obj, "PCIVendor"), *device = hwloc_obj_get_info_by_name(obj, "PCIDevice");
	const char *kind = pci_kind(pci);
	char name[96];

	snprintf(name, sizeof(name), "%04x:%04x %.30s %.50s", pci->vendor_id, pci->device_id, vendor != NULL ? vendor : "",
		device != NULL ? device : "");
	if (kind != NULL)
		add_hardware(machine, kind, name);
}

/* Memory that is a device file, and none of the system's. */
static void add_dax(void *context, const char *name)
{
	if (strncmp(name, "dax", 3) == 0)
		add_hardware(context, "dax", name);
}

static void read_hardware(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t obj = NULL;
	unsigned before;

	while ((obj = hwloc_get_next_pcidev(topology, obj)) != NULL)
		add_pci(machine, obj);
	before = machine->nhardware;
	each_entry(machine, "/sys/bus/dax/devices", add_dax, machine);
	while (machine->nhardware == before && (obj = hwloc_get_next_osdev(topology, obj)) != NULL) {
		if (obj->name != NULL)
			add_dax(machine, obj->name);
	}
}

/* ---- the whole */

static int load_failed(struct fs_reason *why, const char *from)
{
	if (from == NULL)
		return fs_because(why, -EINVAL, "is /sys mounted?", "hwloc cannot find out the machine's topology");
	return fs_because(why, -EINVAL, "unset HWLOC_XMLFILE and FIVESTEP_ROOT, or name what lstopo or hwloc-gather-topology wrote",
		"hwloc cannot read a topology from %.150s", from);
}

static int load_from(hwloc_topology_t *topology, const char *xml, bool is_here)
{
	if (hwloc_topology_init(topology) != 0)
		return -ENOMEM;
	hwloc_topology_set_flags(*topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	hwloc_topology_set_io_types_filter(*topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
	/* It asks this machine's processor, whatever the files are. */
	if (!is_here)
		hwloc_topology_set_components(*topology, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
	if ((xml == NULL || hwloc_topology_set_xml(*topology, xml) == 0) && hwloc_topology_load(*topology) == 0)
		return 0;
	hwloc_topology_destroy(*topology);
	return -EINVAL;
}

static int load(hwloc_topology_t *topology, const char *root, struct fs_reason *why)
{
	const char *xml = given("HWLOC_XMLFILE");
	char folder[300];
	int err;

	if (xml != NULL || root[0] == '\0')
		return load_from(topology, xml, true) == 0 ? 0 : load_failed(why, xml);
	/* hwloc would make up one CPU. */
	snprintf(folder, sizeof(folder), "%s/sys/devices/system/cpu", root);
	if (access(folder, R_OK) != 0)
		return load_failed(why, root);
	setenv("HWLOC_FSROOT", root, 1);
	err = load_from(topology, NULL, false);
	unsetenv("HWLOC_FSROOT");
	return err == 0 ? 0 : load_failed(why, root);
}

int machine_probe(struct fs_machine *machine, struct fs_reason *why)
{
	const char *root = given("FIVESTEP_ROOT");
	hwloc_topology_t topology;
	long long balancing;
	int err;

	memset(machine, 0, sizeof(*machine));
	if (root != NULL && strlen(root) >= sizeof(machine->root))
		return fs_because(why, -ENAMETOOLONG, "a shorter path", "FIVESTEP_ROOT has more than %zu characters", sizeof(machine->root) - 1);
	copy_text(machine->root, sizeof(machine->root), root);
	err = load(&topology, machine->root, why);
	if (err < 0)
		return err;
	/* hwloc's own variables, too, can name another machine. */
	machine->foreign = root != NULL || hwloc_topology_is_thissystem(topology) == 0;
	read_processor(machine, topology);
	read_page_sizes(machine, topology);
	read_nodes(machine, topology);
	read_memory(machine, topology);
	read_hardware(machine, topology);
	read_hypervisor(machine, topology);
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

/* The nodes that this process may allocate on, as a list; all where nobody says. */
static void read_allowed(const struct fs_machine *machine, char *list, size_t bytes)
{
	static const char mark[] = "\nMems_allowed_list:";
	char text[8192], *at;

	snprintf(list, bytes, "0-%d", INT_MAX);
	if (read_text(machine, "/proc/self/status", text, sizeof(text)) < 0 || (at = strstr(text, mark)) == NULL)
		return;
	at += strlen(mark);
	at += strspn(at, " \t");
	snprintf(list, bytes, "%.*s", (int)strcspn(at, "\n"), at);
}

int machine_device_node(const struct fs_machine *machine, struct fs_reason *why)
{
	int host = machine_host_node(machine), best = -1;
	unsigned forbidden = 0;
	char allowed[256];

	read_allowed(machine, allowed, sizeof(allowed));
	for (int i = 0; host >= 0 && i < (int)machine->nnodes; i++) {
		if (i == host || machine->nodes[i].bytes == 0)
			continue;
		if (!list_holds(allowed, machine->nodes[i].id))
			forbidden++;
		else if (best < 0 || is_better(machine, host, i, best))
			best = i;
	}
	if (best < 0 && forbidden != 0)
		fs_because(why, -EPERM, "allow another node in the cgroup's cpuset.mems", "the cpuset allows one memory node only");
	else if (best < 0)
		fs_because(why, -ENOTSUP, "fivestep guest run, or boot with numa=fake=2", "one memory node only");
	return best;
}
