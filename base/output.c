/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.c - standard output; see output.h.
 */
#include "config.h"

#include "base/say.h"
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_status.h"

static pid_t owner;

void output_reserve(void)
{
	/* standard input and output fail as closed ones would; standard error is discarded */
	static const int modes[] = {[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_WRONLY};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", modes[fd]);
}

/* A forked process has a copy of the buffer, but the output is not its own. */
static void check(void)
{
	int failed;

	if (getpid() != owner)
		return;
	errno = 0;
	failed = fflush(stdout);
	if (!failed && !ferror(stdout))
		return;
	/* Of what failed earlier, the reason is no longer known. */
	say("", "standard output cannot be written%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
	fflush(stderr);
	_exit(EXIT_OWN_ERROR);
}

void output_check_at_exit(void)
{
	owner = getpid();
	atexit(check);
}
