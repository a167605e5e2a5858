/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mirror.c - softdev under HMM and with coherent memory: the host process's side. The buffer is ordinary memory of this process, which the kernel
 * module mirrors for the device process. Under HMM, device faults migrate pages. Coherent memory is placed and migrated on request only; pages that
 * are present are mapped for the device before it computes, as if it walked the process's page tables itself.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/device/softdev/softdev.h"

struct mirror {
	struct softdev_bind bind; /* template for each buffer */
	struct softdev_process process;
	struct child child;
	struct sync_peer peer;
	unsigned char *reserved; /* address space for the buffer, in both processes */
	size_t page_bytes, reserved_bytes;
	unsigned char *buffer;
	size_t buffer_bytes;	    /* whole pages; 0: no buffer */
	int fd;			    /* of the device file */
	bool inherited;		    /* opened before the fork */
	struct softdev_counts past; /* of buffers that were freed */
	uint64_t residence_conflicts;
	pthread_mutex_t order_lock; /* the device process handles one order at a time */
	struct fs_reason why;
};

/* ---- parameters */

static struct softdev_bind bind_of(const struct fs_args *args)
{
	size_t page = fs_page_bytes();

	return (struct softdev_bind){
		.abi = SOFTDEV_ABI,
		.kind = SOFTDEV_PRIVATE,
		.capacity_pages = (fs_arg_size(args, "capacity") + page - 1) / page,
		.granule_pages = (uint32_t)(fs_arg_size(args, "granule") / page),
		.policy = fs_arg_is(args, "policy", "remote") ? SOFTDEV_REMOTE : SOFTDEV_MIGRATE,
		.migrate_after = (uint32_t)fs_arg_count(args, "migrate_after"),
		.pin_after = (uint32_t)fs_arg_count(args, "pin_after"),
		.flags = fs_arg_is(args, "read_first", "yes") ? SOFTDEV_READ_ONLY_FIRST : 0,
		.clock = fs_counts_instructions() ? SOFTDEV_CLOCK_CYCLES : SOFTDEV_CLOCK_NS,
		.node = (int32_t)fs_arg_real(args, "node"),
	};
}

/* Parameters of faults have no effect here. */
static struct softdev_bind coherent_bind(void)
{
	return (struct softdev_bind){
		.abi = SOFTDEV_ABI,
		.kind = SOFTDEV_COHERENT,
		.granule_pages = 1,
		.policy = SOFTDEV_REMOTE,
		.clock = fs_counts_instructions() ? SOFTDEV_CLOCK_CYCLES : SOFTDEV_CLOCK_NS,
		.node = -1,
	};
}

static int check_page(const struct fs_args *args, const char *kind, struct fs_reason *why)
{
	if (fs_arg_size(args, "page") > fs_page_bytes())
		return fs_because(why, -EINVAL, "page=base", "the kernel moves to device-%s memory by base pages", kind);
	return 0;
}

static int check(const struct fs_args *args, size_t bytes, struct fs_reason *why)
{
	struct softdev_bind bind = bind_of(args);
	uint64_t least = 2 * (fs_arg_count(args, "workers") + 1);

	(void)bytes;
	if (bind.granule_pages > SOFTDEV_GRANULE_PAGES)
		return fs_because(why, -EINVAL, "choose a smaller granule", "a granule of more than %d pages", SOFTDEV_GRANULE_PAGES);
	/* An access may straddle two granules. With room for less than two per worker it might fault forever. */
	if (bind.capacity_pages != 0 && bind.capacity_pages / bind.granule_pages < least)
		return fs_because(why, -EINVAL, "choose a larger capacity",
			"a capacity of %" PRIu64 " pages is less than %" PRIu64 " granules of %u: two for each worker, and two",
			(uint64_t)bind.capacity_pages, least, bind.granule_pages);
	return check_page(args, "private", why);
}

static int check_coherent(const struct fs_args *args, size_t bytes, struct fs_reason *why)
{
	struct softdev_info info = {0};
	int fd = -1;

	if (fs_arg_real(args, "node") >= 0)
		return fs_because(
			why, -EINVAL, "without node=; or device=emu", "softdev's coherent memory is where the module was told, on no chosen node");
	if (check_page(args, "coherent", why) < 0)
		return -EINVAL;
	fd = softdev_node_open(&info, why);
	if (fd < 0)
		return fd;
	close(fd);
	if (bytes > info.pages[SOFTDEV_COHERENT] * info.page_bytes)
		return fs_because(why, -ENOSPC, "a smaller size, or load the module with a larger coherent_mib",
			"the device has %" PRIu64 " MiB of coherent memory", (uint64_t)(info.pages[SOFTDEV_COHERENT] * info.page_bytes >> 20));
	return 0;
}

