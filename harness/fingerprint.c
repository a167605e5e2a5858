/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fingerprint.c - what a machine is (identity), what one compares on it (factors), what may disturb it (state).
 *
 * Identity must be the same over reboots and kernels, and differ between machines that give other results: no free
 * memory, no clocks, no versions; sizes of nodes are rounded, because what a kernel keeps for itself differs.
 */
#include "config.h"

#include "harness/fingerprint.h"

#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define NODE_ROUND (256ull << 20)

static uint64_t rounded(uint64_t bytes)
{
	return (bytes + NODE_ROUND - 1) / NODE_ROUND * NODE_ROUND;
}

/* ---- identity */

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

static json_t *node_json(const struct fs_machine *machine, unsigned i)
{
	const struct fs_node *node = &machine->nodes[i];
	json_t *json = json_pack("{s:i, s:i, s:I}", "node", node->id, "cpus", (int)node->cpus, "bytes", (json_int_t)rounded(node->bytes));
	json_t *distances = json_array(), *access = access_json(&node->access);

	for (unsigned j = 0; j < machine->nnodes; j++)
		json_array_append_new(distances, json_integer(machine->distance[i][j]));
	json_object_set_new(json, "distances", distances);
	if (node->subtype[0] != '\0')
		json_object_set_new(json, "subtype", json_string(node->subtype));
	if (json_object_size(access) != 0)
		json_object_set(json, "access", access);
	json_decref(access);
	return json;
}

static json_t *nodes_json(const struct fs_machine *machine)
{
	json_t *nodes = json_array();

	for (unsigned i = 0; i < machine->nnodes; i++)
		json_array_append_new(nodes, node_json(machine, i));
	return nodes;
}

static json_t *hardware_json(const struct fs_machine *machine)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < machine->nhardware; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "kind", machine->hardware[i].kind, "name", machine->hardware[i].name));
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

json_t *fingerprint_identity(const struct fs_machine *machine)
{
	struct utsname name;

	uname(&name);
	return json_pack("{s:s, s:s, s:i, s:i, s:I, s:I, s:o, s:o, s:o, s:b, s:s, s:b}", "architecture", machine->foreign ? "" : name.machine, "cpu",
		machine->cpu_model, "cpus", (int)machine->cpus, "cpus_online", (int)machine->cpus_online, "memory_bytes",
		(json_int_t)rounded(machine->memory_bytes), "cache_bytes", (json_int_t)machine->cache_bytes, "page_sizes", page_sizes_json(machine),
		"nodes", nodes_json(machine), "hardware", hardware_json(machine), "guest", machine->guest, "hypervisor", machine->hypervisor,
		"emulated", machine->emulated);
}

void fingerprint_hash(const json_t *identity, char hex[FINGERPRINT_HEX])
{
	char *text = json_dumps(identity, JSON_COMPACT | JSON_SORT_KEYS);
	uint64_t hash = 0xcbf29ce484222325u;

	for (const char *p = text; p != NULL && *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * 0x100000001b3u;
	free(text);
	snprintf(hex, FINGERPRINT_HEX, "%016llx", (unsigned long long)hash);
}

/* ---- factors and state: the files that say them, one line each */

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

json_t *fingerprint_factors(const struct fs_machine *machine)
{
	static const struct source sources[] = {
		{"kernel", "/proc/sys/kernel/osrelease"},
		{"kernel_version", "/proc/sys/kernel/version"},
		{"boot_parameters", "/proc/cmdline"},
		{"microcode", "/sys/devices/system/cpu/cpu0/microcode/version"},
		{"nvidia_driver", "/sys/module/nvidia/version"},
	};
	json_t *json = json_object();

	set_lines(json, machine, sources, FS_ARRAY_SIZE(sources));
	json_object_set_new(json, "libc", json_string(gnu_get_libc_version()));
	return json;
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
	json_object_set_new(json, "available_bytes", json_integer((json_int_t)machine->available_bytes));
	json_object_set_new(json, "cgroup_limited", json_boolean(machine->cgroup_limited));
	return json;
}

json_t *fingerprint_machine(const struct fs_machine *machine)
{
	json_t *identity = fingerprint_identity(machine);
	char hex[FINGERPRINT_HEX];

	fingerprint_hash(identity, hex);
	return json_pack("{s:s, s:o, s:o, s:o}", "fingerprint", hex, "identity", identity, "factors", fingerprint_factors(machine), "state",
		fingerprint_state(machine));
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

void noise_begin(const struct fs_machine *machine, struct fs_noise *noise)
{
	memset(noise, 0, sizeof(*noise));
	noise->has_steal = read_steal(machine, &noise->steal_ticks);
	noise->has_psi = read_pressures(machine, &noise->psi_cpu_us, &noise->psi_memory_us);
}

json_t *noise_end(const struct fs_machine *machine, const struct fs_noise *noise)
{
	unsigned long long steal, cpu_us, memory_us;
	json_t *json = json_object();
	double load;

	if (noise->has_steal && read_steal(machine, &steal))
		json_object_set_new(json, "steal_ms", json_real((double)(steal - noise->steal_ticks) * 1000 / (double)sysconf(_SC_CLK_TCK)));
	if (noise->has_psi && read_pressures(machine, &cpu_us, &memory_us)) {
		json_object_set_new(json, "psi_cpu_us", json_integer((json_int_t)(cpu_us - noise->psi_cpu_us)));
		json_object_set_new(json, "psi_memory_us", json_integer((json_int_t)(memory_us - noise->psi_memory_us)));
	}
	if (getloadavg(&load, 1) == 1)
		json_object_set_new(json, "load1", json_real(load));
	return json;
}
