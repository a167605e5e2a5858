/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * states.c - how far each node of a fleet is; see states.h.
 */
#include "config.h"

#include "fleet/states.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const states_names[STATES_N] = {"complete", "running", "waiting", "torn", "missing"};

/* The node that a task noted when it started; false if it noted none. */
static bool noted_node(const struct manifest *manifest, const char *job, size_t task, char name[NODES_NAME_MAX + 2])
{
	char *path = text_format("%s/runs/%s-%zu.node", manifest->dir, job, task);
	FILE *file = path != NULL ? fopen(path, "re") : NULL;
	bool noted = file != NULL && fgets(name, NODES_NAME_MAX + 2, file) != NULL;

	if (noted)
		name[strcspn(name, "\n")] = '\0';
	if (file != NULL)
		fclose(file);
	free(path);
	return noted;
}

/* The best file of a node: a complete one, then the largest one. */
static bool is_better(const struct states_file *file, const struct states_file *than)
{
	if (file->state != than->state)
		return file->state < than->state;
	if (file->usable != than->usable)
		return file->usable;
	return file->bytes > than->bytes;
}

static void say_why(struct states_node *node, const struct states_file *file, const struct queue_task *known)
{
	char slurm[96] = "";

	if (known != NULL)
		text_fit(slurm, sizeof(slurm), "%s%s%s", known->state, strcmp(known->reason, "None") != 0 ? " " : "",
			strcmp(known->reason, "None") != 0 ? known->reason : "");
	if (known != NULL && queue_is_active(known))
		text_fit(node->why, sizeof(node->why), "%s", slurm);
	else
		text_fit(node->why, sizeof(node->why), "%s%s%s", file->why, slurm[0] != '\0' ? "; " : "", slurm);
}

/* What one task says of its node. best: of the earlier tasks. */
static int take_task(struct states *states, struct states_file *best, size_t place, const struct manifest_submission *submission, size_t task,
	const struct queue *queue)
{
	const struct queue_task *known = queue_find(queue, submission->job, task);
	struct states_node *node = &states->nodes[place];
	char name[NODES_NAME_MAX + 2], *file = text_format("%s-%zu.jsonl", submission->job, task);
	char *path = text_format("%s/runs/%s", states->manifest->dir, file != NULL ? file : "");
	struct states_file end;

	if (file == NULL || path == NULL) {
		free(file);
		free(path);
		return -ENOMEM;
	}
	end = states_of_file(path);
	node->job = submission->job;
	node->task = task;
	if (noted_node(states->manifest, submission->job, task, name) && strcmp(name, states->manifest->nodes.names[place]) != 0) {
		/* Slurm was told otherwise: this is not the node's run. */
		end = (struct states_file){.state = STATES_MISSING, .why = "its task ran on another node"};
	} else if (end.state != STATES_MISSING && (node->file == NULL || is_better(&end, best))) {
		free(node->file);
		node->file = file;
		file = NULL;
		node->usable = end.usable;
		*best = end;
	}
	if (known != NULL && queue_is_active(known) && best->state != STATES_COMPLETE)
		node->state = queue_is_waiting(known) ? STATES_WAITING : STATES_RUNNING;
	else
		node->state = node->file != NULL ? best->state : STATES_MISSING;
	say_why(node, node->file != NULL && end.state == STATES_MISSING ? best : &end, known);
	free(file);
	free(path);
	return 0;
}

int states_find(struct states *states, const struct manifest *manifest, const struct queue *queue)
{
	struct states_file *best = calloc(manifest->nodes.n + 1, sizeof(*best));
	int err = 0;

	*states = (struct states){.manifest = manifest, .nodes = calloc(manifest->nodes.n + 1, sizeof(*states->nodes))};
	if (best == NULL || states->nodes == NULL)
		err = -ENOMEM;
	for (size_t i = 0; i < manifest->nodes.n && err == 0; i++) {
		states->nodes[i].state = STATES_MISSING;
		strcpy(states->nodes[i].why, "never submitted");
		best[i].state = STATES_MISSING;
	}
	for (size_t s = 0; s < manifest->n_submissions && err == 0; s++) {
		const struct manifest_submission *submission = &manifest->submissions[s];

		for (size_t task = 0; task < submission->n && err == 0; task++)
			err = take_task(states, &best[submission->nodes[task]], submission->nodes[task], submission, task, queue);
	}
	for (size_t i = 0; i < manifest->nodes.n && err == 0; i++)
		states->count[states->nodes[i].state]++;
	free(best);
	return err;
}

void states_free(struct states *states)
{
	for (size_t i = 0; states->nodes != NULL && i < states->manifest->nodes.n; i++)
		free(states->nodes[i].file);
	free(states->nodes);
	*states = (struct states){0};
}
