/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * api.h - declarations of the used part of OpenCL. Its binary interface is fixed by the standard, and the library is opened at run time, so that
 * the program can be built anywhere and runs without OpenCL. tests/device/opencl_api.c compares the numbers with the vendors' header.
 */
#ifndef FIVESTEP_OPENCL_API_H
#define FIVESTEP_OPENCL_API_H

#include <stddef.h>
#include <stdint.h>

/* Handles are opaque pointers. */
typedef void *opencl_handle;

/* The standard's names, with OPENCL_ for CL_. */
enum opencl_constant {
	OPENCL_SUCCESS = 0,
	OPENCL_DEVICE_NOT_FOUND = -1,
	OPENCL_DEVICE_NOT_AVAILABLE = -2,
	OPENCL_COMPILER_NOT_AVAILABLE = -3,
	OPENCL_MEM_OBJECT_ALLOCATION_FAILURE = -4,
	OPENCL_OUT_OF_RESOURCES = -5,
	OPENCL_OUT_OF_HOST_MEMORY = -6,
	OPENCL_BUILD_PROGRAM_FAILURE = -11,
	OPENCL_INVALID_VALUE = -30,
	OPENCL_INVALID_BUFFER_SIZE = -61,
	OPENCL_PLATFORM_NOT_FOUND_KHR = -1001,

	OPENCL_FALSE = 0,
	OPENCL_TRUE = 1,

	OPENCL_PLATFORM_NAME = 0x0902,

	OPENCL_DEVICE_TYPE = 0x1000,
	OPENCL_DEVICE_MAX_COMPUTE_UNITS = 0x1002,
	OPENCL_DEVICE_MAX_WORK_GROUP_SIZE = 0x1004,
	OPENCL_DEVICE_MAX_MEM_ALLOC_SIZE = 0x1010,
	OPENCL_DEVICE_SINGLE_FP_CONFIG = 0x101B,
	OPENCL_DEVICE_ENDIAN_LITTLE = 0x1026,
	OPENCL_DEVICE_AVAILABLE = 0x1027,
	OPENCL_DEVICE_COMPILER_AVAILABLE = 0x1028,
	OPENCL_DEVICE_NAME = 0x102B,
	OPENCL_DRIVER_VERSION = 0x102D,
	OPENCL_DEVICE_VERSION = 0x102F,
	OPENCL_DEVICE_EXTENSIONS = 0x1030,
	OPENCL_DEVICE_DOUBLE_FP_CONFIG = 0x1032,
	OPENCL_DEVICE_SVM_CAPABILITIES = 0x1053,
	OPENCL_DEVICE_PCI_BUS_INFO_KHR = 0x410f,

	OPENCL_DEVICE_TYPE_CPU = 1 << 1,
	OPENCL_DEVICE_TYPE_GPU = 1 << 2,
	OPENCL_DEVICE_TYPE_ACCELERATOR = 1 << 3,

	OPENCL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT = 1 << 7,

	OPENCL_SVM_COARSE_GRAIN_BUFFER = 1 << 0,
	OPENCL_SVM_FINE_GRAIN_BUFFER = 1 << 1,
	OPENCL_SVM_FINE_GRAIN_SYSTEM = 1 << 2,
	OPENCL_SVM_ATOMICS = 1 << 3,

	OPENCL_QUEUE_PROFILING_ENABLE = 1 << 1,

	OPENCL_MEM_READ_WRITE = 1 << 0,
	OPENCL_MEM_USE_HOST_PTR = 1 << 3,
	OPENCL_MEM_ALLOC_HOST_PTR = 1 << 4,
	OPENCL_MEM_SVM_FINE_GRAIN_BUFFER = 1 << 10,
	OPENCL_MEM_SVM_ATOMICS = 1 << 11,

	OPENCL_MAP_READ = 1 << 0,
	OPENCL_MAP_WRITE = 1 << 1,

	OPENCL_PROGRAM_BUILD_LOG = 0x1183,

	OPENCL_PROFILING_COMMAND_START = 0x1282,
	OPENCL_PROFILING_COMMAND_END = 0x1283,
};

