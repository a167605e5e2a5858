/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shell.c - the interactive prompt inside the guest. fivestep is the only program there, so each line is one of its commands; quoting works as
 * in a shell.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include "guest/wire.h"

static void run_words(char **words, size_t n)
{
	char **argv = calloc(n + 2, sizeof(*argv));
	int status;
	pid_t pid;

	if (argv == NULL)
		return;
	argv[0] = (char *)WIRE_PROGRAM;
	memcpy(argv + 1, words, n * sizeof(*words));
	pid = fork();
	if (pid == 0) {
		/* Input typed for the next command is not this one's input. */
		fclose(stdin);
		execv(WIRE_PROGRAM, argv);
		_exit(99);
	}
	if (pid > 0 && waitpid(pid, &status, 0) == pid && status != 0)
		printf("(status %d)\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	free(argv);
}

static void run_line(const char *line)
{
	wordexp_t words;

	if (wordexp(line, &words, WRDE_NOCMD) != 0) {
		printf("cannot parse this line: are the quotes closed?\n");
		return;
	}
	/* A leading "fivestep" is accepted. */
	if (words.we_wordc > 0 && strcmp(words.we_wordv[0], "fivestep") == 0)
		run_words(words.we_wordv + 1, words.we_wordc - 1);
	else if (words.we_wordc > 0)
		run_words(words.we_wordv, words.we_wordc);
	wordfree(&words);
}

int guest_shell(void)
{
	char line[4096];

	printf("The reference guest. Type fivestep commands (doctor, list, run fault_back, ...); exit powers it off.\n");
	for (;;) {
		printf("guest> ");
		fflush(stdout);
		if (fgets(line, sizeof(line), stdin) == NULL)
			break;
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "exit") == 0)
			break;
		run_line(line);
	}
	return 0;
}
