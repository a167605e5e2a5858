/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * touched.c - which pages are touched: the kernel marks pages as referenced (the processor's accessed bit). A process may clear the marks of its own
 * memory, and read for each mapping how many pages have them (/proc/self/smaps). So reads are seen as well as writes, which soft-dirty bits and
 * write protection by userfaultfd do not show, and no privileges are needed.
 */
#include "record/preload.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

size_t touched_page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t bytes)
{
	size_t page = touched_page_bytes();

	return (bytes + page - 1) / page * page;
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
	memset(memory + page, 0, inside);
	return memory + page;
}

void touched_free(unsigned char *memory, size_t bytes)
{
	size_t page = touched_page_bytes();

	munmap(memory - page, whole_pages(bytes) + 2 * page);
}

/* MADV_COLD clears the marks of a range, and what the processors have cached of them; /proc/self/clear_refs (before Linux 5.4) only the marks. */
bool touched_begin(unsigned char *memory, size_t bytes)
{
	int fd;
	bool is_done;

#ifdef MADV_COLD
	if (madvise(memory, whole_pages(bytes), MADV_COLD) == 0)
		return true;
#endif
	fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	is_done = fd >= 0 && write(fd, "1", 1) == 1;
	if (fd >= 0)
		close(fd);
	return is_done;
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
