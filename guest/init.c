/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * init.c - the guest's first process: mounts the file systems that fivestep reads, runs the command, sends its status, powers off.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/lacks.h"
#include "guest/wire.h"
#include "harness/fivestep.h"

#define WORDS 256

static void mount_all(void)
{
	static const struct {
		const char *where, *type;
	} mounts[] = {
		{"/proc", "proc"},
		{"/sys", "sysfs"},
		{"/dev", "devtmpfs"},
		{"/tmp", "tmpfs"},
		{"/dev/shm", "tmpfs"},
		{"/sys/kernel/tracing", "tracefs"},
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		mount("none", mounts[i].where, mounts[i].type, 0, NULL);
	}
}

/* Tiering needs demotion too, for which there is no boot parameter. The record's state says whether it is on. */
static void demote_where_promoted(void)
{
	char mode = '0';
	int balancing = open("/proc/sys/kernel/numa_balancing", O_RDONLY | O_CLOEXEC);
	int demotion = open("/sys/kernel/mm/numa/demotion_enabled", O_WRONLY | O_CLOEXEC);

	if (balancing >= 0 && demotion >= 0 && read(balancing, &mode, 1) == 1 && mode == '2')
		dprintf(demotion, "1");
	if (balancing >= 0)
		close(balancing);
	if (demotion >= 0)
		close(demotion);
}

/* Reads a number and that many words, each terminated by a zero byte; the pointers point into text. */
static void read_words(const char *path, char *text, size_t room, char **words)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), n = 0, all;
	ssize_t got = fd >= 0 ? read(fd, text, room) : 0;
	char *at = text;

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	all = atoi(text);
	while (n < all && n < WORDS - 1) {
		at += strlen(at) + 1;
		words[n++] = at;
	}
	words[n] = NULL;
}

/* Parameters of the module on the kernel's command line, without its name before them: the kernel leaves those of loadable modules to whoever loads.
 */
static void module_parameters(char *text, size_t bytes)
{
	static const char prefix[] = "softdev.";
	static char line[4096];
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, line, sizeof(line) - 1) : 0;
	size_t used = 0;
	char *state;

	text[0] = '\0';
	line[got > 0 ? got : 0] = '\0';
	for (char *at = strtok_r(line, " \n", &state); at != NULL && used < bytes; at = strtok_r(NULL, " \n", &state)) {
		if (strncmp(at, prefix, strlen(prefix)) == 0)
			used += (size_t)snprintf(text + used, bytes - used, "%s%s", used > 0 ? " " : "", at + strlen(prefix));
	}
	if (fd >= 0)
		close(fd);
}

/* Fills why where the driver of softdev is not there, or does not belong to this kernel. */
static void load_module(char *why, size_t bytes)
{
	char parameters[512];
	int fd = open(WIRE_MODULE, O_RDONLY | O_CLOEXEC), err;

	module_parameters(parameters, sizeof(parameters));
	err = fd >= 0 && syscall(SYS_finit_module, fd, parameters, 0) == 0 ? 0 : errno;

	if (fd < 0)
		snprintf(why, bytes, "no module was built for this kernel");
	else if (err == ENOSYS)
		snprintf(why, bytes, "this kernel cannot load modules: CONFIG_MODULES is off");
	else if (err == ENOEXEC || err == EINVAL || err == ENOENT)
		snprintf(why, bytes, "the module was built for another kernel (%s)", strerror(err));
	else if (err == EBUSY || err == ERANGE)
		snprintf(why, bytes, "the module refuses its range of coherent memory (%s): --verbose shows why", strerror(err));
	else if (err != 0)
		snprintf(why, bytes, "the module cannot be loaded: %s", strerror(err));
	if (fd >= 0)
		close(fd);
}

static void execute(const char *no_module)
{
	static char arg_text[WIRE_ARGS_BYTES + 1], env_text[WIRE_ENV_BYTES + 1];
	char *words[WORDS + 1], *environment[WORDS + 1], softdev[160];
	unsigned n = 0;
	int output = open(WIRE_OUTPUT, O_RDWR), errors = open(WIRE_ERRORS, O_WRONLY);

	words[0] = WIRE_PROGRAM;
	read_words(WIRE_ARGS, arg_text, WIRE_ARGS_BYTES, words + 1);
	read_words(WIRE_ENV, env_text, WIRE_ENV_BYTES, environment);
	while (environment[n] != NULL)
		n++;
	snprintf(softdev, sizeof(softdev), WIRE_SOFTDEV "=%s", no_module);
	environment[n] = no_module[0] != '\0' ? softdev : NULL;
	environment[n + 1] = NULL;
	setsid();
	if (chdir(WIRE_FOLDER) != 0)
		_exit(99);
	if (output >= 0) {
		dup2(output, STDIN_FILENO);
		dup2(output, STDOUT_FILENO);
	}
	if (errors >= 0)
		dup2(errors, STDERR_FILENO);
	execve(access(WIRE_OTHER, X_OK) == 0 ? WIRE_OTHER : WIRE_PROGRAM, words, environment);
	_exit(99);
}

static int run_command(const char *no_module)
{
	pid_t pid = fork(), ended;
	int status = 0;

	if (pid == 0)
		execute(no_module);
	/* The first process also reaps orphans. */
	do {
		ended = wait(&status);
	} while (ended != pid && (ended > 0 || errno == EINTR));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

FS_PRINTF(1, 2) static void tell_launcher(const char *fmt, ...)
{
	int records = open(WIRE_RECORDS, O_WRONLY | O_CLOEXEC);
	va_list args;

	va_start(args, fmt);
	vdprintf(records >= 0 ? records : STDERR_FILENO, fmt, args);
	va_end(args);
	if (records >= 0)
		close(records);
}

static void tell_lacks(const char *no_module)
{
	char lacks[1024];
	size_t used;

	guest_lacks(lacks, sizeof(lacks));
	used = strlen(lacks);
	if (no_module[0] != '\0')
		snprintf(lacks + used, sizeof(lacks) - used, "%sthe device softdev (%s)", used > 0 ? ", " : "", no_module);
	if (lacks[0] != '\0')
		tell_launcher(WIRE_LACKS "%s\"}\n", lacks);
}

int guest_init(void)
{
	char no_module[128] = "";
	int status;

	mount_all();
	demote_where_promoted();
	load_module(no_module, sizeof(no_module));
	tell_lacks(no_module);
	status = run_command(no_module);
	sync();
	tell_launcher(WIRE_STATUS "\n", status);
	reboot(RB_POWER_OFF);
	return 0;
}
