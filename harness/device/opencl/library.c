/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * library.c - the ICD loader, libOpenCL.so.1, opened at run time: it finds the drivers (ICDs) that are installed.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/opencl/opencl.h"

#define LIBRARY "libOpenCL.so.1"

static void find(void *library, const char *name, void *pointer)
{
	void *symbol = dlsym(library, name);

	memcpy(pointer, &symbol, sizeof(symbol));
}

/* The first missing call, or NULL. */
static const char *find_all(void *library, struct opencl_api *cl)
{
	const char *missing = NULL;

#define FIND(result, name, arguments)                                                                                                                \
	find(library, "cl" #name, &cl->name);                                                                                                        \
	if (cl->name == NULL && missing == NULL)                                                                                                     \
		missing = "cl" #name;
#define FIND_SVM(result, name, arguments) find(library, "cl" #name, &cl->name);
	OPENCL_CALLS(FIND)
	OPENCL_SVM_CALLS(FIND_SVM)
#undef FIND
#undef FIND_SVM
	return missing;
}

/* Stays open until the process ends. */
static void *library;

bool opencl_library_is_stand_in(void)
{
	return library != NULL && dlsym(library, "fivestep_stand_in") != NULL;
}

const struct opencl_api *opencl_library(struct fs_reason *why)
{
	static const char remedy[] = "install the OpenCL loader: ocl-icd-libopencl1 (apt), ocl-icd (dnf), libOpenCL1 (zypper)";
	static struct opencl_api cl;
	const char *missing;

	if (library != NULL)
		return &cl;
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		const char *text = dlerror();
		/* Present but unusable is different from missing. */
		bool absent = text == NULL || strstr(text, "No such file") != NULL;

		fs_because(why, -ENODEV, remedy, absent ? "no OpenCL: " LIBRARY " is missing" : "no OpenCL: %s", text);
		return NULL;
	}
	missing = find_all(library, &cl);
	if (missing == NULL)
		return &cl;
	fs_because(why, -ENODEV, remedy, "no OpenCL: " LIBRARY " is older than 1.2, it has no %s", missing);
	dlclose(library);
	library = NULL;
	return NULL;
}

#define STATUS(name)                                                                                                                                 \
	case OPENCL_##name:                                                                                                                          \
		return "CL_" #name

const char *opencl_status(int status)
{
	static char number[16];

	switch (status) {
		STATUS(DEVICE_NOT_FOUND);
		STATUS(DEVICE_NOT_AVAILABLE);
		STATUS(COMPILER_NOT_AVAILABLE);
		STATUS(MEM_OBJECT_ALLOCATION_FAILURE);
		STATUS(OUT_OF_RESOURCES);
		STATUS(OUT_OF_HOST_MEMORY);
		STATUS(BUILD_PROGRAM_FAILURE);
		STATUS(INVALID_VALUE);
		STATUS(INVALID_BUFFER_SIZE);
		STATUS(PLATFORM_NOT_FOUND_KHR);
	}
	snprintf(number, sizeof(number), "error %d", status);
	return number;
}

int opencl_because(struct fs_reason *why, int status, const char *call)
{
	switch (status) {
	case OPENCL_MEM_OBJECT_ALLOCATION_FAILURE:
	case OPENCL_OUT_OF_RESOURCES:
	case OPENCL_OUT_OF_HOST_MEMORY:
	case OPENCL_INVALID_BUFFER_SIZE:
		return fs_because(
			why, -ENOMEM, "a smaller size, or a device that no other process uses", "opencl: %s: %s", call, opencl_status(status));
	case OPENCL_DEVICE_NOT_AVAILABLE:
		return fs_because(why, -EBUSY, "find the process that uses the device, and try again when it has ended", "opencl: %s: %s", call,
			opencl_status(status));
	}
	return fs_because(why, -EIO, "", "opencl: %s: %s", call, opencl_status(status));
}
