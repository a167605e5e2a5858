/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.c - fivestep record -- COMMAND: runs a program with the library of record/ preloaded, and writes a profile of what it did with memory that a
 * device computes on, for fivestep advise.
 */
#include "config.h"

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "base/replace.h"
#include "base/say.h"
#include "command/command.h"
#include "command/record_trace.h"
#include "command/usage.h"

#define LIBRARY "fivestep-record.so"

struct options {
	const char *output;
	char **command; /* NULL at the end */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'o':
		options->output = arg;
		return 0;
	case ARGP_KEY_ARGS:
		options->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		if (options->command == NULL)
			usage_error(state, "name the program to record: fivestep record -- ./app ARGUMENT...");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"output", 'o', "FILE", 0, "write the profile to this file (default: app.profile)", 0},
	{0},
};
static const struct argp record_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "-- PROGRAM [ARGUMENT...]",
	.doc = "Runs a program that computes on a device, and writes its profile for fivestep advise: its buffers, what each side does with them, "
	       "and how many "
	       "pages kernels touch, where that can be seen (OpenCL on a CPU); what cannot is marked as unknown. Calls of OpenCL and of CUDA's "
	       "driver are "
	       "seen if the program is linked with these libraries.\vExit status: 0 success, 4 the program failed (the profile is of what it did "
	       "until "
	       "then), or did nothing on a device that can be seen, 64 there is no such program.",
};

/* ---- the program, with the library */

/* Where it was built, or where it was installed. */
static int find_library(char path[PATH_MAX], struct fs_reason *why)
{
	const char *program = program_path(), *slash = strrchr(program, '/');
	int folder = slash != NULL ? (int)(slash - program) : 0;

	if (snprintf(path, PATH_MAX, "%.*s/record/" LIBRARY, folder, program) < PATH_MAX && access(path, R_OK) == 0)
		return 0;
	if (snprintf(path, PATH_MAX, "%s/" LIBRARY, PKGLIBDIR) < PATH_MAX && access(path, R_OK) == 0)
		return 0;
	return fs_because(why, -ENXIO, "make install", "%s: the library that is put into the program is not there", path);
}

static void set_environment(const char *library, const char *folder)
{
	const char *before = getenv("LD_PRELOAD");
	char *both = before != NULL && before[0] != '\0' ? text_format("%s:%s", library, before) : NULL;

	setenv("LD_PRELOAD", both != NULL ? both : library, 1);
	setenv("FIVESTEP_RECORD", folder, 1);
	free(both);
}

/* In the child. Returns only if the program cannot be executed: then errno has gone into the pipe, which is closed otherwise. */
static void execute(const struct options *options, const char *library, const char *folder, int failed)
{
	int err;

	set_environment(library, folder);
	execvp(options->command[0], options->command);
	err = errno;
	if (write(failed, &err, sizeof(err)) != (ssize_t)sizeof(err))
		abort();
}

/* The program's status as wait() tells it; -errno: it was not started. */
static int run_program(const struct options *options, const char *library, const char *folder, struct fs_reason *why)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before_int, before_quit;
	int status = 0, err = 0, failed[2];
	pid_t child;

	if (pipe2(failed, O_CLOEXEC) < 0)
		return fs_because(why, -EMFILE, "", "pipe: %s", strerror(errno));
	/* The terminal's signals are the program's: it ends, and what it did is still written. */
	sigaction(SIGINT, &ignore, &before_int);
	sigaction(SIGQUIT, &ignore, &before_quit);
	child = fork();
	if (child == 0) {
		sigaction(SIGINT, &before_int, NULL);
		sigaction(SIGQUIT, &before_quit, NULL);
		execute(options, library, folder, failed[1]);
		_exit(127);
	}
	if (child < 0)
		err = errno;
	close(failed[1]);
	if (child > 0 && read(failed[0], &err, sizeof(err)) != (ssize_t)sizeof(err))
		err = 0;
	close(failed[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &before_int, NULL);
	sigaction(SIGQUIT, &before_quit, NULL);
	if (err != 0)
		return fs_because(why, -err, "name a program: fivestep record -- ./app", "%s: %s", options->command[0], strerror(err));
	return status;
}

