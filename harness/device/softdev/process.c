/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * process.c - the device process. It maps the device file at the buffer's address; an access to a page that is missing in its page tables is a device
 * fault. It ends with its parent, or when killed.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/device/softdev/softdev.h"

/* A file that was opened after the fork is fetched with pidfd_getfd(). Passing it over a socket would need networking in the kernel. */
static int fetch_file(const struct softdev_shared *shared)
{
	int parent, fd;

	if (shared->inherited)
		return shared->fd;
	parent = (int)syscall(SYS_pidfd_open, getppid(), 0);
	fd = parent < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, parent, shared->fd, 0);
	if (parent >= 0)
		close(parent);
	return fd;
}

static int map(struct softdev_process *process)
{
	struct softdev_shared *shared = process->shared;

	process->fd = fetch_file(shared);
	if (process->fd < 0)
		return -errno;
	if (mmap(shared->address, shared->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, process->fd, (off_t)(uintptr_t)shared->address) ==
		MAP_FAILED)
		return -errno;
	return 0;
}

/* The address space stays reserved. */
static int unmap(struct softdev_process *process)
{
	struct softdev_shared *shared = process->shared;
	int err = 0;

	if (mmap(shared->address, shared->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
		err = -errno;
	if (process->fd >= 0)
		close(process->fd);
	process->fd = -1;
	return err;
}

/* Requested by this process, so that the pages are mapped in it as well. */
static int move(struct softdev_process *process)
{
	struct softdev_move move = {.start = (uintptr_t)process->shared->address, .bytes = process->shared->bytes, .side = SOFTDEV_DEVICE};

	return ioctl(process->fd, SOFTDEV_MOVE, &move) == 0 ? 0 : -errno;
}

/* Maps the pages that are present, wherever they are. */
static int fill(struct softdev_process *process)
{
	struct softdev_range range = {.start = (uintptr_t)process->shared->address, .bytes = process->shared->bytes};

	return ioctl(process->fd, SOFTDEV_FILL, &range) == 0 ? 0 : -errno;
}

static int carry_out(void *arg)
{
	struct softdev_process *process = arg;

	switch (process->shared->command) {
	case SOFTDEV_ORDER_MAP:
		return map(process);
	case SOFTDEV_ORDER_UNMAP:
		return unmap(process);
	case SOFTDEV_ORDER_MOVE:
		return move(process);
	case SOFTDEV_ORDER_FILL:
		return fill(process);
	}
	return -EINVAL;
}

void softdev_process(struct softdev_process *process, int ready)
{
	static struct team_threads workers; /* run until the process is killed */

	process->peer.watch = false;
	prctl(PR_SET_NAME, "softdev");
	/* So that the parent may read its page tables. */
	prctl(PR_SET_DUMPABLE, 1);
	if (team_start(&workers, &process->shared->team, process->workers, process->node, &process->peer) < 0 || write(ready, "", 1) != 1)
		_exit(1);
	close(ready);
	mailbox_serve(&process->shared->service, &process->peer, carry_out, process);
}
