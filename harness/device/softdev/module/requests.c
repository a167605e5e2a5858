// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * requests.c - the ioctls of a bound context: migration, mapping, residence of pages, counts, failure injection for tests.
 */
#include <linux/hmm.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

#define WHERE_PAGES 512

/* ---- move, where, count */

/* Takes the granule's lock. If the caller is the device process, pages moved to the device are mapped as well, so that it does not fault on them. */
static long move_piece(struct softdev_context *context, unsigned long start, unsigned long end, bool to_device, struct softdev_lap *lap)
{
	struct mutex *lock = granule_lock(context, start);
	bool maps = to_device && current->mm && current->mm != context->mm;
	long moved = -EINTR, err;

	if (maps && mmap_read_lock_killable(current->mm))
		return -EINTR;
	if (mutex_lock_killable(lock) == 0) {
		moved = to_device ? softdev_to_device(context, start, end, lap) : softdev_to_host(context, start, end, lap);
		err = maps && moved >= 0 ? softdev_map_ahead(context, start, end, false, lap) : 0;
		moved = err ? err : moved;
		mutex_unlock(lock);
	}
	if (maps)
		mmap_read_unlock(current->mm);
	return moved;
}

static long move_range(struct softdev_context *context, unsigned long start, unsigned long end, bool to_device)
{
	unsigned long step = (unsigned long)SOFTDEV_GRANULE_PAGES << PAGE_SHIFT, last;
	struct softdev_lap lap;
	long moved = 0, did = 0;

	lap_begin(&lap, context, to_device ? SOFTDEV_MOVE_TO_DEVICE : SOFTDEV_MOVE_TO_HOST);
	atomic64_inc(&context->counters.events[lap.cause]);
	for (; start < end && did >= 0; start = last) {
		last = min(end, (start & ~(step - 1)) + step);
		did = move_piece(context, start, last, to_device, &lap);
		moved += did > 0 ? did : 0;
		cond_resched();
	}
	lap_end(&lap);
	return did < 0 ? did : moved;
}

int softdev_move(struct softdev_context *context, void __user *user)
{
	struct softdev_move move;
	long moved;

	if (copy_from_user(&move, user, sizeof(move)))
		return -EFAULT;
	if (move.reserved || move.side > SOFTDEV_DEVICE || !is_bound_range(context, move.start, move.bytes))
		return -EINVAL;
	if (!mmget_not_zero(context->mm))
		return -ESRCH;
	moved = move_range(context, move.start, move.start + move.bytes, move.side == SOFTDEV_DEVICE);
	mmput(context->mm);
	if (moved < 0)
		return moved;
	move.moved_pages = moved;
	return copy_to_user(user, &move, sizeof(move)) ? -EFAULT : 0;
}

/* Maps the pages that are present, as a device would that uses the process's page tables. Nothing is moved and no page is populated. */
int softdev_fill(struct softdev_context *context, const void __user *user)
{
	unsigned long step = (unsigned long)SOFTDEV_GRANULE_PAGES << PAGE_SHIFT, start, last;
	struct softdev_lap lap = {0};
	struct softdev_range range;
	long err = 0;

	if (copy_from_user(&range, user, sizeof(range)))
		return -EFAULT;
	if (!is_bound_range(context, range.start, range.bytes) || current->mm == context->mm)
		return -EINVAL;
	if (!mmget_not_zero(context->mm))
		return -ESRCH;
	for (start = range.start; start < range.start + range.bytes && !err; start = last) {
		last = min((unsigned long)(range.start + range.bytes), (start & ~(step - 1)) + step);
		err = mmap_read_lock_killable(current->mm);
		if (err)
			break;
		err = mutex_lock_killable(granule_lock(context, start));
		if (!err) {
			err = softdev_map_ahead(context, start, last, true, &lap);
			mutex_unlock(granule_lock(context, start));
		}
		mmap_read_unlock(current->mm);
		cond_resched();
	}
	mmput(context->mm);
	return err;
}

static u8 place_of(struct softdev_context *context, unsigned long hmm_pfn)
{
	u8 place = SOFTDEV_PLACE_HOST;
	struct page *page;

	if (!(hmm_pfn & HMM_PFN_VALID) || (hmm_pfn & HMM_PFN_ERROR))
		return SOFTDEV_PLACE_NOWHERE;
	page = hmm_pfn_to_page(hmm_pfn);
	if (softdev_is_ours(page))
		place = softdev_page_of(page)->context == context ? SOFTDEV_PLACE_DEVICE : SOFTDEV_PLACE_OTHER;
	return place | (hmm_pfn & HMM_PFN_WRITE ? SOFTDEV_PLACE_WRITE : 0);
}

