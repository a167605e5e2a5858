/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * separate.c - the emulated device with its own memory: two streams, each a thread that executes copies and
 * launches in order; the workers are shared, as a device's cores are.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/device/emu/copy.h"
#include "harness/device/emu/emu.h"
#include "harness/machine/pages.h"

/* A command on a stream: a launch if body is set, else a copy. */
struct task {
	struct task *next;
	void *to;
	const void *from;
	size_t bytes;
	struct fs_launch launch;
};

struct stream {
	struct separate *separate;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more, done; /* there is work for the thread; a task is done */
	struct task *first, *last;
	bool busy, stopping, started;
};

struct separate {
	struct stream streams[EMU_STREAMS];
	pthread_mutex_t workers_lock; /* one launch at a time */
	struct team team;
	struct team_threads workers;
	sync_word never; /* dies: this is one process */
	unsigned char *memory;
	size_t bytes, page;
	bool allocated;
	_Atomic uint64_t copied_bytes[FS_SIDES];
	ulong out[FS_OUT_WORDS];
};

static void compute(struct separate *separate, const struct fs_launch *launch)
{
	pthread_mutex_lock(&separate->workers_lock);
	team_post(&separate->team, launch, separate->memory, separate->out);
	team_wait(&separate->team, &separate->workers.peer);
	pthread_mutex_unlock(&separate->workers_lock);
}

static void carry_out(struct separate *separate, const struct task *task)
{
	if (task->launch.body != NULL)
		compute(separate, &task->launch);
	else
		emu_copy(task->to, task->from, task->bytes);
}

/* Executes the next task, if there is one and no thread executes it already; called with the lock, which it drops meanwhile. */
static bool step(struct stream *stream)
{
	struct task *task = stream->busy ? NULL : stream->first;

	if (task == NULL)
		return false;
	stream->first = task->next;
	stream->busy = true;
	pthread_mutex_unlock(&stream->lock);
	carry_out(stream->separate, task);
	free(task);
	pthread_mutex_lock(&stream->lock);
	stream->busy = false;
	pthread_cond_broadcast(&stream->done);
	return true;
}

static void *stream_run(void *arg)
{
	struct stream *stream = arg;

	pthread_mutex_lock(&stream->lock);
	while (!stream->stopping) {
		if (!step(stream))
			pthread_cond_wait(&stream->more, &stream->lock);
	}
	pthread_mutex_unlock(&stream->lock);
	return NULL;
}

static void ring(struct stream *stream)
{
	pthread_mutex_lock(&stream->lock);
	pthread_cond_signal(&stream->more);
	pthread_mutex_unlock(&stream->lock);
}

static bool has_work(struct stream *stream)
{
	bool some;

	pthread_mutex_lock(&stream->lock);
	some = stream->busy || stream->first != NULL;
	pthread_mutex_unlock(&stream->lock);
	return some;
}

/*
 * A copy by itself wakes no thread: the caller that queues it waits for it next, and then executes it itself (wait). Waking an idle CPU takes as
 * long as copying 100 KiB. If there is something to overlap it with, a launch or work on the other stream, both threads are needed.
 */
static int queue(struct separate *separate, int at, const struct task *order)
{
	struct stream *stream = &separate->streams[at];
	struct task *task = malloc(sizeof(*task));

	if (task == NULL)
		return -ENOMEM;
	*task = *order;
	pthread_mutex_lock(&stream->lock);
	if (stream->first == NULL)
		stream->first = task;
	else
		stream->last->next = task;
	stream->last = task;
	pthread_mutex_unlock(&stream->lock);
	if (order->launch.body != NULL || has_work(&separate->streams[1 - at])) {
		for (int i = 0; i < EMU_STREAMS; i++)
			ring(&separate->streams[i]);
	}
	return 0;
}

static int stream_start(struct separate *separate, struct stream *stream)
{
	int err;

	stream->separate = separate;
	pthread_mutex_init(&stream->lock, NULL);
	pthread_cond_init(&stream->more, NULL);
	pthread_cond_init(&stream->done, NULL);
	err = pthread_create(&stream->thread, NULL, stream_run, stream);
	stream->started = err == 0;
	return -err;
}

