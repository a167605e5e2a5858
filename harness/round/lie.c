/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lie.c - see lie.h.
 */
#include "config.h"

#include "harness/round/lie.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "harness/round/job.h"

/* Only of the benchmark's thread, as for injected waits. */
_Thread_local bool lie_has_clock;
static _Thread_local struct lie *clock_lie;

void lie_begin(struct fs_job *job)
{
	const struct fs_arg *arg = args_get(&job->cell->args, "lie");

	if (arg == NULL)
		return;
	job->lie = lies[arg->whole];
	job->lie.from = fs_count(job, "lie_from");
	job->lie.times = fs_count(job, "lie_times");
	if (job->lie.kind >= LIE_CLOCK_FAST && job->lie.kind <= LIE_CLOCK_STEP) {
		clock_lie = &job->lie;
		lie_has_clock = true;
	}
}

static bool tells(struct fs_job *job, enum lie_kind kind)
{
	struct lie *lie = &job->lie;

	uint64_t occasion;

	if (lie->kind != kind)
		return false;
	/* Requests to move may come from several threads. */
	occasion = __atomic_add_fetch(&lie->occasions, 1, __ATOMIC_RELAXED);
	return occasion >= lie->from && (lie->times == 0 || occasion - lie->from < lie->times);
}

static size_t page_bytes(void)
{
	return fs_page_bytes();
}

/* ---- new memory */

static void populate(struct fs_buffer *buf)
{
	for (size_t at = 0; at + page_bytes() < buf->bytes; at += page_bytes())
		*(volatile unsigned char *)((unsigned char *)buf->cpu + at) = 0;
}

/* Replaces the first n pages by mappings of one file page that contains a non-zero word. */
static void replace(struct fs_buffer *buf, unsigned n, int flags)
{
	static const ulong word[2] = {0, 1};
	int fd = memfd_create("fivestep-lie", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)page_bytes()) != 0 || pwrite(fd, word, sizeof(word), 0) != (ssize_t)sizeof(word))
		abort();
	for (unsigned i = 0; i < n; i++) {
		void *at = (unsigned char *)buf->cpu + i * page_bytes();

		if (mmap(at, page_bytes(), PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) != at)
			abort();
	}
	close(fd);
}

void lie_of_alloc(struct fs_job *job, struct fs_buffer *buf)
{
	if (tells(job, LIE_ALLOC_POPULATED))
		populate(buf);
	if (tells(job, LIE_ALLOC_ALIAS))
		replace(buf, 2, MAP_SHARED);
	if (tells(job, LIE_ALLOC_DIRTY))
		replace(buf, 1, MAP_PRIVATE);
	if (tells(job, LIE_ALLOC_BASE))
		madvise(buf->cpu, buf->bytes, MADV_NOHUGEPAGE);
	if (tells(job, LIE_ALLOC_HUGE))
		madvise(buf->cpu, buf->bytes, MADV_HUGEPAGE);
}

/* ---- counts */

bool lie_of_count(struct fs_job *job, const char *name, uint64_t *value, bool counted)
{
	struct lie *lie = &job->lie;

	if (lie->count == NULL || strncmp(name, lie->count, strlen(lie->count)) != 0)
		return counted;
	if (tells(job, LIE_COUNT_ABSENT) || tells(job, LIE_NOTHING_SEEN))
		return false;
	if (tells(job, LIE_COUNT_ZERO))
		*value = 0;
	if (tells(job, LIE_COUNT_MORE))
		*value += ++lie->more;
	return counted;
}

/* ---- transfers */

static int copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	job->requested[FS_COST_COPY + to]++;
	job->requested[FS_COST_COPY_BYTE + to] += bytes;
	return job->cell->device->copy(job->device, stream, memory, offset, host, bytes, to);
}

/* Changes the byte on the receiving side only. */
static int copy_changed(
	struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, unsigned char *host, size_t bytes, size_t at, enum fs_side to)
{
	int err = 0;

	if (to == FS_DEVICE)
		host[at] ^= 1;
	err = copy(job, stream, memory, offset, host, bytes, to);
	if (err == 0)
		err = job->cell->device->wait(job->device, stream);
	host[at] ^= 1;
	return err;
}

