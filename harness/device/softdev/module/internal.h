/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * internal.h - what the files of the module share.
 *
 *   main.c     the device node: contexts, their bindings, load and unload
 *   requests.c what is asked of a context that is bound
 *   memory.c   the device's memory: pages, and their contexts
 *   coherent.c the range of coherent memory that the administrator gave
 *   migrate.c  moving pages, for whatever cause
 *   fault.c    the faults of the device, its page tables, the MMU notifier
 *   trace.h    the tracepoints
 *
 * Locks, outermost first:
 *
 *   the mmap lock of the device process (the kernel holds it in its faults)
 *   context->granule_locks   one fault or request at a time works on a granule
 *   the mmap lock of the bound process
 *   context->tables          the notifier's sequence against new entries in the device's page tables
 *   context->pages_lock      free and resident pages; taken in page_free(), under page table locks
 *
 * No process is bound and maps the device at the same time, so the two mmap locks are always taken in this order.
 */
#ifndef SOFTDEV_INTERNAL_H
#define SOFTDEV_INTERNAL_H

#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/timex.h>

#include "compat.h"
#include "../softdev_uapi.h"

#define GRANULE_LOCKS	 64
#define MOST_BOUND_BYTES (1ull << 40)

/* A page of the device's memory: what the kernel sees, and the memory behind it. */
struct softdev_page {
	struct list_head link; /* in the pool, or among its context's free or resident pages */
	struct page *page;     /* of the device: ZONE_DEVICE */
	struct page *backing;  /* where the data are; of coherent memory the page itself */
	struct dev_pagemap *pagemap;
	struct softdev_context *context; /* while it is in one */
	bool resident;			 /* of a process: among its context's resident pages */
	bool leaving;			 /* its data have been moved away */
};

/* A range of device memory. */
struct softdev_chunk {
	struct list_head link;
	struct dev_pagemap pagemap;
	struct resource *resource;
	struct softdev_page *pages;
	unsigned long npages;
};

struct softdev_counters {
	atomic64_t events[SOFTDEV_CAUSES], pages[SOFTDEV_CAUSES], bytes[SOFTDEV_CAUSES], refused[SOFTDEV_CAUSES];
	atomic64_t time[SOFTDEV_CAUSES][SOFTDEV_STAGES];
	atomic64_t write_faults, idle_faults[2], failed_faults, made_pages, dropped_pages, mapped_device_pages, mapped_host_pages;
	atomic64_t invalidations, retries, cow_breaks, pinned_granules;
};

/* Of a granule, for the policy. */
struct softdev_granule {
	u16 device_faults, host_faults;
	bool pinned;
};

struct softdev_context {
	struct kref ref;       /* the file, and each page on the device */
	struct list_head link; /* among all that are bound */
	struct mutex config;   /* one SOFTDEV_BIND */
	bool bound;	       /* set last, read without the lock */
	struct softdev_bind bind;
	struct mm_struct *mm;
	pid_t pid; /* of the bound process, for traces */
	struct mmu_interval_notifier notifier;
	struct inode *inode; /* its address space finds what the device process maps */
	struct mutex tables;
	struct mutex granule_locks[GRANULE_LOCKS];
	struct softdev_granule *granules;
	spinlock_t pages_lock;
	enum softdev_kind kind;		 /* of its pages */
	struct list_head free, resident; /* resident: oldest first */
	unsigned long nfree, nresident;
	bool closed; /* pages that become free go to the pool */
	atomic_t failures[SOFTDEV_FAILURES];
	struct softdev_counters counters;
};

/* Without a context nothing is counted. Time by stage: what passes between two calls of lap_add() belongs to the second's stage. */
struct softdev_lap {
	struct softdev_context *context;
	enum softdev_cause cause;
	u64 began, last;
};

static inline u64 softdev_now(const struct softdev_context *context)
{
	return context->bind.clock == SOFTDEV_CLOCK_CYCLES ? (u64)get_cycles() : ktime_get_raw_ns();
}

static inline void lap_begin(struct softdev_lap *lap, struct softdev_context *context, enum softdev_cause cause)
{
	lap->context = context;
	lap->cause = cause;
	lap->began = softdev_now(context);
	lap->last = softdev_now(context);
}

static inline void lap_add(struct softdev_lap *lap, enum softdev_stage stage)
{
	u64 now;

	if (!lap->context)
		return;
	now = softdev_now(lap->context);
	atomic64_add(now - lap->last, &lap->context->counters.time[lap->cause][stage]);
	lap->last = now;
}

/* Giving back what was taken for it is the rest. */
static inline void lap_end(struct softdev_lap *lap)
{
	lap_add(lap, SOFTDEV_LEAVE);
	if (lap->context)
		atomic64_add(softdev_now(lap->context) - lap->began, &lap->context->counters.time[lap->cause][SOFTDEV_WHOLE]);
}

