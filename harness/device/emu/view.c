/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * view.c - the two memories of the engine, the view that each process has of the buffer, and its faults.
 *
 * A view maps its side's memory at the shared address and is registered with userfaultfd for minor faults:
 * a touch of a page that is in memory but not mapped is an event, served by the other process. Base pages are
 * mapped by UFFDIO_CONTINUE. With huge pages that would map each base page of one; there a granule is mapped by
 * unregistering its range, so that one native fault maps it with one entry, and unmapped by registering it again.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <numa.h>
#include <numaif.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"
#include "harness/machine/pages.h"

/* For headers older than the kernel. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

/* ---- memories */

/* Memories and the view start at a huge page, whatever their page size, so that page tables divide them in the same way. */
static unsigned char *aligned(unsigned char *p)
{
	size_t align = fs_huge_bytes();

	return (unsigned char *)(((uintptr_t)p + align - 1) & ~(align - 1));
}

static int pool_make(struct hmm_engine *engine, enum fs_side side, struct fs_reason *why)
{
	static const char *const name[FS_SIDES] = {"fivestep-system", "fivestep-device"};
	unsigned char *p;

	engine->pool_fd[side] = memfd_create(name[side], MFD_CLOEXEC);
	if (engine->pool_fd[side] < 0 || ftruncate(engine->pool_fd[side], (off_t)engine->pool_bytes) != 0)
		return fs_because(why, -errno, "", "cannot create the emulated memory: %s", strerror(errno));
	/* A huge page is mapped only where the address, modulo its size, equals the file's offset. */
	p = mmap(NULL, engine->pool_bytes + fs_huge_bytes(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return fs_because(why, -ENOMEM, "", "no address space for %zu bytes", engine->pool_bytes);
	engine->alias[side] = aligned(p);
	if (mmap(engine->alias[side], engine->pool_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, engine->pool_fd[side], 0) == MAP_FAILED)
		return fs_because(why, -errno, "", "cannot map the emulated memory: %s", strerror(errno));
	return 0;
}

/* Device memory is on the device's node, if it is known; elsewhere if that is full. */
static void pool_place(struct hmm_engine *engine)
{
	struct bitmask *nodes;

	if (engine->config.node < 0)
		return;
	nodes = numa_allocate_nodemask();
	numa_bitmask_setbit(nodes, (unsigned)engine->config.node);
	mbind(engine->alias[FS_DEVICE], engine->pool_bytes, MPOL_PREFERRED, nodes->maskp, nodes->size + 1, 0);
	numa_bitmask_free(nodes);
}

/*
 * Maps all of a memory in this process's alias and touches it, so that its first use is before step 1. Page-table entries alone are not
 * enough: a hypervisor may fill its own tables at the first access.
 */
static int pool_use(struct hmm_engine *engine, enum fs_side side, struct fs_reason *why)
{
	if (madvise(engine->alias[side], engine->pool_bytes, MADV_POPULATE_WRITE) != 0)
		return fs_because(
			why, -errno, "choose a smaller size", "no memory for %zu bytes of emulated memory: %s", engine->pool_bytes, strerror(errno));
	pages_use(engine->alias[side], engine->pool_bytes, engine->page_bytes);
	return 0;
}

/*
 * Builds a memory from huge pages: faults in one base page of each, and MADV_COLLAPSE zeroes the rest. That takes a tenth of the time
 * of faulting in each base page. 0, or -errno if part of it is not in huge pages.
 */
static int pool_collapse(struct hmm_engine *engine, enum fs_side side)
{
	size_t whole = engine->pool_bytes / fs_huge_bytes() * fs_huge_bytes();

	for (size_t at = 0; at < whole; at += fs_huge_bytes()) {
		if (madvise(engine->alias[side] + at, engine->page_bytes, MADV_POPULATE_WRITE) != 0)
			return -errno;
	}
	/* One call for all: each call waits for every CPU to drain its page lists. */
	return whole == 0 || madvise(engine->alias[side], whole, MADV_COLLAPSE) == 0 ? 0 : -errno;
}

/*
 * An older kernel does not know the advice. A newer one has no folios as large as its huge pages for shared memory where base pages have 64 KiB: the
 * page cache ends at 2^11 pages, a huge page has 2^13.
 */
static const char *collapse_remedy(int err)
{
	if (err == -EINVAL && fs_huge_bytes() / fs_page_bytes() > 2048)
		return "page=base, or a kernel with smaller base pages: this one has none of that size for shared memory";
	return err == -EINVAL ? "page=base, or Linux >= 6.1 with CONFIG_TRANSPARENT_HUGEPAGE" : "page=base, or more memory that is free in one piece";
}

/* Allocates a memory, in huge pages if available, and uses it once through this process's alias. */
static int pool_back(struct hmm_engine *engine, enum fs_side side, struct fs_reason *why)
{
	int err = pool_collapse(engine, side);

	if (err < 0 && engine->config.huge)
		return fs_because(
			why, -ENOTSUP, collapse_remedy(err), "no pages of %zu KiB: MADV_COLLAPSE: %s", fs_huge_bytes() >> 10, strerror(-err));
	engine->scattered |= err < 0;
	return pool_use(engine, side, why);
}

/*
 * Device memory is allocated before step 1, contiguous in huge pages like a real device's, whatever the page size in which the views map it. System
 * memory is not: the CPU's first touch allocates it, as in any program. Only in huge pages must it be built beforehand.
 */
int pools_make(struct hmm_engine *engine, struct fs_reason *why)
{
	int err = 0;

	for (int side = 0; side < FS_SIDES && err == 0; side++) {
		err = pool_make(engine, side, why);
		if (err == 0 && side == FS_DEVICE)
			pool_place(engine);
		if (err == 0 && (side == FS_DEVICE || engine->config.huge))
			err = pool_back(engine, side, why);
	}
	if (err == 0) {
		engine->reserved = mmap(NULL, engine->pool_bytes + fs_huge_bytes(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (engine->reserved == MAP_FAILED)
			err = fs_because(why, -ENOMEM, "", "no address space for %zu bytes", engine->pool_bytes);
		engine->view = aligned(engine->reserved);
	}
	return err;
}

/* A fork does not copy the page tables of shared mappings: the device's process has its own first use. */
int pools_prefault(struct hmm_engine *engine, struct fs_reason *why)
{
	int err = pool_use(engine, FS_DEVICE, why);

	if (err == 0 && engine->config.huge)
		err = pool_use(engine, FS_HOST, why);
	return err;
}

/* Untouched pages do not exist yet, and are not allocated here. */
void pools_warm(struct hmm_engine *engine)
{
	unsigned char there[512];
	size_t page = engine->page_bytes;

	for (size_t at = 0; at < engine->view_bytes; at += sizeof(there) * page) {
		size_t left = engine->view_bytes - at, bytes = left < sizeof(there) * page ? left : sizeof(there) * page;

		if (mincore(engine->alias[FS_HOST] + at, bytes, there) != 0)
			return;
		for (size_t i = 0; i < bytes / page; i++) {
			if (there[i] & 1)
				pages_use(engine->alias[FS_HOST] + at + i * page, page, page);
		}
	}
}

void pools_free(struct hmm_engine *engine)
{
	for (int side = 0; side < FS_SIDES; side++) {
		/* The address space skipped for alignment is freed with the process, or reused: it holds no memory. */
		if (engine->alias[side] != NULL)
			munmap(engine->alias[side], engine->pool_bytes);
		if (engine->pool_fd[side] >= 0)
			close(engine->pool_fd[side]);
		engine->alias[side] = NULL;
		engine->pool_fd[side] = -1;
	}
	if (engine->reserved != NULL && engine->reserved != MAP_FAILED)
		munmap(engine->reserved, engine->pool_bytes + fs_huge_bytes());
	engine->reserved = NULL;
}

/* ---- faults */

int uffd_no_minor(struct fs_reason *why, const char *release)
{
	unsigned major = 0, minor = 0;

	if (sscanf(release, "%u.%u", &major, &minor) != 2 || major < 5 || (major == 5 && minor < 14))
		return fs_because(why, -ENOSYS, "Linux >= 5.14", "this kernel's userfaultfd has no minor faults of shared memory");
	return fs_because(why, -ENOSYS,
		"copies and cdm need none; for hmm, a machine whose kernel has CONFIG_HAVE_ARCH_USERFAULTFD_MINOR (x86-64, arm64)",
		"Linux has no minor faults of shared memory (userfaultfd) on this architecture, or not in this configuration");
}

int uffd_make(struct fs_reason *why)
{
	struct utsname system = {.release = ""};
	struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_MINOR_SHMEM};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0 && errno == ENOSYS)
		return fs_because(why, -ENOSYS, "a kernel with CONFIG_USERFAULTFD, Linux >= 5.14", "this kernel has no userfaultfd");
	if (fd < 0 && (errno == EPERM || errno == EACCES))
		return fs_because(why, -EPERM, "sysctl vm.unprivileged_userfaultfd=1, or allow userfaultfd in the container's seccomp profile",
			"userfaultfd is forbidden here: %s", strerror(errno));
	if (fd < 0 && errno == EINVAL)
		return fs_because(why, -ENOSYS, "Linux >= 5.14", "this kernel's userfaultfd has no user-mode-only descriptors");
	if (fd < 0)
		return fs_because(why, -errno, "", "userfaultfd: %s", strerror(errno));
	if (ioctl(fd, UFFDIO_API, &api) == 0)
		return fd;
	close(fd);
	uname(&system);
	return uffd_no_minor(why, system.release);
}

static struct uffdio_range range_of(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	return (struct uffdio_range){.start = (uintptr_t)engine->view + offset, .len = bytes};
}

static int faults_on(struct hmm_engine *engine, enum fs_side side, size_t offset, size_t bytes)
{
	struct uffdio_register reg = {.range = range_of(engine, offset, bytes), .mode = UFFDIO_REGISTER_MODE_MINOR};

	return ioctl(engine->uffd[side], UFFDIO_REGISTER, &reg) == 0 ? 0 : -errno;
}

/* Unregistering does not wake threads that wait for a minor fault. */
static int faults_off(struct hmm_engine *engine, enum fs_side side, size_t offset, size_t bytes)
{
	struct uffdio_range range = range_of(engine, offset, bytes);
	int err = ioctl(engine->uffd[side], UFFDIO_UNREGISTER, &range) == 0 ? 0 : -errno;

	ioctl(engine->uffd[side], UFFDIO_WAKE, &range);
	return err;
}

void view_stop_faults(struct hmm_engine *engine, enum fs_side side)
{
	/* Wakes all waiting threads; they may read stale data, but the failure has been recorded. */
	if (engine->view_bytes != 0)
		faults_off(engine, side, 0, engine->view_bytes);
}

void view_wake(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	struct uffdio_range range = range_of(engine, offset, bytes);

	ioctl(engine->uffd[other_side(engine->side)], UFFDIO_WAKE, &range);
}

/* ---- views */

int view_map(struct hmm_engine *engine, size_t bytes)
{
	enum fs_side side = engine->side;
	int err = 0;

	if (mmap(engine->view, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, engine->pool_fd[side], 0) == MAP_FAILED)
		return -errno;
	engine->view_bytes = bytes;
	if (!engine->config.huge)
		madvise(engine->view, bytes, MADV_NOHUGEPAGE);
	/* With huge pages every granule is mapped for the host at the start. */
	if (!engine->config.huge || side == FS_DEVICE)
		err = faults_on(engine, side, 0, bytes);
	return err;
}

void view_unmap(struct hmm_engine *engine)
{
	if (engine->view_bytes == 0)
		return;
	/* The address stays reserved, so that the next buffer finds it free in both processes. */
	(void)mmap(engine->view, engine->view_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	if (engine->side == FS_HOST && !engine->config.huge)
		fallocate(engine->pool_fd[FS_HOST], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)engine->view_bytes);
	engine->view_bytes = 0;
}

/*
 * The kernel allocates an untouched page of system memory without an event, and the touching thread
 * may be about to map it while we unmap the view: it would keep a mapping of a page that has moved. A read through the
 * alias takes the page's lock, which that thread holds until it has mapped it. In the device's process the same
 * read maps the neighbours that exist in the alias, 16 pages per fault, where the copy's write would map one.
 */
void view_settle(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	const volatile unsigned char *p = engine->alias[FS_HOST] + offset;

	for (size_t i = 0; i < bytes; i += engine->page_bytes)
		(void)p[i];
}

int view_drop(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	int err = engine->config.huge ? faults_on(engine, engine->side, offset, bytes) : 0;

	if (err == 0 && madvise(engine->view + offset, bytes, MADV_DONTNEED) != 0)
		err = -errno;
	return err;
}

/*
 * Since Linux 6.14 (CONFIG_PT_RECLAIM) MADV_DONTNEED frees page tables that it emptied: UFFDIO_CONTINUE returns EFAULT
 * if it meets one, until that is done. The pages exist: they were just copied to.
 */
#define CONTINUE_TRIES 10000

static int give_pages(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	unsigned tries = 0;
	size_t done = 0;
	int err = 0;

	while (done < bytes && err == 0) {
		struct uffdio_continue c = {.range = range_of(engine, offset + done, bytes - done)};

		if (ioctl(engine->uffd[other_side(engine->side)], UFFDIO_CONTINUE, &c) == 0)
			done = bytes;
		else if (c.mapped > 0)
			done += (size_t)c.mapped;
		else if (errno == EEXIST)
			done += engine->page_bytes;
		else if (errno == EFAULT && ++tries < CONTINUE_TRIES)
			sched_yield();
		else if (errno != EAGAIN)
			err = -errno;
	}
	return err;
}

int view_give(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	if (engine->config.huge)
		return faults_off(engine, other_side(engine->side), offset, bytes);
	return give_pages(engine, offset, bytes);
}

int view_remap(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	int err = view_give(engine, offset, bytes);

	/* If everything was mapped already, nothing has woken the second thread that faulted on it. */
	view_wake(engine, offset, bytes);
	return err;
}

#ifndef __has_feature /* clang's; gcc defines __SANITIZE_THREAD__ */
#define __has_feature(feature) 0
#endif

/*
 * ThreadSanitizer takes mmap for a write of its whole range by this thread, and does not see that the kernel wakes the thread that touches it next:
 * it would report a race. It does not know the system call itself.
 */
static void *map_over(unsigned char *at, size_t bytes, int fd, size_t offset)
{
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
	return (void *)syscall(SYS_mmap, at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, (off_t)offset);
#else
	return mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, (off_t)offset);
#endif
}

int view_pin(struct hmm_engine *engine, size_t offset, size_t bytes)
{
	void *p = map_over(engine->view + offset, bytes, engine->pool_fd[FS_HOST], offset);

	return p == MAP_FAILED ? -errno : 0;
}

/* ---- the page tables' own report */

int view_present(struct hmm_engine *engine, pid_t pid, size_t offset, size_t bytes, uint8_t bit, uint8_t *sides)
{
	uint64_t entries[512];
	size_t pages = bytes / engine->page_bytes, first = ((uintptr_t)engine->view + offset) / engine->page_bytes;
	char path[64];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < pages && err == 0;) {
		size_t n = pages - i < 512 ? pages - i : 512;
		ssize_t got = pread(fd, entries, n * sizeof(*entries), (off_t)((first + i) * sizeof(*entries)));

		if (got < (ssize_t)sizeof(*entries))
			err = got < 0 ? -errno : -EIO;
		for (size_t k = 0; err == 0 && k < (size_t)got / sizeof(*entries); k++, i++) {
			if (entries[k] >> 63)
				sides[i] |= bit;
		}
	}
	close(fd);
	return err;
}
