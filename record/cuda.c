/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cuda.c - calls of CUDA's driver that say something of memory. A launch does not say which buffers it gets: it may use all there are, and how many
 * of their pages is unknown. Programs that look the calls up by themselves (the CUDA runtime does) are not seen.
 */
#include "record/preload.h"

#include <stdlib.h>
#include <string.h>

#define NEXT(type, name) ((type)preload_next(name))
#define EXPORT		 __attribute__((visibility("default")))

enum { CUDA_FINE = 0, NAME = 64 };

struct function {
	void *handle;
	char name[NAME];
	struct function *next;
};
static struct function *functions;

EXPORT int cuModuleGetFunction(void **function, void *module, const char *name);
EXPORT int cuModuleGetFunction(void **function, void *module, const char *name)
{
	int status = NEXT(int (*)(void **, void *, const char *), "cuModuleGetFunction")(function, module, name);
	struct function *f = status == CUDA_FINE ? calloc(1, sizeof(*f)) : NULL;

	if (f != NULL) {
		f->handle = *function;
		strncpy(f->name, name, NAME - 1);
		preload_lock();
		f->next = functions;
		functions = f;
		preload_unlock();
	}
	return status;
}

EXPORT int cuMemAlloc_v2(uint64_t *address, size_t bytes);
EXPORT int cuMemAlloc_v2(uint64_t *address, size_t bytes)
{
	int status = NEXT(int (*)(uint64_t *, size_t), "cuMemAlloc_v2")(address, bytes);

	if (status == CUDA_FINE) {
		preload_lock();
		buffer_add((const void *)(uintptr_t)*address, bytes, true, true);
		preload_unlock();
	}
	return status;
}

EXPORT int cuMemFree_v2(uint64_t address);
EXPORT int cuMemFree_v2(uint64_t address)
{
	preload_lock();
	buffer_gone((const void *)(uintptr_t)address);
	preload_unlock();
	return NEXT(int (*)(uint64_t), "cuMemFree_v2")(address);
}

static int host_uses(int status, uint64_t address, const char *how, size_t bytes)
{
	const struct buffer *b;

	preload_lock();
	b = buffer_at(address);
	if (status == CUDA_FINE && bytes != 0 && b != NULL)
		trace_line("host %s %u %zu %zu", how, b->id, (size_t)(address - (uintptr_t)b->handle), bytes);
	else if (status == CUDA_FINE && bytes != 0)
		trace_line("unseen a transfer of memory that cuMemAlloc did not allocate");
	preload_unlock();
	return status;
}

EXPORT int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes);
EXPORT int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes)
{
	return host_uses(NEXT(int (*)(uint64_t, const void *, size_t), "cuMemcpyHtoD_v2")(to, from, bytes), to, "write", bytes);
}

EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream);
EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream)
{
	return host_uses(NEXT(int (*)(uint64_t, const void *, size_t, void *), "cuMemcpyHtoDAsync_v2")(to, from, bytes, stream), to, "write", bytes);
}

EXPORT int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes);
EXPORT int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes)
{
	return host_uses(NEXT(int (*)(void *, uint64_t, size_t), "cuMemcpyDtoH_v2")(to, from, bytes), from, "read", bytes);
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream);
EXPORT int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream)
{
	return host_uses(NEXT(int (*)(void *, uint64_t, size_t, void *), "cuMemcpyDtoHAsync_v2")(to, from, bytes, stream), from, "read", bytes);
}

EXPORT int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream,
	void **params, void **extra);
EXPORT int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream,
	void **params, void **extra)
{
	int status = NEXT(int (*)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **),
		"cuLaunchKernel")(function, gx, gy, gz, bx, by, bz, shared, stream, params, extra);
	const struct function *f;
	struct trace_text line;

	if (status != CUDA_FINE)
		return status;
	preload_lock();
	for (f = functions; f != NULL && f->handle != function;)
		f = f->next;
	trace_launch_begin(&line, f != NULL ? f->name : "kernel");
	for (const struct buffer *b = buffer_first(); b != NULL; b = b->next) {
		trace_launch_use(&line, 'r', b->id, -1);
		trace_launch_use(&line, 'w', b->id, -1);
	}
	trace_launch_end(&line);
	preload_unlock();
	return status;
}

EXPORT int cuMemAllocManaged(uint64_t *address, size_t bytes, unsigned flags);
EXPORT int cuMemAllocManaged(uint64_t *address, size_t bytes, unsigned flags)
{
	trace_line("unseen managed memory (cuMemAllocManaged, %zu bytes)", bytes);
	return NEXT(int (*)(uint64_t *, size_t, unsigned), "cuMemAllocManaged")(address, bytes, flags);
}
