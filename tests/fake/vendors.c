/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vendors.c - stand-ins for libOpenCL and libcuda, as far as a program that fivestep record records calls them (tests/command/record_app.c).
 * "Kernels" read or write one word in each of the first pages of their buffers: how many is the number in the kernel's name ("read3").
 * FAKE_DEVICE=gpu: OpenCL's device is no CPU.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void *H;

struct memory {
	unsigned char *data;
	size_t bytes;
	void (*at_end)(H, void *);
	int is_ours;
};

struct kernel {
	char name[64];
	struct memory *args[8];
};

static volatile unsigned seen;

static void run(const char *name, struct memory *const *args, unsigned n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = strtoul(name + strcspn(name, "0123456789"), NULL, 10);

	for (unsigned i = 0; i < n; i++) {
		for (size_t at = 0; args[i] != NULL && at < pages && at * page < args[i]->bytes; at++) {
			if (name[0] == 'w')
				args[i]->data[at * page] = 1;
			seen += args[i]->data[at * page];
		}
	}
}

/* ---- OpenCL */

int32_t clGetContextInfo(H context, uint32_t what, size_t room, void *value, size_t *n);
int32_t clGetContextInfo(H context, uint32_t what, size_t room, void *value, size_t *n)
{
	(void)what, (void)room;
	memcpy(value, &context, sizeof(context));
	*n = sizeof(context);
	return 0;
}

int32_t clGetDeviceInfo(H device, uint32_t what, size_t room, void *value, size_t *n);
int32_t clGetDeviceInfo(H device, uint32_t what, size_t room, void *value, size_t *n)
{
	uint64_t type = getenv("FAKE_DEVICE") != NULL ? 4 : 2;

	(void)device, (void)what, (void)room, (void)n;
	memcpy(value, &type, sizeof(type));
	return 0;
}

H clCreateBuffer(H context, uint64_t flags, size_t bytes, void *host, int32_t *error);
H clCreateBuffer(H context, uint64_t flags, size_t bytes, void *host, int32_t *error)
{
	struct memory *m = calloc(1, sizeof(*m));
	int uses = (flags & 8) != 0;

	(void)context;
	*m = (struct memory){.data = uses ? host : calloc(1, bytes), .bytes = bytes, .is_ours = !uses};
	if ((flags & 32) != 0)
		memcpy(m->data, host, bytes);
	*error = 0;
	return m;
}

int32_t clSetMemObjectDestructorCallback(H memory, void (*call)(H, void *), void *data);
int32_t clSetMemObjectDestructorCallback(H memory, void (*call)(H, void *), void *data)
{
	(void)data;
	((struct memory *)memory)->at_end = call;
	return 0;
}

int32_t clReleaseMemObject(H memory);
int32_t clReleaseMemObject(H memory)
{
	struct memory *m = memory;

	if (m->at_end != NULL)
		m->at_end(m, NULL);
	if (m->is_ours)
		free(m->data);
	free(m);
	return 0;
}

int32_t clEnqueueWriteBuffer(H queue, H memory, uint32_t blocks, size_t offset, size_t bytes, const void *host, uint32_t n, const H *waits, H *event);
int32_t clEnqueueWriteBuffer(H queue, H memory, uint32_t blocks, size_t offset, size_t bytes, const void *host, uint32_t n, const H *waits, H *event)
{
	(void)queue, (void)blocks, (void)n, (void)waits, (void)event;
	memcpy(((struct memory *)memory)->data + offset, host, bytes);
	return 0;
}

int32_t clEnqueueReadBuffer(H queue, H memory, uint32_t blocks, size_t offset, size_t bytes, void *host, uint32_t n, const H *waits, H *event);
int32_t clEnqueueReadBuffer(H queue, H memory, uint32_t blocks, size_t offset, size_t bytes, void *host, uint32_t n, const H *waits, H *event)
{
	(void)queue, (void)blocks, (void)n, (void)waits, (void)event;
	memcpy(host, ((struct memory *)memory)->data + offset, bytes);
	return 0;
}

/* In place of clCreateKernel(), which takes a program. */
H fake_kernel(const char *name);
H fake_kernel(const char *name)
{
	struct kernel *k = calloc(1, sizeof(*k));

	strncpy(k->name, name, sizeof(k->name) - 1);
	return k;
}

int32_t clGetKernelInfo(H kernel, uint32_t what, size_t room, void *value, size_t *n);
int32_t clGetKernelInfo(H kernel, uint32_t what, size_t room, void *value, size_t *n)
{
	(void)what, (void)n;
	strncpy(value, ((struct kernel *)kernel)->name, room);
	return 0;
}

/* The first argument is a pointer to const. */
int32_t clGetKernelArgInfo(H kernel, uint32_t index, uint32_t what, size_t room, void *value, size_t *n);
int32_t clGetKernelArgInfo(H kernel, uint32_t index, uint32_t what, size_t room, void *value, size_t *n)
{
	(void)kernel, (void)n;
	memset(value, 0, room);
	if (index == 0 && what == 0x1199)
		*(uint64_t *)value = 1;
	return 0;
}

int32_t clSetKernelArg(H kernel, uint32_t index, size_t bytes, const void *value);
int32_t clSetKernelArg(H kernel, uint32_t index, size_t bytes, const void *value)
{
	memcpy(&((struct kernel *)kernel)->args[index], value, bytes);
	return 0;
}

int32_t clFinish(H queue);
int32_t clFinish(H queue)
{
	(void)queue;
	return 0;
}

int32_t clEnqueueNDRangeKernel(H queue, H kernel, uint32_t dimensions, const size_t *offset, const size_t *global, const size_t *local, uint32_t n,
	const H *waits, H *event);
int32_t clEnqueueNDRangeKernel(
	H queue, H kernel, uint32_t dimensions, const size_t *offset, const size_t *global, const size_t *local, uint32_t n, const H *waits, H *event)
{
	const struct kernel *k = kernel;

	(void)queue, (void)dimensions, (void)offset, (void)global, (void)local, (void)n, (void)waits, (void)event;
	run(k->name, k->args, 8);
	return 0;
}

/* ---- CUDA */

int cuModuleGetFunction(void **function, void *module, const char *name);
int cuModuleGetFunction(void **function, void *module, const char *name)
{
	(void)module;
	*function = fake_kernel(name);
	return 0;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes);
int cuMemAlloc_v2(uint64_t *address, size_t bytes)
{
	*address = (uintptr_t)malloc(bytes);
	return 0;
}

int cuMemFree_v2(uint64_t address);
int cuMemFree_v2(uint64_t address)
{
	free((void *)(uintptr_t)address);
	return 0;
}

int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes);
int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes)
{
	memcpy((void *)(uintptr_t)to, from, bytes);
	return 0;
}

int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes);
int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes)
{
	memcpy(to, (const void *)(uintptr_t)from, bytes);
	return 0;
}

int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream,
	void **params, void **extra);
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void *stream,
	void **params, void **extra)
{
	(void)function, (void)gx, (void)gy, (void)gz, (void)bx, (void)by, (void)bz, (void)shared, (void)stream, (void)params, (void)extra;
	return 0;
}
