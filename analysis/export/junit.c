/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * junit.c - JUnit's XML: a suite per run, a test case per cell, so that any CI shows what was skipped or failed, and why.
 *
 * A cell with wrong data or evidence is a failure, one that crashed or timed out is an error, one that cannot run here is skipped.
 * The numbers are its output.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "analysis/export/export.h"
#include "analysis/summary/format.h"
#include "base/text.h"

static void put_xml(FILE *out, const char *text)
{
	text_put(out, TEXT_HTML, text);
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	put_xml(out, text);
	fputc('"', out);
}

static void put_property(FILE *out, const char *name, const char *text)
{
	fputs("   <property", out);
	put_attribute(out, "name", name);
	put_attribute(out, "value", text);
	fputs("/>\n", out);
}

/* The outcome of a cell for a CI. */
enum outcome { PASSED, SKIPPED, FAILED, BROKE, OUTCOMES };

static enum outcome outcome_of(const struct runfile_cell *cell)
{
	static const enum outcome outcomes[VERDICTS] = {[VERDICT_OK] = PASSED,
		[VERDICT_SKIP] = SKIPPED,
		[VERDICT_INVALID] = FAILED,
		[VERDICT_TIMEOUT] = BROKE,
		[VERDICT_CRASH] = BROKE,
		[VERDICT_FAIL] = FAILED};
	enum verdict verdict;

	return runfile_cell_verdict(cell, &verdict) ? outcomes[verdict] : SKIPPED;
}

static double seconds_of(const struct runfile_cell *cell)
{
	double ms = 0.0;

	for (size_t r = 0; r < cell->n_rounds; r++)
		ms += cell->rounds[r]->wall_ms;
	return ms / 1000.0;
}

static void put_outcome(FILE *out, const struct summary_row *row)
{
	static const char *const elements[] = {[SKIPPED] = "skipped", [FAILED] = "failure", [BROKE] = "error"};
	enum outcome outcome = outcome_of(row->cell);

	if (outcome == PASSED)
		return;
	fprintf(out, "   <%s", elements[outcome]);
	put_attribute(out, "message", row->visited ? row->why : "not visited");
	if (outcome != SKIPPED)
		put_attribute(out, "type", verdict_names[row->verdict]);
	fputc('>', out);
	put_xml(out, row->remedy);
	fprintf(out, "</%s>\n", elements[outcome]);
}

/* Writes the rows of one cell, which are adjacent. Returns their number. */
static size_t put_case(FILE *out, const struct cell_keys *keys, const struct summary *summary, size_t first)
{
	const struct summary_row *row = &summary->rows[first];
	const char *key = cell_key(keys, row->cell);
	size_t n = 0;

	fputs("  <testcase", out);
	put_attribute(out, "classname", row->cell->bench);
	put_attribute(out, "name", key + strlen(row->cell->bench) + 1);
	fprintf(out, " time=\"%.3f\">\n", seconds_of(row->cell));
	put_outcome(out, row);
	fputs(runfile_cell_emulated(row->run, row->cell) ? "   <system-out>emulated&#10;" : "   <system-out>", out);
	for (; first + n < summary->n && row[n].cell == row->cell; n++) {
		char median[FORMAT_VALUE], range[FORMAT_VALUE], line[2 * FORMAT_VALUE + 32];

		if (!row[n].n_values)
			continue;
		format_interval(&row[n].interval, row[n].unit, median, range);
		put_xml(out, row[n].metric);
		snprintf(line, sizeof(line), " %s %s %zu rounds\n", median, range, row[n].n_values);
		put_xml(out, line);
	}
	fputs("</system-out>\n  </testcase>\n", out);
	return n;
}

static void put_counts(FILE *out, const size_t counts[OUTCOMES], double seconds)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\"",
		counts[PASSED] + counts[SKIPPED] + counts[FAILED] + counts[BROKE], counts[FAILED], counts[BROKE], counts[SKIPPED], seconds);
}

static double count(const struct runfile *run, size_t counts[OUTCOMES])
{
	double seconds = 0.0;

	for (size_t c = 0; c < run->n_cells; c++) {
		counts[outcome_of(&run->cells[c])]++;
		seconds += seconds_of(&run->cells[c]);
	}
	return seconds;
}

/* 2026-01-02T03:04:05 */
static bool is_time(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00";
	size_t i = 0;

	while (form[i] && (form[i] == '0' ? isdigit((unsigned char)text[i]) != 0 : text[i] == form[i]))
		i++;
	return !form[i] && !text[i];
}

static int put_suite(FILE *out, const struct runfile *run, const struct summary *summary)
{
	size_t counts[OUTCOMES] = {0}, len = strcspn(run->started, "Z");
	struct cell_keys keys = {0};
	double seconds = count(run, counts);
	char started[20];
	int err = cell_keys_make(run, &keys);

	fputs(" <testsuite", out);
	put_attribute(out, "name", *run->plan ? run->plan : "fivestep");
	put_counts(out, counts, seconds);
	/* the type has no time zone; records are in UTC. Left out if it is not a valid time */
	snprintf(started, sizeof(started), "%.*s", (int)len, run->started);
	if (is_time(started))
		put_attribute(out, "timestamp", started);
	fputs(">\n  <properties>\n", out);
	put_property(out, "run", run->id);
	put_property(out, "clock", run->clock);
	put_property(out, "machine", run->fingerprint);
	put_property(out, "emulated", run->emulated ? "true" : "false");
	put_property(out, "guest", run->guest ? "true" : "false");
	fputs("  </properties>\n", out);
	for (size_t i = 0; err == 0 && i < summary->n;)
		i += put_case(out, &keys, summary, i);
	fputs(" </testsuite>\n", out);
	cell_keys_free(&keys);
	return err;
}

static int junit_write(const struct runfile *runs, const struct summary *summaries, size_t n, FILE *out, struct fs_reason *why)
{
	size_t counts[OUTCOMES] = {0};
	double seconds = 0.0;
	int err = 0;

	for (size_t i = 0; i < n; i++)
		seconds += count(&runs[i], counts);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fivestep\"", out);
	put_counts(out, counts, seconds);
	fputs(">\n", out);
	for (size_t i = 0; i < n && err == 0; i++)
		err = put_suite(out, &runs[i], &summaries[i]);
	fputs("</testsuites>\n", out);
	return err != 0 ? fs_because(why, err, "", "junit: out of memory") : 0;
}

const struct export_format export_junit = {
	.name = "junit",
	.summary = "a test case for each cell in JUnit's XML: what a CI shows as passed, failed, skipped",
	.several = true,
	.write = junit_write,
};
