/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan_run.c - a `run` line of a plan: the cells of its cross product, and errors for unknown names.
 */
#include "config.h"

#include "harness/plan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "harness/plan/catalog.h"
#include "harness/plan/inputs.h"
#include "harness/plan/lies.h"
#include "harness/plan/refuse.h"
#include "base/names.h"

#define WORDS_MAX 64 /* limit per line */

/* A parameter of a line, with its values. */
struct axis {
	const char *name, *text;
	bool used;		     /* by some cell of the line */
	const struct fs_param *idle; /* some cell's part declares it, but it does not act in that cell */
	unsigned idle_under;	     /* FS_UNDER() of the memory of all such cells */
};

/* For a line that names no device; compared by address, because device=* in a plan counts as naming all of them. */
static const char EVERY_DEVICE[] = "*";

/* A parsed `run` line. */
struct request {
	const char *names[WORDS_MAX];
	bool name_used[WORDS_MAX];
	unsigned nnames;
	const char *setups, *devices;
	struct axis axes[WORDS_MAX];
	unsigned naxes;
};

/* ---- no cell twice */

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (const char *c = text; *c != '\0'; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
	return hash;
}

/* The slot of the text's cell, or a free one. The table is never full. */
static size_t find_slot(const struct plan *plan, const char *text, uint64_t hash)
{
	size_t at = hash & (plan->room_seen - 1);
	char other[CELL_TEXT];

	while (plan->seen[at].place != 0) {
		if (plan->seen[at].hash == hash) {
			cell_text(&plan->cells[plan->seen[at].place - 1], other);
			if (strcmp(text, other) == 0)
				break;
		}
		at = (at + 1) & (plan->room_seen - 1);
	}
	return at;
}

/* Rebuilds the table, at most half full after one more cell. */
static int index_cells(struct plan *plan)
{
	size_t room = 128;
	char text[CELL_TEXT];

	while (room < 2 * ((size_t)plan->ncells + 1))
		room *= 2;
	free(plan->seen);
	plan->seen = calloc(room, sizeof(*plan->seen));
	plan->room_seen = plan->seen != NULL ? room : 0;
	plan->nseen = plan->ncells;
	if (plan->seen == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < plan->ncells; i++) {
		uint64_t hash;

		cell_text(&plan->cells[i], text);
		hash = hash_of(text);
		plan->seen[find_slot(plan, text, hash)] = (struct plan_seen){.hash = hash, .place = i + 1};
	}
	return 0;
}

static int push(struct plan *plan, const struct cell *cell, struct fs_reason *why)
{
	char text[CELL_TEXT];
	uint64_t hash;
	size_t slot;
	int err;

	/* cells may have been removed elsewhere */
	if ((plan->nseen != plan->ncells || plan->room_seen < 2 * ((size_t)plan->ncells + 1)) && index_cells(plan) != 0)
		return fs_because(why, -ENOMEM, "", "out of memory for %u cells", plan->ncells);
	/* A round's process reads its cell from this text. */
	if (!cell_text(cell, text))
		return fs_because(why, -E2BIG, "set fewer parameters, or shorter names",
			"a cell of %s takes more than %d bytes with all of its parameters", cell->name, CELL_TEXT - 1);
	hash = hash_of(text);
	slot = find_slot(plan, text, hash);
	if (plan->seen[slot].place != 0)
		return 0;
	err = ARRAY_ADD(plan->cells, plan->ncells, PLAN_CELLS_MAX, "cells in a plan", why);
	if (err != 0)
		return err;
	plan->cells[plan->ncells] = *cell;
	plan->cells[plan->ncells].id = plan->ncells;
	plan->ncells++;
	plan->nseen++;
	plan->seen[slot] = (struct plan_seen){.hash = hash, .place = plan->ncells};
	return 0;
}

/* ---- cross products */

/* Adds the cell with the parameters that act in it; notes for each parameter of the line whether it does. */
static int push_acting(struct plan *plan, struct request *request, const struct cell *cell, struct fs_reason *why)
{
	struct cell acting = *cell;

	int err = 0;

	args_drop_idle(&acting.args);
	for (unsigned i = 0; i < request->naxes; i++) {
		struct axis *axis = &request->axes[i];

		if (args_get(&acting.args, axis->name) != NULL)
			axis->used = true;
		else if (axis->idle == NULL)
			axis->idle = cell_declared(cell, axis->name);
		axis->idle_under |= cell_memory(cell);
	}
	err = inputs_admit(&acting, why);
	return err != 0 ? err : push(plan, &acting, why);
}

