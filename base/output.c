/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.c - standard output; see output.h.
 */
#include "config.h"

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
	/* to standard output and from standard input nothing goes, as with a closed one; what is said on standard error is gone */
	static const int modes[] = {[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_WRONLY};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", modes[fd]);
}

/* A process that was forked has a copy of the buffer, and is not whose output it is. */
static void check(void)
{
	int failed;

	if (getpid() != owner)
		return;
	errno = 0;
	failed = fflush(stdout);
	if (!failed && !ferror(stdout))
		return;
	fprintf(stderr, "fivestep: standard output cannot be written: %s\n", strerror(errno != 0 ? errno : EIO));
	fflush(stderr);
	_exit(EXIT_OWN_ERROR);
}

void output_check_at_exit(void)
{
	owner = getpid();
	atexit(check);
}
