/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_beside.c - a digest that somebody else may have written: what no run has is not taken, in each text and number.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/summary/digest_beside.h"
#include "analysis/summary/digest_body.h"
#include "analysis/summary/digest_check.h"
#include "tests/tap.h"

#define HEAD_WORDS 7

static char folder[TAP_PATH], path[TAP_PATH + 32], name[TAP_PATH + 64];
static struct runfile run;
static struct summary summary;

/* Whether the digest of the run with what was changed in it is taken: with a right size, content and sum. */
static bool is_taken(void)
{
	uint64_t head[HEAD_WORDS], *body;
	struct fs_reason why = {0};
	struct runfile kept = {0};
	struct summary values = {0};
	size_t words = 0;
	FILE *file;
	int err;

	body = digest_pack(&run, &summary, &words);
	file = fopen(name, "r+e");
	if (body == NULL || file == NULL || fread(head, sizeof(head), 1, file) != 1)
		exit(99);
	head[HEAD_WORDS - 2] = words;
	head[HEAD_WORDS - 1] = digest_hash(DIGEST_HASH_BEGIN, body, words);
	rewind(file);
	if (fwrite(head, sizeof(head), 1, file) != 1 || fwrite(body, sizeof(*body), words, file) != words ||
		ftruncate(fileno(file), (off_t)(sizeof(head) + words * sizeof(*body))) != 0 || fclose(file) != 0)
		exit(99);
	free(body);
	err = digest_beside_load(path, &kept, &values, &why);
	if (err == 0) {
		summary_free(&values);
		runfile_free(&kept);
	} else if (err != -EBADMSG || strstr(why.what, "it has what no run has") == NULL) {
		diag("%d: %s", err, why.what);
	}
	return err == 0;
}

/* A text of the run: neither without it, if it is needed, nor with what a terminal obeys. */
static void try_text(const char **text, bool needed, const char *what)
{
	const char *before = *text;

	*text = "\x1b[31mred";
	ok(!is_taken(), "%s that a terminal obeys is not taken", what);
	*text = "\xff";
	ok(!is_taken(), "%s that is not UTF-8", what);
	*text = NULL;
	is_int(is_taken(), !needed, "without %s", what);
	*text = before;
}

static void try_number(double *number, const char *what)
{
	double before = *number;

	*number = NAN;
	ok(!is_taken(), "%s is no number", what);
	*number = INFINITY;
	ok(!is_taken(), "%s is not finite", what);
	*number = before;
}

static void try_run(void)
{
	json_t *header = run.header;
	char *warning = run.n_warnings != 0 ? run.warnings[0] : NULL;

	try_text(&run.id, true, "an id");
	try_text(&run.started, true, "a date");
	try_text(&run.plan, true, "a plan");
	try_text(&run.seed, true, "a seed");
	try_text(&run.clock, true, "a clock");
	try_text(&run.fingerprint, true, "a fingerprint");
	try_text(&run.stop, false, "an end");
	try_text(&run.why, false, "a reason");
	run.header = json_pack("{s:s}", "machine", "\x1b[31m");
	ok(!is_taken(), "nor a record that a terminal obeys");
	json_decref(run.header);
	run.header = NULL;
	ok(!is_taken(), "nor none");
	run.header = header;
	if (ok(warning != NULL, "the run has a warning")) {
		run.warnings[0] = text_format("%s:\a", run.path);
		ok(!is_taken(), "nor a warning that rings");
		free(run.warnings[0]);
		run.warnings[0] = warning;
	}
	try_number(&summary.disturbed_pct, "the noise");
}

static void try_cell(struct runfile_cell *cell)
{
	try_text(&cell->bench, true, "a benchmark");
	try_text(&cell->kind, true, "a kind");
	try_text(&cell->setup, true, "a setup");
	try_text(&cell->device, true, "a device");
	try_text(&cell->stop, false, "an end of a cell");
	if (ok(cell->n_params != 0, "the cell has a parameter")) {
		try_text(&cell->params[0].name, true, "a parameter");
		try_text(&cell->params[0].text, true, "a value of it");
	}
}

static void try_row(struct summary_row *row)
{
	struct summary_row before = *row;

	try_text(&row->unit, true, "a unit");
	try_text(&row->stop, true, "the end of a row");
	try_text(&row->why, true, "a reason of a row");
	try_text(&row->remedy, true, "a remedy");
	try_text(&row->floor, false, "a floor");
	try_text((const char **)&row->disagreement, false, "a disagreement");
	try_text(&row->base, true, "a metric");
	row->base = "another";
	ok(!is_taken(), "a row is not of another metric than its own");
	row->base = before.base;
	row->metric = (char *)"";
	ok(!is_taken(), "nor of one without a name");
	row->metric = NULL;
	ok(!is_taken(), "no metric has no value");
	*row = before;
	try_number(&row->values[row->n_values - 1], "the last value");
	try_number(&row->interval.median, "the median");
}

int main(void)
{
	const char *source = getenv("srcdir");
	char command[2 * TAP_PATH + 200];
	struct fs_reason why = {0};
	size_t r = 0;

	temporary(folder, "beside");
	if (mkdtemp(folder) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/run.jsonl", folder);
	snprintf(name, sizeof(name), "%s" RUNFILE_DIGEST, path);
	snprintf(command, sizeof(command), "cp '%s/tests/runs/mixed.jsonl' '%s' && echo '{\"type\":\"none\"}' >>'%s'", source != NULL ? source : ".",
		path, path);
	if (system(command) != 0 || runfile_load(path, &run, &why) != 0 || summary_make(&run, &summary) != 0)
		return 99;
	is_int(digest_beside_save(path, &why), 0, "a digest is written");
	ok(is_taken(), "one that is made anew with the same head is taken");
	try_run();
	try_cell(&run.cells[run.n_cells - 1]);
	while (r < summary.n && summary.rows[r].n_values == 0)
		r++;
	if (ok(r < summary.n, "a row has values"))
		try_row(&summary.rows[r]);
	ok(is_taken(), "as it was, it is taken again");
	summary_free(&summary);
	runfile_free(&run);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0)
		diag("%s is left behind", folder);
	done_testing();
	return exit_status();
}
