/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * predict_picture.c - a picture of predictions beside what was measured: a point a cell, the diagonal and a band; see predict_show.h.
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

struct scatter {
	const struct predict_line *lines;
	size_t n;
	const char *setups[PICTURE_SERIES]; /* a series each; those beyond share the last */
	unsigned series;
	double lo, hi;
};

static bool is_shown(const struct predict_line *line)
{
	return line->is_predicted && !line->is_reference && line->total.n != 0 && line->total.median > 0 && line->prediction.total.median > 0;
}

static unsigned series_of(const struct scatter *s, const char *setup)
{
	unsigned i = 0;

	while (i < s->series && strcmp(s->setups[i], setup) != 0)
		i++;
	return i < s->series ? i : PICTURE_SERIES - 1;
}

static void find_series(struct scatter *s)
{
	s->lo = INFINITY;
	for (size_t i = 0; i < s->n; i++) {
		const struct predict_line *line = &s->lines[i];

		if (!is_shown(line))
			continue;
		s->lo = fmin(s->lo, fmin(line->total.median, line->prediction.total.median));
		s->hi = fmax(s->hi, fmax(line->total.median, line->prediction.total.median));
		if (series_of(s, line->setup) >= s->series && s->series < PICTURE_SERIES)
			s->setups[s->series++] = line->setup;
		else if (strcmp(s->setups[series_of(s, line->setup)], line->setup) != 0)
			s->setups[PICTURE_SERIES - 1] = "others";
	}
}

static void put_series(struct picture *picture, const struct scatter *s, unsigned series)
{
	picture_block(picture);
	for (size_t i = 0; i < s->n; i++) {
		const struct predict_line *line = &s->lines[i];

		if (!is_shown(line) || series_of(s, line->setup) != series)
			continue;
		fprintf(picture->numbers, "%.9g\t%.9g\n", line->total.median, line->prediction.total.median);
		picture_tip(picture, line->total.median, line->prediction.total.median, "%s %s %s: %+.1f %%", line->program, line->setup,
			line->params, round(1000 * line->error) / 10 + 0.0); /* + 0: no "-0.0" */
	}
}

static void put_answer(struct picture *picture, const struct scatter *s)
{
	struct predict_good good;
	struct text text = {0};

	if (predict_good(s->lines, s->n, &good) != 0 || good.judged == 0)
		return;
	text_add(&text, "%zu of %zu cells are within 10 %%; half of them within %.1f %%.", good.within[1], good.judged, 100 * good.median);
	picture_answer(picture, text_string(&text));
	text_clear(&text);
}

static int draw(struct scatter *s, const struct picture_place *place, const char *unit, struct fs_reason *why)
{
	struct picture picture;
	int err = picture_begin(&picture, place, "scatter", why, "predicted");

	if (err != 0)
		return err;
	picture_title(&picture, "How far from what was measured is what events cost together? Computed; 10 % in grey");
	put_answer(&picture, s);
	picture_names(&picture, s->setups, s->series, NULL);
	for (unsigned i = 0; i < s->series; i++)
		put_series(&picture, s, i);
	picture_number(&picture, "series", s->series);
	picture_number(&picture, "x_min", s->lo / 1.25);
	picture_number(&picture, "x_max", s->hi * 1.25);
	picture_tics(&picture, "x_tics", s->lo, s->hi, unit);
	picture_tics(&picture, "y_tics", s->lo, s->hi, unit);
	picture_axis(&picture, "x_label", "measured", strcmp(unit, "ns") != 0 ? unit : "");
	picture_axis(&picture, "y_label", "computed, not measured", strcmp(unit, "ns") != 0 ? unit : "");
	picture_lines(&picture);
	return picture_end(&picture, place, why);
}

int predict_draw(const struct predict_line *lines, size_t n, const char *unit, const struct picture_place *place, struct fs_reason *why)
{
	struct scatter s = {.lines = lines, .n = n};
	int err;

	find_series(&s);
	if (s.series == 0)
		return fs_because(why, -ENODATA, "", "no cell is both predicted and measured");
	err = draw(&s, place, unit, why);
	return err == 0 ? explained_pictures(lines, n, place, why) : err;
}

int predict_picture(const struct model *model, const struct predict_line *lines, size_t n, const char *measured, const char *dir, double paper_mm,
	struct fs_reason *why)
{
	struct scatter s = {.lines = lines, .n = n};
	struct picture_place place = {0};
	char *stamp = text_format("model: %s; measured: %s", model->run->path, measured);
	int err = stamp == NULL ? fs_no_memory(why) : 0;

	/* first, so that no folder is left behind */
	find_series(&s);
	if (err == 0 && s.series == 0)
		err = fs_because(why, -ENODATA, "", "no cell is both predicted and measured");
	if (err == 0)
		err = picture_place_open(&place, dir, paper_mm, why, why);
	if (err == 0) {
		place.stamp = stamp;
		/* Without gnuplot the reason is there already. */
		err = place.can_draw ? predict_draw(lines, n, clock_unit(model->run->clock), &place, why) : -ENOENT;
		picture_place_close(&place);
	}
	free(stamp);
	return err;
}
