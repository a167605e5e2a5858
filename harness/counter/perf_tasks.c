/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_tasks.c - the device's tasks: the threads of this process except the one that runs the steps, and those of its child processes. When counters
 * are opened, after the device and before step 1, there are no others.
 */
#include "config.h"

#include "harness/counter/perf_tasks.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

struct list {
	pid_t *tasks;
	unsigned n;
	int err;
	struct fs_reason *why;
};

static void add_threads_of(struct list *list, pid_t pid, pid_t except)
{
	char path[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		pid_t task = (pid_t)atoi(entry->d_name);

		if (task <= 0 || task == except || list->err != 0)
			continue;
		list->err = ARRAY_ADD(list->tasks, list->n, PERF_TASKS_MAX, "threads of a device", list->why);
		if (list->err == 0)
			list->tasks[list->n++] = task;
	}
	if (dir != NULL)
		closedir(dir);
}

/* From /proc/PID/stat, in which the name may contain blanks and brackets. 0 if the process is gone. */
static pid_t parent_of(pid_t pid)
{
	char path[64], text[512];
	const char *end;
	int parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	end = strrchr(text, ')');
	return end != NULL && sscanf(end, ") %*c %d", &parent) == 1 ? (pid_t)parent : 0;
}

static void add_children_of(struct list *list, pid_t pid)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		pid_t child = isdigit((unsigned char)entry->d_name[0]) ? (pid_t)atoi(entry->d_name) : 0;

		if (child <= 0 || parent_of(child) != pid)
			continue;
		add_threads_of(list, child, 0);
		add_children_of(list, child);
	}
	if (dir != NULL)
		closedir(dir);
}

int perf_tasks(pid_t **tasks, unsigned *n, struct fs_reason *why)
{
	struct list list = {.why = why};

	add_threads_of(&list, getpid(), gettid());
	add_children_of(&list, getpid());
	free(*tasks);
	*tasks = list.tasks;
	*n = list.err == 0 ? list.n : 0;
	return list.err;
}
