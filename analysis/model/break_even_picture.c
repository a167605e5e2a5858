/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * break_even_picture.c - see break_even.h.
 */
#include "config.h"

#include "analysis/model/break_even.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/picture.h"
#include "base/text.h"

const double break_even_shares[BREAK_EVEN_SHARES] = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1};
const unsigned break_even_turns[BREAK_EVEN_TURNS] = {1, 3, 10, 30, 100, 300, 1000};

/* Pale, so that a dark text can be read on each; the text says which way it is. */
static const int colours[] = {0xbfd9ec, 0xf3d3b3, 0xb9e3d3, 0xecd3e1, 0xd9d9d9, 0xf6e6b4, 0xd3e9f7, 0xe0d2c5};
#define UNDECIDED 0xffffff
#define INK	  0x222222

/* The ways of the map, each once: a place has a letter of theirs, as names are wider than it is. */
struct legend {
	const char *name[26];
	size_t n;
};

static char letter_of(struct legend *legend, const char *name)
{
	size_t i = 0;

	while (i < legend->n && strcmp(legend->name[i], name) != 0)
		i++;
	if (i == legend->n && i < FS_ARRAY_SIZE(legend->name))
		legend->name[legend->n++] = name;
	return i < legend->n ? (char)('A' + i) : '?';
}

/* "A: hmm, B: copy" */
static void put_legend(struct picture *picture, const struct legend *legend)
{
	struct text text = {0};

	text_add(&text, "share of the pages that the device touches.");
	for (size_t i = 0; i < legend->n; i++)
		text_add(&text, "  %c: %s", (char)('A' + i), legend->name[i]);
	picture_text(picture, "x_label", text_string(&text));
	text_clear(&text);
}

static void put_labels(struct picture *picture)
{
	char label[32];

	picture_block(picture);
	for (unsigned t = 0; t < BREAK_EVEN_TURNS; t++) {
		snprintf(label, sizeof(label), "%u turn%s", break_even_turns[t], break_even_turns[t] == 1 ? "" : "s");
		fprintf(picture->numbers, "%u\t", t + 1);
		picture_field(picture, label);
		fputc('\n', picture->numbers);
	}
	picture_block(picture);
	for (unsigned s = 0; s < BREAK_EVEN_SHARES; s++) {
		snprintf(label, sizeof(label), "%g %%", 100 * break_even_shares[s]);
		fprintf(picture->numbers, "%u\t", s + 1);
		picture_field(picture, label);
		fputc('\n', picture->numbers);
	}
	picture_margin(picture, sizeof("1000 turns"));
	picture_number(picture, "rows", BREAK_EVEN_TURNS);
	picture_number(picture, "columns", BREAK_EVEN_SHARES);
}

struct range {
	unsigned share[2], turns[2], n;
};

/* Of the places where a way can be told from the next best, the first and the last. */
static struct range range_of(const struct break_even_map *map, const char *way)
{
	struct range range = {.share = {BREAK_EVEN_SHARES, 0}, .turns = {BREAK_EVEN_TURNS, 0}};

	for (unsigned t = 0; t < BREAK_EVEN_TURNS; t++) {
		for (unsigned s = 0; s < BREAK_EVEN_SHARES; s++) {
			const struct break_even_place *p = &map->place[t][s];

			if (p->second != NULL || strcmp(p->best, way) != 0)
				continue;
			range.n++;
			range.share[0] = s < range.share[0] ? s : range.share[0];
			range.share[1] = s > range.share[1] ? s : range.share[1];
			range.turns[0] = t < range.turns[0] ? t : range.turns[0];
			range.turns[1] = t > range.turns[1] ? t : range.turns[1];
		}
	}
	return range;
}

static void put_answer(struct picture *picture, const struct break_even_map *map, const struct legend *legend)
{
	struct text text = {0};

	for (size_t i = 0; i < legend->n; i++) {
		struct range r = range_of(map, legend->name[i]);

		if (r.n == 0)
			continue;
		text_add(&text, "%s%s in %u of %d places, at %g", text.len != 0 ? "; " : "Certain: ", legend->name[i], r.n,
			BREAK_EVEN_TURNS * BREAK_EVEN_SHARES, 100 * break_even_shares[r.share[0]]);
		if (r.share[1] > r.share[0])
			text_add(&text, " to %g", 100 * break_even_shares[r.share[1]]);
		text_add(&text, " %% of the pages and %u", break_even_turns[r.turns[0]]);
		if (r.turns[1] > r.turns[0])
			text_add(&text, " to %u", break_even_turns[r.turns[1]]);
		text_add(&text, " turn%s", TEXT_S(break_even_turns[r.turns[1]]));
	}
	if (text.len == 0)
		text_add(&text, "In no place can the best way be told from the next");
	text_add(&text, ".");
	picture_answer(picture, text_string(&text));
	text_clear(&text);
}

static void put_places(struct picture *picture, const struct break_even_map *map)
{
	struct legend legend = {.n = 0};

	picture_block(picture);
	for (unsigned t = 0; t < BREAK_EVEN_TURNS; t++) {
		for (unsigned s = 0; s < BREAK_EVEN_SHARES; s++) {
			const struct break_even_place *p = &map->place[t][s];
			char best = letter_of(&legend, p->best), text[16];

			snprintf(text, sizeof(text), p->second != NULL ? "%c = %c" : "%c", best,
				p->second != NULL ? letter_of(&legend, p->second) : best);
			fprintf(picture->numbers, "%u\t%u\t%d\t%d\t", s + 1, t + 1,
				p->second != NULL ? UNDECIDED : colours[p->way % FS_ARRAY_SIZE(colours)], INK);
			picture_field(picture, text);
			fputc('\n', picture->numbers);
			picture_tip(picture, s + 1.0, t + 1.0, "%g %% of the pages, %u turns: %s; the next one takes %.2f times as long",
				100 * break_even_shares[s], break_even_turns[t], p->best, p->times_next);
		}
	}
	picture_block(picture);
	/* Nothing is hatched, and gnuplot does not accept an empty block. */
	fputs("-9\t-9\n", picture->numbers);
	put_legend(picture, &legend);
	put_answer(picture, map, &legend);
}

int break_even_draw(const struct break_even_map *map, const struct picture_place *place, struct fs_reason *why)
{
	struct picture picture;
	char *title = text_format("%s: which way is best, by turns and by the pages that the device touches? Computed", map->program);
	int err = title == NULL ? fs_no_memory(why) : picture_begin(&picture, place, "heat", why, "break-even");

	if (err == 0) {
		picture_title(&picture, title);
		put_places(&picture, map);
		put_labels(&picture);
		picture_names(&picture, NULL, 0, NULL);
		picture_number(&picture, "key_rows", 0);
		picture_rows(&picture, BREAK_EVEN_TURNS, 40);
		err = picture_end(&picture, place, why);
	}
	free(title);
	return err;
}

int break_even_picture(const struct break_even_map *map, const char *dir, double paper_mm, struct fs_reason *why)
{
	struct picture_place place = {0};
	char *stamp = text_format("model: %s; computed, not measured; white: two ways cannot be told apart", map->model);
	int err = stamp == NULL ? fs_no_memory(why) : picture_place_open(&place, dir, paper_mm, why, why);

	if (err == 0) {
		place.stamp = stamp;
		/* Without gnuplot the reason is there already. */
		err = place.can_draw ? break_even_draw(map, &place, why) : -ENOENT;
		picture_place_close(&place);
	}
	free(stamp);
	return err;
}
