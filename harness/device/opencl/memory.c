/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memory.c - kinds of memory, copies, and transfer of ownership.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/device/opencl/opencl.h"

/* Takes the result of a command that was submitted to a stream. */
int opencl_ordered(struct opencl *dev, int stream, int status, const char *call, enum opencl_did did, opencl_handle event)
{
	if (status != OPENCL_SUCCESS)
		return opencl_failed(dev, status, call);
	dev->busy[stream] = true;
	opencl_events_add(dev->cl, &dev->events, did, event);
	return 0;
}

int opencl_wait(void *device, int stream)
{
	struct opencl *dev = device;
	int status = dev->cl->Finish(dev->queue[stream]);

	dev->busy[stream] = false;
	return status == OPENCL_SUCCESS ? 0 : opencl_failed(dev, status, "clFinish");
}

/* ---- memory */

opencl_handle opencl_buffer(struct opencl *dev, uint64_t flags, size_t bytes, void *host, int *err)
{
	int32_t status = OPENCL_SUCCESS;
	opencl_handle buffer = dev->cl->CreateBuffer(dev->context, flags, bytes, host, &status);

	*err = buffer != NULL ? 0 : opencl_failed(dev, status, "clCreateBuffer");
	return buffer;
}

/* Drivers allocate a buffer at its first use: using it here allocates it before step 1. */
int opencl_memory_open(struct opencl *dev, size_t bytes)
{
	const unsigned char zero = 0;
	int err, status;

	dev->buffer = opencl_buffer(dev, OPENCL_MEM_READ_WRITE, bytes, NULL, &err);
	if (err < 0)
		return err;
	dev->bytes = bytes;
	status = dev->cl->EnqueueFillBuffer(dev->queue[0], dev->buffer, &zero, sizeof(zero), 0, bytes, 0, NULL, NULL);
	return status == OPENCL_SUCCESS ? opencl_wait(dev, 0) : opencl_failed(dev, status, "clEnqueueFillBuffer");
}