/* Iterates over the values of the axes from the i-th on. */
static int cross(struct plan *plan, struct request *request, unsigned i, struct cell *cell, struct fs_reason *why)
{
	struct fs_arg *values, *arg;
	int n, err = 0;

	if (i == request->naxes)
		return push_acting(plan, request, cell, why);
	arg = args_find(&cell->args, request->axes[i].name);
	if (arg == NULL)
		return cross(plan, request, i + 1, cell, why);
	values = malloc(SWEEP_MAX * sizeof(*values));
	if (values == NULL)
		return fs_no_memory(why);
	n = param_sweep(arg->param, request->axes[i].text, values, why);
	for (int v = 0; v < n && err == 0; v++) {
		*arg = values[v];
		err = cross(plan, request, i + 1, cell, why);
	}
	free(values);
	return n < 0 ? n : err;
}

/* Only cells with a lie have that parameter, so that all others keep their identity. */
static bool names_lie(const struct request *request)
{
	bool named = false;

	for (unsigned i = 0; i < request->naxes; i++)
		named = named || lie_is_param(request->axes[i].name);
	return named;
}

static int add_cell(struct plan *plan, struct request *request, struct cell *cell, struct fs_reason *why)
{
	int err = cell_declare_args(cell);

	if (err == 0 && names_lie(request))
		err = args_declare(&cell->args, lie_params, cell_memory(cell));
	if (err != 0)
		return fs_because(why, err, "", "%s declares an invalid parameter, or more than %d", cell->name, ARGS_MAX);
	return cross(plan, request, 0, cell, why);
}

/* The offers that the benchmark needs and the setup lacks; 0 if they are compatible. */
static unsigned lacking(const struct cell *cell)
{
	return cell_needs(cell) & ~cell->setup->offers;
}

static void skip_for_offer(struct cell *cell)
{
	for (unsigned bit = 0; bit < FS_OFFERS; bit++) {
		if ((lacking(cell) >> bit & 1) == 0)
			continue;
		cell->skipped = true;
		fs_because(&cell->skip, 0, "fivestep list setups shows what each setup offers", "%s needs %s, which %s does not offer", cell->name,
			fs_offer_names[bit], cell->setup->name);
		return;
	}
}

/* A setup that the device supports on no machine is left out, unless the user named both. */
static bool is_meant(const struct cell *cell, enum names_match setup_match)
{
	return setup_match == NAMES_EXACT || cell->device->can == 0 || (cell->setup->needs & ~cell->device->can) == 0;
}

static int add_devices(struct plan *plan, struct request *request, struct cell *base, enum names_match setup_match, struct fs_reason *why)
{
	const struct fs_device *device;
	int err = 0;

	for (unsigned i = 0; err == 0 && (device = catalog_device(i)) != NULL; i++) {
		enum names_match match = names_match(request->devices, device->name);
		struct cell cell = *base;

		if (match == NAMES_NO || (device->hidden && match != NAMES_EXACT))
			continue;
		cell.device = device;
		cell.device_named = request->devices != EVERY_DEVICE;
		if (!is_meant(&cell, setup_match))
			continue;
		err = add_cell(plan, request, &cell, why);
	}
	return err;
}

static int add_setups(struct plan *plan, struct request *request, struct cell *base, struct fs_reason *why)
{
	const struct fs_setup *setup;
	int err = 0;

	for (unsigned i = 0; err == 0 && (setup = catalog_setup(i)) != NULL; i++) {
		enum names_match match = names_match(request->setups, setup->name);
		struct cell cell = *base;

		if (match == NAMES_NO)
			continue;
		cell.setup = setup;
		if (lacking(&cell) != 0) {
			if (match == NAMES_BY_GLOB)
				continue;
			skip_for_offer(&cell);
		}
		err = add_devices(plan, request, &cell, match, why);
	}
	return err;
}

static int add_named(struct plan *plan, struct request *request, struct cell *cell, struct fs_reason *why)
{
	if (cell->bench == NULL || !cell->bench->host_only)
		return add_setups(plan, request, cell, why);
	return add_cell(plan, request, cell, why);
}

/* Benchmarks and cases of conformance are declared alike. */
static int add_benches(struct plan *plan, struct request *request, unsigned n, const struct fs_bench *(*catalog)(unsigned), struct fs_reason *why)
{
	const struct fs_bench *bench;
	int err = 0;

	for (unsigned i = 0; err == 0 && (bench = catalog(i)) != NULL; i++) {
		struct cell cell = {.name = bench->name, .bench = bench};

		if (names_match(request->names[n], bench->name) == NAMES_NO)
			continue;
		request->name_used[n] = true;
		err = add_named(plan, request, &cell, why);
	}
	return err;
}

