/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tap.c - the cases of a run as TAP 14 (https://testanything.org/tap-version-14-specification.html).
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "analysis/conform/conform.h"
#include "base/text.h"

bool conform_is_case(const struct runfile_cell *cell)
{
	return strcmp(cell->kind, "case") == 0;
}

/* What the run record says of a case; "" where it does not. */
static const char *said(const struct runfile *run, const struct runfile_cell *cell, const char *member)
{
	const char *text = json_string_value(json_object_get(json_object_get(json_object_get(run->header, "benches"), cell->bench), member));

	return text != NULL ? text : "";
}

/* The round whose verdict is the cell's; NULL if there is none. */
static const struct runfile_round *worst_round(const struct runfile_cell *cell)
{
	const struct runfile_round *worst = NULL;

	for (size_t i = 0; i < cell->n_rounds; i++) {
		if (worst == NULL || cell->rounds[i]->verdict > worst->verdict)
			worst = cell->rounds[i];
	}
	return worst;
}

static bool holds(const struct runfile_round *round)
{
	return round != NULL && (round->verdict == VERDICT_OK || round->verdict == VERDICT_SKIP);
}

/* ---- the YAML block */

static void put_member(FILE *out, const char *name, const char *text)
{
	if (*text == '\0')
		return;
	fprintf(out, "  %s: ", name);
	text_put(out, TEXT_YAML, text);
	fputc('\n', out);
}

static void put_evidence(FILE *out, const struct runfile_round *round)
{
	if (round->n_evidence != 0)
		fputs("  evidence:\n", out);
	for (size_t i = 0; i < round->n_evidence; i++) {
		const struct runfile_evidence *evidence = &round->evidence[i];

		fputs("    - {what: ", out);
		text_put(out, TEXT_YAML, evidence->what);
		fprintf(out, ", seen: %.15g, relation: '%s', expected: %.15g, holds: %s}\n", evidence->seen, evidence->relation, evidence->expected,
			evidence->holds ? "true" : "false");
	}
}

static void put_block(FILE *out, const struct runfile *run, const struct runfile_cell *cell, const struct runfile_round *round)
{
	fputs("  ---\n", out);
	put_member(out, "promise", said(run, cell, "promise"));
	put_member(out, "verdict", round != NULL ? verdict_names[round->verdict] : "not visited");
	if (round != NULL) {
		put_member(out, "reason", round->why);
		put_member(out, "remedy", round->remedy);
		put_evidence(out, round);
	}
	fputs("  ...\n", out);
}

/* ---- the lines */

static void put_name(FILE *out, const struct runfile_cell *cell)
{
	size_t prefix = strncmp(cell->bench, FS_CASE, strlen(FS_CASE)) == 0 ? strlen(FS_CASE) : 0;

	text_put(out, TEXT_TAP, cell->bench + prefix);
	fputc(' ', out);
	text_put(out, TEXT_TAP, cell->setup);
	fputc(' ', out);
	text_put(out, TEXT_TAP, cell->device);
	for (size_t i = 0; i < cell->n_params; i++) {
		if (!cell->params[i].set)
			continue;
		fputc(' ', out);
		text_put(out, TEXT_TAP, cell->params[i].name);
		fputc('=', out);
		text_put(out, TEXT_TAP, cell->params[i].text);
	}
}

static void put_directive(FILE *out, const char *directive, const char *why)
{
	fprintf(out, " # %s ", directive);
	text_put(out, TEXT_TAP, why);
}

static void put_case(FILE *out, const struct runfile *run, const struct runfile_cell *cell, size_t number)
{
	const struct runfile_round *round = worst_round(cell);
	const char *expected = said(run, cell, "expected_failure");

	fprintf(out, "%s %zu - ", holds(round) ? "ok" : "not ok", number);
	put_name(out, cell);
	if (round != NULL && round->verdict == VERDICT_SKIP)
		put_directive(out, "SKIP", round->why);
	else if (*expected != '\0')
		put_directive(out, "TODO", expected);
	fputc('\n', out);
	put_block(out, run, cell, round);
}

void conform_tap(const struct runfile *run, FILE *out)
{
	size_t n = 0, number = 0;

	for (size_t i = 0; i < run->n_cells; i++)
		n += conform_is_case(&run->cells[i]);
	fprintf(out, "TAP version 14\n1..%zu\n", n);
	for (size_t i = 0; i < run->n_cells; i++) {
		if (conform_is_case(&run->cells[i]))
			put_case(out, run, &run->cells[i], ++number);
	}
}

enum exit_status conform_status(const struct runfile *run)
{
	bool failed = false, skipped = true;

	for (size_t i = 0; i < run->n_cells; i++) {
		const struct runfile_cell *cell = &run->cells[i];
		const struct runfile_round *round = worst_round(cell);

		if (!conform_is_case(cell))
			continue;
		skipped = skipped && round != NULL && round->verdict == VERDICT_SKIP;
		/* A failure that is expected is one of the promise: a crash or a case without a round is none. */
		failed = failed || round == NULL ||
			 (!holds(round) && (*said(run, cell, "expected_failure") == '\0' || round->verdict == VERDICT_CRASH ||
						   round->verdict == VERDICT_TIMEOUT));
	}
	return failed ? EXIT_BAD_DATA : skipped ? EXIT_ALL_SKIPPED : EXIT_FINE;
}
