/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages_use() uses every page of a mapping, by reading and by writing, and changes nothing. What a hypervisor does at such a first use no counter
 * shows, so the pages here are forbidden ones, and each access that is made is one that is caught.
 */
#include "config.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/machine/pages.h"
#include "tests/tap.h"

#define PAGES 37

static unsigned char *memory;
static size_t page;
static volatile unsigned reads[PAGES], writes[PAGES];

/* The first access of a page is allowed to read, the second to write. */
static void caught(int signal_number, siginfo_t *info, void *context)
{
	size_t at = ((uintptr_t)info->si_addr - (uintptr_t)memory) / page;

	(void)signal_number;
	(void)context;
	if ((uintptr_t)info->si_addr < (uintptr_t)memory || at >= PAGES)
		_exit(1);
	if (reads[at]++ == 0) {
		mprotect(memory + at * page, page, PROT_READ);
	} else {
		writes[at]++;
		mprotect(memory + at * page, page, PROT_READ | PROT_WRITE);
	}
}

static unsigned count(const volatile unsigned *times, unsigned wanted)
{
	unsigned n = 0;

	for (size_t i = 0; i < PAGES; i++)
		n += times[i] == wanted;
	return n;
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
	size_t changed = 0;

	page = (size_t)sysconf(_SC_PAGESIZE);
	memory = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return 99;
	memset(memory, 0x5a, PAGES * page);
	mprotect(memory, PAGES * page, PROT_NONE);
	sigaction(SIGSEGV, &action, NULL);
	pages_use(memory, PAGES * page, page);
	is_int(count(reads, 2), PAGES, "every page is read, then written, once each");
	is_int(count(writes, 1), PAGES, "every page is written");
	for (size_t i = 0; i < PAGES * page; i++)
		changed += memory[i] != 0x5a;
	is_int(changed, 0, "nothing in it changes");
	done_testing();
	return exit_status();
}
