/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * orders.c - requests to the kernel's device; see dmirror.h.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "harness/device/dmirror/dmirror.h"

#define BATCH_PAGES 1024 /* per ioctl: it copies through a kernel buffer of that size */

int dmirror_order(struct dmirror *dmirror, unsigned long request, const void *address, const void *ptr, size_t pages, struct dmirror_cmd *done)
{
	*done = (struct dmirror_cmd){.addr = (uintptr_t)address, .ptr = (uintptr_t)ptr, .npages = pages};
	return ioctl(dmirror->fd, request, done) == 0 ? 0 : -errno;
}

int dmirror_order_range(struct dmirror *dmirror, unsigned long request, unsigned char *address, unsigned char *data, size_t bytes_a_page,
	size_t pages, struct dmirror_cmd *sum)
{
	int err = 0;

	*sum = (struct dmirror_cmd){0};
	for (size_t at = 0; at < pages && err == 0; at += BATCH_PAGES) {
		size_t n = pages - at < BATCH_PAGES ? pages - at : BATCH_PAGES;
		struct dmirror_cmd done;

		err = dmirror_order(dmirror, request, address + at * dmirror->page_bytes, data + at * bytes_a_page, n, &done);
		sum->cpages += done.cpages;
		sum->faults += done.faults;
	}
	return err;
}

/* ---- pages that stay on the host, and that the device reaches alone */

int dmirror_seize(void *dev, struct fs_memory *memory, size_t offset, size_t bytes)
{
	struct dmirror *dmirror = dev;
	struct dmirror_cmd sum;
	int err = dmirror_order_range(dmirror, DMIRROR_EXCLUSIVE, (unsigned char *)memory->cpu + offset, dmirror->shadow, dmirror->page_bytes,
		bytes / dmirror->page_bytes, &sum);

	return err == 0 ? 0 : fs_because(&dmirror->why, err, "", "dmirror cannot have pages for itself: %s", strerror(-err));
}

/* The kernel's device says it of a range as a whole: so each page is a question of its own. */
int dmirror_seized(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, size_t *pages)
{
	struct dmirror *dmirror = dev;
	struct dmirror_cmd done;
	int err = 0;

	*pages = 0;
	for (size_t at = offset; at < offset + bytes && err == 0; at += dmirror->page_bytes) {
		err = dmirror_order(dmirror, DMIRROR_CHECK_EXCLUSIVE, (unsigned char *)memory->cpu + at, dmirror->shadow, 1, &done);
		*pages += err == -EPERM;
		err = err == -EPERM ? 0 : err;
	}
	return err;
}
