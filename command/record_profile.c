/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record_profile.c - from what a program did to a profile of one page: what it did again and again is a repeat, and small buffers are one region.
 */
#include "config.h"

#include "command/record_trace.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Phases [first, first + n) ran `times` times. */
struct block {
	size_t first, n, times;
};

struct writer {
	const struct record *record;
	unsigned place[RECORD_REGIONS_MAX]; /* of a region in the profile */
	size_t pages[FS_REGIONS];	    /* of those in the profile */
	unsigned n_places, n_merged;
	bool means; /* launches of one kernel on the same buffers are one phase, however many pages they touch */
	struct block *blocks;
	size_t n_blocks, n_phases, n_repeats;
};

/* ---- repetition */

static bool is_same(const struct writer *w, const struct record_phase *a, const struct record_phase *b)
{
	if (a->is_device != b->is_device || a->n_uses != b->n_uses || strcmp(a->name, b->name) != 0)
		return false;
	for (unsigned i = 0; i < a->n_uses; i++) {
		const struct record_use *x = &a->uses[i], *y = &b->uses[i];

		if (x->region != y->region || x->is_unknown != y->is_unknown || (x->reads != 0) != (y->reads != 0) ||
			(x->writes != 0) != (y->writes != 0))
			return false;
		if (!w->means && (x->reads != y->reads || x->writes != y->writes))
			return false;
	}
	return true;
}

/* How often the n phases at `first` follow one another. */
static size_t count_times(const struct writer *w, size_t first, size_t n)
{
	const struct record_phase *phases = w->record->phases;
	size_t same = 0;

	while (first + n + same < w->record->n_phases && is_same(w, &phases[first + same], &phases[first + n + same]))
		same++;
	return 1 + same / n;
}

/* From the first phase on, what saves most; a repeat more than a profile can hold is written out. */
static int find_blocks(struct writer *w, struct fs_reason *why)
{
	size_t n = w->record->n_phases;

	free(w->blocks);
	w->blocks = calloc(n, sizeof(*w->blocks));
	w->n_blocks = w->n_phases = w->n_repeats = 0;
	if (w->blocks == NULL)
		return fs_no_memory(why);
	for (size_t at = 0; at < n && w->n_phases <= APP_PHASES; at += w->blocks[w->n_blocks - 1].n * w->blocks[w->n_blocks - 1].times) {
		struct block best = {at, 1, 1};

		for (size_t length = 1; length <= APP_PHASES && w->n_repeats < APP_REPEATS; length++) {
			size_t times = count_times(w, at, length);

			times = times > APP_REPEAT_MAX ? APP_REPEAT_MAX : times;
			if (length * (times - 1) > best.n * (best.times - 1))
				best = (struct block){at, length, times};
		}
		w->blocks[w->n_blocks++] = best;
		w->n_phases += best.n;
		w->n_repeats += best.times > 1;
	}
	return 0;
}

/* ---- regions: the largest seven, and the others as one */

static void place_regions(struct writer *w)
{
	const struct record *r = w->record;
	bool merges = r->n_regions > FS_REGIONS;

	for (unsigned i = 0; i < r->n_regions; i++) {
		unsigned larger = 0;

		for (unsigned k = 0; k < r->n_regions; k++)
			larger += r->regions[k].pages > r->regions[i].pages || (r->regions[k].pages == r->regions[i].pages && k < i);
		w->place[i] = merges && larger >= FS_REGIONS - 1 ? FS_REGIONS - 1 : w->n_places++;
		w->n_merged += merges && larger >= FS_REGIONS - 1;
		w->pages[w->place[i]] += r->regions[i].pages;
	}
	if (merges)
		w->n_places = FS_REGIONS;
}

static void name_region(const struct writer *w, unsigned place, char *name, size_t bytes)
{
	if (w->n_merged != 0 && place == FS_REGIONS - 1)
		text_fit(name, bytes, "others");
	else
		text_fit(name, bytes, "buffer%u", place);
}

/* ---- phases */

/* Over all times that a phase ran, by place: the mean. */
static void sum_uses(const struct writer *w, const struct block *block, size_t phase, struct record_use *sum)
{
	memset(sum, 0, FS_REGIONS * sizeof(*sum));
	for (size_t k = 0; k < block->times; k++) {
		const struct record_phase *p = &w->record->phases[block->first + k * block->n + phase];

		for (unsigned i = 0; i < p->n_uses; i++) {
			struct record_use *to = &sum[w->place[p->uses[i].region]];

			to->reads += p->uses[i].reads / (double)block->times;
			to->writes += p->uses[i].writes / (double)block->times;
			to->is_unknown = to->is_unknown || p->uses[i].is_unknown;
		}
	}
}

static void put_uses(const struct writer *w, const struct record_use *sum, bool writes, struct text *out)
{
	const char *before = writes ? " writes=" : " reads=";

	for (unsigned i = 0; i < w->n_places; i++) {
		double pages = ceil((writes ? sum[i].writes : sum[i].reads) - 1e-9);
		char name[APP_NAME];

		if (pages <= 0)
			continue;
		name_region(w, i, name, sizeof(name));
		text_add(out, "%s%s", before, name);
		before = ",";
		if (sum[i].is_unknown)
			text_add(out, ":?");
		else if (pages < (double)w->pages[i])
			text_add(out, ":%.0f", pages);
	}
}

