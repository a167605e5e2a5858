/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell_key.c - identifies a cell by a text that is the same in every run; see cell_key.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "analysis/summary/format.h"

#define EXACT_MAX 9007199254740992.0 /* 2^53 */

char *cell_key_param(const struct runfile_text *param)
{
	static const char suffixes[] = "KMGTPE";
	unsigned suffix = 0;
	char *text = NULL;
	double value;

	if (!format_number(param->text, &value) || value != rint(value) || fabs(value) > EXACT_MAX)
		return asprintf(&text, "%s=%s", param->name, param->text) < 0 ? NULL : text;
	while (value != 0.0 && suffix + 1 < sizeof(suffixes) && fmod(value, 1024.0) == 0.0) {
		value /= 1024.0;
		suffix++;
	}
	return asprintf(&text, "%s=%.0f%.*s", param->name, value, suffix > 0, suffixes + (suffix ? suffix - 1 : 0)) < 0 ? NULL : text;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Frees the parts. */
static char *join(const struct runfile_cell *cell, char **params, size_t n)
{
	size_t bytes = strlen(cell->bench) + strlen(cell->setup) + strlen(cell->device) + 3;
	char *key, *end;

	for (size_t p = 0; p < n; p++)
		bytes += strlen(params[p]) + 1;
	key = malloc(bytes);
	if (key) {
		end = key + sprintf(key, "%s/%s/%s", cell->bench, cell->setup, cell->device);
		for (size_t p = 0; p < n; p++)
			end += sprintf(end, "/%s", params[p]);
	}
	for (size_t p = 0; p < n; p++)
		free(params[p]);
	return key;
}

static char *make_key(const struct runfile_cell *cell)
{
	char **params = calloc(cell->n_params + 1, sizeof(*params)), *key = NULL;
	size_t n = 0;

	if (!params)
		return NULL;
	while (n < cell->n_params && (params[n] = cell_key_param(&cell->params[n])))
		n++;
	if (n)
		qsort(params, n, sizeof(*params), by_text);
	key = join(cell, params, n);
	if (n < cell->n_params) {
		free(key);
		key = NULL;
	}
	free(params);
	return key;
}

struct position {
	char **key;
	size_t cell;
};

static int by_key(const void *a, const void *b)
{
	const struct position *x = a, *y = b;
	int order = strcmp(*x->key, *y->key);

	return order ? order : (x->cell > y->cell) - (x->cell < y->cell);
}

/* Numbers duplicates: the second cell of a name gets "#2", the third "#3", in the order of the plan, so that the names are the same in the next run.
 */
static int number_duplicates(char **keys, size_t n)
{
	struct position *positions = calloc(n + 1, sizeof(*positions));
	unsigned duplicate = 1;
	int err = 0;

	if (!positions)
		return -ENOMEM;
	for (size_t c = 0; c < n; c++)
		positions[c] = (struct position){&keys[c], c};
	if (n)
		qsort(positions, n, sizeof(*positions), by_key);
	/* from the end, while those before still have their plain name */
	for (size_t i = n; i-- > 1 && !err;) {
		char *numbered;

		duplicate = 1;
		for (size_t j = i; j-- > 0 && !strcmp(*positions[j].key, *positions[i].key);)
			duplicate++;
		if (duplicate == 1)
			continue;
		if (asprintf(&numbered, "%s#%u", *positions[i].key, duplicate) < 0) {
			err = -ENOMEM;
			break;
		}
		free(*positions[i].key);
		*positions[i].key = numbered;
	}
	free(positions);
	return err;
}

int cell_keys_make(const struct runfile *run, struct cell_keys *keys)
{
	keys->run = run;
	keys->keys = calloc(run->n_cells + 1, sizeof(*keys->keys));
	if (!keys->keys)
		return -ENOMEM;
	for (size_t c = 0; c < run->n_cells; c++) {
		keys->keys[c] = make_key(&run->cells[c]);
		if (!keys->keys[c])
			return -ENOMEM;
	}
	return number_duplicates(keys->keys, run->n_cells);
}

void cell_keys_free(struct cell_keys *keys)
{
	for (size_t c = 0; keys->keys && c < keys->run->n_cells; c++)
		free(keys->keys[c]);
	free(keys->keys);
	memset(keys, 0, sizeof(*keys));
}

const char *cell_key(const struct cell_keys *keys, const struct runfile_cell *cell)
{
	return keys->keys[cell - keys->run->cells];
}
