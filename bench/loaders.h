/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * loaders.h - CPU threads that read pages as fast as they are allowed while a benchmark measures: load on the path to memory.
 *
 * Each page holds consecutive words, so that what is read is checked, page by page, without a copy of it.
 */
#ifndef FIVESTEP_BENCH_LOADERS_H
#define FIVESTEP_BENCH_LOADERS_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "bench/order.h"

#define LOADERS_MAX 64

struct loader {
	struct loaders *all;
	pthread_t thread;
	ulong which;
	atomic_ulong pages; /* read so far */
	atomic_ulong wrong; /* of them, those whose sum was another */
};

struct loaders {
	struct fs_job *job;
	ulong n, pause_ns; /* after each page */
	/* Page i of `pages` is at base + i * stride. */
	unsigned char *base;
	size_t stride;
	ulong pages, key;
	atomic_bool stop;
	struct loader loader[LOADERS_MAX];
};

static inline ulong *loaders_page(const struct loaders *loaders, ulong i)
{
	return (ulong *)(loaders->base + i * loaders->stride);
}

static inline void loaders_fill(const struct loaders *loaders)
{
	for (ulong i = 0; i < loaders->pages; i++) {
		for (ulong w = 0; w < page_bytes() / sizeof(ulong); w++)
			loaders_page(loaders, i)[w] = order_word(i, loaders->key) + w;
	}
}

static inline ulong loaders_sum(const struct loaders *loaders, ulong i)
{
	ulong n = page_bytes() / sizeof(ulong);

	return n * order_word(i, loaders->key) + n * (n - 1) / 2;
}

static inline void loaders_wait(ulong ns)
{
	for (uint64_t start = ns != 0 ? fs_now() : 0; ns != 0 && fs_now() - start < ns;)
		;
}

static inline void *loader_run(void *arg)
{
	struct loader *self = arg;
	struct loaders *all = self->all;
	ulong words = page_bytes() / sizeof(ulong);

	for (ulong i = all->pages * self->which / all->n; !atomic_load_explicit(&all->stop, memory_order_relaxed); i = (i + 1) % all->pages) {
		const ulong *page = loaders_page(all, i);
		ulong sum = 0;

		for (ulong w = 0; w < words; w++)
			sum += page[w];
		if (sum != loaders_sum(all, i))
			atomic_fetch_add_explicit(&self->wrong, 1, memory_order_relaxed);
		atomic_fetch_add_explicit(&self->pages, 1, memory_order_relaxed);
		loaders_wait(all->pause_ns);
	}
	return NULL;
}

/* Pages read so far by all of them. */
static inline ulong loaders_read(const struct loaders *loaders)
{
	ulong pages = 0;

	for (ulong i = 0; i < loaders->n; i++)
		pages += atomic_load(&loaders->loader[i].pages);
	return pages;
}

/* Ends the first `started` of them. */
static inline void loaders_end(struct loaders *loaders, ulong started)
{
	atomic_store(&loaders->stop, true);
	for (ulong i = 0; i < started; i++)
		pthread_join(loaders->loader[i].thread, NULL);
}

/* Ends all of them; wrong data if one of them read any. */
static inline int loaders_stop(struct loaders *loaders)
{
	ulong wrong = 0;

	loaders_end(loaders, loaders->n);
	for (ulong i = 0; i < loaders->n; i++)
		wrong += atomic_load(&loaders->loader[i].wrong);
	return wrong != 0 ? fs_wrong(loaders->job, "the sums of %lu pages that the loaders read are wrong", wrong) : 0;
}

/* All of them read when it returns. 0 or negative. */
static inline int loaders_start(struct loaders *loaders)
{
	int err = 0;

	atomic_store(&loaders->stop, false);
	for (ulong i = 0; i < loaders->n && err == 0; i++) {
		struct loader *loader = &loaders->loader[i];

		loader->all = loaders;
		loader->which = i;
		atomic_store(&loader->pages, 0);
		err = pthread_create(&loader->thread, NULL, loader_run, loader);
		if (err != 0)
			loaders_end(loaders, i);
	}
	for (ulong i = 0; i < loaders->n && err == 0; i++) {
		while (atomic_load(&loaders->loader[i].pages) == 0)
			sched_yield();
	}
	return err != 0 ? fs_error(loaders->job, -err, "no thread for %lu loaders: %s", loaders->n, strerror(err)) : 0;
}

#endif
