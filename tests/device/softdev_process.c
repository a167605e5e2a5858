/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_process.c - what processes do to their memory while a device works on it.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static bool died_of(int status, int signal_number)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == signal_number;
}

/* ---- a child shares the pages on the device, copy-on-write */

static void host_forks(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .inherited = true});
	int status = -1, ends[2];
	size_t wrong = 99;
	pid_t child;

	part_moved(&part, true);
	if (pipe(ends) != 0)
		return;
	child = fork();
	if (child == 0) {
		char go;
		size_t n = read(ends[0], &go, 1) != 1;

		n += part_wrong(&part, 0);
		_exit(n > 255 ? 255 : (int)n);
	}
	/* MAP_FIXED replaces what this one inherits. */
	is_int(part_device(&part, part_add), 0, "fork: the device writes to pages that a child shares");
	if (write(ends[1], "g", 1) == 1 && waitpid(child, &status, 0) == child)
		wrong = (size_t)WEXITSTATUS(status);
	is_int((long long)wrong, 0, "fork: the child sees what was there before");
	is_int((long long)part_wrong(&part, 1), 0, "fork: the parent sees what the device wrote");
	ok(part_counts(&part).cow_breaks > 0, "fork: copies were made");
	close(ends[0]);
	close(ends[1]);
	part_free(&part);
}

/* ---- the mapping changes */

static void unmapped(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1});
	struct softdev_counts c;

	part_moved(&part, true);
	munmap((void *)(part.buf + 32 * part.page / 8), 32 * part.page);
	c = part_counts(&part);
	is_int((long long)c.resident_pages, 32, "munmap: pages on the device go with the mapping");
	is_int((long long)c.dropped_pages, 32, "munmap: they are counted");
	ok(died_of(part_device(&part, part_add), SIGBUS), "munmap: the device's touch is a bus error");
	is_int((long long)part_counts(&part).failed_faults, 1, "munmap: it is counted");
	part_free(&part);
}

static void read_only(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 16});

	mprotect((void *)part.buf, part.bytes, PROT_READ);
	is_int(part_device(&part, part_read), 0, "mprotect: the device reads what the process may read");
	ok(died_of(part_device(&part, part_add), SIGBUS), "mprotect: it cannot write what the process cannot");
	mprotect((void *)part.buf, part.bytes, PROT_NONE);
	ok(died_of(part_device(&part, part_read), SIGBUS), "mprotect: nor read what it cannot read");
	mprotect((void *)part.buf, part.bytes, PROT_READ | PROT_WRITE);
	is_int(part_device(&part, part_add), 0, "mprotect: until it may again");
	is_int((long long)part_wrong(&part, 1), 0, "mprotect: the data are right");
	part_free(&part);
}

static void moved_away(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1});
	size_t wrong = 0;
	uint64_t *to;

	part_device(&part, part_add);
	to = mremap((void *)part.buf, part.bytes, part.bytes, MREMAP_MAYMOVE | MREMAP_FIXED, (char *)part.buf + 16 * HUGE_BYTES);
	ok(to != MAP_FAILED, "mremap: pages on the device move with their mapping");
	for (size_t i = 0; i < part.pages; i++)
		wrong += to[i * part.page / 8] != i + 1;
	is_int((long long)wrong, 0, "mremap: and are right at their new place");
	is_int((long long)part_counts(&part).pages[SOFTDEV_HOST_FAULT], 64, "mremap: they come back from where they are");
	munmap(to, part.bytes);
	munmap((void *)part.shared, part.page);
	close(part.fd);
}

static void discarded(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1});

	part_device(&part, part_add);
	madvise((void *)part.buf, part.bytes, MADV_DONTNEED);
	is_int((long long)part_counts(&part).resident_pages, 0, "MADV_DONTNEED: pages on the device are freed");
	is_int(part_device(&part, part_add), 0, "MADV_DONTNEED: the device begins with zeros again");
	is_int((long long)part.buf[0], 1, "MADV_DONTNEED: and so does the CPU");
	part_free(&part);
}

/* ---- one of the two is gone */

static void host_dies(void)
{
	volatile uint64_t *said = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;
	pid_t host = fork();

	if (host == 0) {
		struct part part = part_make(64, &(struct part_options){.granule = 1});
		const uint64_t start = (uintptr_t)part.buf;
		struct softdev_move move = {.start = start, .bytes = part.bytes, .side = SOFTDEV_DEVICE};
		struct softdev_range range = {.start = start, .bytes = part.bytes};
		struct softdev_where where = {.start = start, .bytes = part.bytes, .places = (uintptr_t)part.shared};
		struct softdev_counts counts;
		pid_t me = getpid(), device = fork();

		if (device == 0) {
			mmap((void *)part.buf, part.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, part.fd, (off_t)(uintptr_t)part.buf);
			part.buf[0] = 1;
			said[1] = (uint64_t)getpid();
			kill(me, SIGKILL);
			while (getppid() == me)
				usleep(1000);
			said[2] = (uint64_t)softdev_refusal(part.fd, SOFTDEV_MOVE, &move);
			said[3] = (uint64_t)softdev_refusal(part.fd, SOFTDEV_FILL, &range);
			said[4] = (uint64_t)softdev_refusal(part.fd, SOFTDEV_WHERE, &where);
			said[5] = (uint64_t)softdev_refusal(part.fd, SOFTDEV_COUNT, &counts);
			said[0] = 1;
			part.buf[part.page / 8] = 1;
			said[0] = 2;
			_exit(0);
		}
		waitpid(device, NULL, 0);
		_exit(1);
	}
	waitpid(host, &status, 0);
	ok(died_of(status, SIGKILL), "dead host: it is killed by its device process");
	/* That one belongs to nobody now: it is gone when its process is. */
	while (kill((pid_t)said[1], 0) == 0 && said[0] != 2)
		usleep(1000);
	is_int((long long)said[0], 1, "dead host: the device's next touch is its end");
	is_int((long long)said[2], ESRCH, "dead host: a request to move its pages is refused");
	is_int((long long)said[3], ESRCH, "dead host: a request to map them is refused");
	is_int((long long)said[4], ESRCH, "dead host: the question where they are is refused");
	is_int((long long)said[5], 0, "dead host: what was counted can still be read");
	munmap((void *)said, 4096);
}

void softdev_process_cases(void)
{
	host_forks();
	unmapped();
	read_only();
	moved_away();
	discarded();
	host_dies();
}
