/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels_draw.c - draws operations as groups of bars, one bar a kernel; see kernels.h.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "analysis/history/kernels.h"
#include "analysis/page/picture.h"
#include "analysis/summary/format.h"
#include "base/text.h"

#define GROUP 0.80 /* of a row's height */

static double bar_top(const struct kernels *kernels, unsigned row, unsigned k)
{
	return row + 1.0 - GROUP / 2 + GROUP * k / kernels->n;
}

static double bar_bottom(const struct kernels *kernels, unsigned row, unsigned k)
{
	return bar_top(kernels, row, k) + 0.92 * GROUP / kernels->n;
}

static void put_labels(struct picture *picture, const struct kernels *kernels)
{
	size_t longest = 0;

	picture_block(picture);
	for (unsigned i = 0; i < kernels->n_operations; i++) {
		const char *name = kernels->operation[i].name;

		fprintf(picture->numbers, "%u\t", i + 1);
		picture_field(picture, name);
		fputc('\n', picture->numbers);
		longest = strlen(name) > longest ? strlen(name) : longest;
	}
	picture_number(picture, "rows", kernels->n_operations);
	picture_margin(picture, longest);
}

static void put_bars(struct picture *picture, const struct kernels *kernels)
{
	for (unsigned k = 0; k < kernels->n; k++) {
		picture_block(picture);
		for (unsigned i = 0; i < kernels->n_operations; i++) {
			double value = kernels->operation[i].value[k];

			/* A bar of no length keeps the block from being empty. */
			fprintf(picture->numbers, "0\t%.9g\t%.3f\t%.3f\n", isfinite(value) ? value : 0.0, bar_top(kernels, i, k),
				bar_bottom(kernels, i, k));
		}
	}
}

/* Returns the longest bar. The change against the kernel before is printed beside the number. */
static double put_values(struct picture *picture, const struct kernels *kernels)
{
	double most = 0.0;

	picture_block(picture);
	for (unsigned i = 0; i < kernels->n_operations; i++) {
		for (unsigned k = 0; k < kernels->n; k++) {
			const struct kernels_line *line = &kernels->operation[i];
			double value = line->value[k], before = k > 0 ? line->value[k - 1] : NAN;
			double y = (bar_top(kernels, i, k) + bar_bottom(kernels, i, k)) / 2;
			char number[2][FORMAT_FIXED], text[FS_ARRAY_SIZE(number) * FORMAT_FIXED + 8];

			if (!isfinite(value))
				continue;
			most = fmax(most, value);
			if (isfinite(before))
				text_fit(text, sizeof(text), "%s (%s %%)", format_fixed(value, 0, false, number[0]),
					format_fixed((value / before - 1.0) * 100.0, 1, true, number[1]));
			else
				text_fit(text, sizeof(text), "%s", format_fixed(value, 0, false, number[0]));
			fprintf(picture->numbers, "%.3f\t%.9g\t%.9g\t%.9g\t", y, value, value, value);
			picture_field(picture, text);
			fputc('\n', picture->numbers);
			picture_tip(picture, value / 2, y, "%s, Linux %s: %.0f instructions", line->name, kernels->label[k], value);
		}
	}
	return most;
}

/* From the first kernel to the last: what changed the least, or became the cheapest, and what became the dearest. */
static void put_answer(struct picture *picture, const struct kernels *kernels)
{
	const struct kernels_line *most = NULL, *least = NULL;
	double most_pct = -INFINITY, least_pct = INFINITY;
	char number[2][FORMAT_FIXED];
	struct text answer = {0};

	for (unsigned i = 0; i < kernels->n_operations && kernels->n > 1; i++) {
		const struct kernels_line *line = &kernels->operation[i];
		double pct = (line->value[kernels->n - 1] / line->value[0] - 1.0) * 100.0;

		if (!isfinite(pct))
			continue;
		if (pct > most_pct)
			most = line;
		if (pct < least_pct)
			least = line;
		most_pct = fmax(most_pct, pct);
		least_pct = fmin(least_pct, pct);
	}
	if (most != NULL && least != most) {
		text_add(&answer, "From Linux %s to %s the changes are from %s %% (%s) to %s %% (%s).", kernels->label[0],
			kernels->label[kernels->n - 1], format_fixed(least_pct, 1, true, number[0]), least->name,
			format_fixed(most_pct, 1, true, number[1]), most->name);
		picture_answer(picture, text_string(&answer));
	}
	text_clear(&answer);
}

int kernels_draw(const struct kernels *kernels, const char *dir, double paper_mm, struct fs_reason *pictures, struct fs_reason *why)
{
	const char *names[KERNELS_MAX];
	char text[KERNELS_MAX][64];
	struct picture_place place;
	struct picture picture;
	double longest;
	int err = picture_place_open(&place, dir, paper_mm, pictures, why);

	if (err != 0)
		return err;
	place.stamp = "fivestep guest kernels: emulated CPU, counted in instructions; in parentheses: change from the kernel above";
	err = picture_begin(&picture, &place, "boxes", why, "kernels");
	if (err == 0) {
		for (unsigned k = 0; k < kernels->n; k++) {
			text_fit(text[k], sizeof(text[k]), "Linux %s", kernels->label[k]);
			names[k] = text[k];
		}
		put_labels(&picture, kernels);
		put_bars(&picture, kernels);
		longest = put_values(&picture, kernels);
		picture_number(&picture, "x_max", longest * 1.25);
		/* a value stands behind its bar, and takes as much space on a narrower picture */
		if (picture.paper_px > 0)
			picture_number(&picture, "paper_x_max", longest * fmax(1.25, 1.25 + 180.0 / picture.paper_px));
		picture_text(&picture, "title", "What do a fault and a migration of one page cost, by kernel?");
		put_answer(&picture, kernels);
		picture_names(&picture, names, kernels->n, NULL);
		picture_number(&picture, "marks", 2);
		picture_axis(&picture, "x_label", "instructions a page", "");
		picture_rows(&picture, kernels->n_operations, 14 + 16 * kernels->n);
		err = picture_end(&picture, &place, why);
	}
	picture_place_close(&place);
	return err;
}
