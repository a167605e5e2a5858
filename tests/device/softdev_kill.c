/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_kill.c - processes are killed at any moment of their work with the device, and the module is unloaded: nothing may be left behind.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/wire.h"
#include "tests/tap.h"

#define MOMENTS 400 /* steps of the work within which a process is killed */

/* Shared by all processes of a case: how far they are. Everything waits for steps, nothing for time. */
static volatile uint64_t *steps;

/* With what the module was loaded, to load it again: MiB of coherent memory, and where. */
static char mib[32], parameters[128];

static void step(void)
{
	__atomic_fetch_add(steps, 1, __ATOMIC_RELAXED);
}

static void add_for_ever(struct part *part, unsigned seed)
{
	for (;;) {
		__atomic_fetch_add((uint64_t *)part->buf + softdev_draw(&seed) % (part->bytes / 8), 1, __ATOMIC_RELAXED);
		step();
	}
}

static void device_adds(struct part *part)
{
	add_for_ever(part, 100);
}

static void until_step(uint64_t wanted)
{
	while (__atomic_load_n(steps, __ATOMIC_RELAXED) < wanted)
		usleep(100);
}

/* Some lose their device, some a half of what is bound, on their own; the others go on until they are killed. */
static void run_until_killed(unsigned seed)
{
	unsigned way = seed % 4, dice = seed;
	struct part part;
	pid_t device;

	step();
	part = part_make(256, &(struct part_options){.granule = seed % 2 ? 16 : 1,
				      .capacity = seed % 3 ? 128 : 0,
				      .inherited = seed % 5 == 0,
				      .kind = seed % 7 < 2 && mib[0] != '0' ? SOFTDEV_COHERENT : SOFTDEV_PRIVATE});
	step();
	device = part_start(&part, device_adds);
	step();
	if (way < 2)
		until_step(softdev_draw(&dice) % MOMENTS);
	if (way == 0)
		kill(device, SIGKILL);
	if (way == 1) {
		munmap((void *)part.buf, part.bytes / 2);
		_exit(0);
	}
	add_for_ever(&part, seed);
}

static void kill_one(unsigned seed, uint64_t moment)
{
	pid_t host;

	*steps = 0;
	host = fork();
	if (host == 0)
		run_until_killed(seed);
	while (__atomic_load_n(steps, __ATOMIC_RELAXED) < moment && waitpid(host, NULL, WNOHANG) == 0)
		usleep(100);
	kill(host, SIGKILL);
	waitpid(host, NULL, 0);
}

/* The last device process follows its parent. */
static struct softdev_info when_all_are_gone(void)
{
	int fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	struct softdev_info info;

	do {
		usleep(1000);
		info = part_info(&(struct part){.fd = fd});
	} while (info.contexts > 0);
	close(fd);
	return info;
}

static void kill_at_random(unsigned times)
{
	struct softdev_info info;
	unsigned seed = 1;

	for (unsigned i = 0; i < times; i++)
		kill_one(i, softdev_draw(&seed) % MOMENTS);
	info = when_all_are_gone();
	is_int((long long)info.free_pages[SOFTDEV_PRIVATE], (long long)info.pages[SOFTDEV_PRIVATE],
		"after kills at %u moments no page is missing from the pool", times);
	is_int((long long)info.free_pages[SOFTDEV_COHERENT], (long long)info.pages[SOFTDEV_COHERENT],
		"after kills at %u moments no coherent page is missing from its pool", times);
}

/* ---- unload */

/* Returns 0 or an error number; a file that is being closed by a process that is killed may hold it a moment longer. */
static int unload(void)
{
	return syscall(SYS_delete_module, "softdev", O_NONBLOCK) == 0 ? 0 : errno;
}

static int unload_when_free(void)
{
	int err;

	while ((err = unload()) == EAGAIN)
		usleep(1000);
	return err;
}

static int load_with(const char *text)
{
	int fd = open(WIRE_MODULE, O_RDONLY | O_CLOEXEC), err;

	err = fd >= 0 && syscall(SYS_finit_module, fd, text, 0) == 0 ? 0 : errno;
	if (fd >= 0)
		close(fd);
	return err;
}

static int load(void)
{
	return load_with(parameters);
}

