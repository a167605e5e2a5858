/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group_name.c - see group_name.h.
 */
#include "config.h"

#include "command/group_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/describe.h"

static bool is_initial(const struct fs_arg *arg)
{
	struct fs_arg initial;

	return param_parse(arg->param, arg->param->initial, &initial, NULL) == 0 && strcmp(initial.text, arg->text) == 0;
}

/* Appends the parameters that are not at their initial value: those of own but for the size, or the others. NULL without memory. */
static char *with_params(const struct cell *cell, char *text, const struct fs_param *own, bool want_own)
{
	for (unsigned i = 0; i < cell->args.n && text != NULL; i++) {
		const struct fs_arg *arg = &cell->args.arg[i];
		bool is_own = own != NULL && param_find(own, arg->param->name) != NULL;
		char *longer;

		if (is_own != want_own || (is_own && strcmp(arg->param->name, "size") == 0) || is_initial(arg))
			continue;
		if (asprintf(&longer, "%s %s=%s", text, arg->param->name, arg->text) < 0)
			longer = NULL;
		free(text);
		text = longer;
	}
	return text;
}

char *group_name(const struct cell *cell, const struct fs_param *own)
{
	char *text;

	if (asprintf(&text, "%s/%s%s%s", cell->device->name, describe_memory[cell->setup->memory], cell->setup->needs & FS_CAP_PIN ? " pinned" : "",
		    cell->setup->offers & FS_BALANCED ? " balanced" : "") < 0)
		return NULL;
	return with_params(cell, text, own, false);
}

char *group_work_name(const struct cell *cell)
{
	return with_params(cell, strdup(cell->name), cell_own_params(cell), true);
}
