/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fingerprint.c - what a machine is (identity), what users compare on it (factors), what may perturb it (state).
 *
 * Identity must be the same across reboots and kernels, and differ between machines that give different results: no free
 * memory, no clocks, no versions. Sizes of nodes are rounded, because the amount that a kernel reserves for itself varies.
 */
#include "config.h"

#include "harness/machine/fingerprint.h"

#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/jsontext.h"
#include "base/fnv.h"
#include "harness/machine/parts.h"

/*
 * Rounds up to a sixteenth of the power of two below, at least 64 MiB: what a kernel reserves for itself grows with the memory, differs
 * between kernels, and is less than that. So the result is mostly the installed size.
 */
static uint64_t rounded(uint64_t bytes)
{
	uint64_t step = 64ull << 20;

	while (step <= bytes >> 5)
		step <<= 1;
	return (bytes + step - 1) / step * step;
}

/* ---- identity */

static json_t *node_json(const struct fs_machine *machine, unsigned i)
{
	const struct fs_node *node = &machine->nodes[i];
	json_t *json = json_pack("{s:i, s:i, s:I}", "node", node->id, "cpus", (int)node->cpus, "bytes", (json_int_t)rounded(node->bytes));
	json_t *distances = json_array();

	for (unsigned j = 0; j < machine->nnodes; j++)
		json_array_append_new(distances, json_integer(machine->distance[i][j]));
	json_object_set_new(json, "distances", distances);
	return json;
}

static json_t *nodes_json(const struct fs_machine *machine)
{
	json_t *nodes = json_array();

	for (unsigned i = 0; i < machine->nnodes; i++)
		json_array_append_new(nodes, node_json(machine, i));
	return nodes;
}

/*
 * PCI devices by their numbers: names come from a database that grows, and whether memory is a device file is up to drivers.
 */
static json_t *hardware_json(const struct fs_machine *machine)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < machine->nhardware; i++) {
		const struct fs_hardware *hardware = &machine->hardware[i];

		if (strcmp(hardware->kind, "dax") != 0)
			json_array_append_new(list, json_sprintf("%s %.*s", hardware->kind, (int)strcspn(hardware->name, " "), hardware->name));
	}
	return list;
}

static json_t *page_sizes_json(const struct fs_machine *machine)
{
	json_t *sizes = json_array();

	json_array_append_new(sizes, json_integer((json_int_t)machine->page_bytes));
	for (unsigned i = 0; i < MACHINE_PAGE_SIZES && machine->page_sizes[i] != 0; i++)
		json_array_append_new(sizes, json_integer((json_int_t)machine->page_sizes[i]));
	return sizes;
}

/* "NAME x COUNT", each kind once. */
static json_t *cpu_kinds_json(const struct fs_machine *machine)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < machine->ncpu_kinds; i++)
		json_array_append_new(list, json_sprintf("%s x %u", machine->cpu_kinds[i].name, machine->cpu_kinds[i].cpus));
	return list;
}

static json_t *caches_json(const struct fs_machine *machine)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < machine->ncaches; i++)
		json_array_append_new(list, json_sprintf("%s x %u", machine->caches[i].name, machine->caches[i].caches));
	return list;
}

json_t *fingerprint_identity(const struct fs_machine *machine)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:i, s:i, s:i, s:i, s:I, s:I, s:o, s:o, s:o, s:b, s:s, s:b}", "architecture", machine->architecture,
		"cpu", machine->cpu_model, "cpu_kinds", cpu_kinds_json(machine), "caches", caches_json(machine), "cpus", (int)machine->cpus,
		"cpus_online", (int)machine->cpus_online, "packages", (int)machine->packages, "cores", (int)machine->cores, "memory_bytes",
		(json_int_t)rounded(machine->memory_bytes), "cache_bytes", (json_int_t)machine->cache_bytes, "page_sizes", page_sizes_json(machine),
		"nodes", nodes_json(machine), "hardware", hardware_json(machine), "guest", machine->guest, "hypervisor", machine->hypervisor,
		"emulated", machine->emulated);
}

void fingerprint_hash(const json_t *identity, char hex[FINGERPRINT_HEX])
{
	char *text = jsontext_make(identity, JSON_COMPACT | JSON_SORT_KEYS);
	uint64_t hash = fnv_add(FNV_BEGIN, text, text != NULL ? strlen(text) : 0);

	free(text);
	snprintf(hex, FINGERPRINT_HEX, "%016llx", (unsigned long long)hash);
}

