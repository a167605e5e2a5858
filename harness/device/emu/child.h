/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.h - the process that is a device's compute side: forked, watched, ended, and given orders one at a time.
 */
#ifndef FIVESTEP_EMU_CHILD_H
#define FIVESTEP_EMU_CHILD_H

#include <pthread.h>
#include <sys/types.h>

#include "harness/device/emu/sync.h"
#include "harness/fivestep.h"

struct child {
	pid_t pid;
	sync_word *dead;	/* set once it has ended; in memory that both share */
	struct fs_reason death; /* how; written before dead is set */
	void (*on_death)(void *arg);
	void *arg;
	pthread_t watcher;
	bool has_watcher;
};

/*
 * Forks. run never returns; what it writes to READY, at last, comes out of *ready here, which ends without it where the process does not get so far.
 * It is killed with its parent. Single-threaded callers only.
 */
int child_fork(struct child *child, void (*run)(void *arg, int ready), void *arg, int *ready, struct fs_reason *why);
/* From now on its death is noticed: on_death, which may be NULL, is called by a thread of this process. */
int child_watch(struct child *child, struct fs_reason *why);
/* Kills it where it still runs, and waits for it. */
void child_end(struct child *child);

/* One order at a time from the host's process: posted and done count orders. What is ordered stands beside it. */
struct mailbox {
	sync_word posted, done;
	int result;
};

/* Returns what the device's process made of the order, or -EPIPE when it has died. */
int mailbox_order(struct mailbox *mailbox, const struct sync_peer *peer);
/* In the device's process: carries out orders until it is killed. */
void mailbox_serve(struct mailbox *mailbox, const struct sync_peer *peer, int (*carry_out)(void *arg), void *arg) __attribute__((noreturn));

#endif
