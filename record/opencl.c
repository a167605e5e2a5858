/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * opencl.c - OpenCL's calls that say something of memory. On a CPU (PoCL) the device computes in this process: buffers then lie in memory of ours,
 * and the pages that each kernel touches are seen; a launch is waited for. On other devices which pages a kernel touches is unknown.
 */
#include "record/preload.h"

#include <stdlib.h>
#include <string.h>

#include "harness/device/opencl/api.h"

/* What the device opencl has no use for, by the standard's numbers (tests/device/opencl_api.c). */
enum {
	MEM_WRITE_ONLY = 1 << 1,
	MEM_READ_ONLY = 1 << 2,
	MEM_COPY_HOST_PTR = 1 << 5,
	CONTEXT_DEVICES = 0x1081,
	KERNEL_FUNCTION_NAME = 0x1190,
	KERNEL_ARG_ADDRESS_QUALIFIER = 0x1196,
	KERNEL_ARG_TYPE_QUALIFIER = 0x1199,
	KERNEL_ARG_ADDRESS_CONSTANT = 0x119D,
	KERNEL_ARG_TYPE_CONST = 1,
	MAP_WRITE_INVALIDATE = 1 << 2,
	DEVICES = 16
};

#define NEXT(type, name) ((type)preload_next(name))
#define EXPORT		 __attribute__((visibility("default")))
#define H		 opencl_handle

/* ---- arguments of kernels */

struct argument {
	H kernel;
	unsigned index;
	const void *buffer;
	struct argument *next;
};
static struct argument *arguments;
static bool has_user_events; /* what waits for them is not to be waited for */

static void set_argument(H kernel, unsigned index, const void *buffer)
{
	struct argument *a = arguments;

	while (a != NULL && !(a->kernel == kernel && a->index == index))
		a = a->next;
	if (a == NULL) {
		a = calloc(1, sizeof(*a));
		if (a == NULL)
			return;
		*a = (struct argument){.kernel = kernel, .index = index, .next = arguments};
		arguments = a;
	}
	a->buffer = buffer;
}

static void kernel_gone(H kernel)
{
	for (struct argument **at = &arguments; *at != NULL;) {
		struct argument *a = *at;

		if (a->kernel == kernel) {
			*at = a->next;
			free(a);
		} else {
			at = &a->next;
		}
	}
}

/* ---- buffers */

static bool computes_in_this_process(H context)
{
	int32_t (*context_info)(H, uint32_t, size_t, void *, size_t *) = NEXT(int32_t(*)(H, uint32_t, size_t, void *, size_t *), "clGetContextInfo");
	int32_t (*device_info)(H, uint32_t, size_t, void *, size_t *) = NEXT(int32_t(*)(H, uint32_t, size_t, void *, size_t *), "clGetDeviceInfo");
	H devices[DEVICES];
	size_t n = 0;

	if (context_info(context, CONTEXT_DEVICES, sizeof(devices), devices, &n) != OPENCL_SUCCESS || n == 0)
		return false;
	for (size_t i = 0; i < n / sizeof(H); i++) {
		uint64_t type = 0;

		if (device_info(devices[i], OPENCL_DEVICE_TYPE, sizeof(type), &type, NULL) != OPENCL_SUCCESS || type != OPENCL_DEVICE_TYPE_CPU)
			return false;
	}
	return true;
}

/* clSetMemObjectDestructorCallback: the buffer is no longer used by anybody. */
static void destroyed(H handle, void *data)
{
	(void)data;
	preload_lock();
	buffer_gone(handle);
	preload_unlock();
}

