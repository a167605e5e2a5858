/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * internal.h - declarations shared by the files of the module.
 *
 *   main.c     the device node: open, bind, map, close; load and unload
 *   requests.c the other ioctls
 *   memory.c   the device's memory: pages, their backing, the pools
 *   coherent.c the range of device-coherent memory
 *   migrate.c  migration in both directions, and eviction
 *   fault.c    device faults, the device's page tables, the MMU notifier
 *   trace.h    the tracepoints
 *
 * Locks, outermost first:
 *
 *   the mmap lock of the device process (held by the kernel during its faults)
 *   context->granule_locks   serialize faults and requests on the same granule
 *   the mmap lock of the bound process
 *   context->tables          orders the notifier's sequence count and new entries in the device's page tables
 *   context->pages_lock      lists of free and resident pages; taken in page_free(), under page table locks
 *
 * A process that is bound cannot map a device file, nor the other way round, so the two mmap locks are always taken in this order.
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

/* A page of the device's memory. */
struct softdev_page {
	struct list_head link; /* in the pool, or in its context's free or resident list */
	struct page *page;     /* the ZONE_DEVICE page */
	struct page *backing;  /* holds the data; equal to page for coherent memory */
	struct dev_pagemap *pagemap;
	struct softdev_context *context; /* its owner; NULL in the pool */
	bool resident;			 /* mapped by a process: in its context's resident list */
	bool leaving;			 /* its data have been migrated to the host */
};

/* A contiguous range of device memory. */
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

/* Per granule, for the migration policy. */
struct softdev_granule {
	u16 device_faults, host_faults;
	bool pinned;
};

struct softdev_context {
	struct kref ref;       /* held by the file, and by each page on the device */
	struct list_head link; /* in the list of all bound contexts */
	struct mutex config;   /* serializes SOFTDEV_BIND and SOFTDEV_RESERVE */
	bool bound;	       /* set last; read without the lock */
	struct softdev_bind bind;
	struct mm_struct *mm;
	pid_t pid; /* of the bound process, for tracepoints */
	struct mmu_interval_notifier notifier;
	struct inode *inode; /* its address_space finds the mappings of the device process */
	struct mutex tables;
	struct mutex granule_locks[GRANULE_LOCKS];
	struct softdev_granule *granules;
	spinlock_t pages_lock;
	enum softdev_kind kind;
	struct list_head free, resident; /* resident: oldest first */
	unsigned long nfree, nresident;
	bool closed; /* freed pages go to the pool */
	atomic_t failures[SOFTDEV_FAILURES];
	/* For tests: the page after the one of the last device fault, and how many faults before it were in order. */
	unsigned long next_fault;
	unsigned int in_order;
	struct softdev_counters counters;
};

/* Time by stage: the time between two calls of lap_add() is counted for the stage of the second. Without a context nothing is counted. */
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

/* The rest, releasing locks and memory, is the stage LEAVE. */
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

/* Whether a failure was injected; consumes one. */
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

extern int softdev_owner; /* its address is the pgmap owner, which tells our pages from those of other drivers */

void softdev_memory_exit(void); /* called when no context is open; evicts pages that are still on the device */
void softdev_memory_info(struct softdev_info *info);

/* Gives a context so many pages with their backing. Returns 0 or -errno; call softdev_pages_put() after a failure as well. */
int softdev_pages_get(struct softdev_context *context, enum softdev_kind kind, unsigned long pages, int node);
void softdev_pages_put(struct softdev_context *context);

/* Allocates a device page for a migration, locked. NULL if the context has none left. */
struct softdev_page *softdev_page_take(struct softdev_context *context);
/* The page has been installed in a process, and is still locked. */
void softdev_page_arrived(struct softdev_page *spage);
struct softdev_page *softdev_page_of(struct page *page);
bool softdev_is_ours(struct page *page);
/* Rotates the list of resident pages and returns the oldest one, or NULL. No reference is held: it may be freed at any time. */
struct page *softdev_page_oldest(struct softdev_context *context);
void softdev_context_put(struct softdev_context *context);
/* NULL if out of memory. */
struct softdev_chunk *softdev_chunk_new(enum softdev_kind kind, unsigned long npages);
/* Turns the chunk's resource into device memory of that node. Frees the chunk and its resource on failure. */
int softdev_chunk_add(struct softdev_chunk *chunk, int node);

/* ---- coherent.c */

/* Called at load. Returns 0, also if no range was given; or -errno, with the reason in the log. */
int softdev_coherent_init(void);

/* ---- migrate.c */

/* Migrates what can be migrated in [start, end) of the bound range. Returns the number of pages, or -errno. The caller holds the granule's lock. */
long softdev_to_device(struct softdev_context *context, unsigned long start, unsigned long end, struct softdev_lap *lap);
long softdev_to_host(struct softdev_context *context, unsigned long start, unsigned long end, struct softdev_lap *lap);
/* Handles a CPU fault on a device page. */
vm_fault_t softdev_migrate_to_ram(struct vm_fault *vmf);
/* Migrates one page to the host, whoever maps it. context: where it is counted, or NULL. Returns 0 or -errno. */
int softdev_evict(struct softdev_context *context, struct page *page);
/* Evicts until the context has so many free pages, or nothing more can be evicted. */
void softdev_make_room(struct softdev_context *context, unsigned long pages);
/* Evicts what a closed context still has on the device. */
void softdev_evict_all(struct softdev_context *context);

/* ---- requests.c: the ioctls of these names */

int softdev_move(struct softdev_context *context, void __user *user);
int softdev_fill(struct softdev_context *context, const void __user *user);
int softdev_where(struct softdev_context *context, const void __user *user);
int softdev_count(struct softdev_context *context, void __user *user);
int softdev_inject(struct softdev_context *context, const void __user *user);

/* ---- fault.c */

extern const struct mmu_interval_notifier_ops softdev_notifier_ops;
extern const struct vm_operations_struct softdev_vm_ops;
/* Maps the pages that are present into the calling process, within its mapping: only device pages, or with anywhere all of them. 0 or -errno. */
long softdev_map_ahead(struct softdev_context *context, unsigned long start, unsigned long end, bool anywhere, struct softdev_lap *lap);

#endif
