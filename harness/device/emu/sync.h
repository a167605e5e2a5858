/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sync.h - waiting and locking between the two processes of the engine. Words live in memory that both
 * share; a wait in the host's process ends with -EPIPE when the device's process has died.
 */
#ifndef FIVESTEP_EMU_SYNC_H
#define FIVESTEP_EMU_SYNC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef _Atomic uint32_t sync_word;

struct sync_peer {
	sync_word *dead; /* nonzero once the other process has died */
	bool watch;	 /* check it: the device's process is killed with its parent and never needs to */
};

/*
 * Polls *word for so many microseconds, yielding the CPU meanwhile, before the caller goes to sleep: to wake a
 * thread on an idle CPU can take longer than the event that it waits for. Returns whether *word differs from seen.
 */
bool sync_spin(sync_word *word, uint32_t seen, unsigned us);
/* Returns once *word differs from seen: 0, or -EPIPE. */
int sync_wait(const struct sync_peer *peer, sync_word *word, uint32_t seen);
/* Returns once *done has caught up with *posted: 0, or -EPIPE. */
int sync_wait_done(const struct sync_peer *peer, sync_word *posted, sync_word *done);
void sync_wake_all(sync_word *word);

/* A lock: 0 free, 1 held, 2 held and contended. take: 0 or -EPIPE. */
int lock_take(const struct sync_peer *peer, sync_word *lock);
bool lock_try(sync_word *lock);
void lock_drop(sync_word *lock);

#endif
