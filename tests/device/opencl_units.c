/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * opencl_units.c - what a device can do, by its levels of shared virtual memory; and, for what it cannot, the reason and the remedy that doctor
 * prints. No library is asked: the units are made here.
 */
#include "config.h"

#include "harness/device/opencl/opencl.h"
#include "tests/tap.h"

#include <errno.h>
#include <string.h>

#define SHARED (FS_CAP_EXCLUSIVE | FS_CAP_SVM_FINE | FS_CAP_SVM_SYSTEM | FS_CAP_ATOMIC)

static const struct opencl_unit gpu = {
	.name = "Some GPU",
	.version = 30,
	.type = OPENCL_DEVICE_TYPE_GPU,
	.compiles = true,
	.doubles = true,
	.little_endian = true,
	.int64_atomics = true,
};

static void check_levels(void)
{
	static const struct {
		uint64_t svm;
		unsigned caps;
		const char *name;
	} levels[] = {
		{0, 0, "no shared virtual memory"},
		{OPENCL_SVM_COARSE_GRAIN_BUFFER, FS_CAP_EXCLUSIVE, "coarse: exclusive ownership"},
		{OPENCL_SVM_COARSE_GRAIN_BUFFER | OPENCL_SVM_ATOMICS, FS_CAP_EXCLUSIVE, "coarse: atomics are no help, one side works at a time"},
		{OPENCL_SVM_COARSE_GRAIN_BUFFER | OPENCL_SVM_FINE_GRAIN_BUFFER, FS_CAP_EXCLUSIVE | FS_CAP_SVM_FINE, "fine: both at once"},
		{OPENCL_SVM_COARSE_GRAIN_BUFFER | OPENCL_SVM_FINE_GRAIN_BUFFER | OPENCL_SVM_ATOMICS,
			FS_CAP_EXCLUSIVE | FS_CAP_SVM_FINE | FS_CAP_ATOMIC, "fine with atomics: on one word"},
		{OPENCL_SVM_COARSE_GRAIN_BUFFER | OPENCL_SVM_FINE_GRAIN_BUFFER | OPENCL_SVM_FINE_GRAIN_SYSTEM,
			FS_CAP_EXCLUSIVE | FS_CAP_SVM_FINE | FS_CAP_SVM_SYSTEM, "system: any memory of the process"},
		{15, SHARED, "all of it"},
	};

	for (size_t i = 0; i < FS_ARRAY_SIZE(levels); i++) {
		struct opencl_unit unit = gpu;

		unit.svm = levels[i].svm;
		is_int(opencl_unit_caps(&unit, NULL) & SHARED, levels[i].caps, "%s", levels[i].name);
		ok((opencl_unit_caps(&unit, NULL) & FS_CAP_COPY) != 0, "and copies");
	}
}

/* What the unit lacks of cap is said in these words. */
static void lacks(const struct opencl_unit *unit, unsigned cap, const char *what, const char *remedy)
{
	struct fs_reason lack[FS_CAPS] = {0};
	const struct fs_reason *why = &lack[__builtin_ctz(cap)];

	ok((opencl_unit_caps(unit, lack) & cap) == 0, "it is not claimed");
	ok(strstr(why->what, what) != NULL, "%s", why->what);
	ok(strstr(why->remedy, remedy) != NULL, "what to do: %s", why->remedy);
}

static void check_reasons(void)
{
	struct opencl_unit unit = gpu;

	lacks(&unit, FS_CAP_EXCLUSIVE, "no shared virtual memory", "newer driver");
	unit.version = 12;
	lacks(&unit, FS_CAP_EXCLUSIVE, "which came with OpenCL 2.0", "newer driver");
	unit = gpu;
	unit.svm = OPENCL_SVM_COARSE_GRAIN_BUFFER;
	lacks(&unit, FS_CAP_SVM_FINE, "no fine-grained shared virtual memory", "setup=svm-coarse");
	unit.svm |= OPENCL_SVM_FINE_GRAIN_BUFFER;
	lacks(&unit, FS_CAP_SVM_SYSTEM, "no shared virtual memory of the whole process", "setup=svm,");
	lacks(&unit, FS_CAP_ATOMIC, "no atomics on memory that the CPU uses", "newer driver");
	unit.svm |= OPENCL_SVM_ATOMICS;
	unit.int64_atomics = false;
	lacks(&unit, FS_CAP_ATOMIC, "no atomics on memory that the CPU uses", "newer driver");
	lacks(&unit, FS_CAP_MIRROR, "does not say whether its shared memory faults", "device=cuda");
}

static void check_useless(void)
{
	struct opencl_unit unit = gpu;

	unit.version = 0;
	lacks(&unit, FS_CAP_COPY, "does not say its version", "another unit");
	unit.version = 11;
	lacks(&unit, FS_CAP_COPY, "OpenCL 1.1 is older than 1.2", "another unit");
	unit = gpu;
	unit.little_endian = false;
	lacks(&unit, FS_CAP_COPY, "byte order differs", "another unit");
	unit = gpu;
	unit.doubles = false;
	lacks(&unit, FS_CAP_COPY, "no double precision", "another unit");
	unit = gpu;
	unit.compiles = false;
	lacks(&unit, FS_CAP_COPY, "no compiler", "another unit");
}

/* ---- a library with many devices */

static uint32_t platforms_there, devices_there;

static int32_t platform_ids(uint32_t max, opencl_handle *platforms, uint32_t *n)
{
	for (uint32_t i = 0; i < max && i < platforms_there; i++)
		platforms[i] = &platforms_there;
	*n = platforms_there;
	return OPENCL_SUCCESS;
}

static int32_t device_ids(opencl_handle platform, uint64_t type, uint32_t max, opencl_handle *devices, uint32_t *n)
{
	(void)platform;
	*n = (type & OPENCL_DEVICE_TYPE_GPU) != 0 ? devices_there : 0;
	for (uint32_t i = 0; i < max && i < *n; i++)
		devices[i] = &devices_there;
	return OPENCL_SUCCESS;
}

static int32_t no_info(opencl_handle of, uint32_t what, size_t bytes, void *value, size_t *needed)
{
	(void)of;
	(void)what;
	(void)bytes;
	(void)value;
	(void)needed;
	return -30;
}

static void check_many(void)
{
	static const struct opencl_api many = {
		.GetPlatformIDs = platform_ids, .GetDeviceIDs = device_ids, .GetDeviceInfo = no_info, .GetPlatformInfo = no_info};
	static struct opencl_units units;
	struct fs_reason why = {0};

	platforms_there = 20;
	devices_there = 2;
	is_int(opencl_units_find(&many, &units, &why), 0, "20 platforms with 2 devices each");
	is_int(units.n, FS_UNITS, "as many as there may be are units");
	is_int(units.found, 40, "and all are counted");
	platforms_there = 65;
	is_int(opencl_units_find(&many, &units, &why), -E2BIG, "65 platforms are an error");
	ok(strstr(why.what, "more than 64") != NULL, "that names the limit: %s", why.what);
}

int main(void)
{
	check_many();
	check_levels();
	check_reasons();
	check_useless();
	done_testing();
	return exit_status();
}
