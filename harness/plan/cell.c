/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell.c - see cell.h.
 */
#include "config.h"

#include "harness/plan/cell.h"

#include <stdio.h>
#include <string.h>

const char *cell_kind(const struct cell *cell)
{
	return cell->kernel != NULL ? "kernel" : cell->bench->promise != NULL ? "case" : "benchmark";
}

const char *cell_setup(const struct cell *cell)
{
	return cell->setup != NULL ? cell->setup->name : "-";
}

const char *cell_device(const struct cell *cell)
{
	return cell->device != NULL ? cell->device->name : "-";
}

unsigned cell_needs(const struct cell *cell)
{
	return cell->bench != NULL ? cell->bench->needs : cell->kernel->needs;
}

size_t cell_bytes(const struct cell *cell)
{
	size_t (*bytes)(const struct fs_args *) = cell->bench != NULL ? cell->bench->bytes : cell->kernel->bytes;

	if (bytes != NULL)
		return bytes(&cell->args);
	return args_get(&cell->args, "size") != NULL ? fs_arg_size(&cell->args, "size") : 0;
}

unsigned cell_timeout_s(const struct cell *cell)
{
	unsigned timeout_s = cell->bench != NULL ? cell->bench->timeout_s : cell->kernel->timeout_s;

	return timeout_s != 0 ? timeout_s : 60;
}

static bool append(char *text, size_t bytes, const char *separator, const char *name, const char *value)
{
	size_t len = strlen(text);

	return snprintf(text + len, bytes - len, "%s%s=%s", separator, name, value) < (int)(bytes - len);
}

bool cell_text(const struct cell *cell, char text[CELL_TEXT])
{
	bool whole = snprintf(text, CELL_TEXT, "%s", cell->name) < CELL_TEXT;

	if (cell->setup != NULL)
		whole = append(text, CELL_TEXT, " ", "setup", cell->setup->name) && whole;
	if (cell->device != NULL)
		whole = append(text, CELL_TEXT, " ", "device", cell->device->name) && whole;
	for (unsigned i = 0; i < cell->args.n; i++) {
		const struct fs_arg *arg = &cell->args.arg[i];

		/* Test-only parameters are not shown unless set. */
		if (!arg->param->test_only || arg->set)
			whole = append(text, CELL_TEXT, " ", arg->param->name, arg->text) && whole;
	}
	return whole;
}

void cell_params_set(const struct cell *cell, char *text, size_t bytes)
{
	text[0] = '\0';
	for (unsigned i = 0; i < cell->args.n; i++) {
		if (cell->args.arg[i].set)
			append(text, bytes, text[0] != '\0' ? " " : "", cell->args.arg[i].param->name, cell->args.arg[i].text);
	}
}

const struct fs_param *cell_own_params(const struct cell *cell)
{
	return cell->bench != NULL ? cell->bench->params : cell->kernel->params;
}

unsigned cell_memory(const struct cell *cell)
{
	return cell->setup != NULL ? FS_UNDER(cell->setup->memory) : 0;
}

int cell_declare_args(struct cell *cell)
{
	unsigned under = cell_memory(cell);
	int err = args_declare(&cell->args, cell_own_params(cell), under);

	if (err == 0 && cell->setup != NULL)
		err = args_declare(&cell->args, cell->setup->params, under);
	if (err == 0 && cell->device != NULL)
		err = args_declare(&cell->args, cell->device->params, under);
	return err;
}

const struct fs_param *cell_declared(const struct cell *cell, const char *name)
{
	const struct fs_param *param = param_find(cell_own_params(cell), name);

	if (param == NULL && cell->setup != NULL)
		param = param_find(cell->setup->params, name);
	if (param == NULL && cell->device != NULL)
		param = param_find(cell->device->params, name);
	return param;
}
