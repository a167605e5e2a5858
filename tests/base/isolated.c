/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * isolated.c - what a probe in a child process comes back with: an answer, a reason, or how the child ended. Nothing that the child does is left
 * over.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/isolated.h"
#include "tests/tap.h"

struct answer {
	unsigned devices;
	char name[5000]; /* more than a page of most machines */
};

static int variable = 1;

static int answers(void *p, struct fs_reason *why)
{
	struct answer *answer = p;

	(void)why;
	variable = 2;
	answer->devices += 3;
	memset(answer->name, 'x', sizeof(answer->name) - 1);
	return 7;
}

static int refuses(void *p, struct fs_reason *why)
{
	((struct answer *)p)->devices = 1;
	return fs_because(why, -EACCES, "ask for it", "may not");
}

static int dies(void *p, struct fs_reason *why)
{
	(void)p;
	(void)why;
	raise(SIGKILL);
	return 0;
}

static int leaves(void *p, struct fs_reason *why)
{
	(void)p;
	(void)why;
	_exit(3);
}

static int hangs(void *p, struct fs_reason *why)
{
	(void)p;
	(void)why;
	while (getpid() != 0)
		pause();
	return 0;
}

static int prints(void *p, struct fs_reason *why)
{
	(void)p;
	(void)why;
	return write(STDOUT_FILENO, "x", 1) == 1 ? 0 : -errno;
}

static bool has_child(void)
{
	return waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
}

/* The lowest descriptor that is free. */
static int next_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

static void test_answers(void)
{
	struct answer answer = {.devices = 5};
	struct fs_reason why = {0};

	is_int(isolated_ask(answers, &answer, sizeof(answer), 600, &why), 7, "what the probe returns");
	is_int(answer.devices, 3, "its answer begins with zeros");
	is_int((long long)strlen(answer.name), sizeof(answer.name) - 1, "all of it is there");
	is_int(variable, 1, "and nothing else of that process");
	answer.devices = 5;
	is_int(isolated_ask(refuses, &answer, sizeof(answer), 600, &why), -EACCES, "a probe that fails");
	is_str(why.what, "may not", "gives its reason");
	is_str(why.remedy, "ask for it", "and remedy");
}

static void test_ends(void)
{
	struct answer answer = {.devices = 5};
	struct fs_reason why = {0};

	is_int(isolated_ask(dies, &answer, sizeof(answer), 600, &why), -ENODEV, "a probe that dies");
	ok(strstr(why.what, "its driver crashed during the probe (") == why.what, "is a driver that crashed: %s", why.what);
	is_int(isolated_ask(leaves, &answer, sizeof(answer), 600, &why), -ENODEV, "a probe that ends the process");
	is_str(why.what, "its driver terminated the probing process (status 3)", "says how");
	is_int(isolated_ask(hangs, &answer, sizeof(answer), 0, &why), -ENODEV, "a probe that hangs");
	is_str(why.what, "its driver did not answer within 0 s", "is ended");
	is_int(answer.devices, 5, "none of them changes the answer");
}

static void test_output(void)
{
	struct answer answer;
	struct fs_reason why = {0};
	FILE *out = tmpfile(), *err = tmpfile();
	int saved[2] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)}, result = -1;

	if (out == NULL || err == NULL || saved[0] < 0 || saved[1] < 0)
		exit(99);
	fflush(stdout);
	dup2(fileno(out), STDOUT_FILENO);
	dup2(fileno(err), STDERR_FILENO);
	result = isolated_ask(prints, &answer, sizeof(answer), 600, &why);
	dup2(saved[0], STDOUT_FILENO);
	dup2(saved[1], STDERR_FILENO);
	is_int(result, 0, "a probe that prints");
	is_int(lseek(fileno(out), 0, SEEK_END), 0, "does not print to standard output");
	is_int(lseek(fileno(err), 0, SEEK_END), 1, "but to standard error");
	fclose(out);
	fclose(err);
	close(saved[0]);
	close(saved[1]);
}

/* Where no process can be started, or no pipe made, that is the reason. */
static void test_no_process(void)
{
	struct answer answer;
	struct fs_reason why = {0};
	struct rlimit was, none;

	if (getrlimit(RLIMIT_NOFILE, &was) != 0)
		exit(99);
	none = was;
	none.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &none);
	is_int(isolated_ask(answers, &answer, sizeof(answer), 600, &why), -EMFILE, "without a descriptor for the pipe");
	setrlimit(RLIMIT_NOFILE, &was);
	ok(strstr(why.what, "cannot start a process: ") == why.what, "no process is started: %s", why.what);
}

int main(void)
{
	int fd = next_descriptor();

	test_answers();
	test_ends();
	test_output();
	test_no_process();
	ok(!has_child(), "no process is left");
	is_int(next_descriptor(), fd, "nor a descriptor");
	done_testing();
	return exit_status();
}
