/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * brief.c - a run in one screen; see brief.h. The rows are in brief_rows.c.
 */
#include "config.h"

#include "analysis/brief/brief.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/brief/brief_rows.h"
#include "analysis/summary/format.h"
#include "analysis/summary/show_end.h"
#include "analysis/summary/skips.h"
#include "base/duration.h"
#include "base/terminal.h"
#include "base/text.h"

#define REASONS_SHOWN 3
#define BAD_SHOWN     5
#define DOUBTS_SHOWN  5
#define DROPPED_SHOWN 1
#define INDENT	      9 /* of the lines under a word */

/* A line or two of words: "skipped  8 cells: ...". */
static void say(const struct brief *brief, const char *fmt, ...) FS_PRINTF(2, 3);
static void say(const struct brief *brief, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) >= 0)
		terminal_wrap(brief->out, text, brief->columns, INDENT);
	va_end(ap);
	free(text);
}

/* ---- what was measured, where ---------------------------------------------------------------------------- */

/* The time that all rounds took: a run that was resumed has pauses, which are not measured. */
static double rounds_s(const struct runfile *run)
{
	double ms = 0.0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			ms += run->cells[c].rounds[r]->wall_ms;
	return ms / 1000.0;
}

static bool is_emulated(const struct runfile *run)
{
	for (size_t c = 0; c < run->n_cells; c++)
		if (runfile_cell_emulated(run, &run->cells[c]))
			return true;
	return false;
}

static void say_headline(const struct brief *brief)
{
	const struct runfile *run = brief->run;
	char took[DURATION_TEXT], cpu[FORMAT_CPU];

	format_cpu(run, cpu);
	duration_put(rounds_s(run), took);
	say(brief, "%s: %zu cell%s, %zu round%s in %s on %s%s%s", *run->plan ? run->plan : "run", run->n_cells, TEXT_S(run->n_cells), run->n_rounds,
		TEXT_S(run->n_rounds), took, *cpu ? cpu : "a machine without a name",
		clock_counts_instructions(run->clock) ? ", in instructions" : "",
		run->emulated	   ? ", on an emulated machine"
		: is_emulated(run) ? ", with an emulated device"
				   : "");
}

/* ---- what is bad, skipped, not precise -------------------------------------------------------------------- */

static void say_bad(const struct brief *brief)
{
	size_t bad = 0;

	for (size_t i = 0; i < brief->summary->n; i = summary_next_cell(brief->summary, i)) {
		const struct summary_row *row = &brief->summary->rows[i];
		struct text cell = {0};

		if (row->verdict <= VERDICT_SKIP || bad++ >= BAD_SHOWN)
			continue;
		format_cell(row->cell, &cell);
		say(brief, "%-8s %s: %zu of %zu rounds: %s%s%s", verdict_names[row->verdict], text_string(&cell), row->verdicts[row->verdict],
			summary_rounds(row), row->why, *row->remedy != '\0' ? " -> " : "", row->remedy);
		text_clear(&cell);
	}
	if (bad > BAD_SHOWN)
		say(brief, "%-8s and %zu more cell%s", "", bad - BAD_SHOWN, TEXT_S(bad - BAD_SHOWN));
}

static int say_skips(const struct brief *brief)
{
	struct skips skips;
	size_t cells = 0;
	int err = skips_find(brief->summary, 1, &skips);

	for (size_t i = 0; i < skips.n && err == 0; i++) {
		const struct skip_reason *reason = &skips.list[i];

		if (i < REASONS_SHOWN)
			say(brief, "skipped  %zu cell%s: %s%s%s", reason->cells, reason->cells > 1 ? "s" : "",
				*reason->row->why ? reason->row->why : "no reason recorded", *reason->row->remedy ? " -> " : "", reason->row->remedy);
		else
			cells += reason->cells;
	}
	if (cells)
		say(brief, "skipped  %zu more cell%s for %zu more reason%s", cells, TEXT_S(cells), skips.n - REASONS_SHOWN,
			TEXT_S(skips.n - REASONS_SHOWN));
	skips_free(&skips);
	return err;
}

/* What a cell's figures are to be read with: counters that contradict each other, clocks that were held down. */
static void say_doubts(const struct brief *brief)
{
	size_t doubts = 0;

	for (size_t i = 0; i < brief->summary->n; i = summary_next_cell(brief->summary, i)) {
		const struct summary_row *row = &brief->summary->rows[i];
		struct text cell = {0};

		format_cell(row->cell, &cell);
		if (row->disagreement != NULL && doubts++ < DOUBTS_SHOWN)
			say(brief, "doubt    %s: %s", text_string(&cell), row->disagreement);
		if (row->throttled && doubts++ < DOUBTS_SHOWN)
			say(brief, "doubt    %s: clocks throttled in %zu of %zu rounds", text_string(&cell), row->throttled, summary_rounds(row));
		text_clear(&cell);
	}
	if (doubts > DOUBTS_SHOWN)
		say(brief, "doubt    and %zu more", doubts - DOUBTS_SHOWN);
}

/* What is said after the full table, in lines that fit: samples that were dropped, cells that are not precise. */
static int say_end(const struct brief *brief, void (*show)(const struct summary *summaries, size_t n, FILE *out))
{
	char *text = NULL, *line, *rest;
	size_t bytes = 0;
	FILE *memory = open_memstream(&text, &bytes);

	if (memory == NULL)
		return -ENOMEM;
	show(brief->summary, 1, memory);
	if (fclose(memory)) {
		free(text);
		return -ENOMEM;
	}
	for (line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		terminal_wrap_line(brief->out, line, brief->columns);
	free(text);
	return 0;
}

static void show_few_dropped(const struct summary *summaries, size_t n, FILE *out)
{
	show_dropped(summaries, n, DROPPED_SHOWN, out);
}

static void say_rest(const struct brief *brief, const char *file)
{
	char *path = text_visible(file, false);

	if (path != NULL)
		say(brief, "all      fivestep show --table %s; a page: fivestep report %s -o DIR", path, path);
	free(path);
}

int brief_show(const struct summary *summary, const char *path, unsigned columns, FILE *out)
{
	struct brief brief = {.run = summary->n ? summary->rows[0].run : NULL, .summary = summary, .columns = columns, .out = out};
	int err;

	if (brief.run == NULL)
		return 0;
	say_headline(&brief);
	err = brief_show_rows(&brief);
	say_bad(&brief);
	if (err == 0)
		err = say_skips(&brief);
	say_doubts(&brief);
	if (err == 0)
		err = say_end(&brief, show_few_dropped);
	if (err == 0)
		err = say_end(&brief, show_unreached);
	if (path != NULL)
		say_rest(&brief, path);
	if (err == 0 && fflush(out))
		err = -errno;
	return err;
}
