/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pagemap.c - what the kernel says of pages in /proc/self/pagemap; see control.h.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "conform/control.h"

int control_pagemap(const void *page, uint64_t *entry)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (pread(fd, entry, sizeof(*entry), (off_t)((uintptr_t)page / fs_page_bytes() * sizeof(*entry))) != sizeof(*entry))
		err = -EIO;
	close(fd);
	return err;
}
