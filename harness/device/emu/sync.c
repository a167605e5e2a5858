/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sync.c - futexes between two processes.
 */
#include "config.h"

#include "harness/device/emu/sync.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "harness/fivestep.h"

static void futex(sync_word *word, int op, uint32_t value, const struct timespec *timeout)
{
	syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

bool sync_spin(sync_word *word, uint32_t seen, unsigned us)
{
	uint64_t until_ns = fs_now() + us * 1000ull;

	while (atomic_load(word) == seen && fs_now() < until_ns)
		sched_yield();
	return atomic_load(word) != seen;
}

int sync_wait(const struct sync_peer *peer, sync_word *word, uint32_t seen)
{
	static const struct timespec look = {.tv_nsec = 50 * 1000 * 1000};

	while (atomic_load(word) == seen) {
		if (atomic_load(peer->dead) != 0)
			return -EPIPE;
		futex(word, FUTEX_WAIT, seen, peer->watch ? &look : NULL);
	}
	return 0;
}

int sync_wait_done(const struct sync_peer *peer, sync_word *posted, sync_word *done)
{
	uint32_t until = atomic_load(posted), seen;
	int err = 0;

	while (err == 0 && (seen = atomic_load(done)) != until)
		err = sync_wait(peer, done, seen);
	return err;
}

void sync_wake_all(sync_word *word)
{
	futex(word, FUTEX_WAKE, INT_MAX, NULL);
}

bool lock_try(sync_word *lock)
{
	uint32_t is_free = 0;

	return atomic_compare_exchange_strong(lock, &is_free, 1);
}

int lock_take(const struct sync_peer *peer, sync_word *lock)
{
	if (lock_try(lock))
		return 0;
	while (atomic_exchange(lock, 2) != 0) {
		int err = sync_wait(peer, lock, 2);

		if (err < 0)
			return err;
	}
	return 0;
}

void lock_drop(sync_word *lock)
{
	if (atomic_exchange(lock, 0) == 2)
		futex(lock, FUTEX_WAKE, 1, NULL);
}