/* ---- open and close */

int softdev_node_open(struct softdev_info *info, struct fs_reason *why)
{
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	struct softdev_info own = {0};

	info = info != NULL ? info : &own;
	if (fd < 0)
		return fs_because(why, -errno,
			errno == EACCES || errno == EPERM ? "as root, or let the administrator give access to " SOFTDEV_NODE : "",
			"cannot open " SOFTDEV_NODE ": %s", strerror(errno));
	if (ioctl(fd, SOFTDEV_INFO, info) == 0 && info->abi == SOFTDEV_ABI)
		return fd;
	close(fd);
	return fs_because(
		why, -EPROTO, "rmmod softdev, make module, and load that one", "the module that is loaded is of another version than this program");
}

/* Allocates the device's memory now rather than in a timed step. */
static int reserve(struct mirror *mirror, struct fs_reason *why)
{
	uint64_t pages = mirror->reserved_bytes / mirror->page_bytes, capacity = mirror->bind.capacity_pages;
	struct softdev_reserve reserve = {
		.pages = capacity != 0 && capacity < pages ? capacity : pages, .node = mirror->bind.node, .kind = mirror->bind.kind};
	int err = ioctl(mirror->fd, SOFTDEV_RESERVE, &reserve) == 0 ? 0 : -errno;

	return err == 0 ? 0
			: fs_because(why, err, "a smaller buffer or capacity", "no device memory of %" PRIu64 " pages: %s", (uint64_t)reserve.pages,
				  strerror(-err));
}

static void close_mirror(void *mode)
{
	struct mirror *mirror = mode;

	child_end(&mirror->child);
	if (mirror->reserved != NULL)
		munmap(mirror->reserved, mirror->reserved_bytes + fs_huge_bytes());
	if (mirror->fd >= 0)
		close(mirror->fd);
	if (mirror->process.shared != NULL)
		munmap(mirror->process.shared, sizeof(*mirror->process.shared));
	free(mirror);
}

static void run_process(void *arg, int ready)
{
	softdev_process(arg, ready);
}

static int start(struct mirror *mirror, struct fs_reason *why)
{
	int ready = -1, err;
	char byte;

	mirror->child = (struct child){.dead = &mirror->process.shared->dead};
	err = child_fork(&mirror->child, run_process, &mirror->process, &ready, why);
	if (err == 0 && read(ready, &byte, 1) != 1)
		err = fs_because(why, -EPIPE, "", "the device's process did not start");
	if (ready >= 0)
		close(ready);
	return err == 0 ? child_watch(&mirror->child, why) : err;
}