/* ---- its traces: one of each process */

/* Opens the longest one and deletes all; how many others there are. NULL: there is none. */
static FILE *take_trace(const char *folder, unsigned *others)
{
	DIR *dir = opendir(folder);
	FILE *longest = NULL;
	off_t most = -1;

	*others = 0;
	for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
		struct stat about;
		int fd = entry->d_name[0] == '.' ? -1 : openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

		if (fd < 0)
			continue;
		*others += 1;
		unlinkat(dirfd(dir), entry->d_name, 0);
		if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > most) {
			most = about.st_size;
			if (longest != NULL)
				fclose(longest);
			longest = fdopen(fd, "r");
		} else {
			close(fd);
		}
	}
	if (dir != NULL)
		closedir(dir);
	*others -= longest != NULL;
	return longest;
}

static int put_text(FILE *file, const void *what)
{
	return fputs(what, file) >= 0 ? 0 : -EIO;
}

static int write_profile(const struct options *options, const char *folder, struct fs_reason *why)
{
	struct record record = {0};
	struct text profile = {0};
	unsigned others;
	FILE *trace = take_trace(folder, &others);
	int err = trace != NULL ? record_read(&record, trace, why) : 0;

	if (err == 0 && others != 0) {
		text_add(&record.unseen, "#   what %u other processes of the program did\n", others);
		record.n_unseen++;
	}
	if (err == 0)
		err = record_write(&record, options->command[0], &profile, why);
	if (err == 0) {
		err = replace_file(options->output, put_text, text_string(&profile));
		if (err != 0)
			fs_because(why, err, "", "%s: %s", options->output, strerror(-err));
		else
			printf("%s: %zu launches; which way of sharing suits them: fivestep advise --model machine.jsonl --program %s\n",
				options->output, record.n_launches, options->output);
	}
	if (trace != NULL)
		fclose(trace);
	text_clear(&profile);
	record_free(&record);
	return err;
}

static int record_program(const struct options *options, struct fs_reason *why)
{
	const char *base = getenv("TMPDIR");
	char *folder = text_format("%s/fivestep-record-XXXXXX", base != NULL && base[0] != '\0' ? base : "/tmp"), library[PATH_MAX];
	int err = find_library(library, why), status = 0;

	if (err == 0 && (folder == NULL || mkdtemp(folder) == NULL))
		err = fs_because(why, -errno, "set TMPDIR to a folder that can be written", "a folder for the trace: %s", strerror(errno));
	if (err != 0)
		goto out;
	status = run_program(options, library, folder, why);
	err = status < 0 ? status : write_profile(options, folder, why);
	rmdir(folder);
	if (err == 0 && status != 0)
		err = fs_because(why, -ECANCELED, "the profile is of what it did until then", "%s ended with %s %d", options->command[0],
			WIFSIGNALED(status) ? "signal" : "status", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
out:
	free(folder);
	return err;
}

static int command_record_run(int argc, char **argv)
{
	struct options options = {.output = "app.profile"};
	struct fs_reason why = {0};
	int err;

	usage_parse("record", &record_argp, argc, argv, &options);
	err = record_program(&options, &why);
	if (err == 0)
		return EXIT_FINE;
	say_error("record", &why);
	if (err == -ENOENT || err == -EACCES || err == -ENOEXEC)
		return EXIT_USAGE;
	return err == -ENODATA || err == -E2BIG || err == -ECANCELED || err == -EINVAL ? EXIT_BAD_DATA : EXIT_OWN_ERROR;
}

const struct command command_record = {
	.name = "record",
	.usage = "[-o FILE] -- PROGRAM [ARGUMENT...]",
	.summary = "a program's profile for advise, from a run of it",
	.run = command_record_run,
};
