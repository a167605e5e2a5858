/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node_choice.c - which node is system memory and which the device's, on machines of a few nodes. Those of whole machines are in
 * tests/machines/expected.tsv.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conform/node_range.h"
#include "harness/machine/topology.h"
#include "tests/tap.h"

#define GiB (1ull << 30)

static struct fs_reason why;

/* On a machine that is not this one the first node with CPUs and memory is the host's. */
static void test_host_node(void)
{
	struct fs_machine *made = calloc(1, sizeof(*made));

	made->foreign = true;
	made->nnodes = 3;
	made->nodes[0] = (struct fs_node){.id = 4, .cpus = 2};
	made->nodes[1] = (struct fs_node){.id = 5, .bytes = GiB};
	made->nodes[2] = (struct fs_node){.id = 6, .cpus = 1, .bytes = 1};
	is_int(machine_host_node(made), 2, "host: neither CPUs without memory nor memory without CPUs");
	made->nodes[2] = (struct fs_node){.id = 6, .bytes = GiB};
	made->distance[0][1] = 40;
	made->distance[0][2] = 20;
	is_int(machine_host_node(made), 2, "host: where no CPUs have memory, what is nearest to them");
	is_int(machine_device_node(made, &why), 1, "host: and the other is the device's");
	strcpy(made->nodes[2].subtype, "GPUMemory");
	is_int(machine_host_node(made), 1, "host: a GPU's memory is the last to be the system's");
	is_int(machine_device_node(made, &why), 2, "host: and the first to be the device's");
	made->nnodes = 2;
	is_int(machine_host_node(made), 1, "host: what there is, if there is no other");
	made->nnodes = 1;
	is_int(machine_host_node(made), -1, "host: none without memory");
	is_int(machine_node_index(made, 4), 0, "host: a node is found by its number");
	is_int(machine_node_index(made, 5), -1, "host: one that is not there is not");
	free(made);
}

/* Of nodes without CPUs: a GPU's, wherever it is; the nearest; of those as near, the fastest. */
static void test_device_node(void)
{
	struct fs_machine *made = calloc(1, sizeof(*made));

	made->foreign = true;
	made->nnodes = 4;
	made->nodes[0] = (struct fs_node){.id = 0, .cpus = 2, .bytes = GiB};
	for (int i = 1; i < 4; i++) {
		made->nodes[i] = (struct fs_node){.id = i, .bytes = GiB};
		made->distance[0][i] = 20;
	}
	is_int(machine_device_node(made, &why), 1, "device: the first of equals");
	made->nodes[3].access.read_bandwidth_mbs = 1000;
	is_int(machine_device_node(made, &why), 3, "device: the fastest of those as near");
	made->distance[0][2] = 14;
	is_int(machine_device_node(made, &why), 2, "device: the nearest");
	strcpy(made->nodes[1].subtype, "GPUMemory");
	made->distance[0][1] = 80;
	is_int(machine_device_node(made, &why), 1, "device: a GPU's, however far");
	free(made);
}

/* What mbind is given: node 252 is beyond a word. */
static void test_set(void)
{
	const struct fs_node low = {.id = 1}, high = {.id = 252};
	struct node_set set = node_set(&low, &high);
	unsigned bits = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(set.word); i++)
		bits += (unsigned)__builtin_popcountl(set.word[i]);
	is_int(bits, 2, "set: two nodes are two bits");
	ok(set.word[0] == 2 && (set.word[252 / (8 * sizeof(long))] >> 252 % (8 * sizeof(long)) & 1) != 0,
		"set: each at its number, beyond a word, too");
	set = node_set(NULL, NULL);
	is_int((long long)set.word[0], 0, "set: of none");
}

int main(void)
{
	test_host_node();
	test_device_node();
	test_set();
	done_testing();
	return exit_status();
}
