/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * round.c - the runner's side of a round: starts the process, waits for it or for its timeout, makes sure that no process of it is left, and sets a
 * verdict if the process could not.
 */
#include "config.h"

#include "harness/run/round.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "harness/plan/inputs.h"

/*
 * A refusal by the system is not a usage error: -EIO whatever errno is, so that EPERM or EACCES of a container is not taken for a wrong name on the
 * command line.
 */
static int refused(int err, const char *remedy, const char *what, struct fs_reason *why)
{
	return fs_because(why, -EIO, remedy, "%s: %s", what, strerror(err));
}

static void *memfd_map(const char *name, size_t bytes, int *fd)
{
	void *p = MAP_FAILED;

	*fd = memfd_create(name, MFD_CLOEXEC);
	if (*fd >= 0 && ftruncate(*fd, (off_t)bytes) == 0)
		p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	return p == MAP_FAILED ? NULL : p;
}

static int no_memory_file(int err, struct fs_reason *why)
{
	return refused(
		err, err == EPERM ? "allow memfd_create in the container's seccomp profile" : "", "no shared memory for rounds (memfd_create)", why);
}

/* A descriptor that says when the process has ended, or -errno. */
static int watch(pid_t pid, struct fs_reason *why)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0)
		return fd;
	return refused(errno, errno == ENOSYS ? "Linux 5.3 or newer" : "allow pidfd_open in the container's seccomp profile",
		"cannot watch a round's process (pidfd_open)", why);
}

int round_probe(struct fs_reason *why)
{
	size_t bytes = fs_page_bytes();
	int memory = -1, watched;
	void *shared = memfd_map("fivestep-probe", bytes, &memory);
	int err = shared != NULL ? 0 : no_memory_file(errno, why);

	if (shared != NULL)
		munmap(shared, bytes);
	if (memory >= 0)
		close(memory);
	watched = err == 0 ? watch(getpid(), why) : err;
	if (watched >= 0)
		close(watched);
	return watched < 0 ? watched : 0;
}

int round_open(struct round *round, const struct fs_machine *machine, const struct selection *selection, struct fs_reason *why)
{
	memset(round, 0, sizeof(*round));
	round->share = memfd_map("fivestep-round", sizeof(*round->share), &round->fd);
	if (round->share != NULL)
		round->log_fd = memfd_create("fivestep-log", MFD_CLOEXEC);
	if (round->share == NULL || round->log_fd < 0)
		return no_memory_file(errno, why);
	round->share->machine = *machine;
	round->share->selection = *selection;
	/* Orphans of a dying round become children of the runner, which reaps them. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return 0;
}

void round_close(struct round *round)
{
	if (round->share != NULL)
		munmap(round->share, sizeof(*round->share));
	if (round->fd > 0)
		close(round->fd);
	if (round->log_fd > 0)
		close(round->log_fd);
	memset(round, 0, sizeof(*round));
}

/* Everything after the request belongs to the child and is cleared; machine and selection are kept. */
static void share_request(struct round *round, const struct cell *cell, uint64_t seed)
{
	struct share *share = round->share;
	size_t from = offsetof(struct share, finished);

	memset((char *)share + from, 0, sizeof(*share) - from);
	cell_text(cell, share->cell);
	share->seed = seed;
	share->timeout_s = round->timeout_s != 0 ? round->timeout_s : cell_timeout_s(cell);
	share->inject_ns = round->inject_ns;
	share->inputs = inputs_digest(cell);
	share->magic = SHARE_MAGIC;
	if (ftruncate(round->log_fd, 0) == 0)
		lseek(round->log_fd, 0, SEEK_SET);
}

/* In the new process, before it executes the program again. */
static void become_round(struct round *round)
{
	const struct rlimit no_core = {0, 0}; /* a crash is a verdict, not a file */
	char fd_text[16];
	sigset_t none;
	int fd;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setrlimit(RLIMIT_CORE, &no_core);
	dup2(round->log_fd, STDERR_FILENO);
	dup2(round->log_fd, STDOUT_FILENO);
	fd = dup(round->fd); /* without close-on-exec */
	snprintf(fd_text, sizeof(fd_text), "%d", fd);
	if (fd >= 0)
		errno = -program_execute((char *[]){"fivestep", ROUND_COMMAND, fd_text, NULL});
	/* Read back from the log as the reason for the round's verdict. */
	dprintf(STDERR_FILENO, "cannot execute fivestep anew (%s): %s\n", fd >= 0 ? program_path() : "dup", strerror(errno));
	_exit(EXIT_FAILURE);
}

/* Waits for the process; 1 if it ended, 0 on timeout or when told to stop. */
static int wait_for(int pidfd, unsigned timeout_s, const volatile sig_atomic_t *stop)
{
	uint64_t deadline = fs_now() + timeout_s * 1000000000ull;

	while (!*stop) {
		struct pollfd ended = {.fd = pidfd, .events = POLLIN};
		uint64_t now = fs_now(), left_ns = deadline - now;
		struct timespec left = {(time_t)(left_ns / 1000000000), (long)(left_ns % 1000000000)};
		sigset_t none;
		int got;

		if (now >= deadline)
			return 0;
		/* The runner's signals are unblocked only here, so that none is missed between check and wait. */
		sigemptyset(&none);
		got = ppoll(&ended, 1, &left, &none);
		if (got > 0)
			return 1;
		if (got < 0 && errno != EINTR)
			return 0;
	}
	return 0;
}

/* Kills the whole process group and reaps its orphans. */
static void kill_and_reap(pid_t pid, int *status)
{
	pid_t got;

	kill(-pid, SIGKILL);
	do {
		got = waitpid(pid, status, 0);
	} while (got < 0 && errno == EINTR);
	do {
		got = waitpid(-pid, NULL, 0);
	} while (got > 0 || (got < 0 && errno == EINTR));
}

void round_log(const struct round *round, char *text, size_t bytes)
{
	off_t size = lseek(round->log_fd, 0, SEEK_END), room = (off_t)bytes - 1;
	ssize_t n = pread(round->log_fd, text, (size_t)room, size > room ? size - room : 0);

	text[n > 0 ? n : 0] = '\0';
	/* The output may have any encoding; records are UTF-8. */
	for (ssize_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] >= 0x80 || text[i] == '\0')
			text[i] = '?';
	}
}

