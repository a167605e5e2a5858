/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matrix.c - what runs where, as tables in Markdown: for each device, benchmarks and programs by setups. A field says ok, or the verdict and the
 * number of its reason, which is written below with its remedy. A field that stands for several cells, which differ in parameters, says of how many
 * it is true.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/export/export.h"
#include "base/array.h"
#include "base/lookup.h"

/* Texts, each once, in the order in which they were first met. */
struct names {
	const char **texts;
	size_t n;
	struct lookup lookup;
};

/* What became of a cell. The larger the worse; worse than NOT_VISITED are the verdicts, by their own order. */
enum { RAN = -1, NOT_VISITED };

/* The field of a benchmark under a setup on a device, of whichever runs. */
struct field {
	size_t device, bench, setup; /* in the names */
	size_t cells, ok;
	int rank; /* of the worst cell */
	const char *why, *remedy;
};

struct matrix {
	struct names devices, benches, setups, reasons;
	const char **remedies; /* of the reasons */
	bool *emulated;	       /* of the devices */
	struct field *fields;
	size_t n;
	struct lookup lookup; /* of the fields */
};

/* ---- collecting */

struct wanted_name {
	const struct names *names;
	const char *text;
};

static bool is_name(const void *context, size_t place)
{
	const struct wanted_name *wanted = context;

	return strcmp(wanted->names->texts[place], wanted->text) == 0;
}

/* The place of a text, which is added if it is new; negative without memory. */
static long names_add(struct names *names, const char *text)
{
	const struct wanted_name wanted = {names, text};
	uint64_t hash = lookup_text(0, text);
	size_t place = lookup_find(&names->lookup, hash, is_name, &wanted);
	int err = 0;

	if (place != LOOKUP_NONE)
		return (long)place;
	err = ARRAY_ADD(names->texts, names->n, ARRAY_MANY, "names", NULL);
	if (err == 0)
		err = lookup_add(&names->lookup, hash, names->n);
	if (err < 0)
		return err;
	names->texts[names->n] = text;
	return (long)names->n++;
}

static void names_free(struct names *names)
{
	free(names->texts);
	lookup_free(&names->lookup);
}

static uint64_t field_hash(size_t device, size_t bench, size_t setup)
{
	return lookup_number(lookup_number(lookup_number(device) + bench) + setup);
}

struct wanted_field {
	const struct matrix *matrix;
	size_t device, bench, setup;
};

static bool is_field(const void *context, size_t place)
{
	const struct wanted_field *wanted = context;
	const struct field *field = &wanted->matrix->fields[place];

	return field->device == wanted->device && field->bench == wanted->bench && field->setup == wanted->setup;
}

static struct field *field_find(struct matrix *matrix, size_t device, size_t bench, size_t setup)
{
	const struct wanted_field wanted = {matrix, device, bench, setup};
	size_t place = lookup_find(&matrix->lookup, field_hash(device, bench, setup), is_field, &wanted);

	return place != LOOKUP_NONE ? &matrix->fields[place] : NULL;
}

/* NULL without memory. */
static struct field *field_add(struct matrix *matrix, size_t device, size_t bench, size_t setup)
{
	struct field *field = field_find(matrix, device, bench, setup);

	if (field != NULL)
		return field;
	if (ARRAY_ADD(matrix->fields, matrix->n, ARRAY_MANY, "fields", NULL) != 0 ||
		lookup_add(&matrix->lookup, field_hash(device, bench, setup), matrix->n) != 0)
		return NULL;
	field = &matrix->fields[matrix->n++];
	*field = (struct field){.device = device, .bench = bench, .setup = setup, .rank = RAN};
	return field;
}

/* A device is new with its first cell: so is what is known of it. */
static long device_add(struct matrix *matrix, const struct summary_row *row)
{
	size_t before = matrix->devices.n;
	long device = names_add(&matrix->devices, row->cell->device);

	if (device < 0 || (size_t)device < before)
		return device;
	if (ARRAY_ADD(matrix->emulated, before, ARRAY_MANY, "devices", NULL) != 0)
		return -ENOMEM;
	matrix->emulated[device] = runfile_cell_emulated(row->run, row->cell);
	return device;
}

static int rank_of(const struct summary_row *row)
{
	if (!row->visited)
		return NOT_VISITED;
	return row->verdict == VERDICT_OK ? RAN : (int)row->verdict;
}

static int add_cell(struct matrix *matrix, const struct summary_row *row)
{
	long device = device_add(matrix, row), bench = names_add(&matrix->benches, row->cell->bench);
	long setup = names_add(&matrix->setups, row->cell->setup);
	int rank = rank_of(row);
	struct field *field = device < 0 || bench < 0 || setup < 0 ? NULL : field_add(matrix, (size_t)device, (size_t)bench, (size_t)setup);

	if (field == NULL)
		return -ENOMEM;
	field->cells++;
	field->ok += rank == RAN;
	if (rank > field->rank) {
		field->rank = rank;
		field->why = row->visited ? row->why : "not visited";
		field->remedy = row->visited ? row->remedy : "fivestep run --resume";
	}
	return 0;
}

