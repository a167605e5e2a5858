/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.c - starts one of Slurm's commands; see child.h.
 */
#include "config.h"

#include "fleet/child.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127 };

/* In the child: standard output to a pipe, standard error to a file that is read afterwards. */
static void become(const char *const words[], int output, int errors)
{
	int none = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (none < 0 || dup2(none, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
		_exit(NOT_FOUND);
	execvp(words[0], (char *const *)words);
	_exit(NOT_FOUND);
}

static int read_all(int fd, struct text *out)
{
	char bytes[65536];
	ssize_t n;

	do {
		n = read(fd, bytes, sizeof(bytes) - 1);
		if (n > 0) {
			bytes[n] = '\0';
			text_add(out, "%s", bytes);
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : 0;
}

/* Its first line of errors is the reason. */
static int failed(const char *name, int status, int errors, struct fs_reason *why)
{
	char line[300] = "";
	ssize_t n = pread(errors, line, sizeof(line) - 1, 0);

	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return fs_because(why, -ENOENT, "do it on a machine that submits to Slurm (Debian: apt-get install slurm-client)",
			"%s of Slurm is not installed here", name);
	if (line[0] == '\0')
		return fs_because(why, -EIO, "", "%s failed without a message", name);
	return fs_because(why, -EIO, "", "%s", line);
}

int child_run(const char *const words[], struct text *out, struct fs_reason *why)
{
	int ends[2] = {-1, -1}, errors = memfd_create("errors", MFD_CLOEXEC), status = 0, err = 0;
	pid_t pid = -1;

	if (errors < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		err = fs_because(why, -errno, "", "%s: %s", words[0], strerror(errno));
		goto end;
	}
	pid = fork();
	if (pid == 0)
		become(words, ends[1], errors);
	close(ends[1]);
	if (pid < 0)
		err = fs_because(why, -errno, "", "%s: %s", words[0], strerror(errno));
	else
		err = read_all(ends[0], out);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (err == 0 && status != 0)
		err = failed(words[0], status, errors, why);
end:
	if (errors >= 0)
		close(errors);
	return err;
}
