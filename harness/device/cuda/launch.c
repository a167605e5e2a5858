/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * launch.c - launches bodies: the number of threads, and preparation of the round's body before step 1.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "harness/device/cuda/cuda.h"

#define BLOCK_THREADS	   256
#define BLOCKS_A_PROCESSOR 32 /* in larger grids each thread takes several indices */

static unsigned blocks_of(const struct cuda *dev, const struct fs_launch *launch)
{
	uint64_t blocks = (launch->last - launch->first + BLOCK_THREADS - 1) / BLOCK_THREADS,
		 most = (uint64_t)dev->unit.processors * BLOCKS_A_PROCESSOR;

	blocks = blocks < most ? blocks : most;
	return blocks != 0 ? (unsigned)blocks : 1;
}

int cuda_launch(void *device, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	struct cuda *dev = device;
	struct fs_body_args args = launch->args;
	ulong first = launch->first, last = launch->last, *out = dev->out;
	void *arguments[] = {&dev->buffer, &out, &args, &first, &last};
	struct cuda_event *event;
	int status;

	(void)memory;
	if (strcmp(dev->program.name, launch->name) != 0) {
		int err = cuda_program_find(dev->cu, launch->name, &dev->program, &dev->why);

		if (err < 0)
			return err;
	}
	event = cuda_events_begin(dev->cu, &dev->events, dev->stream[stream]);
	status = dev->cu->LaunchKernel(
		dev->program.function, blocks_of(dev, launch), 1, 1, BLOCK_THREADS, 1, 1, 0, dev->stream[stream], arguments, NULL);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuLaunchKernel");
	cuda_events_end(dev->cu, &dev->events, event, CUDA_COMPUTED, dev->stream[stream]);
	dev->busy[stream] = true;
	dev->ordered = true;
	dev->launches++;
	return 0;
}

int cuda_prepare_body(struct cuda *dev, const char *name)
{
	const struct fs_launch nothing = {.name = name};
	int err = cuda_launch(dev, 0, NULL, &nothing);

	if (err == 0)
		err = cuda_wait(dev, 0);
	cuda_events_read(dev->cu, &dev->events);
	memset(dev->events.ns, 0, sizeof(dev->events.ns));
	dev->ordered = false;
	dev->launches = 0;
	/* A benchmark may have no body of its name. */
	if (err != -ENOTSUP)
		return err;
	dev->why = (struct fs_reason){0};
	return 0;
}
