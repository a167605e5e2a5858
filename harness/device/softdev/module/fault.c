// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fault.c - the device's faults and its page tables. The page tables are those of the process that maps the device file, within that mapping.
 *
 * Entries are filled from what hmm_range_fault() returns for the bound process. The MMU notifier removes them before that process's page tables
 * change. The two are ordered by the notifier's sequence count under context->tables: if the count has changed since hmm_range_fault() was called,
 * its result is stale and the fault handler calls it again.
 */
#include <linux/fs.h>
#include <linux/hmm.h>
#include <linux/lockdep.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "internal.h"
#include "trace.h"

/* A device fault that is being handled, or pages that are being mapped before a fault. Addresses are those of the bound process. */
struct fault {
	struct softdev_context *context;
	struct vm_area_struct *vma;
	unsigned long address, first, last;
	bool ahead; /* not a fault: no address was accessed */
	bool write;
	bool migrates; /* pages are to be moved to the device */
	long moved;    /* number of pages moved to the device */
	struct softdev_lap lap;
	unsigned long *pfns, small;
};

static unsigned long offset_of(const struct vm_area_struct *vma)
{
	return vma->vm_pgoff << PAGE_SHIFT;
}

static unsigned long device_address(const struct fault *fault, unsigned long address)
{
	return fault->vma->vm_start + (address - offset_of(fault->vma));
}

/* ---- invalidation */

/*
 * Removing entries from the device's page tables is itself an invalidation, in a process that has no notifiers (softdev_mmap() makes sure of
 * that), so it cannot recurse into this function. But lockdep has a single map for the notifiers of all processes and would report a recursion.
 * So the outer map is released during the inner invalidation. Locks taken inside are still checked.
 */
static struct lockdep_map *leave_notifier(void)
{
	struct lockdep_map *map = NULL;
#ifdef CONFIG_LOCKDEP
	int i;

	for (i = current->lockdep_depth - 1; i >= 0 && !map; i--) {
		map = current->held_locks[i].instance;
		if (!map->name || strcmp(map->name, "mmu_notifier_invalidate_range_start"))
			map = NULL;
	}
	if (map)
		lock_map_release(map);
#endif
	return map;
}

static void enter_notifier(struct lockdep_map *map)
{
#ifdef CONFIG_LOCKDEP
	if (map)
		lock_map_acquire(map);
#endif
}

/*
 * The lock is not held while entries are removed. Entries made before the lock was taken are removed below, and none can be made afterwards,
 * because the sequence count stays odd until the invalidation has ended.
 */
static bool invalidate(struct mmu_interval_notifier *notifier, const struct mmu_notifier_range *range, unsigned long seq)
{
	struct softdev_context *context = container_of(notifier, struct softdev_context, notifier);
	unsigned long first = max(range->start, (unsigned long)context->bind.start), last = min(range->end, bind_end(context));
	struct lockdep_map *map;

	if (mmu_notifier_range_blockable(range))
		mutex_lock(&context->tables);
	else if (fails(context, SOFTDEV_FAIL_BLOCK) || mapping_mapped(context->inode->i_mapping) || !mutex_trylock(&context->tables))
		return false;
	mmu_interval_set_seq(notifier, seq);
	mutex_unlock(&context->tables);
	atomic64_inc(&context->counters.invalidations);
	trace_softdev_invalidate(context, range->start, range->end, range->event);
	if (first < last && mapping_mapped(context->inode->i_mapping)) {
		map = leave_notifier();
		unmap_mapping_range(context->inode->i_mapping, first, last - first, 1);
		enter_notifier(map);
	}
	return true;
}

const struct mmu_interval_notifier_ops softdev_notifier_ops = {.invalidate = invalidate};

/* ---- the host's page tables */

/* Faults in the page that was accessed. Other pages of the granule are mapped only if they are present already. */
static int look(struct fault *fault, unsigned long first, unsigned long last, bool break_cow, unsigned long *seq)
{
	struct softdev_context *context = fault->context;
	struct hmm_range range = {
		.notifier = &context->notifier,
		.start = first,
		.end = last,
		.hmm_pfns = fault->pfns,
		.pfn_flags_mask = HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE,
		/* With another owner, hmm_range_fault() migrates the page back to the host first, and then breaks copy-on-write. */
		.dev_private_owner = break_cow ? NULL : &softdev_owner,
	};
	int err;

	memset(fault->pfns, 0, ((last - first) >> PAGE_SHIFT) * sizeof(*fault->pfns));
	if (!fault->ahead)
		fault->pfns[(fault->address - first) >> PAGE_SHIFT] = HMM_PFN_REQ_FAULT | (fault->write ? HMM_PFN_REQ_WRITE : 0);
	range.notifier_seq = mmu_interval_read_begin(range.notifier);
	*seq = range.notifier_seq;
	if (down_read_killable_nested(&context->mm->mmap_lock, SINGLE_DEPTH_NESTING))
		return -EINTR;
	lap_add(&fault->lap, SOFTDEV_WAIT);
	err = hmm_range_fault(&range);
	mmap_read_unlock(context->mm);
	lap_add(&fault->lap, SOFTDEV_LOOK);
	return err;
}

