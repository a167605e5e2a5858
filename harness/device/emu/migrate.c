/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate.c - granules: ownership, migration to the other side, eviction from the device.
 *
 * Invariants: owner and mapping change only under the granule's lock. An event on a granule that its
 * side already owns only maps it (the event may be stale: mapping without checking the owner would give the page to
 * both sides). No thread waits for the other process while it holds a lock: capacity is reserved before the lock is taken. Batches
 * take their locks in ascending order.
 */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/emu/copy.h"
#include "harness/device/emu/engine.h"

#define NONE	    UINT32_MAX
#define BATCH_BYTES ((size_t)2 << 20) /* at least one granule */

/* How often a thread that waits for an eviction checks whether one can still come. */
#define EVICTION_SPIN_US 1000

enum cause { CAUSE_FAULT, CAUSE_REQUEST, CAUSE_EVICTION };

int engine_fail(struct hmm_engine *engine, int err, const char *what)
{
	uint32_t fine = HMM_FINE;

	if (atomic_compare_exchange_strong(&engine->shared->failed, &fine, HMM_FAILING)) {
		fs_because(&engine->shared->failure, err, "", "HMM engine: %s: %s", what, strerror(-err));
		atomic_store(&engine->shared->failed, HMM_FAILED);
	}
	for (int side = 0; side < FS_SIDES; side++)
		view_stop_faults(engine, side);
	return err;
}

/* ---- capacity of the device's memory */

static bool is_limited(const struct hmm_engine *engine)
{
	return engine->config.capacity != 0;
}

void granules_reset(struct hmm_engine *engine, size_t bytes)
{
	struct hmm_shared *shared = engine->shared;

	for (size_t i = 0; i < engine->ngranules; i++) {
		struct granule *g = &shared->granules[i];

		/* The drivers of the last buffer's faults have released it long ago; the lock orders what they wrote. */
		if (lock_take(&engine->peer, &g->lock) < 0)
			return;
		g->owner = FS_HOST;
		g->pinned = false;
		g->settled = engine->config.huge; /* all system memory is there before the first touch */
		g->moves = 0;
		g->window_ns = 0;
		lock_drop(&g->lock);
	}
	atomic_store(&shared->bytes, bytes);
	shared->oldest = NONE;
	shared->newest = NONE;
	atomic_store(&shared->free_granules, (uint32_t)(engine->config.capacity / engine->config.granule));
}

static bool capacity_try(struct hmm_shared *shared)
{
	uint32_t n = atomic_load(&shared->free_granules);

	while (n > 0) {
		if (atomic_compare_exchange_weak(&shared->free_granules, &n, n - 1))
			return true;
	}
	return false;
}

/* Another thread may take released capacity before a waiter sees it: so a waiter waits for any release, and requests again. */
static int capacity_take(struct hmm_engine *engine)
{
	struct hmm_shared *shared = engine->shared;
	uint32_t seen = atomic_load(&shared->free_seq);
	int err = 0;

	while (err == 0 && !capacity_try(shared)) {
		atomic_fetch_add(&shared->evictions_wanted, 1);
		sync_wake_all(&shared->evictions_wanted);
		err = sync_wait(&engine->peer, &shared->free_seq, seen);
		seen = atomic_load(&shared->free_seq);
	}
	return err;
}

static void capacity_release(struct hmm_engine *engine)
{
	atomic_fetch_add(&engine->shared->free_granules, 1);
	atomic_fetch_add(&engine->shared->free_seq, 1);
	sync_wake_all(&engine->shared->free_seq);
}

/* Under the granule's lock. */
static int arrival_note(struct hmm_engine *engine, uint32_t granule)
{
	struct hmm_shared *shared = engine->shared;
	struct granule *g = &shared->granules[granule];
	int err = lock_take(&engine->peer, &shared->arrivals_lock);

	if (err < 0)
		return err;
	g->older = shared->newest;
	g->newer = NONE;
	if (shared->newest != NONE)
		shared->granules[shared->newest].newer = granule;
	else
		shared->oldest = granule;
	shared->newest = granule;
	lock_drop(&shared->arrivals_lock);
	return 0;
}

