/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * opencl_api.c - the numbers and the widths that harness/device/opencl/api.h declares are those of the vendors' header, where that
 * is installed (opencl-headers); nothing else of the project needs it.
 */
#include "config.h"

#include "tests/tap.h"

#if defined(__has_include)
#if __has_include(<CL/cl.h>)
#define HAVE_HEADER 1
#endif
#endif

#ifdef HAVE_HEADER
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>

#include "harness/device/opencl/api.h"

#ifndef CL_PLATFORM_NOT_FOUND_KHR
#define CL_PLATFORM_NOT_FOUND_KHR -1001 /* cl_ext.h */
#endif

#define SAME(name) ok(OPENCL_##name == (long long)(CL_##name), "CL_" #name)

static void check_numbers(void)
{
	SAME(SUCCESS);
	SAME(DEVICE_NOT_FOUND);
	SAME(DEVICE_NOT_AVAILABLE);
	SAME(COMPILER_NOT_AVAILABLE);
	SAME(MEM_OBJECT_ALLOCATION_FAILURE);
	SAME(OUT_OF_RESOURCES);
	SAME(OUT_OF_HOST_MEMORY);
	SAME(BUILD_PROGRAM_FAILURE);
	SAME(INVALID_VALUE);
	SAME(INVALID_BUFFER_SIZE);
	SAME(PLATFORM_NOT_FOUND_KHR);
	SAME(FALSE);
	SAME(TRUE);
	SAME(PLATFORM_NAME);
	SAME(DEVICE_TYPE);
	SAME(DEVICE_MAX_COMPUTE_UNITS);
	SAME(DEVICE_MAX_WORK_GROUP_SIZE);
	SAME(DEVICE_MAX_MEM_ALLOC_SIZE);
	SAME(DEVICE_ENDIAN_LITTLE);
	SAME(DEVICE_AVAILABLE);
	SAME(DEVICE_COMPILER_AVAILABLE);
	SAME(DEVICE_NAME);
	SAME(DRIVER_VERSION);
	SAME(DEVICE_VERSION);
	SAME(DEVICE_EXTENSIONS);
	SAME(DEVICE_DOUBLE_FP_CONFIG);
	SAME(DEVICE_SINGLE_FP_CONFIG);
	ok(OPENCL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT == CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT, "CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT");
	SAME(DEVICE_SVM_CAPABILITIES);
	SAME(DEVICE_TYPE_CPU);
	SAME(DEVICE_TYPE_GPU);
	SAME(DEVICE_TYPE_ACCELERATOR);
	ok(OPENCL_SVM_COARSE_GRAIN_BUFFER == CL_DEVICE_SVM_COARSE_GRAIN_BUFFER, "CL_DEVICE_SVM_COARSE_GRAIN_BUFFER");
	ok(OPENCL_SVM_FINE_GRAIN_BUFFER == CL_DEVICE_SVM_FINE_GRAIN_BUFFER, "CL_DEVICE_SVM_FINE_GRAIN_BUFFER");
	ok(OPENCL_SVM_FINE_GRAIN_SYSTEM == CL_DEVICE_SVM_FINE_GRAIN_SYSTEM, "CL_DEVICE_SVM_FINE_GRAIN_SYSTEM");
	ok(OPENCL_SVM_ATOMICS == CL_DEVICE_SVM_ATOMICS, "CL_DEVICE_SVM_ATOMICS");
	SAME(QUEUE_PROFILING_ENABLE);
	SAME(MEM_READ_WRITE);
	SAME(MEM_USE_HOST_PTR);
	SAME(MEM_ALLOC_HOST_PTR);
	SAME(MEM_SVM_FINE_GRAIN_BUFFER);
	SAME(MEM_SVM_ATOMICS);
	SAME(MAP_READ);
	SAME(MAP_WRITE);
	SAME(PROGRAM_BUILD_LOG);
	SAME(PROFILING_COMMAND_START);
	SAME(PROFILING_COMMAND_END);
}

static void check_types(void)
{
	is_int(sizeof(cl_platform_id), sizeof(opencl_handle), "a handle is a pointer");
	is_int(sizeof(cl_int), sizeof(int32_t), "a status");
	is_int(sizeof(cl_uint), sizeof(uint32_t), "a count");
	is_int(sizeof(cl_bool), sizeof(uint32_t), "a boolean");
	is_int(sizeof(cl_bitfield), sizeof(uint64_t), "flags");
	is_int(sizeof(cl_device_info), sizeof(uint32_t), "what is asked");
	is_int(sizeof(cl_context_properties), sizeof(intptr_t), "a property");
	ok((cl_int)-1 < 0 && (cl_uint)-1 > 0, "signs");
}
#endif

int main(void)
{
#ifdef HAVE_HEADER
	check_numbers();
	check_types();
	done_testing();
#else
	skip_all("CL/cl.h is not here -> apt install opencl-headers, dnf install opencl-headers, zypper install opencl-headers");
#endif
	return exit_status();
}
