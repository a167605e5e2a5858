// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * migrate.c - pages move: to the device for its faults and on request, back for the CPU's faults, on request and for eviction.
 *
 * What moved is counted for the context that the page belongs to, which is not always the one that is at work: a page that the process
 * has moved (mremap) keeps its own. The time is that of the context at work.
 */
#include <linux/highmem.h>
#include <linux/migrate.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "internal.h"
#include "trace.h"

/* The two lists of page frames that the kernel wants of a migration. */
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

/* A page that was to take part in a migration, and does not. */
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

/* A page that does not exist yet is made where it is wanted. */
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

	lap_add(lap, SOFTDEV_COLLECT);
	if (moved < 0)
		return moved;
	/* For those alone that do move: what is there already needs none. */
	softdev_make_room(context, args->cpages);
	lap_add(lap, SOFTDEV_ROOM);
	/* The list is whole: pages that cannot move now are not in it. */
	allocate_on_device(context, args);
	lap_add(lap, SOFTDEV_ALLOCATE);
	copy_to_device(context, args);
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

/* The vma says where the process wants its memory; without one, anywhere. */
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

	lap_add(lap, SOFTDEV_COLLECT);
	if (moved < 0)
		return moved;
	allocate_on_host(context, args);
	lap_add(lap, SOFTDEV_ALLOCATE);
	copy_to_host(context, args);
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

/* One mapping of the process after the other. What may not migrate (special mappings, files) stays where it is. */
static long migrate_range(
	struct softdev_context *context, unsigned long start, unsigned long end, unsigned int flags, migrate_fn migrate, struct softdev_lap *lap)
{
	struct lists lists;
	struct vm_area_struct *vma;
	long moved = lists_get(&lists, (end - start) >> PAGE_SHIFT), did;

	if (moved < 0)
		return moved;
	/* The device process's own is held in its faults, and is always the outer one. */
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
	/* Of whatever kind: mremap can bring pages of another context here. */
	return migrate_range(context, start, end, MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT, migrate_to_host, lap);
}

/* ---- the CPU's faults */

/* A granule that the CPU takes back again and again stays on the host. */
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
 * The kernel holds a reference to the page that was touched, so that its context cannot go. A fault that moves nothing, because another one is
 * at it or by a failure on request, is taken again.
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
	/* Its data may have left already, and only the fault that took them still holds it. */
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

/* A page that cannot go now, because a fault is at it, is passed over; a few of those, and there is no room. */
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

/* A page that is in use this very moment stays: it goes by the CPU's next touch, with its process, or when the module is unloaded. */
void softdev_evict_all(struct softdev_context *context)
{
	unsigned long tries = 2 * READ_ONCE(context->nresident);
	struct page *page;

	while (tries-- > 0 && (page = softdev_page_oldest(context)) != NULL) {
		softdev_evict(context, page);
		cond_resched();
	}
}
