/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv.c - every round's values, steps, counters and noise, one per line, by RFC 4180: for spreadsheets, R and pandas.
 *
 * Each line can be understood on its own. A round that was not ok also has a line: without a value, with the reason.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "analysis/export/export.h"
#include "analysis/summary/format.h"
#include "base/text.h"

static const char header[] =
	"run,started,machine,clock,emulated,bench,kind,setup,device,params,cell,round,verdict,why,what,step,name,unit,better,value\r\n";

/* One round of one cell: the first fields of each of its lines. */
struct place {
	const struct runfile *run;
	const struct runfile_cell *cell;
	const char *params; /* of the cell */
	const struct runfile_round *round;
	const struct summary_row *rows; /* of the cell */
	size_t n_rows;
	FILE *out;
};

static void put_line(
	const struct place *place, const char *what, const char *step, const char *name, const char *unit, const char *better, const char *value)
{
	const struct runfile_cell *cell = place->cell;
	char id[24], round[24];
	const char *fields[] = {place->run->id, place->run->started, place->run->fingerprint, place->run->clock,
		runfile_cell_emulated(place->run, cell) ? "true" : "false", cell->bench, cell->kind, cell->setup, cell->device, place->params, id,
		round, verdict_names[place->round->verdict], place->round->why, what, step, name, unit, better, value};

	snprintf(id, sizeof(id), "%ld", cell->id);
	snprintf(round, sizeof(round), "%u", place->round->number);
	for (size_t i = 0; i < FS_ARRAY_SIZE(fields); i++) {
		if (i)
			fputc(',', place->out);
		/* the last field is our own number, which may be negative */
		if (i + 1 == FS_ARRAY_SIZE(fields))
			fputs(fields[i], place->out);
		else
			text_put(place->out, TEXT_CSV, fields[i]);
	}
	fputs("\r\n", place->out);
}

static void put_counts(const struct place *place, const char *step, const struct runfile_count *counts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char value[FORMAT_VALUE];

		format_exact(counts[i].value, value);
		put_line(place, "counter", step, counts[i].name, counts[i].unit, "", value);
	}
}

static int put_metrics(const struct place *place)
{
	int has = 0;

	for (size_t i = 0; i < place->n_rows && has >= 0; i++) {
		const struct summary_row *row = &place->rows[i];
		char text[FORMAT_VALUE];
		double value;

		has = summary_value(row, place->round, &value);
		if (has <= 0)
			continue;
		format_exact(value, text);
		put_line(place, "metric", "", row->metric, row->unit, better_names[row->better], text);
	}
	return has < 0 ? has : 0;
}

static int put_round(const struct place *place)
{
	const struct runfile_round *round = place->round;
	const char *unit = !clock_counts_instructions(place->run->clock) ? "ns" : "insn";
	char value[FORMAT_VALUE];
	int err;

	if (round->verdict != VERDICT_OK) {
		put_line(place, "", "", "", "", "", "");
		return 0;
	}
	err = put_metrics(place);
	for (size_t s = 0; s < round->n_steps; s++) {
		format_exact(round->steps[s].ns, value);
		put_line(place, "step", round->steps[s].name, "time", unit, "lower", value);
		put_counts(place, round->steps[s].name, round->steps[s].counts, round->steps[s].n_counts);
	}
	put_counts(place, "", round->counts, round->n_counts);
	for (size_t i = 0; i < round->n_noise; i++) {
		format_exact(round->noise[i].value, value);
		put_line(place, "noise", "", round->noise[i].name, "", "", value);
	}
	return err;
}

/* The rows of a cell are adjacent. */
static int put_run(FILE *out, const struct runfile *run, const struct summary *summary)
{
	char *params;
	int err = 0;

	for (size_t i = 0, n; i < summary->n && err == 0; i += n) {
		struct place place = {.run = run, .cell = summary->rows[i].cell, .rows = &summary->rows[i], .out = out};

		for (n = 1; i + n < summary->n && summary->rows[i + n].cell == place.cell;)
			n++;
		place.n_rows = n;
		place.params = params = format_params_whole(place.cell, true);
		err = params != NULL ? 0 : -ENOMEM;
		for (size_t r = 0; r < place.cell->n_rounds && err == 0; r++) {
			place.round = place.cell->rounds[r];
			err = put_round(&place);
		}
		free(params);
	}
	return err;
}

static int csv_write(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why)
{
	int err = 0;

	fputs(header, out);
	for (size_t i = 0; i < n && err == 0; i++)
		err = put_run(out, &runs[i], &summaries[i]);
	return err != 0 ? fs_because(why, err, "", "csv: out of memory") : 0;
}

const struct export_format export_csv = {
	.name = "csv",
	.summary = "a line for each value of each round, with its unit: spreadsheets, R, pandas",
	.several = true,
	.write = csv_write,
};
