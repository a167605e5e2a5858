/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_compare.c - fivestep fleet compare A B: which nodes changed between two fleets, or two folders that fivestep fleet collect filled. Two runs
 * are in memory at a time.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/many/fleet_changes.h"
#include "base/array.h"
#include "base/pager.h"
#include "base/say.h"
#include "base/text.h"
#include "command/fleet_actions.h"
#include "command/fleet_read.h"

#define SUFFIX ".jsonl"

/* The complete runs of a folder, sorted by node. */
struct collected {
	struct collected_run {
		char *node, *path;
	} * runs;
	size_t n;
};

static int by_node(const void *a, const void *b)
{
	return strcmp(((const struct collected_run *)a)->node, ((const struct collected_run *)b)->node);
}

/* Takes both. */
static int add_run(struct collected *collected, char *node, char *path, struct fs_reason *why)
{
	int err = node != NULL && path != NULL ? ARRAY_ADD(collected->runs, collected->n, ARRAY_MANY, "runs", why) : fs_no_memory(why);

	if (err == 0) {
		collected->runs[collected->n++] = (struct collected_run){node, path};
		return 0;
	}
	free(node);
	free(path);
	return err;
}

static int list_fleet(struct collected *collected, const char *folder, struct fs_reason *why)
{
	struct fleet_states fleet = {0};
	int err = fleet_states_load(&fleet, folder, false, why);

	for (size_t i = 0; err == 0 && i < fleet.manifest.nodes.n; i++)
		if (fleet.states.nodes[i].state == STATES_COMPLETE)
			err = add_run(collected, strdup(fleet.manifest.nodes.names[i]),
				text_format("%s/runs/%s", fleet.manifest.dir, fleet.states.nodes[i].file), why);
	fleet_states_free(&fleet);
	return err;
}

static int list_files(struct collected *collected, const char *folder, struct fs_reason *why)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int err = dir != NULL ? 0
			      : fs_because(why, -errno, "name a fleet's folder, or one of fivestep fleet collect", "%s: %s", folder, strerror(errno));

	while (err == 0 && (entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name), suffix = strlen(SUFFIX);

		if (len > suffix && strcmp(entry->d_name + len - suffix, SUFFIX) == 0)
			err = add_run(collected, strndup(entry->d_name, len - suffix), text_format("%s/%s", folder, entry->d_name), why);
	}
	if (dir != NULL)
		closedir(dir);
	return err;
}

static int list_runs(struct collected *collected, const char *folder, struct fs_reason *why)
{
	char *manifest = text_format("%s/" MANIFEST_FILE, folder);
	int err = manifest != NULL ? 0 : fs_no_memory(why);

	if (err == 0)
		err = access(manifest, F_OK) == 0 ? list_fleet(collected, folder, why) : list_files(collected, folder, why);
	if (err == 0 && collected->n == 0)
		err = fs_because(why, -ENODATA, "fivestep fleet status shows what is missing", "%s has no complete run", folder);
	if (collected->n != 0)
		qsort(collected->runs, collected->n, sizeof(*collected->runs), by_node);
	free(manifest);
	return err;
}

static void collected_free(struct collected *collected)
{
	for (size_t i = 0; i < collected->n; i++) {
		free(collected->runs[i].node);
		free(collected->runs[i].path);
	}
	free(collected->runs);
}

/* Whether both runs could be read: 1, or 0 after saying why not; or -ENOMEM. */
static int read_runs(struct fleet_reader *reader, const char *const paths[2], struct runfile runs[2], struct summary summaries[2])
{
	for (int i = 0; i < 2; i++) {
		struct fs_reason why = {0};
		int err = fleet_read(reader, paths[i], &runs[i], &summaries[i], &why);

		if (err == -ENOMEM)
			return err;
		if (err != 0) {
			say_error("fleet", &why);
			return 0;
		}
	}
	return 1;
}

struct comparing {
	struct fleet_changes changes;
	struct fleet_reader reader;
	size_t unread;
};

static int compare_node(
	const struct fleet_command *command, const struct collected_run *a, const struct collected_run *b, struct comparing *comparing)
{
	struct summary summaries[2] = {{0}};
	struct runfile runs[2] = {{0}};
	int err = read_runs(&comparing->reader, (const char *const[]){a->path, b->path}, runs, summaries);

	comparing->unread += err == 0;
	if (err == 1)
		err = fleet_changes_add(&comparing->changes, a->node, &summaries[0], &summaries[1], (const struct runfile *[]){&runs[0], &runs[1]},
			command->margin_pct);
	for (int i = 0; i < 2; i++) {
		summary_free(&summaries[i]);
		runfile_free(&runs[i]);
	}
	return err < 0 ? err : 0;
}

static int compare_all(const struct fleet_command *command, const struct collected both[2], struct comparing *comparing)
{
	struct fleet_changes *changes = &comparing->changes;
	size_t a = 0, b = 0;
	int err = 0;

	while (err == 0 && (a < both[0].n || b < both[1].n)) {
		int order = a == both[0].n ? 1 : b == both[1].n ? -1 : strcmp(both[0].runs[a].node, both[1].runs[b].node);

		if (order == 0)
			err = compare_node(command, &both[0].runs[a], &both[1].runs[b], comparing);
		else
			err = fleet_changes_only(changes, order < 0 ? both[0].runs[a].node : both[1].runs[b].node, order > 0);
		a += order <= 0;
		b += order >= 0;
	}
	return err == 0 ? fleet_changes_judge(changes) : err;
}

/* A change says more than a node that is missing: it comes first. */
static enum exit_status status_of(const struct fleet_changes *changes, size_t unread)
{
	if (changes->verdicts[COMPARE_SLOWER] + changes->verdicts[COMPARE_CHANGED] != 0)
		return EXIT_REGRESSION;
	if (changes->compared == 0)
		return EXIT_NOT_COMPARABLE;
	if (changes->unlike + changes->bad + unread + changes->n_only[0] != 0)
		return EXIT_BAD_DATA;
	return changes->verdicts[COMPARE_SUSPECT] + changes->verdicts[COMPARE_DISTURBED] != 0 ? EXIT_UNDECIDED : EXIT_FINE;
}

enum exit_status fleet_compare(const struct fleet_command *command)
{
	struct collected both[2] = {{0}};
	struct comparing comparing = {0};
	const struct fleet_changes *changes = &comparing.changes;
	struct fs_reason why = {0};
	enum exit_status status;
	int err = 0;

	for (int i = 0; i < 2 && err == 0; i++)
		err = list_runs(&both[i], command->args[i], &why);
	if (err == 0) {
		err = compare_all(command, both, &comparing);
		if (err == 0 && !command->json)
			pager_start();
		if (err == 0)
			err = command->json ? fleet_changes_show_json(changes, stdout) : fleet_changes_show(changes, command->all, stdout);
		if (err != 0)
			fs_because(&why, err, "", "%s", strerror(-err));
	}
	fleet_read_say(&comparing.reader);
	status = err == 0 ? status_of(changes, comparing.unread) : fleet_fail(err, &why);
	if (err == 0 && comparing.unread != 0)
		say("fleet", "not compared: %zu node%s whose runs cannot be read", comparing.unread, TEXT_S(comparing.unread));
	fleet_changes_free(&comparing.changes);
	collected_free(&both[0]);
	collected_free(&both[1]);
	return status;
}
