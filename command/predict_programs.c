/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_programs.c - see predict_programs.h.
 */
#include "config.h"

#include "command/predict_programs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/gather.h"
#include "base/text.h"
#include "command/group_name.h"
#include "harness/round/dry.h"
#include "harness/run/schedule.h"

/* ---- which programs */

/* "emu,model": the devices that the model has unit costs of. */
static void devices_of(const struct model *model, struct text *text)
{
	for (size_t i = 0; i < model->n_groups; i++) {
		const char *name = model->groups[i].name;

		if (model->groups[i].n_rows != 0)
			text_add(text, "%s%.*s", text->len != 0 ? "," : "", (int)strcspn(name, "/"), name);
	}
}

static bool is_requested(const struct run_request *request, const char *word)
{
	size_t length = strcspn(word, "=");

	for (unsigned i = 0; i < request->nwords; i++) {
		if (strncmp(request->words[i], word, length + 1) == 0)
			return true;
	}
	return false;
}

/* "cg degree=16 size=256K": a program whose computing is known, with its own parameters, but for those that the request sets. */
static int reference_line(const struct model *model, const struct run_request *request, const struct runfile_cell *cell, struct text *text)
{
	char *work = gather_work_name(model->run, cell), *rest = work, *word;
	const char *size = runfile_param(cell, "size");

	while (work != NULL && (word = strsep(&rest, " ")) != NULL) {
		if (!is_requested(request, word))
			text_add(text, "%s%s", text->len != 0 ? " " : "", word);
	}
	if (size != NULL && !is_requested(request, "size="))
		text_add(text, " size=%s", size);
	free(work);
	return work != NULL ? 0 : -ENOMEM;
}

static int add_line(struct plan *plan, const char *words, const char *setups, const char *devices, struct fs_reason *why)
{
	char *line = text_format("%s setup=%s device=%s", words, setups, devices);
	int err = line != NULL ? plan_add(plan, line, why) : fs_no_memory(why);

	free(line);
	return err;
}

static int plan_programs(struct plan *plan, const struct model *model, const struct run_request *request, struct fs_reason *why)
{
	const char *setups = request->setups != NULL ? request->setups : "*";
	struct text words = {0}, devices = {0}, line = {0};
	bool named = request->nwords > request->nparams;
	int err = 0;

	if (request->devices != NULL)
		text_add(&devices, "%s", request->devices);
	else
		devices_of(model, &devices);
	for (unsigned i = 0; i < request->nwords; i++)
		text_add(&words, " %s", request->words[i]);
	if (named)
		err = add_line(plan, text_string(&words), setups, text_string(&devices), why);
	for (size_t i = 0; !named && i < model->n_references && err == 0; i++) {
		if (reference_line(model, request, model->references[i].cell, &line) != 0)
			err = fs_no_memory(why);
		text_add(&line, "%s", text_string(&words));
		if (err == 0)
			err = add_line(plan, text_string(&line), setups, text_string(&devices), why);
		text_clear(&line);
	}
	text_clear(&words);
	text_clear(&devices);
	return err;
}

/* ---- predictions */

static bool same_program(const struct cell *a, const struct cell *b)
{
	if (a->kernel != b->kernel)
		return false;
	for (unsigned i = 0; i < a->args.n; i++) {
		const struct fs_arg *arg = &a->args.arg[i], *other = args_get(&b->args, arg->param->name);

		if (param_find(cell_own_params(a), arg->param->name) != NULL && (other == NULL || strcmp(arg->text, other->text) != 0))
			return false;
	}
	return true;
}

static bool is_reference(const struct model *model, const struct cell *cell, const struct model_case *c)
{
	for (size_t i = 0; i < model->n_references; i++) {
		const struct model_reference *r = &model->references[i];

		if (strcmp(r->work, c->work) == 0 && strcmp(r->cell->setup, cell_setup(cell)) == 0 &&
			strcmp(r->cell->device, cell_device(cell)) == 0 && r->bytes[MODEL_FILL] == c->events[FS_CPU_BEFORE][FS_COST_FILL_BYTE] &&
			r->bytes[MODEL_BODY] == c->events[FS_DEVICE_COMPUTE][FS_COST_BODY_BYTE])
			return true;
	}
	return false;
}

/* 1: there is a line; 0: the model knows nothing of that way of sharing. */
static int predict_cell(const struct model *model, const struct what_if *what_if, struct dry *dry, const struct cell *cell, struct predict_line *line,
	struct fs_reason *why)
{
	struct model_case c = {.group = group_name(cell, cell_own_params(cell)), .work = group_work_name(cell)};
	uint64_t events[FS_STEPS][FS_COSTS];
	const struct model_group *group = c.group != NULL ? gather_find(model, c.group) : NULL;
	char params[CELL_TEXT];
	int err = c.group == NULL || c.work == NULL ? fs_no_memory(why) : group != NULL && group->n_rows != 0;

