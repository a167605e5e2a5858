/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pty.c - pty COLUMNS ROWS COMMAND [ARG...]: runs a command on a terminal of that size, and prints what it wrote there, with the line ends of a file.
 * Its exit status is that of the command; 99: no terminal is available.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_TERMINAL 99

/* The side of the command: the controlling terminal of a session of its own, and its standard input, output and error. */
static void run(const char *name, const struct winsize *size, char **command)
{
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSWINSZ, size) != 0)
		_exit(NO_TERMINAL);
	for (int to = STDIN_FILENO; to <= STDERR_FILENO; to++)
		if (dup2(fd, to) < 0)
			_exit(NO_TERMINAL);
	if (fd > STDERR_FILENO)
		close(fd);
	execvp(command[0], command);
	_exit(NO_TERMINAL);
}

/* Until nobody has the other side open, which reads as an error. */
static void copy(int terminal)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(terminal, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n; i++)
			if (buf[i] != '\r' || i + 1 == n || buf[i + 1] != '\n')
				putchar(buf[i]);
}

int main(int argc, char **argv)
{
	struct winsize size = {0};
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), status = 0;
	const char *name;
	pid_t pid;

	if (argc < 4)
		return NO_TERMINAL;
	size.ws_col = (unsigned short)atoi(argv[1]);
	size.ws_row = (unsigned short)atoi(argv[2]);
	if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0 || (name = ptsname(terminal)) == NULL)
		return NO_TERMINAL;
	pid = fork();
	if (pid == 0)
		run(name, &size, argv + 3);
	if (pid < 0)
		return NO_TERMINAL;
	copy(terminal);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || fflush(stdout) != 0)
		return NO_TERMINAL;
	return WEXITSTATUS(status);
}
