// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * migrate.c - migration of pages: to the device for device faults and on request; to the host for CPU faults, on request and for eviction.
 *
 * Moved pages are counted in the context that owns the device page. That is not always the context that asked for the migration, because a page that
 * the process has moved with mremap() keeps its owner. Time is counted in the context that asked.
 */
#include <linux/highmem.h>
#include <linux/migrate.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "internal.h"
#include "trace.h"

/*
 * For tests of what reads the figures: a regression of known size in a known stage. 10 turns are about 33 instructions a page, 1 % of collecting it.
 */
static unsigned int slow_collect, slow_copy;
static bool slow_in_order;
module_param(slow_collect, uint, 0444);
MODULE_PARM_DESC(slow_collect, "for tests: turns of an empty loop for each page in the stage collect (default: 0, none)");
module_param(slow_copy, uint, 0444);
MODULE_PARM_DESC(slow_copy, "for tests: turns of an empty loop for each page in the stage copy (default: 0, none)");

module_param(slow_in_order, bool, 0444);
MODULE_PARM_DESC(slow_in_order, "for tests: slow_collect only for device faults in the order of addresses (default: off)");

static void slow_down(unsigned int turns, unsigned long pages)
{
	unsigned int turn;

	if (likely(turns == 0))
		return;
	for (; pages > 0; pages--) {
		for (turn = 0; turn < turns; turn++)
			barrier();
	}
}

/*
 * Whether the pages of the four device faults before this one lie before its own, in order. Those of a program that streams through its data do,
 * those of the benchmarks of single faults do not: they touch pages in random order.
 */
static bool is_fault_in_order(struct softdev_context *context, const struct migrate_vma *args, enum softdev_cause cause)
{
	if (cause != SOFTDEV_DEVICE_FAULT)
		return false;
	WRITE_ONCE(context->in_order, args->start == READ_ONCE(context->next_fault) ? READ_ONCE(context->in_order) + 1 : 0);
	WRITE_ONCE(context->next_fault, args->end);
	return READ_ONCE(context->in_order) >= 4;
}

static void slow_collecting(struct softdev_context *context, const struct migrate_vma *args, enum softdev_cause cause)
{
	if (likely(slow_collect == 0))
		return;
	if (!slow_in_order || (context && is_fault_in_order(context, args, cause)))
		slow_down(slow_collect, args->npages);
}

/* The arrays src and dst of struct migrate_vma. */
struct lists {
	unsigned long *src, *dst;
	unsigned long small[2];
};

static int lists_get(struct lists *lists, unsigned long pages)
{
	lists->src = pages == 1 ? lists->small : kvmalloc_array(2 * pages, sizeof(*lists->src), GFP_KERNEL);
	lists->dst = lists->src + pages;
	return lists->src ? 0 : -ENOMEM;
}

static void lists_put(struct lists *lists)
{
	if (lists->src != lists->small)
		kvfree(lists->src);
}

static void count_moved(struct softdev_context *context, enum softdev_cause cause, bool made)
{
	atomic64_inc(&context->counters.pages[cause]);
	if (made)
		atomic64_inc(&context->counters.made_pages);
	else
		atomic64_add(PAGE_SIZE, &context->counters.bytes[cause]);
}

/* Releases a destination page that is not used after all. */
static void give_up(struct page *page)
{
	unlock_page(page);
	put_page(page);
}

/* ---- to the device */

