/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * modes.c - a device that consists of modes, one for each kind of memory: the calls of struct fs_device go to the open mode.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/device/emu/emu.h"
#include "harness/machine/topology.h"

/* ---- open and close */

/* The node's number for the operating system; -1 if no placement is needed. */
static int device_node(const struct fs_job *job)
{
	int given = (int)fs_real(job, "node"), index;

	if (given >= 0)
		return given;
	index = machine_device_node(fs_machine(job), NULL);
	return index >= 0 ? fs_machine(job)->nodes[index].id : -1;
}

static struct emu_config config_of(const struct fs_job *job, size_t bytes)
{
	int host = machine_host_node(fs_machine(job));

	return (struct emu_config){
		.bytes = bytes,
		.page_bytes = fs_size(job, "page"),
		.workers = (unsigned)fs_count(job, "workers"),
		.node = device_node(job),
		.host_node = host >= 0 && fs_machine(job)->nnodes > 1 ? fs_machine(job)->nodes[host].id : -1,
	};
}

int modes_accept(const struct emu_mode *mode, const struct fs_args *args, size_t bytes, struct fs_reason *why)
{
	return mode != NULL && mode->check != NULL ? mode->check(args, bytes, why) : 0;
}

int modes_open(struct fs_job *job, const struct emu_mode *mode, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	struct emu *emu = calloc(1, sizeof(*emu));
	struct emu_config config = config_of(job, bytes);
	int err = -EINVAL;

	if (emu == NULL)
		return fs_no_memory(fs_why(job));
	emu->kind = kind;
	emu->mode = mode;
	if (emu->mode != NULL)
		err = emu->mode->open(job, &config, &emu->opened, &emu->why);
	if (err == -ENOTSUP)
		fs_skip(job, emu->why.remedy, "%s", emu->why.what);
	else if (err < 0)
		*fs_why(job) = emu->why;
	if (err < 0)
		free(emu);
	else
		*dev = emu;
	return err;
}

void modes_close(void *dev)
{
	struct emu *emu = dev;

	emu->mode->close(emu->opened);
	free(emu);
}

/* ---- primitives */

/* Some modes give a reason of their own; the others fail with only an errno. */
static int did(struct emu *emu, int err)
{
	if (err < 0 && emu->mode->why != NULL)
		emu->why = *emu->mode->why(emu->opened);
	return err;
}

int modes_alloc(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct emu *emu = dev;
	struct fs_memory got = {.kind = kind, .bytes = bytes};
	int err = kind == emu->kind ? did(emu, emu->mode->alloc(emu->opened, bytes, side, &got)) : -EINVAL;

	if (err == 0)
		*memory = got;
	return err;
}

void modes_free(void *dev, struct fs_memory *memory)
{
	struct emu *emu = dev;

	emu->mode->free(emu->opened, memory);
}

int modes_warm(void *dev, struct fs_memory *memory)
{
	struct emu *emu = dev;

	(void)memory;
	return emu->mode->warm != NULL ? did(emu, emu->mode->warm(emu->opened)) : 0;
}

int modes_copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct emu *emu = dev;

	(void)memory;
	return emu->mode->copy != NULL ? did(emu, emu->mode->copy(emu->opened, stream, offset, host, bytes, to)) : -EINVAL;
}

int modes_launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	struct emu *emu = dev;

	return did(emu, emu->mode->launch(emu->opened, stream, memory, launch));
}

int modes_wait(void *dev, int stream)
{
	struct emu *emu = dev;

	return did(emu, emu->mode->wait(emu->opened, stream));
}

int modes_migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	struct emu *emu = dev;

	return emu->mode->migrate != NULL ? did(emu, emu->mode->migrate(emu->opened, memory, offset, bytes, to)) : -EINVAL;
}

int modes_residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct emu *emu = dev;

	return emu->mode->residence != NULL ? did(emu, emu->mode->residence(emu->opened, memory, offset, bytes, side)) : -EINVAL;
}

int modes_mapped(void *dev, const struct fs_memory *memory, struct fs_mapped *mapped)
{
	struct emu *emu = dev;

	return emu->mode->mapped != NULL ? did(emu, emu->mode->mapped(emu->opened, memory, mapped)) : 0;
}

ulong *modes_out(void *dev)
{
	struct emu *emu = dev;

	return emu->mode->out(emu->opened);
}

struct fs_reason *modes_why(void *dev)
{
	return &((struct emu *)dev)->why;
}
