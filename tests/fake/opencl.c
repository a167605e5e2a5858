/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_opencl.c - stands before the real OpenCL library, for tests/device/opencl_failures.sh, which builds it as libOpenCL.so.1: calls go through,
 * but for those that are to fail, and for a few answers that are to be others. It says so: whoever finds fivestep_stand_in in a library must not take
 * what is measured with it for a result.
 *
 *   FAKE_OPENCL_REAL   the real library's full path
 *   FAKE_OPENCL        "clFinish=-5 clCreateBuffer=-4@2 svm=7 type=4": what each returns (at the n-th call and after; first: 1), and
 *                      device information that is replaced: svm, type, doubles, floats, version (as 12), alloc (bytes); die=1 crashes and exit=3 ends
 * the process when asked for devices FAKE_OPENCL_LOG    a file that gets one line a process: how many objects were not released FAKE_OPENCL_DONE   a
 * file that gets the name of each call that was made to fail
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/device/opencl/api.h"

extern const int fivestep_stand_in;
const int fivestep_stand_in = 1;

static struct opencl_api real;
static long objects;

#define FIND(result, name, arguments) *(void **)&real.name = dlsym(library, "cl" #name);

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAKE_OPENCL_REAL");
	void *library = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	if (library == NULL) {
		fprintf(stderr, "fake_opencl: FAKE_OPENCL_REAL: %s\n", path != NULL ? dlerror() : "not set");
		_exit(99);
	}
	OPENCL_CALLS(FIND)
	OPENCL_SVM_CALLS(FIND)
}

/* Not a destructor: the real library's may have run by then. Called where the last thing of a round goes. */
static void note(void)
{
	const char *path = getenv("FAKE_OPENCL_LOG");
	FILE *to = path != NULL ? fopen(path, "a") : NULL;

	if (to != NULL) {
		fprintf(to, "objects %ld\n", objects);
		fclose(to);
	}
}