static void *map_host(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

int opencl_hand(void *device, struct fs_memory *memory, enum fs_side to)
{
	struct opencl *dev = device;
	const struct opencl_api *cl = dev->cl;
	const uint64_t both = OPENCL_MAP_READ | OPENCL_MAP_WRITE;
	opencl_handle event = NULL;
	int32_t status = OPENCL_SUCCESS;
	void *mapped;
	int err;

	if (to == dev->side)
		return 0;
	if (memory->kind == FS_MEMORY_EXCLUSIVE) {
		status = to == FS_HOST ? cl->EnqueueSVMMap(dev->queue[0], OPENCL_TRUE, both, memory->cpu, memory->bytes, 0, NULL, &event)
				       : cl->EnqueueSVMUnmap(dev->queue[0], memory->cpu, 0, NULL, &event);
	} else if (to == FS_DEVICE) {
		status = cl->EnqueueUnmapMemObject(dev->queue[0], dev->buffer, memory->cpu, 0, NULL, &event);
	} else {
		mapped = cl->EnqueueMapBuffer(dev->queue[0], dev->buffer, OPENCL_TRUE, both, 0, memory->bytes, 0, NULL, &event, &status);
		/* The standard guarantees this for memory that the program supplies; links in the buffer rely on it. */
		if (status == OPENCL_SUCCESS && mapped != dev->address)
			return fs_because(&dev->why, -EIO, "another unit, or setup=copy", "opencl: the buffer was mapped at another address");
	}
	err = opencl_ordered(dev, 0, status, to == FS_HOST ? "map" : "unmap", OPENCL_ACQUIRED, event);
	if (err < 0)
		return err;
	dev->side = to;
	dev->acquired[to]++;
	if (to == FS_HOST)
		dev->busy[0] = false; /* the queue is in order, and the map was waited for */
	return 0;
}

static int alloc_shared(struct opencl *dev, enum fs_memory_kind kind, size_t bytes)
{
	uint64_t flags = OPENCL_MEM_READ_WRITE;

	if (kind == FS_MEMORY_SVM_SYSTEM) {
		dev->address = map_host(bytes);
		return dev->address != NULL ? 0 : fs_because(&dev->why, -ENOMEM, "a smaller size", "no host memory for %zu bytes", bytes);
	}
	if (kind == FS_MEMORY_SVM_FINE)
		flags |= OPENCL_MEM_SVM_FINE_GRAIN_BUFFER | ((dev->unit.svm & OPENCL_SVM_ATOMICS) != 0 ? OPENCL_MEM_SVM_ATOMICS : 0);
	dev->address = dev->cl->SVMAlloc(dev->context, flags, bytes, 0);
	return dev->address != NULL ? 0 : opencl_failed(dev, OPENCL_MEM_OBJECT_ALLOCATION_FAILURE, "clSVMAlloc");
}

static int alloc_mapped(struct opencl *dev, size_t bytes)
{
	int err;

	dev->address = map_host(bytes);
	if (dev->address == NULL)
		return fs_because(&dev->why, -ENOMEM, "a smaller size", "no host memory for %zu bytes", bytes);
	dev->buffer = opencl_buffer(dev, OPENCL_MEM_READ_WRITE | OPENCL_MEM_USE_HOST_PTR, bytes, dev->address, &err);
	return err;
}

void opencl_free(void *device, struct fs_memory *memory)
{
	struct opencl *dev = device;
	const struct opencl_api *cl = dev->cl;

	if (memory->kind == FS_MEMORY_DEVICE)
		return;
	/* A remaining mapping would keep the memory allocated. */
	if (memory->kind == FS_MEMORY_MAPPED || memory->kind == FS_MEMORY_EXCLUSIVE)
		opencl_hand(dev, memory, FS_DEVICE);
	for (int i = 0; i < OPENCL_STREAMS; i++)
		opencl_wait(dev, i);
	if (memory->kind == FS_MEMORY_MAPPED && dev->buffer != NULL) {
		cl->ReleaseMemObject(dev->buffer);
		dev->buffer = NULL;
	}
	if (memory->kind == FS_MEMORY_MAPPED || memory->kind == FS_MEMORY_SVM_SYSTEM)
		munmap(dev->address, memory->bytes);
	else
		cl->SVMFree(dev->context, dev->address);
	dev->address = NULL;
}

int opencl_alloc(void *device, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct opencl *dev = device;
	int err = 0;

	(void)side;
	if (kind != dev->kind || (kind == FS_MEMORY_DEVICE && bytes > dev->bytes) || dev->address != NULL)
		return -EINVAL;
	if (kind == FS_MEMORY_MAPPED)
		err = alloc_mapped(dev, bytes);
	else if (kind != FS_MEMORY_DEVICE)
		err = alloc_shared(dev, kind, bytes);
	*memory =
		(struct fs_memory){.kind = kind, .bytes = bytes, .cpu = dev->address, .device = opencl_is_shared(kind) ? dev->address : dev->buffer};
	/* The device owns new memory until it is mapped. */
	dev->side = FS_DEVICE;
	if (err == 0 && (kind == FS_MEMORY_MAPPED || kind == FS_MEMORY_EXCLUSIVE))
		err = opencl_hand(dev, memory, FS_HOST);
	if (err < 0 && dev->address != NULL)
		opencl_free(dev, memory);
	if (err < 0)
		*memory = (struct fs_memory){0};
	return err;
}

/* A buffer in host memory that stays mapped: the way that vendors document for memory with fast copies. */
int opencl_pin(void *device, size_t bytes, void **host)
{
	struct opencl *dev = device;
	int32_t status = OPENCL_SUCCESS;
	opencl_handle buffer;
	int i = 0, err;

	while (i < OPENCL_PINS && dev->pin[i].buffer != NULL)
		i++;
	if (i == OPENCL_PINS)
		return -EINVAL;
	buffer = opencl_buffer(dev, OPENCL_MEM_READ_WRITE | OPENCL_MEM_ALLOC_HOST_PTR, bytes, NULL, &err);
	if (err < 0)
		return err;
	*host = dev->cl->EnqueueMapBuffer(dev->queue[0], buffer, OPENCL_TRUE, OPENCL_MAP_READ | OPENCL_MAP_WRITE, 0, bytes, 0, NULL, NULL, &status);
	if (*host == NULL) {
		dev->cl->ReleaseMemObject(buffer);
		return opencl_failed(dev, status, "clEnqueueMapBuffer");
	}
	dev->pin[i].buffer = buffer;
	dev->pin[i].host = *host;
	return 0;
}

void opencl_unpin(void *device, void *host, size_t bytes)
{
	struct opencl *dev = device;

	(void)bytes;
	for (int i = 0; i < OPENCL_PINS; i++) {
		if (dev->pin[i].buffer == NULL || dev->pin[i].host != host)
			continue;
		if (dev->cl->EnqueueUnmapMemObject(dev->queue[0], dev->pin[i].buffer, host, 0, NULL, NULL) == OPENCL_SUCCESS)
			dev->cl->Finish(dev->queue[0]);
		dev->cl->ReleaseMemObject(dev->pin[i].buffer);
		dev->pin[i].buffer = NULL;
	}
}

int opencl_copy(void *device, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct opencl *dev = device;
	opencl_handle event = NULL, queue = dev->queue[stream];
	int status, err;

	if (memory->kind != FS_MEMORY_DEVICE || offset + bytes > dev->bytes)
		return -EINVAL;
	if (to == FS_DEVICE)
		status = dev->cl->EnqueueWriteBuffer(queue, dev->buffer, OPENCL_FALSE, offset, bytes, host, 0, NULL, &event);
	else
		status = dev->cl->EnqueueReadBuffer(queue, dev->buffer, OPENCL_FALSE, offset, bytes, host, 0, NULL, &event);
	err = opencl_ordered(dev, stream, status, to == FS_DEVICE ? "clEnqueueWriteBuffer" : "clEnqueueReadBuffer",
		to == FS_DEVICE ? OPENCL_COPIED_TO_DEVICE : OPENCL_COPIED_TO_HOST, event);
	if (err == 0)
		dev->copied_bytes[to] += bytes;
	return err;
}

/* ---- one address */

static int ask_address(struct opencl *dev, opencl_handle kernel, opencl_handle spot, uint64_t *address)
{
	const struct opencl_api *cl = dev->cl;
	const size_t one = 1;
	int status = cl->SetKernelArgSVMPointer(kernel, 0, dev->address);

	if (status == OPENCL_SUCCESS)
		status = cl->SetKernelArg(kernel, 1, sizeof(spot), &spot);
	if (status == OPENCL_SUCCESS)
		status = cl->EnqueueNDRangeKernel(dev->queue[0], kernel, 1, NULL, &one, &one, 0, NULL, NULL);
	if (status == OPENCL_SUCCESS)
		status = cl->EnqueueReadBuffer(dev->queue[0], spot, OPENCL_TRUE, 0, sizeof(*address), address, 0, NULL, NULL);
	return status;
}

void opencl_check_address(struct opencl *dev)
{
	const struct opencl_api *cl = dev->cl;
	int32_t status = OPENCL_SUCCESS;
	opencl_handle kernel = cl->CreateKernel(dev->program.program, "where", &status), spot = NULL;
	uint64_t address = 0;
	int err = -EIO;

	if (kernel != NULL)
		spot = opencl_buffer(dev, OPENCL_MEM_READ_WRITE, sizeof(address), NULL, &err);
	if (err == 0)
		status = ask_address(dev, kernel, spot, &address);
	dev->addresses_checked++;
	/* A missing answer proves nothing. */
	dev->address_conflicts += status != OPENCL_SUCCESS || err < 0 || address != (uintptr_t)dev->address || strcmp(dev->flaw, "address") == 0;
	if (spot != NULL)
		cl->ReleaseMemObject(spot);
	if (kernel != NULL)
		cl->ReleaseKernel(kernel);
}
