/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * launch.c - launches bodies: their arguments, the number of work items, and their results, which the CPU maps to read.
 */
#include "config.h"

#include <string.h>

#include "harness/device/opencl/opencl.h"

#define GROUP_ITEMS   256 /* of a device other than a CPU, unless its limit is lower */
#define GROUPS_A_UNIT 16  /* for each of its compute units */

/* ---- commands */

static int give_out(struct opencl *dev)
{
	int status;

	if (dev->out_mapped == NULL)
		return 0;
	status = dev->cl->EnqueueUnmapMemObject(dev->queue[0], dev->out, dev->out_mapped, 0, NULL, NULL);
	dev->out_mapped = NULL;
	if (status != OPENCL_SUCCESS)
		return opencl_failed(dev, status, "clEnqueueUnmapMemObject");
	/* The launch may go to another stream. */
	return opencl_wait(dev, 0);
}

ulong *opencl_out(void *device)
{
	struct opencl *dev = device;
	int32_t status = OPENCL_SUCCESS;

	if (dev->out_mapped == NULL)
		dev->out_mapped = dev->cl->EnqueueMapBuffer(dev->queue[0], dev->out, OPENCL_TRUE, OPENCL_MAP_READ | OPENCL_MAP_WRITE, 0,
			FS_OUT_WORDS * sizeof(ulong), 0, NULL, NULL, &status);
	if (dev->out_mapped != NULL)
		return dev->out_mapped;
	opencl_failed(dev, status, "clEnqueueMapBuffer");
	return dev->out_failed;
}

/* ---- bodies */

static int set_buffer(struct opencl *dev)
{
	const struct opencl_api *cl = dev->cl;

	if (dev->address != NULL && opencl_is_shared(dev->kind))
		return cl->SetKernelArgSVMPointer(dev->program.kernel, 0, dev->address);
	/* Before there is a buffer any argument will do: nothing is computed then. */
	return cl->SetKernelArg(dev->program.kernel, 0, sizeof(opencl_handle), dev->buffer != NULL ? &dev->buffer : &dev->out);
}

static int set_arguments(struct opencl *dev, const struct fs_launch *launch)
{
	const struct opencl_api *cl = dev->cl;
	opencl_handle kernel = dev->program.kernel;
	ulong first = launch->first, last = launch->last;
	int status = set_buffer(dev);

	if (status == OPENCL_SUCCESS)
		status = cl->SetKernelArg(kernel, 1, sizeof(opencl_handle), &dev->out);
	if (status == OPENCL_SUCCESS)
		status = cl->SetKernelArg(kernel, 2, sizeof(launch->args), &launch->args);
	if (status == OPENCL_SUCCESS)
		status = cl->SetKernelArg(kernel, 3, sizeof(first), &first);
	if (status == OPENCL_SUCCESS)
		status = cl->SetKernelArg(kernel, 4, sizeof(last), &last);
	return status == OPENCL_SUCCESS ? 0 : opencl_failed(dev, status, "clSetKernelArg");
}

/* The same group size for every launch: some drivers recompile for another size. */
static void choose_items(const struct opencl *dev, const struct fs_launch *launch, size_t *group, size_t *all)
{
	uint64_t n = launch->last - launch->first;
	size_t groups, units = dev->unit.compute_units != 0 ? dev->unit.compute_units : 1;

	if (opencl_unit_is_cpu(&dev->unit)) {
		*group = 1;
		*all = units;
		return;
	}
	*group = dev->unit.group_max < GROUP_ITEMS && dev->unit.group_max != 0 ? dev->unit.group_max : GROUP_ITEMS;
	groups = (size_t)((n + *group - 1) / *group);
	groups = groups < units * GROUPS_A_UNIT ? groups : units * GROUPS_A_UNIT;
	*all = (groups != 0 ? groups : 1) * *group;
}

int opencl_launch(void *device, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	struct opencl *dev = device;
	opencl_handle event = NULL;
	size_t group, all;
	int err = 0, status;

	(void)memory;
	if (strcmp(dev->program.name, launch->name) != 0)
		err = opencl_program_build(dev->cl, &dev->unit, dev->context, launch->name, dev->flaw, &dev->program, &dev->why);
	if (err == 0)
		err = give_out(dev);
	if (err == 0)
		err = set_arguments(dev, launch);
	if (err < 0)
		return err;
	choose_items(dev, launch, &group, &all);
	status = dev->cl->EnqueueNDRangeKernel(dev->queue[stream], dev->program.kernel, 1, NULL, &all, &group, 0, NULL, &event);
	err = opencl_ordered(dev, stream, status, "clEnqueueNDRangeKernel", OPENCL_COMPUTED, event);
	dev->launched = true;
	dev->launches += err == 0;
	return err;
}

int opencl_prepare_body(struct opencl *dev, const char *name)
{
	const struct fs_launch nothing = {.name = name};
	int err = opencl_launch(dev, 0, NULL, &nothing);

	if (err == 0)
		err = opencl_wait(dev, 0);
	opencl_events_read(dev->cl, &dev->events);
	memset(dev->events.ns, 0, sizeof(dev->events.ns));
	dev->launched = false;
	dev->launches = 0;
	return err;
}