EXPORT H clCreateBuffer(H context, uint64_t flags, size_t bytes, void *host, int32_t *error);
EXPORT H clCreateBuffer(H context, uint64_t flags, size_t bytes, void *host, int32_t *error)
{
	H (*create)(H, uint64_t, size_t, void *, int32_t *) = NEXT(H(*)(H, uint64_t, size_t, void *, int32_t *), "clCreateBuffer");
	int32_t (*at_end)(H, void (*)(H, void *), void *) = NEXT(int32_t(*)(H, void (*)(H, void *), void *), "clSetMemObjectDestructorCallback");
	bool is_users = (flags & OPENCL_MEM_USE_HOST_PTR) != 0, is_filled = (flags & MEM_COPY_HOST_PTR) != 0 && host != NULL;
	unsigned char *own = bytes != 0 && !is_users && computes_in_this_process(context) ? touched_alloc(bytes) : NULL;
	struct buffer *b;
	H handle;

	if (own != NULL && is_filled)
		memcpy(own, host, bytes);
	if (own != NULL)
		handle = create(
			context, (flags & ~(uint64_t)(MEM_COPY_HOST_PTR | OPENCL_MEM_ALLOC_HOST_PTR)) | OPENCL_MEM_USE_HOST_PTR, bytes, own, error);
	else
		handle = create(context, flags, bytes, host, error);
	if (handle == NULL) {
		if (own != NULL)
			touched_free(own, bytes);
		return NULL;
	}
	preload_lock();
	b = buffer_add(handle, bytes, (flags & MEM_WRITE_ONLY) == 0, (flags & MEM_READ_ONLY) == 0);
	if (b != NULL) {
		b->own = own;
		if (is_filled || (is_users && host != NULL))
			trace_line("host write %u 0 %zu", b->id, bytes);
	}
	preload_unlock();
	if (b != NULL)
		at_end(handle, destroyed, NULL);
	return handle;
}

static void host_uses(H handle, const char *how, size_t offset, size_t bytes)
{
	struct buffer *b;

	preload_lock();
	b = buffer_find(handle);
	if (b != NULL && bytes != 0)
		trace_line("host %s %u %zu %zu", how, b->id, offset, bytes);
	else if (b == NULL)
		trace_line("unseen a transfer of memory that is not a whole buffer (an image or a part of a buffer)");
	preload_unlock();
}

EXPORT int32_t clEnqueueWriteBuffer(
	H queue, H buffer, uint32_t blocks, size_t offset, size_t bytes, const void *host, uint32_t n, const H *waits, H *event);
EXPORT int32_t clEnqueueWriteBuffer(
	H queue, H buffer, uint32_t blocks, size_t offset, size_t bytes, const void *host, uint32_t n, const H *waits, H *event)
{
	int32_t status = NEXT(int32_t(*)(H, H, uint32_t, size_t, size_t, const void *, uint32_t, const H *, H *), "clEnqueueWriteBuffer")(
		queue, buffer, blocks, offset, bytes, host, n, waits, event);

	if (status == OPENCL_SUCCESS)
		host_uses(buffer, "write", offset, bytes);
	return status;
}

EXPORT int32_t clEnqueueReadBuffer(H queue, H buffer, uint32_t blocks, size_t offset, size_t bytes, void *host, uint32_t n, const H *waits, H *event);
EXPORT int32_t clEnqueueReadBuffer(H queue, H buffer, uint32_t blocks, size_t offset, size_t bytes, void *host, uint32_t n, const H *waits, H *event)
{
	int32_t status = NEXT(int32_t(*)(H, H, uint32_t, size_t, size_t, void *, uint32_t, const H *, H *), "clEnqueueReadBuffer")(
		queue, buffer, blocks, offset, bytes, host, n, waits, event);

	if (status == OPENCL_SUCCESS)
		host_uses(buffer, "read", offset, bytes);
	return status;
}

EXPORT void *clEnqueueMapBuffer(
	H queue, H buffer, uint32_t blocks, uint64_t flags, size_t offset, size_t bytes, uint32_t n, const H *waits, H *event, int32_t *error);
EXPORT void *clEnqueueMapBuffer(
	H queue, H buffer, uint32_t blocks, uint64_t flags, size_t offset, size_t bytes, uint32_t n, const H *waits, H *event, int32_t *error)
{
	void *at = NEXT(void *(*)(H, H, uint32_t, uint64_t, size_t, size_t, uint32_t, const H *, H *, int32_t *), "clEnqueueMapBuffer")(
		queue, buffer, blocks, flags, offset, bytes, n, waits, event, error);

	if (at != NULL && (flags & OPENCL_MAP_READ) != 0)
		host_uses(buffer, "read", offset, bytes);
	if (at != NULL && (flags & (OPENCL_MAP_WRITE | MAP_WRITE_INVALIDATE)) != 0)
		host_uses(buffer, "write", offset, bytes);
	return at;
}

static long pages_of(size_t offset, size_t bytes, size_t page)
{
	return bytes == 0 ? 0 : (long)((offset + bytes - 1) / page - offset / page + 1);
}

