/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screen.c - a pseudo-terminal as standard error. What was written arrives at the other end later and in pieces, from a thread of the kernel's: so
 * that nobody has to guess when all of it is there, a mark is written after it and everything before the mark is read.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/screen.h"

/* The end of a text; a terminal passes it on as it is. */
#define MARK '\003'

static int terminal = -1, own_stderr = -1;

bool screen_open(unsigned short columns)
{
	struct winsize size = {.ws_col = columns, .ws_row = 24};
	const char *name;
	int fd = -1;

	terminal = posix_openpt(O_RDWR | O_NOCTTY);
	if (terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0 && (name = ptsname(terminal)) != NULL)
		fd = open(name, O_RDWR | O_NOCTTY);
	if (fd < 0 || ioctl(fd, TIOCSWINSZ, &size) != 0)
		return false;
	own_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
	return true;
}

const char *screen_written(void)
{
	static const char mark = MARK;
	static char text[1 << 14];
	size_t len = 0;
	ssize_t n = write(STDERR_FILENO, &mark, 1);

	while (n > 0 && len < sizeof(text) - 1 && (len == 0 || text[len - 1] != MARK)) {
		do
			n = read(terminal, text + len, sizeof(text) - 1 - len);
		while (n < 0 && errno == EINTR);
		len += n > 0 ? (size_t)n : 0;
	}
	text[len > 0 && text[len - 1] == MARK ? len - 1 : len] = '\0';
	return text;
}

void screen_close(void)
{
	dup2(own_stderr, STDERR_FILENO);
	close(own_stderr);
	close(terminal);
}
