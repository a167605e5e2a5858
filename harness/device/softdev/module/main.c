// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softdev - a software device that uses the kernel's HMM. Its compute side is an ordinary process that maps the device file; the driver fills the
 * page tables of that mapping as a GPU driver fills a GPU's, and an access to a page that is not mapped is a device fault. So compute code runs at
 * native speed, while migration, invalidation and CPU faults are the kernel's own code.
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

#define SOFTDEV_MAGIC 0x35646576

static DEFINE_MUTEX(contexts_lock);
static LIST_HEAD(contexts);
static unsigned long ncontexts;

/* ---- an inode for each context, so that unmap_mapping_range() removes only the entries of that context */

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
		/* A class of its own: this lock is taken while the same lock of a file that the bound process maps is held. */
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

/* The last reference to the file is gone, and so is every mapping: there can be no further device faults. */
static int softdev_release(struct inode *inode, struct file *file)
{
	struct softdev_context *context = file->private_data;

	if (context->bound) {
		mmu_interval_notifier_remove(&context->notifier);
		mutex_lock(&contexts_lock);
		list_del(&context->link);
		mutex_unlock(&contexts_lock);
	}
	softdev_pages_put(context);
	softdev_evict_all(context);
	/* After its pages have been returned: SOFTDEV_INFO relies on this order. */
	if (context->bound) {
		mutex_lock(&contexts_lock);
		ncontexts--;
		mutex_unlock(&contexts_lock);
	}
	if (context->bound)
		mmdrop(context->mm);
	kvfree(context->granules);
	inode_drop(context->inode);
	softdev_context_put(context);
	return 0;
}

/* ---- bind */

static bool is_node(int node)
{
	return node == -1 || (node >= 0 && node < MAX_NUMNODES && node_state(node, N_MEMORY));
}

/* Coherent memory is at a fixed place, so no node can be chosen for it. */
static int check_memory(u32 kind, int node)
{
	struct softdev_info info = {0};

	if (kind >= SOFTDEV_KINDS || !is_node(node) || (kind == SOFTDEV_COHERENT && node != -1))
		return -EINVAL;
	softdev_memory_info(&info);
	return info.most_pages[kind] ? 0 : -EOPNOTSUPP;
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
	/* With room for less than two granules, an access that straddles two of them would fault forever. */
	if (bind->capacity_pages && bind->capacity_pages < 2ull * bind->granule_pages)
		return -EINVAL;
	return check_memory(bind->kind, bind->node);
}

/* Checks that the whole range is mapped and that the process does not itself map a device file. The caller holds the mmap lock. */
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

/* After this, the notifier may be called. */
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
	context->pid = task_tgid_nr(current);
	context->granules = kvcalloc(granules, sizeof(*context->granules), GFP_KERNEL_ACCOUNT);
	if (!context->granules)
		return -ENOMEM;
	if (context->bind.capacity_pages)
		pages = min_t(u64, context->bind.capacity_pages, pages);
	return softdev_pages_get(context, context->bind.kind, pages, context->bind.node);
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
	if (reserve.pages > MOST_BOUND_BYTES >> PAGE_SHIFT)
		return -EINVAL;
	err = check_memory(reserve.kind, reserve.node);
	if (err)
		return err;
	mutex_lock(&context->config);
	err = context->bound ? -EALREADY : softdev_pages_get(context, reserve.kind, reserve.pages, reserve.node);
	mutex_unlock(&context->config);
	return err;
}

static int info(void __user *user)
{
	struct softdev_info info = {.abi = SOFTDEV_ABI, .page_bytes = PAGE_SIZE};

	/* Read first: if it is zero, the pages of the last context are in the pool already. */
	info.contexts = READ_ONCE(ncontexts);
	smp_rmb();
	softdev_memory_info(&info);
	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}

/* ---- the device node */

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
	if (cmd != SOFTDEV_MOVE && cmd != SOFTDEV_FILL && cmd != SOFTDEV_WHERE && cmd != SOFTDEV_COUNT && cmd != SOFTDEV_INJECT)
		return -ENOTTY;
	if (!smp_load_acquire(&context->bound))
		return -ENXIO;
	switch (cmd) {
	case SOFTDEV_MOVE:
		return softdev_move(context, user);
	case SOFTDEV_FILL:
		return softdev_fill(context, user);
	case SOFTDEV_WHERE:
		return softdev_where(context, user);
	case SOFTDEV_COUNT:
		return softdev_count(context, user);
	default:
		return softdev_inject(context, user);
	}
}

/*
 * Called when the device process maps the bound range. A process that has MMU notifiers may be bound itself; two such processes could deadlock,
 * so it is refused (leave_notifier() in fault.c depends on this). The mmap lock is held here and where notifiers are inserted.
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

/* Only root may open it unless the administrator changes the mode: any holder of an open file can read and change the bound memory. */
static struct miscdevice misc = {.minor = MISC_DYNAMIC_MINOR, .name = "softdev", .fops = &fops, .mode = 0600};

static int __init softdev_init(void)
{
	int err = softdev_coherent_init();

	if (!err)
		err = misc_register(&misc);
	if (err)
		softdev_memory_exit();
	return err;
}

static void __exit softdev_exit(void)
{
	misc_deregister(&misc);
	softdev_memory_exit();
}

module_init(softdev_init);
module_exit(softdev_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Software device with HMM, for the benchmark suite fivestep");