static int arrival_forget(struct hmm_engine *engine, uint32_t granule)
{
	struct hmm_shared *shared = engine->shared;
	struct granule *g = &shared->granules[granule];
	int err = lock_take(&engine->peer, &shared->arrivals_lock);

	if (err < 0)
		return err;
	if (g->older != NONE)
		shared->granules[g->older].newer = g->newer;
	else
		shared->oldest = g->newer;
	if (g->newer != NONE)
		shared->granules[g->newer].older = g->older;
	else
		shared->newest = g->older;
	lock_drop(&shared->arrivals_lock);
	return 0;
}

/* The oldest granule that no thread has locked, locked; or NONE. */
static uint32_t victim_lock(struct hmm_engine *engine)
{
	struct hmm_shared *shared = engine->shared;
	uint32_t victim;

	if (lock_take(&engine->peer, &shared->arrivals_lock) < 0)
		return NONE;
	for (victim = shared->oldest; victim != NONE; victim = shared->granules[victim].newer) {
		if (lock_try(&shared->granules[victim].lock))
			break;
	}
	lock_drop(&shared->arrivals_lock);
	return victim;
}

/* ---- moving */

/* The last granule may extend beyond the buffer: that part does not count. */
static size_t bytes_of(const struct hmm_engine *engine, size_t granule, size_t n)
{
	size_t first = granule * engine->config.granule, last = first + n * engine->config.granule;
	size_t end = atomic_load(&engine->shared->bytes);

	return (last < end ? last : end) - first;
}

static void count_move(struct hmm_engine *engine, size_t granule, size_t n, enum cause cause)
{
	struct hmm_shared *shared = engine->shared;
	struct counts_atomic *counts = &shared->counts[other_side(engine->side)];
	uint64_t pages = bytes_of(engine, granule, n) / engine->page_bytes;

	atomic_fetch_add(&counts->pages, pages);
	if (cause == CAUSE_FAULT)
		atomic_fetch_add(&counts->faults, 1);
	else if (cause == CAUSE_REQUEST)
		atomic_fetch_add(&counts->prefetched, pages);
	else
		atomic_fetch_add(&shared->evicted, pages);
}

static bool holds_lie(const struct hmm_engine *engine, size_t granule, size_t n)
{
	long lie = engine->config.stuck_page;
	size_t pages = engine->config.granule / engine->page_bytes;

	return lie >= 0 && (size_t)lie / pages >= granule && (size_t)lie / pages < granule + n;
}

/* Under thrash=pin the device stops migrating a granule that bounces: from now on it accesses it remotely. */
static void pin_where_thrashing(struct hmm_engine *engine, size_t granule, size_t offset)
{
	struct granule *g = &engine->shared->granules[granule];

	if (engine->side != FS_DEVICE || engine->config.thrash != HMM_THRASH_PIN || g->moves < engine->config.thrash_moves)
		return;
	/* This fails if the process has too many mappings: the granule then simply keeps bouncing. */
	if (view_pin(engine, offset, engine->config.granule) == 0) {
		g->pinned = true;
		atomic_fetch_add(&engine->shared->pinned, 1);
	}
}

/*
 * Before the first move of a granule that the caller has locked: see view_settle(). From then on all its pages exist, so that a touch of an
 * unmapped page causes an event. The tail beyond the buffer is settled with the rest.
 */
static void settle_first_touches(struct hmm_engine *engine, size_t granule, size_t n)
{
	struct granule *granules = engine->shared->granules;

	for (size_t i = granule; i < granule + n; i++) {
		if (!granules[i].settled)
			view_settle(engine, i * engine->config.granule, engine->config.granule);
		granules[i].settled = true;
	}
}

