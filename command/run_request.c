/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_request.c - makes the plan of a run; see run_request.h.
 */
#include "config.h"

#include "command/run_request.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/datafile.h"
#include "base/names.h"
#include "harness/plan/catalog.h"

static bool can_be_measured(const char *word)
{
	for (unsigned i = 0; catalog_bench(i) != NULL; i++) {
		if (names_match(word, catalog_bench(i)->name) != NAMES_NO)
			return true;
	}
	for (unsigned i = 0; catalog_kernel(i) != NULL; i++) {
		if (names_match(word, catalog_kernel(i)->name) != NAMES_NO)
			return true;
	}
	return false;
}

/* A word names a plan if it is a path, or if there is a plan but no benchmark or kernel of that name. */
static bool find_plan(const char *word, char *path, size_t bytes)
{
	char *file;
	bool found;

	if (strchr(word, '/') != NULL || (strlen(word) > 5 && strcmp(word + strlen(word) - 5, ".plan") == 0)) {
		return (size_t)snprintf(path, bytes, "%s", word) < bytes;
	}
	file = text_format("%s.plan", word);
	found = file != NULL && !can_be_measured(word) && datafile_path("harness/plans", "plans", file, path, bytes) == 0;
	free(file);
	return found;
}

/* "unknown benchmark quick" would hide that the plans' folder was not found. */
static int check_plans(const char *word, struct fs_reason *why)
{
	struct fs_reason missing;
	int err = can_be_measured(word) ? 0 : datafile_check("harness/plans", "plans", "plans", &missing);

	return err == 0 ? 0 : fs_because(why, err, missing.remedy, "%s is not a benchmark or kernel, and %s", word, missing.what);
}

/* Keeps the cells that --setup and --device select; cells without a setup are kept only without --setup. */
static void filter(struct plan *plan, const struct run_request *request)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < plan->ncells; i++) {
		const struct cell *cell = &plan->cells[i];

		if (request->setups != NULL && names_match(request->setups, cell_setup(cell)) == NAMES_NO)
			continue;
		if (request->devices != NULL && names_match(request->devices, cell_device(cell)) == NAMES_NO)
			continue;
		plan->cells[kept] = *cell;
		plan->cells[kept].id = kept;
		kept++;
	}
	plan->ncells = kept;
}

static int plan_of_names(struct plan *plan, const struct run_request *request, struct fs_reason *why)
{
	char line[4096] = "";
	size_t len = 0;

	for (unsigned i = 0; i < request->nwords && len < sizeof(line); i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, " %s", request->words[i]);
	if (request->setups != NULL && len < sizeof(line))
		len += (size_t)snprintf(line + len, sizeof(line) - len, " setup=%s", request->setups);
	if (request->devices != NULL && len < sizeof(line))
		len += (size_t)snprintf(line + len, sizeof(line) - len, " device=%s", request->devices);
	if (len >= sizeof(line))
		return fs_because(why, -E2BIG, "write a plan", "the command line is too long");
	return plan_add(plan, line, why);
}

/* Of the words that are not parameters, the first that names a plan (with its path), else the first one; NULL if there is none. */
static const char *first_name(const struct run_request *request, char *path, size_t bytes, bool *is_plan)
{
	const char *first = NULL;

	*is_plan = false;
	for (unsigned i = 0; i < request->nwords; i++) {
		if (strchr(request->words[i], '=') != NULL && strchr(request->words[i], '/') == NULL)
			continue;
		*is_plan = find_plan(request->words[i], path, bytes);
		if (*is_plan || first == NULL)
			first = request->words[i];
		if (*is_plan)
			break;
	}
	return first;
}

int run_request_plan(struct plan *plan, struct run_request *request, struct fs_reason *why)
{
	char path[PATH_MAX];
	const char *name;
	bool is_plan;
	int err;

	if (request->nwords == request->nparams)
		request->words[request->nwords++] = "quick";
	name = first_name(request, path, sizeof(path), &is_plan);
	if (is_plan) {
		if (request->nwords > 1)
			return fs_because(why, -EINVAL, "name the benchmarks instead of a plan, or edit a copy of the plan",
				"a plan cannot be combined with other names: %s", request->words[name == request->words[0]]);
		err = plan_read(plan, path, why);
		filter(plan, request);
	} else {
		err = check_plans(name, why);
		if (err == 0)
			err = plan_of_names(plan, request, why);
	}
	if (err == 0 && plan->ncells == 0)
		err = fs_because(why, -EINVAL, "fivestep list shows names, setups and what each needs", "no cell matches: nothing to measure");
	for (unsigned i = 0; i < request->noptions && err == 0; i++)
		err = plan_option(&plan->options, request->option[i].name, request->option[i].value, why);
	return err;
}