/* Calls that every library since 1.2 has. CALL(result, name without cl, arguments) */
#define OPENCL_CALLS(CALL)                                                                                                                           \
	CALL(int32_t, GetPlatformIDs, (uint32_t, opencl_handle *, uint32_t *))                                                                       \
	CALL(int32_t, GetPlatformInfo, (opencl_handle, uint32_t, size_t, void *, size_t *))                                                          \
	CALL(int32_t, GetDeviceIDs, (opencl_handle, uint64_t, uint32_t, opencl_handle *, uint32_t *))                                                \
	CALL(int32_t, GetDeviceInfo, (opencl_handle, uint32_t, size_t, void *, size_t *))                                                            \
	CALL(opencl_handle, CreateContext,                                                                                                           \
		(const intptr_t *, uint32_t, const opencl_handle *, void (*)(const char *, const void *, size_t, void *), void *, int32_t *))        \
	CALL(int32_t, ReleaseContext, (opencl_handle))                                                                                               \
	CALL(opencl_handle, CreateCommandQueue, (opencl_handle, opencl_handle, uint64_t, int32_t *))                                                 \
	CALL(int32_t, ReleaseCommandQueue, (opencl_handle))                                                                                          \
	CALL(opencl_handle, CreateBuffer, (opencl_handle, uint64_t, size_t, void *, int32_t *))                                                      \
	CALL(int32_t, ReleaseMemObject, (opencl_handle))                                                                                             \
	CALL(opencl_handle, CreateProgramWithSource, (opencl_handle, uint32_t, const char **, const size_t *, int32_t *))                            \
	CALL(int32_t, BuildProgram, (opencl_handle, uint32_t, const opencl_handle *, const char *, void (*)(opencl_handle, void *), void *))         \
	CALL(int32_t, GetProgramBuildInfo, (opencl_handle, opencl_handle, uint32_t, size_t, void *, size_t *))                                       \
	CALL(int32_t, ReleaseProgram, (opencl_handle))                                                                                               \
	CALL(opencl_handle, CreateKernel, (opencl_handle, const char *, int32_t *))                                                                  \
	CALL(int32_t, SetKernelArg, (opencl_handle, uint32_t, size_t, const void *))                                                                 \
	CALL(int32_t, ReleaseKernel, (opencl_handle))                                                                                                \
	CALL(int32_t, EnqueueNDRangeKernel,                                                                                                          \
		(opencl_handle, opencl_handle, uint32_t, const size_t *, const size_t *, const size_t *, uint32_t, const opencl_handle *,            \
			opencl_handle *))                                                                                                            \
	CALL(int32_t, EnqueueWriteBuffer,                                                                                                            \
		(opencl_handle, opencl_handle, uint32_t, size_t, size_t, const void *, uint32_t, const opencl_handle *, opencl_handle *))            \
	CALL(int32_t, EnqueueReadBuffer,                                                                                                             \
		(opencl_handle, opencl_handle, uint32_t, size_t, size_t, void *, uint32_t, const opencl_handle *, opencl_handle *))                  \
	CALL(int32_t, EnqueueCopyBuffer,                                                                                                             \
		(opencl_handle, opencl_handle, opencl_handle, size_t, size_t, size_t, uint32_t, const opencl_handle *, opencl_handle *))             \
	CALL(int32_t, EnqueueFillBuffer,                                                                                                             \
		(opencl_handle, opencl_handle, const void *, size_t, size_t, size_t, uint32_t, const opencl_handle *, opencl_handle *))              \
	CALL(void *, EnqueueMapBuffer,                                                                                                               \
		(opencl_handle, opencl_handle, uint32_t, uint64_t, size_t, size_t, uint32_t, const opencl_handle *, opencl_handle *, int32_t *))     \
	CALL(int32_t, EnqueueUnmapMemObject, (opencl_handle, opencl_handle, void *, uint32_t, const opencl_handle *, opencl_handle *))               \
	CALL(int32_t, Finish, (opencl_handle))                                                                                                       \
	CALL(int32_t, GetEventProfilingInfo, (opencl_handle, uint32_t, size_t, void *, size_t *))                                                    \
	CALL(int32_t, ReleaseEvent, (opencl_handle))

/* Since 2.0: NULL if the library is older. */
#define OPENCL_SVM_CALLS(CALL)                                                                                                                       \
	CALL(void *, SVMAlloc, (opencl_handle, uint64_t, size_t, uint32_t))                                                                          \
	CALL(void, SVMFree, (opencl_handle, void *))                                                                                                 \
	CALL(int32_t, SetKernelArgSVMPointer, (opencl_handle, uint32_t, const void *))                                                               \
	CALL(int32_t, EnqueueSVMMap, (opencl_handle, uint32_t, uint64_t, void *, size_t, uint32_t, const opencl_handle *, opencl_handle *))          \
	CALL(int32_t, EnqueueSVMUnmap, (opencl_handle, void *, uint32_t, const opencl_handle *, opencl_handle *))

#define OPENCL_POINTER(result, name, arguments) result(*name) arguments;

struct opencl_api {
	OPENCL_CALLS(OPENCL_POINTER)
	OPENCL_SVM_CALLS(OPENCL_POINTER)
};

#endif
