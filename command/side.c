/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * side.c - parses a side and runs its turns; see side.h.
 */
#include "config.h"

#include "base/say.h"
#include "command/side.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "command/command.h"

/* ---- parsing */

static bool is_assignment(const char *word)
{
	size_t n = 0;

	while (isalnum((unsigned char)word[n]) || word[n] == '_')
		n++;
	return n > 0 && word[n] == '=' && !isdigit((unsigned char)word[0]) && word[0] != '-';
}

static int expand(struct side *side, struct fs_reason *why)
{
	static const char *const faults[] = {
		[WRDE_BADCHAR] = "one of |&;<>(){} is not in quotes",
		[WRDE_BADVAL] = "a variable is not set",
		[WRDE_CMDSUB] = "command substitution is not allowed",
		[WRDE_SYNTAX] = "a quote or bracket is not closed",
	};
	int fault = wordexp(side->text, &side->words, WRDE_NOCMD | WRDE_UNDEF);

	if (fault == 0)
		return 0;
	memset(&side->words, 0, sizeof(side->words));
	if (fault == WRDE_NOSPACE)
		return fs_no_memory(why);
	return fs_because(why, -EINVAL, "quote it as for a shell", "--%s '%s': %s", side->name, side->text, faults[fault]);
}

static int find_guest(struct side *side, char *const *words, size_t *at, size_t n, struct fs_reason *why)
{
	size_t from = *at;

	if (from == n || strcmp(words[from], "guest") != 0)
		return 0;
	side->guest = words + from;
	while (*at < n && strcmp(words[*at], "--") != 0)
		(*at)++;
	if (*at - from < 2 || strcmp(words[from + 1], "run") != 0 || *at == n)
		return fs_because(why, -EINVAL, "as in --a 'guest run --kernel old/bzImage --'", "--%s '%s': a guest is \"guest run OPTIONS --\"",
			side->name, side->text);
	(*at)++;
	side->n_guest = *at - from;
	return 0;
}

int side_parse(const char *name, const char *text, struct side *side, struct fs_reason *why)
{
	char *const *words;
	size_t n, at = 0;
	int err;

	*side = (struct side){.name = name, .text = text, .program = NULL};
	err = expand(side, why);
	if (err != 0)
		return err;
	words = side->words.we_wordv;
	n = side->words.we_wordc;
	side->environment = words;
	while (at < n && is_assignment(words[at]))
		at++;
	side->n_environment = at;
	if (at < n && words[at][0] != '-' && strchr(words[at], '/') != NULL)
		side->program = words[at++];
	if (side->program != NULL && access(side->program, X_OK) != 0)
		return fs_because(why, -EINVAL, "name a fivestep program", "--%s: cannot run %s: %s", name, side->program, strerror(errno));
	err = find_guest(side, words, &at, n, why);
	if (err == 0 && at < n && strcmp(words[at], "run") == 0)
		at++;
	side->options = words + at;
	side->n_options = n - at;
	return err;
}

void side_free(struct side *side)
{
	wordfree(&side->words);
	memset(side, 0, sizeof(*side));
}

/* ---- a turn */

struct command_line {
	char *words[SIDE_WORDS + 1];
	char rounds[16], seed[24];
	size_t n;
};

static void add_words(struct command_line *line, char *const *words, size_t n)
{
	for (size_t i = 0; i < n && line->n < SIDE_WORDS; i++)
		line->words[line->n++] = words[i];
}

/* Returns false if the command line is too long. */
static bool make_line(const struct side *side, const struct side_turn *turn, struct command_line *line)
{
	char *const first[] = {(char *)"fivestep"}, *const run[] = {(char *)"run"};
	char *const last[] = {(char *)"--rounds", line->rounds, (char *)"--seed", line->seed, (char *)"-q", (char *)"-o", (char *)turn->output};

	memset(line->words, 0, sizeof(line->words));
	line->n = 0;
	snprintf(line->rounds, sizeof(line->rounds), "%u", turn->rounds);
	snprintf(line->seed, sizeof(line->seed), "%llu", (unsigned long long)turn->seed);
	add_words(line, first, 1);
	add_words(line, side->guest, side->n_guest);
	add_words(line, run, 1);
	add_words(line, turn->words, turn->n_words);
	add_words(line, side->options, side->n_options);
	add_words(line, last, FS_ARRAY_SIZE(last));
	return line->n < SIDE_WORDS;
}