int lie_of_copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct lie *lie = &job->lie;
	int err;

	if (tells(job, LIE_COPY_NONE))
		return 0;
	if (tells(job, LIE_COPY_SHORT))
		bytes -= bytes > page_bytes() ? page_bytes() : bytes;
	if (lie->to == to && tells(job, LIE_COPY_FIRST))
		return copy_changed(job, stream, memory, offset, host, bytes, 0, to);
	if (lie->to == to && tells(job, LIE_COPY_LAST))
		return copy_changed(job, stream, memory, offset, host, bytes, bytes - 1, to);
	err = copy(job, stream, memory, offset, host, bytes, to);
	if (err == 0 && tells(job, LIE_COPY_TWICE))
		err = copy(job, stream, memory, offset, host, bytes, to);
	return err;
}

/* ---- residence */

int lie_of_migrate(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	unsigned char *first = (unsigned char *)memory->cpu + offset;
	int err;

	if (tells(job, LIE_MIGRATE_NONE))
		return 0;
	if (tells(job, LIE_MIGRATE_SHORT))
		bytes -= bytes > page_bytes() ? page_bytes() : 0;
	/* Changed while it is on the host. */
	if (to == FS_DEVICE && tells(job, LIE_MIGRATE_BYTE))
		*first ^= 1;
	__atomic_add_fetch(&job->requested[FS_COST_MIGRATE + to], 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&job->requested[FS_COST_PAGE + to], (bytes + page_bytes() - 1) / page_bytes(), __ATOMIC_RELAXED);
	err = job->cell->device->migrate(job->device, memory, offset, bytes, to);
	if (to == FS_HOST && tells(job, LIE_MIGRATE_BYTE))
		*first ^= 1;
	return err;
}

static int bring_back(struct fs_job *job, struct fs_memory *memory)
{
	int err = job->cell->device->migrate(job->device, memory, 0, memory->bytes, FS_HOST);

	for (size_t at = 0; at < memory->bytes && err == 0; at += page_bytes())
		(void)*((volatile unsigned char *)memory->cpu + at);
	return err;
}

int lie_of_residence(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	int err = job->cell->device->residence(job->device, memory, offset, bytes, side);

	if (err == 0 && tells(job, LIE_RESIDENCE_ASTRAY))
		side[0] = side[0] == FS_HOST ? FS_DEVICE : FS_HOST;
	if (err == 0 && tells(job, LIE_RESIDENCE_ALL))
		memset(side, job->lie.to, bytes / page_bytes());
	if (err == 0 && tells(job, LIE_NOTHING_SEEN))
		memset(side, FS_HOST, bytes / page_bytes());
	if (err == 0 && tells(job, LIE_RESIDENCE_RETURNS))
		err = bring_back(job, memory);
	return err;
}

/* ---- computing */

static int launch_once(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	job->requested[FS_COST_LAUNCH]++;
	return job->cell->device->launch(job->device, stream, memory, launch);
}

int lie_of_launch(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	const struct fs_device *device = job->cell->device;
	struct fs_launch told = *launch;
	int err;

	if (tells(job, LIE_LAUNCH_NONE))
		return 0;
	if (tells(job, LIE_LAUNCH_CRASH)) {
		fprintf(stderr, "one line\nthe device is gone\n\n");
		abort();
	}
	while (tells(job, LIE_LAUNCH_HANG))
		pause();
	if (tells(job, LIE_LAUNCH_SHORT))
		told.last--;
	if (job->buffer != NULL && tells(job, LIE_DATA_BEFORE))
		*(volatile ulong *)job->buffer->cpu += 1;
	err = launch_once(job, stream, memory, &told);
	if (err == 0 && tells(job, LIE_LAUNCH_TWICE)) {
		err = device->wait(job->device, stream);
		if (err == 0)
			err = launch_once(job, stream, memory, &told);
	}
	return err;
}

int lie_of_wait(struct fs_job *job, int stream)
{
	const struct fs_device *device = job->cell->device;
	int err = device->wait(job->device, stream);

	if (err == 0 && job->buffer != NULL && tells(job, LIE_DATA_AFTER))
		*(volatile ulong *)job->buffer->cpu += 1;
	if (err == 0 && device->out != NULL && tells(job, LIE_OUT_CHANGED))
		device->out(job->device)[0] += 1;
	return err;
}

/* ---- time */

/* CPU time of this thread, which does not depend on other load. */
static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t lie_of_clock(uint64_t now)
{
	static _Thread_local uint64_t start;

	if (++clock_lie->occasions < clock_lie->from)
		return now;
	if (start == 0)
		start = now;
	switch (clock_lie->kind) {
	case LIE_CLOCK_FAST:
		return start + cpu_ns() / 10000;
	case LIE_CLOCK_BACK:
		return start - (now - start);
	case LIE_CLOCK_STEP:
		return start + 1000000 * (clock_lie->occasions - clock_lie->from);
	default:
		return start;
	}
}