/* Reads the bound process's page tables without faulting anything in. Device pages of other drivers read as not present. */
static int look_where(struct softdev_context *context, unsigned long start, unsigned long pages, unsigned long *pfns, u8 *places)
{
	struct hmm_range range = {
		.notifier = &context->notifier,
		.start = start,
		.end = start + (pages << PAGE_SHIFT),
		.hmm_pfns = pfns,
		.dev_private_owner = &softdev_owner,
	};
	unsigned long i;
	int err;

	do {
		memset(pfns, 0, pages * sizeof(*pfns));
		range.notifier_seq = mmu_interval_read_begin(range.notifier);
		if (mmap_read_lock_killable(context->mm))
			return -EINTR;
		err = hmm_range_fault(&range);
		mmap_read_unlock(context->mm);
		if (err && err != -EBUSY)
			return err;
		mutex_lock(&context->tables);
		if (!err && mmu_interval_read_retry(range.notifier, range.notifier_seq))
			err = -EBUSY;
		for (i = 0; i < pages && !err; i++)
			places[i] = place_of(context, pfns[i]);
		mutex_unlock(&context->tables);
		cond_resched();
	} while (err == -EBUSY && !fatal_signal_pending(current));
	return err;
}

int softdev_where(struct softdev_context *context, const void __user *user)
{
	struct softdev_where where;
	unsigned long *pfns, pages, done, n;
	int err = 0;
	u8 *places;

	if (copy_from_user(&where, user, sizeof(where)))
		return -EFAULT;
	if (!is_bound_range(context, where.start, where.bytes))
		return -EINVAL;
	if (!mmget_not_zero(context->mm))
		return -ESRCH;
	pfns = kvmalloc_array(WHERE_PAGES, sizeof(*pfns) + 1, GFP_KERNEL);
	places = (u8 *)(pfns + WHERE_PAGES);
	if (!pfns)
		err = -ENOMEM;
	pages = where.bytes >> PAGE_SHIFT;
	for (done = 0; done < pages && !err; done += n) {
		n = min_t(unsigned long, pages - done, WHERE_PAGES);
		err = look_where(context, where.start + (done << PAGE_SHIFT), n, pfns, places);
		if (!err && copy_to_user(u64_to_user_ptr(where.places) + done, places, n))
			err = -EFAULT;
	}
	kvfree(pfns);
	mmput(context->mm);
	return err;
}

int softdev_count(struct softdev_context *context, void __user *user)
{
	struct softdev_counters *c = &context->counters;
	struct softdev_counts *counts = kzalloc(sizeof(*counts), GFP_KERNEL);
	int cause, stage, side, err;

	if (!counts)
		return -ENOMEM;
	for (cause = 0; cause < SOFTDEV_CAUSES; cause++) {
		counts->events[cause] = atomic64_read(&c->events[cause]);
		counts->pages[cause] = atomic64_read(&c->pages[cause]);
		counts->bytes[cause] = atomic64_read(&c->bytes[cause]);
		counts->refused[cause] = atomic64_read(&c->refused[cause]);
		for (stage = 0; stage < SOFTDEV_STAGES; stage++)
			counts->time[cause][stage] = atomic64_read(&c->time[cause][stage]);
	}
	for (side = 0; side < 2; side++)
		counts->idle_faults[side] = atomic64_read(&c->idle_faults[side]);
	counts->write_faults = atomic64_read(&c->write_faults);
	counts->failed_faults = atomic64_read(&c->failed_faults);
	counts->made_pages = atomic64_read(&c->made_pages);
	counts->dropped_pages = atomic64_read(&c->dropped_pages);
	counts->mapped_device_pages = atomic64_read(&c->mapped_device_pages);
	counts->mapped_host_pages = atomic64_read(&c->mapped_host_pages);
	counts->invalidations = atomic64_read(&c->invalidations);
	counts->retries = atomic64_read(&c->retries);
	counts->cow_breaks = atomic64_read(&c->cow_breaks);
	counts->pinned_granules = atomic64_read(&c->pinned_granules);
	counts->resident_pages = READ_ONCE(context->nresident);
	err = copy_to_user(user, counts, sizeof(*counts)) ? -EFAULT : 0;
	kfree(counts);
	return err;
}

int softdev_inject(struct softdev_context *context, const void __user *user)
{
	struct softdev_inject inject;

	if (copy_from_user(&inject, user, sizeof(inject)))
		return -EFAULT;
	if (inject.failure >= SOFTDEV_FAILURES || inject.count > INT_MAX)
		return -EINVAL;
	atomic_set(&context->failures[inject.failure], inject.count);
	return 0;
}