static void *map_memory(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, flags & MAP_SHARED ? PROT_READ | PROT_WRITE : PROT_NONE, flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

static int open_bound(const struct softdev_bind *bind, const struct emu_config *config, void **mode, struct fs_reason *why)
{
	struct mirror *mirror = calloc(1, sizeof(*mirror));
	int err = -ENOMEM;

	if (mirror == NULL)
		return fs_no_memory(why);
	pthread_mutex_init(&mirror->order_lock, NULL);
	mirror->bind = *bind;
	mirror->page_bytes = fs_page_bytes();
	mirror->reserved_bytes = ((config->bytes > 0 ? config->bytes : 1) + mirror->page_bytes - 1) / mirror->page_bytes * mirror->page_bytes;
	mirror->reserved = map_memory(mirror->reserved_bytes + fs_huge_bytes(), MAP_PRIVATE);
	mirror->process = (struct softdev_process){
		.shared = map_memory(sizeof(struct softdev_shared), MAP_SHARED), .workers = config->workers, .node = config->node, .fd = -1};
	mirror->fd = softdev_node_open(NULL, why);
	if (mirror->reserved == NULL || mirror->process.shared == NULL)
		fs_no_memory(why);
	else
		err = mirror->fd < 0 ? mirror->fd : reserve(mirror, why);
	if (err == 0) {
		mirror->inherited = true;
		mirror->process.peer = mirror->peer = (struct sync_peer){&mirror->process.shared->dead, true};
		err = start(mirror, why);
	}
	if (err < 0)
		close_mirror(mirror);
	else
		*mode = mirror;
	return err;
}

static int open_mirror(struct fs_job *job, const struct emu_config *config, void **mode, struct fs_reason *why)
{
	struct softdev_bind bind = bind_of(fs_args(job));

	return open_bound(&bind, config, mode, why);
}

static int open_coherent(struct fs_job *job, const struct emu_config *config, void **mode, struct fs_reason *why)
{
	struct softdev_bind bind = coherent_bind();

	(void)job;
	return open_bound(&bind, config, mode, why);
}

/* ---- orders */

static int because(struct mirror *mirror, int err, const char *what)
{
	if (atomic_load(&mirror->process.shared->dead) != 0) {
		mirror->why = mirror->child.death;
		return -EPIPE;
	}
	return err == 0 ? 0 : fs_because(&mirror->why, err, "", "%s: %s", what, strerror(-err));
}

static int order(struct mirror *mirror, enum softdev_command command, unsigned char *address, size_t bytes)
{
	struct softdev_shared *shared = mirror->process.shared;
	int err;

	pthread_mutex_lock(&mirror->order_lock);
	shared->command = command;
	shared->address = address;
	shared->bytes = bytes;
	err = because(mirror, mailbox_order(&shared->service, &mirror->peer), "the device's process");
	pthread_mutex_unlock(&mirror->order_lock);
	return err;
}

/* ---- the buffer: one at a time, each in a context of its own */

static int context_open(struct mirror *mirror)
{
	if (mirror->fd < 0)
		mirror->fd = softdev_node_open(NULL, &mirror->why);
	mirror->process.shared->fd = mirror->fd;
	mirror->process.shared->inherited = mirror->inherited;
	return mirror->fd < 0 ? mirror->fd : 0;
}

/* Aligned to the largest granule, so that no granule is cut. */
static unsigned char *place(const struct mirror *mirror)
{
	uintptr_t huge = fs_huge_bytes();

	return (unsigned char *)(((uintptr_t)mirror->reserved + huge - 1) & ~(huge - 1));
}

static int alloc(void *mode, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct mirror *mirror = mode;
	struct softdev_bind bind = mirror->bind;
	unsigned char *address = place(mirror);
	int err = context_open(mirror);

	if (err < 0)
		return err;
	bytes = (bytes + mirror->page_bytes - 1) / mirror->page_bytes * mirror->page_bytes;
	if (bytes == 0 || bytes > mirror->reserved_bytes || mirror->buffer_bytes != 0)
		return because(mirror, -EINVAL, "one buffer at a time");
	if (mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return because(mirror, -errno, "mmap");
	madvise(address, bytes, MADV_NOHUGEPAGE);
	bind.start = (uintptr_t)address;
	bind.bytes = bytes;
	if (ioctl(mirror->fd, SOFTDEV_BIND, &bind) != 0)
		return because(mirror, -errno, "SOFTDEV_BIND");
	err = order(mirror, SOFTDEV_ORDER_MAP, address, bytes);
	/* Pages that have not been populated yet are created there as zeros. */
	if (err == 0 && bind.kind == SOFTDEV_COHERENT && side == FS_DEVICE)
		err = order(mirror, SOFTDEV_ORDER_MOVE, address, bytes);
	if (err < 0)
		return err;
	mirror->buffer = address;
	mirror->buffer_bytes = bytes;
	memory->cpu = memory->device = address;
	return 0;
}

/* Coherent memory: maps the pages that are present for the device. */
static int warm(void *mode)
{
	struct mirror *mirror = mode;

	return mirror->buffer_bytes != 0 ? order(mirror, SOFTDEV_ORDER_FILL, mirror->buffer, mirror->buffer_bytes) : 0;
}

static void add_counts(struct softdev_counts *sum, const struct softdev_counts *counts)
{
	uint64_t *to = (uint64_t *)sum;
	const uint64_t *from = (const uint64_t *)counts;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

static void free_memory(void *mode, struct fs_memory *memory)
{
	struct mirror *mirror = mode;
	struct softdev_counts counts = {0};

	(void)memory;
	order(mirror, SOFTDEV_ORDER_UNMAP, mirror->buffer, mirror->buffer_bytes);
	/* If it fails, the pages are freed with the process. */
	(void)mmap(mirror->buffer, mirror->buffer_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	if (ioctl(mirror->fd, SOFTDEV_COUNT, &counts) == 0)
		add_counts(&mirror->past, &counts);
	close(mirror->fd);
	mirror->fd = -1;
	mirror->inherited = false;
	mirror->buffer_bytes = 0;
}

/* ---- work */

static int wait(void *mode, int stream)
{
	struct mirror *mirror = mode;

	(void)stream;
	return because(mirror, team_wait(&mirror->process.shared->team, &mirror->peer), "the device's process");
}

static int launch(void *mode, int stream, const struct fs_memory *memory, const struct fs_launch *launch)
{
	struct mirror *mirror = mode;
	int err = wait(mode, stream);

	if (err == 0)
		team_post(&mirror->process.shared->team, launch, memory->device, mirror->process.shared->out);
	return err;
}

static int migrate(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	struct mirror *mirror = mode;
	size_t page = mirror->page_bytes, first = offset / page * page, last = (offset + bytes + page - 1) / page * page;
	struct softdev_move move = {.start = (uintptr_t)memory->cpu + first, .bytes = last - first, .side = SOFTDEV_HOST};

	if (bytes == 0)
		return 0;
	if (to == FS_DEVICE)
		return order(mirror, SOFTDEV_ORDER_MOVE, (unsigned char *)memory->cpu + first, last - first);
	return because(mirror, ioctl(mirror->fd, SOFTDEV_MOVE, &move) == 0 ? 0 : -errno, "SOFTDEV_MOVE");
}

/* ---- residence */

static int residence(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct mirror *mirror = mode;
	struct softdev_view view = {mirror->fd, mirror->child.pid, mirror->bind.kind, mirror->page_bytes};
	size_t pages = bytes / mirror->page_bytes, n;
	int err = 0;

	for (size_t at = 0; at < pages && err == 0; at += n) {
		n = pages - at < SOFTDEV_BATCH ? pages - at : SOFTDEV_BATCH;
		err = softdev_look(
			&view, (unsigned char *)memory->cpu + offset + at * mirror->page_bytes, n, side + at, &mirror->residence_conflicts);
	}
	return because(mirror, err, "looking where pages are");
}

static int mapped(void *mode, const struct fs_memory *memory, struct fs_mapped *mapped)
{
	struct mirror *mirror = mode;

	return fs_mapped_add(mirror->child.pid, memory->cpu, memory->bytes, mapped);
}

static ulong *out(void *mode)
{
	return ((struct mirror *)mode)->process.shared->out;
}

static const struct fs_reason *why(void *mode)
{
	return &((struct mirror *)mode)->why;
}

/* ---- counts */

void softdev_seen(void *mode, struct softdev_seen *seen)
{
	struct mirror *mirror = mode;
	struct softdev_counts counts = {0};

	seen->counts = mirror->past;
	if (mirror->buffer_bytes != 0 && ioctl(mirror->fd, SOFTDEV_COUNT, &counts) == 0)
		add_counts(&seen->counts, &counts);
	seen->residence_conflicts = mirror->residence_conflicts;
	seen->minor_faults_of_device = softdev_minor_faults(mirror->child.pid);
}

int softdev_refuse(void *mode, enum fs_side side, unsigned n)
{
	struct softdev_inject inject = {.failure = side == FS_DEVICE ? SOFTDEV_FAIL_DEVICE_PAGE : SOFTDEV_FAIL_HOST_PAGE, .count = n};
	struct mirror *mirror = mode;

	if (ioctl(mirror->fd, SOFTDEV_INJECT, &inject) == 0)
		return 0;
	return fs_because(&mirror->why, -errno, "", "softdev does not fail on request: %s", strerror(errno));
}

#define PRIMITIVES                                                                                                                                   \
	.close = close_mirror, .alloc = alloc, .free = free_memory, .launch = launch, .wait = wait, .migrate = migrate, .residence = residence,      \
	.mapped = mapped, .out = out, .why = why

const struct emu_mode softdev_mirror = {.check = check, .open = open_mirror, PRIMITIVES};
const struct emu_mode softdev_coherent = {.check = check_coherent, .open = open_coherent, .warm = warm, PRIMITIVES};