void fingerprint_hash_1(const json_t *identity, char hex[FINGERPRINT_HEX])
{
	static const char *const later[] = {"caches", "cpu_kinds"};
	json_t *first = json_copy((json_t *)identity);

	for (size_t i = 0; i < FS_ARRAY_SIZE(later); i++)
		json_object_del(first, later[i]);
	fingerprint_hash(first, hex);
	json_decref(first);
}

/* ---- factors and state: one line for each file that they come from */

static void set_line(json_t *json, const char *key, const struct fs_machine *machine, const char *path)
{
	char line[512];

	if (machine_read_line(machine, path, line, sizeof(line)) == 0)
		json_object_set_new(json, key, json_string(line));
}

struct source {
	const char *key, *path;
};

static void set_lines(json_t *json, const struct fs_machine *machine, const struct source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++)
		set_line(json, sources[i].key, machine, sources[i].path);
}

/* HMAT's figures: they come from firmware and kernel, and newer ones report more. */
static json_t *access_json(const struct fs_access *access)
{
	json_t *json = json_object();

	if (access->read_latency_ns != 0)
		json_object_set_new(json, "read_latency_ns", json_integer(access->read_latency_ns));
	if (access->write_latency_ns != 0)
		json_object_set_new(json, "write_latency_ns", json_integer(access->write_latency_ns));
	if (access->read_bandwidth_mbs != 0)
		json_object_set_new(json, "read_bandwidth_mbs", json_integer(access->read_bandwidth_mbs));
	if (access->write_bandwidth_mbs != 0)
		json_object_set_new(json, "write_bandwidth_mbs", json_integer(access->write_bandwidth_mbs));
	return json;
}

static json_t *nodes_access_json(const struct fs_machine *machine)
{
	json_t *nodes = json_object();

	for (unsigned i = 0; i < machine->nnodes; i++) {
		json_t *access = access_json(&machine->nodes[i].access);
		char key[16];

		snprintf(key, sizeof(key), "%d", machine->nodes[i].id);
		if (json_object_size(access) != 0)
			json_object_set(nodes, key, access);
		json_decref(access);
	}
	return nodes;
}

