/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_stress.c - both sides at once: two threads of the host and two of the device add to counters that are spread over the buffer at random,
 * while another thread changes the rest of what is bound: it moves pages both ways on request, forks, and protects, moves and unmaps mappings
 * whose pages are on the device. No update may be lost. The amount of work is given, not the time: all go on until the slowest has done its part.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGES	   4096 /* with counters */
#define OTHER	   256	/* bound as well, behind them */
#define THREADS	   2	/* of each side */
#define ADDERS	   (2 * THREADS)
#define BATCH	   16
#define DISTURBERS ADDERS /* its place among those that work */

/* For both processes, in the page that they share. */
struct work {
	uint64_t done[ADDERS + 1]; /* host's, device's, disturbances */
	uint64_t updates, disturbances;
	double until;
	uint64_t ended; /* the device has */
};

struct worker {
	struct part *part;
	unsigned which, seed;
	bool inherited; /* a child has the counters, too */
	size_t wrong;
};

static struct work *work_of(const struct part *part)
{
	return (struct work *)part->shared;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

unsigned softdev_draw(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 8;
}

static uint64_t done(const struct work *work, unsigned which)
{
	return __atomic_load_n(&work->done[which], __ATOMIC_RELAXED);
}

/* The device ends when everybody has done enough, the host when the device has ended, however that was. */
static bool goes_on(const struct work *work, unsigned which)
{
	bool enough = done(work, DISTURBERS) >= work->disturbances && now() >= work->until;

	if (which < THREADS || which == DISTURBERS)
		return __atomic_load_n(&work->ended, __ATOMIC_RELAXED) == 0;
	for (unsigned i = 0; i < ADDERS; i++)
		enough = enough && done(work, i) >= work->updates;
	return !enough;
}

static void *add(void *arg)
{
	struct worker *worker = arg;
	struct work *work = work_of(worker->part);
	uint64_t *counters = (uint64_t *)worker->part->buf;
	size_t words = PAGES * worker->part->page / sizeof(*counters);

	while (goes_on(work, worker->which)) {
		for (int i = 0; i < BATCH; i++)
			__atomic_fetch_add(&counters[softdev_draw(&worker->seed) % words], 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&work->done[worker->which], BATCH, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void start(pthread_t *threads, struct worker *workers, struct part *part, unsigned first)
{
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.part = part, .which = first + i, .seed = 100 * first + i};
		pthread_create(&threads[i], NULL, add, &workers[i]);
	}
}

static void join(pthread_t *threads)
{
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void device_adds(struct part *part)
{
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	start(threads, workers, part, THREADS);
	join(threads);
}

static uint64_t sum_of(const struct part *part)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < PAGES * part->page / 8; i++)
		sum += part->buf[i];
	return sum;
}

/* ---- the rest of what is bound: the device's threads do not touch it, but its pages are on the device */

static uint64_t *other(const struct part *part)
{
	return (uint64_t *)part->buf + PAGES * part->page / 8;
}

static size_t other_wrong(const struct part *part, const uint64_t *at, uint64_t tag)
{
	size_t wrong = 0;

	for (size_t i = 0; i < OTHER; i++)
		wrong += at[i * part->page / 8] != tag + i;
	return wrong;
}

static void request(const struct part *part, const void *start, size_t bytes, unsigned side)
{
	struct softdev_move move = {.start = (uintptr_t)start, .bytes = bytes, .side = side};

	ioctl(part->fd, SOFTDEV_MOVE, &move);
}

static size_t other_protected(struct part *part, uint64_t tag)
{
	size_t bytes = OTHER * part->page, wrong;

	mprotect(other(part), bytes, PROT_NONE);
	mprotect(other(part), bytes, PROT_READ);
	wrong = other_wrong(part, other(part), tag);
	mprotect(other(part), bytes, PROT_READ | PROT_WRITE);
	return wrong;
}

/* Away from what is bound and back, half of it untouched in between. */
static size_t other_moved(struct part *part, uint64_t tag)
{
	size_t bytes = OTHER * part->page, wrong;
	uint64_t *away = mremap(other(part), bytes, bytes, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);

	if (away == MAP_FAILED) {
		diag("mremap: %s", strerror(errno));
		return OTHER;
	}
	wrong = away[0] != tag;
	for (size_t i = 0; i < OTHER / 2; i++)
		wrong += away[i * part->page / 8] != tag + i;
	wrong += mremap(away, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, other(part)) == MAP_FAILED;
	return wrong + other_wrong(part, other(part), tag);
}

static size_t other_unmapped(struct part *part)
{
	size_t bytes = OTHER * part->page;
	uint64_t *at = mmap(other(part), bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (at == MAP_FAILED)
		return OTHER;
	madvise(at, bytes, MADV_NOHUGEPAGE);
	return at[0] != 0;
}

/* The child has it as it was, though the parent changes it. */
static size_t other_forked(struct part *part, uint64_t tag, bool inherited)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0)
		_exit(other_wrong(part, other(part), tag) != 0 || (inherited && sum_of(part) == 1));
	for (size_t i = 0; i < OTHER; i++)
		other(part)[i * part->page / 8] += OTHER;
	waitpid(child, &status, 0);
	return status != 0;
}

