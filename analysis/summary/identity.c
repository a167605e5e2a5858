/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity.c - which cell it is; see identity.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/identity.h"
#include "analysis/summary/identity_text.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/lookup.h"

struct identity {
	struct arena *arena; /* of the pins' texts */
	struct identity_pin *pins;
	size_t n;
	struct lookup lookup;
};

struct identity *identity_new(void)
{
	struct identity *identity = calloc(1, sizeof(*identity));

	if (identity != NULL)
		identity->arena = arena_new();
	if (identity != NULL && identity->arena == NULL) {
		free(identity);
		identity = NULL;
	}
	return identity;
}

void identity_free(struct identity *identity)
{
	if (identity == NULL)
		return;
	lookup_free(&identity->lookup);
	free(identity->pins);
	arena_free(identity->arena);
	free(identity);
}

/* ---- pins ------------------------------------------------------------------------------------------------ */

struct wanted {
	const struct identity *identity;
	const char *cells, *name;
};

static bool is_pin(const void *context, size_t place)
{
	const struct wanted *wanted = context;
	const struct identity_pin *pin = &wanted->identity->pins[place];

	return strcmp(pin->name, wanted->name) == 0 && strcmp(pin->cells, wanted->cells) == 0;
}

static uint64_t hash_of(const char *cells, const char *name)
{
	return lookup_text(lookup_text(0, cells), name);
}

static struct identity_pin *find(struct identity *identity, const char *cells, const char *name)
{
	struct wanted wanted = {identity, cells, name};
	size_t place = lookup_find(&identity->lookup, hash_of(cells, name), is_pin, &wanted);

	return place == LOOKUP_NONE ? NULL : &identity->pins[place];
}

static const char *keep(struct identity *identity, const char *text)
{
	return text != NULL ? arena_text(identity->arena, text) : NULL;
}

static int add(struct identity *identity, const struct identity_pin *pin)
{
	struct fs_reason why;
	int err = ARRAY_ADD(identity->pins, identity->n, ARRAY_MANY, "parameters", &why);

	if (err == 0)
		err = lookup_add(&identity->lookup, hash_of(pin->cells, pin->name), identity->n);
	if (err != 0)
		return -ENOMEM;
	identity->pins[identity->n++] = (struct identity_pin){
		.cells = keep(identity, pin->cells),
		.name = keep(identity, pin->name),
		.initial = keep(identity, pin->initial),
		.word = keep(identity, pin->word),
		.when = keep(identity, pin->when),
		.idle = pin->idle,
	};
	return arena_exhausted(identity->arena) ? -ENOMEM : 0;
}

int identity_put(struct identity *identity, const struct identity_pin *pin)
{
	struct identity_pin *known = find(identity, pin->cells, pin->name);

	if (known == NULL)
		return add(identity, pin);
	if (known->initial == NULL)
		known->initial = keep(identity, pin->initial);
	/* a word says what the initial value stands for, and of no other one */
	if (known->word == NULL && known->initial != NULL && pin->initial != NULL && strcmp(known->initial, pin->initial) == 0)
		known->word = keep(identity, pin->word);
	if (known->when == NULL)
		known->when = keep(identity, pin->when);
	return arena_exhausted(identity->arena) ? -ENOMEM : 0;
}

const struct identity_pin *identity_get(const struct identity *identity, size_t n)
{
	return n < identity->n ? &identity->pins[n] : NULL;
}

/* ---- what a run says ------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *declared, const char *member)
{
	return json_string_value(json_object_get(declared, member));
}

/* The parameter's initial value as the run declares it; NULL without. The caller frees it. */
static char *initial_of(const char *name, const json_t *declared)
{
	const char *initial = text_of(declared, "initial");

	return initial != NULL ? identity_param(name, initial) : NULL;
}

/* Whether the declaration says that it acts where a setup has this memory. */
static bool acts_under(const json_t *declared, const char *memory)
{
	return json_object_get(declared, "memory") == NULL || runfile_lists(declared, "memory", memory);
}

static int learn_declared(struct identity *identity, const struct runfile *run, const struct runfile_cell *cell, const char *cells, const char *name,
	const json_t *declared)
{
	bool acts = acts_under(declared, runfile_setup_memory(run, cell->setup));
	struct identity_pin pin = {.cells = cells, .name = name, .word = text_of(declared, "word"), .when = text_of(declared, "when")};
	char *initial = initial_of(name, declared);
	int err;

	pin.initial = acts ? initial : NULL;
	err = initial != NULL ? identity_put(identity, &pin) : 0;
	/* the last one to say so is right: with a later build it may act where it did not before */
	if (initial != NULL && err == 0)
		find(identity, cells, name)->idle = !acts;
	free(initial);
	return err;
}

