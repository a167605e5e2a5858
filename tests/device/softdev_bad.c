/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_bad.c - what the driver refuses: bindings, mappings and requests that make no sense, too much memory, users without permission.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/device/softdev/softdev.h"
#include "tests/tap.h"

#define NOBODY 65534

/* ---- bindings and mappings */

int softdev_refusal(int fd, unsigned long request, void *arg)
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

	is_int(softdev_refusal(fd, SOFTDEV_MOVE, &move), ENXIO, "a request before a binding is refused");
	is_int(softdev_refusal(fd, 0x1234, NULL), ENOTTY, "what is no request of the device is refused");
	ok(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENXIO, "mapping before a binding is refused");
#define BAD(name, error, ...)                                                                                                                        \
	bind = good;                                                                                                                                 \
	__VA_ARGS__;                                                                                                                                 \
	is_int(softdev_refusal(fd, SOFTDEV_BIND, &bind), error, "a binding with " name " is refused")
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
	is_int(softdev_refusal(fd, SOFTDEV_BIND, (void *)1), EFAULT, "a binding from nowhere is refused");
	is_int(softdev_refusal(fd, SOFTDEV_BIND, &bind), 0, "after all that a good binding is taken");
	is_int(softdev_refusal(fd, SOFTDEV_BIND, &bind), EALREADY, "a second one is refused");
	bind.start += 3 * page;
	is_int(softdev_refusal(other, SOFTDEV_BIND, &bind), EEXIST, "one that overlaps it is refused");
	move.bytes = 5 * page;
	is_int(softdev_refusal(fd, SOFTDEV_MOVE, &move), EINVAL, "a request for more than is bound is refused");
	move = (struct softdev_move){.start = (uintptr_t)p, .bytes = page, .side = 2};
	is_int(softdev_refusal(fd, SOFTDEV_MOVE, &move), EINVAL, "a request for a third side is refused");
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
	part->shared[4] = (uint64_t)softdev_refusal(fd, SOFTDEV_BIND, &bind);
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

/* ---- requests */

static void bad_requests(void)
{
	struct part part = part_make(8, &(struct part_options){.granule = 1});
	const uint64_t start = (uintptr_t)part.buf;
	struct softdev_move move;
	struct softdev_where where;
	struct softdev_reserve reserve = {.pages = 1, .node = -1};
	struct softdev_inject inject = {.failure = SOFTDEV_FAILURES, .count = 1};

#define MOVE(name, ...)                                                                                                                              \
	move = (struct softdev_move){.start = start, .bytes = part.bytes, .side = SOFTDEV_DEVICE};                                                   \
	__VA_ARGS__;                                                                                                                                 \
	is_int(softdev_refusal(part.fd, SOFTDEV_MOVE, &move), EINVAL, "moving " name " is refused")
	MOVE("from the middle of a page", move.start += 8, move.bytes = part.page);
	MOVE("half a page", move.bytes = part.page / 2);
	MOVE("nothing", move.bytes = 0);
	MOVE("what is before the binding", move.start -= part.page);
	MOVE("a range that wraps around", move.bytes = -part.page);
	MOVE("all addresses there are", move.start = 0, move.bytes = -part.page);
	MOVE("with what is reserved", move.reserved = 1);
#undef MOVE
	where = (struct softdev_where){.start = start, .bytes = 2 * part.bytes, .places = (uintptr_t)part.shared};
	is_int(softdev_refusal(part.fd, SOFTDEV_WHERE, &where), EINVAL, "asking where more is than is bound is refused");
	where = (struct softdev_where){.start = start, .bytes = part.bytes, .places = 8};
	is_int(softdev_refusal(part.fd, SOFTDEV_WHERE, &where), EFAULT, "an answer to nowhere is refused");
	is_int(softdev_refusal(part.fd, SOFTDEV_COUNT, (void *)8), EFAULT, "counts to nowhere are refused");
	is_int(softdev_refusal(part.fd, SOFTDEV_INFO, (void *)8), EFAULT, "information to nowhere is refused");
	is_int(softdev_refusal(part.fd, SOFTDEV_INJECT, &inject), EINVAL, "a failure that does not exist is refused");
	inject = (struct softdev_inject){.failure = SOFTDEV_FAIL_COPY, .count = UINT32_MAX};
	is_int(softdev_refusal(part.fd, SOFTDEV_INJECT, &inject), EINVAL, "more failures than an integer counts are refused");
	is_int(softdev_refusal(part.fd, SOFTDEV_RESERVE, &reserve), EALREADY, "a reservation after the binding is refused");
	is_int((long long)part_wrong(&part, 0), 0, "after all that the data are right");
	part_free(&part);
}

/* A user who is not root, and has no open file. */
static void no_permission(void)
{
	char *said = mmap(NULL, sizeof(struct fs_reason), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct fs_reason *why = (struct fs_reason *)said;
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(1);
		_exit(softdev_node_open(NULL, why) == -EACCES ? 0 : 2);
	}
	waitpid(child, &status, 0);
	is_int(status, 0, "a user without permission cannot open the device");
	ok(strstr(why->what, SOFTDEV_NODE) != NULL, "no permission: the device is named");
	ok(strstr(why->remedy, "as root") != NULL, "no permission: with a remedy");
	munmap(said, sizeof(*why));
}

/* More than the machine has. Nobody may be killed for it: this process would be, which has the most memory here. */
static void too_much_memory(void)
{
	struct softdev_reserve reserve = {.node = -1, .kind = SOFTDEV_PRIVATE};
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	uint64_t most = part_info(&(struct part){.fd = fd}).most_pages[SOFTDEV_PRIVATE];

	reserve.pages = (uint64_t)sysconf(_SC_PHYS_PAGES);
	if (reserve.pages <= most)
		is_int(softdev_refusal(fd, SOFTDEV_RESERVE, &reserve), ENOMEM, "device memory of all the memory there is: refused");
	else
		skip("this machine has more memory than the device may", 1);
	reserve.pages = most + 1;
	is_int(softdev_refusal(fd, SOFTDEV_RESERVE, &reserve), ENOMEM, "device memory beyond the module's limit: refused");
	reserve.pages = UINT64_MAX;
	is_int(softdev_refusal(fd, SOFTDEV_RESERVE, &reserve), EINVAL, "device memory of any number of pages: refused");
	close(fd);
}

void softdev_bad_cases(void)
{
	struct softdev_info info;
	int fd;

	bad_binds();
	bad_mappings();
	bad_requests();
	no_permission();
	too_much_memory();
	fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	info = part_info(&(struct part){.fd = fd});
	is_int((long long)info.contexts, 0, "in the end no context is open");
	is_int((long long)info.free_pages[SOFTDEV_PRIVATE], (long long)info.pages[SOFTDEV_PRIVATE],
		"and every private page of the device is in its pool");
	is_int((long long)info.free_pages[SOFTDEV_COHERENT], (long long)info.pages[SOFTDEV_COHERENT], "and every coherent page");
	close(fd);
}