static void become_turn(const struct side *side, const struct command_line *line, int log_fd)
{
	int nowhere = open("/dev/null", O_RDWR);
	sigset_t none;

	/* A process group of its own: the session gets the terminal's interrupt and passes it on. */
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	dup2(log_fd, STDERR_FILENO);
	for (size_t i = 0; i < side->n_environment; i++)
		putenv(side->environment[i]);
	if (side->program == NULL)
		errno = -program_execute(line->words);
	else
		execv(side->program, line->words);
	say("", "cannot start %s: %s", side->program != NULL ? side->program : program_path(), strerror(errno));
	_exit(EXIT_OWN_ERROR);
}

/* Waits until the process ends. If *stop is set the process gets SIGTERM, and the time to stop what it started. */
static int wait_for(pid_t pid, const volatile sig_atomic_t *stop, int *status)
{
	struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
	bool told = false;
	sigset_t none;
	int got = ended.fd < 0 ? -1 : 0;

	sigemptyset(&none);
	while (got == 0) {
		if (*stop && !told) {
			kill(-pid, SIGTERM);
			told = true;
		}
		/* The caller's signals are unblocked only here, so that none is missed between the check and the wait. */
		got = ppoll(&ended, 1, NULL, told ? NULL : &none);
		if (got < 0 && errno == EINTR)
			got = 0;
	}
	if (ended.fd >= 0)
		close(ended.fd);
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Cuts the last line off the text and returns it. */
static const char *cut_last_line(char *text)
{
	size_t len = strlen(text);
	char *newline;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		text[--len] = '\0';
	newline = strrchr(text, '\n');
	if (newline == NULL)
		return text;
	*newline = '\0';
	return newline + 1;
}

/* The last error that the process wrote to standard error, in the form of base/say.h. */
static int last_error(const struct side *side, int log_fd, int status, struct fs_reason *why)
{
	char text[2048];
	off_t size = lseek(log_fd, 0, SEEK_END), limit = sizeof(text) - 1;
	ssize_t n = pread(log_fd, text, (size_t)limit, size > limit ? size - limit : 0);
	const char *line, *remedy;

	text[n > 0 ? n : 0] = '\0';
	line = cut_last_line(text);
	remedy = strstr(line, SAY_REMEDY);
	if (remedy != NULL && line != text)
		line = cut_last_line(text);
	return fs_because(why, status == EXIT_USAGE ? -EINVAL : -EIO, remedy != NULL ? remedy + strlen(SAY_REMEDY) : "",
		"side %s exited with status %d: %s", side->name, status, line);
}

static int judge(const struct side *side, int log_fd, int ended, const volatile sig_atomic_t *stop, int *status, struct fs_reason *why)
{
	*status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
	if (*stop)
		return -EINTR;
	if (*status == EXIT_FINE || *status == EXIT_BAD_DATA || *status == EXIT_ALL_SKIPPED)
		return 0;
	return last_error(side, log_fd, *status, why);
}

int side_run(const struct side *side, const struct side_turn *turn, const volatile sig_atomic_t *stop, int *status, struct fs_reason *why)
{
	struct command_line line;
	int log_fd, ended = 0, err;
	pid_t pid;

	if (!make_line(side, turn, &line))
		return fs_because(why, -EINVAL, "write a plan", "side %s: the command line has more than %d words", side->name, SIDE_WORDS);
	log_fd = memfd_create("fivestep-side", MFD_CLOEXEC);
	pid = log_fd >= 0 ? fork() : -1;
	if (pid == 0)
		become_turn(side, &line, log_fd);
	err = pid < 0 ? fs_because(why, -errno, "", "cannot start a process: %s", strerror(errno)) : 0;
	if (err == 0) {
		setpgid(pid, pid);
		err = wait_for(pid, stop, &ended);
	}
	if (err == 0)
		err = judge(side, log_fd, ended, stop, status, why);
	if (log_fd >= 0)
		close(log_fd);
	return err;
}
