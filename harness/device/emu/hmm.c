/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmm.c - the HMM engine's interface, in the host's process.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"
#include "harness/machine/topology.h"

/* Bytes of each memory beyond the buffer's. */
#define SLACK_BYTES ((size_t)2 << 20)

/* ---- the device's process may die at any time: no thread waits for it for ever */

/* Threads of this process that wait for a page must resume, to notice it. */
static void on_death(void *arg)
{
	view_stop_faults(arg, FS_HOST);
}

static int engine_state(struct hmm_engine *engine, int err)
{
	if (atomic_load(&engine->shared->dead) != 0) {
		engine->why = engine->child.death;
		return -EPIPE;
	}
	if (atomic_load(&engine->shared->failed) == HMM_FAILED) {
		engine->why = engine->shared->failure;
		return -EIO;
	}
	if (err < 0)
		fs_because(&engine->why, err, "", "HMM engine: %s", strerror(-err));
	return err;
}

static int order(struct hmm_engine *engine, enum command command, size_t first, size_t last)
{
	struct hmm_shared *shared = engine->shared;
	int err;

	pthread_mutex_lock(&engine->order_lock);
	shared->command = command;
	shared->first = first;
	shared->last = last;
	err = engine_state(engine, mailbox_order(&shared->service, &engine->peer));
	pthread_mutex_unlock(&engine->order_lock);
	return err;
}

/* ---- open and close */

int hmm_check(const struct hmm_config *config, struct fs_reason *why)
{
	size_t granule = config->granule, least = 2 * (config->workers + 1);

	if (granule < fs_page_bytes() || (granule & (granule - 1)) != 0)
		return fs_because(why, -EINVAL, "granule=base", "a granule of %zu bytes is not a power of two of at least the base page's %zu",
			granule, fs_page_bytes());
	if (config->huge && granule != fs_huge_bytes())
		return fs_because(why, -EINVAL, "granule=huge", "page=huge moves whole huge pages: a granule must have %zu bytes", fs_huge_bytes());
	if (config->workers < 1 || config->workers > TEAM_WORKERS || config->drivers < 1 || config->drivers > HMM_DRIVERS)
		return fs_because(why, -EINVAL, "", "workers must be 1 to %d, drivers 1 to %d", TEAM_WORKERS, HMM_DRIVERS);
	/* An access may straddle two granules; with less capacity than that for each worker it might never complete. */
	if (config->capacity != 0 && config->capacity / granule < least)
		return fs_because(why, -EINVAL, "choose a larger capacity",
			"a capacity of %zu bytes is less than %zu granules of %zu: two for each worker, and two", config->capacity, least, granule);
	return 0;
}

static size_t round_up(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

/* Whole granules; and whole huge pages, so that the memory can be allocated in them, if that needs little more memory. */
static size_t pool_size(const struct hmm_config *config)
{
	size_t bytes = round_up(config->bytes > 0 ? config->bytes : 1, config->granule), whole = round_up(bytes, fs_huge_bytes());

	return whole - bytes <= SLACK_BYTES ? whole : bytes;
}

static int engine_make(const struct hmm_config *config, struct hmm_engine **made, struct fs_reason *why)
{
	struct hmm_engine *engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return fs_no_memory(why);
	pthread_mutex_init(&engine->order_lock, NULL);
	engine->config = *config;
	engine->side = FS_HOST;
	engine->page_bytes = fs_page_bytes();
	engine->pool_bytes = pool_size(config);
	engine->ngranules = engine->pool_bytes / config->granule;
	for (int side = 0; side < FS_SIDES; side++) {
		engine->pool_fd[side] = -1;
		engine->uffd[side] = -1;
	}
	engine->shared_bytes = sizeof(*engine->shared) + engine->ngranules * sizeof(struct granule);
	engine->shared = mmap(NULL, engine->shared_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (engine->shared == MAP_FAILED) {
		free(engine);
		return fs_no_memory(why);
	}
	engine->peer = (struct sync_peer){&engine->shared->dead, true};
	*made = engine;
	return 0;
}

static void run_device(void *arg, int ready)
{
	device_process(arg, ready);
}

/* The device's process inherits the host's userfaultfd; *READY will receive its own. */
static int fork_device(struct hmm_engine *engine, int *ready, struct fs_reason *why)
{
	engine->uffd[FS_HOST] = uffd_make(why);
	if (engine->uffd[FS_HOST] < 0)
		return engine->uffd[FS_HOST];
	engine->child = (struct child){.dead = &engine->shared->dead, .on_death = on_death, .arg = engine};
	return child_fork(&engine->child, run_device, engine, ready, why);
}

/* Like a debugger: unlike a socket it needs no network in the kernel, without which the reference guest builds faster. */
static int fetch_descriptor(pid_t pid, int theirs, struct fs_reason *why)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int ours = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, theirs, 0);
	int err = errno;

	if (process >= 0)
		close(process);
	if (ours >= 0)
		return ours;
	if (err == EPERM)
		return fs_because(why, -ENOTSUP, "sysctl kernel.yama.ptrace_scope=1, or allow pidfd_getfd in the container's seccomp profile",
			"copying a file descriptor of the device's process is forbidden here");
	return fs_because(why, -err, "", "cannot copy the userfaultfd of the device's process: %s", strerror(err));
}

