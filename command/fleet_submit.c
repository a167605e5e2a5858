/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_submit.c - fivestep fleet submit: the plan, the folder, and what each node is to do, at first and again. The work is in fleet/submit.c.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "command/fleet_actions.h"
#include "command/run_request.h"
#include "fleet/submit.h"
#include "harness/plan/estimate.h"

#define RESERVE_S 300.0 /* for what is not measured: to start, to read a plan's inputs, to end */

static unsigned minutes_of(double seconds)
{
	return (unsigned)fmax(1, fmin(ceil(seconds / 60.0), MANIFEST_LIMIT_MAX_MIN));
}

/* An absolute path of what need not exist; the caller frees it. */
static char *absolute(const char *path)
{
	char folder[PATH_MAX];

	if (path[0] == '/')
		return strdup(path);
	return getcwd(folder, sizeof(folder)) != NULL ? text_format("%s/%s", folder, path) : NULL;
}

static int set_id(struct manifest *manifest, struct fs_reason *why)
{
	uint64_t drawn;

	if (getrandom(&drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		return fs_because(why, -errno, "", "no random number: %s", strerror(errno));
	snprintf(manifest->id, sizeof(manifest->id), "%016llx", (unsigned long long)drawn);
	return 0;
}

/* ---- a new fleet */

static int read_plan(const struct fleet_command *command, struct plan *plan, struct fs_reason *why)
{
	struct run_request request = {.words = {command->args[0]}, .nwords = 1};
	int err = run_request_plan(plan, &request, why);

	if (err == 0 && plan->text == NULL)
		err = fs_because(why, -EINVAL, "fivestep list plans; or write a plan with the line `run ...`", "%s is not a plan", command->args[0]);
	return err;
}

/* bundle: its absolute path, or NULL. */
static int describe(
	const struct fleet_command *command, const struct plan *plan, const char *bundle, struct manifest *manifest, struct fs_reason *why)
{
	int err = nodes_expand(&manifest->nodes, command->nodes, why);

	manifest->dir = absolute(command->output);
	manifest->plan = text_format("plan/%s.plan", plan->name);
	manifest->limit_min = minutes_of(command->time_s > 0 ? command->time_s : estimate_limit_s(plan) + RESERVE_S);
	manifest->together = command->together;
	manifest->at_once = command->at_once;
	manifest->bundle = bundle != NULL ? strdup(bundle) : NULL;
	if (err == 0 && (manifest->dir == NULL || manifest->plan == NULL || (bundle != NULL && manifest->bundle == NULL)))
		err = fs_no_memory(why);
	if (err == 0 && bundle != NULL && text_bad_byte(bundle) >= 0)
		err = fs_because(why, -EINVAL, "rename it", "the path of the bundle is not UTF-8");
	if (err == 0 && text_bad_byte(manifest->plan) >= 0)
		err = fs_because(why, -EINVAL, "rename it", "the plan's name is not UTF-8");
	for (size_t i = 0; i < MANIFEST_PASSES && err == 0; i++) {
		const char *value = command->pass[i];

		if (value != NULL && text_bad_byte(value) >= 0)
			err = fs_because(why, -EINVAL, "", "the value of --%s is not UTF-8", manifest_pass_names[i]);
		manifest->pass[i] = err == 0 && value != NULL ? strdup(value) : NULL;
	}
	return err == 0 ? set_id(manifest, why) : err;
}

/* The folder and the copy of the plan, which the tasks read. */
static int create(struct manifest *manifest, const struct plan *plan, struct fs_reason *why)
{
	char *path = NULL;
	FILE *file = NULL;
	bool wrong = false;
	int err = 0;

	if (mkdir(manifest->dir, 0777) != 0 && errno != EEXIST)
		return fs_because(why, -errno, "", "%s: %s", manifest->dir, strerror(errno));
	err = manifest_create(manifest, why);
	path = err == 0 ? manifest_path(manifest, manifest->plan) : NULL;
	file = path != NULL ? fopen(path, "wxe") : NULL;
	if (err == 0 && file == NULL)
		err = fs_because(why, -errno, "", "%s/%s: %s", manifest->dir, manifest->plan, strerror(errno));
	if (file != NULL) {
		wrong = fputs(plan->text, file) < 0;
		wrong = fclose(file) != 0 || wrong;
	}
	if (wrong)
		err = fs_because(why, -EIO, "is the disk full?", "%s cannot be written", path);
	free(path);
	return err;
}

static int submit_all(struct manifest *manifest, const struct submit_options *options, struct fs_reason *why)
{
	struct submit_task *tasks = calloc(manifest->nodes.n + 1, sizeof(*tasks));
	int err = tasks != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < manifest->nodes.n && err == 0; i++)
		tasks[i].node = i;
	if (err == 0)
		err = submit_tasks(manifest, options, tasks, manifest->nodes.n, why);
	free(tasks);
	return err;
}

static int start(const struct fleet_command *command, const struct submit_options *options, struct fs_reason *why)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct manifest manifest = {.fd = -1};
	int err;

	if (plan == NULL)
		return fs_no_memory(why);
	plan_init(plan);
	err = read_plan(command, plan, why);
	if (err == 0)
		err = describe(command, plan, options->bundle, &manifest, why);
	if (err == 0 && !options->dry_run)
		err = create(&manifest, plan, why);
	if (err == 0)
		err = submit_all(&manifest, options, why);
	if (err == 0 && !options->dry_run)
		printf("%zu node%s, a job for each, of at most %u minute%s: fivestep fleet status shows how far they are\n", manifest.nodes.n,
			TEXT_S(manifest.nodes.n), manifest.limit_min, TEXT_S(manifest.limit_min));
	manifest_free(&manifest);
	plan_free(plan);
	free(plan);
	return err;
}

