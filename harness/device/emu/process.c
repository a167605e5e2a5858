/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * process.c - the device's process: it executes the commands of the host's process, its workers run bodies on the
 * view, and it evicts granules when the host's driver requests capacity. It ends with its parent, or when killed; it never returns.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"

/* ---- threads */

static void *evictor_run(void *arg)
{
	struct hmm_engine *engine = arg;
	struct hmm_shared *shared = engine->shared;

	for (uint32_t served = 0;; served++) {
		sync_wait(&engine->peer, &shared->evictions_wanted, served);
		while (atomic_load(&shared->free_granules) == 0 && granule_evict(engine) == 0)
			;
		atomic_fetch_add(&shared->evictions_done, 1);
	}
	return NULL;
}

static int threads_start(struct hmm_engine *engine)
{
	static struct team_threads workers; /* run until the process is killed */
	pthread_t thread;
	int err = team_start(&workers, &engine->shared->team, engine->config.workers, engine->config.node, &engine->peer);

	if (err == 0 && engine->config.capacity != 0)
		err = -pthread_create(&thread, NULL, evictor_run, engine);
	return err == 0 ? drivers_start(engine) : err;
}

/* ---- commands */

static int carry_out(void *arg)
{
	struct hmm_engine *engine = arg;
	struct hmm_shared *shared = engine->shared;

	switch (shared->command) {
	case COMMAND_MAP:
		return view_map(engine, shared->last * engine->config.granule);
	case COMMAND_WARM:
		pools_warm(engine);
		return 0;
	case COMMAND_UNMAP:
		drivers_forget(engine);
		view_unmap(engine);
		return 0;
	case COMMAND_MIGRATE:
		return granules_migrate(engine, shared->first, shared->last);
	}
	return -EINVAL;
}

static int start(struct hmm_engine *engine)
{
	struct fs_reason *why = &engine->shared->failure;
	int err = pools_prefault(engine, why);

	if (err < 0)
		return err;
	engine->uffd[FS_DEVICE] = uffd_make(why);
	if (engine->uffd[FS_DEVICE] < 0)
		return engine->uffd[FS_DEVICE];
	err = threads_start(engine);
	return err < 0 ? fs_because(why, err, "", "cannot start the device's threads: %s", strerror(-err)) : 0;
}

void device_process(struct hmm_engine *engine, int ready)
{
	engine->side = FS_DEVICE;
	engine->peer.watch = false;
	prctl(PR_SET_NAME, "emu-device");
	/* A program with file capabilities (perf's, say) is closed to other processes, even to its parent, which inspects the view. */
	prctl(PR_SET_DUMPABLE, 1);
	if (start(engine) < 0)
		_exit(1);
	/* The end of the start: tells the host's process that all is ready, so that it copies the descriptor. */
	if (write(ready, &engine->uffd[FS_DEVICE], sizeof(int)) != (ssize_t)sizeof(int))
		_exit(1);
	close(ready);
	mailbox_serve(&engine->shared->service, &engine->peer, carry_out, engine);
}
