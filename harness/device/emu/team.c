/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * team.c - workers that run a body together.
 */
#include "config.h"

#include "harness/device/emu/team.h"

#include <errno.h>
#include <numa.h>
#include <stdlib.h>
#include <string.h>

struct worker {
	struct team *team;
	struct sync_peer peer;
	unsigned index;
	int node;
};

/* Equal parts, up to a difference of one index; written so that n * index cannot overflow. */
static void work(const struct team *team, unsigned index)
{
	const struct fs_launch *launch = &team->launch;
	uint64_t n = launch->last - launch->first, part = n / team->workers, rest = n % team->workers;
	uint64_t first = launch->first + part * index + (index < rest ? index : rest);
	uint64_t last = first + part + (index < rest);

	if (first < last)
		launch->body(team->buf, team->out, launch->args, first, last, 1);
}

/*
 * The CPUs are divided among the workers, where there are as many, as a device's units are apart: otherwise the scheduler may let two of them share
 * one for a whole launch while another is idle, and the launch takes twice as long. Within its share each goes where there is room.
 */
static void take_share(unsigned index, unsigned workers)
{
	struct bitmask *cpus = numa_allocate_cpumask();
	unsigned seen = 0;

	if (cpus == NULL)
		return;
	if (numa_sched_getaffinity(0, cpus) > 0 && numa_bitmask_weight(cpus) >= workers) {
		for (unsigned cpu = 0; cpu < cpus->size; cpu++) {
			if (numa_bitmask_isbitset(cpus, cpu) && seen++ % workers != index)
				numa_bitmask_clearbit(cpus, cpu);
		}
		numa_sched_setaffinity(0, cpus);
	}
	numa_free_cpumask(cpus);
}

static void *worker_run(void *arg)
{
	struct worker worker = *(struct worker *)arg;
	struct team *team = worker.team;

	free(arg);
	/* This fails for a node without CPUs: they then run anywhere, like a device that has no cores of the host. */
	if (worker.node >= 0)
		numa_run_on_node(worker.node);
	take_share(worker.index, team->workers);
	for (uint32_t seen = 0; sync_wait(&worker.peer, &team->posted, seen) == 0 && !atomic_load(&team->stopping); seen++) {
		work(team, worker.index);
		if (atomic_fetch_sub(&team->busy, 1) == 1) {
			atomic_fetch_add(&team->done, 1);
			sync_wake_all(&team->done);
		}
	}
	return NULL;
}

static int worker_start(struct team_threads *threads, int node)
{
	struct worker *worker = malloc(sizeof(*worker));
	int err;

	if (worker == NULL)
		return -ENOMEM;
	*worker = (struct worker){threads->team, threads->peer, threads->n, node};
	err = pthread_create(&threads->thread[threads->n], NULL, worker_run, worker);
	if (err != 0)
		free(worker);
	threads->n += err == 0;
	return -err;
}

int team_start(struct team_threads *threads, struct team *team, unsigned workers, int node, const struct sync_peer *peer)
{
	int err = 0;

	*threads = (struct team_threads){.team = team, .peer = *peer};
	team->workers = workers;
	while (threads->n < workers && err == 0)
		err = worker_start(threads, node);
	return err;
}

void team_stop(struct team_threads *threads)
{
	if (threads->n == 0)
		return;
	atomic_store(&threads->team->stopping, true);
	atomic_fetch_add(&threads->team->posted, 1);
	sync_wake_all(&threads->team->posted);
	while (threads->n > 0)
		pthread_join(threads->thread[--threads->n], NULL);
}

void team_post(struct team *team, const struct fs_launch *launch, uchar *buf, ulong *out)
{
	team->launch = *launch;
	team->buf = buf;
	team->out = out;
	atomic_store(&team->busy, team->workers);
	atomic_fetch_add(&team->posted, 1);
	sync_wake_all(&team->posted);
}

int team_wait(struct team *team, const struct sync_peer *peer)
{
	return sync_wait_done(peer, &team->posted, &team->done);
}
