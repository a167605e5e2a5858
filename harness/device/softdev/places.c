/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * places.c - residence of pages: the driver's report from the kernel's page tables, compared with the page tables of both processes.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/device/softdev/softdev.h"

#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_FRAME	((1ull << 55) - 1)

static int pagemap_read(pid_t pid, const unsigned char *address, size_t page_bytes, size_t n, uint64_t *entries)
{
	char path[64];
	ssize_t got;
	int fd, err;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = pread(fd, entries, n * sizeof(*entries), (off_t)((uintptr_t)address / page_bytes * sizeof(*entries)));
	err = got < 0 ? -errno : (size_t)got < n * sizeof(*entries) ? -EIO : 0;
	close(fd);
	return err;
}

/*
 * A page in private memory is not present in the host's page table; a page in coherent memory is. If both sides can access a page, the device's page
 * table must map the same frame. Frames read as 0 without CAP_SYS_ADMIN.
 */
static bool conflict(enum softdev_kind kind, enum fs_side side, uint64_t host, uint64_t device)
{
	bool by_host = (host & PAGEMAP_PRESENT) != 0, by_device = (device & PAGEMAP_PRESENT) != 0;

	if (side == FS_DEVICE && kind == SOFTDEV_PRIVATE)
		return by_host;
	return (side == FS_DEVICE && !by_host) || (by_device && (!by_host || (host & PAGEMAP_FRAME) != (device & PAGEMAP_FRAME)));
}

int softdev_look(const struct softdev_view *view, unsigned char *address, size_t n, uint8_t *side, uint64_t *conflicts)
{
	struct softdev_where where = {.start = (uintptr_t)address, .bytes = n * view->page_bytes, .places = (uintptr_t)side};
	uint64_t host[SOFTDEV_BATCH], device[SOFTDEV_BATCH];
	int err = ioctl(view->fd, SOFTDEV_WHERE, &where) == 0 ? 0 : -errno;

	if (err == 0)
		err = pagemap_read(getpid(), address, view->page_bytes, n, host);
	if (err == 0)
		err = pagemap_read(view->device, address, view->page_bytes, n, device);
	for (size_t i = 0; i < n && err == 0; i++) {
		unsigned at = side[i] & SOFTDEV_PLACE_MASK;

		side[i] = at == SOFTDEV_PLACE_DEVICE ? FS_DEVICE : at == SOFTDEV_PLACE_HOST ? FS_HOST : FS_SIDES;
		*conflicts += side[i] != FS_SIDES && conflict(view->kind, side[i], host[i], device[i]);
	}
	return err;
}

uint64_t softdev_minor_faults(pid_t pid)
{
	unsigned long faults = 0;
	char path[64], line[1024], *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fgets(line, sizeof(line), file) != NULL && (end = strrchr(line, ')')) != NULL)
		sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %lu", &faults);
	fclose(file);
	return faults;
}