static void *disturb(void *arg)
{
	struct worker *self = arg;
	struct part *part = self->part;
	struct work *work = work_of(part);
	size_t half = PAGES / 2 * part->page;

	for (uint64_t turn = 0; goes_on(work, DISTURBERS); turn++) {
		uint64_t tag = turn * 2 * OTHER;

		for (size_t i = 0; i < OTHER; i++)
			other(part)[i * part->page / 8] = tag + i;
		request(part, (char *)part->buf + softdev_draw(&self->seed) % 2 * half, half, softdev_draw(&self->seed) % 2);
		request(part, other(part), OTHER * part->page, SOFTDEV_DEVICE);
		if (turn % 4 == 0)
			self->wrong += other_protected(part, tag);
		else if (turn % 4 == 1)
			self->wrong += other_moved(part, tag);
		else if (turn % 4 == 2)
			self->wrong += other_forked(part, tag, self->inherited);
		else
			self->wrong += other_unmapped(part);
		__atomic_fetch_add(&work->done[DISTURBERS], 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* ---- all at once */

static void report(const char *name, const struct part *part)
{
	const struct work *work = work_of(part);
	struct softdev_counts c = part_counts(part);

	diag("%s: host %llu, device %llu updates, %llu disturbances; %llu device faults, %llu host faults, %llu evicted, %llu retries, %llu copies",
		name, (unsigned long long)(done(work, 0) + done(work, 1)), (unsigned long long)(done(work, 2) + done(work, 3)),
		(unsigned long long)done(work, DISTURBERS), (unsigned long long)c.events[SOFTDEV_DEVICE_FAULT],
		(unsigned long long)c.events[SOFTDEV_HOST_FAULT], (unsigned long long)c.pages[SOFTDEV_EVICTION], (unsigned long long)c.retries,
		(unsigned long long)c.cow_breaks);
}

static void stress(const char *name, const struct part_options *options, const struct work *amount)
{
	struct part part = part_make(PAGES + OTHER, options);
	struct worker disturber = {.part = &part, .seed = 7, .inherited = options->inherited}, hosts[THREADS];
	struct work *work = work_of(&part);
	pthread_t threads[THREADS], thread;
	uint64_t added = 0;
	int status = -1;
	pid_t device;

	for (size_t i = 0; i < PAGES; i++)
		part.buf[i * part.page / 8] = 0;
	/* The child is to see these, whether it has the counters or not. */
	madvise(other(&part), OTHER * part.page, MADV_DOFORK);
	*work = *amount;
	work->until += now();
	device = part_start(&part, device_adds);
	start(threads, hosts, &part, 0);
	pthread_create(&thread, NULL, disturb, &disturber);
	waitpid(device, &status, 0);
	__atomic_store_n(&work->ended, 1, __ATOMIC_RELAXED);
	join(threads);
	pthread_join(thread, NULL);
	for (unsigned i = 0; i < ADDERS; i++)
		added += done(work, i);
	is_int(status, 0, "%s: the device process ends well", name);
	is_int((long long)sum_of(&part), (long long)added, "%s: no update is lost", name);
	is_int((long long)disturber.wrong, 0, "%s: what is protected, moved, forked and unmapped is right", name);
	report(name, &part);
	part_free(&part);
}

static bool has_coherent(void)
{
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	bool has = part_info(&(struct part){.fd = fd}).pages[SOFTDEV_COHERENT] != 0;

	close(fd);
	return has;
}

void softdev_stress_cases(unsigned updates, unsigned seconds)
{
	static const struct {
		const char *name;
		struct part_options options;
	} cases[] = {
		{"granule 1", {.granule = 1}},
		{"granule 16", {.granule = 16}},
		{"granule 512", {.granule = 512}},
		{"remote", {.granule = 1, .policy = SOFTDEV_REMOTE}},
		{"after 3", {.granule = 1, .after = 3}},
		{"pin after 4", {.granule = 1, .pin = 4}},
		{"read-only first", {.granule = 1, .flags = SOFTDEV_READ_ONLY_FIRST}},
		{"coherent", {.granule = 1, .kind = SOFTDEV_COHERENT}},
		{"coherent, granule 16, forks that share", {.granule = 16, .kind = SOFTDEV_COHERENT, .inherited = true}},
		{"forks that share", {.granule = 1, .inherited = true}},
	};
	const struct work amount = {.updates = updates, .disturbances = 8, .until = seconds};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct part_options options = cases[i].options;

		if (options.kind == SOFTDEV_COHERENT && !has_coherent())
			continue;
		options.capacity = PAGES / 2;
		stress(cases[i].name, &options, &amount);
	}
}