/* Parameters that name disks, networks, hosts and secrets say nothing about the machine, and a record may be published. */
static bool is_private(const char *parameter)
{
	static const char *const prefixes[] = {"BOOT_IMAGE=", "root=", "rootflags=", "initrd=", "init=", "rdinit=", "resume=", "resume_offset=",
		"ip=", "nfsroot=", "nfsaddrs=", "rd.", "luks", "cryptdevice=", "cryptkey=", "systemd.", "console=", "netconsole=", "earlycon",
		"BOOTIF=", "hostname=", "ds=", "cloud-config-url=", "url=", "autoinstall"};

	for (size_t i = 0; i < FS_ARRAY_SIZE(prefixes); i++) {
		if (strncmp(parameter, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/* In order, since a later one wins. What follows "--" is for init, not for the kernel. */
static void set_boot_parameters(json_t *json, const struct fs_machine *machine)
{
	char line[4096], kept[4096] = "", *save;
	size_t len = 0;

	if (machine_read_line(machine, "/proc/cmdline", line, sizeof(line)) != 0)
		return;
	for (char *word = strtok_r(line, " ", &save); word != NULL && strcmp(word, "--") != 0; word = strtok_r(NULL, " ", &save)) {
		if (!is_private(word))
			len += (size_t)snprintf(kept + len, sizeof(kept) - len, "%s%s", len != 0 ? " " : "", word);
	}
	json_object_set_new(json, "boot_parameters", json_string(kept));
}

/* Mitigations of processor flaws make system calls, faults and page-table switches more expensive. */
static void set_mitigations(json_t *json, const struct fs_machine *machine)
{
	static const char *const flaws[] = {"meltdown", "spectre_v1", "spectre_v2", "spec_store_bypass", "l1tf", "mds", "tsx_async_abort",
		"itlb_multihit", "mmio_stale_data", "retbleed", "spec_rstack_overflow", "gather_data_sampling", "reg_file_data_sampling",
		"indirect_target_selection", "tsa", "vmscape"};
	char path[128], line[256], all[FS_ARRAY_SIZE(flaws) * 300] = "";
	size_t len = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(flaws); i++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/vulnerabilities/%s", flaws[i]);
		if (machine_read_line(machine, path, line, sizeof(line)) != 0 || strcmp(line, "Not affected") == 0 || len >= sizeof(all))
			continue;
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s: %s", len != 0 ? " | " : "", flaws[i], line);
	}
	if (len != 0)
		json_object_set_new(json, "mitigations", json_string(all));
}

/* A kernel's release and version say who built it, and boot parameters what for: an anonymous record has only the release's numbers. */
static void make_anonymous(json_t *json)
{
	const char *release = json_string_value(json_object_get(json, "kernel"));

	if (release != NULL)
		json_object_set_new(json, "kernel", json_stringn(release, strspn(release, "0123456789.")));
	json_object_del(json, "kernel_version");
	json_object_del(json, "boot_parameters");
}

/*
 * From the guest's launcher: QEMU's version, with trailing blanks, and digests, each as NAME=DIGEST: of the kernel, of this program and its
 * libraries, of plans and groups, and of the machine that QEMU is told to build. With the instruction clock, a change of any of them may change
 * counts.
 */
static void set_guest(json_t *json)
{
	const char *qemu = getenv("FIVESTEP_QEMU"), *digests = getenv("FIVESTEP_GUEST");
	char text[512], key[40], *save;

	topology_copy_text(text, sizeof(text), qemu);
	if (text[0] != '\0')
		json_object_set_new(json, "qemu", json_string(text));
	topology_copy_text(text, sizeof(text), digests);
	for (char *word = strtok_r(text, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		char *equals = strchr(word, '=');

		if (equals == NULL)
			continue;
		snprintf(key, sizeof(key), "guest_%.*s", (int)(equals - word), word);
		json_object_set_new(json, key, json_string(equals + 1));
	}
}

json_t *fingerprint_factors(const struct fs_machine *machine)
{
	static const struct source sources[] = {
		{"kernel", "/proc/sys/kernel/osrelease"},
		{"kernel_version", "/proc/sys/kernel/version"},
		{"microcode", "/sys/devices/system/cpu/cpu0/microcode/version"},
		{"nvidia_driver", "/sys/module/nvidia/version"},
		{"nvidia_uvm_driver", "/sys/module/nvidia_uvm/version"},
	};
	json_t *json = json_object(), *access = nodes_access_json(machine);

	set_lines(json, machine, sources, FS_ARRAY_SIZE(sources));
	set_guest(json);
	set_boot_parameters(json, machine);
	set_mitigations(json, machine);
	if (json_object_size(access) != 0)
		json_object_set(json, "node_access", access);
	json_decref(access);
	json_object_set_new(json, "libc", json_string(gnu_get_libc_version()));
	if (machine->anonymous)
		make_anonymous(json);
	return json;
}

/* Settings visible in /proc/meminfo. Current usage is left out: it is never the same twice. */
static void set_meminfo(json_t *json, const struct fs_machine *machine)
{
	static const struct {
		const char *mark, *key;
		unsigned shift;
	} fields[] = {{"SwapTotal:", "swap_bytes", 10}, {"HugePages_Total:", "huge_pages", 0}};
	char text[8192];
	int fd = machine_open(machine, "/proc/meminfo");
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	for (size_t i = 0; i < FS_ARRAY_SIZE(fields); i++) {
		const char *at = strstr(text, fields[i].mark);

		if (at != NULL)
			json_object_set_new(
				json, fields[i].key, json_integer((json_int_t)strtoull(at + strlen(fields[i].mark), NULL, 10) << fields[i].shift));
	}
}

json_t *fingerprint_state(const struct fs_machine *machine)
{
	static const struct source sources[] = {
		{"governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"},
		{"turbo_off", "/sys/devices/system/cpu/intel_pstate/no_turbo"},
		{"boost", "/sys/devices/system/cpu/cpufreq/boost"},
		{"smt", "/sys/devices/system/cpu/smt/active"},
		{"transparent_hugepage", "/sys/kernel/mm/transparent_hugepage/enabled"},
		{"transparent_hugepage_shmem", "/sys/kernel/mm/transparent_hugepage/shmem_enabled"},
		{"khugepaged_defrag", "/sys/kernel/mm/transparent_hugepage/khugepaged/defrag"},
		{"numa_balancing", "/proc/sys/kernel/numa_balancing"},
		{"numa_demotion", "/sys/kernel/mm/numa/demotion_enabled"},
		{"ksm", "/sys/kernel/mm/ksm/run"},
		{"swappiness", "/proc/sys/vm/swappiness"},
		{"compaction_proactiveness", "/proc/sys/vm/compaction_proactiveness"},
		{"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid"},
		{"clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource"},
		{"load", "/proc/loadavg"},
	};
	json_t *json = json_object();

	set_lines(json, machine, sources, FS_ARRAY_SIZE(sources));
	set_meminfo(json, machine);
	json_object_set_new(json, "available_bytes", json_integer((json_int_t)machine->available_bytes));
	json_object_set_new(json, "cgroup_limited", json_boolean(machine->cgroup_limited));
	return json;
}

static json_t *unread_json(const struct fs_machine *machine)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < machine->nunread && i < MACHINE_UNREAD; i++) {
		const struct fs_unread *unread = &machine->unread[i];

		json_array_append_new(list, json_pack("{s:s, s:s}", "fields", unread->fields, "what", unread->what));
	}
	return list;
}

json_t *fingerprint_machine(const struct fs_machine *machine)
{
	json_t *identity = fingerprint_identity(machine), *json;
	char hex[FINGERPRINT_HEX];

	fingerprint_hash(identity, hex);
	json = json_pack("{s:s, s:o, s:o, s:o}", "fingerprint", hex, "identity", identity, "factors", fingerprint_factors(machine), "state",
		fingerprint_state(machine));
	json_object_set_new(json, "identity_version", json_integer(FINGERPRINT_VERSION));
	fingerprint_hash_1(identity, hex);
	json_object_set_new(json, "fingerprint_1", json_string(hex));
	if (machine->nunread != 0)
		json_object_set_new(json, "unread", unread_json(machine));
	if (machine->anonymous)
		json_object_set_new(json, "anonymous", json_true());
	return json;
}

/* ---- noise of one round */

static bool read_steal(const struct fs_machine *machine, unsigned long long *ticks)
{
	char line[256];

	/* cpu user nice system idle iowait irq softirq steal */
	return machine_read_line(machine, "/proc/stat", line, sizeof(line)) == 0 && sscanf(line, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", ticks) == 1;
}

static bool read_pressure(const struct fs_machine *machine, const char *path, unsigned long long *us)
{
	char line[160];
	const char *total;

	if (machine_read_line(machine, path, line, sizeof(line)) != 0)
		return false;
	total = strstr(line, "total=");
	return total != NULL && sscanf(total, "total=%llu", us) == 1;
}

static bool read_pressures(const struct fs_machine *machine, unsigned long long *cpu_us, unsigned long long *memory_us)
{
	return read_pressure(machine, "/proc/pressure/cpu", cpu_us) && read_pressure(machine, "/proc/pressure/memory", memory_us);
}

static long involuntary_switches(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_CHILDREN, &usage) == 0 ? usage.ru_nivcsw : 0;
}

void noise_begin(const struct fs_machine *machine, struct fs_noise *noise)
{
	memset(noise, 0, sizeof(*noise));
	noise->involuntary_switches = involuntary_switches();
	noise->has_steal = read_steal(machine, &noise->steal_ticks);
	noise->has_psi = read_pressures(machine, &noise->psi_cpu_us, &noise->psi_memory_us);
}

json_t *noise_end(const struct fs_machine *machine, const struct fs_noise *noise)
{
	unsigned long long steal, cpu_us, memory_us;
	json_t *json = json_object();
	double load;

	json_object_set_new(json, "involuntary_switches", json_integer(involuntary_switches() - noise->involuntary_switches));
	/* Under some hypervisors it runs backwards a little. */
	if (noise->has_steal && read_steal(machine, &steal) && steal >= noise->steal_ticks)
		json_object_set_new(json, "steal_ms", json_real((double)(steal - noise->steal_ticks) * 1000 / (double)sysconf(_SC_CLK_TCK)));
	if (noise->has_psi && read_pressures(machine, &cpu_us, &memory_us)) {
		json_object_set_new(json, "psi_cpu_us", json_integer((json_int_t)(cpu_us - noise->psi_cpu_us)));
		json_object_set_new(json, "psi_memory_us", json_integer((json_int_t)(memory_us - noise->psi_memory_us)));
	}
	if (getloadavg(&load, 1) == 1)
		json_object_set_new(json, "load1", json_real(load));
	return json;
}