/* What the device does without a kernel: pages are known. */
static void device_uses(const char *name, H from, size_t from_offset, H to, size_t to_offset, size_t bytes)
{
	struct trace_text line;
	const struct buffer *source, *target;
	size_t page = touched_page_bytes();

	preload_lock();
	source = from != NULL ? buffer_find(from) : NULL;
	target = buffer_find(to);
	trace_launch_begin(&line, name);
	if (source != NULL)
		trace_launch_use(&line, 'r', source->id, pages_of(from_offset, bytes, page));
	if (target != NULL)
		trace_launch_use(&line, 'w', target->id, pages_of(to_offset, bytes, page));
	trace_launch_end(&line);
	preload_unlock();
}

EXPORT int32_t clEnqueueCopyBuffer(H queue, H from, H to, size_t from_offset, size_t to_offset, size_t bytes, uint32_t n, const H *waits, H *event);
EXPORT int32_t clEnqueueCopyBuffer(H queue, H from, H to, size_t from_offset, size_t to_offset, size_t bytes, uint32_t n, const H *waits, H *event)
{
	int32_t status = NEXT(int32_t(*)(H, H, H, size_t, size_t, size_t, uint32_t, const H *, H *), "clEnqueueCopyBuffer")(
		queue, from, to, from_offset, to_offset, bytes, n, waits, event);

	if (status == OPENCL_SUCCESS)
		device_uses("copy", from, from_offset, to, to_offset, bytes);
	return status;
}

EXPORT int32_t clEnqueueFillBuffer(
	H queue, H buffer, const void *pattern, size_t pattern_bytes, size_t offset, size_t bytes, uint32_t n, const H *waits, H *event);
EXPORT int32_t clEnqueueFillBuffer(
	H queue, H buffer, const void *pattern, size_t pattern_bytes, size_t offset, size_t bytes, uint32_t n, const H *waits, H *event)
{
	int32_t status = NEXT(int32_t(*)(H, H, const void *, size_t, size_t, size_t, uint32_t, const H *, H *), "clEnqueueFillBuffer")(
		queue, buffer, pattern, pattern_bytes, offset, bytes, n, waits, event);

	if (status == OPENCL_SUCCESS)
		device_uses("fill", NULL, 0, buffer, offset, bytes);
	return status;
}

/* ---- launches */

EXPORT int32_t clSetKernelArg(H kernel, uint32_t index, size_t bytes, const void *value);
EXPORT int32_t clSetKernelArg(H kernel, uint32_t index, size_t bytes, const void *value)
{
	int32_t status = NEXT(int32_t(*)(H, uint32_t, size_t, const void *), "clSetKernelArg")(kernel, index, bytes, value);
	const void *handle = NULL;

	if (status == OPENCL_SUCCESS && bytes == sizeof(handle) && value != NULL)
		memcpy(&handle, value, sizeof(handle));
	preload_lock();
	set_argument(kernel, index, handle != NULL && buffer_find(handle) != NULL ? handle : NULL);
	preload_unlock();
	return status;
}

EXPORT int32_t clReleaseKernel(H kernel);
EXPORT int32_t clReleaseKernel(H kernel)
{
	int32_t (*info)(H, uint32_t, size_t, void *, size_t *) = NEXT(int32_t(*)(H, uint32_t, size_t, void *, size_t *), "clGetKernelInfo");
	enum { KERNEL_REFERENCE_COUNT = 0x1192 };
	uint32_t count = 0;

	if (info(kernel, KERNEL_REFERENCE_COUNT, sizeof(count), &count, NULL) == OPENCL_SUCCESS && count == 1) {
		preload_lock();
		kernel_gone(kernel);
		preload_unlock();
	}
	return NEXT(int32_t(*)(H), "clReleaseKernel")(kernel);
}

/* A pointer to const, or into constant memory, if the library kept what the kernel's text says. */
static bool is_const(H kernel, unsigned index)
{
	int32_t (*info)(H, uint32_t, uint32_t, size_t, void *, size_t *) =
		NEXT(int32_t(*)(H, uint32_t, uint32_t, size_t, void *, size_t *), "clGetKernelArgInfo");
	uint64_t qualifier = 0;
	uint32_t address = 0;

	if (info(kernel, index, KERNEL_ARG_TYPE_QUALIFIER, sizeof(qualifier), &qualifier, NULL) == OPENCL_SUCCESS &&
		(qualifier & KERNEL_ARG_TYPE_CONST) != 0)
		return true;
	return info(kernel, index, KERNEL_ARG_ADDRESS_QUALIFIER, sizeof(address), &address, NULL) == OPENCL_SUCCESS &&
	       address == KERNEL_ARG_ADDRESS_CONSTANT;
}

