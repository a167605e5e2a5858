/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both sides increment counters spread over the pages at random, several threads each: not one update may be lost, and nothing may hang, whatever the
 * policy. Every thread goes on until the slowest of both sides has made its increments (HMM_STRESS_INCREMENTS, 500 by default), so that all work
 * against each other to the end, however busy the machine is. What hangs is ended by an alarm that no machine comes near.
 */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/device/emu/hmm.h"
#include "tests/tap.h"

#define PAGE	fs_page_bytes()
#define PAGES	4096ul
#define THREADS 4
#define OFFSETS 8 /* counters in a page */
#define TURN	16
#define HANGS_S 1800

#if defined(__SANITIZE_THREAD__)
/* ThreadSanitizer counts an mmap() as a write of its whole range; pinning maps pages under running threads. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "race:view_pin\n";
}
#endif

static ulong next(ulong *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static ulong *counter_at(uchar *buf, ulong random)
{
	return (ulong *)(buf + random % PAGES * PAGE + (random >> 32) % OFFSETS * 512);
}

/* made[i]: increments of thread i, those of the device first; in memory that both processes share. */
static bool all_made(const ulong *made, ulong wanted)
{
	for (int i = 0; i < 2 * THREADS; i++) {
		if (__atomic_load_n(&made[i], __ATOMIC_RELAXED) < wanted)
			return false;
	}
	return true;
}

static void work(uchar *buf, ulong *made, ulong i, ulong wanted)
{
	ulong state = i * 7919 + 12345;

	while (!all_made(made, wanted)) {
		for (int k = 0; k < TURN; k++)
			FS_ADD(counter_at(buf, next(&state)), 1);
		__atomic_fetch_add(&made[i], TURN, __ATOMIC_RELAXED);
	}
}

/* u[0]: increments wanted of each thread; out: those that were made */
static FS_BODY(increment)
{
	FS_FOR(i)
	{
		work(buf, out, i, a.u[0]);
	}
}

struct host_thread {
	pthread_t thread;
	uchar *buf;
	ulong *made;
	ulong i, wanted;
};

static void *increment_on_host(void *arg)
{
	struct host_thread *t = arg;

	work(t->buf, t->made, t->i, t->wanted);
	return NULL;
}

static ulong sum(uchar *buf)
{
	ulong total = 0;

	for (ulong i = 0; i < PAGES; i++) {
		for (ulong k = 0; k < OFFSETS; k++)
			total += *(ulong *)(buf + i * PAGE + k * 512);
	}
	return total;
}

static void stress(struct hmm_engine *engine, uchar *buf, ulong wanted, const char *what)
{
	struct host_thread threads[THREADS];
	ulong made = 0;
	struct fs_launch launch = {.name = "increment", .body = increment_body, .args.u = {wanted}, .first = 0, .last = THREADS};
	struct hmm_counts counts;

	ok(hmm_launch(engine, &launch) == 0, "%s: launched", what);
	for (int i = 0; i < THREADS; i++) {
		threads[i] = (struct host_thread){.buf = buf, .made = hmm_out(engine), .i = (ulong)(THREADS + i), .wanted = wanted};
		pthread_create(&threads[i].thread, NULL, increment_on_host, &threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i].thread, NULL);
	ok(hmm_wait(engine) == 0, "%s: both sides are done", what);
	ok(all_made(hmm_out(engine), wanted), "%s: each of them has made its %lu increments", what, wanted);
	for (int i = 0; i < 2 * THREADS; i++)
		made += hmm_out(engine)[i];
	hmm_counts_read(engine, &counts);
	ok(counts.faults[FS_HOST] > 0 && counts.faults[FS_DEVICE] > 0, "%s: pages went both ways", what);
	ok(sum(buf) == made, "%s: %lu increments, %llu faults, not one lost", what, made,
		(unsigned long long)(counts.faults[FS_HOST] + counts.faults[FS_DEVICE]));
	hmm_counts_read(engine, &counts);
	ok(counts.events[FS_HOST] == counts.faults[FS_HOST] + counts.remaps[FS_HOST], "%s: events of the host add up", what);
	ok(counts.events[FS_DEVICE] == counts.faults[FS_DEVICE] + counts.remaps[FS_DEVICE], "%s: events of the device add up", what);
}

static void with(struct hmm_config config, ulong wanted, const char *what)
{
	struct hmm_engine *engine = NULL;
	struct fs_reason why = {0};
	void *buf = NULL;
	int err;

	config.bytes = PAGES * PAGE;
	config.workers = THREADS;
	config.thrash_moves = 3;
	config.thrash_window_us = 100000;
	config.throttle_us = 200;
	config.node = -1;
	config.stuck_page = -1;
	err = hmm_open(&config, &engine, &why);
	/* A kernel without them, or memory too fragmented for them. */
	if (config.huge && err == -ENOTSUP)
		skip(why.what, 1);
	else if (!ok(err == 0 && hmm_map(engine, config.bytes, &buf) == 0, "%s: open", what))
		diag("%s", why.what);
	else
		stress(engine, buf, wanted, what);
	hmm_close(engine);
}

int main(void)
{
	const char *text = getenv("HMM_STRESS_INCREMENTS");
	ulong wanted = text != NULL ? strtoul(text, NULL, 10) : 500;

	alarm(HANGS_S);
	with((struct hmm_config){.granule = PAGE, .drivers = 1}, wanted, "one page");
	with((struct hmm_config){.granule = PAGE, .drivers = 3}, wanted, "three drivers");
	with((struct hmm_config){.granule = 16 * PAGE, .drivers = 1}, wanted, "16 pages");
	with((struct hmm_config){.granule = fs_huge_bytes(), .drivers = 2, .huge = true}, wanted, "huge pages");
	with((struct hmm_config){.granule = PAGE, .drivers = 2, .capacity = 64 * PAGE}, wanted, "capacity");
	with((struct hmm_config){.granule = 4 * PAGE, .drivers = 2, .capacity = 64 * PAGE, .thrash = HMM_THRASH_THROTTLE}, wanted,
		"capacity and throttling");
	with((struct hmm_config){.granule = PAGE, .drivers = 2, .thrash = HMM_THRASH_PIN}, wanted, "pinning");
	with((struct hmm_config){.granule = PAGE, .drivers = 2, .thrash = HMM_THRASH_THROTTLE}, wanted, "throttling");
	done_testing();
	return exit_status();
}
