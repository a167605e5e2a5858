/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_stress.c - both sides at once: two threads of the host and two of the device add to counters that are spread over the buffer, while
 * a third process comes and goes with copies of it, and parts of the host's address space are moved about. No update may be lost.
 * Then the processes are killed at any moment, and nothing may be left behind.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGES	1024
#define THREADS 2

struct adder {
	struct part *part;
	unsigned seed;
	uint64_t added;
	double until;
	bool inherited; /* a child has the buffer, too */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static unsigned draw(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 8;
}

static void *add(void *arg)
{
	struct adder *adder = arg;
	size_t words = adder->part->bytes / 8;

	do {
		for (int i = 0; i < 64; i++, adder->added++)
			__atomic_fetch_add((uint64_t *)adder->part->buf + draw(&adder->seed) % words, 1, __ATOMIC_RELAXED);
	} while (now() < adder->until);
	return NULL;
}

/* Returns how many were added. */
static uint64_t add_all(struct part *part, unsigned seed, double until)
{
	struct adder adders[THREADS];
	pthread_t threads[THREADS];
	uint64_t sum = 0;

	for (unsigned i = 0; i < THREADS; i++) {
		adders[i] = (struct adder){.part = part, .seed = seed + i, .until = until};
		pthread_create(&threads[i], NULL, add, &adders[i]);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += adders[i].added;
	}
	return sum;
}

static double until_all;

static void device_adds(struct part *part)
{
	part->shared[0] = add_all(part, 100, until_all);
}

static uint64_t sum_of(const struct part *part)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < part->bytes / 8; i++)
		sum += part->buf[i];
	return sum;
}

/* Copies of the process that read all of the buffer and end; a mapping beside it that comes, is moved and goes; its pages come and go by request. */
static void *disturb(void *arg)
{
	struct adder *self = arg;
	struct part *part = self->part;
	size_t half = part->bytes / 2;

	while (now() < self->until) {
		char *beside = mmap(NULL, half, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		struct softdev_move move = {
			.start = (uintptr_t)part->buf + draw(&self->seed) % 2 * half, .bytes = half, .side = draw(&self->seed) % 2};
		pid_t child = fork();

		if (child == 0)
			_exit(self->inherited && sum_of(part) == 1);
		ioctl(part->fd, SOFTDEV_MOVE, &move);
		beside = mremap(beside, half, 2 * half, MREMAP_MAYMOVE);
		mprotect((void *)part->buf, half, PROT_READ | PROT_WRITE);
		munmap(beside, 2 * half);
		waitpid(child, NULL, 0);
		self->added++;
	}
	return NULL;
}

static void stress(const char *name, const struct part_options *options, unsigned seconds)
{
	struct part part = part_make(PAGES, options);
	struct adder disturber = {.part = &part, .seed = 7, .inherited = options->inherited};
	struct softdev_counts c;
	uint64_t host, sum;
	pthread_t thread;
	int status = -1;
	pid_t device;

	for (size_t i = 0; i < PAGES; i++)
		part.buf[i * part.page / 8] = 0;
	until_all = now() + seconds;
	disturber.until = until_all;
	device = part_start(&part, device_adds);
	pthread_create(&thread, NULL, disturb, &disturber);
	host = add_all(&part, 200, until_all);
	waitpid(device, &status, 0);
	pthread_join(thread, NULL);
	sum = sum_of(&part);
	c = part_counts(&part);
	is_int(status, 0, "%s: the device process ends well", name);
	is_int((long long)sum, (long long)(host + part.shared[0]), "%s: no update is lost", name);
	diag("%s: host %llu, device %llu updates; %llu device faults, %llu host faults, %llu evicted, %llu retries, %llu copies, %llu disturbances",
		name, (unsigned long long)host, (unsigned long long)part.shared[0], (unsigned long long)c.events[SOFTDEV_DEVICE_FAULT],
		(unsigned long long)c.events[SOFTDEV_HOST_FAULT], (unsigned long long)c.pages[SOFTDEV_EVICTION], (unsigned long long)c.retries,
		(unsigned long long)c.cow_breaks, (unsigned long long)disturber.added);
	part_free(&part);
}

/* ---- kills */

static void run_until_killed(unsigned seed)
{
	struct part part =
		part_make(256, &(struct part_options){.granule = seed % 2 ? 16 : 1, .capacity = seed % 3 ? 128 : 0, .inherited = seed % 5 == 0});
	pid_t device;

	until_all = now() + 1000;
	device = part_start(&part, device_adds);
	if (seed % 4 == 0) {
		usleep(draw(&seed) % 20000);
		kill(device, SIGKILL);
	} else if (seed % 4 == 1) {
		usleep(draw(&seed) % 20000);
		munmap((void *)part.buf, part.bytes / 2);
		_exit(0);
	}
	add_all(&part, seed, until_all);
}

static void kill_at_random(unsigned times)
{
	struct softdev_info info;
	unsigned seed = 1, done = 0;
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);

	for (unsigned i = 0; i < times; i++) {
		int status;
		pid_t host = fork();

		if (host == 0) {
			run_until_killed(i);
			_exit(0);
		}
		usleep(draw(&seed) % 60000);
		kill(host, SIGKILL);
		done += waitpid(host, &status, 0) == host;
	}
	is_int(done, times, "processes are killed at %u moments", times);
	/* The last device process follows its parent. */
	do {
		usleep(10000);
		info = part_info(&(struct part){.fd = fd});
	} while (info.contexts > 0);
	is_int((long long)info.free_pages[SOFTDEV_PRIVATE], (long long)info.pages[SOFTDEV_PRIVATE], "no page is missing from the pool");
	close(fd);
}