/* The number that FAKE_OPENCL gives to a word; *at is that of @, or 1. */
static int asked(const char *word, long long *value, int *at)
{
	const char *all = getenv("FAKE_OPENCL");
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

static void note_failure(const char *name)
{
	const char *path = getenv("FAKE_OPENCL_DONE");
	FILE *to = path != NULL ? fopen(path, "a") : NULL;

	if (to != NULL) {
		fprintf(to, "%s\n", name);
		fclose(to);
	}
}

/* What the call must return, or 0. */
static int32_t fails(const char *name, int *calls)
{
	long long value;
	int at;

	++*calls;
	if (!asked(name, &value, &at) || *calls < at)
		return 0;
	note_failure(name);
	return (int32_t)value;
}

/* A call that returns a status: all its arguments go through. gain: objects that there are more of, if it works. */
#define STATUS(name, gain, declared, passed)                                                                                                         \
	int32_t cl##name declared;                                                                                                                   \
	int32_t cl##name declared                                                                                                                    \
	{                                                                                                                                            \
		static int calls;                                                                                                                    \
		int32_t status = fails("cl" #name, &calls);                                                                                          \
                                                                                                                                                     \
		if (status == 0)                                                                                                                     \
			status = real.name passed;                                                                                                   \
		objects += status == 0 ? (gain) : 0;                                                                                                 \
		return status;                                                                                                                       \
	}

/* A call that returns what it made, and the status through its last argument. */
#define MAKES(type, name, gain, declared, passed)                                                                                                    \
	type cl##name declared;                                                                                                                      \
	type cl##name declared                                                                                                                       \
	{                                                                                                                                            \
		static int calls;                                                                                                                    \
		type made = NULL;                                                                                                                    \
		*status = fails("cl" #name, &calls);                                                                                                 \
                                                                                                                                                     \
		if (*status == 0)                                                                                                                    \
			made = real.name passed;                                                                                                     \
		objects += made != NULL ? (gain) : 0;                                                                                                \
		return made;                                                                                                                         \
	}

typedef opencl_handle H;

STATUS(GetPlatformIDs, 0, (uint32_t room, H *ids, uint32_t *n), (room, ids, n))
STATUS(GetPlatformInfo, 0, (H of, uint32_t what, size_t room, void *value, size_t *n), (of, what, room, value, n))
STATUS(ReleaseCommandQueue, -1, (H queue), (queue))
STATUS(ReleaseMemObject, -1, (H memory), (memory))
STATUS(GetProgramBuildInfo, 0, (H program, H device, uint32_t what, size_t room, void *value, size_t *n), (program, device, what, room, value, n))
STATUS(ReleaseProgram, -1, (H program), (program))
STATUS(SetKernelArg, 0, (H kernel, uint32_t index, size_t bytes, const void *value), (kernel, index, bytes, value))
STATUS(ReleaseKernel, -1, (H kernel), (kernel))
STATUS(GetEventProfilingInfo, 0, (H event, uint32_t what, size_t room, void *value, size_t *n), (event, what, room, value, n))
STATUS(ReleaseEvent, -1, (H event), (event))
STATUS(SetKernelArgSVMPointer, 0, (H kernel, uint32_t index, const void *value), (kernel, index, value))
STATUS(EnqueueNDRangeKernel, event != NULL,
	(H queue, H kernel, uint32_t n, const size_t *from, const size_t *all, const size_t *group, uint32_t waits, const H *wait, H *event),
	(queue, kernel, n, from, all, group, waits, wait, event))
STATUS(EnqueueWriteBuffer, event != NULL,
	(H queue, H buffer, uint32_t blocks, size_t at, size_t bytes, const void *from, uint32_t waits, const H *wait, H *event),
	(queue, buffer, blocks, at, bytes, from, waits, wait, event))
STATUS(EnqueueReadBuffer, event != NULL,
	(H queue, H buffer, uint32_t blocks, size_t at, size_t bytes, void *to, uint32_t waits, const H *wait, H *event),
	(queue, buffer, blocks, at, bytes, to, waits, wait, event))
STATUS(EnqueueCopyBuffer, event != NULL, (H queue, H from, H to, size_t from_at, size_t to_at, size_t bytes, uint32_t waits, const H *wait, H *event),
	(queue, from, to, from_at, to_at, bytes, waits, wait, event))
STATUS(EnqueueFillBuffer, event != NULL,
	(H queue, H buffer, const void *pattern, size_t n, size_t at, size_t bytes, uint32_t waits, const H *wait, H *event),
	(queue, buffer, pattern, n, at, bytes, waits, wait, event))
STATUS(EnqueueUnmapMemObject, event != NULL, (H queue, H memory, void *mapped, uint32_t waits, const H *wait, H *event),
	(queue, memory, mapped, waits, wait, event))
STATUS(EnqueueSVMMap, event != NULL, (H queue, uint32_t blocks, uint64_t flags, void *memory, size_t bytes, uint32_t waits, const H *wait, H *event),
	(queue, blocks, flags, memory, bytes, waits, wait, event))
STATUS(EnqueueSVMUnmap, event != NULL, (H queue, void *memory, uint32_t waits, const H *wait, H *event), (queue, memory, waits, wait, event))
MAKES(H, CreateContext, 1,
	(const intptr_t *properties, uint32_t n, const H *devices, void (*then)(const char *, const void *, size_t, void *), void *data,
		int32_t *status),
	(properties, n, devices, then, data, status))
MAKES(H, CreateCommandQueue, 1, (H context, H device, uint64_t flags, int32_t *status), (context, device, flags, status))
MAKES(H, CreateBuffer, 1, (H context, uint64_t flags, size_t bytes, void *host, int32_t *status), (context, flags, bytes, host, status))
MAKES(H, CreateProgramWithSource, 1, (H context, uint32_t n, const char **text, const size_t *bytes, int32_t *status),
	(context, n, text, bytes, status))
MAKES(H, CreateKernel, 1, (H program, const char *name, int32_t *status), (program, name, status))
MAKES(void *, EnqueueMapBuffer, event != NULL,
	(H queue, H buffer, uint32_t blocks, uint64_t flags, size_t at, size_t bytes, uint32_t waits, const H *wait, H *event, int32_t *status),
	(queue, buffer, blocks, flags, at, bytes, waits, wait, event, status))

/* Orders under way would go on into memory that is given back: they end first, whatever is said then. */
int32_t clFinish(H queue);
int32_t clFinish(H queue)
{
	static int calls;
	int32_t failure = fails("clFinish", &calls), status = real.Finish(queue);

	return failure != 0 ? failure : status;
}

/* The last thing that a round releases. */
int32_t clReleaseContext(H context);
int32_t clReleaseContext(H context)
{
	static int calls;
	int32_t failure = fails("clReleaseContext", &calls), status = failure == 0 ? real.ReleaseContext(context) : failure;

	objects -= status == OPENCL_SUCCESS;
	note();
	return status;
}

int32_t clGetDeviceIDs(H platform, uint64_t type, uint32_t room, H *ids, uint32_t *n);
int32_t clGetDeviceIDs(H platform, uint64_t type, uint32_t room, H *ids, uint32_t *n)
{
	static int calls;
	int32_t status = fails("clGetDeviceIDs", &calls);
	long long value;
	int at;

	if (asked("die", &value, &at))
		raise(SIGSEGV);
	if (asked("exit", &value, &at))
		_exit((int)value);
	if (status != 0)
		return status;
	/* A device of another type is asked for by the type that it is said to be. */
	if (asked("type", &value, &at))
		type = (type & (uint64_t)value) != 0 ? UINT64_C(0xe) : 0;
	return type != 0 ? real.GetDeviceIDs(platform, type, room, ids, n) : OPENCL_DEVICE_NOT_FOUND;
}

/* A device may refuse to round quotients of floats correctly where it did not promise to; who does not ask one that did computes by double. */
int32_t clBuildProgram(H program, uint32_t n, const H *devices, const char *options, void (*then)(H, void *), void *data);
int32_t clBuildProgram(H program, uint32_t n, const H *devices, const char *options, void (*then)(H, void *), void *data)
{
	static int calls;
	int32_t status = fails("clBuildProgram", &calls);
	const char *wanted = "-cl-fp32-correctly-rounded-divide-sqrt";
	long long config;
	int at;

	if (status == 0 && asked("floats", &config, &at)) {
		if ((config & OPENCL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) == 0)
			wanted = "-DFIVESTEP_FLOATS_BY_DOUBLE";
		status = strstr(options, wanted) != NULL ? 0 : OPENCL_INVALID_VALUE;
	}
	return status == 0 ? real.BuildProgram(program, n, devices, options, then, data) : status;
}

int32_t clGetDeviceInfo(H device, uint32_t what, size_t room, void *value, size_t *n);
int32_t clGetDeviceInfo(H device, uint32_t what, size_t room, void *value, size_t *n)
{
	static const struct {
		const char *word;
		uint32_t what;
	} whole[] = {
		{"svm", OPENCL_DEVICE_SVM_CAPABILITIES},
		{"type", OPENCL_DEVICE_TYPE},
		{"doubles", OPENCL_DEVICE_DOUBLE_FP_CONFIG},
		{"floats", OPENCL_DEVICE_SINGLE_FP_CONFIG},
		{"alloc", OPENCL_DEVICE_MAX_MEM_ALLOC_SIZE},
		{"compiler", OPENCL_DEVICE_COMPILER_AVAILABLE},
	};
	static int calls;
	int32_t status = fails("clGetDeviceInfo", &calls);
	long long other;
	int at;

	if (status != 0)
		return status;
	if (what == OPENCL_DEVICE_VERSION && asked("version", &other, &at) && room >= 16) {
		snprintf(value, room, "OpenCL %lld.%lld", other / 10, other % 10);
		return OPENCL_SUCCESS;
	}
	for (unsigned i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (what != whole[i].what || !asked(whole[i].word, &other, &at))
			continue;
		memcpy(value, &other, room < sizeof(other) ? room : sizeof(other));
		return OPENCL_SUCCESS;
	}
	return real.GetDeviceInfo(device, what, room, value, n);
}

void *clSVMAlloc(H context, uint64_t flags, size_t bytes, uint32_t aligned);
void *clSVMAlloc(H context, uint64_t flags, size_t bytes, uint32_t aligned)
{
	static int calls;
	void *made = fails("clSVMAlloc", &calls) == 0 ? real.SVMAlloc(context, flags, bytes, aligned) : NULL;

	objects += made != NULL;
	return made;
}

void clSVMFree(H context, void *memory);
void clSVMFree(H context, void *memory)
{
	real.SVMFree(context, memory);
	objects--;
}
