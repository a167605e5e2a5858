/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * process.c - the device's process: it carries out what the host's process orders, its workers run bodies on the
 * view, and it makes room when the host's driver asks. It ends with its parent, or when killed; it never returns.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"

/* ---- descriptors between the processes */

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int socket_send_fd(int socket, int fd)
{
	char byte = 0;
	struct iovec io = {&byte, 1};
	union control control = {0};
	struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(socket, &message, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

int socket_receive_fd(int socket)
{
	char byte;
	struct iovec io = {&byte, 1};
	union control control = {0};
	struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	ssize_t got;
	int fd;

	do {
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got <= 0)
		return got == 0 ? -EPIPE : -errno;
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_type != SCM_RIGHTS)
		return -EPIPE;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* ---- threads */

static void *evictor_run(void *arg)
{
	struct hmm_engine *engine = arg;
	struct hmm_shared *shared = engine->shared;

	for (uint32_t served = 0;; served++) {
		sync_wait(&engine->peer, &shared->evictions_wanted, served);
		while (atomic_load(&shared->room) == 0 && granule_evict(engine) == 0)
			;
	}
	return NULL;
}

static int threads_start(struct hmm_engine *engine)
{
	static struct team_threads workers; /* run until the process is killed */
	pthread_t thread;
	int err = team_start(&workers, &engine->shared->team, engine->config.workers, engine->config.node, &engine->peer);

	if (err == 0 && engine->config.capacity != 0)
		err = -pthread_create(&thread, NULL, evictor_run, engine);
	return err == 0 ? drivers_start(engine) : err;
}

/* ---- orders */

/* One order is often followed by the next. */
#define NEXT_ORDER_US 50

static int carry_out(struct hmm_engine *engine)
{
	struct hmm_shared *shared = engine->shared;

	switch (shared->command) {
	case COMMAND_MAP:
		return view_map(engine, shared->last * engine->config.granule);
	case COMMAND_UNMAP:
		drivers_forget(engine);
		view_unmap(engine);
		return 0;
	case COMMAND_MIGRATE:
		return granules_migrate(engine, shared->first, shared->last);
	}
	return -EINVAL;
}

static int start(struct hmm_engine *engine, int socket)
{
	struct fs_reason *why = &engine->shared->failure;
	int err = pools_prefault(engine, why);

	if (err < 0)
		return err;
	engine->uffd[FS_DEVICE] = uffd_make(why);
	if (engine->uffd[FS_DEVICE] < 0)
		return engine->uffd[FS_DEVICE];
	err = socket_send_fd(socket, engine->uffd[FS_DEVICE]);
	engine->uffd[FS_HOST] = err < 0 ? err : socket_receive_fd(socket);
	if (engine->uffd[FS_HOST] < 0)
		return fs_because(why, engine->uffd[FS_HOST], "", "the processes of the device cannot talk: %s", strerror(-engine->uffd[FS_HOST]));
	err = threads_start(engine);
	return err < 0 ? fs_because(why, err, "", "cannot start the device's threads: %s", strerror(-err)) : 0;
}

void device_process(struct hmm_engine *engine, int socket)
{
	struct hmm_shared *shared = engine->shared;

	engine->side = FS_DEVICE;
	engine->peer.watch = false;
	prctl(PR_SET_NAME, "emu-device");
	if (start(engine, socket) < 0)
		_exit(1);
	/* The last of the start: the host's end of the socket sees that all is there. */
	if (socket_send_fd(socket, engine->uffd[FS_DEVICE]) < 0)
		_exit(1);
	close(socket);
	for (uint32_t seen = 0;; seen++) {
		if (!sync_spin(&shared->service.posted, seen, NEXT_ORDER_US))
			sync_wait(&engine->peer, &shared->service.posted, seen);
		shared->service.result = carry_out(engine);
		atomic_fetch_add(&shared->service.done, 1);
		sync_wake_all(&shared->service.done);
	}
}