/* A write to a device page that the bound process shares copy-on-write: a write fault of the CPU makes the copy. */
static int break_cow(struct fault *fault)
{
	unsigned long seq;
	int err = look(fault, fault->address, fault->address + PAGE_SIZE, true, &seq);

	atomic64_inc(&fault->context->counters.cow_breaks);
	return err;
}

/* ---- mapping */

static int nothing(pte_t *pte, unsigned long address, void *data)
{
	return 0;
}

/* Nothing may be allocated under context->tables, because reclaim calls the notifier. So page tables are allocated beforehand. */
static int make_tables(struct fault *fault)
{
	return apply_to_page_range(fault->vma->vm_mm, device_address(fault, fault->first), fault->last - fault->first, nothing, NULL);
}

static vm_fault_t map_page(struct fault *fault, unsigned long address, unsigned long hmm_pfn)
{
	struct softdev_context *context = fault->context;
	bool writable = (hmm_pfn & HMM_PFN_WRITE) && (fault->vma->vm_flags & VM_WRITE);
	struct page *page = hmm_pfn_to_page(hmm_pfn);
	unsigned long flags = fault->vma->vm_flags;

	if (context->bind.flags & SOFTDEV_READ_ONLY_FIRST)
		writable = writable && fault->write && !fault->ahead && address == fault->address;
	if (softdev_is_ours(page)) {
		page = softdev_page_of(page)->backing;
		atomic64_inc(&context->counters.mapped_device_pages);
	} else {
		/* The host's own page table entry is not marked dirty by writes through this mapping. */
		if (writable)
			set_page_dirty(page);
		atomic64_inc(&context->counters.mapped_host_pages);
	}
	return vmf_insert_pfn_prot(
		fault->vma, device_address(fault, address), page_to_pfn(page), vm_get_page_prot(writable ? flags : flags & ~VM_SHARED));
}

/* If pages are to be moved to the device, those still on the host are not mapped and fault later, except for the page that was accessed. */
static bool shall_map(const struct fault *fault, unsigned long address, unsigned long hmm_pfn)
{
	if (!(hmm_pfn & HMM_PFN_VALID) || (hmm_pfn & HMM_PFN_ERROR))
		return false;
	return (!fault->ahead && address == fault->address) || !fault->migrates || softdev_is_ours(hmm_pfn_to_page(hmm_pfn));
}

static vm_fault_t map_all(struct fault *fault)
{
	vm_fault_t result = VM_FAULT_NOPAGE;
	unsigned long address, hmm_pfn;

	for (address = fault->first; address < fault->last && !(result & VM_FAULT_ERROR); address += PAGE_SIZE) {
		hmm_pfn = fault->pfns[(address - fault->first) >> PAGE_SHIFT];
		if (shall_map(fault, address, hmm_pfn))
			result = map_page(fault, address, hmm_pfn);
	}
	return result;
}

/* Repeats until the host's page tables have not changed between the lookup and the mapping. */
static vm_fault_t look_and_map(struct fault *fault)
{
	struct softdev_context *context = fault->context;
	vm_fault_t result;
	unsigned long seq;
	int err;

	for (;; atomic64_inc(&context->counters.retries)) {
		if (fatal_signal_pending(current))
			return VM_FAULT_NOPAGE;
		err = look(fault, fault->first, fault->last, false, &seq);
		if (!err && fault->write && !(fault->pfns[(fault->address - fault->first) >> PAGE_SHIFT] & HMM_PFN_WRITE)) {
			err = break_cow(fault);
			if (!err && fault->migrates)
				softdev_to_device(context, fault->address, fault->address + PAGE_SIZE, &fault->lap);
			if (!err)
				err = -EBUSY;
		}
		if (err == -EBUSY) {
			cond_resched();
			continue;
		}
		if (err)
			return err == -EINTR ? VM_FAULT_NOPAGE : err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
		mutex_lock(&context->tables);
		if (!mmu_interval_read_retry(&context->notifier, seq))
			break;
		mutex_unlock(&context->tables);
	}
	result = map_all(fault);
	mutex_unlock(&context->tables);
	lap_add(&fault->lap, SOFTDEV_MAP);
	return result;
}

/* ---- mapping before a fault */

static struct vm_area_struct *mapping_of(struct mm_struct *mm, const struct softdev_context *context, unsigned long address)
{
	struct vm_area_struct *vma;

	for (vma = find_vma(mm, 0); vma; vma = find_vma(mm, vma->vm_end)) {
		if (vma->vm_ops == &softdev_vm_ops && vma->vm_private_data == context && address >= offset_of(vma) &&
			address < offset_of(vma) + (vma->vm_end - vma->vm_start))
			return vma;
	}
	return NULL;
}

