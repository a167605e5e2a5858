/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_process.c - what processes do to their memory while a device works on it, and what is refused.
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
		pid_t me = getpid(), device = fork();

		if (device == 0) {
			mmap((void *)part.buf, part.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, part.fd, (off_t)(uintptr_t)part.buf);
			part.buf[0] = 1;
			said[1] = (uint64_t)getpid();
			kill(me, SIGKILL);
			while (getppid() == me)
				usleep(1000);
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

/* ---- what is refused */

static int refusal(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) == 0 ? 0 : errno;
}

static void bad_binds(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct softdev_bind good = {.abi = SOFTDEV_ABI, .start = (uintptr_t)p, .bytes = 4 * page, .granule_pages = 1, .node = -1};
	struct softdev_bind bind;
	struct softdev_move move = {.start = (uintptr_t)p, .bytes = page};
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC), other = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);

	is_int(refusal(fd, SOFTDEV_MOVE, &move), ENXIO, "a request before a binding is refused");
	is_int(refusal(fd, 0x1234, NULL), ENOTTY, "what is no request of the device is refused");
	ok(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENXIO, "mapping before a binding is refused");
#define BAD(name, error, ...)                                                                                                                        \
	bind = good;                                                                                                                                 \
	__VA_ARGS__;                                                                                                                                 \
	is_int(refusal(fd, SOFTDEV_BIND, &bind), error, "a binding with " name " is refused")
	BAD("another version", EPROTO, bind.abi++);
	BAD("a misaligned start", EINVAL, bind.start++);
	BAD("no bytes", EINVAL, bind.bytes = 0);
	BAD("half a page", EINVAL, bind.bytes = page / 2);
	BAD("more bytes than there are", EINVAL, bind.bytes = -page);
	BAD("an address of the kernel's", EINVAL, bind.start = -8 * page);
	BAD("a granule of 3 pages", EINVAL, bind.granule_pages = 3);
	BAD("no granule", EINVAL, bind.granule_pages = 0);
	BAD("a granule of 1024 pages", EINVAL, bind.granule_pages = 1024);
	BAD("an unknown policy", EINVAL, bind.policy = 77);
	BAD("unknown flags", EINVAL, bind.flags = 1u << 31);
	BAD("an unknown clock", EINVAL, bind.clock = 9);
	BAD("what is reserved", EINVAL, bind.reserved = 1);
	BAD("a capacity of one granule", EINVAL, bind.capacity_pages = 1);
	BAD("a node that is not there", EINVAL, bind.node = 1000);
	BAD("a kind that is none", EINVAL, bind.kind = SOFTDEV_KINDS);
	BAD("a node of coherent memory", EINVAL, bind.kind = SOFTDEV_COHERENT, bind.node = 0);
	munmap(p + 2 * page, page);
	BAD("a hole in its range", EFAULT, bind.start = (uintptr_t)p);
	mmap(p + 2 * page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
#undef BAD
	bind = good;
	is_int(refusal(fd, SOFTDEV_BIND, (void *)1), EFAULT, "a binding from nowhere is refused");
	is_int(refusal(fd, SOFTDEV_BIND, &bind), 0, "after all that a good binding is taken");
	is_int(refusal(fd, SOFTDEV_BIND, &bind), EALREADY, "a second one is refused");
	bind.start += 3 * page;
	is_int(refusal(other, SOFTDEV_BIND, &bind), EEXIST, "one that overlaps it is refused");
	move.bytes = 5 * page;
	is_int(refusal(fd, SOFTDEV_MOVE, &move), EINVAL, "a request for more than is bound is refused");
	move = (struct softdev_move){.start = (uintptr_t)p, .bytes = page, .side = 2};
	is_int(refusal(fd, SOFTDEV_MOVE, &move), EINVAL, "a request for a third side is refused");
	ok(mmap(NULL, 4 * page, PROT_READ, MAP_SHARED, fd, (off_t)(uintptr_t)p) == MAP_FAILED && errno == EBUSY,
		"the bound process cannot map the device");
	close(other);
	close(fd);
	munmap(p, 8 * page);
}

/* In the device process: mappings that go beyond what is bound, and a binding of a process that maps the device. */
static void try_mappings(struct part *part)
{
	struct softdev_bind bind = {.abi = SOFTDEV_ABI, .start = (uintptr_t)part->shared, .bytes = part->page, .granule_pages = 1, .node = -1};
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	off_t at = (off_t)(uintptr_t)part->buf;

	part->shared[0] = mmap(NULL, part->page, PROT_READ, MAP_SHARED, part->fd, at + (off_t)part->bytes) == MAP_FAILED;
	part->shared[1] = mmap(NULL, 2 * part->bytes, PROT_READ, MAP_SHARED, part->fd, at) == MAP_FAILED;
	part->shared[2] = mmap(NULL, part->page, PROT_READ, MAP_PRIVATE, part->fd, at) == MAP_FAILED;
	part->shared[3] = mmap(NULL, part->page, PROT_READ | PROT_EXEC, MAP_SHARED, part->fd, at) == MAP_FAILED;
	part->shared[4] = (uint64_t)refusal(fd, SOFTDEV_BIND, &bind);
	part->shared[5] = mremap((void *)part->buf, part->bytes, 2 * part->bytes, MREMAP_MAYMOVE) == MAP_FAILED;
}

static void bad_mappings(void)
{
	struct part part = part_make(8, &(struct part_options){.granule = 1});

	is_int(part_device(&part, try_mappings), 0, "a device process tries other mappings");
	ok(part.shared[0] != 0, "a mapping behind the binding is refused");
	ok(part.shared[1] != 0, "a mapping beyond its end is refused");
	ok(part.shared[2] != 0, "a private mapping is refused");
	ok(part.shared[3] != 0, "a mapping of code is refused");
	is_int((long long)part.shared[4], EBUSY, "a process that maps the device cannot be bound");
	ok(part.shared[5] != 0, "a mapping cannot grow");
	part_free(&part);
}

void softdev_bad_cases(void)
{
	struct softdev_info info;
	int fd;

	bad_binds();
	bad_mappings();
	fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	info = part_info(&(struct part){.fd = fd});
	is_int((long long)info.contexts, 0, "in the end no context is open");
	is_int((long long)info.free_pages[SOFTDEV_PRIVATE], (long long)info.pages[SOFTDEV_PRIVATE],
		"and every private page of the device is in its pool");
	is_int((long long)info.free_pages[SOFTDEV_COHERENT], (long long)info.pages[SOFTDEV_COHERENT], "and every coherent page");
	close(fd);
}