/* Of all arguments. */
static bool begin_seeing(H kernel)
{
	bool is_seen = true;

	preload_lock();
	for (const struct argument *a = arguments; a != NULL; a = a->next) {
		const struct buffer *b = a->kernel == kernel && a->buffer != NULL ? buffer_find(a->buffer) : NULL;

		if (b != NULL && b->own != NULL)
			is_seen = touched_begin(b->own, b->bytes) && is_seen;
	}
	preload_unlock();
	return is_seen;
}

static void trace_kernel(H kernel, bool is_seen)
{
	int32_t (*info)(H, uint32_t, size_t, void *, size_t *) = NEXT(int32_t(*)(H, uint32_t, size_t, void *, size_t *), "clGetKernelInfo");
	struct trace_text line;
	char name[256] = "kernel";

	if (info(kernel, KERNEL_FUNCTION_NAME, sizeof(name), name, NULL) != OPENCL_SUCCESS)
		strcpy(name, "kernel");
	preload_lock();
	trace_launch_begin(&line, name);
	for (const struct argument *a = arguments; a != NULL; a = a->next) {
		const struct buffer *b = a->kernel == kernel && a->buffer != NULL ? buffer_find(a->buffer) : NULL;
		long pages = b != NULL && b->own != NULL && is_seen ? touched_pages(b->own) : -1;

		if (b != NULL && b->is_read)
			trace_launch_use(&line, 'r', b->id, pages);
		if (b != NULL && b->is_written && !is_const(kernel, a->index))
			trace_launch_use(&line, 'w', b->id, pages);
	}
	trace_launch_end(&line);
	preload_unlock();
}

EXPORT int32_t clEnqueueNDRangeKernel(H queue, H kernel, uint32_t dimensions, const size_t *offset, const size_t *global, const size_t *local,
	uint32_t n, const H *waits, H *event);
EXPORT int32_t clEnqueueNDRangeKernel(
	H queue, H kernel, uint32_t dimensions, const size_t *offset, const size_t *global, const size_t *local, uint32_t n, const H *waits, H *event)
{
	int32_t (*finish)(H) = NEXT(int32_t(*)(H), "clFinish");
	bool is_seen = !has_user_events && finish(queue) == OPENCL_SUCCESS && begin_seeing(kernel);
	int32_t status = NEXT(int32_t(*)(H, H, uint32_t, const size_t *, const size_t *, const size_t *, uint32_t, const H *, H *),
		"clEnqueueNDRangeKernel")(queue, kernel, dimensions, offset, global, local, n, waits, event);

	if (status == OPENCL_SUCCESS) {
		is_seen = is_seen && finish(queue) == OPENCL_SUCCESS;
		trace_kernel(kernel, is_seen);
	}
	return status;
}

EXPORT H clCreateUserEvent(H context, int32_t *error);
EXPORT H clCreateUserEvent(H context, int32_t *error)
{
	has_user_events = true;
	return NEXT(H(*)(H, int32_t *), "clCreateUserEvent")(context, error);
}

/* ---- what has no line */

EXPORT void *clSVMAlloc(H context, uint64_t flags, size_t bytes, uint32_t aligned);
EXPORT void *clSVMAlloc(H context, uint64_t flags, size_t bytes, uint32_t aligned)
{
	trace_line("unseen shared virtual memory (clSVMAlloc, %zu bytes)", bytes);
	return NEXT(void *(*)(H, uint64_t, size_t, uint32_t), "clSVMAlloc")(context, flags, bytes, aligned);
}

EXPORT H clCreateSubBuffer(H buffer, uint64_t flags, uint32_t type, const void *info, int32_t *error);
EXPORT H clCreateSubBuffer(H buffer, uint64_t flags, uint32_t type, const void *info, int32_t *error)
{
	trace_line("unseen what is done with a part of a buffer (clCreateSubBuffer)");
	return NEXT(H(*)(H, uint64_t, uint32_t, const void *, int32_t *), "clCreateSubBuffer")(buffer, flags, type, info, error);
}

EXPORT H clCreateImage(H context, uint64_t flags, const void *format, const void *description, void *host, int32_t *error);
EXPORT H clCreateImage(H context, uint64_t flags, const void *format, const void *description, void *host, int32_t *error)
{
	trace_line("unseen an image (clCreateImage)");
	return NEXT(H(*)(H, uint64_t, const void *, const void *, void *, int32_t *), "clCreateImage")(
		context, flags, format, description, host, error);
}
