/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_choice.c - which node is for what: the system's memory, and the device's.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

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
	if (topology_read_text(machine, "/proc/self/status", text, sizeof(text)) < 0 || (at = strstr(text, mark)) == NULL)
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
		if (!topology_list_holds(allowed, machine->nodes[i].id))
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
