/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity_text.c - how a cell and its parameters are written, and read back; see identity_text.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"
#include "analysis/summary/identity.h"
#include "analysis/summary/identity_text.h"

#define EXACT_MAX 9007199254740992.0 /* 2^53 */

char *identity_param(const char *name, const char *text)
{
	static const char suffixes[] = "KMGTPE";
	unsigned suffix = 0;
	char *param = NULL;
	double value;

	if (!format_number(text, &value) || value != rint(value) || fabs(value) > EXACT_MAX)
		return asprintf(&param, "%s=%s", name, text) < 0 ? NULL : param;
	while (value != 0.0 && suffix + 1 < sizeof(suffixes) && fmod(value, 1024.0) == 0.0) {
		value /= 1024.0;
		suffix++;
	}
	return asprintf(&param, "%s=%.0f%.*s", name, value, suffix > 0, suffixes + (suffix ? suffix - 1 : 0)) < 0 ? NULL : param;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *identity_join(const char *cells, char **params, size_t n)
{
	size_t bytes = strlen(cells) + 1;
	bool whole = true;
	char *text, *end;

	for (size_t p = 0; p < n; p++) {
		whole = whole && params[p] != NULL;
		bytes += params[p] != NULL ? strlen(params[p]) + 1 : 0;
	}
	text = whole ? malloc(bytes) : NULL;
	if (text != NULL) {
		if (n)
			qsort(params, n, sizeof(*params), by_text);
		end = stpcpy(text, cells);
		for (size_t p = 0; p < n; p++)
			end += sprintf(end, "/%s", params[p]);
	}
	for (size_t p = 0; p < n; p++)
		free(params[p]);
	return text;
}

char *identity_cells(const struct runfile_cell *cell)
{
	char *cells = NULL;

	return asprintf(&cells, "%s/%s/%s", cell->bench, cell->setup, cell->device) < 0 ? NULL : cells;
}

char *identity_in_full(const struct runfile_cell *cell)
{
	char **params = calloc(cell->n_params + 1, sizeof(*params)), *cells = identity_cells(cell), *text = NULL;

	for (size_t p = 0; params != NULL && p < cell->n_params; p++)
		params[p] = identity_param(cell->params[p].name, cell->params[p].text);
	if (params != NULL && cells != NULL)
		text = identity_join(cells, params, cell->n_params);
	free(params);
	free(cells);
	return text;
}

void identity_parts_free(struct identity_parts *parts)
{
	free(parts->params);
	free(parts->text);
}

static void cut_twin(struct identity_parts *parts)
{
	char *mark = strrchr(parts->text, '#');

	if (mark == NULL || !mark[1] || mark[1 + strspn(mark + 1, "0123456789")])
		return;
	*mark = '\0';
	parts->twin = mark + 1;
}

int identity_parts_make(const char *text, struct identity_parts *parts)
{
	char *at;
	unsigned slashes = 0;

	*parts = (struct identity_parts){.text = strdup(text), .params = calloc(strlen(text) + 1, sizeof(*parts->params))};
	if (parts->text == NULL || parts->params == NULL)
		return -ENOMEM;
	cut_twin(parts);
	parts->cells = parts->text;
	for (at = parts->text; (at = strchr(at, '/')) != NULL; at++) {
		if (++slashes < 3)
			continue;
		*at = '\0';
		parts->params[parts->n++] = at + 1;
	}
	return 0;
}
