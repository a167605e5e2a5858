/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_server.c - two memories, and a process that serves faults on one of them with nothing else to do; see floor_server.h.
 *
 * Two memories in the page cache, as a device and its host have them. The parent touches its view of one, which is registered with userfaultfd for
 * minor faults. The child sleeps in read, and serves a fault in one of two ways: raw, it answers UFFDIO_CONTINUE; moving, it first drops its
 * own view of the granule in the other memory and copies it. That is all that moving a granule takes; a driver that is safe with several threads
 * also has locks, counts and an owner for each granule.
 *
 * Two things any such driver has, and so has the child, as the kernel takes slower ways with them. Its own view is registered, too: what was dropped
 * must fault when it is touched on this side (dropping from a registered range takes the lock of all mappings, not of one). And it is not the only
 * thread of its process: the thread that computes there also waits for faults (a file that threads share is counted at each system call).
 */
#include "config.h"

#include "bench/floor_server.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/cpus.h"

static unsigned char *map_memory(const struct floor_server *server, enum fs_side side)
{
	return mmap(NULL, server->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, server->memory[side], 0);
}

static int memories_map(struct floor_server *server)
{
	for (int side = 0; side < FS_SIDES; side++) {
		server->memory[side] = memfd_create("fivestep-floor", MFD_CLOEXEC);
		if (server->memory[side] < 0 || ftruncate(server->memory[side], (off_t)server->bytes) != 0)
			return -errno;
		server->alias[side] = map_memory(server, side);
		server->view[side] = map_memory(server, side);
		if (server->alias[side] == MAP_FAILED || server->view[side] == MAP_FAILED)
			return -ENOMEM;
		/* What is in the page cache faults as `minor`; what is not would be allocated without an event. */
		memset(server->alias[side], 0, server->bytes);
	}
	server->orders = mmap(NULL, sizeof(*server->orders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return server->orders == MAP_FAILED ? -ENOMEM : 0;
}

int floor_server_open(struct floor_server *server, size_t granule, ulong granules)
{
	*server = (struct floor_server){.memory = {-1, -1},
		.uffd = -1,
		.granule = granule,
		.granules = granules,
		.bytes = granules * granule,
		.alias = {MAP_FAILED, MAP_FAILED},
		.view = {MAP_FAILED, MAP_FAILED},
		.orders = MAP_FAILED};
	server->allowed = cpus_allowed();
	return server->allowed != NULL ? memories_map(server) : -errno;
}

int floor_server_register(const struct floor_server *server, enum fs_side side)
{
	struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_MINOR_SHMEM};
	struct uffdio_register range = {.range = {(uintptr_t)server->view[side], server->bytes}, .mode = UFFDIO_REGISTER_MODE_MINOR};
	int uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY), err;

	if (uffd >= 0 && ioctl(uffd, UFFDIO_API, &api) == 0 && ioctl(uffd, UFFDIO_REGISTER, &range) == 0)
		return uffd;
	err = -errno;
	if (uffd >= 0)
		close(uffd);
	return err;
}

/* Maps the view that a move drops, granule by granule; where nothing is registered. */
void floor_server_touch(const struct floor_server *server)
{
	for (size_t at = 0; at < server->bytes; at += page_bytes())
		(void)*(volatile unsigned char *)(server->view[FS_HOST] + at);
}

void floor_server_fill(const struct floor_server *server, enum fs_side side, ulong pass)
{
	for (ulong i = 0; i < server->granules; i++)
		*(ulong *)(server->alias[side] + i * server->granule) = order_word(i, pass);
}

/* The same in the server, whose view is registered: there a touch would wait for a driver. The last pass left nothing mapped. */
static int map_host(const struct floor_server *server)
{
	struct uffdio_continue all = {.range = {(uintptr_t)server->view[FS_HOST], server->bytes}};

	return ioctl(server->server_uffd, UFFDIO_CONTINUE, &all) == 0 ? 0 : -errno;
}

static int give(const struct floor_server *server, size_t offset)
{
	struct uffdio_continue answer = {.range = {(uintptr_t)server->view[FS_DEVICE] + offset, server->granule}};

	return ioctl(server->uffd, UFFDIO_CONTINUE, &answer) == 0 || errno == EEXIST ? 0 : -errno;
}

int floor_server_move(const struct floor_server *server, size_t offset)
{
	if (madvise(server->view[FS_HOST] + offset, server->granule, MADV_DONTNEED) != 0)
		return -errno;
	memcpy(server->alias[FS_DEVICE] + offset, server->alias[FS_HOST] + offset, server->granule);
	return give(server, offset);
}

/* The child: one sleep in read and one answer a fault, until it is killed. The first fault of a pass finds the view that it drops unmapped. */
static void serve(const struct floor_server *server)
{
	struct uffd_msg event;
	int err = 0;

	while (err == 0 && read(server->uffd, &event, sizeof(event)) == (ssize_t)sizeof(event)) {
		size_t offset = (event.arg.pagefault.address - (uintptr_t)server->view[FS_DEVICE]) / server->granule * server->granule;

		if (__atomic_load_n(&server->orders->prepared, __ATOMIC_ACQUIRE) == 0) {
			err = map_host(server);
			__atomic_store_n(&server->orders->prepared, 1, __ATOMIC_RELEASE);
		}
		__atomic_fetch_add(&server->orders->served, 1, __ATOMIC_RELAXED);
		if (err == 0)
			err = server->orders->way == FLOOR_MOVING ? floor_server_move(server, offset) : give(server, offset);
	}
}

static void *sleep_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static int server_prepare(struct floor_server *server)
{
	pthread_t thread;

	/* The first use of the copy's mappings is not timed. */
	for (size_t at = 0; at < server->bytes; at += page_bytes()) {
		(void)*(volatile unsigned char *)(server->alias[FS_HOST] + at);
		(void)*(volatile unsigned char *)(server->alias[FS_DEVICE] + at);
	}
	/* Whatever the fork copied. */
	if (madvise(server->view[FS_HOST], server->bytes, MADV_DONTNEED) != 0)
		return -errno;
	server->server_uffd = floor_server_register(server, FS_HOST);
	return server->server_uffd < 0 ? server->server_uffd : -pthread_create(&thread, NULL, sleep_on, NULL);
}

/*
 * The descriptor stays open in the server only: should the server die, the kernel takes the registration back and a
 * touch becomes an ordinary one, which the count of events tells, instead of a hang.
 */
int floor_server_start(struct floor_server *server)
{
	server->pid = fork();
	if (server->pid < 0)
		return -errno;
	if (server->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (server_prepare(server) == 0)
			serve(server);
		_exit(0);
	}
	close(server->uffd);
	server->uffd = -1;
	return 0;
}

void floor_server_close(struct floor_server *server)
{
	cpus_restore(server->allowed);
	if (server->pid > 0) {
		kill(server->pid, SIGKILL);
		waitpid(server->pid, NULL, 0);
	}
	if (server->uffd >= 0)
		close(server->uffd);
	for (int side = 0; side < FS_SIDES; side++) {
		if (server->view[side] != MAP_FAILED)
			munmap(server->view[side], server->bytes);
		if (server->alias[side] != MAP_FAILED)
			munmap(server->alias[side], server->bytes);
		if (server->memory[side] >= 0)
			close(server->memory[side]);
	}
	if (server->orders != MAP_FAILED)
		munmap(server->orders, sizeof(*server->orders));
}
