/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * host.c - the process whose pages are on the device ends: of itself, by a signal, over the limit of its memory cgroup, or by executing another
 * program. Its pages must go with it, which its cgroup's account shows: a page that the device keeps stays charged.
 *
 * The process is a child with a device of its own, in a memory cgroup that has no other.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conform/conform.h"
#include "conform/control.h"

#define KEY 1

/*
 * The account is off by up to 64 pages for each CPU, and a program that is executed needs some hundred pages: the range is far more.
 */
#define BATCH 64
#define LEAST 1024

static size_t tolerance(void)
{
	size_t pages = 2 * (size_t)sysconf(_SC_NPROCESSORS_CONF) * BATCH;

	return pages > LEAST ? pages : LEAST;
}

static size_t host_bytes(const struct fs_args *args)
{
	(void)args;
	return 4 * tolerance() * fs_page_bytes();
}

enum end { ENDS, KILLED, OVER_LIMIT, EXECUTES };

struct ending {
	struct control_group group;
	enum end end;
	int output[2]; /* of the program that is executed: too small for all that it writes, so that it waits */
};

static struct ending *ending; /* for the child */

static double charged_pages(void)
{
	return (double)control_number(control_group_file(&ending->group, "memory.current")) / (double)fs_page_bytes();
}

/* ---- the child */

/* Writes memory until it is killed; not for ever. */
static int exceed_limit(const struct conform *c)
{
	char limit[32];
	size_t bytes = c->pages * c->page_bytes;
	void *more = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	snprintf(limit, sizeof(limit), "%.0f", (charged_pages() + (double)tolerance()) * (double)c->page_bytes);
	control_write(control_group_file(&ending->group, "memory.swap.max"), "0");
	if (more == MAP_FAILED || control_write(control_group_file(&ending->group, "memory.max"), limit) < 0)
		return -1;
	memset(more, 1, bytes);
	return -1;
}

static int end_now(const struct conform *c)
{
	switch (ending->end) {
	case ENDS:
		return 0;
	case KILLED:
		raise(SIGKILL);
		break;
	case OVER_LIMIT:
		return exceed_limit(c);
	case EXECUTES:
		dup2(ending->output[1], STDOUT_FILENO);
		execl("/proc/self/exe", "fivestep", "list", "cases", NULL);
		break;
	}
	return -1;
}

/* A page on a list of some CPU's own does not move; to ask again empties those lists. */
static int go(struct conform *c)
{
	int err = 0;

	for (int turn = 0; turn < 4 && err == 0; turn++)
		err = conform_move(c, 0, c->pages, FS_DEVICE);
	return err == 0 ? conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages of the process on its device") : err;
}

static int child_ends(struct conform *parent)
{
	struct fs_job *job;
	struct conform c;
	int err = control_group_enter(&ending->group);

	if (err < 0)
		return fs_error(parent->job, err, "cannot enter a control group: %s", strerror(-err));
	err = fs_second_open(parent->job, host_bytes(NULL), &job);
	if (err == 0)
		err = conform_open_bytes(job, &c, host_bytes(NULL));
	if (err < 0)
		return err;
	conform_fill(&c, 0, c.pages, KEY);
	err = go(&c);
	fs_expect(job, "pages charged to the process", charged_pages(), FS_GE, (double)c.pages);
	return err == 0 ? end_now(&c) : err;
}

/* ---- its parent */

static int make_output(struct fs_job *job)
{
	if (pipe2(ending->output, O_CLOEXEC) != 0 || fcntl(ending->output[1], F_SETPIPE_SZ, 4096) < 0)
		return fs_error(job, -errno, "no pipe: %s", strerror(errno));
	return 0;
}

static void drain(int fd)
{
	char bytes[4096];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		continue;
}

/*
 * While the program that the child executed waits to write the rest of its output. Where it does not get so far, the child and its device end, and
 * with them the pipe.
 */
static void watch_executed(const struct conform *c, struct conform_child *child)
{
	struct pollfd output = {.fd = ending->output[0], .events = POLLIN};

	close(ending->output[1]);
	conform_child_tell(child);
	while (poll(&output, 1, -1) < 0 && errno == EINTR)
		continue;
	fs_expect(c->job, "programs that were executed", (output.revents & POLLIN) != 0, FS_EQ, 1);
	fs_expect(c->job, "pages charged to it", charged_pages(), FS_LE, (double)tolerance());
	drain(ending->output[0]);
	close(ending->output[0]);
}

static int watch(struct conform *c)
{
	static const int signals[] = {[ENDS] = 0, [KILLED] = SIGKILL, [OVER_LIMIT] = SIGKILL, [EXECUTES] = 0};
	struct conform_child child;
	int err = ending->end == EXECUTES ? make_output(c->job) : 0;

	if (err == 0)
		err = conform_child_start(c, child_ends, &child);
	if (err < 0)
		return err;
	if (ending->end == EXECUTES)
		watch_executed(c, &child);
	fs_expect(c->job, "the signal that ended the process", conform_child_end(&child), FS_EQ, signals[ending->end]);
	if (ending->end == OVER_LIMIT)
		fs_expect(c->job, "processes killed for memory",
			(double)control_field(control_group_file(&ending->group, "memory.events"), "oom_kill"), FS_GE, 1);
	fs_expect(c->job, "pages charged after its end", charged_pages(), FS_LE, (double)tolerance());
	return 0;
}

static int end_by(struct fs_job *job, enum end end)
{
	struct ending this = {.end = end};
	/* The child's range: the parent has none. */
	struct conform c = {.job = job, .page_bytes = fs_page_bytes()};
	int err = fs_is_ordinary(job) ? control_group_open(job, &this.group, "memory") : conform_open_ordinary(job, &c);

	if (err < 0)
		return err;
	ending = &this;
	return control_group_close(&this.group, watch(&c));
}

static int ends(struct fs_job *job)
{
	return end_by(job, ENDS);
}

static int killed(struct fs_job *job)
{
	return end_by(job, KILLED);
}

static int over_limit(struct fs_job *job)
{
	return end_by(job, OVER_LIMIT);
}

static int executes(struct fs_job *job)
{
	return end_by(job, EXECUTES);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .run = what,                       \
	}

const struct fs_bench conform_host[] = {
	CASE("host_ends", "a process ends while its pages are on its device",
		"When a process ends while its pages are on its device, they are gone, and no longer charged to its memory cgroup.", ends),
	CASE("host_killed", "a process is killed while its pages are on its device",
		"When a process is killed while its pages are on its device, they are gone, and no longer charged to its memory cgroup.", killed),
	CASE("host_exceeded", "a process exceeds its limit of memory while its pages are on its device",
		"A process that exceeds the limit of its memory cgroup while its pages are on its device is killed, and they are gone.", over_limit),
	CASE("host_executes", "a process executes another program while its pages are on its device",
		"When a process executes another program while its pages are on its device, they are gone before that program runs.", executes),
	{0},
};