/* Moves n granules that this side owns and the caller has locked; the move started at start_ns. */
static int move_run(struct hmm_engine *engine, size_t granule, size_t n, enum cause cause, uint64_t start_ns)
{
	struct counts_atomic *counts = &engine->shared->counts[other_side(engine->side)];
	size_t offset = granule * engine->config.granule, bytes = n * engine->config.granule;
	enum fs_side from = engine->side, to = other_side(from);
	bool lie = holds_lie(engine, granule, n);
	uint64_t dropped_ns, copied_ns, mapped_ns;
	int err = 0;

	if (!lie)
		settle_first_touches(engine, granule, n);
	if (!lie)
		err = view_drop(engine, offset, bytes);
	dropped_ns = fs_now();
	if (!lie && err == 0)
		emu_copy(engine->alias[to] + offset, engine->alias[from] + offset, bytes);
	copied_ns = fs_now();
	for (size_t i = granule; i < granule + n; i++) {
		engine->shared->granules[i].owner = to;
		if (err == 0 && is_limited(engine))
			err = to == FS_DEVICE ? arrival_note(engine, i) : arrival_forget(engine, i);
	}
	/* Counted before the waiting thread resumes, so that it finds its own fault counted. */
	count_move(engine, granule, n, cause);
	atomic_fetch_add(&counts->unmap_ns, dropped_ns - start_ns);
	atomic_fetch_add(&counts->copy_ns, copied_ns - dropped_ns);
	if (n == 1 && cause == CAUSE_FAULT)
		pin_where_thrashing(engine, granule, offset);
	if (err == 0)
		err = view_give(engine, offset, bytes);
	mapped_ns = fs_now();
	atomic_fetch_add(&counts->map_ns, mapped_ns - copied_ns);
	atomic_fetch_add(&counts->moved_ns, mapped_ns - start_ns);
	atomic_fetch_add(&counts->finished, cause == CAUSE_FAULT);
	for (size_t i = 0; to == FS_HOST && is_limited(engine) && i < n; i++)
		capacity_release(engine);
	return err < 0 ? engine_fail(engine, err, "moving a granule") : 0;
}

/* ---- by a fault */

/* Counts this move; a granule that moved often within the window is thrashing. */
static void note_bounce(struct hmm_engine *engine, struct granule *g, uint64_t now_ns)
{
	if (now_ns - g->window_ns > (uint64_t)engine->config.thrash_window_us * 1000) {
		g->window_ns = now_ns;
		g->moves = 0;
	}
	if (g->moves < UINT16_MAX)
		g->moves++;
}

static bool is_throttled(const struct hmm_engine *engine, const struct granule *g, uint64_t now_ns)
{
	return engine->config.thrash == HMM_THRASH_THROTTLE && g->moves >= engine->config.thrash_moves &&
	       now_ns - g->window_ns <= (uint64_t)engine->config.thrash_window_us * 1000;
}

/*
 * Maps what the faulting side owns already: only the touched page. Its neighbours may not exist: two first touches of
 * a new page by the host are a first touch and an event, while the rest of the granule is still untouched.
 */
static int remap(struct hmm_engine *engine, size_t offset)
{
	struct granule *g = &engine->shared->granules[offset / engine->config.granule];
	size_t bytes = engine->config.huge ? engine->config.granule : engine->page_bytes;
	int err = 0;

	atomic_fetch_add(&engine->shared->counts[other_side(engine->side)].remaps, 1);
	offset = offset / bytes * bytes;
	if (g->pinned && engine->side == FS_HOST)
		view_wake(engine, offset, bytes);
	else
		err = view_remap(engine, offset, bytes);
	return err < 0 ? engine_fail(engine, err, "mapping a page") : 0;
}

int granule_serve(struct hmm_engine *engine, size_t offset, bool may_postpone)
{
	struct hmm_shared *shared = engine->shared;
	size_t granule = offset / engine->config.granule;
	struct granule *g = &shared->granules[granule];
	enum fs_side faulter = other_side(engine->side);
	bool reserved = faulter == FS_DEVICE && is_limited(engine);
	uint64_t start_ns = fs_now(), locked_ns = start_ns;
	int err = 0;

	/* Most faults need not wait. Then the clock is not read either, which would be a hundredth of a fault. */
	if (reserved || !lock_try(&g->lock)) {
		err = reserved ? capacity_take(engine) : 0;
		if (err == 0)
			err = lock_take(&engine->peer, &g->lock);
		if (err < 0)
			return err;
		locked_ns = fs_now();
	}
	if (g->owner == faulter || g->pinned) {
		err = remap(engine, offset);
	} else if (may_postpone && is_throttled(engine, g, locked_ns)) {
		err = 1;
	} else {
		note_bounce(engine, g, locked_ns);
		atomic_fetch_add(&shared->counts[faulter].wait_ns, locked_ns - start_ns);
		atomic_fetch_add(&shared->counts[faulter].moved_ns, locked_ns - start_ns);
		err = move_run(engine, granule, 1, CAUSE_FAULT, locked_ns);
		reserved = false;
	}
	lock_drop(&g->lock);
	if (reserved)
		capacity_release(engine);
	return err;
}