void softdev_stress_cases(unsigned seconds, unsigned kills)
{
	stress("granule 1", &(struct part_options){.granule = 1, .capacity = PAGES / 2}, seconds);
	stress("granule 16", &(struct part_options){.granule = 16, .capacity = PAGES / 2}, seconds);
	stress("granule 512", &(struct part_options){.granule = 512, .capacity = PAGES}, seconds);
	stress("remote", &(struct part_options){.granule = 1, .policy = SOFTDEV_REMOTE, .capacity = PAGES / 2}, seconds);
	stress("after 3", &(struct part_options){.granule = 1, .after = 3, .capacity = PAGES / 2}, seconds);
	stress("pin after 4", &(struct part_options){.granule = 1, .pin = 4, .capacity = PAGES / 2}, seconds);
	stress("read-only first", &(struct part_options){.granule = 1, .flags = SOFTDEV_READ_ONLY_FIRST, .capacity = PAGES / 2}, seconds);
	stress("forks that share", &(struct part_options){.granule = 1, .inherited = true, .capacity = PAGES / 2}, seconds);
	kill_at_random(kills);
}

/* ---- requests without sense */

void softdev_fuzz_cases(unsigned seconds)
{
	static const unsigned long requests[] = {SOFTDEV_INFO, SOFTDEV_BIND, SOFTDEV_MOVE, SOFTDEV_WHERE, SOFTDEV_COUNT, SOFTDEV_INJECT};
	double until = now() + seconds;
	uint64_t made = 0, taken = 0, noise[128];
	unsigned seed = 1;
	struct part part = part_make(64, &(struct part_options){.granule = 1});

	while (now() < until) {
		int fd = draw(&seed) % 4 ? part.fd : open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);

		for (int i = 0; i < 16; i++, made++) {
			unsigned long request = draw(&seed) % 8 ? requests[draw(&seed) % 6] : draw(&seed);

			for (size_t w = 0; w < sizeof(noise) / 8; w++) {
				uint64_t any = ((uint64_t)draw(&seed) << 40) ^ ((uint64_t)draw(&seed) << 20) ^ draw(&seed);

				noise[w] = draw(&seed) % 3 == 0	  ? draw(&seed) % 4
					   : draw(&seed) % 3 == 0 ? (uintptr_t)part.buf + draw(&seed) % 80 * part.page
					   : draw(&seed) % 2	  ? draw(&seed) % 80 * part.page
								  : any;
			}
			/* What a binding says first is its version. */
			if (request == SOFTDEV_BIND && draw(&seed) % 2)
				noise[0] = SOFTDEV_ABI;
			/* Places are written where the fourth word says: nowhere of ours. */
			if (request == SOFTDEV_WHERE)
				noise[2] = draw(&seed) % 2 ? (uintptr_t)part.shared : 8;
			taken += ioctl(fd, request, draw(&seed) % 16 ? (void *)noise : (void *)(uintptr_t)draw(&seed)) == 0;
		}
		if (draw(&seed) % 4 == 0)
			part_device(&part, part_read);
		if (fd != part.fd)
			close(fd);
	}
	diag("%llu requests, %llu of them taken", (unsigned long long)made, (unsigned long long)taken);
	for (unsigned failure = 0; failure < SOFTDEV_FAILURES; failure++)
		part_inject(&part, failure, 0);
	is_int((long long)part_wrong(&part, 0), 0, "requests without sense change no data");
	part_free(&part);
}
