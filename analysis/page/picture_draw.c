/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picture_draw.c - runs gnuplot on pictures that were written, several at once; see picture.h.
 */
#include "config.h"

#include "analysis/page/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/page/svg.h"
#include "base/text.h"

#define GNUPLOT		"gnuplot"
#define EXIT_NO_PROGRAM 127
#define AT_ONCE_MAX	8 /* of gnuplot; fewer on a machine with fewer CPUs */

/* In the child; never returns. The texts are UTF-8 whatever the user's locale; in another locale gnuplot warns about each script. */
static void exec_gnuplot(const char *dir, int said, char *const argv[])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 && dup2(said, STDERR_FILENO) >= 0 &&
		(dir == NULL || !chdir(dir)) && !setenv("LC_ALL", "C.UTF-8", 1))
		execvp(argv[0], argv);
	_exit(EXIT_NO_PROGRAM);
}

/* Keeps the first line that is not empty, and reads to the end so that the writer never blocks. */
static void read_first_line(int fd, char *line, size_t bytes)
{
	FILE *file = fdopen(fd, "r");
	char *text = NULL;
	size_t room = 0;

	*line = '\0';
	if (file == NULL) {
		close(fd);
		return;
	}
	while (getline(&text, &room, file) > 0) {
		char *start = text + strspn(text, " \t\r\n^");

		start[strcspn(start, "\r\n")] = '\0';
		if (!*line && *start)
			snprintf(line, bytes, "%s", start);
	}
	free(text);
	fclose(file);
}

/* A gnuplot that runs, and the end of what it says. */
struct process {
	pid_t pid;
	int said;
};

/* Starts gnuplot in dir. 0 or -errno. */
static int start_gnuplot(const char *dir, char *const argv[], struct process *process, struct fs_reason *why)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return fs_because(why, -errno, "", "gnuplot: no pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0) {
		int err = -errno;

		close(fds[0]);
		close(fds[1]);
		return fs_because(why, err, "", "gnuplot: no process: %s", strerror(-err));
	}
	if (!pid)
		exec_gnuplot(dir, fds[1], argv);
	close(fds[1]);
	*process = (struct process){.pid = pid, .said = fds[0]};
	return 0;
}

/* Waits for it. Returns 0, -ENOENT if gnuplot is not installed, -EIO with the first line of its output. */
static int finish_gnuplot(const struct process *process, struct fs_reason *why)
{
	char line[160];
	int status;

	read_first_line(process->said, line, sizeof(line));
	while (waitpid(process->pid, &status, 0) < 0)
		if (errno != EINTR)
			return fs_because(why, -errno, "", "gnuplot: %s", strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_PROGRAM)
		return fs_because(
			why, -ENOENT, "install gnuplot (Debian: apt install gnuplot-nox) and run the report again", "gnuplot is not installed");
	return fs_because(why, -EIO, "", "gnuplot: %s", *line ? line : "failed without a message");
}

int picture_probe(struct fs_reason *why)
{
	char *const argv[] = {GNUPLOT, "--version", NULL};

	struct process process;
	int err = start_gnuplot(NULL, argv, &process, why);

	return err != 0 ? err : finish_gnuplot(&process, why);
}

/* name='value', with the quotes of a path doubled. */
static int assign(char *to, size_t bytes, const char *scripts, const struct picture_job *job)
{
	FILE *file = fmemopen(to, bytes, "w");

	if (file == NULL)
		return -errno;
	fputs("plots=", file);
	text_put(file, TEXT_GNUPLOT, scripts);
	fprintf(file, "; script='%s'; name='%s'", job->script, job->name);
	if (fclose(file) || strlen(to) + 1 >= bytes)
		return -ENAMETOOLONG;
	return 0;
}

static int start(const struct picture_place *place, const struct picture_job *job, struct process *process, struct fs_reason *why)
{
	char data[4096], draw[4096], assignments[4096] = "";
	char *const argv[] = {GNUPLOT, "--default-settings", "-e", assignments, draw, NULL};
	int err = assign(assignments, sizeof(assignments), place->scripts, job);

	if (err != 0)
		return fs_because(why, err, "", "%s: the path is too long", place->scripts);
	snprintf(data, sizeof(data), "%s/data", place->dir);
	snprintf(draw, sizeof(draw), "%s/draw.gp", place->scripts);
	return start_gnuplot(data, argv, process, why);
}

static int finish(const struct picture_place *place, const struct picture_job *job, const struct process *process, struct fs_reason *why)
{
	char svg[4096];
	int err = finish_gnuplot(process, why);

	if (err != 0)
		return err;
	snprintf(svg, sizeof(svg), "%s/%s.svg", place->dir, job->name);
	err = svg_tidy(svg);
	return err != 0 ? fs_because(why, err, "", "%s: %s", svg, strerror(-err)) : 0;
}

void picture_draw_all(const struct picture_place *place, struct picture_job *jobs, size_t n)
{
	struct process running[AT_ONCE_MAX];
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t at_once = cpus < 1 ? 1 : cpus < AT_ONCE_MAX ? (size_t)cpus : AT_ONCE_MAX;

	if (!place->can_draw)
		return;
	/* The oldest one is waited for before one more is started. */
	for (size_t i = 0; i < n + at_once; i++) {
		struct picture_job *oldest = i >= at_once ? &jobs[i - at_once] : NULL;

		if (oldest != NULL && oldest->err == 0)
			oldest->err = finish(place, oldest, &running[i % at_once], &oldest->why);
		if (i < n)
			jobs[i].err = start(place, &jobs[i], &running[i % at_once], &jobs[i].why);
	}
}