/* All that the parts of the cell declare; *declares becomes true where they do. */
static int learn_parts(struct identity *identity, const struct runfile *run, const struct runfile_cell *cell, const char *cells, bool *declares)
{
	const json_t *all[RUNFILE_PARTS];
	int err = 0;

	runfile_parameters(run, cell, all);
	/* from the last part on, as the first one that declares a name is right */
	for (size_t p = RUNFILE_PARTS; p-- > 0 && err == 0;) {
		const char *name;
		json_t *declared;

		*declares = *declares || all[p] != NULL;
		json_object_foreach((json_t *)all[p], name, declared) if (err == 0 && runfile_declared(run, cell, name) == declared) err =
			learn_declared(identity, run, cell, cells, name, declared);
	}
	return err;
}

/* A run of before parts declared anything: what no plan set is at its initial value. */
static int learn_unset(struct identity *identity, const struct runfile_cell *cell, const char *cells)
{
	int err = 0;

	for (size_t p = 0; p < cell->n_params && err == 0; p++) {
		const struct runfile_text *param = &cell->params[p];
		char *initial;

		if (param->set)
			continue;
		initial = identity_param(param->name, param->text);
		err = initial != NULL ? identity_put(identity, &(struct identity_pin){.cells = cells, .name = param->name, .initial = initial})
				      : -ENOMEM;
		free(initial);
	}
	return err;
}

struct seen {
	struct lookup lookup;
	char **cells; /* those that were learnt, each once */
	bool *declare;
	size_t n;
};

static bool is_seen(const void *context, size_t place)
{
	const char *const *wanted = context;

	return strcmp(((const struct seen *)wanted[1])->cells[place], wanted[0]) == 0;
}

/* Takes cells. */
static int learn_cell(struct identity *identity, const struct runfile *run, const struct runfile_cell *cell, struct seen *seen, char *cells)
{
	const char *wanted[] = {cells, (const char *)seen};
	uint64_t hash = lookup_text(0, cells);
	size_t place = lookup_find(&seen->lookup, hash, is_seen, wanted);
	int err = 0;

	if (place != LOOKUP_NONE) {
		if (!seen->declare[place])
			err = learn_unset(identity, cell, cells);
		free(cells);
		return err;
	}
	seen->cells[seen->n] = cells;
	err = lookup_add(&seen->lookup, hash, seen->n);
	if (err == 0)
		err = learn_parts(identity, run, cell, cells, &seen->declare[seen->n]);
	if (err == 0 && !seen->declare[seen->n])
		err = learn_unset(identity, cell, cells);
	seen->n++;
	return err;
}

int identity_learn(struct identity *identity, const struct runfile *run)
{
	struct seen seen = {.cells = calloc(run->n_cells + 1, sizeof(*seen.cells)), .declare = calloc(run->n_cells + 1, sizeof(*seen.declare))};
	int err = seen.cells != NULL && seen.declare != NULL ? 0 : -ENOMEM;

	for (size_t c = 0; c < run->n_cells && err == 0; c++) {
		char *cells = identity_cells(&run->cells[c]);

		err = cells != NULL ? learn_cell(identity, run, &run->cells[c], &seen, cells) : -ENOMEM;
	}
	for (size_t i = 0; i < seen.n; i++)
		free(seen.cells[i]);
	free(seen.cells);
	free(seen.declare);
	lookup_free(&seen.lookup);
	return err;
}

/* ---- which cell ------------------------------------------------------------------------------------------ */

/* "thrash=pin|throttle": whether that parameter is one of these, by a function that finds its text. */
static bool is_met(const char *when, const char *(*text_of_param)(const void *context, const char *name), const void *context)
{
	size_t len = strcspn(when, "=");
	const char *text = NULL, *value = when + len + (when[len] == '=');
	char name[64];
	bool met = false;

	if (len < sizeof(name)) {
		memcpy(name, when, len);
		name[len] = '\0';
		text = text_of_param(context, name);
	}
	while (text != NULL && !met && *value) {
		size_t n = strcspn(value, "|");

		met = n == strlen(text) && strncmp(value, text, n) == 0;
		value += n + (value[n] == '|');
	}
	return met;
}

static const char *param_of_cell(const void *context, const char *name)
{
	return runfile_param(context, name);
}

/*
 * By the run's own declaration, where that counts more than the value that was known before: a size in pages of the machine is the same cell on
 * another machine as long as no plan gave it in bytes; and where no initial value was known, or it is for tests only, this one is as good.
 */