static void stream_stop(struct stream *stream)
{
	if (!stream->started)
		return;
	pthread_mutex_lock(&stream->lock);
	stream->stopping = true;
	pthread_cond_signal(&stream->more);
	pthread_mutex_unlock(&stream->lock);
	pthread_join(stream->thread, NULL);
}

static void close_separate(void *mode)
{
	struct separate *separate = mode;

	for (int i = 0; i < EMU_STREAMS; i++)
		stream_stop(&separate->streams[i]);
	team_stop(&separate->workers);
	pages_unmap(separate->memory, separate->bytes, separate->page);
	free(separate);
}

static int open_separate(struct fs_job *job, const struct emu_config *config, void **mode, struct fs_reason *why)
{
	struct separate *separate = calloc(1, sizeof(*separate));
	int err = 0;

	(void)job;
	if (separate == NULL)
		return fs_no_memory(why);
	pthread_mutex_init(&separate->workers_lock, NULL);
	separate->bytes = config->bytes;
	separate->page = config->page_bytes;
	separate->memory = pages_map(config->bytes, separate->page, config->node);
	err = separate->memory == NULL ? -errno : pages_populate(separate->memory, config->bytes, separate->page);
	if (err < 0) {
		pages_because(why, -err, config->bytes, config->node);
	} else {
		pages_use(separate->memory, config->bytes, fs_page_bytes());
		err = team_start(&separate->workers, &separate->team, config->workers, config->node, &(struct sync_peer){&separate->never, false});
		for (int i = 0; i < EMU_STREAMS && err == 0; i++)
			err = stream_start(separate, &separate->streams[i]);
		if (err < 0)
			fs_because(why, err, "", "cannot start the device's threads: %s", strerror(-err));
	}
	if (err < 0)
		close_separate(separate);
	else
		*mode = separate;
	return err;
}

static int alloc(void *mode, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct separate *separate = mode;

	(void)side;
	if (separate->allocated || bytes > separate->bytes)
		return -ENOMEM;
	separate->allocated = true;
	memory->device = separate->memory;
	return 0;
}

static void free_memory(void *mode, struct fs_memory *memory)
{
	(void)memory;
	((struct separate *)mode)->allocated = false;
}

static int copy(void *mode, int stream, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct separate *separate = mode;
	unsigned char *device = separate->memory + offset;
	struct task task = {.to = to == FS_DEVICE ? device : host, .from = to == FS_DEVICE ? host : device, .bytes = bytes};

	if (offset + bytes > separate->bytes)
		return -EINVAL;
	atomic_fetch_add(&separate->copied_bytes[to], bytes);
	return queue(separate, stream, &task);
}

static int launch(void *mode, int stream, const struct fs_memory *memory, const struct fs_launch *launch)
{
	(void)memory;
	return queue(mode, stream, &(struct task){.launch = *launch});
}

/* A waiting caller works on the stream itself: so not every copy includes the wake-up of the thread, which takes long on an idle CPU. */
static int wait(void *mode, int stream)
{
	struct stream *s = &((struct separate *)mode)->streams[stream];

	pthread_mutex_lock(&s->lock);
	while (s->busy || s->first != NULL) {
		if (!step(s))
			pthread_cond_wait(&s->done, &s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return 0;
}

static int mapped(void *mode, const struct fs_memory *memory, struct fs_mapped *mapped)
{
	(void)mode;
	return fs_mapped_add(0, memory->device, memory->bytes, mapped);
}

static ulong *out(void *mode)
{
	return ((struct separate *)mode)->out;
}

static void count(void *mode, struct emu_counts *counts)
{
	struct separate *separate = mode;

	for (int side = 0; side < FS_SIDES; side++)
		counts->copied_bytes[side] = atomic_load(&separate->copied_bytes[side]);
}

const struct emu_mode emu_separate = {
	.open = open_separate,
	.close = close_separate,
	.alloc = alloc,
	.free = free_memory,
	.copy = copy,
	.launch = launch,
	.wait = wait,
	.mapped = mapped,
	.out = out,
	.count = count,
};