static int meet(struct hmm_engine *engine, int ready, struct fs_reason *why)
{
	ssize_t got;
	int theirs;

	do {
		got = read(ready, &theirs, sizeof(theirs));
	} while (got < 0 && errno == EINTR);
	if (got == (ssize_t)sizeof(theirs)) {
		engine->uffd[FS_DEVICE] = fetch_descriptor(engine->child.pid, theirs, why);
		return engine->uffd[FS_DEVICE] < 0 ? engine->uffd[FS_DEVICE] : 0;
	}
	if (engine->shared->failure.what[0] == '\0')
		return fs_because(why, -EPIPE, "", "the device's process did not start");
	*why = engine->shared->failure;
	return -EPIPE;
}

static int watch(struct hmm_engine *engine, struct fs_reason *why)
{
	int err = child_watch(&engine->child, why);

	if (err < 0)
		return err;
	err = drivers_start(engine);
	return err < 0 ? fs_because(why, err, "", "cannot start the driver's threads: %s", strerror(-err)) : 0;
}

int hmm_open(const struct hmm_config *config, struct hmm_engine **opened, struct fs_reason *why)
{
	struct hmm_engine *engine = NULL;
	int ready = -1;
	int err = hmm_check(config, why);

	if (err == 0)
		err = engine_make(config, &engine, why);
	if (err == 0)
		err = pools_make(engine, why);
	if (err == 0)
		err = fork_device(engine, &ready, why);
	if (err == 0)
		err = meet(engine, ready, why);
	if (err == 0)
		err = watch(engine, why);
	if (ready >= 0)
		close(ready);
	if (err < 0) {
		hmm_close(engine);
		return err;
	}
	*opened = engine;
	return 0;
}

void hmm_close(struct hmm_engine *engine)
{
	if (engine == NULL)
		return;
	child_end(&engine->child);
	drivers_stop(engine);
	view_unmap(engine);
	pools_free(engine);
	for (int side = 0; side < FS_SIDES; side++) {
		if (engine->uffd[side] >= 0)
			close(engine->uffd[side]);
	}
	munmap(engine->shared, engine->shared_bytes);
	free(engine);
}

/* The smallest possible engine: trying it shows what is missing. */
int hmm_probe(const struct fs_machine *machine, struct fs_reason *why)
{
	size_t page_bytes = fs_page_bytes();
	struct hmm_config least = {.bytes = page_bytes, .granule = page_bytes, .workers = 1, .drivers = 1, .node = -1, .stuck_page = -1};
	struct hmm_engine *engine;
	int err;

	if (machine->foreign)
		return fs_because(why, -ENOTSUP, "", "a recorded machine: nothing can be measured on it");
	err = hmm_open(&least, &engine, why);
	if (err == 0)
		hmm_close(engine);
	return err;
}

/* ---- idle */

/* A stale event may still be pending when the last waiting thread has resumed, and some times of the last fault may not be counted yet. */
static void settle(struct hmm_shared *shared, enum fs_side side)
{
	struct counts_atomic *c = &shared->counts[side];
	uint64_t until_ns = fs_now() + 100 * 1000 * 1000;

	while ((atomic_load(&c->events) != atomic_load(&c->faults) + atomic_load(&c->remaps) ||
		       atomic_load(&c->finished) != atomic_load(&c->faults)) &&
		fs_now() < until_ns)
		sched_yield();
}

/* After the device's work, and included in its time: a stale event may need capacity like any other. */
static int rest(struct hmm_engine *engine)
{
	if (engine->config.capacity == 0)
		return 0;
	settle(engine->shared, FS_DEVICE);
	return evictions_settle(engine);
}

/* ---- buffer */

