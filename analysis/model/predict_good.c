/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_good.c - how far predictions are off what was measured; see predict_show.h.
 */
#include "config.h"

#include "analysis/model/predict_show.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/summary/format.h"
#include "base/table.h"
#include "base/text.h"

static bool is_judged(const struct predict_line *line)
{
	return line->is_predicted && !line->is_reference && line->total.n != 0;
}

static bool same_program(const struct predict_line *a, const struct predict_line *b)
{
	return strcmp(a->program, b->program) == 0 && strcmp(a->params, b->params) == 0 && strcmp(a->device, b->device) == 0;
}

static bool has_both(const struct predict_line *line)
{
	return line->is_predicted && line->total.n != 0;
}

/* Of a program: the way that is predicted to be the best, and the one that is. */
struct choice {
	const struct predict_line *picked, *best;
};

static struct choice choose(const struct predict_line *lines, size_t n, size_t first)
{
	struct choice choice = {.picked = &lines[first], .best = &lines[first]};

	for (size_t i = first + 1; i < n; i++) {
		const struct predict_line *line = &lines[i];

		if (!has_both(line) || !same_program(line, &lines[first]))
			continue;
		if (line->total.median < choice.best->total.median)
			choice.best = line;
		if (line->prediction.total.median < choice.picked->prediction.total.median)
			choice.picked = line;
	}
	return choice;
}

static bool is_first_of_ways(const struct predict_line *lines, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (has_both(&lines[k]) && same_program(&lines[k], &lines[i]))
			return false;
	}
	return has_both(&lines[i]);
}

static bool overlap(const struct statistics_interval *a, const struct statistics_interval *b)
{
	return a->has_interval && b->has_interval && a->lo <= b->hi && b->lo <= a->hi;
}

static void show_choices(const struct predict_line *lines, size_t n, FILE *out)
{
	size_t programs = 0, right = 0, close = 0;
	double most = 0;

	for (size_t i = 0; i < n; i++) {
		struct choice choice;
		double off;

		if (!is_first_of_ways(lines, i))
			continue;
		choice = choose(lines, n, i);
		off = choice.picked->total.median / choice.best->total.median - 1;
		programs++;
		right += off <= 0.02;
		close += off > 0.02 && overlap(&choice.picked->total, &choice.best->total);
		most = fmax(most, off);
	}
	fprintf(out,
		"the way predicted to be the best is the measured best or within 2 %% of it for %zu of %zu programs and sizes, at most %.1f %% off",
		right, programs, 100 * most);
	if (close != 0)
		fprintf(out, "; for %zu more, rounds do not tell the two apart (their intervals overlap)", close);
	fputc('\n', out);
}

int predict_good(const struct predict_line *lines, size_t n, struct predict_good *good)
{
	double *errors = calloc(n != 0 ? n : 1, sizeof(*errors));

	*good = (struct predict_good){.judged = 0};
	if (errors == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		good->not_predicted += !lines[i].is_predicted;
		if (!is_judged(&lines[i]))
			continue;
		errors[good->judged++] = fabs(lines[i].error);
		good->misses += lines[i].misses;
		good->worst = fabs(lines[i].error) > fabs(good->worst) ? lines[i].error : good->worst;
		for (unsigned k = 0; k < FS_ARRAY_SIZE(good->within); k++)
			good->within[k] += fabs(lines[i].error) <= 0.05 * (k + 1);
	}
	if (good->judged != 0)
		good->median = gsl_stats_median(errors, 1, good->judged);
	free(errors);
	return 0;
}

int predict_show_summary(const struct predict_line *lines, size_t n, double within_pct, FILE *out)
{
	struct predict_good good;

	if (predict_good(lines, n, &good) != 0)
		return -ENOMEM;
	if (good.judged != 0) {
		fprintf(out,
			"%zu cells, whose times the model never saw: median error %.1f %%, worst %+.1f %%; within 5 %%: %zu, 10 %%: %zu, 15 %%: "
			"%zu\n",
			good.judged, 100 * good.median, 100 * good.worst, good.within[0], good.within[1], good.within[2]);
		show_choices(lines, n, out);
	}
	fprintf(out, "%zu miss the measured interval by more than %g %%; %zu could not be predicted\n", good.misses, within_pct, good.not_predicted);
	return 0;
}

/* ---- program by program */

static bool is_first_of_program(const struct predict_line *lines, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (is_judged(&lines[k]) && strcmp(lines[k].program, lines[i].program) == 0)
			return false;
	}
	return is_judged(&lines[i]);
}

static int program_line(struct table *table, const struct predict_line *lines, size_t n, size_t first, double *errors)
{
	const struct predict_line *worst = &lines[first];
	size_t judged = 0, within[2] = {0};
	char cells[24], median[FORMAT_FIXED + 2], off[FORMAT_FIXED + 2], close[2][24], number[FORMAT_FIXED], *where;
	const char *texts[] = {lines[first].program, cells, median, off, "", close[0], close[1]};
	int err;

	for (size_t i = first; i < n; i++) {
		if (!is_judged(&lines[i]) || strcmp(lines[i].program, lines[first].program) != 0)
			continue;
		errors[judged++] = fabs(lines[i].error);
		worst = fabs(lines[i].error) > fabs(worst->error) ? &lines[i] : worst;
		within[0] += fabs(lines[i].error) <= 0.05;
		within[1] += fabs(lines[i].error) <= 0.15;
	}
	snprintf(cells, sizeof(cells), "%zu", judged);
	text_fit(median, sizeof(median), "%s %%", format_fixed(100 * gsl_stats_median(errors, 1, judged), 1, false, number));
	text_fit(off, sizeof(off), "%s %%", format_fixed(100 * worst->error, 1, true, number));
	where = text_format("%s %s", worst->setup, worst->params);
	if (where != NULL)
		texts[4] = where;
	for (unsigned k = 0; k < 2; k++)
		snprintf(close[k], sizeof(close[k]), "%zu", within[k]);
	err = where != NULL ? table_line(table, texts) : -ENOMEM;
	free(where);
	return err;
}

int predict_show_programs(const struct predict_line *lines, size_t n, FILE *out)
{
	static const struct table_column columns[] = {
		{"PROGRAM", false}, {"CELLS", true}, {"MEDIAN ERROR", true}, {"WORST", true}, {"WHERE", false}, {"WITHIN 5 %", true}, {"15 %", true}};
	struct table *table = table_new(columns, FS_ARRAY_SIZE(columns));
	double *errors = calloc(n + 1, sizeof(*errors));
	int err = table == NULL || errors == NULL ? -ENOMEM : 0;

	for (size_t i = 0; i < n && err == 0; i++) {
		if (is_first_of_program(lines, i))
			err = program_line(table, lines, n, i, errors);
	}
	free(errors);
	return table_print(table, out, err);
}