static void allocate_on_device(struct softdev_context *context, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		struct softdev_page *spage;

		args->dst[i] = 0;
		if (!(args->src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		spage = softdev_page_take(context);
		if (spage)
			args->dst[i] = migrate_pfn(page_to_pfn(spage->page));
	}
}

/* A page that has not been populated yet is created as zeros on the device. */
static void copy_to_device(struct softdev_context *context, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		struct page *from = migrate_pfn_to_page(args->src[i]), *to = migrate_pfn_to_page(args->dst[i]);

		if (!to)
			continue;
		if (fails(context, SOFTDEV_FAIL_COPY)) {
			give_up(to);
			args->dst[i] = 0;
			continue;
		}
		if (from)
			copy_highpage(softdev_page_of(to)->backing, from);
		else
			clear_highpage(softdev_page_of(to)->backing);
		if (from ? args->src[i] & MIGRATE_PFN_WRITE : args->vma->vm_flags & VM_WRITE)
			args->dst[i] |= MIGRATE_PFN_WRITE;
	}
}

static long settle_on_device(struct softdev_context *context, struct migrate_vma *args, enum softdev_cause cause)
{
	unsigned long i;
	long moved = 0;

	for (i = 0; i < args->npages; i++) {
		struct page *to = migrate_pfn_to_page(args->dst[i]);

		if (to && args->src[i] & MIGRATE_PFN_MIGRATE) {
			softdev_page_arrived(softdev_page_of(to));
			count_moved(context, cause, !migrate_pfn_to_page(args->src[i]));
			moved++;
		} else if (args->src[i]) {
			atomic64_inc(&context->counters.refused[cause]);
		}
	}
	return moved;
}

static long migrate_to_device(struct softdev_context *context, struct migrate_vma *args, struct softdev_lap *lap)
{
	long moved = migrate_vma_setup(args);

	slow_collecting(context, args, lap->cause);
	lap_add(lap, SOFTDEV_COLLECT);
	if (moved < 0)
		return moved;
	/* Only for the pages that will move; those already on the device need no room. */
	softdev_make_room(context, args->cpages);
	lap_add(lap, SOFTDEV_ROOM);
	/* Pages that cannot move now have no MIGRATE_PFN_MIGRATE in src and get no destination. */
	allocate_on_device(context, args);
	lap_add(lap, SOFTDEV_ALLOCATE);
	copy_to_device(context, args);
	slow_down(slow_copy, args->npages);
	lap_add(lap, SOFTDEV_COPY);
	migrate_vma_pages(args);
	moved = settle_on_device(context, args, lap->cause);
	lap_add(lap, SOFTDEV_INSTALL);
	migrate_vma_finalize(args);
	trace_softdev_migrate(context, lap->cause, args->start, args->npages, moved);
	lap_add(lap, SOFTDEV_FINISH);
	return moved;
}

/* ---- to the host */

