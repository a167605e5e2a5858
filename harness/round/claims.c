/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims.c - what firmware says of the memory that a buffer is in.
 */
#include "config.h"

#include <errno.h>

#include "harness/machine/pages.h"
#include "harness/round/job.h"

int fs_claims(const struct fs_job *job, const struct fs_buffer *buf, struct fs_claims *claims)
{
	const struct fs_machine *machine = fs_machine(job);
	int status = -ENOENT, index, err;

	*claims = (struct fs_claims){.node = -1};
	/* Without nodes to move to, the kernel only says where the page is. */
	err = pages_nodes(buf->cpu, 1, NULL, &status);
	if (err < 0 || status < 0)
		return err < 0 ? err : status;
	claims->node = status;
	index = machine_node_index(machine, status);
	if (index < 0)
		return -ENODEV;
	claims->read_ns = machine->nodes[index].access.read_latency_ns;
	claims->read_gbps = machine->nodes[index].access.read_bandwidth_mbs / 1000.0;
	return 0;
}
