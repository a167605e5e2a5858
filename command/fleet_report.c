/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_report.c - fivestep fleet report: all complete nodes side by side. Each run is read, summarized and freed before the next one.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/many/fleet_groups.h"
#include "base/pager.h"
#include "base/say.h"
#include "command/fleet_actions.h"
#include "command/fleet_read.h"

struct reading {
	struct fleet_groups groups;
	struct fleet_reader reader;
	size_t read, unread, bad;
};

/* A run that cannot be read is said and left out: the others still count. */
static int read_node(const struct fleet_states *fleet, size_t place, struct reading *reading)
{
	char *path = text_format("%s/runs/%s", fleet->manifest.dir, fleet->states.nodes[place].file);
	struct summary summary = {0};
	struct fs_reason why = {0};
	struct runfile run = {0};
	int err = path != NULL ? fleet_read(&reading->reader, path, &run, &summary, &why) : -ENOMEM;

	for (size_t w = 0; w < run.n_warnings && err == 0; w++)
		say("fleet", "%s", run.warnings[w]);
	if (err == 0) {
		reading->bad += summary_judge(&summary, 1) == SUMMARY_BAD_DATA;
		err = fleet_groups_add(&reading->groups, fleet->manifest.nodes.names[place], &run, &summary);
		reading->read++;
	} else if (err != -ENOMEM) {
		say_error("fleet", &why);
		reading->unread++;
		err = 0;
	}
	summary_free(&summary);
	runfile_free(&run);
	free(path);
	return err;
}

static int show(const struct fleet_command *command, struct reading *reading, struct fs_reason *why)
{
	int err = fleet_groups_make(&reading->groups, command->margin_pct);

	if (err == 0 && !command->json)
		pager_start();
	if (err == 0)
		err = command->json ? fleet_groups_show_json(&reading->groups, stdout) : fleet_groups_show(&reading->groups, command->all, stdout);
	if (err != 0)
		return fs_because(why, err, "", "%s", strerror(-err));
	return command->output != NULL ? fleet_groups_page(&reading->groups, command->all, command->output, why) : 0;
}

enum exit_status fleet_report(const struct fleet_command *command)
{
	struct fleet_states fleet = {0};
	struct reading reading = {0};
	struct fs_reason why = {0};
	int err = fleet_states_load(&fleet, command->args[0], false, &why);
	enum exit_status status = EXIT_FINE;

	for (size_t i = 0; err == 0 && i < fleet.manifest.nodes.n; i++) {
		if (fleet.states.nodes[i].state == STATES_COMPLETE)
			err = read_node(&fleet, i, &reading);
		if (err != 0)
			fs_no_memory(&why);
	}
	fleet_read_say(&reading.reader);
	if (err == 0 && reading.read == 0)
		err = fs_because(&why, -ENODATA, "fivestep fleet status shows what is missing", "no node has a complete run");
	if (err == 0)
		err = show(command, &reading, &why);
	if (err == 0 && reading.read != fleet.manifest.nodes.n)
		say("fleet", "not in the report: %zu of %zu nodes, whose runs are not complete or cannot be read",
			fleet.manifest.nodes.n - reading.read, fleet.manifest.nodes.n);
	if (err != 0)
		status = fleet_fail(err, &why);
	else if (reading.bad != 0 || reading.unread != 0)
		status = EXIT_BAD_DATA;
	fleet_groups_free(&reading.groups);
	fleet_states_free(&fleet);
	return status;
}
