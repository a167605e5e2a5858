/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_cuda.c - replaces NVIDIA's driver library, for tests, which build it (tests/fake/stand_in.sh) as libcuda.so.1: a GPU whose
 * memory is the process's and whose bodies run on the CPU, so that rounds go through from end to end, and whose every call can fail. It says so:
 * whoever finds fivestep_stand_in in a library must not take what is measured with it for a result.
 *
 *   FAKE_CUDA       "cuLaunchKernel=702@2 pageable=1 devices=2": what each call returns (at the n-th call and after; first: 1), and attributes that
 *                   are others, see attributes[]; devices, driver, free (bytes); stay=1: managed pages do not move; die=1: crashes when asked;
 *                   cubin=S: machine code is refused with this status;
 *                   hang=S: cuInit sleeps; stall=S: waiting for a stream does; sticky=1: after a failure every call fails with it, as in a lost
 * context FAKE_CUDA_LOG   a file that gets one line a context: how many objects were not released FAKE_CUDA_DONE  a file that gets the name of each
 * call that was made to fail
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* A library of its own: nothing of the program is in it, which would say for which vector unit. */
#define FIVESTEP_NO_BODY_FORMS 1
#include "harness/body.h"
#include "harness/device/cuda/api.h"

/* Written by the test: includes the bodies, and has BODY(name) for each. */
#include "fake_bodies.h"

extern const int fivestep_stand_in;
const int fivestep_stand_in = 1;

static long objects, contexts;
static int current, allocated_on; /* devices: of the current context, and of the memory that was allocated last */

#define PAGE ((size_t)sysconf(_SC_PAGESIZE))

uint64_t fs_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The number that FAKE_CUDA gives to a word; *at is that of @, or 1. */
static int asked(const char *word, long long *value, int *at)
{
	const char *all = getenv("FAKE_CUDA");
	size_t len = strlen(word);

	for (const char *p = all; p != NULL && *p != '\0'; p += strcspn(p, " "), p += strspn(p, " ")) {
		char *end;

		if (strncmp(p, word, len) != 0 || p[len] != '=')
			continue;
		*value = strtoll(p + len + 1, &end, 0);
		*at = *end == '@' ? atoi(end + 1) : 1;
		return 1;
	}
	return 0;
}

static long long number(const char *word, long long otherwise)
{
	long long value;
	int at;

	return asked(word, &value, &at) ? value : otherwise;
}

static void note_failure(const char *name)
{
	const char *path = getenv("FAKE_CUDA_DONE");
	FILE *to = path != NULL ? fopen(path, "a") : NULL;

	if (to != NULL) {
		fprintf(to, "%s\n", name);
		fclose(to);
	}
}

/* What the call must return, or 0. */
static int fails(const char *name, int *calls)
{
	static int lost;
	long long value;
	int at;

	++*calls;
	/* Names are known of a lost context, too. */
	if (lost != 0 && strcmp(name, "cuGetErrorName") != 0)
		return lost;
	if (!asked(name, &value, &at) || *calls < at)
		return 0;
	note_failure(name);
	lost = number("sticky", 0) != 0 ? (int)value : 0;
	return (int)value;
}

