/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * copy-mapped - a buffer allocated by the device, mapped for the CPU and unmapped for the device. Whether bytes are copied
 * then is up to the driver; a device that shares the CPU's memory needs no copy.
 */
#include "config.h"

#include "harness/setup/common.h"

const struct fs_setup setup_copy_mapped = {
	.name = "copy-mapped",
	.summary = "a buffer allocated by the device, mapped for the CPU and unmapped for the device",
	.needs = FS_CAP_MAPPED_BUFFER,
	.memory = FS_MEMORY_MAPPED,
	.copies = 2,
	.alloc = mapped_alloc,
	.device_compute = exclusive_compute,
	.cpu_begin = exclusive_begin,
	.release = exclusive_release,
	.evidence = exclusive_evidence,
};
