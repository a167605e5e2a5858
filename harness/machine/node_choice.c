/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_choice.c - which node is used as system memory, and which as the device's.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

int machine_node_index(const struct fs_machine *machine, int node_id)
{
	for (unsigned i = 0; i < machine->nnodes; i++) {
		if (machine->nodes[i].id == node_id)
			return (int)i;
	}
	return -1;
}

/* The first node with CPUs: with memory or, if that is not asked for, without. -1 if there is none. */
static int with_cpus(const struct fs_machine *machine, bool with_memory)
{
	for (unsigned i = 0; i < machine->nnodes; i++) {
		if (machine->nodes[i].cpus > 0 && (machine->nodes[i].bytes > 0 || !with_memory))
			return (int)i;
	}
	return -1;
}

static bool is_gpu(const struct fs_node *node)
{
	return strcmp(node->subtype, "GPUMemory") == 0;
}

/* Whether the kernel would rather take memory of a than of b, for CPUs of `from` (-1: unknown): never of a GPU's, else the nearest. */
static bool serves_better(const struct fs_machine *machine, int from, int a, int b)
{
	if (is_gpu(&machine->nodes[a]) != is_gpu(&machine->nodes[b]))
		return is_gpu(&machine->nodes[b]);
	return from >= 0 && machine->distance[from][a] < machine->distance[from][b];
}

/* Where the CPUs of a node without memory get theirs. */
static int nearest_memory(const struct fs_machine *machine, int from)
{
	int best = -1;

	for (int i = 0; i < (int)machine->nnodes; i++) {
		if (machine->nodes[i].bytes > 0 && (best < 0 || serves_better(machine, from, i, best)))
			best = i;
	}
	return best;
}

int machine_host_node(const struct fs_machine *machine)
{
	unsigned cpu, id;
	int index = -1;

	if (!machine->foreign && getcpu(&cpu, &id) == 0)
		index = machine_node_index(machine, (int)id);
	if (index >= 0 && machine->nodes[index].bytes > 0)
		return index;
	if (index < 0)
		index = with_cpus(machine, true);
	if (index < 0)
		index = with_cpus(machine, false);
	return index >= 0 && machine->nodes[index].bytes > 0 ? index : nearest_memory(machine, index);
}

/* Of two nodes without CPUs: a GPU's, else the nearer one, else the one with more bandwidth, as far as the firmware says. */
static bool is_better_bare(const struct fs_machine *machine, int host, int a, int b)
{
	const struct fs_node *x = &machine->nodes[a], *y = &machine->nodes[b];

	if (is_gpu(x) != is_gpu(y))
		return is_gpu(x);
	if (machine->distance[host][a] != machine->distance[host][b])
		return machine->distance[host][a] < machine->distance[host][b];
	return x->access.read_bandwidth_mbs > y->access.read_bandwidth_mbs;
}

/* Preferred: a node without CPUs; else the farthest node with CPUs. */
static bool is_better(const struct fs_machine *machine, int host, int a, int b)
{
	bool bare_a = machine->nodes[a].cpus == 0, bare_b = machine->nodes[b].cpus == 0;

	if (bare_a != bare_b)
		return bare_a;
	return bare_a ? is_better_bare(machine, host, a, b) : machine->distance[host][a] > machine->distance[host][b];
}

/* The list of nodes that this process may allocate on, from /proc/self/status (may be NULL). All nodes if it does not say. */
static const char *allowed_nodes(const char *status)
{
	static const char mark[] = "\nMems_allowed_list:";
	const char *at = status != NULL ? strstr(status, mark) : NULL;

	return at != NULL ? at + strlen(mark) : "0-2147483647";
}

int machine_device_node(const struct fs_machine *machine, struct fs_reason *why)
{
	int host = machine_host_node(machine), best = -1;
	unsigned forbidden = 0;
	char *status = topology_text(machine, "/proc/self/status", NULL);
	const char *allowed = allowed_nodes(status);

	for (int i = 0; host >= 0 && i < (int)machine->nnodes; i++) {
		if (i == host || machine->nodes[i].bytes == 0)
			continue;
		if (!topology_list_holds(allowed, machine->nodes[i].id))
			forbidden++;
		else if (best < 0 || is_better(machine, host, i, best))
			best = i;
	}
	free(status);
	if (best < 0 && forbidden != 0)
		fs_because(why, -EPERM, "add another node to the cgroup's cpuset.mems", "the cpuset allows only one memory node");
	else if (best < 0)
		fs_because(why, -ENOTSUP, "fivestep guest run, or boot with numa=fake=2", "one memory node only");
	return best;
}
