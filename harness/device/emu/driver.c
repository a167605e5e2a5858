/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * driver.c - the threads of a process that serve the other side's faults. One blocking read per fault: no poll, one
 * wake-up. A thrashing granule may be throttled: its fault is delayed, so that the current owner makes progress.
 */
#include "config.h"

#include <linux/userfaultfd.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"

#define STOP_SIGNAL SIGUSR2

/* ---- throttling: a ring of delayed faults, and the thread that serves them when they are due */

/* Returns false if the ring is full: the fault is then served at once. */
static bool postpone(struct hmm_engine *engine, size_t offset)
{
	bool fits;

	pthread_mutex_lock(&engine->postponed_lock);
	fits = engine->postponed_n < HMM_POSTPONED;
	if (fits) {
		unsigned at = (engine->postponed_first + engine->postponed_n++) % HMM_POSTPONED;

		engine->postponed[at] = (struct postponed){fs_now() + (uint64_t)engine->config.throttle_us * 1000, offset};
		pthread_cond_signal(&engine->postponed_more);
	}
	pthread_mutex_unlock(&engine->postponed_lock);
	return fits;
}

/* Returns false when the engine closes. */
static bool postponed_next(struct hmm_engine *engine, struct postponed *next)
{
	bool some;

	pthread_mutex_lock(&engine->postponed_lock);
	while (engine->postponed_n == 0 && !atomic_load(&engine->stopping))
		pthread_cond_wait(&engine->postponed_more, &engine->postponed_lock);
	some = engine->postponed_n > 0 && !atomic_load(&engine->stopping);
	if (some) {
		*next = engine->postponed[engine->postponed_first];
		engine->postponed_first = (engine->postponed_first + 1) % HMM_POSTPONED;
		engine->postponed_n--;
	}
	pthread_mutex_unlock(&engine->postponed_lock);
	return some;
}

static void sleep_until(uint64_t due_ns)
{
	uint64_t now_ns = fs_now();

	if (due_ns > now_ns) {
		struct timespec t = {.tv_sec = (time_t)((due_ns - now_ns) / 1000000000u), .tv_nsec = (long)((due_ns - now_ns) % 1000000000u)};

		nanosleep(&t, NULL);
	}
}

static void *throttle_run(void *arg)
{
	struct hmm_engine *engine = arg;
	struct postponed next;

	while (postponed_next(engine, &next)) {
		sleep_until(next.due_ns);
		granule_serve(engine, next.offset, false);
	}
	return NULL;
}

/* ---- faults */

static void serve(struct hmm_engine *engine, size_t offset)
{
	if (granule_serve(engine, offset, true) != 1)
		return;
	atomic_fetch_add(&engine->shared->throttled, 1);
	if (!postpone(engine, offset))
		granule_serve(engine, offset, false);
}

static void *driver_run(void *arg)
{
	struct driver *driver = arg;
	struct hmm_engine *engine = driver->engine;
	enum fs_side faulter = other_side(engine->side);
	struct uffd_msg event;

	while (!atomic_load(&engine->stopping)) {
		ssize_t got = read(engine->uffd[faulter], &event, sizeof(event));

		if (got != (ssize_t)sizeof(event) || event.event != UFFD_EVENT_PAGEFAULT)
			continue;
		atomic_fetch_add(&engine->shared->counts[faulter].events, 1);
		serve(engine, (size_t)(event.arg.pagefault.address - (uintptr_t)engine->view));
	}
	atomic_store(&driver->ended, true);
	return NULL;
}

/* The signal only interrupts a blocking read: a poll before each read would cost a system call per fault. */
static void interrupt(int signal_number)
{
	(void)signal_number;
}

int drivers_start(struct hmm_engine *engine)
{
	struct sigaction action = {.sa_handler = interrupt};
	int err = 0;

	pthread_mutex_init(&engine->postponed_lock, NULL);
	pthread_cond_init(&engine->postponed_more, NULL);
	sigaction(STOP_SIGNAL, &action, NULL);
	for (unsigned i = 0; i < engine->config.drivers && err == 0; i++) {
		engine->drivers[i].engine = engine;
		err = pthread_create(&engine->drivers[i].thread, NULL, driver_run, &engine->drivers[i]);
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
	/* They moved nothing, but the counts of events must add up. */
	atomic_fetch_add(&engine->shared->counts[other_side(engine->side)].remaps, engine->postponed_n);
	engine->postponed_n = 0;
	pthread_mutex_unlock(&engine->postponed_lock);
}

/* A signal that arrives just before the read is lost: so it is sent until the thread has ended. */
static void driver_stop(struct driver *driver)
{
	while (!atomic_load(&driver->ended)) {
		pthread_kill(driver->thread, STOP_SIGNAL);
		usleep(100);
	}
	pthread_join(driver->thread, NULL);
}

void drivers_stop(struct hmm_engine *engine)
{
	atomic_store(&engine->stopping, true);
	while (engine->ndrivers > 0)
		driver_stop(&engine->drivers[--engine->ndrivers]);
	if (!engine->has_throttle)
		return;
	pthread_mutex_lock(&engine->postponed_lock);
	pthread_cond_signal(&engine->postponed_more);
	pthread_mutex_unlock(&engine->postponed_lock);
	pthread_join(engine->throttle, NULL);
	engine->has_throttle = false;
}
