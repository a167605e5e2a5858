/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * library.c - the driver's library, libcuda.so.1, opened at run time. It is part of the driver, not of the toolkit.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/cuda/cuda.h"

#define LIBRARY "libcuda.so.1"

/* Stays open until the process ends. */
static void *library;

static void find(const char *name, void *pointer)
{
	void *symbol = dlsym(library, name);

	memcpy(pointer, &symbol, sizeof(symbol));
}

/* The first missing call, or NULL. */
static const char *find_all(struct cuda_api *cu)
{
	const char *missing = NULL;

#define FIND(name, arguments)                                                                                                                        \
	find("cu" #name, &cu->name);                                                                                                                 \
	if (cu->name == NULL && missing == NULL)                                                                                                     \
		missing = "cu" #name;
	CUDA_CALLS(FIND)
#undef FIND
	return missing;
}

bool cuda_library_is_stand_in(void)
{
	return library != NULL && dlsym(library, "fivestep_stand_in") != NULL;
}

const struct cuda_api *cuda_library(struct fs_reason *why)
{
	static struct cuda_api cu;
	const char *missing;

	if (library != NULL)
		return &cu;
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		const char *text = dlerror();
		/* Present but unusable is different from missing. */
		bool absent = text == NULL || strstr(text, "No such file") != NULL;

		fs_because(why, -ENODEV, "install the NVIDIA driver; in a container, start it with the driver's libraries",
			absent ? "no CUDA: " LIBRARY " is not there" : "no CUDA: %s", text);
		return NULL;
	}
	missing = find_all(&cu);
	if (missing == NULL)
		return &cu;
	fs_because(why, -ENODEV, "a newer NVIDIA driver: 418 or later", "no CUDA: the driver is too old, its " LIBRARY " has no %s", missing);
	dlclose(library);
	library = NULL;
	return NULL;
}

/* The meaning of a status for the user. */
struct meaning {
	int status, err;
	const char *remedy;
};

static const struct meaning meanings[] = {
	{CUDA_OUT_OF_MEMORY, -ENOMEM, "a smaller size, or a GPU that nobody else uses: nvidia-smi shows who does"},
	{CUDA_DEVICE_UNAVAILABLE, -EBUSY, "another process has the GPU to itself: nvidia-smi shows which; nvidia-smi -c 0 ends the exclusive mode"},
	{CUDA_NO_DEVICE, -ENODEV, "nvidia-smi says what the driver sees; CUDA_VISIBLE_DEVICES may hide GPUs, a container must be given them"},
	{CUDA_STUB_LIBRARY, -ENODEV, "the library is the toolkit's stub: take its folder out of LD_LIBRARY_PATH"},
	{CUDA_ECC_UNCORRECTABLE, -EIO, "the GPU's memory has errors that it cannot correct: nvidia-smi -q -d ECC"},
	{CUDA_INVALID_PTX, -EIO, "report it, with the driver's version"},
	{CUDA_NO_BINARY_FOR_GPU, -ENOTSUP, "another GPU: the bodies are for compute capability 7.0 and later"},
	{CUDA_JIT_COMPILER_NOT_FOUND, -ENOTSUP, "install the driver whole: libnvidia-ptxjitcompiler is missing"},
	{CUDA_UNSUPPORTED_PTX_VERSION, -ENOTSUP, "a newer NVIDIA driver: 418 or later"},
	{CUDA_ILLEGAL_ADDRESS, -EIO, "report it; compute-sanitizer says where (docs/devices.md)"},
	{CUDA_LAUNCH_TIMEOUT, -EIO, "a smaller size: a GPU that also drives a display ends what takes seconds"},
	{CUDA_CONTEXT_IS_DESTROYED, -EIO, "the GPU was reset or fell off the bus: dmesg has a line with Xid"},
	{CUDA_LAUNCH_FAILED, -EIO, "dmesg may have a line with Xid"},
	{CUDA_NOT_PERMITTED, -EPERM, "the driver does not allow it to this user"},
	{CUDA_NOT_SUPPORTED, -ENOTSUP, "another setup"},
	{CUDA_SYSTEM_NOT_READY, -ENODEV, "start nvidia-fabricmanager: the GPUs' links are not up"},
	{CUDA_SYSTEM_DRIVER_MISMATCH, -ENODEV, "library and kernel module are of different versions: load the module anew, or reboot"},
	{CUDA_UNKNOWN, -ENODEV, "is the module nvidia_uvm loaded? nvidia-modprobe -u loads it"},
};

int cuda_because(const struct cuda_api *cu, struct fs_reason *why, int status, const char *call)
{
	const struct meaning *meaning = NULL;
	const char *name = NULL;
	char number[32];

	for (size_t i = 0; i < FS_ARRAY_SIZE(meanings) && meaning == NULL; i++)
		meaning = meanings[i].status == status ? &meanings[i] : NULL;
	if (cu->GetErrorName(status, &name) != CUDA_OK || name == NULL) {
		snprintf(number, sizeof(number), "error %d", status);
		name = number;
	}
	return fs_because(why, meaning != NULL ? meaning->err : -EIO, meaning != NULL ? meaning->remedy : "", "cuda: %s: %s", call, name);
}
