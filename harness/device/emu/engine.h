/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * engine.h - internals of the HMM engine: what the host's and the device's process share, and its parts
 *
 *   view.c     the two memories, the view of each process, its faults (userfaultfd)
 *   migrate.c  granules: ownership, migration, eviction
 *   driver.c   the threads that serve the other side's faults, and the policies against thrashing
 *   process.c  the device's process: commands, workers
 *   hmm.c      the engine's interface, in the host's process
 *
 * Every function works in either process: engine->side says in which. Only a process itself can unmap pages from
 * its view, so a granule is always moved by the process that owns it.
 */
#ifndef FIVESTEP_EMU_ENGINE_H
#define FIVESTEP_EMU_ENGINE_H

#include <pthread.h>

#include "harness/device/emu/child.h"
#include "harness/device/emu/hmm.h"
#include "harness/device/emu/team.h"

#define HMM_DRIVERS   64 /* limit */
#define HMM_POSTPONED 1024

/* Owner and mapping of a granule change only under its lock. */
struct granule {
	sync_word lock;
	uint8_t owner;	/* enum fs_side */
	bool pinned;	/* stays on the host; the device accesses it remotely */
	bool settled;	/* no first touch of its system memory can still be in progress */
	uint16_t moves; /* by faults, since window_ns */
	uint64_t window_ns;
	uint32_t older, newer; /* neighbours among those on the device, by arrival; only maintained if the capacity is limited */
};

struct counts_atomic {
	_Atomic uint64_t events, faults, remaps, prefetched, pages, wait_ns, unmap_ns, copy_ns, map_ns;
	_Atomic uint64_t moved_ns, finished; /* of whole moves; faults whose times are all counted */
} __attribute__((aligned(64)));

enum hmm_state { HMM_FINE, HMM_FAILING, HMM_FAILED };
enum command { COMMAND_MAP, COMMAND_WARM, COMMAND_UNMAP, COMMAND_MIGRATE };

struct hmm_shared {
	sync_word dead;	  /* the device's process is gone */
	sync_word failed; /* enum hmm_state; failure is written between FAILING and FAILED */
	struct fs_reason failure;
	struct counts_atomic counts[FS_SIDES];
	_Atomic uint64_t evicted, pinned, throttled;
	/* Free capacity of the device's memory, in granules; free_seq counts the releases. */
	sync_word free_granules, free_seq, evictions_wanted, evictions_done, arrivals_lock;
	uint32_t oldest, newest;
	struct mailbox service;
	enum command command;
	size_t first, last;   /* granules, of COMMAND_MIGRATE */
	_Atomic size_t bytes; /* of the mapped buffer, in whole base pages */
	struct team team;
	ulong out[FS_OUT_WORDS];
	struct granule granules[];
};

/* A fault that a throttling driver delays. */
struct postponed {
	uint64_t due_ns;
	size_t offset;
};

struct driver {
	pthread_t thread;
	struct hmm_engine *engine;
	_Atomic bool ended;
};

struct hmm_engine {
	struct hmm_config config;
	enum fs_side side; /* of this process */
	struct hmm_shared *shared;
	size_t shared_bytes;
	struct sync_peer peer;
	size_t page_bytes, pool_bytes, ngranules; /* of the largest buffer */
	int pool_fd[FS_SIDES];
	bool scattered;			/* part of the pools is not in huge pages */
	unsigned char *alias[FS_SIDES]; /* both memories, in both processes */
	unsigned char *reserved;	/* address space that holds the view */
	unsigned char *view;		/* the buffer: one address in both processes */
	_Atomic size_t view_bytes;	/* 0: no buffer is mapped */
	int uffd[FS_SIDES];		/* the faults of each side's view */
	/* Threads of this process. */
	struct driver drivers[HMM_DRIVERS];
	unsigned ndrivers;
	_Atomic bool stopping;
	pthread_t throttle;
	bool has_throttle;
	pthread_mutex_t postponed_lock;
	pthread_cond_t postponed_more;
	struct postponed postponed[HMM_POSTPONED]; /* a ring: all have the same delay, so they are in order of time */
	unsigned postponed_first, postponed_n;
	/* Only in the host's process. */
	struct child child;
	pthread_mutex_t order_lock; /* the service takes one order at a time */
	struct fs_reason why;
};

static inline enum fs_side other_side(enum fs_side side)
{
	return side == FS_HOST ? FS_DEVICE : FS_HOST;
}

/* Records the engine's first failure, and makes sure that no thread hangs: both views stop faulting. Returns err. */
int engine_fail(struct hmm_engine *engine, int err, const char *what);

/* ---- view.c */

int pools_make(struct hmm_engine *engine, struct fs_reason *why);     /* before the fork */
int pools_prefault(struct hmm_engine *engine, struct fs_reason *why); /* in each process after it */
void pools_warm(struct hmm_engine *engine); /* in each process: uses the allocated part of the buffer's system memory through its alias */
void pools_free(struct hmm_engine *engine);
/* The reason where a userfaultfd has no minor faults, by the kernel's release: an old kernel, or an architecture that has none. -ENOSYS. Pure. */
int uffd_no_minor(struct fs_reason *why, const char *release);
int uffd_make(struct fs_reason *why); /* a descriptor for faults of this process, or -errno */
int view_map(struct hmm_engine *engine, size_t bytes);
void view_unmap(struct hmm_engine *engine);
/* Before a move: makes sure that every page of system memory exists, and that no first touch of it is in progress. */
void view_settle(struct hmm_engine *engine, size_t offset, size_t bytes);
int view_drop(struct hmm_engine *engine, size_t offset, size_t bytes); /* unmaps a range from this process's view */
int view_give(struct hmm_engine *engine, size_t offset, size_t bytes); /* maps a range in the other process's view */
int view_remap(struct hmm_engine *engine, size_t offset, size_t bytes);
void view_wake(struct hmm_engine *engine, size_t offset, size_t bytes);
int view_pin(struct hmm_engine *engine, size_t offset, size_t bytes); /* the device's process maps system memory */
void view_stop_faults(struct hmm_engine *engine, enum fs_side side);
int view_present(struct hmm_engine *engine, pid_t pid, size_t offset, size_t bytes, uint8_t bit, uint8_t *sides);

/* ---- migrate.c */

void granules_reset(struct hmm_engine *engine, size_t bytes);
/* Serves a fault of the other side at an offset of the view. may_postpone: a thrashing granule may be delayed; returns 1 then. */
int granule_serve(struct hmm_engine *engine, size_t offset, bool may_postpone);
/* Moves the granules of [first, last) that this side owns to the other. */
int granules_migrate(struct hmm_engine *engine, size_t first, size_t last);
int granule_evict(struct hmm_engine *engine); /* the oldest on the device; in the device's process */
/* After work: returns once no eviction is in progress. */
int evictions_settle(struct hmm_engine *engine);

/* ---- driver.c */

int drivers_start(struct hmm_engine *engine);
void drivers_stop(struct hmm_engine *engine);
/* Before the buffer is freed: drops delayed faults, for which no thread waits any more. */
void drivers_forget(struct hmm_engine *engine);

/* ---- process.c */

/* The device's process: never returns. Once ready, it writes the number of its userfaultfd (an int) to READY. */
void device_process(struct hmm_engine *engine, int ready) __attribute__((noreturn));

#endif
