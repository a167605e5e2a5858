/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_read.c - reading beyond the cache, by one thread or several; see floor.c.
 */
#include "config.h"

#include "bench/floor.h"

#include <pthread.h>

/* A line, which a compiler turns into the widest registers that it may use. */
typedef ulong line __attribute__((vector_size(64), aligned(64)));
#define AHEAD 4 /* sums that do not wait for each other */

static ulong read_words(const ulong *words, size_t n)
{
	const line *lines = (const line *)words;
	line sums[AHEAD] = {0};
	ulong sum = 0;
	size_t i = 0;

	for (; i + AHEAD <= n * sizeof(*words) / sizeof(*lines); i += AHEAD) {
		for (int k = 0; k < AHEAD; k++)
			sums[k] += lines[i + (size_t)k];
	}
	for (int k = 0; k < AHEAD; k++) {
		for (size_t w = 0; w < sizeof(line) / sizeof(ulong); w++)
			sum += sums[k][w];
	}
	for (i *= sizeof(line) / sizeof(ulong); i < n; i++)
		sum += words[i];
	return sum;
}

struct reader {
	pthread_t thread;
	pthread_barrier_t *gate; /* before and after each pass; NULL where there is one reader only */
	const ulong *words;
	size_t n;
	ulong sum;
};

static void gate_pass(const struct reader *reader)
{
	if (reader->gate != NULL)
		pthread_barrier_wait(reader->gate);
}

/* The first reader is the thread that takes the time. */
static void *reader_run(void *arg)
{
	struct reader *reader = arg;

	for (int pass = 0; pass < FLOOR_PASSES; pass++) {
		gate_pass(reader);
		reader->sum = read_words(reader->words, reader->n);
		gate_pass(reader);
	}
	return NULL;
}

static int check_sum(struct fs_job *job, const struct reader *readers, unsigned n, ulong expected)
{
	ulong sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += readers[i].sum;
	return sum == expected ? 0 : fs_wrong(job, "stream_read: the sum is %lx, not %lx", sum, expected);
}

static int measure_passes(struct fs_job *job, struct reader *readers, unsigned n, size_t bytes, ulong expected)
{
	int err = 0;

	for (int pass = 0; pass < FLOOR_PASSES; pass++) {
		uint64_t start;

		gate_pass(&readers[0]);
		start = fs_now();
		readers[0].sum = read_words(readers[0].words, readers[0].n);
		gate_pass(&readers[0]);
		fs_sample(job, "stream_read", (double)bytes / (double)(fs_now() - start));
		if (err == 0)
			err = check_sum(job, readers, n, expected);
	}
	return err;
}

int floor_read(struct fs_job *job, const ulong *base, size_t words, uint64_t seed)
{
	struct reader readers[FLOOR_READERS] = {0};
	unsigned n = fs_is(job, "initiator", "device") ? (unsigned)fs_count(job, "workers") : 1, started = 1;
	size_t part = words / n / 8 * 8;
	pthread_barrier_t gate;
	ulong expected = 0;
	int err = 0;

	for (size_t i = 0; i < words; i++)
		expected += i ^ seed;
	pthread_barrier_init(&gate, NULL, n);
	for (unsigned i = 0; i < n; i++)
		readers[i] = (struct reader){.gate = n > 1 ? &gate : NULL, .words = base + i * part, .n = i + 1 < n ? part : words - i * part};
	while (started < n && err == 0) {
		err = -pthread_create(&readers[started].thread, NULL, reader_run, &readers[started]);
		started += err == 0;
	}
	/* The threads that did start would wait for the others for ever: the round ends with them still waiting. */
	if (err < 0)
		return fs_error(job, err, "cannot start %u threads", n);
	err = measure_passes(job, readers, n, words * sizeof(ulong), expected);
	for (unsigned i = 1; i < n; i++)
		pthread_join(readers[i].thread, NULL);
	pthread_barrier_destroy(&gate);
	return err;
}
