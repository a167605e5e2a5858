/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explained_picture.c - a picture of where the time of programs goes, by the kinds of event that the model knows: a bar for each cell that was
 * measured, in percent of what was measured; what the events do not explain is grey. See predict_show.h.
 */
#include "config.h"

#include "analysis/model/predict_show.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model/explained_parts.h"
#include "analysis/page/picture.h"
#include "base/text.h"

#define BARS_MAX    24	 /* of a picture */
#define SHARE_SHOWN 0.05 /* in percent: less would read 0.0 */

struct bars {
	const struct predict_line *line[BARS_MAX];
	unsigned n;
};

static bool is_shown(const struct predict_line *line)
{
	return line->is_predicted && line->total.n != 0 && line->total.median > 0;
}

/* What each bar is of. */
static void put_labels(struct picture *picture, const struct bars *bars)
{
	size_t longest = 4;

	picture_block(picture);
	for (unsigned i = 0; i < bars->n; i++) {
		const struct predict_line *line = bars->line[i];
		struct text label = {0};

		text_add(&label, "%s %s %s", line->program, line->setup, line->params);
		fprintf(picture->numbers, "%u\t", i + 1);
		picture_field(picture, text_string(&label));
		fputc('\n', picture->numbers);
		longest = label.len > longest ? label.len : longest;
		text_clear(&label);
	}
	picture_number(picture, "rows", bars->n);
	picture_margin(picture, longest);
}

static void put_part(struct picture *picture, const struct bars *bars, enum explained_part part, double *end)
{
	picture_block(picture);
	for (unsigned i = 0; i < bars->n; i++) {
		const struct predict_line *line = bars->line[i];
		double share = explained_share(line, part);

		/* A bar without that part has an empty box: each block of numbers has its lines. */
		fprintf(picture->numbers, "%.9g\t%.9g\t%.2f\t%.2f\n", end[i], end[i] + share, i + 0.66, i + 1.34);
		if (share >= SHARE_SHOWN)
			picture_tip(picture, end[i] + share / 2, i + 1.0, "%s %s %s: %s %.1f %%", line->program, line->setup, line->params,
				explained_names[part], share);
		end[i] += share;
	}
}

/* From left to right, the rest at the end of each bar. Returns how far the widest bar goes. */
static double put_parts(struct picture *picture, const struct bars *bars)
{
	double end[BARS_MAX] = {0}, at_rest[BARS_MAX] = {0}, widest = 100;

	for (unsigned i = 0; i < bars->n; i++) {
		for (unsigned part = EXPLAINED_REST + 1; part < EXPLAINED_PARTS; part++)
			at_rest[i] += explained_share(bars->line[i], part);
		widest = fmax(widest, at_rest[i]);
	}
	put_part(picture, bars, EXPLAINED_REST, at_rest);
	for (unsigned part = EXPLAINED_REST + 1; part < EXPLAINED_PARTS; part++)
		put_part(picture, bars, part, end);
	return widest;
}

/* What the events leave is certain where the intervals of both are apart. */
static void put_answer(struct picture *picture, const struct bars *bars)
{
	const struct predict_line *most = NULL;
	struct text text = {0};
	bool known = true;

	for (unsigned i = 0; i < bars->n; i++) {
		const struct predict_line *line = bars->line[i];

		known = known && line->total.has_interval;
		if (line->total.has_interval && line->total.lo > line->prediction.total.hi && explained_share(line, EXPLAINED_REST) >= 1 &&
			(most == NULL || explained_share(line, EXPLAINED_REST) > explained_share(most, EXPLAINED_REST)))
			most = line;
	}
	if (most != NULL)
		text_add(&text, "Least explained: %s %s %s, of which events leave %.0f %% of the time.", most->program, most->setup, most->params,
			explained_share(most, EXPLAINED_REST));
	else if (known)
		text_add(&text, "There is no cell of which events certainly leave 1 %% of the time or more.");
	if (text.len != 0)
		picture_answer(picture, text_string(&text));
	text_clear(&text);
}

static int draw(const struct bars *bars, unsigned number, const struct picture_place *place, struct fs_reason *why)
{
	struct picture picture;
	double widest;
	int err = number == 0 ? picture_begin(&picture, place, "boxes", why, "explained")
			      : picture_begin(&picture, place, "boxes", why, "explained-%u", number + 1);

	if (err != 0)
		return err;
	picture_title(&picture, "Where does the time go, by kinds of event? Computed, in percent of what was measured");
	put_answer(&picture, bars);
	put_labels(&picture, bars);
	widest = put_parts(&picture, bars);
	picture_names(&picture, explained_names, EXPLAINED_PARTS, NULL);
	picture_number(&picture, "series", EXPLAINED_PARTS);
	picture_number(&picture, "marks", 0);
	picture_number(&picture, "x_max", widest * 1.02);
	picture_axis(&picture, "x_label", "of the measured time", "%");
	picture_rows(&picture, bars->n, PICTURE_SMALL_ROW_PX);
	return picture_end(&picture, place, why);
}

int explained_pictures(const struct predict_line *lines, size_t n, const struct picture_place *place, struct fs_reason *why)
{
	struct bars bars = {.n = 0};
	unsigned number = 0;
	int err = 0;

	for (size_t i = 0; i <= n && err == 0; i++) {
		if (i < n && is_shown(&lines[i]))
			bars.line[bars.n++] = &lines[i];
		if (bars.n == BARS_MAX || (i == n && bars.n != 0)) {
			err = draw(&bars, number++, place, why);
			bars.n = 0;
		}
	}
	return err;
}

unsigned explained_count(const struct predict_line *lines, size_t n)
{
	unsigned shown = 0;

	for (size_t i = 0; i < n; i++)
		shown += is_shown(&lines[i]);
	return (shown + BARS_MAX - 1) / BARS_MAX;
}
