/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * api.h - declarations of the used part of the CUDA driver API. Its binary interface is stable and the library is opened at run time, so that the
 * program can be built anywhere and runs without an NVIDIA driver. tests/device/cuda_api.c compares the numbers with the vendor's header if that is
 * installed.
 */
#ifndef FIVESTEP_CUDA_API_H
#define FIVESTEP_CUDA_API_H

#include <stddef.h>
#include <stdint.h>

/* Contexts, modules, functions, streams, events: opaque pointers. */
typedef void *cuda_handle;
typedef unsigned long long cuda_address;

/* The vendor's names, with CUDA_ for CUDA_ERROR_, CU_DEVICE_ATTRIBUTE_ and so on. */
enum cuda_constant {
	CUDA_OK = 0,
	CUDA_INVALID_VALUE = 1,
	CUDA_OUT_OF_MEMORY = 2,
	CUDA_NOT_INITIALIZED = 3,
	CUDA_STUB_LIBRARY = 34,
	CUDA_DEVICE_UNAVAILABLE = 46,
	CUDA_NO_DEVICE = 100,
	CUDA_NO_BINARY_FOR_GPU = 209,
	CUDA_ECC_UNCORRECTABLE = 214,
	CUDA_INVALID_PTX = 218,
	CUDA_JIT_COMPILER_NOT_FOUND = 221,
	CUDA_UNSUPPORTED_PTX_VERSION = 222,
	CUDA_NOT_FOUND = 500,
	CUDA_ILLEGAL_ADDRESS = 700,
	CUDA_LAUNCH_TIMEOUT = 702,
	CUDA_CONTEXT_IS_DESTROYED = 709,
	CUDA_LAUNCH_FAILED = 719,
	CUDA_NOT_PERMITTED = 800,
	CUDA_NOT_SUPPORTED = 801,
	CUDA_SYSTEM_NOT_READY = 802,
	CUDA_SYSTEM_DRIVER_MISMATCH = 803,
	CUDA_COMPAT_NOT_SUPPORTED_ON_DEVICE = 804,
	CUDA_UNKNOWN = 999,

	CUDA_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16,
	CUDA_ATTRIBUTE_KERNEL_EXEC_TIMEOUT = 17,
	CUDA_ATTRIBUTE_INTEGRATED = 18,
	CUDA_ATTRIBUTE_COMPUTE_MODE = 20,
	CUDA_ATTRIBUTE_ECC_ENABLED = 32,
	CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
	CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
	CUDA_ATTRIBUTE_MANAGED_MEMORY = 83,
	CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88,
	CUDA_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
	CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS_USES_HOST_PAGE_TABLES = 100,
	CUDA_ATTRIBUTE_NUMA_CONFIG = 130, /* 1: the device's memory is a node */
	CUDA_ATTRIBUTE_NUMA_ID = 131,

	CUDA_COMPUTEMODE_DEFAULT = 0,
	CUDA_COMPUTEMODE_PROHIBITED = 2,
	CUDA_COMPUTEMODE_EXCLUSIVE_PROCESS = 3,

	CUDA_CTX_SCHED_SPIN = 1,
	CUDA_STREAM_NON_BLOCKING = 1,
	CUDA_EVENT_DEFAULT = 0,
	CUDA_MEM_ATTACH_GLOBAL = 1,
	CUDA_MEMHOSTALLOC_PORTABLE = 1,
	CUDA_MEMHOSTALLOC_DEVICEMAP = 2,

	CUDA_MEM_ADVISE_SET_READ_MOSTLY = 1,
	CUDA_MEM_ADVISE_SET_PREFERRED_LOCATION = 3,
	CUDA_MEM_ADVISE_SET_ACCESSED_BY = 5,
	CUDA_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9,
	CUDA_DEVICE_CPU = -1,
	CUDA_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION = 4,
	CUDA_DEVICE_INVALID = -2,
};

/* Calls that every supported driver has. CALL(name without cu, arguments); all return a status. */
#define CUDA_CALLS(CALL)                                                                                                                             \
	CALL(Init, (unsigned))                                                                                                                       \
	CALL(DriverGetVersion, (int *))                                                                                                              \
	CALL(GetErrorName, (int, const char **))                                                                                                     \
	CALL(DeviceGetCount, (int *))                                                                                                                \
	CALL(DeviceGet, (int *, int))                                                                                                                \
	CALL(DeviceGetName, (char *, int, int))                                                                                                      \
	CALL(DeviceGetAttribute, (int *, int, int))                                                                                                  \
	CALL(DeviceTotalMem_v2, (size_t *, int))                                                                                                     \
	CALL(DeviceGetPCIBusId, (char *, int, int))                                                                                                  \
	CALL(CtxCreate_v2, (cuda_handle *, unsigned, int))                                                                                           \
	CALL(DeviceCanAccessPeer, (int *, int, int))                                                                                                 \
	CALL(CtxSetCurrent, (cuda_handle))                                                                                                           \
	CALL(CtxEnablePeerAccess, (cuda_handle, unsigned))                                                                                           \
	CALL(PointerGetAttribute, (void *, int, cuda_address))                                                                                       \
	CALL(CtxDestroy_v2, (cuda_handle))                                                                                                           \
	CALL(MemGetInfo_v2, (size_t *, size_t *))                                                                                                    \
	CALL(MemAlloc_v2, (cuda_address *, size_t))                                                                                                  \
	CALL(MemFree_v2, (cuda_address))                                                                                                             \
	CALL(MemAllocManaged, (cuda_address *, size_t, unsigned))                                                                                    \
	CALL(MemHostAlloc, (void **, size_t, unsigned))                                                                                              \
	CALL(MemFreeHost, (void *))                                                                                                                  \
	CALL(MemcpyHtoDAsync_v2, (cuda_address, const void *, size_t, cuda_handle))                                                                  \
	CALL(MemcpyDtoHAsync_v2, (void *, cuda_address, size_t, cuda_handle))                                                                        \
	CALL(MemcpyDtoDAsync_v2, (cuda_address, cuda_address, size_t, cuda_handle))                                                                  \
	CALL(MemsetD8Async, (cuda_address, unsigned char, size_t, cuda_handle))                                                                      \
	CALL(MemPrefetchAsync, (cuda_address, size_t, int, cuda_handle))                                                                             \
	CALL(MemAdvise, (cuda_address, size_t, int, int))                                                                                            \
	CALL(MemRangeGetAttribute, (void *, size_t, int, cuda_address, size_t))                                                                      \
	CALL(StreamCreate, (cuda_handle *, unsigned))                                                                                                \
	CALL(StreamDestroy_v2, (cuda_handle))                                                                                                        \
	CALL(StreamSynchronize, (cuda_handle))                                                                                                       \
	CALL(EventCreate, (cuda_handle *, unsigned))                                                                                                 \
	CALL(EventDestroy_v2, (cuda_handle))                                                                                                         \
	CALL(EventRecord, (cuda_handle, cuda_handle))                                                                                                \
	CALL(EventElapsedTime, (float *, cuda_handle, cuda_handle))                                                                                  \
	CALL(ModuleLoadData, (cuda_handle *, const void *))                                                                                          \
	CALL(ModuleUnload, (cuda_handle))                                                                                                            \
	CALL(ModuleGetFunction, (cuda_handle *, cuda_handle, const char *))                                                                          \
	CALL(LaunchKernel, (cuda_handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, cuda_handle, void **, void **))

#define CUDA_POINTER(name, arguments) int(*name) arguments;

struct cuda_api {
	CUDA_CALLS(CUDA_POINTER)
};

#endif