static int add_name(struct plan *plan, struct request *request, unsigned n, struct fs_reason *why)
{
	const struct fs_kernel *kernel;
	int err;

	if (strncmp(request->names[n], FS_CASE, strlen(FS_CASE)) == 0)
		return add_benches(plan, request, n, catalog_case, why);
	err = add_benches(plan, request, n, catalog_bench, why);
	for (unsigned i = 0; err == 0 && (kernel = catalog_kernel(i)) != NULL; i++) {
		struct cell cell = {.name = kernel->name, .kernel = kernel};

		if (names_match(request->names[n], kernel->name) == NAMES_NO)
			continue;
		request->name_used[n] = true;
		err = add_named(plan, request, &cell, why);
	}
	return err;
}

static const char *setup_name(unsigned i)
{
	const struct fs_setup *setup = catalog_setup(i);

	return setup != NULL ? setup->name : NULL;
}

static const char *device_name(unsigned i)
{
	const struct fs_device *device = catalog_device(i);

	return device != NULL ? device->name : NULL;
}

static bool names_something(const char *item, const char *(*name)(unsigned i))
{
	for (unsigned i = 0; name(i) != NULL; i++)
		if (names_match(item, name(i)) != NAMES_NO)
			return true;
	return false;
}

/* A list such as "copy,hmn": each item must match something, so that a misspelt one is not ignored. */
static int check_items(const char *list, const char *(*name)(unsigned i), int (*refuse_item)(const char *, struct fs_reason *), struct fs_reason *why)
{
	for (const char *p = list; *p != '\0'; p += strcspn(p, ",")) {
		char item[64];

		p += *p == ',';
		snprintf(item, sizeof(item), "%.*s", (int)strcspn(p, ","), p);
		/* No name is as long; a truncated one could match another name. */
		if (strcspn(p, ",") >= sizeof(item) || !names_something(item, name))
			return refuse_item(item, why);
	}
	return 0;
}

static int check_lists(const struct request *request, struct fs_reason *why)
{
	int err = check_items(request->setups, setup_name, refuse_setup, why);

	return err != 0 ? err : check_items(request->devices, device_name, refuse_device, why);
}

static int request_parse(struct request *request, char *line, struct fs_reason *why)
{
	char *save;

	memset(request, 0, sizeof(*request));
	request->setups = "*";
	request->devices = EVERY_DEVICE;
	for (char *word = strtok_r(line, PLAN_BLANKS, &save); word != NULL; word = strtok_r(NULL, PLAN_BLANKS, &save)) {
		char *value = strchr(word, '=');

		if (request->nnames == WORDS_MAX || request->naxes == WORDS_MAX)
			return fs_because(why, -EINVAL, "split the line", "more than %d words on a line", WORDS_MAX);
		if (value == NULL) {
			request->names[request->nnames++] = word;
			continue;
		}
		*value++ = '\0';
		if (*word == '\0' || *value == '\0')
			return fs_because(why, -EINVAL, "write KEY=VALUE without blanks", "a key or a value is missing at %s=%s", word, value);
		if (strcmp(word, "setup") == 0)
			request->setups = value;
		else if (strcmp(word, "device") == 0)
			request->devices = value;
		else
			request->axes[request->naxes++] = (struct axis){.name = word, .text = value};
	}
	if (request->nnames == 0)
		return fs_because(why, -EINVAL, "write: run NAME... [setup=...] [device=...] [PARAMETER=SWEEP]...", "no benchmark or kernel named");
	return 0;
}

static int request_expand(struct plan *plan, struct request *request, struct fs_reason *why)
{
	int err = check_lists(request, why);

	for (unsigned n = 0; n < request->nnames && err == 0; n++) {
		err = add_name(plan, request, n, why);
		if (err == 0 && !request->name_used[n])
			err = refuse_name(request->names[n], why);
	}
	for (unsigned i = 0; i < request->naxes && err == 0; i++) {
		const struct axis *axis = &request->axes[i];

		if (!axis->used)
			err = axis->idle != NULL ? refuse_idle(axis->idle, axis->idle_under, why)
						 : refuse_param(request->names, request->nnames, axis->name, why);
	}
	return err;
}

int plan_add(struct plan *plan, const char *line, struct fs_reason *why)
{
	struct request request;
	char *copy = strdup(line);
	unsigned before = plan->ncells;
	int err;

	if (copy == NULL)
		return fs_no_memory(why);
	err = request_parse(&request, copy, why);
	if (err == 0)
		err = request_expand(plan, &request, why);
	if (err != 0)
		plan->ncells = before;
	free(copy);
	return err;
}
