/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.c - globs and nearest names.
 */
#include "config.h"

#include "base/names.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES 64

enum names_match names_match(const char *list, const char *name)
{
	enum names_match best = NAMES_NO;

	for (const char *p = list; *p != '\0'; p += strcspn(p, ",")) {
		char item[NAME_BYTES];

		p += *p == ',';
		snprintf(item, sizeof(item), "%.*s", (int)strcspn(p, ","), p);
		if (strcmp(item, name) == 0)
			return NAMES_EXACT;
		if (fnmatch(item, name, 0) == 0)
			best = NAMES_BY_GLOB;
	}
	return best;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein distance; names longer than a row of the table are treated as distant. */
static unsigned edit_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	unsigned row[NAME_BYTES + 1];

	if (na > NAME_BYTES || nb > NAME_BYTES)
		return NAME_BYTES;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned above = row[j];

			row[j] = min3(row[j - 1] + 1, above + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[nb];
}

void names_nearest_init(struct names_nearest *nearest, const char *asked)
{
	memset(nearest, 0, sizeof(*nearest));
	nearest->asked = asked;
}

void names_nearest_offer(struct names_nearest *nearest, const char *candidate)
{
	unsigned distance = edit_distance(nearest->asked, candidate);
	size_t asked = strlen(nearest->asked);

	/* A substring of a name is near, however long the name is. */
	if (asked >= 3 && strstr(candidate, nearest->asked) != NULL)
		distance = 1;
	if (distance > 1 + asked / 3)
		return;
	for (unsigned i = 0; i < 3; i++) {
		const char *name = nearest->name[i];
		unsigned old = nearest->distance[i];

		if (name != NULL && strcmp(name, candidate) == 0)
			return;
		if (name == NULL || distance < old) {
			nearest->name[i] = candidate;
			nearest->distance[i] = distance;
			if (name == NULL)
				return;
			candidate = name;
			distance = old;
		}
	}
}

void names_nearest_text(const struct names_nearest *nearest, char *text, size_t bytes)
{
	const char *const *n = nearest->name;

	if (n[0] == NULL)
		snprintf(text, bytes, "%s", "");
	else if (n[1] == NULL)
		snprintf(text, bytes, "did you mean %s?", n[0]);
	else if (n[2] == NULL)
		snprintf(text, bytes, "did you mean %s or %s?", n[0], n[1]);
	else
		snprintf(text, bytes, "did you mean %s, %s or %s?", n[0], n[1], n[2]);
}