/* One call: its failure if one is asked for, else what it does, worth a status. gain: objects that there are more of, if it works. */
#define CALL(name, gain, declared, does)                                                                                                             \
	int cu##name declared;                                                                                                                       \
	int cu##name declared                                                                                                                        \
	{                                                                                                                                            \
		static int calls;                                                                                                                    \
		int status = fails("cu" #name, &calls);                                                                                              \
                                                                                                                                                     \
		if (status == 0)                                                                                                                     \
			status = (does);                                                                                                             \
		objects += status == 0 ? (gain) : 0;                                                                                                 \
		return status;                                                                                                                       \
	}

/* ---- devices */

static int init(void)
{
	if (number("die", 0) != 0)
		raise(SIGSEGV);
	sleep((unsigned)number("hang", 0));
	return 0;
}

static int attribute(int *value, int what)
{
	static const struct {
		const char *word;
		int what, usual;
	} attributes[] = {
		{"processors", CUDA_ATTRIBUTE_MULTIPROCESSOR_COUNT, 2},
		{"timeout", CUDA_ATTRIBUTE_KERNEL_EXEC_TIMEOUT, 0},
		{"mode", CUDA_ATTRIBUTE_COMPUTE_MODE, 0},
		{"ecc", CUDA_ATTRIBUTE_ECC_ENABLED, 1},
		{"major", CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 9},
		{"minor", CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, 0},
		{"managed", CUDA_ATTRIBUTE_MANAGED_MEMORY, 1},
		{"concurrent", CUDA_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS, 1},
		{"pageable", CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS, 0},
		{"ats", CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS_USES_HOST_PAGE_TABLES, 0},
		{"numa", CUDA_ATTRIBUTE_NUMA_CONFIG, 0},
		{"node", CUDA_ATTRIBUTE_NUMA_ID, -1},
	};

	for (unsigned i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (attributes[i].what != what)
			continue;
		*value = (int)number(attributes[i].word, attributes[i].usual);
		return 0;
	}
	return CUDA_INVALID_VALUE;
}

static int text(char *to, int room, const char *from)
{
	snprintf(to, (size_t)room, "%s", from);
	return 0;
}

static int error_name(int status, const char **name)
{
	static const struct {
		int status;
		const char *name;
	} names[] = {
		{CUDA_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
		{CUDA_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
		{CUDA_DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE"},
		{CUDA_NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
		{CUDA_INVALID_PTX, "CUDA_ERROR_INVALID_PTX"},
		{CUDA_UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
		{CUDA_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
		{CUDA_LAUNCH_TIMEOUT, "CUDA_ERROR_LAUNCH_TIMEOUT"},
		{CUDA_CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED"},
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].status == status) {
			*name = names[i].name;
			return 0;
		}
	}
	return CUDA_INVALID_VALUE;
}

CALL(Init, 0, (unsigned flags), (flags == 0 ? init() : CUDA_INVALID_VALUE))
CALL(DriverGetVersion, 0, (int *version), (*version = (int)number("driver", 13000), 0))
CALL(GetErrorName, 0, (int of, const char **name), error_name(of, name))
CALL(DeviceGetCount, 0, (int *n), (*n = (int)number("devices", 1), 0))
CALL(DeviceGet, 0, (int *device, int index), (*device = index, 0))
CALL(DeviceGetName, 0, (char *name, int room, int device), ((void)device, text(name, room, "Stand-in")))
CALL(DeviceGetAttribute, 0, (int *value, int what, int device), ((void)device, attribute(value, what)))
CALL(DeviceTotalMem_v2, 0, (size_t * bytes, int device), ((void)device, *bytes = 1ul << 30, 0))
CALL(DeviceCanAccessPeer, 0, (int *can, int device, int peer), (*can = device != peer && number("peers", 1) != 0, 0))
CALL(DeviceGetPCIBusId, 0, (char *bus, int room, int device), ((void)device, text(bus, room, "0000:01:00.0")))

/* ---- streams: a body runs in a thread, so that the CPU may work with it */

struct stream {
	pthread_t thread;
	int running;
	fs_body_fn body;
	unsigned char *buf;
	ulong *out;
	struct fs_body_args args;
	ulong first, last;
};

/* Managed memory: a page that the CPU does not have mapped keeps what is in it, as if it had moved. */
static unsigned char *managed;
static size_t managed_bytes;
static int last_prefetch = CUDA_DEVICE_INVALID;

static void move_to_device(unsigned char *at, size_t bytes)
{
	if (managed != NULL && number("stay", 0) == 0)
		madvise((void *)((uintptr_t)at & ~(uintptr_t)(PAGE - 1)), bytes, MADV_DONTNEED);
}

static void *compute(void *started)
{
	struct stream *stream = started;

	stream->body(stream->buf, stream->out, stream->args, stream->first, stream->last, 1);
	if (stream->first < stream->last)
		move_to_device(managed, managed_bytes);
	return NULL;
}

static int settle(struct stream *stream)
{
	if (stream->running)
		pthread_join(stream->thread, NULL);
	stream->running = 0;
	return 0;
}

static int launch(struct stream *stream, fs_body_fn *function, void **arguments)
{
	settle(stream);
	stream->body = *function;
	memcpy(&stream->buf, arguments[0], sizeof(stream->buf));
	memcpy(&stream->out, arguments[1], sizeof(stream->out));
	memcpy(&stream->args, arguments[2], sizeof(stream->args));
	memcpy(&stream->first, arguments[3], sizeof(stream->first));
	memcpy(&stream->last, arguments[4], sizeof(stream->last));
	stream->running = pthread_create(&stream->thread, NULL, compute, stream) == 0;
	return stream->running ? 0 : CUDA_OUT_OF_MEMORY;
}

static int copy(struct stream *stream, void *to, const void *from, size_t bytes)
{
	settle(stream);
	memcpy(to, from, bytes);
	return 0;
}

static int zero(struct stream *stream, void *at, int value, size_t bytes)
{
	settle(stream);
	memset(at, value, bytes);
	return 0;
}

static int make(void **made, size_t bytes)
{
	*made = calloc(1, bytes);
	return *made != NULL ? 0 : CUDA_OUT_OF_MEMORY;
}

static int unmake(void *made)
{
	free(made);
	return 0;
}

CALL(StreamCreate, 1, (cuda_handle * stream, unsigned flags), ((void)flags, make(stream, sizeof(struct stream))))
CALL(StreamDestroy_v2, -1, (cuda_handle stream), (settle(stream), unmake(stream)))
CALL(StreamSynchronize, 0, (cuda_handle stream), (sleep((unsigned)number("stall", 0)), settle(stream)))
CALL(EventCreate, 1, (cuda_handle * event, unsigned flags), ((void)flags, make(event, sizeof(uint64_t))))
CALL(EventDestroy_v2, -1, (cuda_handle event), unmake(event))
CALL(EventRecord, 0, (cuda_handle event, cuda_handle stream), ((void)stream, *(uint64_t *)event = fs_now(), 0))
CALL(EventElapsedTime, 0, (float *ms, cuda_handle begun, cuda_handle ended),
	(*ms = (float)((double)(*(uint64_t *)ended - *(uint64_t *)begun) / 1e6), 0))

/* ---- bodies */

/* Machine code, of which there is only looked at whether it is that: an ELF file for CUDA. */
static int is_cubin(const char *image)
{
	return memcmp(image, "\177ELF", 4) == 0 && image[18] == (char)190;
}

static int module(cuda_handle *made, const char *image)
{
	if (is_cubin(image))
		return number("cubin", 0) == 0 ? make(made, 1) : (int)number("cubin", 0);
	if (strncmp(image, ".version", 8) != 0)
		return CUDA_INVALID_PTX;
	return make(made, 1);
}

static int function(cuda_handle *found, const char *name)
{
#define BODY(body) {#body "_kernel", body##_body},
	static struct {
		const char *name;
		fs_body_fn body;
	} bodies[] = {BODIES};

	for (unsigned i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		if (strcmp(bodies[i].name, name) == 0) {
			*found = &bodies[i].body;
			return 0;
		}
	}
	return CUDA_NOT_FOUND;
}

CALL(ModuleLoadData, 1, (cuda_handle * made, const void *image), module(made, image))
CALL(ModuleUnload, -1, (cuda_handle made), unmake(made))
CALL(ModuleGetFunction, 0, (cuda_handle * found, cuda_handle of, const char *name), ((void)of, function(found, name)))
CALL(LaunchKernel, 0,
	(cuda_handle what, unsigned x, unsigned y, unsigned z, unsigned bx, unsigned by, unsigned bz, unsigned shared, cuda_handle stream,
		void **arguments, void **extra),
	(x * y * z * bx * by * bz == 0 || shared != 0 || extra != NULL ? CUDA_INVALID_VALUE : launch(stream, what, arguments)))

/* ---- memory */

static int make_address(cuda_address *made, size_t bytes)
{
	void *p;
	int status = make(&p, bytes);

	*made = (uintptr_t)p;
	return status;
}

static int make_managed(cuda_address *made, size_t bytes)
{
	int fd = memfd_create("managed", 0);
	void *p = fd >= 0 && ftruncate(fd, (off_t)bytes) == 0 ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return CUDA_OUT_OF_MEMORY;
	managed = p;
	managed_bytes = bytes;
	*made = (uintptr_t)p;
	return 0;
}

static int unmake_address(cuda_address made)
{
	if (managed == NULL || made != (uintptr_t)managed)
		return unmake((void *)(uintptr_t)made);
	munmap(managed, managed_bytes);
	managed = NULL;
	return 0;
}

static int prefetch(cuda_address at, size_t bytes, int to)
{
	last_prefetch = to;
	if (to != CUDA_DEVICE_CPU)
		move_to_device((unsigned char *)(uintptr_t)at, bytes);
	for (size_t i = 0; to == CUDA_DEVICE_CPU && i < bytes; i += PAGE)
		*(volatile unsigned char *)(uintptr_t)(at + i);
	return 0;
}

#define AT(address) ((void *)(uintptr_t)(address))
CALL(MemGetInfo_v2, 0, (size_t * free_bytes, size_t *all), (*free_bytes = (size_t)number("free", 1ll << 30), *all = 1ul << 30, 0))
CALL(MemAlloc_v2, 1, (cuda_address * made, size_t bytes), (allocated_on = (int)number("on", current), make_address(made, bytes)))
CALL(PointerGetAttribute, 0, (void *value, int what, cuda_address at),
	((void)at, *(int *)value = allocated_on, what == CUDA_POINTER_ATTRIBUTE_DEVICE_ORDINAL ? 0 : CUDA_INVALID_VALUE))
CALL(MemFree_v2, -1, (cuda_address made), unmake_address(made))
CALL(MemAllocManaged, 1, (cuda_address * made, size_t bytes, unsigned flags), ((void)flags, make_managed(made, bytes)))
CALL(MemHostAlloc, 1, (void **made, size_t bytes, unsigned flags), ((void)flags, make(made, bytes)))
CALL(MemFreeHost, -1, (void *made), unmake(made))
CALL(MemcpyHtoDAsync_v2, 0, (cuda_address to, const void *from, size_t bytes, cuda_handle stream), copy(stream, AT(to), from, bytes))
CALL(MemcpyDtoHAsync_v2, 0, (void *to, cuda_address from, size_t bytes, cuda_handle stream), copy(stream, to, AT(from), bytes))
CALL(MemcpyDtoDAsync_v2, 0, (cuda_address to, cuda_address from, size_t bytes, cuda_handle stream), copy(stream, AT(to), AT(from), bytes))
CALL(MemsetD8Async, 0, (cuda_address at, unsigned char value, size_t bytes, cuda_handle stream), zero(stream, AT(at), value, bytes))
CALL(MemPrefetchAsync, 0, (cuda_address at, size_t bytes, int to, cuda_handle stream), (settle(stream), prefetch(at, bytes, to)))
CALL(MemAdvise, 0, (cuda_address at, size_t bytes, int advice, int device),
	((void)at, (void)bytes, (void)device, advice > 0 ? 0 : CUDA_INVALID_VALUE))
CALL(MemRangeGetAttribute, 0, (void *value, size_t room, int what, cuda_address at, size_t bytes),
	((void)room, (void)what, (void)at, (void)bytes, *(int *)value = last_prefetch, 0))

/* ---- contexts */

static int end(cuda_handle context)
{
	const char *path = getenv("FAKE_CUDA_LOG");
	FILE *to = path != NULL ? fopen(path, "a") : NULL;

	unmake(context);
	if (to != NULL) {
		/* But for the contexts themselves. */
		fprintf(to, "objects %ld\n", objects - contexts);
		fclose(to);
	}
	contexts--;
	return 0;
}

static int create(cuda_handle *context, int device)
{
	int status = make(context, 1);

	if (status != 0)
		return status;
	contexts++;
	*(char *)*context = (char)device;
	current = device;
	return 0;
}

CALL(CtxCreate_v2, 1, (cuda_handle * context, unsigned flags, int device), ((void)flags, create(context, device)))
CALL(CtxSetCurrent, 0, (cuda_handle context), (current = *(char *)context, 0))
CALL(CtxEnablePeerAccess, 0, (cuda_handle peer, unsigned flags), ((void)flags, *(char *)peer != current ? 0 : CUDA_INVALID_VALUE))
CALL(CtxDestroy_v2, -1, (cuda_handle context), end(context))