/* ---- on request */

/* Moves the runs of [first, last) that this side owns; the caller has locked them. */
static int move_owned(struct hmm_engine *engine, size_t first, size_t last)
{
	struct granule *granules = engine->shared->granules;
	int err = 0;

	while (first < last && err == 0) {
		size_t n = 0;

		while (first + n < last && granules[first + n].owner == engine->side && !granules[first + n].pinned)
			n++;
		if (n > 0)
			err = move_run(engine, first, n, CAUSE_REQUEST, fs_now());
		first += n > 0 ? n : 1;
	}
	return err;
}

static int migrate_batch(struct hmm_engine *engine, size_t first, size_t last)
{
	struct granule *granules = engine->shared->granules;
	size_t locked = first;
	int err = 0;

	while (locked < last && err == 0) {
		err = lock_take(&engine->peer, &granules[locked].lock);
		locked += err == 0;
	}
	if (err == 0)
		err = move_owned(engine, first, last);
	while (locked > first)
		lock_drop(&granules[--locked].lock);
	return err;
}

/* With limited capacity, one granule at a time: capacity must be reserved before the lock is taken. */
static int migrate_reserved(struct hmm_engine *engine, size_t granule)
{
	int err = capacity_take(engine);
	bool moved;

	if (err < 0)
		return err;
	err = lock_take(&engine->peer, &engine->shared->granules[granule].lock);
	if (err < 0)
		return err;
	moved = engine->shared->granules[granule].owner == FS_HOST && !engine->shared->granules[granule].pinned;
	if (moved)
		err = move_run(engine, granule, 1, CAUSE_REQUEST, fs_now());
	lock_drop(&engine->shared->granules[granule].lock);
	if (!moved)
		capacity_release(engine);
	return err;
}

int granules_migrate(struct hmm_engine *engine, size_t first, size_t last)
{
	size_t batch = engine->config.granule < BATCH_BYTES ? BATCH_BYTES / engine->config.granule : 1;
	int err = 0;

	while (first < last && err == 0) {
		size_t n = last - first < batch ? last - first : batch;

		if (engine->side == FS_HOST && is_limited(engine)) {
			n = 1;
			err = migrate_reserved(engine, first);
		} else {
			err = migrate_batch(engine, first, first + n);
		}
		first += n;
	}
	return err;
}

/* ---- eviction */

int granule_evict(struct hmm_engine *engine)
{
	uint32_t victim = victim_lock(engine);
	int err;

	/* All are locked, or another thread has freed capacity: try again soon. */
	if (victim == NONE) {
		sched_yield();
		return 0;
	}
	err = move_run(engine, victim, 1, CAUSE_EVICTION, fs_now());
	lock_drop(&engine->shared->granules[victim].lock);
	return err;
}

/*
 * Concurrent requesters of capacity may ask for one eviction too many. It would outlive the work that it was requested for:
 * it would move pages while they are inspected, or find the buffer unmapped. It takes microseconds, and only this function waits for it: a wake-up
 * after each eviction would cost more.
 */
int evictions_settle(struct hmm_engine *engine)
{
	struct hmm_shared *shared = engine->shared;
	uint32_t wanted = atomic_load(&shared->evictions_wanted), done;

	while ((int32_t)(wanted - (done = atomic_load(&shared->evictions_done))) > 0) {
		if (atomic_load(engine->peer.dead) != 0 || atomic_load(&shared->failed) != HMM_FINE)
			return -EPIPE;
		sync_spin(&shared->evictions_done, done, EVICTION_SPIN_US);
	}
	return 0;
}
