/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell_key.c - identifies a cell by a text that is the same in every run; see cell_key.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"

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

	if (positions == NULL)
		return -ENOMEM;
	for (size_t c = 0; c < n; c++)
		positions[c] = (struct position){&keys[c], c};
	if (n)
		qsort(positions, n, sizeof(*positions), by_key);
	/* from the end, while those before still have their plain name */
	for (size_t i = n; i-- > 1 && err == 0;) {
		char *numbered;

		duplicate = 1;
		for (size_t j = i; j-- > 0 && strcmp(*positions[j].key, *positions[i].key) == 0;)
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

static int begin(const struct runfile *run, struct cell_keys *keys)
{
	keys->run = run;
	keys->keys = calloc(run->n_cells + 1, sizeof(*keys->keys));
	return keys->keys != NULL ? 0 : -ENOMEM;
}

int cell_keys_make_by(struct identity *identity, const struct runfile *run, struct cell_keys *keys)
{
	int err = begin(run, keys);

	if (err == 0)
		err = identity_learn(identity, run);
	for (size_t c = 0; c < run->n_cells && err == 0; c++) {
		keys->keys[c] = identity_of(identity, run, &run->cells[c]);
		err = keys->keys[c] != NULL ? 0 : -ENOMEM;
	}
	return err != 0 ? err : number_duplicates(keys->keys, run->n_cells);
}

int cell_keys_make(const struct runfile *run, struct cell_keys *keys)
{
	struct identity *identity = identity_new();
	int err = identity != NULL ? cell_keys_make_by(identity, run, keys) : -ENOMEM;

	identity_free(identity);
	return err;
}

int cell_keys_make_full(const struct runfile *run, struct cell_keys *keys)
{
	int err = begin(run, keys);

	for (size_t c = 0; c < run->n_cells && err == 0; c++) {
		keys->keys[c] = identity_in_full(&run->cells[c]);
		err = keys->keys[c] != NULL ? 0 : -ENOMEM;
	}
	return err != 0 ? err : number_duplicates(keys->keys, run->n_cells);
}

void cell_keys_free(struct cell_keys *keys)
{
	for (size_t c = 0; keys->keys != NULL && c < keys->run->n_cells; c++)
		free(keys->keys[c]);
	free(keys->keys);
	memset(keys, 0, sizeof(*keys));
}

const char *cell_key(const struct cell_keys *keys, const struct runfile_cell *cell)
{
	return keys->keys[cell - keys->run->cells];
}
