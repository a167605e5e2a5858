/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both sides increment counters spread over the pages at random, several threads each: not one update may be
 * lost, and nothing may hang, whatever the policy. HMM_STRESS_SECONDS sets how long (2 by default, over all policies).
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/emu/hmm.h"
#include "tests/tap.h"

#define PAGE	4096ul
#define PAGES	4096ul
#define THREADS 4
#define OFFSETS 8 /* counters in a page */

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

/* u[0]: until when, ns; out[i]: how many increments worker i made. */
static FS_BODY(increment)
{
	FS_FOR(i)
	{
		ulong state = i * 7919 + 12345;

		while (fs_now() < a.u[0]) {
			for (int k = 0; k < 16; k++) {
				FS_ADD(counter_at(buf, next(&state)), 1);
				out[i]++;
			}
		}
	}
}

struct host_thread {
	pthread_t thread;
	uchar *buf;
	ulong until_ns, state, made;
};

static void *increment_on_host(void *arg)
{
	struct host_thread *t = arg;

	while (fs_now() < t->until_ns) {
		for (int k = 0; k < 16; k++) {
			FS_ADD(counter_at(t->buf, next(&t->state)), 1);
			t->made++;
		}
	}
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

static void stress(struct hmm_engine *engine, uchar *buf, double seconds, const char *what)
{
	struct host_thread threads[THREADS];
	ulong until_ns = fs_now() + (ulong)(seconds * 1e9), made = 0;
	struct fs_launch launch = {.name = "increment", .body = increment_body, .args.u = {until_ns}, .first = 0, .last = THREADS};
	struct hmm_counts counts;

	ok(hmm_launch(engine, &launch) == 0, "%s: launched", what);
	for (int i = 0; i < THREADS; i++) {
		threads[i] = (struct host_thread){.buf = buf, .until_ns = until_ns, .state = (ulong)i + 1};
		pthread_create(&threads[i].thread, NULL, increment_on_host, &threads[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i].thread, NULL);
		made += threads[i].made;
	}
	ok(hmm_wait(engine) == 0, "%s: both sides are done", what);
	for (int i = 0; i < THREADS; i++) {
		ok(hmm_out(engine)[i] > 0, "%s: worker %d worked", what, i);
		made += hmm_out(engine)[i];
	}
	hmm_counts_read(engine, &counts);
	ok(sum(buf) == made, "%s: %lu increments, %llu faults, not one lost", what, made,
		(unsigned long long)(counts.faults[FS_HOST] + counts.faults[FS_DEVICE]));
	hmm_counts_read(engine, &counts);
	ok(counts.events[FS_HOST] == counts.faults[FS_HOST] + counts.remaps[FS_HOST], "%s: events of the host add up", what);
	ok(counts.events[FS_DEVICE] == counts.faults[FS_DEVICE] + counts.remaps[FS_DEVICE], "%s: events of the device add up", what);
}

static void with(struct hmm_config config, double seconds, const char *what)
{
	struct hmm_engine *engine = NULL;
	struct fs_reason why = {0};
	void *buf = NULL;

	config.bytes = PAGES * PAGE;
	config.workers = THREADS;
	config.thrash_moves = 3;
	config.thrash_window_us = 100000;
	config.throttle_us = 200;
	config.node = -1;
	config.lie_page = -1;
	if (!ok(hmm_open(&config, &engine, &why) == 0 && hmm_map(engine, config.bytes, &buf) == 0, "%s: open", what))
		diag("%s", why.what);
	else
		stress(engine, buf, seconds, what);
	hmm_close(engine);
}

int main(void)
{
	const char *text = getenv("HMM_STRESS_SECONDS");
	double seconds = (text != NULL ? atof(text) : 2) / 8;

	with((struct hmm_config){.granule = PAGE, .drivers = 1}, seconds, "one page");
	with((struct hmm_config){.granule = PAGE, .drivers = 3}, seconds, "three drivers");
	with((struct hmm_config){.granule = 16 * PAGE, .drivers = 1}, seconds, "16 pages");
	with((struct hmm_config){.granule = 512 * PAGE, .drivers = 2, .huge = true}, seconds, "huge pages");
	with((struct hmm_config){.granule = PAGE, .drivers = 2, .capacity = 64 * PAGE}, seconds, "capacity");
	with((struct hmm_config){.granule = 4 * PAGE, .drivers = 2, .capacity = 64 * PAGE, .thrash = HMM_THRASH_THROTTLE}, seconds,
		"capacity and throttling");
	with((struct hmm_config){.granule = PAGE, .drivers = 2, .thrash = HMM_THRASH_PIN}, seconds, "pinning");
	with((struct hmm_config){.granule = PAGE, .drivers = 2, .thrash = HMM_THRASH_THROTTLE}, seconds, "throttling");
	done_testing();
	return exit_status();
}
