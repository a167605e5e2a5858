/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.c - a child that shares the buffer copy-on-write; see conform.h.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conform/conform.h"

static void be_child(struct conform *c, int (*work)(struct conform *c), int told)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(told, &byte, 1) != 1)
		_exit(EXIT_FAILURE);
	_exit(work(c) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int conform_child_start(struct conform *c, int (*work)(struct conform *c), struct conform_child *child)
{
	int ends[2];

	if (pipe(ends) != 0)
		return fs_error(c->job, -errno, "no pipe: %s", strerror(errno));
	child->pid = fork();
	if (child->pid == 0) {
		close(ends[1]);
		be_child(c, work, ends[0]);
	}
	close(ends[0]);
	child->go = ends[1];
	return child->pid > 0 ? 0 : fs_error(c->job, -errno, "cannot fork: %s", strerror(errno));
}

void conform_child_tell(struct conform_child *child)
{
	if (child->go >= 0 && write(child->go, "", 1) != 1)
		kill(child->pid, SIGKILL);
	if (child->go >= 0)
		close(child->go);
	child->go = -1;
}

int conform_child_end(struct conform_child *child)
{
	int status = 0, got;

	conform_child_tell(child);
	do {
		got = waitpid(child->pid, &status, 0);
	} while (got < 0 && errno == EINTR);
	if (got == child->pid && WIFSIGNALED(status))
		return WTERMSIG(status);
	return got == child->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int conform_child_go(struct conform *c, struct conform_child *child, const char *what)
{
	int ended = conform_child_end(child);

	if (ended == 0)
		return 0;
	return fs_wrong(c->job, "%s%s", what, ended > 0 ? ": it was killed by a signal" : "");
}
