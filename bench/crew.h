/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crew.h - several threads of the CPU that begin the same work at once. All of them exist and wait when the clock is read, so that no thread is
 * created in what is timed; the calling thread is one of them.
 */
#ifndef FIVESTEP_BENCH_CREW_H
#define FIVESTEP_BENCH_CREW_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "harness/fivestep.h"

#define CREW_MAX 64

enum crew_order { CREW_WAIT, CREW_GO, CREW_GIVE_UP };

/* The work of member `which` of n; returns 0 or negative. The last one is the calling thread. */
typedef int (*crew_work)(void *arg, ulong which, ulong n);

struct crew {
	crew_work work;
	void *arg;
	ulong n;
	atomic_int order;   /* enum crew_order */
	atomic_ulong ready; /* members that wait for it */
};

struct crew_member {
	struct crew *crew;
	pthread_t thread;
	ulong which;
	int err;
};

static inline void *crew_member_run(void *arg)
{
	struct crew_member *member = arg;
	struct crew *crew = member->crew;
	int order;

	atomic_fetch_add(&crew->ready, 1);
	while ((order = atomic_load(&crew->order)) == CREW_WAIT)
		sched_yield();
	if (order == CREW_GO)
		member->err = crew->work(crew->arg, member->which, crew->n);
	return NULL;
}

/* Runs the work in n threads, n <= CREW_MAX; *ns from when all begin until all have ended. 0, or the first error of one of them. */
static inline int crew_run(struct fs_job *job, ulong n, crew_work work, void *arg, double *ns)
{
	struct crew crew = {.work = work, .arg = arg, .n = n, .order = CREW_WAIT};
	struct crew_member member[CREW_MAX] = {{0}};
	ulong others = 0;
	uint64_t began;
	int err = 0;

	for (ulong i = 0; i < n; i++)
		member[i] = (struct crew_member){.crew = &crew, .which = i};
	while (others + 1 < n && err == 0) {
		err = pthread_create(&member[others].thread, NULL, crew_member_run, &member[others]);
		others += err == 0;
	}
	while (err == 0 && atomic_load(&crew.ready) < others)
		sched_yield();
	began = fs_device_clock(job);
	atomic_store(&crew.order, err == 0 ? CREW_GO : CREW_GIVE_UP);
	if (err == 0)
		member[n - 1].err = work(arg, n - 1, n);
	for (ulong i = 0; i < others; i++)
		pthread_join(member[i].thread, NULL);
	*ns = (double)(fs_device_clock(job) - began);
	if (err != 0)
		return fs_error(job, -err, "no thread for %lu of them: %s", n, strerror(err));
	for (ulong i = 0; i < n && err == 0; i++)
		err = member[i].err;
	return err;
}

#endif
