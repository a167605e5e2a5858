/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trace.c - the trace and the list of buffers; see preload.h.
 */
#include "record/preload.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct buffer *buffers;
static unsigned next_id;
static int trace_fd = -1;
static pid_t trace_pid; /* a child of fork() has a trace of its own */

void *preload_next(const char *name)
{
	void *call = dlsym(RTLD_NEXT, name), *library;

	/* What a module of an interpreter brings along is no next one of anybody. */
	if (call == NULL) {
		library = dlopen(strncmp(name, "cl", 2) == 0 ? "libOpenCL.so.1" : "libcuda.so.1", RTLD_NOW);
		call = library != NULL ? dlsym(library, name) : NULL;
	}
	if (call == NULL) {
		fprintf(stderr, "fivestep record: the program's library has no %s\n", name);
		abort();
	}
	return call;
}

void preload_lock(void)
{
	pthread_mutex_lock(&mutex);
}

void preload_unlock(void)
{
	pthread_mutex_unlock(&mutex);
}

static int open_trace(void)
{
	const char *folder = getenv("FIVESTEP_RECORD");
	char path[4096];

	if (trace_fd >= 0 && trace_pid == getpid())
		return trace_fd;
	if (folder == NULL || snprintf(path, sizeof(path), "%s/%ld", folder, (long)getpid()) >= (int)sizeof(path))
		return -1;
	if (trace_fd >= 0)
		close(trace_fd);
	trace_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	trace_pid = getpid();
	return trace_fd;
}

/* A line is one write: lines of threads do not mix. A line that cannot be written is missed at the end: the trace then lacks its last line. */
static void put(const char *line, size_t n)
{
	static bool is_broken;
	int fd = open_trace();

	if (fd >= 0 && !is_broken)
		is_broken = write(fd, line, n) != (ssize_t)n;
}

void trace_line(const char *format, ...)
{
	char line[TRACE_LINE];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	if (n < 0 || n >= (int)sizeof(line) - 1)
		return;
	line[n++] = '\n';
	put(line, (size_t)n);
}

void trace_launch_begin(struct trace_text *line, const char *name)
{
	char word[64];
	size_t n = 0;

	for (; name[n] != '\0' && n < sizeof(word) - 1; n++)
		word[n] = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", name[n]) != NULL ? name[n] : '_';
	word[n] = '\0';
	line->n = (size_t)snprintf(line->text, sizeof(line->text), "launch %s", n != 0 ? word : "kernel");
}

void trace_launch_use(struct trace_text *line, char how, unsigned id, long pages)
{
	char number[32] = "?";

	if (pages == 0)
		return;
	if (pages > 0)
		snprintf(number, sizeof(number), "%ld", pages);
	/* A launch of that many buffers is none that a profile could hold. */
	if (line->n + 64 < sizeof(line->text))
		line->n += (size_t)snprintf(line->text + line->n, sizeof(line->text) - line->n, " %c:%u:%s", how, id, number);
	else
		trace_line("unseen buffers of a launch with too many of them");
}

void trace_launch_end(struct trace_text *line)
{
	line->text[line->n++] = '\n';
	put(line->text, line->n);
}

struct buffer *buffer_add(const void *handle, size_t bytes, bool is_read, bool is_written)
{
	struct buffer *b = calloc(1, sizeof(*b));

	if (b == NULL) {
		trace_line("unseen a buffer, for lack of memory");
		return NULL;
	}
	*b = (struct buffer){.handle = handle, .bytes = bytes, .id = next_id++, .is_read = is_read, .is_written = is_written, .next = buffers};
	buffers = b;
	trace_line("region %u %zu", b->id, b->bytes);
	return b;
}

struct buffer *buffer_first(void)
{
	return buffers;
}

struct buffer *buffer_find(const void *handle)
{
	struct buffer *b = buffers;

	while (b != NULL && b->handle != handle)
		b = b->next;
	return b;
}

struct buffer *buffer_at(uint64_t address)
{
	struct buffer *b = buffers;

	while (b != NULL && !(address >= (uintptr_t)b->handle && address < (uintptr_t)b->handle + b->bytes))
		b = b->next;
	return b;
}

void buffer_gone(const void *handle)
{
	struct buffer **at = &buffers, *b;

	while (*at != NULL && (*at)->handle != handle)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	b = *at;
	*at = b->next;
	trace_line("gone %u", b->id);
	if (b->own != NULL)
		touched_free(b->own, b->bytes);
	free(b);
}