/* Each page on the device is refused to be brought back when its context is closed: it outlives it. */
static void pages_outlive(struct part *part, size_t pages)
{
	part_moved(part, true);
	part_inject(part, SOFTDEV_FAIL_HOST_PAGE, 2 * (unsigned)pages);
	close(part->fd);
}

static void unload_with_pages(const char *name, enum softdev_kind kind)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .kind = kind});
	struct softdev_info info;
	struct part look;
	size_t wrong = 0;
	int fd;

	is_int(unload(), EAGAIN, "unload, %s: refused while a context is open", name);
	pages_outlive(&part, 64);
	fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);
	look = (struct part){.fd = fd};
	info = part_info(&look);
	is_int((long long)(info.pages[kind] - info.free_pages[kind]), 64, "unload, %s: pages outlive their context", name);
	for (size_t i = 0; i < 16; i++)
		wrong += part.buf[i * part.page / 8] != i;
	munmap((void *)(part.buf + 48 * part.page / 8), 16 * part.page);
	info = part_info(&look);
	/* A touch brings back a private page alone. */
	is_int((long long)(info.pages[kind] - info.free_pages[kind]), kind == SOFTDEV_PRIVATE ? 32 : 48,
		"unload, %s: touched or unmapped, they are given back", name);
	close(fd);
	is_int(unload_when_free(), 0, "unload, %s: taken with pages on the device", name);
	for (size_t i = 0; i < 48; i++)
		wrong += part.buf[i * part.page / 8] != i;
	is_int((long long)wrong, 0, "unload, %s: the data of all of them are right", name);
	munmap((void *)part.buf, 48 * part.page);
	munmap((void *)part.shared, part.page);
}

static void parameter_read(const char *module, const char *name, char *text, size_t bytes)
{
	char path[96];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd >= 0 ? read(fd, text, bytes - 1) : 0;
	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/* The module is not loaded, and must not be afterwards. */
static void bad_ranges(void)
{
	static const struct {
		const char *text;
		int error;
		const char *name;
	} cases[] = {
		{"coherent_mib=64", ERANGE, "a size without a start"},
		{"coherent_start=0x2000000", ERANGE, "a start without a size"},
		{"coherent_start=0x2000001 coherent_mib=64", ERANGE, "a start in the middle of a page"},
		{"coherent_start=0xffffffffff000000 coherent_mib=64", ERANGE, "a range that wraps around"},
		{"coherent_start=0x2000000 coherent_mib=18446744073709551615", ERANGE, "more than there are addresses"},
		{"coherent_start=0x2000000 coherent_mib=64", EBUSY, "memory that the kernel uses"},
		{"coherent_start=here coherent_mib=64", EINVAL, "a word for an address"},
	};
	char other[32], text[96];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(load_with(cases[i].text), cases[i].error, "coherent memory, %s: the module refuses to load", cases[i].name);
	parameter_read("test_hmm", "spm_addr_dev0", other, sizeof(other));
	if (other[0] == '\0' || other[0] == '0') {
		skip("the kernel's test device has no such memory, or does not say where", 1);
		return;
	}
	snprintf(text, sizeof(text), "coherent_start=%s coherent_mib=64", other);
	is_int(load_with(text), EBUSY, "coherent memory, that of another driver: the module refuses to load");
}

void softdev_kill_cases(unsigned kills)
{
	char start[32];

	parameter_read("softdev", "coherent_mib", mib, sizeof(mib));
	parameter_read("softdev", "coherent_start", start, sizeof(start));
	snprintf(parameters, sizeof(parameters), "coherent_mib=%s coherent_start=%s", mib, start);
	steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	kill_at_random(kills);
	is_int(unload_when_free(), 0, "after kills at %u moments the module unloads", kills);
	bad_ranges();
	is_int(load(), 0, "and loads again");
	unload_with_pages("private", SOFTDEV_PRIVATE);
	is_int(load(), 0, "unload, private: and it loads again");
	if (mib[0] != '0') {
		unload_with_pages("coherent", SOFTDEV_COHERENT);
		is_int(load(), 0, "unload, coherent: and it loads again");
	}
	munmap((void *)steps, sizeof(*steps));
}
