/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.c - see child.h.
 */
#include "config.h"

#include "harness/device/emu/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longer than it takes to move 2 MiB. */
#define ORDER_SPIN_US 1000
/* One command is often followed by the next. */
#define NEXT_ORDER_US 50

int child_fork(struct child *child, void (*run)(void *arg, int ready), void *arg, int *ready, struct fs_reason *why)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fs_because(why, -errno, "", "pipe: %s", strerror(errno));
	child->pid = fork();
	if (child->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		close(ends[0]);
		run(arg, ends[1]);
		_exit(1);
	}
	*ready = ends[0];
	close(ends[1]);
	return child->pid > 0 ? 0 : fs_because(why, -errno, "", "cannot fork the device's process: %s", strerror(errno));
}

static void *watcher_run(void *arg)
{
	struct child *child = arg;
	siginfo_t info = {0};
	int err;

	do {
		err = waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT);
	} while (err != 0 && errno == EINTR);
	if (info.si_code == CLD_EXITED)
		fs_because(&child->death, 0, "", "the device's process ended with status %d", info.si_status);
	else
		fs_because(&child->death, 0,
			info.si_status == SIGSEGV || info.si_status == SIGBUS ? "the device's body accessed memory outside the buffer" : "",
			"the device's process was killed by signal %d (%s)", info.si_status, strsignal(info.si_status));
	atomic_store(child->dead, 1);
	if (child->on_death != NULL)
		child->on_death(child->arg);
	return NULL;
}

int child_watch(struct child *child, struct fs_reason *why)
{
	int err = pthread_create(&child->watcher, NULL, watcher_run, child);

	child->has_watcher = err == 0;
	return err == 0 ? 0 : fs_because(why, -err, "", "cannot start the thread that monitors the device's process: %s", strerror(err));
}

void child_end(struct child *child)
{
	if (child->pid <= 0)
		return;
	kill(child->pid, SIGKILL);
	if (child->has_watcher)
		pthread_join(child->watcher, NULL);
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
	child->has_watcher = false;
}

int mailbox_order(struct mailbox *mailbox, const struct sync_peer *peer)
{
	int err;

	atomic_fetch_add(&mailbox->posted, 1);
	sync_wake_all(&mailbox->posted);
	sync_spin(&mailbox->done, atomic_load(&mailbox->posted) - 1, ORDER_SPIN_US);
	err = sync_wait_done(peer, &mailbox->posted, &mailbox->done);
	return err < 0 ? err : mailbox->result;
}

void mailbox_serve(struct mailbox *mailbox, const struct sync_peer *peer, int (*carry_out)(void *arg), void *arg)
{
	for (uint32_t seen = 0;; seen++) {
		if (!sync_spin(&mailbox->posted, seen, NEXT_ORDER_US))
			sync_wait(peer, &mailbox->posted, seen);
		mailbox->result = carry_out(arg);
		atomic_fetch_add(&mailbox->done, 1);
		sync_wake_all(&mailbox->done);
	}
}
