/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.h - the process that is a device's compute side: it is forked, monitored, ended, and given commands one at a time.
 */
#ifndef FIVESTEP_EMU_CHILD_H
#define FIVESTEP_EMU_CHILD_H

#include <pthread.h>
#include <sys/types.h>

#include "harness/device/emu/sync.h"
#include "harness/fivestep.h"

struct child {
	pid_t pid;
	sync_word *dead;	/* set once it has ended; in memory that both processes share */
	struct fs_reason death; /* the cause; written before dead is set */
	void (*on_death)(void *arg);
	void *arg;
	pthread_t watcher;
	bool has_watcher;
};

/*
 * Forks. run never returns; the int that it writes to READY once it is ready is stored in *ready. child_fork() also returns if the process ends
 * before that. The process is killed with its parent. Single-threaded callers only.
 */
int child_fork(struct child *child, void (*run)(void *arg, int ready), void *arg, int *ready, struct fs_reason *why);
/* Monitors the process from now on: when it dies, a thread of this process calls on_death, which may be NULL. */
int child_watch(struct child *child, struct fs_reason *why);
/* Kills it if it still runs, and waits for it. */
void child_end(struct child *child);

/* One command at a time from the host's process: posted and done count commands. The command itself is stored beside it. */
struct mailbox {
	sync_word posted, done;
	int result;
};

/* Returns the command's result from the device's process, or -EPIPE if it has died. */
int mailbox_order(struct mailbox *mailbox, const struct sync_peer *peer);
/* In the device's process: executes commands until it is killed. */
void mailbox_serve(struct mailbox *mailbox, const struct sync_peer *peer, int (*carry_out)(void *arg), void *arg) __attribute__((noreturn));

#endif