static inline unsigned long bind_end(const struct softdev_context *context)
{
	return context->bind.start + context->bind.bytes;
}

static inline unsigned long granule_bytes(const struct softdev_context *context)
{
	return (unsigned long)context->bind.granule_pages << PAGE_SHIFT;
}

static inline struct softdev_granule *granule_of(struct softdev_context *context, unsigned long address)
{
	return context->granules + (address / granule_bytes(context) - context->bind.start / granule_bytes(context));
}

static inline struct mutex *granule_lock(struct softdev_context *context, unsigned long address)
{
	return &context->granule_locks[address / granule_bytes(context) % GRANULE_LOCKS];
}

/* Whether the next one of its kind shall fail, on request. */
static inline bool fails(struct softdev_context *context, enum softdev_failure failure)
{
	return unlikely(atomic_read(&context->failures[failure]) > 0) && atomic_dec_if_positive(&context->failures[failure]) >= 0;
}

static inline bool is_range(u64 start, u64 bytes)
{
	return bytes > 0 && bytes <= MOST_BOUND_BYTES && PAGE_ALIGNED(start) && PAGE_ALIGNED(bytes) && start < TASK_SIZE &&
	       bytes <= TASK_SIZE - start;
}

static inline bool is_bound_range(const struct softdev_context *context, u64 start, u64 bytes)
{
	return is_range(start, bytes) && start >= context->bind.start && start + bytes <= bind_end(context);
}

/* ---- memory.c */

extern int softdev_owner; /* its address tells our pages from those of other drivers */

void softdev_memory_exit(void); /* no context is open: brings back what is still on the device */
void softdev_memory_info(struct softdev_info *info);

/* Takes what a context may use from the pool, with memory behind it. 0 or -errno; put() also after a failure. */
int softdev_pages_get(struct softdev_context *context, enum softdev_kind kind, unsigned long pages, int node);
void softdev_pages_put(struct softdev_context *context);

/* One page for a migration to the device, locked, as the kernel wants it; NULL when the context has none left. */
struct softdev_page *softdev_page_take(struct softdev_context *context);
/* The page is a process's now, and still locked. */
void softdev_page_arrived(struct softdev_page *spage);
struct softdev_page *softdev_page_of(struct page *page);
bool softdev_is_ours(struct page *page);
/* The oldest on the device, which becomes the youngest; NULL without one. Only a hint: it may be gone at once. */
struct page *softdev_page_oldest(struct softdev_context *context);
void softdev_context_put(struct softdev_context *context);
/* NULL without memory for it. */
struct softdev_chunk *softdev_chunk_new(enum softdev_kind kind, unsigned long npages);
/* The chunk's resource becomes device memory of that node. Frees the chunk and its resource where that fails. */
int softdev_chunk_add(struct softdev_chunk *chunk, int node);

/* ---- coherent.c */

/* When the module is loaded. 0, also without a range; or -errno, and the log says why. */
int softdev_coherent_init(void);

/* ---- migrate.c */

/* Moves what it can of the bound range's [start, end) to the device. Returns how many pages moved, or -errno. The granule's lock is held. */
long softdev_to_device(struct softdev_context *context, unsigned long start, unsigned long end, struct softdev_lap *lap);
long softdev_to_host(struct softdev_context *context, unsigned long start, unsigned long end, struct softdev_lap *lap);
/* The CPU touched a page that is on the device. */
vm_fault_t softdev_migrate_to_ram(struct vm_fault *vmf);
/* Brings one page back without knowing who maps it. context: where it counts, or NULL. 0 or -errno */
int softdev_evict(struct softdev_context *context, struct page *page);
/* Until the context has room for so many pages, or nothing can be evicted. */
void softdev_make_room(struct softdev_context *context, unsigned long pages);
/* All that a context that is closed still has on the device. */
void softdev_evict_all(struct softdev_context *context);

/* ---- requests.c: of the ioctls of these names */

int softdev_move(struct softdev_context *context, void __user *user);
int softdev_fill(struct softdev_context *context, const void __user *user);
int softdev_where(struct softdev_context *context, const void __user *user);
int softdev_count(struct softdev_context *context, void __user *user);
int softdev_inject(struct softdev_context *context, const void __user *user);

/* ---- fault.c */

extern const struct mmu_interval_notifier_ops softdev_notifier_ops;
extern const struct vm_operations_struct softdev_vm_ops;
/* Maps in the calling process, as far as it maps the range, what is there: of the device's memory only, or wherever it is. 0 or -errno */
long softdev_map_ahead(struct softdev_context *context, unsigned long start, unsigned long end, bool anywhere, struct softdev_lap *lap);

#endif
