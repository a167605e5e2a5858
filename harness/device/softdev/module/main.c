// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softdev - a device in software under the kernel's own HMM. Its compute side is an ordinary process, whose page tables for what it maps of this
 * file are filled as a driver fills a GPU's: a touch of what is missing is a device fault. So whatever runs there runs at native speed,
 * and migration, invalidation and the CPU's faults are the kernel's.
 */
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/hmm.h>
#include <linux/log2.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

#define SOFTDEV_MAGIC	 0x35646576
#define MOST_BOUND_BYTES (1ull << 40)
#define WHERE_PAGES	 512

static DEFINE_MUTEX(contexts_lock);
static LIST_HEAD(contexts);
static unsigned long ncontexts;

/* ---- an inode for each context: what one invalidates is not another's */

static struct vfsmount *mount;
static int mount_count;
static struct lock_class_key mapping_key;

static int fs_init_context(struct fs_context *fc)
{
	return init_pseudo(fc, SOFTDEV_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type softdev_fs = {
	.name = "softdev",
	.owner = THIS_MODULE,
	.init_fs_context = fs_init_context,
	.kill_sb = kill_anon_super,
};

static struct inode *inode_make(void)
{
	struct inode *inode;
	int err = simple_pin_fs(&softdev_fs, &mount, &mount_count);

	if (err)
		return ERR_PTR(err);
	inode = alloc_anon_inode(mount->mnt_sb);
	if (IS_ERR(inode))
		simple_release_fs(&mount, &mount_count);
	else
		/* The bound process's files have locks of this kind, and are invalidated under them. */
		lockdep_set_class(&inode->i_mapping->i_mmap_rwsem, &mapping_key);
	return inode;
}

static void inode_drop(struct inode *inode)
{
	iput(inode);
	simple_release_fs(&mount, &mount_count);
}

/* ---- open and close */

static int softdev_open(struct inode *inode, struct file *file)
{
	struct softdev_context *context = kzalloc(sizeof(*context), GFP_KERNEL_ACCOUNT);
	int i;

	if (!context)
		return -ENOMEM;
	context->inode = inode_make();
	if (IS_ERR(context->inode)) {
		int err = PTR_ERR(context->inode);

		kfree(context);
		return err;
	}
	kref_init(&context->ref);
	INIT_LIST_HEAD(&context->link);
	INIT_LIST_HEAD(&context->free);
	INIT_LIST_HEAD(&context->resident);
	mutex_init(&context->config);
	mutex_init(&context->tables);
	for (i = 0; i < GRANULE_LOCKS; i++)
		mutex_init(&context->granule_locks[i]);
	spin_lock_init(&context->pages_lock);
	file->private_data = context;
	file->f_mapping = context->inode->i_mapping;
	return 0;
}

/* The last user of the file is gone, and with it every mapping: nobody faults on the device any more. */
static int softdev_release(struct inode *inode, struct file *file)
{
	struct softdev_context *context = file->private_data;

	if (context->bound) {
		mmu_interval_notifier_remove(&context->notifier);
		mutex_lock(&contexts_lock);
		list_del(&context->link);
		ncontexts--;
		mutex_unlock(&contexts_lock);
	}
	softdev_pages_put(context);
	softdev_evict_all(context);
	if (context->bound)
		mmdrop(context->mm);
	kvfree(context->granules);
	inode_drop(context->inode);
	softdev_context_put(context);
	return 0;
}

/* ---- bind */

static bool is_range(u64 start, u64 bytes)
{
	return bytes > 0 && bytes <= MOST_BOUND_BYTES && PAGE_ALIGNED(start) && PAGE_ALIGNED(bytes) && start < TASK_SIZE &&
	       bytes <= TASK_SIZE - start;
}

static bool is_node(int node)
{
	return node == -1 || (node >= 0 && node < MAX_NUMNODES && node_state(node, N_MEMORY));
}

static int check_bind(const struct softdev_bind *bind)
{
	if (bind->abi != SOFTDEV_ABI)
		return -EPROTO;
	if (bind->reserved || bind->flags & ~SOFTDEV_READ_ONLY_FIRST || !is_range(bind->start, bind->bytes))
		return -EINVAL;
	if (bind->policy > SOFTDEV_REMOTE || bind->clock > SOFTDEV_CLOCK_CYCLES)
		return -EINVAL;
	if (!is_power_of_2(bind->granule_pages) || bind->granule_pages > SOFTDEV_GRANULE_PAGES)
		return -EINVAL;
	/* Less room than two granules, and an access that straddles them never ends. */
	if (bind->capacity_pages && bind->capacity_pages < 2ull * bind->granule_pages)
		return -EINVAL;
	if (!is_node(bind->node))
		return -EINVAL;
	return bind->kind == SOFTDEV_PRIVATE ? 0 : -EOPNOTSUPP;
}

/* All of the range is mapped, and the process does not map this device: it would be on both sides. The mmap lock is held. */
static int check_mappings(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma;

	for (vma = find_vma(mm, 0); vma; vma = find_vma(mm, vma->vm_end)) {
		if (vma->vm_ops == &softdev_vm_ops)
			return -EBUSY;
	}
	while (start < end) {
		vma = find_vma(mm, start);
		if (!vma || vma->vm_start > start)
			return -EFAULT;
		start = vma->vm_end;
	}
	return 0;
}

static bool overlaps(const struct softdev_context *context)
{
	const struct softdev_context *other;

	list_for_each_entry(other, &contexts, link)
	{
		if (other->mm == context->mm && other->bind.start < bind_end(context) && context->bind.start < bind_end(other))
			return true;
	}
	return false;
}

/* From here on invalidations come. */
static int attach(struct softdev_context *context)
{
	int err;

	mutex_lock(&contexts_lock);
	mmap_write_lock(context->mm);
	err = check_mappings(context->mm, context->bind.start, bind_end(context));
	if (!err && overlaps(context))
		err = -EEXIST;
	if (!err)
		err = mmu_interval_notifier_insert_locked(
			&context->notifier, context->mm, context->bind.start, context->bind.bytes, &softdev_notifier_ops);
	mmap_write_unlock(context->mm);
	if (!err) {
		mmgrab(context->mm);
		list_add(&context->link, &contexts);
		ncontexts++;
	}
	mutex_unlock(&contexts_lock);
	return err;
}

static int prepare(struct softdev_context *context)
{
	unsigned long pages = context->bind.bytes >> PAGE_SHIFT, granules = pages / context->bind.granule_pages + 2;

	context->mm = current->mm;
	context->granules = kvcalloc(granules, sizeof(*context->granules), GFP_KERNEL_ACCOUNT);
	if (!context->granules)
		return -ENOMEM;
	return softdev_pages_get(context, context->bind.capacity_pages ? min_t(u64, context->bind.capacity_pages, pages) : pages, context->bind.node);
}

static void unprepare(struct softdev_context *context)
{
	softdev_pages_put(context);
	context->closed = false;
	kvfree(context->granules);
	context->granules = NULL;
	context->mm = NULL;
}

static int bind(struct softdev_context *context, const void __user *user)
{
	int err;

	mutex_lock(&context->config);
	if (context->bound)
		err = -EALREADY;
	else if (copy_from_user(&context->bind, user, sizeof(context->bind)))
		err = -EFAULT;
	else
		err = check_bind(&context->bind);
	if (!err) {
		err = prepare(context);
		if (!err)
			err = attach(context);
		if (err)
			unprepare(context);
	}
	if (!err)
		smp_store_release(&context->bound, true);
	mutex_unlock(&context->config);
	return err;
}

static int reserve(struct softdev_context *context, const void __user *user)
{
	struct softdev_reserve reserve;
	int err;

	if (copy_from_user(&reserve, user, sizeof(reserve)))
		return -EFAULT;
	if (reserve.reserved || reserve.pages > MOST_BOUND_BYTES >> PAGE_SHIFT || !is_node(reserve.node))
		return -EINVAL;
	mutex_lock(&context->config);
	err = context->bound ? -EALREADY : softdev_pages_get(context, reserve.pages, reserve.node);
	mutex_unlock(&context->config);
	return err;
}

/* ---- move, where, count */

static bool is_bound_range(const struct softdev_context *context, u64 start, u64 bytes)
{
	return is_range(start, bytes) && start >= context->bind.start && start + bytes <= bind_end(context);
}

/* Both ways under the granule's lock. Who maps the device itself has what was brought there mapped, so that it does not fault on it. */
static long move_piece(struct softdev_context *context, unsigned long start, unsigned long end, bool to_device, struct softdev_lap *lap)
{
	struct mutex *lock = granule_lock(context, start);
	bool maps = to_device && current->mm && current->mm != context->mm;
	long moved = -EINTR, err;

	if (maps && mmap_read_lock_killable(current->mm))
		return -EINTR;
	if (mutex_lock_killable(lock) == 0) {
		moved = to_device ? softdev_to_device(context, start, end, lap) : softdev_to_host(context, start, end, lap);
		err = maps && moved >= 0 ? softdev_map_ahead(context, start, end, lap) : 0;
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

static int move(struct softdev_context *context, void __user *user)
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

/* Looks at the bound process's page tables and faults nothing in. The device's pages of other drivers read as nowhere. */
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

static int where(struct softdev_context *context, const void __user *user)
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

static int count(struct softdev_context *context, void __user *user)
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

static int inject(struct softdev_context *context, const void __user *user)
{
	struct softdev_inject inject;

	if (copy_from_user(&inject, user, sizeof(inject)))
		return -EFAULT;
	if (inject.failure >= SOFTDEV_FAILURES || inject.count > INT_MAX)
		return -EINVAL;
	atomic_set(&context->failures[inject.failure], inject.count);
	return 0;
}

static int info(void __user *user)
{
	struct softdev_info info = {.abi = SOFTDEV_ABI, .page_bytes = PAGE_SIZE};

	softdev_memory_info(&info);
	info.contexts = READ_ONCE(ncontexts);
	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}

/* ---- the node */

static long softdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct softdev_context *context = file->private_data;
	void __user *user = (void __user *)arg;

	if (cmd == SOFTDEV_INFO)
		return info(user);
	if (cmd == SOFTDEV_BIND)
		return bind(context, user);
	if (cmd == SOFTDEV_RESERVE)
		return reserve(context, user);
	if (cmd != SOFTDEV_MOVE && cmd != SOFTDEV_WHERE && cmd != SOFTDEV_COUNT && cmd != SOFTDEV_INJECT)
		return -ENOTTY;
	if (!smp_load_acquire(&context->bound))
		return -ENXIO;
	switch (cmd) {
	case SOFTDEV_MOVE:
		return move(context, user);
	case SOFTDEV_WHERE:
		return where(context, user);
	case SOFTDEV_COUNT:
		return count(context, user);
	default:
		return inject(context, user);
	}
}

/*
 * The device process maps what is bound. One with notifiers of its own may be bound itself, and each side could then wait for the other;
 * lockdep is told that this cannot be (fault.c). The mmap lock is held, as it is where notifiers are made.
 */
static int softdev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct softdev_context *context = file->private_data;
	u64 start = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (!smp_load_acquire(&context->bound))
		return -ENXIO;
	if (!(vma->vm_flags & VM_SHARED) || vma->vm_flags & VM_EXEC || vma->vm_pgoff > TASK_SIZE >> PAGE_SHIFT ||
		!is_bound_range(context, start, vma->vm_end - vma->vm_start))
		return -EINVAL;
	if (mm_has_notifiers(vma->vm_mm))
		return -EBUSY;
	compat_vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY);
	compat_vm_flags_clear(vma, VM_MAYEXEC);
	vma->vm_ops = &softdev_vm_ops;
	vma->vm_private_data = context;
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = softdev_open,
	.release = softdev_release,
	.mmap = softdev_mmap,
	.unlocked_ioctl = softdev_ioctl,
	.llseek = noop_llseek,
};

/* Root's alone, until the administrator says otherwise: who has it open may read and change what is bound. */
static struct miscdevice misc = {.minor = MISC_DYNAMIC_MINOR, .name = "softdev", .fops = &fops, .mode = 0600};

static int __init softdev_init(void)
{
	return misc_register(&misc);
}

static void __exit softdev_exit(void)
{
	misc_deregister(&misc);
	softdev_memory_exit();
}

module_init(softdev_init);
module_exit(softdev_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a device in software under HMM, for fivestep");
