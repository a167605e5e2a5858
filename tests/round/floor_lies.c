/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_lies.c - the rules of bench/floor.c, which has no device that could do wrong: here it is built with a memcpy and an ioctl
 * that do. tests/round/rules.lies refers to these checks.
 */
#include "config.h"

#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/fivestep.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

static enum wrong { NOTHING, LARGE_COPY, PAGE_COPY, MOVE_COPY, FAULT_COPY, TWO_PAGES } wrong;
static pid_t parent;

static size_t base_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static void *wrong_memcpy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	if ((wrong == LARGE_COPY && n > base_page()) || (wrong == PAGE_COPY && n == base_page()))
		((unsigned char *)to)[n - 1] ^= 1;
	return to;
}

/* Of a page that is moved: by this process, or by the one that serves its faults. */
static void *wrong_move(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	if (n == base_page() && ((wrong == MOVE_COPY && getpid() == parent) || (wrong == FAULT_COPY && getpid() != parent)))
		*(unsigned char *)to ^= 1;
	return to;
}

/* Maps two pages instead of one: the other's fault never comes. */
static int wrong_ioctl(int fd, unsigned long request, void *arg)
{
	struct uffdio_continue *answer = arg;

	if (wrong == TWO_PAGES && request == UFFDIO_CONTINUE) {
		answer->range.len *= 2;
		if (ioctl(fd, request, arg) == 0)
			return 0;
		answer->range.len /= 2;
	}
	return ioctl(fd, request, arg);
}

#include "bench/floor.c"
#include "bench/floor_fault.c"
#include "bench/floor_read.c"
#define memcpy wrong_memcpy
#include "bench/floor_memory.c"
#undef memcpy
#define memcpy wrong_move
#define ioctl  wrong_ioctl
#include "bench/floor_server.c"
#undef memcpy
#undef ioctl

/* Runs it with something wrong; keeps verdict and reason. */
static enum verdict run_wrong(enum wrong what, struct fs_reason *why, bool *faults)
{
	enum verdict verdict = VERDICT_CRASH;
	struct fake_job fake;

	wrong = what;
	if (fake_job_open(&fake, NULL, &bench_floor, "size=2M") == 0) {
		bench_floor.run(&fake.job);
		verdict = fake.job.share->verdict;
		*why = fake.job.share->why;
		*faults = fake.job.share->metric[0].nsamples != 0;
	}
	fake_job_close(&fake);
	wrong = NOTHING;
	return verdict;
}

static void see(enum wrong what, enum verdict wanted, const char *because, const char *name)
{
	struct fs_reason why = {0};
	bool faults;

	if (!ok(run_wrong(what, &why, &faults) == wanted && strncmp(why.what, because, strlen(because)) == 0, "%s", name))
		diag("%s", why.what);
}

int main(void)
{
	struct fs_reason why = {0};
	bool faults = false;

	parent = getpid();
	if (!ok(run_wrong(NOTHING, &why, &faults) == VERDICT_OK, "with nothing wrong the round is ok"))
		diag("%s", why.what);
	see(LARGE_COPY, VERDICT_FAIL, "memcpy: the copy differs", "a copy that changes a byte is found");
	see(PAGE_COPY, VERDICT_FAIL, "stream_read: the sum is", "a page that was copied wrong is found by what is read");
	if (faults) {
		see(MOVE_COPY, VERDICT_FAIL, "move: page", "a page that was moved wrong is found");
		see(FAULT_COPY, VERDICT_FAIL, "raw_fault: page", "a fault that leaves a page wrong is found");
		see(TWO_PAGES, VERDICT_INVALID, "evidence raw_fault:", "a touch that does not fault is found");
	} else {
		skip("no userfaultfd here", 3);
	}
	done_testing();
	return exit_status();
}