/* The last line that the process wrote to standard error, as a hint. */
static void last_words(const struct round *round, char *words, size_t bytes)
{
	char text[4096], *line;
	size_t n;

	round_log(round, text, sizeof(text));
	n = strlen(text);
	words[0] = '\0';
	if (n == 0)
		return;
	/* A sanitizer's summary is more useful than the lines after it. */
	line = strstr(text, "ERROR: ");
	if (line == NULL) {
		while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '))
			text[--n] = '\0';
		line = strrchr(text, '\n');
		line = line != NULL ? line + 1 : text;
	}
	snprintf(words, bytes, "; its last output: %.*s", (int)strcspn(line, "\n"), line);
}

static void judge_death(struct round *round, int status)
{
	struct share *share = round->share;
	char words[150];

	last_words(round, words, sizeof(words));
	if (WIFSIGNALED(status)) {
		share->verdict = VERDICT_CRASH;
		fs_because(&share->why, 0, "", "killed by signal %d (%s)%s", WTERMSIG(status), strsignal(WTERMSIG(status)), words);
	} else if (WEXITSTATUS(status) != 0 || !share->finished) {
		share->verdict = VERDICT_CRASH;
		fs_because(&share->why, 0, "", "the round's process exited with status %d%s", WEXITSTATUS(status), words);
	}
}

static void judge_timeout(struct share *share)
{
	share->verdict = VERDICT_TIMEOUT;
	fs_because(
		&share->why, 0, "use a smaller size, a machine with less load, or a longer --timeout", "not finished after %u s", share->timeout_s);
}

int round_run(struct round *round, const struct cell *cell, uint64_t seed, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	struct share *share = round->share;
	int status = 0, ended, pidfd;
	uint64_t start = fs_now();
	pid_t pid;

	share_request(round, cell, seed);
	round->interrupted = false;
	share->spawned_ns = start;
	pid = fork();
	if (pid < 0)
		return refused(
			errno, "raise the limit of processes (ulimit -u, or pids.max of the cgroup)", "cannot start a process for a round", why);
	if (pid == 0)
		become_round(round);
	setpgid(pid, pid);
	pidfd = watch(pid, why);
	if (pidfd < 0) {
		kill_and_reap(pid, &status);
		return pidfd;
	}
	ended = wait_for(pidfd, share->timeout_s, stop);
	close(pidfd);
	kill_and_reap(pid, &status);
	round->wall_ms = (double)(fs_now() - start) / 1e6;
	if (!ended && *stop)
		round->interrupted = true;
	else if (!ended)
		judge_timeout(share);
	else
		judge_death(round, status);
	return 0;
}
