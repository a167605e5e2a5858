/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * units.c - every device of every platform is a unit. CPUs come last, so that unit 0 is hardware if there
 * is any; otherwise the order is the loader's.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/device/opencl/opencl.h"

#define PLATFORMS 64

static void text_of(int32_t (*info)(opencl_handle, uint32_t, size_t, void *, size_t *), opencl_handle of, uint32_t what, char *text, size_t bytes)
{
	char whole[1024] = "";

	if (info(of, what, sizeof(whole) - 1, whole, NULL) != OPENCL_SUCCESS)
		whole[0] = '\0';
	text_fit(text, bytes, "%s", whole);
}

/* A query unknown to the device (newer than it) is a feature that it does not have. */
static uint64_t whole_of(const struct opencl_api *cl, opencl_handle device, uint32_t what, size_t bytes)
{
	uint64_t wide = 0;
	uint32_t narrow = 0;

	if (bytes == sizeof(narrow))
		return cl->GetDeviceInfo(device, what, bytes, &narrow, NULL) == OPENCL_SUCCESS ? narrow : 0;
	return cl->GetDeviceInfo(device, what, bytes, &wide, NULL) == OPENCL_SUCCESS ? wide : 0;
}

static bool has_extension(const struct opencl_api *cl, opencl_handle device, const char *name)
{
	size_t bytes = 0;
	char *all = NULL;
	bool has = false;

	if (cl->GetDeviceInfo(device, OPENCL_DEVICE_EXTENSIONS, 0, NULL, &bytes) == OPENCL_SUCCESS)
		all = calloc(1, bytes + 1);
	if (all != NULL && cl->GetDeviceInfo(device, OPENCL_DEVICE_EXTENSIONS, bytes, all, NULL) == OPENCL_SUCCESS)
		has = strstr(all, name) != NULL;
	free(all);
	return has;
}

/* "OpenCL 3.0 ..." */
static unsigned version_of(const struct opencl_api *cl, opencl_handle device)
{
	unsigned major = 0, minor = 0;
	char text[64];

	text_of(cl->GetDeviceInfo, device, OPENCL_DEVICE_VERSION, text, sizeof(text));
	return sscanf(text, "OpenCL %u.%u", &major, &minor) == 2 ? 10 * major + minor : 0;
}

/* Uses an extension that not every driver has; a driver without it returns an error. */
static void read_bus(const struct opencl_api *cl, opencl_handle device, char *bus, size_t bytes)
{
	uint32_t place[4]; /* domain, bus, device, function */

	if (cl->GetDeviceInfo(device, OPENCL_DEVICE_PCI_BUS_INFO_KHR, sizeof(place), place, NULL) == OPENCL_SUCCESS)
		snprintf(bus, bytes, "%04x:%02x:%02x.%x", place[0] & 0xffff, place[1] & 0xff, place[2] & 0x1f, place[3] & 7);
}