static bool is_at_own(const json_t *declared, const struct identity_pin *pin, const struct runfile_text *param, const char *text)
{
	const char *word = text_of(declared, "word");
	char *initial = initial_of(param->name, declared);
	bool at = initial != NULL && strcmp(initial, text) == 0;
	bool same_word = word != NULL && pin->word != NULL && strcmp(word, pin->word) == 0;

	free(initial);
	return at && (pin->initial == NULL || json_is_true(json_object_get(declared, "test_only")) || (same_word && (!param->set || param->word)));
}

/* Both call it by one word, and mean another size: another machine. */
static bool is_elsewhere(const json_t *declared, const struct identity_pin *pin, const struct runfile_text *param)
{
	char *initial = pin->word != NULL && text_of(declared, "word") != NULL ? initial_of(param->name, declared) : NULL;
	bool elsewhere =
		initial != NULL && pin->initial != NULL && strcmp(initial, pin->initial) != 0 && strcmp(pin->word, text_of(declared, "word")) == 0;

	free(initial);
	return elsewhere;
}

/* Whether the parameter, "granule=4K", says nothing of which cell it is. */
static bool says_nothing(const struct identity_pin *pin, const struct runfile *run, const struct runfile_cell *cell, const struct runfile_text *param,
	const char *text)
{
	bool at_initial = pin != NULL && pin->initial != NULL && strcmp(pin->initial, text) == 0;
	const json_t *declared;

	if (pin == NULL || (at_initial && !pin->idle && pin->when == NULL && pin->word == NULL))
		return at_initial;
	declared = runfile_declared(run, cell, param->name);
	/* a run that declares it has it only where it acts */
	if (declared == NULL && (pin->idle || (pin->when != NULL && !is_met(pin->when, param_of_cell, cell))))
		return true;
	if (declared == NULL || (at_initial && !is_elsewhere(declared, pin, param)))
		return at_initial;
	return is_at_own(declared, pin, param, text);
}

char *identity_of(struct identity *identity, const struct runfile *run, const struct runfile_cell *cell)
{
	char **params = calloc(cell->n_params + 1, sizeof(*params)), *cells = identity_cells(cell), *text = NULL;
	size_t n = 0;

	for (size_t p = 0; params != NULL && cells != NULL && p < cell->n_params; p++) {
		const struct runfile_text *param = &cell->params[p];

		params[n] = identity_param(param->name, param->text);
		if (params[n] != NULL && says_nothing(find(identity, cells, param->name), run, cell, param, params[n]))
			free(params[n]);
		else
			n++;
	}
	if (params != NULL && cells != NULL)
		text = identity_join(cells, params, n);
	free(params);
	free(cells);
	return text;
}

/* ---- of a text ------------------------------------------------------------------------------------------- */

static const char *param_of_parts(const void *context, const char *name)
{
	const struct identity_parts *parts = context;
	size_t len = strlen(name);

	for (size_t p = 0; p < parts->n; p++)
		if (strncmp(parts->params[p], name, len) == 0 && parts->params[p][len] == '=')
			return parts->params[p] + len + 1;
	return NULL;
}

static bool says_nothing_in(struct identity *identity, const struct identity_parts *parts, const char *param)
{
	const struct identity_pin *pin;
	char *name = strndup(param, strcspn(param, "="));

	pin = name != NULL ? find(identity, parts->cells, name) : NULL;
	free(name);
	if (pin == NULL)
		return false;
	return pin->idle || (pin->when != NULL && !is_met(pin->when, param_of_parts, parts)) ||
	       (pin->initial != NULL && strcmp(pin->initial, param) == 0);
}

char *identity_of_text(struct identity *identity, const char *text)
{
	struct identity_parts parts;
	char **kept = NULL, *joined = NULL, *whole = NULL;
	size_t n = 0;

	if (identity_parts_make(text, &parts) || (kept = calloc(parts.n + 1, sizeof(*kept))) == NULL)
		goto out;
	for (size_t p = 0; p < parts.n; p++)
		if (!says_nothing_in(identity, &parts, parts.params[p]))
			kept[n++] = strdup(parts.params[p]);
	joined = identity_join(parts.cells, kept, n);
	if (joined != NULL && asprintf(&whole, "%s%s%s", joined, parts.twin != NULL ? "#" : "", parts.twin != NULL ? parts.twin : "") < 0)
		whole = NULL;
out:
	free(joined);
	free(kept);
	identity_parts_free(&parts);
	return whole;
}