/* With a vma, its memory policy is used; an eviction has no vma. */
static void allocate_on_host(struct softdev_context *context, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		struct page *page = NULL;

		args->dst[i] = 0;
		if (!(args->src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		if (!context || !fails(context, SOFTDEV_FAIL_HOST_PAGE))
			page = args->vma ? alloc_page_vma(GFP_HIGHUSER_MOVABLE, args->vma, args->start + (i << PAGE_SHIFT))
					 : alloc_page(GFP_HIGHUSER_MOVABLE);
		if (!page)
			continue;
		lock_page(page);
		args->dst[i] = migrate_pfn(page_to_pfn(page));
	}
}

static void copy_to_host(struct softdev_context *context, struct migrate_vma *args)
{
	unsigned long i;

	for (i = 0; i < args->npages; i++) {
		struct page *from = migrate_pfn_to_page(args->src[i]), *to = migrate_pfn_to_page(args->dst[i]);

		if (!to)
			continue;
		if (context && fails(context, SOFTDEV_FAIL_COPY)) {
			give_up(to);
			args->dst[i] = 0;
			continue;
		}
		copy_highpage(to, softdev_page_of(from)->backing);
		if (args->src[i] & MIGRATE_PFN_WRITE)
			args->dst[i] |= MIGRATE_PFN_WRITE;
	}
}

static long settle_on_host(struct softdev_context *context, struct migrate_vma *args, enum softdev_cause cause)
{
	unsigned long i;
	long moved = 0;

	for (i = 0; i < args->npages; i++) {
		struct page *from = migrate_pfn_to_page(args->src[i]);

		if (!from)
			continue;
		if (args->dst[i] && args->src[i] & MIGRATE_PFN_MIGRATE) {
			softdev_page_of(from)->leaving = true;
			count_moved(softdev_page_of(from)->context, cause, false);
			moved++;
		} else if (context) {
			atomic64_inc(&context->counters.refused[cause]);
		}
	}
	return moved;
}

static long migrate_to_host(struct softdev_context *context, struct migrate_vma *args, struct softdev_lap *lap)
{
	long moved = migrate_vma_setup(args);

	slow_collecting(context, args, lap->cause);
	lap_add(lap, SOFTDEV_COLLECT);
	if (moved < 0)
		return moved;
	allocate_on_host(context, args);
	lap_add(lap, SOFTDEV_ALLOCATE);
	copy_to_host(context, args);
	slow_down(slow_copy, args->npages);
	lap_add(lap, SOFTDEV_COPY);
	migrate_vma_pages(args);
	moved = settle_on_host(context, args, lap->cause);
	lap_add(lap, SOFTDEV_INSTALL);
	migrate_vma_finalize(args);
	trace_softdev_migrate(context, lap->cause, args->start, args->npages, moved);
	lap_add(lap, SOFTDEV_FINISH);
	return moved;
}

/* ---- ranges of the bound process */

typedef long (*migrate_fn)(struct softdev_context *context, struct migrate_vma *args, struct softdev_lap *lap);

/* Migrates each mapping in the range. Mappings that cannot migrate (special mappings, files) are skipped. */
static long migrate_range(
	struct softdev_context *context, unsigned long start, unsigned long end, unsigned int flags, migrate_fn migrate, struct softdev_lap *lap)
{
	struct lists lists;
	struct vm_area_struct *vma;
	long moved = lists_get(&lists, (end - start) >> PAGE_SHIFT), did;

	if (moved < 0)
		return moved;
	/* During a device fault the mmap lock of the device process is held as well. It is always taken first. */
	if (down_read_killable_nested(&context->mm->mmap_lock, SINGLE_DEPTH_NESTING)) {
		lists_put(&lists);
		return -EINTR;
	}
	lap_add(lap, SOFTDEV_WAIT);
	while (start < end && (vma = find_vma_intersection(context->mm, start, end)) != NULL) {
		struct migrate_vma args = {
			.vma = vma,
			.start = max(start, vma->vm_start),
			.end = min(end, vma->vm_end),
			.src = lists.src,
			.dst = lists.dst,
			.pgmap_owner = &softdev_owner,
			.flags = flags,
		};

		did = migrate(context, &args, lap);
		moved += did > 0 ? did : 0;
		start = args.end;
	}
	mmap_read_unlock(context->mm);
	lists_put(&lists);
	return moved;
}

long softdev_to_device(struct softdev_context *context, unsigned long start, unsigned long end, struct softdev_lap *lap)
{
	return migrate_range(context, start, end, MIGRATE_VMA_SELECT_SYSTEM, migrate_to_device, lap);
}

long softdev_to_host(struct softdev_context *context, unsigned long start, unsigned long end, struct softdev_lap *lap)
{
	/* Both kinds: mremap() may have brought pages of another context here. */
	return migrate_range(context, start, end, MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT, migrate_to_host, lap);
}

/* ---- the CPU's faults */

/* Pins a granule to the host after pin_after CPU faults. */
static void note_host_fault(struct softdev_context *context, struct vm_fault *vmf)
{
	struct softdev_granule *granule;

	if (context->bind.pin_after == 0 || vmf->vma->vm_mm != context->mm || vmf->address < context->bind.start || vmf->address >= bind_end(context))
		return;
	spin_lock(&context->pages_lock);
	if (!context->closed) {
		granule = granule_of(context, vmf->address);
		if (granule->host_faults < U16_MAX)
			granule->host_faults++;
		if (!granule->pinned && granule->host_faults >= context->bind.pin_after) {
			granule->pinned = true;
			atomic64_inc(&context->counters.pinned_granules);
		}
	}
	spin_unlock(&context->pages_lock);
}

/*
 * The kernel holds a reference to the faulting page, so its context cannot be freed. If nothing was moved, because of a concurrent migration or an
 * injected failure, the access faults again.
 */
vm_fault_t softdev_migrate_to_ram(struct vm_fault *vmf)
{
	struct softdev_context *context = softdev_page_of(vmf->page)->context;
	unsigned long src = 0, dst = 0;
	struct migrate_vma args = {
		.vma = vmf->vma,
		.start = vmf->address & PAGE_MASK,
		.end = (vmf->address & PAGE_MASK) + PAGE_SIZE,
		.src = &src,
		.dst = &dst,
		.pgmap_owner = &softdev_owner,
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.fault_page = vmf->page,
	};
	struct softdev_lap lap;
	long moved;

	lap_begin(&lap, context, SOFTDEV_HOST_FAULT);
	atomic64_inc(&context->counters.events[SOFTDEV_HOST_FAULT]);
	moved = migrate_to_host(context, &args, &lap);
	if (moved > 0)
		note_host_fault(context, vmf);
	else
		atomic64_inc(&context->counters.idle_faults[SOFTDEV_HOST]);
	trace_softdev_host_fault(context, vmf->address, moved);
	lap_end(&lap);
	return moved < 0 ? VM_FAULT_SIGBUS : 0;
}

/* ---- room */

int softdev_evict(struct softdev_context *context, struct page *page)
{
	unsigned long src = 0, dst = 0;
	struct migrate_vma args = {.src = &src, .dst = &dst, .npages = 1};
	struct softdev_lap lap = {0};
	long moved;

	if (context) {
		lap_begin(&lap, context, SOFTDEV_EVICTION);
		atomic64_inc(&context->counters.events[SOFTDEV_EVICTION]);
	}
	migrate_device_range(&src, page_to_pfn(page), 1);
	/* The data may have been migrated already, and only the fault that did so still holds a reference. */
	if (src && softdev_page_of(page)->leaving)
		src &= ~MIGRATE_PFN_MIGRATE;
	lap_add(&lap, SOFTDEV_COLLECT);
	allocate_on_host(context, &args);
	lap_add(&lap, SOFTDEV_ALLOCATE);
	copy_to_host(context, &args);
	lap_add(&lap, SOFTDEV_COPY);
	migrate_device_pages(&src, &dst, 1);
	moved = settle_on_host(context, &args, SOFTDEV_EVICTION);
	lap_add(&lap, SOFTDEV_INSTALL);
	migrate_device_finalize(&src, &dst, 1);
	lap_add(&lap, SOFTDEV_FINISH);
	trace_softdev_evict(context, page_to_pfn(page), moved);
	lap_end(&lap);
	return moved > 0 ? 0 : -EBUSY;
}

/* Skips pages that cannot be evicted now because a fault is using them, and gives up after 64 of those. */
void softdev_make_room(struct softdev_context *context, unsigned long pages)
{
	unsigned int busy = 0;
	struct page *page;

	while (READ_ONCE(context->nfree) < pages && busy < 64) {
		page = softdev_page_oldest(context);
		if (!page)
			break;
		if (softdev_evict(context, page))
			busy++;
		cond_resched();
	}
}

/* A page that is in use remains. It is freed by the CPU's next access, with its process, or when the module is unloaded. */
void softdev_evict_all(struct softdev_context *context)
{
	unsigned long tries = 2 * READ_ONCE(context->nresident);
	struct page *page;

	while (tries-- > 0 && (page = softdev_page_oldest(context)) != NULL) {
		softdev_evict(context, page);
		cond_resched();
	}
}
