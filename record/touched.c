/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * touched.c - which pages are touched: the kernel marks pages as referenced (the processor's accessed bit). A process may clear the marks of its own
 * memory, and read for each mapping how many pages have them (/proc/self/smaps). So reads are seen as well as writes, which soft-dirty bits and
 * write protection by userfaultfd do not show, and no privileges are needed.
 */
#include "record/preload.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* More than any kernel is built for. */
#define MAX_CPUS (1 << 20)
#define TRIES	 100

size_t touched_page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t bytes)
{
	size_t page = touched_page_bytes();

	return (bytes + page - 1) / page * page;
}

/* Clears the marks of a range, and what the processors have cached of them; only of pages that the kernel has on its lists of pages in use. */
static bool marks_clear(unsigned char *memory, size_t bytes)
{
#ifdef MADV_COLD
	return madvise(memory, whole_pages(bytes), MADV_COLD) == 0;
#else
	(void)memory;
	(void)bytes;
	return false;
#endif
}

/*
 * New pages wait in a batch of the CPU that made them, and come to the kernel's lists when it is full or when that CPU asks. So the thread stays on
 * one CPU from the first page until it has asked. The mask of its CPUs grows until it has room for as many as the kernel knows.
 */
static void make_pages(unsigned char *memory, size_t bytes)
{
	size_t size = 0;
	cpu_set_t *before = NULL, *one = NULL;
	int cpu = sched_getcpu();
	bool stays = false;

	for (int cpus = CPU_SETSIZE; !stays && cpus <= MAX_CPUS; cpus *= 2) {
		free(before);
		before = CPU_ALLOC((size_t)cpus);
		size = CPU_ALLOC_SIZE(cpus);
		stays = before != NULL && sched_getaffinity(0, size, before) == 0;
	}
	one = stays && cpu >= 0 ? calloc(1, size) : NULL;
	if (one != NULL) {
		CPU_SET_S((size_t)cpu, size, one);
		stays = sched_setaffinity(0, size, one) == 0;
	}
	memset(memory, 0, bytes);
	(void)marks_clear(memory, bytes);
	if (one != NULL && stays)
		(void)sched_setaffinity(0, size, before);
	free(one);
	free(before);
}

/* A page without access on either side keeps the mapping from being joined with others. */
unsigned char *touched_alloc(size_t bytes)
{
	size_t page = touched_page_bytes(), inside = whole_pages(bytes);
	unsigned char *memory = mmap(NULL, inside + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* Pages count one by one; and those that do not exist would be read as the zero page, which nobody counts. */
	(void)madvise(memory + page, inside, MADV_NOHUGEPAGE);
	if (mprotect(memory + page, inside, PROT_READ | PROT_WRITE) < 0) {
		munmap(memory, inside + 2 * page);
		return NULL;
	}
	make_pages(memory + page, inside);
	return memory + page;
}

void touched_free(unsigned char *memory, size_t bytes)
{
	size_t page = touched_page_bytes();

	munmap(memory - page, whole_pages(bytes) + 2 * page);
}

long touched_pages(const unsigned char *memory)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	char line[512];
	unsigned long first, end, kib;
	bool is_it = false;
	long pages = -1;

	while (smaps != NULL && pages < 0 && fgets(line, sizeof(line), smaps) != NULL) {
		if (sscanf(line, "%lx-%lx ", &first, &end) == 2)
			is_it = first == (unsigned long)memory;
		else if (is_it && sscanf(line, "Referenced: %lu kB", &kib) == 1)
			pages = (long)(kib * 1024 / touched_page_bytes());
	}
	if (smaps != NULL)
		fclose(smaps);
	return pages;
}

/* Before Linux 5.4: clears the marks, and not what the processors have cached of them. */
static bool all_marks_clear(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool is_done = fd >= 0 && write(fd, "1", 1) == 1;

	if (fd >= 0)
		close(fd);
	return is_done;
}

/* A page that the kernel has taken from its lists, to move it for example, keeps its mark until it is back. If it stays away, what is touched is
 * unknown. */
bool touched_begin(unsigned char *memory, size_t bytes)
{
	bool is_done = marks_clear(memory, bytes) || all_marks_clear();

	for (int tries = 0; is_done && tries < TRIES && touched_pages(memory) > 0; tries++) {
		sched_yield();
		is_done = marks_clear(memory, bytes) || all_marks_clear();
	}
	return is_done && touched_pages(memory) == 0;
}
