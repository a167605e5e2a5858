/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * queue.c - what Slurm knows of the tasks of a fleet; see queue.h.
 */
#include "config.h"

#include "fleet/queue.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "fleet/child.h"

static int compare(const struct queue_task *a, const struct queue_task *b)
{
	int order = strcmp(a->job, b->job);

	return order != 0 ? order : (a->task > b->task) - (a->task < b->task);
}

static int by_task(const void *a, const void *b)
{
	return compare(a, b);
}

/* "17|3|PENDING|Resources"; any other line is no task of an array. */
static bool parse(char *line, struct queue_task *task)
{
	char *rest = line, *job = strsep(&rest, "|"), *number = strsep(&rest, "|"), *state = strsep(&rest, "|"), *end;

	if (state == NULL || rest == NULL || job[0] == '\0' || strlen(job) >= sizeof(task->job) || job[strspn(job, "0123456789")] != '\0')
		return false;
	*task = (struct queue_task){.task = strtoul(number, &end, 10)};
	if (end == number || *end != '\0')
		return false;
	strcpy(task->job, job);
	text_fit(task->state, sizeof(task->state), "%s", state);
	text_fit(task->reason, sizeof(task->reason), "%s", rest);
	text_make_visible(task->state, sizeof(task->state));
	text_make_visible(task->reason, sizeof(task->reason));
	return true;
}

static int take_lines(struct queue *queue, char *lines, struct fs_reason *why)
{
	int err = 0;
	char *line;

	while (err == 0 && (line = strsep(&lines, "\n")) != NULL) {
		struct queue_task task;

		if (!parse(line, &task))
			continue;
		err = ARRAY_ADD(queue->tasks, queue->n, ARRAY_MANY, "tasks", why);
		if (err == 0)
			queue->tasks[queue->n++] = task;
	}
	if (queue->n != 0)
		qsort(queue->tasks, queue->n, sizeof(*queue->tasks), by_task);
	return err;
}

int queue_read(struct queue *queue, const struct manifest *manifest, struct fs_reason *why)
{
	char *name = text_format("--name=fivestep-%s", manifest->id), *lines = NULL;
	const char *const words[] = {"squeue", "--noheader", "--array", "--states=all", "--format=%F|%K|%T|%r", name, NULL};
	struct text out = {0};
	int err = name != NULL ? child_run(words, &out, why) : fs_no_memory(why);

	*queue = (struct queue){0};
	if (err == 0 && out.lost)
		err = fs_no_memory(why);
	lines = text_take(&out);
	if (err == 0 && lines != NULL)
		err = take_lines(queue, lines, why);
	free(lines);
	free(name);
	return err;
}

const struct queue_task *queue_find(const struct queue *queue, const char *job, size_t task)
{
	struct queue_task key = {.task = task};

	if (queue->n == 0)
		return NULL;
	text_fit(key.job, sizeof(key.job), "%s", job);
	return bsearch(&key, queue->tasks, queue->n, sizeof(key), by_task);
}

bool queue_is_active(const struct queue_task *task)
{
	static const char *const ended[] = {
		"COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE", "PREEMPTED", "REVOKED"};

	for (size_t i = 0; i < FS_ARRAY_SIZE(ended); i++)
		if (strcmp(task->state, ended[i]) == 0)
			return false;
	return true;
}

bool queue_is_waiting(const struct queue_task *task)
{
	return strcmp(task->state, "PENDING") == 0;
}

void queue_free(struct queue *queue)
{
	free(queue->tasks);
	*queue = (struct queue){0};
}