/* ---- a fleet that was submitted before */

/* The nodes without a complete run and without a task; those with a run that has its run record continue it. */
static int list_incomplete(const struct states *states, struct submit_task **tasks, size_t *n, struct fs_reason *why)
{
	*n = 0;
	*tasks = calloc(states->manifest->nodes.n + 1, sizeof(**tasks));
	if (*tasks == NULL)
		return fs_no_memory(why);
	for (size_t i = 0; i < states->manifest->nodes.n; i++) {
		const struct states_node *node = &states->nodes[i];

		if (node->state == STATES_TORN || node->state == STATES_MISSING)
			(*tasks)[(*n)++] = (struct submit_task){.node = i, .earlier = node->usable ? node->file : NULL};
	}
	return 0;
}

/* What is given now counts instead of what was given then. A program is never taken from a file: whoever submits names it. */
static int renew(const struct fleet_command *command, struct manifest *manifest, struct submit_options *options, struct fs_reason *why)
{
	if (manifest->bundle != NULL && command->bundle == NULL && command->program == NULL)
		return fs_because(why, -EINVAL, "name it again, or --program PATH", "this fleet was submitted with --bundle %s", manifest->bundle);
	options->together = command->together || (manifest->together && command->at_once == 0);
	if (command->at_once == 0 && !command->together)
		options->at_once = manifest->at_once;
	if (command->time_s > 0)
		manifest->limit_min = minutes_of(command->time_s);
	for (size_t i = 0; i < MANIFEST_PASSES; i++) {
		if (command->pass[i] == NULL)
			continue;
		free(manifest->pass[i]);
		manifest->pass[i] = strdup(command->pass[i]);
		if (manifest->pass[i] == NULL)
			return fs_no_memory(why);
	}
	return 0;
}

static int resume(const struct fleet_command *command, struct submit_options *options, struct fs_reason *why)
{
	struct fleet_states fleet = {0};
	struct submit_task *tasks = NULL;
	size_t n = 0, continued = 0;
	int err = fleet_states_load(&fleet, command->resume, true, why);

	if (err == 0)
		err = renew(command, &fleet.manifest, options, why);
	if (err == 0)
		err = list_incomplete(&fleet.states, &tasks, &n, why);
	for (size_t i = 0; i < n; i++)
		continued += tasks[i].earlier != NULL;
	if (err == 0)
		err = submit_tasks(&fleet.manifest, options, tasks, n, why);
	if (err == 0 && !options->dry_run)
		printf("complete: %zu; waiting or running: %zu; submitted again: %zu, of which %zu continue a run\n",
			fleet.states.count[STATES_COMPLETE], fleet.states.count[STATES_WAITING] + fleet.states.count[STATES_RUNNING], n, continued);
	free(tasks);
	fleet_states_free(&fleet);
	return err;
}

/* ---- the command */

static int check(const struct fleet_command *command, struct fs_reason *why)
{
	if (command->program != NULL && command->bundle != NULL)
		return fs_because(why, -EINVAL, "leave out one", "--program and --bundle are given");
	if (command->together && command->at_once != 0)
		return fs_because(why, -EINVAL, "leave out one", "--together and --at-once are given");
	if (command->resume != NULL && (command->n != 0 || command->nodes != NULL || command->output != NULL))
		return fs_because(why, -EINVAL, "fivestep fleet submit --resume FOLDER", "--resume takes plan, nodes and folder from FOLDER");
	if (command->resume != NULL)
		return 0;
	if (command->n != 1 || command->nodes == NULL || command->output == NULL)
		return fs_because(why, -EINVAL, "fivestep fleet submit PLAN --nodes 'n[1-16]' -o FOLDER", "PLAN, --nodes and -o are needed");
	return 0;
}

enum exit_status fleet_submit(const struct fleet_command *command)
{
	struct submit_options options = {.at_once = command->at_once, .together = command->together, .dry_run = command->dry_run};
	char *program = command->program != NULL ? absolute(command->program) : realpath("/proc/self/exe", NULL);
	char *bundle = command->bundle != NULL ? absolute(command->bundle) : NULL;
	struct fs_reason why = {0};
	int err = check(command, &why);

	options.program = program;
	options.bundle = bundle;
	if (err == 0 && (program == NULL || (command->bundle != NULL && bundle == NULL)))
		err = fs_because(&why, -errno, "name it: --program PATH", "the program's path is unknown");
	if (err == 0)
		err = command->resume != NULL ? resume(command, &options, &why) : start(command, &options, &why);
	free(program);
	free(bundle);
	return err == 0 ? EXIT_FINE : fleet_fail(err, &why);
}
