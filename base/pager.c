/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pager.c - long output on a terminal goes through a pager; see pager.h.
 */
#include "config.h"

#include "base/pager.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/terminal.h"

/* less: end if all fits one screen (F), show colours only (R), one row a line (S), leave the screen as it is (X). */
#define LESS_OPTIONS "FRSX"

static pid_t owner, pager;

/* Whether the program that a command begins with is in a folder of PATH, or where its path says. */
static bool is_there(const char *command)
{
	const char *from = getenv("PATH");
	int word = (int)strcspn(command, " \t");
	bool found = false;

	if (memchr(command, '/', (size_t)word) != NULL)
		from = ".";
	while (from != NULL && !found) {
		int len = (int)strcspn(from, ":");
		char *path = NULL;

		if (asprintf(&path, "%.*s%s%.*s", *command == '/' ? 0 : len, from, *command == '/' ? "" : "/", word, command) < 0)
			return false;
		found = len > 0 && access(path, X_OK) == 0;
		free(path);
		from = from[len] == ':' ? from + len + 1 : NULL;
	}
	return found;
}

/* NULL: none. */
static const char *wanted(void)
{
	const char *command = getenv("PAGER");

	if (command == NULL)
		return is_there("less") ? "less" : NULL;
	/* What goes to a program that is not there would be lost. */
	return *command == '\0' || strcmp(command, "cat") == 0 || !is_there(command) ? NULL : command;
}

/* A forked process has the handler, but the pager is not its own. */
static void finish(void)
{
	int status;

	if (getpid() != owner)
		return;
	fflush(stdout);
	/* The pager sees the end of its input only when nobody has the other end open. The stream stays, for whoever looks at its errors. */
	close(STDOUT_FILENO);
	while (waitpid(pager, &status, 0) < 0 && errno == EINTR)
		continue;
}

static void run(const char *command, const int ends[2])
{
	close(ends[1]);
	if (dup2(ends[0], STDIN_FILENO) < 0)
		_exit(127);
	close(ends[0]);
	setenv("LESS", LESS_OPTIONS, 0);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void note_columns(void)
{
	char columns[16];

	snprintf(columns, sizeof(columns), "%u", terminal_columns(stdout));
	setenv("COLUMNS", columns, 1);
}

void pager_start(void)
{
	const char *command = wanted();
	int ends[2];

	if (command == NULL || pager > 0 || !terminal_erases(stdout) || pipe(ends) != 0)
		return;
	note_columns();
	fflush(stdout);
	pager = fork();
	if (pager == 0)
		run(command, ends);
	close(ends[0]);
	if (pager > 0 && dup2(ends[1], STDOUT_FILENO) >= 0) {
		owner = getpid();
		/* An interrupt is for the pager, which may go on. */
		signal(SIGINT, SIG_IGN);
		atexit(finish);
	}
	close(ends[1]);
}