	if (err > 0)
		err = dry_events(dry, cell, what_if->granule, events, why);
	if (err <= 0)
		goto out;
	for (unsigned i = 0; i < FS_STEPS * FS_COSTS; i++)
		c.events[i / FS_COSTS][i % FS_COSTS] = (double)events[i / FS_COSTS][i % FS_COSTS];
	cell_params_set(cell, params, sizeof(params));
	*line = (struct predict_line){.program = cell->name,
		.setup = cell_setup(cell),
		.device = cell_device(cell),
		.params = strdup(params),
		.is_reference = is_reference(model, cell, &c)};
	if (line->params == NULL)
		err = fs_no_memory(why);
	else
		line->is_predicted = model_predict(model, what_if, &c, &line->prediction, &line->why) > 0;
out:
	model_case_free(&c);
	return err;
}

/* Of the round that the program's computing comes from, so that what depends on its data is the same; the run's first round without one. */
static uint64_t seed_of(const struct model *model, const struct cell *cell)
{
	struct schedule schedule = {.seed = strtoull(model->run->seed, NULL, 10)};
	const struct fs_arg *size = args_get(&cell->args, "size");
	const struct runfile_cell *found = NULL;
	char *work = group_work_name(cell);

	for (size_t i = 0; i < model->n_references && work != NULL; i++) {
		const struct runfile_cell *reference = model->references[i].cell;
		const char *text = runfile_param(reference, "size");

		if (strcmp(model->references[i].work, work) == 0 &&
			(found == NULL || (size != NULL && text != NULL && strcmp(size->text, text) == 0)))
			found = reference;
	}
	free(work);
	for (size_t r = 0; found != NULL && r < found->n_rounds; r++) {
		if (found->rounds[r]->verdict == VERDICT_OK)
			return schedule_seed(&schedule, (unsigned)found->id, found->rounds[r]->number);
	}
	return schedule_seed(&schedule, 0, 0);
}

/* One program under all setups: every cell of it that is not done. */
static int predict_program(struct predict_line *lines, signed char *done, const struct plan *plan, unsigned first, const struct model *model,
	const struct what_if *what_if, struct fs_reason *why)
{
	struct dry dry;
	int err = dry_run(&dry, &plan->cells[first], seed_of(model, &plan->cells[first]), why);

	for (unsigned i = first; i < plan->ncells && err >= 0; i++) {
		if (done[i] != 0 || !same_program(&plan->cells[first], &plan->cells[i]))
			continue;
		err = predict_cell(model, what_if, &dry, &plan->cells[i], &lines[i], why);
		done[i] = err > 0 ? 1 : -1;
	}
	dry_free(&dry);
	return err < 0 ? err : 0;
}

int predict_programs(struct predict_programs *programs, const struct model *model, const struct what_if *what_if, struct run_request *request,
	struct fs_reason *why)
{
	struct plan *plan = &programs->plan;
	signed char *done;
	int err;

	*programs = (struct predict_programs){0};
	plan_init(plan);
	err = plan_programs(plan, model, request, why);
	if (err != 0)
		return err;
	programs->lines = calloc(plan->ncells + 1, sizeof(*programs->lines));
	done = calloc(plan->ncells + 1, sizeof(*done));
	if (programs->lines == NULL || done == NULL)
		err = fs_no_memory(why);
	/* What has no meaning under a setup, such as a program with links that needs one address, is no cell of the model's. */
	for (unsigned i = 0; i < plan->ncells && err == 0; i++)
		done[i] = plan->cells[i].skipped || plan->cells[i].kernel == NULL || plan->cells[i].setup == NULL || plan->cells[i].device == NULL
				  ? -1
				  : 0;
	for (unsigned i = 0; i < plan->ncells && err == 0; i++) {
		if (done[i] == 0)
			err = predict_program(programs->lines, done, plan, i, model, what_if, why);
	}
	for (unsigned i = 0; i < plan->ncells && done != NULL && programs->lines != NULL; i++) {
		programs->n_unknown += done[i] < 0;
		if (done[i] > 0)
			programs->lines[programs->n++] = programs->lines[i];
	}
	free(done);
	return err;
}

void predict_programs_free(struct predict_programs *programs)
{
	for (size_t i = 0; i < programs->n; i++)
		free((char *)programs->lines[i].params);
	free(programs->lines);
	plan_free(&programs->plan);
	*programs = (struct predict_programs){0};
}
