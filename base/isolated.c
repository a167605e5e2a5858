/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * isolated.c - runs a probe in a child process.
 */
#include "config.h"

#include "base/isolated.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct reply {
	int result;
	struct fs_reason why;
	_Alignas(max_align_t) char answer[];
};

static void answer_and_exit(int (*ask)(void *answer, struct fs_reason *why), struct reply *reply)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Libraries may print to standard output, which is for results only. */
	dup2(STDERR_FILENO, STDOUT_FILENO);
	reply->result = ask(reply->answer, &reply->why);
	/* Not exit(): the library's destructors may wait for something that no longer exists. */
	_exit(0);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whether the process ended by itself: then its end of the pipe is closed. */
static bool ended_in_time(int fd, unsigned timeout_s)
{
	struct pollfd end = {.fd = fd, .events = POLLIN};
	double deadline_s = now_s() + timeout_s, left_s = timeout_s;
	int n = -1;

	while (n < 0 && left_s > 0) {
		n = poll(&end, 1, (int)(left_s * 1000) + 1);
		if (n < 0 && errno != EINTR)
			return false;
		left_s = deadline_s - now_s();
	}
	return n > 0;
}

static int wait_for(pid_t pid, int fd, unsigned timeout_s, struct fs_reason *why)
{
	bool in_time = ended_in_time(fd, timeout_s);
	int status;

	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!in_time)
		return fs_because(why, -ENODEV, "", "its driver did not answer within %u s", timeout_s);
	if (WIFSIGNALED(status))
		return fs_because(why, -ENODEV, "", "its driver crashed during the probe (%s)", strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return fs_because(why, -ENODEV, "", "its driver terminated the probing process (status %d)", WEXITSTATUS(status));
	return 0;
}

int isolated_ask(int (*ask)(void *answer, struct fs_reason *why), void *answer, size_t bytes, unsigned timeout_s, struct fs_reason *why)
{
	size_t all = sizeof(struct reply) + bytes;
	struct reply *reply = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ends[2] = {-1, -1}, err = 0;
	pid_t pid = -1;

	if (reply == MAP_FAILED)
		return fs_no_memory(why);
	reply->result = -ENODEV;
	if (pipe2(ends, O_CLOEXEC) == 0)
		pid = fork();
	if (pid == 0)
		answer_and_exit(ask, reply);
	if (pid < 0)
		err = fs_because(why, -errno, "", "cannot start a process: %s", strerror(errno));
	if (ends[1] >= 0)
		close(ends[1]);
	if (err == 0)
		err = wait_for(pid, ends[0], timeout_s, why);
	if (err == 0) {
		memcpy(answer, reply->answer, bytes);
		err = reply->result;
		if (err < 0)
			*why = reply->why;
	}
	if (ends[0] >= 0)
		close(ends[0]);
	munmap(reply, all);
	return err;
}
