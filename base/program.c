/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.c - the file of the running program; see program.h. /proc/self/exe is the file that the kernel executed; /proc/self/maps tells which file
 * our code came from. If they differ, the kernel executed a loader.
 */
#include "config.h"

#include "base/program.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXECUTED "/proc/self/exe"

static char own_path[PATH_MAX] = EXECUTED;
static bool loaded_by_other, known;

/* The file that is mapped at an address. */
static bool mapped_file(const void *address, char path[PATH_MAX])
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[PATH_MAX + 128];
	bool found = false;

	while (maps != NULL && !found && fgets(line, sizeof(line), maps) != NULL) {
		uintptr_t first, end;
		int at = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %*s %n", &first, &end, &at) >= 2 && (uintptr_t)address >= first &&
			(uintptr_t)address < end && at > 0 && line[at] == '/')
			found = (size_t)snprintf(path, PATH_MAX, "%s", line + at) < PATH_MAX;
	}
	if (maps != NULL)
		fclose(maps);
	return found;
}

static void look(void)
{
	char executed[PATH_MAX], own[PATH_MAX];
	ssize_t len = readlink(EXECUTED, executed, sizeof(executed) - 1);

	known = true;
	if (len <= 0)
		return;
	executed[len] = '\0';
	if (!mapped_file(own_path, own) || strcmp(own, executed) == 0) {
		/* If the file was replaced meanwhile, the kernel's link still leads to the running one. */
		if (access(executed, F_OK) == 0)
			memcpy(own_path, executed, (size_t)len + 1);
		return;
	}
	loaded_by_other = true;
	snprintf(own_path, sizeof(own_path), "%s", own);
}

const char *program_path(void)
{
	if (!known)
		look();
	return own_path;
}

const char *program_command(void)
{
	static char command[PATH_MAX];
	const char *slash = strrchr(program_path(), '/');

	if (!loaded_by_other || slash == NULL ||
		(size_t)snprintf(command, sizeof(command), "%.*s/../fivestep", (int)(slash - own_path), own_path) >= sizeof(command) ||
		access(command, X_OK) != 0)
		return own_path;
	return command;
}

int program_execute(char *const argv[])
{
	char *words[PROGRAM_WORDS + 3];
	unsigned n = 0;

	program_path();
	if (!loaded_by_other) {
		execv(EXECUTED, argv);
		return -errno;
	}
	words[n++] = argv[0];
	words[n++] = own_path;
	for (unsigned i = 1; argv[i] != NULL; i++) {
		if (n >= PROGRAM_WORDS + 2)
			return -E2BIG;
		words[n++] = argv[i];
	}
	words[n] = NULL;
	execv(EXECUTED, words);
	return -errno;
}
