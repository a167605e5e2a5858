/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_failures.c - loaded before a program (LD_PRELOAD), it makes one call fail: the FAIL_AT-th of FAIL_KIND in the program and all processes
 * that it starts. SQLite's way: try 1, 2, 3, ... until the number is beyond the last call. tests/run/injection.sh does that.
 *
 *   FAIL_KIND   alloc, open, read, write, map, process or thread
 *   FAIL_AT     which call; 0: none, they are only counted
 *   FAIL_STATE  a file of FAIL_WORDS zero words of 8 bytes, shared by all processes: calls so far, whether it failed, and where
 *
 * Only calls of the program itself are counted, by their return address: what a library does with a failed allocation is its own affair. jansson's
 * allocations are the program's (base/jsontext.c).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CALLS, FAILED, WHERE, FAIL_WORDS };

static _Atomic uint64_t *state;
static uint64_t fail_at;
static char kind[16];
static uintptr_t program_first, program_last, program_base;

/* The program is the first object. */
static int find_program(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	program_base = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0) {
			program_first = info->dlpi_addr + part->p_vaddr;
			program_last = program_first + part->p_memsz;
		}
	}
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("FAIL_STATE"), *at = getenv("FAIL_AT"), *asked = getenv("FAIL_KIND");
	int fd;
	void *p;

	if (path == NULL || at == NULL || asked == NULL)
		return;
	fail_at = strtoull(at, NULL, 10);
	snprintf(kind, sizeof(kind), "%s", asked);
	dl_iterate_phdr(find_program, NULL);
	fd = open(path, O_RDWR | O_CLOEXEC);
	p = fd >= 0 ? mmap(NULL, FAIL_WORDS * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (fd >= 0)
		close(fd);
	if (p != MAP_FAILED)
		state = p;
}

static int fails(const char *of, const void *caller, int err)
{
	uintptr_t at = (uintptr_t)caller;

	if (state == NULL || at < program_first || at >= program_last || strcmp(of, kind) != 0)
		return 0;
	if (atomic_fetch_add(&state[CALLS], 1) + 1 != fail_at)
		return 0;
	atomic_store(&state[WHERE], at - program_base);
	atomic_store(&state[FAILED], 1);
	errno = err;
	return 1;
}

#define CALLER __builtin_return_address(0)

/* REPLACED(KIND, ERRNO, FAILURE, TYPE, NAME, (PARAMETERS), (ARGUMENTS)): a function of the C library that fails when its number is up. */
#define REPLACED(of, err, failure, type, name, params, args)                                                                                         \
	type name params                                                                                                                             \
	{                                                                                                                                            \
		static type(*real) params;                                                                                                           \
                                                                                                                                                     \
		if (real == NULL)                                                                                                                    \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                                                                   \
		return fails(#of, CALLER, err) ? (failure) : real args;                                                                              \
	}

/* malloc's own: dlsym may allocate, so these go to the C library's internal names. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);

void *malloc(size_t bytes)
{
	return fails("alloc", CALLER, ENOMEM) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
	return fails("alloc", CALLER, ENOMEM) ? NULL : __libc_calloc(n, bytes);
}

void *realloc(void *old, size_t bytes)
{
	return fails("alloc", CALLER, ENOMEM) ? NULL : __libc_realloc(old, bytes);
}

REPLACED(alloc, ENOMEM, NULL, char *, strdup, (const char *text), (text))
REPLACED(alloc, ENOMEM, NULL, char *, strndup, (const char *text, size_t n), (text, n))
REPLACED(alloc, ENOMEM, NULL, FILE *, open_memstream, (char **text, size_t *bytes), (text, bytes))
REPLACED(alloc, ENOMEM, -1, int, vasprintf, (char **text, const char *fmt, va_list list), (text, fmt, list))

REPLACED(open, EMFILE, NULL, FILE *, fopen, (const char *path, const char *mode), (path, mode))
REPLACED(open, EMFILE, NULL, FILE *, fopen64, (const char *path, const char *mode), (path, mode))
REPLACED(open, EMFILE, NULL, FILE *, fdopen, (int fd, const char *mode), (fd, mode))
REPLACED(open, EMFILE, NULL, void *, opendir, (const char *path), (path))
REPLACED(open, EMFILE, -1, int, memfd_create, (const char *name, unsigned flags), (name, flags))
REPLACED(open, EMFILE, -1, int, pipe2, (int fds[2], int flags), (fds, flags))
REPLACED(open, EMFILE, -1, int, dup, (int fd), (fd))

#define REPLACED_OPEN(name)                                                                                                                          \
	int name(const char *path, int flags, ...)                                                                                                   \
	{                                                                                                                                            \
		static int (*real)(const char *, int, ...);                                                                                          \
		va_list list;                                                                                                                        \
		mode_t mode;                                                                                                                         \
                                                                                                                                                     \
		va_start(list, flags);                                                                                                               \
		mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;                                                            \
		va_end(list);                                                                                                                        \
		if (real == NULL)                                                                                                                    \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                                                                   \
		return fails("open", CALLER, EMFILE) ? -1 : real(path, flags, mode);                                                                 \
	}
REPLACED_OPEN(open)
REPLACED_OPEN(open64)

REPLACED(read, EIO, -1, ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
REPLACED(read, EIO, -1, ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
REPLACED(read, EIO, -1, ssize_t, pread64, (int fd, void *to, size_t n, off64_t at), (fd, to, n, at))
REPLACED(read, EIO, -1, ssize_t, getline, (char **line, size_t *n, FILE *file), (line, n, file))
REPLACED(read, EIO, -1, ssize_t, getdelim, (char **line, size_t *n, int delim, FILE *file), (line, n, delim, file))
REPLACED(read, EIO, NULL, char *, fgets, (char *line, int n, FILE *file), (line, n, file))
REPLACED(read, EIO, 0, size_t, fread, (void *to, size_t size, size_t n, FILE *file), (to, size, n, file))

REPLACED(write, ENOSPC, -1, ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
REPLACED(write, ENOSPC, -1, ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at))
REPLACED(write, ENOSPC, -1, ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at))
REPLACED(write, EIO, -1, int, fsync, (int fd), (fd))
REPLACED(write, ENOSPC, EOF, int, fflush, (FILE * file), (file))
REPLACED(write, ENOSPC, -1, int, ftruncate, (int fd, off_t bytes), (fd, bytes))
REPLACED(write, ENOSPC, -1, int, ftruncate64, (int fd, off64_t bytes), (fd, bytes))
REPLACED(write, EACCES, -1, int, rename, (const char *from, const char *to), (from, to))
REPLACED(write, EACCES, -1, int, mkdir, (const char *path, mode_t mode), (path, mode))

REPLACED(map, ENOMEM, MAP_FAILED, void *, mmap, (void *at, size_t n, int prot, int flags, int fd, off_t offset), (at, n, prot, flags, fd, offset))
REPLACED(map, ENOMEM, MAP_FAILED, void *, mmap64, (void *at, size_t n, int prot, int flags, int fd, off64_t offset), (at, n, prot, flags, fd, offset))
REPLACED(map, ENOMEM, -1, int, madvise, (void *at, size_t n, int advice), (at, n, advice))

REPLACED(process, EAGAIN, -1, int, fork, (void), ())

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return fails("thread", CALLER, EAGAIN) ? EAGAIN : real(thread, attr, run, arg);
}
