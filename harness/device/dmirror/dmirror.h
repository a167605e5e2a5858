/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dmirror.h - what the files of the device dmirror share:
 *
 *   dmirror.c  the device
 *   orders.c   requests to the kernel's device, which takes them for a range of pages; and pages that it has for itself
 */
#ifndef FIVESTEP_DMIRROR_H
#define FIVESTEP_DMIRROR_H

#include "harness/device/dmirror/dmirror_uapi.h"
#include "harness/fivestep.h"

struct dmirror {
	int fd; /* -1 under copy */
	size_t page_bytes;
	unsigned char *shadow; /* where bodies compute */
	size_t shadow_bytes;
	uint8_t *places;      /* residence of the shadow's pages, as reported by SNAPSHOT */
	uint64_t excluded_ns; /* read-backs and residence queries */
	uint64_t faults_to_device, reached_pages, prefetched[FS_SIDES], copied_bytes[FS_SIDES];
	ulong out[FS_OUT_WORDS];
	struct fs_reason why;
};

/* One request: 0 or -errno. */
int dmirror_order(struct dmirror *dmirror, unsigned long request, const void *address, const void *ptr, size_t pages, struct dmirror_cmd *done);
/* A request over a range, in batches; adds up faults and pages. data advances with the range by so many bytes a page. 0 or -errno */
int dmirror_order_range(struct dmirror *dmirror, unsigned long request, unsigned char *address, unsigned char *data, size_t bytes_a_page,
	size_t pages, struct dmirror_cmd *sum);

/* See struct fs_device. */
int dmirror_seize(void *dev, struct fs_memory *memory, size_t offset, size_t bytes);
int dmirror_seized(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, size_t *pages);

#endif
