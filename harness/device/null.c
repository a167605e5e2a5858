/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * null - a device that computes nothing and moves nothing, so that only the harness remains. Its data are wrong
 * by design, so a kernel on it must end as `fail`; benchmarks without an oracle show the harness's own cost.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/fivestep.h"

struct null_device {
	ulong out[FS_OUT_WORDS];
};

static void probe(const struct fs_machine *machine, struct fs_probe *probe)
{
	(void)machine;
	probe->caps = FS_CAP_COPY;
	for (unsigned bit = 1; bit < FS_CAPS; bit++)
		fs_because(
			&probe->lacks[bit], 0, "a device that runs this setup here: fivestep doctor", "the null device has no %s", fs_cap_names[bit]);
	snprintf(probe->summary, sizeof(probe->summary), "computes nothing, moves nothing");
}

static int open_null(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	(void)job;
	(void)kind;
	(void)bytes;
	*dev = calloc(1, sizeof(struct null_device));
	return *dev != NULL ? 0 : -ENOMEM;
}

static int alloc(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	(void)dev;
	(void)side;
	*memory = (struct fs_memory){.kind = kind, .bytes = bytes};
	return 0;
}

static void free_null(void *dev, struct fs_memory *memory)
{
	(void)dev;
	(void)memory;
}

static int copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	(void)dev;
	(void)stream;
	(void)memory;
	(void)offset;
	(void)host;
	(void)bytes;
	(void)to;
	return 0;
}

static int launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	(void)dev;
	(void)stream;
	(void)memory;
	(void)launch;
	return 0;
}

static int wait_null(void *dev, int stream)
{
	(void)dev;
	(void)stream;
	return 0;
}

static ulong *out(void *dev)
{
	return ((struct null_device *)dev)->out;
}

const struct fs_device device_null = {
	.name = "null",
	.summary = "computes nothing and moves nothing: tests the harness",
	.hidden = true,
	.emulated = true,
	.probe = probe,
	.open = open_null,
	.close = free,
	.alloc = alloc,
	.free = free_null,
	.copy = copy,
	.launch = launch,
	.wait = wait_null,
	.out = out,
};