static void describe(const struct opencl_api *cl, opencl_handle platform, opencl_handle device, struct opencl_unit *unit)
{
	*unit = (struct opencl_unit){.device = device};
	text_of(cl->GetPlatformInfo, platform, OPENCL_PLATFORM_NAME, unit->platform, sizeof(unit->platform));
	text_of(cl->GetDeviceInfo, device, OPENCL_DEVICE_NAME, unit->name, sizeof(unit->name));
	text_of(cl->GetDeviceInfo, device, OPENCL_DRIVER_VERSION, unit->driver, sizeof(unit->driver));
	unit->version = version_of(cl, device);
	unit->type = whole_of(cl, device, OPENCL_DEVICE_TYPE, sizeof(uint64_t));
	unit->svm = whole_of(cl, device, OPENCL_DEVICE_SVM_CAPABILITIES, sizeof(uint64_t));
	unit->alloc_bytes = whole_of(cl, device, OPENCL_DEVICE_MAX_MEM_ALLOC_SIZE, sizeof(uint64_t));
	unit->compute_units = (unsigned)whole_of(cl, device, OPENCL_DEVICE_MAX_COMPUTE_UNITS, sizeof(uint32_t));
	unit->group_max = (size_t)whole_of(cl, device, OPENCL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof(size_t));
	unit->compiles = whole_of(cl, device, OPENCL_DEVICE_COMPILER_AVAILABLE, sizeof(uint32_t)) != 0;
	unit->little_endian = whole_of(cl, device, OPENCL_DEVICE_ENDIAN_LITTLE, sizeof(uint32_t)) != 0;
	unit->doubles = whole_of(cl, device, OPENCL_DEVICE_DOUBLE_FP_CONFIG, sizeof(uint64_t)) != 0;
	unit->exact_floats = (whole_of(cl, device, OPENCL_DEVICE_SINGLE_FP_CONFIG, sizeof(uint64_t)) & OPENCL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
	read_bus(cl, device, unit->bus, sizeof(unit->bus));
	unit->int64_atomics = has_extension(cl, device, "cl_khr_int64_base_atomics");
	/* Both kinds of sharing also need the calls. */
	if (cl->SVMAlloc == NULL || cl->SVMFree == NULL || cl->SetKernelArgSVMPointer == NULL || cl->EnqueueSVMMap == NULL ||
		cl->EnqueueSVMUnmap == NULL)
		unit->svm = 0;
}

static void add_platform(const struct opencl_api *cl, opencl_handle platform, uint64_t type, struct opencl_units *units)
{
	opencl_handle device[OPENCL_UNITS];
	uint32_t n = 0;

	if (cl->GetDeviceIDs(platform, type, OPENCL_UNITS, device, &n) != OPENCL_SUCCESS)
		return;
	units->found += n;
	for (uint32_t i = 0; i < n && i < OPENCL_UNITS && units->n < OPENCL_UNITS; i++)
		describe(cl, platform, device[i], &units->unit[units->n++]);
}

int opencl_units_find(const struct opencl_api *cl, struct opencl_units *units, struct fs_reason *why)
{
	static const char remedy[] =
		"install the driver of your GPU with its OpenCL; to try it on the CPU, PoCL: pocl-opencl-icd (apt), pocl (dnf, zypper)";
	opencl_handle platform[PLATFORMS];
	uint32_t n = 0;
	int32_t status = cl->GetPlatformIDs(PLATFORMS, platform, &n);

	units->n = units->found = 0;
	if (status != OPENCL_SUCCESS && status != OPENCL_PLATFORM_NOT_FOUND_KHR)
		return opencl_because(why, status, "clGetPlatformIDs");
	if (n > PLATFORMS)
		return fs_because(why, -E2BIG, "name fewer drivers in OCL_ICD_VENDORS", "%u OpenCL platforms, more than %d", n, PLATFORMS);
	if (status == OPENCL_PLATFORM_NOT_FOUND_KHR || n == 0)
		return fs_because(why, -ENODEV, remedy, "no OpenCL platform: there is a loader, but no driver");
	for (uint32_t i = 0; i < n; i++)
		add_platform(cl, platform[i], OPENCL_DEVICE_TYPE_GPU | OPENCL_DEVICE_TYPE_ACCELERATOR, units);
	for (uint32_t i = 0; i < n; i++)
		add_platform(cl, platform[i], OPENCL_DEVICE_TYPE_CPU, units);
	if (units->n == 0)
		return fs_because(why, -ENODEV, remedy, "no OpenCL device: %u platform%s, none with a device", n, n == 1 ? "" : "s");
	return 0;
}

int opencl_unit_serves(const struct opencl_unit *unit, struct fs_reason *why)
{
	static const char remedy[] = "another unit: fivestep doctor lists them";

	if (unit->version == 0)
		return fs_because(why, -ENOTSUP, remedy, "%s: the driver does not say its version of OpenCL", unit->name);
	if (unit->version < 12)
		return fs_because(why, -ENOTSUP, remedy, "%s: OpenCL %u.%u is older than 1.2", unit->name, unit->version / 10, unit->version % 10);
	if (!unit->compiles)
		return fs_because(why, -ENOTSUP, remedy, "%s: the driver has no compiler for OpenCL C", unit->name);
	if (!unit->doubles)
		return fs_because(why, -ENOTSUP, remedy, "%s: no double precision (cl_khr_fp64), which the bodies need", unit->name);
	if (!unit->little_endian)
		return fs_because(why, -ENOTSUP, remedy, "%s: its byte order differs from this machine's", unit->name);
	return 0;
}

/* What OpenCL itself lacks, on any unit. */
static const char *const no_word[FS_CAPS] = {
	[__builtin_ctz(FS_CAP_MIRROR)] = "OpenCL does not say whether its shared memory faults and migrates",
	[__builtin_ctz(FS_CAP_MIGRATE)] = "OpenCL only has hints for where memory should be, no guarantee",
	[__builtin_ctz(FS_CAP_COHERENT)] = "OpenCL has no memory nodes",
	[__builtin_ctz(FS_CAP_NODE)] = "OpenCL has no memory nodes",
	[__builtin_ctz(FS_CAP_RESIDENCE)] = "OpenCL does not say where a page is",
	[__builtin_ctz(FS_CAP_PREFETCH)] = "OpenCL only has hints for where memory should be, no guarantee",
	[__builtin_ctz(FS_CAP_CAPACITY)] = "OpenCL cannot limit a device's memory",
};

static unsigned svm_caps(const struct opencl_unit *unit)
{
	unsigned caps = 0;

	if ((unit->svm & OPENCL_SVM_COARSE_GRAIN_BUFFER) != 0)
		caps |= FS_CAP_EXCLUSIVE;
	if ((unit->svm & OPENCL_SVM_FINE_GRAIN_BUFFER) != 0)
		caps |= FS_CAP_SVM_FINE;
	if ((unit->svm & OPENCL_SVM_FINE_GRAIN_SYSTEM) != 0)
		caps |= FS_CAP_SVM_SYSTEM;
	if ((caps & (FS_CAP_SVM_FINE | FS_CAP_SVM_SYSTEM)) != 0 && (unit->svm & OPENCL_SVM_ATOMICS) != 0 && unit->int64_atomics)
		caps |= FS_CAP_ATOMIC;
	return caps;
}

static void explain(const struct opencl_unit *unit, unsigned bit, struct fs_reason *lack)
{
	static const char newer[] = "a newer driver, or -p unit=N of another device: fivestep doctor lists them";

	if (no_word[bit] != NULL)
		fs_because(lack, 0, "device=cuda on NVIDIA hardware, or device=emu", "%s", no_word[bit]);
	else if ((1u << bit) == FS_CAP_EXCLUSIVE)
		fs_because(lack, 0, newer, "%s: no shared virtual memory%s", unit->name, unit->version < 20 ? ", which came with OpenCL 2.0" : "");
	else if ((1u << bit) == FS_CAP_SVM_FINE)
		fs_because(lack, 0, "setup=svm-coarse; integrated GPUs and CPUs tend to have it", "%s: no fine-grained shared virtual memory",
			unit->name);
	else if ((1u << bit) == FS_CAP_SVM_SYSTEM)
		fs_because(lack, 0,
			"setup=svm, whose memory the driver allocates; a driver that uses the kernel's HMM, or a GPU with address translation",
			"%s: no shared virtual memory of the whole process", unit->name);
	else
		fs_because(lack, 0, newer, "%s: no atomics on memory that the CPU uses at the same time", unit->name);
}

unsigned opencl_unit_caps(const struct opencl_unit *unit, struct fs_reason *lacks)
{
	struct fs_reason why = {0};
	bool serves = opencl_unit_serves(unit, &why) == 0;
	unsigned caps = serves ? FS_CAP_COPY | FS_CAP_PIN | FS_CAP_MAPPED_BUFFER | svm_caps(unit) : 0;

	for (unsigned bit = 0; lacks != NULL && bit < FS_CAPS; bit++) {
		if ((caps >> bit & 1) != 0)
			continue;
		if (serves)
			explain(unit, bit, &lacks[bit]);
		else
			lacks[bit] = why;
	}
	return caps;
}