/* ---- writing */

/* "ok", "skip 3", "ok 2 of 4, invalid 1"; the number of a reason is that of the list below. */
static int put_field(FILE *out, struct matrix *matrix, const struct field *field)
{
	size_t known = matrix->reasons.n;
	long reason;

	fputs(" | ", out);
	if (field == NULL)
		return 0;
	if (field->ok != 0)
		fputs("ok", out);
	if (field->ok != 0 && field->ok < field->cells)
		fprintf(out, " %zu of %zu", field->ok, field->cells);
	if (field->ok == field->cells)
		return 0;
	reason = names_add(&matrix->reasons, field->why);
	if (reason < 0)
		return (int)reason;
	if ((size_t)reason == known) {
		if (ARRAY_ADD(matrix->remedies, known, ARRAY_MANY, "reasons", NULL) != 0)
			return -ENOMEM;
		matrix->remedies[reason] = field->remedy;
	}
	fprintf(out, "%s%s %ld", field->ok != 0 ? ", " : "", field->rank == NOT_VISITED ? "not run" : verdict_names[field->rank], reason + 1);
	return 0;
}

static bool has_setup(struct matrix *matrix, size_t device, size_t setup)
{
	bool has = false;

	for (size_t bench = 0; bench < matrix->benches.n && !has; bench++)
		has = field_find(matrix, device, bench, setup) != NULL;
	return has;
}

static bool has_bench(struct matrix *matrix, size_t device, size_t bench)
{
	bool has = false;

	for (size_t setup = 0; setup < matrix->setups.n && !has; setup++)
		has = field_find(matrix, device, bench, setup) != NULL;
	return has;
}

static int put_device(FILE *out, struct matrix *matrix, size_t device)
{
	int err = 0;

	fputs(device != 0 ? "\n### " : "### ", out);
	text_put(out, TEXT_MARKDOWN, strcmp(matrix->devices.texts[device], "-") != 0 ? matrix->devices.texts[device] : "the host alone");
	fputs(matrix->emulated[device] ? " (emulated)\n\n|" : "\n\n|", out);
	for (size_t setup = 0; setup < matrix->setups.n; setup++) {
		if (!has_setup(matrix, device, setup))
			continue;
		fputs(" | ", out);
		text_put(out, TEXT_MARKDOWN, strcmp(matrix->setups.texts[setup], "-") != 0 ? matrix->setups.texts[setup] : "no setup");
	}
	fputs(" |\n|---", out);
	for (size_t setup = 0; setup < matrix->setups.n; setup++)
		fputs(has_setup(matrix, device, setup) ? "|---" : "", out);
	fputs("|\n", out);
	for (size_t bench = 0; bench < matrix->benches.n && err == 0; bench++) {
		if (!has_bench(matrix, device, bench))
			continue;
		fputs("| ", out);
		text_put(out, TEXT_MARKDOWN, matrix->benches.texts[bench]);
		for (size_t setup = 0; setup < matrix->setups.n && err == 0; setup++) {
			if (has_setup(matrix, device, setup))
				err = put_field(out, matrix, field_find(matrix, device, bench, setup));
		}
		fputs(" |\n", out);
	}
	return err;
}

static void put_reasons(FILE *out, const struct matrix *matrix)
{
	if (matrix->reasons.n != 0)
		fputs("\n### Reasons\n\n", out);
	for (size_t i = 0; i < matrix->reasons.n; i++) {
		fprintf(out, "%zu. ", i + 1);
		text_put(out, TEXT_MARKDOWN, matrix->reasons.texts[i]);
		if (matrix->remedies[i][0] != '\0')
			fputs(" -> ", out);
		text_put(out, TEXT_MARKDOWN, matrix->remedies[i]);
		fputc('\n', out);
	}
}

static int matrix_write(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why)
{
	struct matrix matrix = {0};
	int err = 0;

	(void)runs;
	for (size_t i = 0; i < n; i++) {
		for (size_t r = 0; r < summaries[i].n && err == 0; r = summary_next_cell(&summaries[i], r))
			err = add_cell(&matrix, &summaries[i].rows[r]);
	}
	for (size_t device = 0; device < matrix.devices.n && err == 0; device++)
		err = put_device(out, &matrix, device);
	if (err == 0)
		put_reasons(out, &matrix);
	names_free(&matrix.devices);
	names_free(&matrix.benches);
	names_free(&matrix.setups);
	names_free(&matrix.reasons);
	lookup_free(&matrix.lookup);
	free(matrix.remedies);
	free(matrix.emulated);
	free(matrix.fields);
	return err != 0 ? fs_because(why, err, "", "matrix: out of memory") : 0;
}

const struct export_format export_matrix = {
	.name = "matrix",
	.summary = "what runs where: a Markdown table for each device, with the reasons of what does not",
	.several = true,
	.write = matrix_write,
};