int hmm_map(struct hmm_engine *engine, size_t bytes, void **address)
{
	size_t pages_bytes = (bytes + engine->page_bytes - 1) & ~(engine->page_bytes - 1);
	size_t granules = (bytes + engine->config.granule - 1) / engine->config.granule;
	int err;

	if (bytes == 0 || granules > engine->ngranules || engine->view_bytes != 0)
		return engine_state(engine, -EINVAL);
	granules_reset(engine, pages_bytes);
	err = order(engine, COMMAND_MAP, 0, granules);
	if (err == 0)
		err = engine_state(engine, view_map(engine, granules * engine->config.granule));
	*address = engine->view;
	return err;
}

int hmm_warm(struct hmm_engine *engine)
{
	if (engine->config.huge)
		return engine_state(engine, 0);
	pools_warm(engine);
	return order(engine, COMMAND_WARM, 0, 0);
}

bool hmm_scattered(const struct hmm_engine *engine)
{
	return engine->scattered;
}

void hmm_unmap(struct hmm_engine *engine)
{
	/* A thread that serves a stale event would find the buffer unmapped. */
	for (int side = 0; side < FS_SIDES; side++)
		settle(engine->shared, side);
	order(engine, COMMAND_UNMAP, 0, 0);
	drivers_forget(engine);
	view_unmap(engine);
}

/* ---- work */

int hmm_launch(struct hmm_engine *engine, const struct fs_launch *launch)
{
	int err = hmm_wait(engine);

	if (err == 0)
		team_post(&engine->shared->team, launch, engine->view, engine->shared->out);
	return err;
}

int hmm_wait(struct hmm_engine *engine)
{
	int err = team_wait(&engine->shared->team, &engine->peer);

	return engine_state(engine, err < 0 ? err : rest(engine));
}

ulong *hmm_out(struct hmm_engine *engine)
{
	return engine->shared->out;
}

int hmm_migrate(struct hmm_engine *engine, size_t offset, size_t bytes, enum fs_side to)
{
	size_t granule = engine->config.granule, first = offset / granule, last = (offset + bytes + granule - 1) / granule;
	int err;

	if (bytes == 0)
		return engine_state(engine, 0);
	if (last * granule > engine->view_bytes)
		return engine_state(engine, -EINVAL);
	if (to == FS_HOST)
		return order(engine, COMMAND_MIGRATE, first, last);
	err = granules_migrate(engine, first, last);
	return engine_state(engine, err < 0 ? err : rest(engine));
}

/* ---- residence */

int hmm_owner(struct hmm_engine *engine, size_t offset, size_t bytes, uint8_t *side)
{
	size_t page = engine->page_bytes;

	for (size_t i = 0; i < bytes / page; i++)
		side[i] = engine->shared->granules[(offset + i * page) / engine->config.granule].owner;
	return engine_state(engine, 0);
}

bool hmm_pinned(struct hmm_engine *engine, size_t offset)
{
	return engine->shared->granules[offset / engine->config.granule].pinned;
}

int hmm_present(struct hmm_engine *engine, size_t offset, size_t bytes, uint8_t *sides)
{
	int err;

	memset(sides, 0, bytes / engine->page_bytes);
	err = view_present(engine, getpid(), offset, bytes, 1u << FS_HOST, sides);
	if (err == 0)
		err = view_present(engine, engine->child.pid, offset, bytes, 1u << FS_DEVICE, sides);
	return engine_state(engine, err);
}

int hmm_mapped(struct hmm_engine *engine, struct fs_mapped *mapped)
{
	return fs_mapped_add(engine->child.pid, engine->view, engine->view_bytes, mapped);
}

void hmm_counts_read(struct hmm_engine *engine, struct hmm_counts *counts)
{
	struct hmm_shared *shared = engine->shared;

	for (int side = 0; side < FS_SIDES; side++) {
		struct counts_atomic *c = &shared->counts[side];

		settle(shared, side);
		counts->events[side] = c->events;
		counts->faults[side] = c->faults;
		counts->remaps[side] = c->remaps;
		counts->prefetched[side] = c->prefetched;
		counts->pages[side] = c->pages;
		counts->bytes[side] = c->pages * engine->page_bytes;
		counts->wait_ns[side] = c->wait_ns;
		counts->unmap_ns[side] = c->unmap_ns;
		counts->copy_ns[side] = c->copy_ns;
		counts->map_ns[side] = c->map_ns;
		counts->moved_ns[side] = c->moved_ns;
	}
	counts->evicted = shared->evicted;
	counts->pinned = shared->pinned;
	counts->throttled = shared->throttled;
}

struct fs_reason *hmm_why(struct hmm_engine *engine)
{
	return &engine->why;
}
