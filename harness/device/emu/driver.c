/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * driver.c - the threads of a process that serve the other side's faults. One blocking read a fault: no poll, one
 * wake-up. A thrashing granule may be throttled: its fault is held back, so that who has it can work.
 */
#include "config.h"

#include <errno.h>
#include <linux/userfaultfd.h>
#include <time.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"

/* ---- throttling: a ring of postponed faults and the thread that serves them when they are due */

/* false when the ring is full: then the fault is served at once. */
static bool postpone(struct hmm_engine *engine, size_t granule)
{
	bool fits;

	pthread_mutex_lock(&engine->postponed_lock);
	fits = engine->postponed_n < HMM_POSTPONED;
	if (fits) {
		unsigned at = (engine->postponed_first + engine->postponed_n++) % HMM_POSTPONED;

		engine->postponed[at] = (struct postponed){fs_now() + (uint64_t)engine->config.throttle_us * 1000, granule};
		pthread_cond_signal(&engine->postponed_more);
	}
	pthread_mutex_unlock(&engine->postponed_lock);
	return fits;
}

static void unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
}

static struct postponed postponed_next(struct hmm_engine *engine)
{
	struct postponed next;

	pthread_mutex_lock(&engine->postponed_lock);
	pthread_cleanup_push(unlock, &engine->postponed_lock);
	while (engine->postponed_n == 0)
		pthread_cond_wait(&engine->postponed_more, &engine->postponed_lock);
	next = engine->postponed[engine->postponed_first];
	engine->postponed_first = (engine->postponed_first + 1) % HMM_POSTPONED;
	engine->postponed_n--;
	pthread_cleanup_pop(1);
	return next;
}

static void sleep_until(uint64_t due_ns)
{
	uint64_t now_ns = fs_now();

	if (due_ns > now_ns) {
		struct timespec t = {.tv_sec = (time_t)((due_ns - now_ns) / 1000000000u), .tv_nsec = (long)((due_ns - now_ns) % 1000000000u)};

		nanosleep(&t, NULL);
	}
}

/* Threads are cancelled only where they wait, never while they hold a granule. */
static void serve_uncancelled(struct hmm_engine *engine, size_t granule, bool may_postpone)
{
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	if (granule_serve(engine, granule, may_postpone) == 1) {
		atomic_fetch_add(&engine->shared->throttled, 1);
		if (!postpone(engine, granule))
			granule_serve(engine, granule, false);
	}
	pthread_setcancelstate(state, NULL);
}

static void *throttle_run(void *arg)
{
	struct hmm_engine *engine = arg;

	for (;;) {
		struct postponed next = postponed_next(engine);

		sleep_until(next.due_ns);
		serve_uncancelled(engine, next.granule, false);
	}
	return NULL;
}

/* ---- faults */

static void *driver_run(void *arg)
{
	struct hmm_engine *engine = arg;
	enum fs_side faulter = other_side(engine->side);
	struct uffd_msg event;
	ssize_t got;

	while ((got = read(engine->uffd[faulter], &event, sizeof(event))) == (ssize_t)sizeof(event) ||
		(got < 0 && (errno == EINTR || errno == EAGAIN))) {
		if (got < 0 || event.event != UFFD_EVENT_PAGEFAULT)
			continue;
		atomic_fetch_add(&engine->shared->counts[faulter].events, 1);
		serve_uncancelled(engine, (size_t)(event.arg.pagefault.address - (uintptr_t)engine->view) / engine->config.granule, true);
	}
	return NULL;
}

int drivers_start(struct hmm_engine *engine)
{
	int err = 0;

	pthread_mutex_init(&engine->postponed_lock, NULL);
	pthread_cond_init(&engine->postponed_more, NULL);
	while (engine->ndrivers < engine->config.drivers && err == 0) {
		err = pthread_create(&engine->drivers[engine->ndrivers], NULL, driver_run, engine);
		engine->ndrivers += err == 0;
	}
	if (err == 0 && engine->config.thrash == HMM_THRASH_THROTTLE) {
		err = pthread_create(&engine->throttle, NULL, throttle_run, engine);
		engine->has_throttle = err == 0;
	}
	return -err;
}

void drivers_forget(struct hmm_engine *engine)
{
	pthread_mutex_lock(&engine->postponed_lock);
	engine->postponed_n = 0;
	pthread_mutex_unlock(&engine->postponed_lock);
}

static void thread_stop(pthread_t thread)
{
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

void drivers_stop(struct hmm_engine *engine)
{
	while (engine->ndrivers > 0)
		thread_stop(engine->drivers[--engine->ndrivers]);
	if (engine->has_throttle)
		thread_stop(engine->throttle);
	engine->has_throttle = false;
}
