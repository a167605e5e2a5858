/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy-mapped - a buffer of the device's in the program's memory, which is mapped for the CPU and unmapped for the device: whether
 * bytes cross then is the driver's affair, and on a device that shares the CPU's memory none need to.
 */
#include "config.h"

#include "harness/setup/policy.h"

const struct fs_setup setup_copy_mapped = {
	.name = "copy-mapped",
	.summary = "a device's buffer, mapped for the CPU and unmapped for the device",
	.needs = FS_CAP_MAP,
	.memory = FS_MEMORY_MAPPED,
	.copies = 2,
	.alloc = mapped_alloc,
	.device_compute = handed_compute,
	.cpu_begin = handed_begin,
	.release = handed_release,
	.evidence = handed_evidence,
};