/* The caller holds the mmap lock of the current process and the granule's lock. */
long softdev_map_ahead(struct softdev_context *context, unsigned long start, unsigned long end, bool anywhere, struct softdev_lap *lap)
{
	struct fault fault = {.context = context, .ahead = true, .migrates = !anywhere, .first = start, .last = end, .lap = *lap};
	unsigned long mapped;
	long err = 0;

	fault.vma = mapping_of(current->mm, context, start);
	if (!fault.vma)
		return 0;
	mapped = offset_of(fault.vma) + (fault.vma->vm_end - fault.vma->vm_start);
	fault.last = min(end, mapped);
	fault.pfns = kvmalloc_array((fault.last - fault.first) >> PAGE_SHIFT, sizeof(*fault.pfns), GFP_KERNEL);
	if (!fault.pfns || make_tables(&fault) || look_and_map(&fault) & VM_FAULT_ERROR)
		err = -ENOMEM;
	kvfree(fault.pfns);
	*lap = fault.lap;
	return err;
}

/* ---- faults */

/* Whether this fault moves the granule to the device. The caller holds the granule's lock. */
static bool shall_migrate(struct softdev_context *context, unsigned long address)
{
	struct softdev_granule *granule = granule_of(context, address);

	if (context->bind.policy != SOFTDEV_MIGRATE || READ_ONCE(granule->pinned))
		return false;
	if (granule->device_faults < U16_MAX)
		granule->device_faults++;
	return granule->device_faults >= context->bind.migrate_after;
}

static vm_fault_t serve_granule(struct fault *fault)
{
	vm_fault_t result = VM_FAULT_OOM;

	fault->migrates = shall_migrate(fault->context, fault->address);
	if (fault->migrates)
		fault->moved = softdev_to_device(fault->context, fault->first, fault->last, &fault->lap);
	if (fault->moved <= 0)
		atomic64_inc(&fault->context->counters.idle_faults[SOFTDEV_DEVICE]);
	if (make_tables(fault) == 0) {
		lap_add(&fault->lap, SOFTDEV_MAP);
		result = look_and_map(fault);
	}
	return result;
}

/* The part of the granule that is both bound and mapped. */
static void set_range(struct fault *fault)
{
	struct softdev_context *context = fault->context;
	unsigned long granule = granule_bytes(context), first = fault->address & ~(granule - 1), last = first + granule,
		      mapped = offset_of(fault->vma);

	fault->first = max3(first, (unsigned long)context->bind.start, mapped);
	fault->last = min3(last, bind_end(context), mapped + (fault->vma->vm_end - fault->vma->vm_start));
}

static vm_fault_t serve(struct softdev_context *context, struct vm_fault *vmf, bool write)
{
	struct fault fault = {.context = context, .vma = vmf->vma, .write = write};
	struct mutex *lock;
	vm_fault_t result = VM_FAULT_OOM;

	fault.address = offset_of(vmf->vma) + ((vmf->address & PAGE_MASK) - vmf->vma->vm_start);
	set_range(&fault);
	lap_begin(&fault.lap, context, SOFTDEV_DEVICE_FAULT);
	atomic64_inc(&context->counters.events[SOFTDEV_DEVICE_FAULT]);
	if (write)
		atomic64_inc(&context->counters.write_faults);
	fault.pfns = fault.last - fault.first == PAGE_SIZE
			     ? &fault.small
			     : kvmalloc_array((fault.last - fault.first) >> PAGE_SHIFT, sizeof(*fault.pfns), GFP_KERNEL);
	lock = granule_lock(context, fault.address);
	if (fault.pfns && mutex_lock_killable(lock) == 0) {
		lap_add(&fault.lap, SOFTDEV_WAIT);
		result = serve_granule(&fault);
		mutex_unlock(lock);
	} else if (fault.pfns) {
		result = VM_FAULT_NOPAGE;
	}
	if (fault.pfns != &fault.small)
		kvfree(fault.pfns);
	if (result & VM_FAULT_SIGBUS)
		atomic64_inc(&context->counters.failed_faults);
	trace_softdev_device_fault(context, fault.address, write, fault.moved, result & VM_FAULT_SIGBUS);
	lap_end(&fault.lap);
	return result;
}

static vm_fault_t fault_of(struct vm_fault *vmf, bool write)
{
	struct softdev_context *context = vmf->vma->vm_private_data;
	vm_fault_t result;

	if (!mmget_not_zero(context->mm)) {
		atomic64_inc(&context->counters.failed_faults);
		return VM_FAULT_SIGBUS;
	}
	result = serve(context, vmf, write);
	/* This may be the last reference. Tearing down the bound process's mappings takes its mmap lock, which must not be taken here. */
	mmput_async(context->mm);
	return result;
}

static vm_fault_t device_fault(struct vm_fault *vmf)
{
	return fault_of(vmf, vmf->flags & FAULT_FLAG_WRITE);
}

/* A write to a page that is mapped read-only. Remove that entry first: inserting a PFN does not replace an existing one. */
static vm_fault_t device_write(struct vm_fault *vmf)
{
	struct softdev_context *context = vmf->vma->vm_private_data;
	unsigned long address = offset_of(vmf->vma) + ((vmf->address & PAGE_MASK) - vmf->vma->vm_start);

	unmap_mapping_range(context->inode->i_mapping, address, PAGE_SIZE, 1);
	return fault_of(vmf, true);
}

const struct vm_operations_struct softdev_vm_ops = {
	.fault = device_fault,
	.pfn_mkwrite = device_write,
};