/* What of a kernel's name is kept, so that a number fits behind it. */
#define NAME_LETTERS (APP_NAME - 6)

static bool is_name_cut(const struct record *record)
{
	for (size_t i = 0; i < record->n_phases; i++) {
		if (strlen(record->phases[i].name) > NAME_LETTERS)
			return true;
	}
	return false;
}

/* A name of its own: the kernel's, with a number where it comes again. */
static void put_name(const struct writer *w, size_t block, size_t phase, char *name)
{
	const struct record_phase *p = &w->record->phases[w->blocks[block].first + phase];
	unsigned before = 0;

	for (size_t b = 0; b <= block; b++) {
		for (size_t i = 0; i < (b < block ? w->blocks[b].n : phase); i++)
			before += strncmp(w->record->phases[w->blocks[b].first + i].name, p->name, NAME_LETTERS) == 0;
	}
	if (before == 0)
		snprintf(name, APP_NAME, "%.*s", NAME_LETTERS, p->name);
	else
		snprintf(name, APP_NAME, "%.*s.%u", NAME_LETTERS, p->name, before + 1);
}

static void put_block(const struct writer *w, size_t block, struct text *out, struct text *repeats)
{
	const struct block *b = &w->blocks[block];

	if (b->times > 1)
		text_add(repeats, "repeat %zu", b->times);
	for (size_t i = 0; i < b->n; i++) {
		struct record_use sum[FS_REGIONS];
		char name[APP_NAME];

		put_name(w, block, i, name);
		sum_uses(w, b, i, sum);
		text_add(out, "phase %s %s", name, w->record->phases[b->first + i].is_device ? "device" : "host");
		put_uses(w, sum, false, out);
		put_uses(w, sum, true, out);
		text_add(out, "\n");
		if (b->times > 1)
			text_add(repeats, " %s", name);
	}
	if (b->times > 1)
		text_add(repeats, "\n");
}

/* ---- the text */

static void put_head(const struct writer *w, const char *program, struct text *out)
{
	const char *base = strrchr(program, '/') != NULL ? strrchr(program, '/') + 1 : program;
	char name[APP_NAME];
	size_t n = 0;

	for (; base[n] != '\0' && n < sizeof(name) - 1; n++)
		name[n] = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", base[n]) != NULL ? base[n] : '_';
	name[n] = '\0';
	text_add(out, "# Recorded by fivestep record: %zu launches. docs/profile.md says what the lines mean.\n", w->record->n_launches);
	text_add(out, "# What it does not see: what the phases compute (time=), pointers in buffers (links), and whether work can be cut in slices "
		      "(sliced).\n");
	if (is_name_cut(w->record))
		text_add(out, "# Names of kernels are cut to %d letters; those that begin alike have a number.\n", NAME_LETTERS);
	if (w->means)
		text_add(out, "# Launches that repeat touch other numbers of pages each time: the profile has their means.\n");
	if (w->n_merged != 0)
		text_add(out, "# The %u smallest buffers are the region \"others\".\n", w->n_merged);
	if (w->record->n_unseen != 0)
		text_add(out, "# Not in this profile, although the program has it (%zu kinds):\n%s", w->record->n_unseen,
			text_string(&w->record->unseen));
	text_add(out, "program %s\n\n", n != 0 ? name : "program");
	for (unsigned i = 0; i < w->n_places; i++) {
		name_region(w, i, name, sizeof(name));
		text_add(out, "region %s %zu\n", name, w->pages[i] * fs_page_bytes());
	}
	text_add(out, "\n");
}

int record_write(const struct record *record, const char *program, struct text *profile, struct fs_reason *why)
{
	struct writer *w = calloc(1, sizeof(*w));
	struct text repeats = {0};
	int err = w == NULL ? fs_no_memory(why) : 0;

	if (err != 0)
		goto out;
	w->record = record;
	if (record->n_launches == 0) {
		err = fs_because(why, -ENODATA, "a program that is linked with libOpenCL or libcuda; the CUDA runtime is not seen",
			"%s started nothing on a device that fivestep record sees", program);
		goto out;
	}
	place_regions(w);
	err = find_blocks(w, why);
	if (err == 0 && w->n_phases > APP_PHASES) {
		w->means = true;
		err = find_blocks(w, why);
	}
	if (err == 0 && w->n_phases > APP_PHASES)
		err = fs_because(why, -E2BIG, "record a part of it, or a smaller problem",
			"%s has more than %d different phases, beside those that repeat", program, APP_PHASES);
	if (err != 0)
		goto out;
	put_head(w, program, profile);
	for (size_t i = 0; i < w->n_blocks; i++)
		put_block(w, i, profile, &repeats);
	if (repeats.len != 0)
		text_add(profile, "\n%s", text_string(&repeats));
	err = profile->lost || repeats.lost ? fs_no_memory(why) : 0;
out:
	text_clear(&repeats);
	if (w != NULL)
		free(w->blocks);
	free(w);
	return err;
}
