/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_status.c - fivestep fleet status and collect: which nodes are complete, and what is the matter with the others.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "base/jsontext.h"
#include "base/pager.h"
#include "base/say.h"
#include "base/table.h"
#include "command/fleet_actions.h"
#include "command/runs.h"
#include "fleet/collect.h"

enum exit_status fleet_fail(int err, const struct fs_reason *why)
{
	say_error("fleet", why);
	return err == -EINVAL || err == -E2BIG || err == -EBUSY ? EXIT_USAGE : runs_status_of(err);
}

int fleet_states_load(struct fleet_states *fleet, const char *folder, bool submits, struct fs_reason *why)
{
	struct fs_reason slurm = {0};
	int err = manifest_load(&fleet->manifest, folder, submits, why);

	if (err != 0)
		return err;
	if (fleet->manifest.bad_lines != 0)
		say("fleet", "%s/" MANIFEST_FILE ": %zu line%s cannot be read; nodes that are only named there count as never submitted", folder,
			fleet->manifest.bad_lines, TEXT_S(fleet->manifest.bad_lines));
	err = queue_read(&fleet->queue, &fleet->manifest, &slurm);
	if (err != 0 && submits)
		return fs_because(why, err, slurm.remedy, "whether tasks still run is unknown: %s", slurm.what);
	if (err != 0)
		say("fleet", "which tasks wait or run is unknown, only files count: %s", slurm.what);
	err = states_find(&fleet->states, &fleet->manifest, &fleet->queue);
	return err != 0 ? fs_no_memory(why) : 0;
}

void fleet_states_free(struct fleet_states *fleet)
{
	states_free(&fleet->states);
	queue_free(&fleet->queue);
	manifest_free(&fleet->manifest);
}

/* ---- the table */

enum column { NODE, STATE, TASK, WHY, LOG, COLUMNS };

static int add_line(struct table *table, const struct fleet_states *fleet, size_t place)
{
	const struct states_node *node = &fleet->states.nodes[place];
	char task[48] = "-", log[64] = "-";
	const char *texts[COLUMNS] = {fleet->manifest.nodes.names[place], states_names[node->state], task, node->why, log};

	if (node->job != NULL) {
		snprintf(task, sizeof(task), "%s_%zu", node->job, node->task);
		snprintf(log, sizeof(log), "log/%s-%zu.txt", node->job, node->task);
	}
	return table_line(table, texts);
}

static int print_table(const struct fleet_states *fleet)
{
	static const struct table_column columns[COLUMNS] = {{"NODE", false}, {"STATE", false}, {"TASK", false}, {"WHY", false}, {"LOG", false}};
	struct table *table = table_new(columns, COLUMNS);
	int err = 0;

	for (size_t i = 0; i < fleet->manifest.nodes.n && table != NULL && err == 0; i++)
		if (fleet->states.nodes[i].state != STATES_COMPLETE)
			err = add_line(table, fleet, i);
	return table_print(table, stdout, err);
}

static void print_verdict(const struct fleet_states *fleet)
{
	printf("verdict: %zu of %zu nodes complete", fleet->states.count[STATES_COMPLETE], fleet->manifest.nodes.n);
	for (enum states_state s = STATES_COMPLETE + 1; s < STATES_N; s++)
		printf(", %zu %s", fleet->states.count[s], states_names[s]);
	printf("\n");
}

static int print_json(const struct fleet_states *fleet)
{
	json_t *nodes = json_array(), *all;
	int err;

	for (size_t i = 0; i < fleet->manifest.nodes.n; i++) {
		const struct states_node *node = &fleet->states.nodes[i];

		json_array_append_new(nodes, json_pack("{s:s, s:s, s:s?, s:I, s:s?, s:s}", "node", fleet->manifest.nodes.names[i], "state",
						     states_names[node->state], "job", node->job, "task", (json_int_t)node->task, "run", node->file,
						     "why", node->state == STATES_COMPLETE ? "" : node->why));
	}
	all = json_pack("{s:s, s:s, s:o}", "id", fleet->manifest.id, "plan", fleet->manifest.plan, "nodes", nodes);
	err = jsontext_print(all, JSON_INDENT(1), stdout);
	json_decref(all);
	return err;
}

static enum exit_status status_of(const struct states *states)
{
	if (states->count[STATES_COMPLETE] == states->manifest->nodes.n)
		return EXIT_FINE;
	return states->count[STATES_TORN] + states->count[STATES_MISSING] != 0 ? EXIT_BAD_DATA : EXIT_UNDECIDED;
}

/* ---- the actions */

enum exit_status fleet_status(const struct fleet_command *command)
{
	enum exit_status status = EXIT_OWN_ERROR;
	struct fleet_states fleet = {0};
	struct fs_reason why = {0};
	int err = fleet_states_load(&fleet, command->args[0], false, &why);

	if (err == 0) {
		if (!command->json)
			pager_start();
		err = command->json ? print_json(&fleet) : print_table(&fleet);
		if (err == 0 && !command->json)
			print_verdict(&fleet);
		status = err == 0 ? status_of(&fleet.states) : EXIT_OWN_ERROR;
		if (err != 0)
			say("fleet", "%s", strerror(-err));
	} else {
		status = fleet_fail(err, &why);
	}
	fleet_states_free(&fleet);
	return status;
}

enum exit_status fleet_collect(const struct fleet_command *command)
{
	struct fleet_states fleet = {0};
	struct fs_reason why = {0};
	enum exit_status status;
	size_t copied, kept;
	int err = 0;

	if (command->output == NULL)
		err = fs_because(&why, -EINVAL, "fivestep fleet collect FOLDER -o RUNS", "-o, the folder for the runs, is missing");
	if (err == 0)
		err = fleet_states_load(&fleet, command->args[0], false, &why);
	if (err == 0)
		err = collect_runs(&fleet.states, command->output, &copied, &kept, &why);
	if (err == 0 && print_table(&fleet) != 0)
		err = fs_no_memory(&why);
	if (err == 0) {
		printf("%zu run%s copied to %s, %zu already there\n", copied, TEXT_S(copied), command->output, kept);
		print_verdict(&fleet);
		status = status_of(&fleet.states);
	} else {
		status = fleet_fail(err, &why);
	}
	fleet_states_free(&fleet);
	return status;
}
