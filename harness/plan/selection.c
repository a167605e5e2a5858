/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selection.c - resolves the text of a selection to sources and groups, independently of the machine: a counter that is not available here is
 * absent in the records, with its reason, and is not an error.
 */
#include "config.h"

#include "harness/plan/selection.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "harness/plan/catalog.h"
#include "base/names.h"

struct resolving {
	struct selection *selection;
	struct selected_groups *groups;
	struct fs_reason *why;
};

static int add_event(struct resolving *r, const char *source, const char *event)
{
	struct selection *s = r->selection;

	for (unsigned i = 0; i < s->nevents; i++) {
		if (strcmp(s->event[i].source, source) == 0 && strcmp(s->event[i].event, event) == 0)
			return 0;
	}
	if (s->nevents == FS_EVENTS)
		return fs_because(r->why, -EINVAL, "name the events instead of whole sources", "more than %d events", FS_EVENTS);
	snprintf(s->event[s->nevents].source, sizeof(s->event[0].source), "%s", source);
	snprintf(s->event[s->nevents].event, sizeof(s->event[0].event), "%s", event);
	s->nevents++;
	return 0;
}

static int add_source(struct resolving *r, const struct fs_counter *counter, bool usual_only)
{
	int err = 0;

	for (const struct fs_event *e = counter->events; e->name != NULL && err == 0; e++) {
		if (e->usual || !usual_only)
			err = add_event(r, counter->name, e->name);
	}
	return err;
}

static int add_sources(struct resolving *r, bool usual_only)
{
	const struct fs_counter *counter;
	int err = 0;

	for (unsigned i = 0; (counter = catalog_counter(i)) != NULL && err == 0; i++)
		err = add_source(r, counter, usual_only);
	return err;
}

static const struct fs_counter *find_source(const char *name)
{
	const struct fs_counter *counter;

	for (unsigned i = 0; (counter = catalog_counter(i)) != NULL; i++) {
		if (strcmp(counter->name, name) == 0)
			return counter;
	}
	return NULL;
}

/* The device's counts are always read, named or not. */
static bool is_device(const char *name)
{
	const struct fs_device *device;

	for (unsigned i = 0; (device = catalog_device(i)) != NULL; i++) {
		if (strcmp(device->name, name) == 0)
			return true;
	}
	return strcmp(name, GROUP_DEVICE) == 0;
}

/* ---- errors */

static int unknown_event(struct resolving *r, const struct fs_counter *counter, const char *event)
{
	struct names_nearest nearest;
	char near[160];

	names_nearest_init(&nearest, event);
	for (const struct fs_event *e = counter->events; e->name != NULL; e++)
		names_nearest_offer(&nearest, e->name);
	names_nearest_text(&nearest, near, sizeof(near));
	return fs_because(r->why, -EINVAL, near[0] != '\0' ? near : "fivestep list counters shows its events", "counters: %s has no event %s",
		counter->name, event);
}

static void offer_groups(struct names_nearest *nearest, struct dirent **entries, int n)
{
	for (int i = 0; i < n; i++) {
		char *dot = strrchr(entries[i]->d_name, '.');

		if (dot == NULL || strcmp(dot, ".group") != 0)
			continue;
		*dot = '\0';
		names_nearest_offer(nearest, entries[i]->d_name);
	}
}

static int unknown_word(struct resolving *r, const char *word)
{
	struct names_nearest nearest;
	struct dirent **entries = NULL;
	const struct fs_counter *counter;
	char near[160], folder[512];
	int n = 0;

	names_nearest_init(&nearest, word);
	names_nearest_offer(&nearest, "default");
	names_nearest_offer(&nearest, "none");
	names_nearest_offer(&nearest, "all");
	for (unsigned i = 0; (counter = catalog_counter(i)) != NULL; i++)
		names_nearest_offer(&nearest, counter->name);
	if (datafile_check("harness/counter/groups", "groups", "groups of counters", r->why) != 0)
		return -ENXIO;
	if (datafile_path("harness/counter/groups", "groups", "", folder, sizeof(folder)) == 0)
		n = scandir(folder, &entries, NULL, alphasort);
	offer_groups(&nearest, entries, n);
	names_nearest_text(&nearest, near, sizeof(near));
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return fs_because(r->why, -EINVAL, near[0] != '\0' ? near : "see fivestep list counters and fivestep list groups",
		"counters: no source or group %s", word);
}

/* ---- words */

static int add_of_source(struct resolving *r, const char *source, const char *event)
{
	const struct fs_counter *counter = find_source(source);
	bool found = false;
	int err = 0;

	if (counter == NULL)
		return is_device(source) ? 0 : unknown_word(r, source);
	for (const struct fs_event *e = counter->events; e->name != NULL && err == 0; e++) {
		if (strcmp(event, e->name) != 0 && fnmatch(event, e->name, 0) != 0)
			continue;
		err = add_event(r, source, e->name);
		found = true;
	}
	if (err != 0 || found)
		return err;
	if (counter->accepts != NULL && counter->accepts(event))
		return add_event(r, source, event);
	return unknown_event(r, counter, event);
}

static int add_group_events(struct resolving *r, const struct group *group, const char *path)
{
	struct fs_reason inner;
	int err = 0;

	for (unsigned i = 0; i < group->nevents && err == 0; i++)
		err = add_of_source(r, group->event[i].source, group->event[i].event);
	if (err == 0)
		return 0;
	inner = *r->why;
	return fs_because(r->why, err, inner.remedy, "%s: %s", path, inner.what);
}

static int add_group(struct resolving *r, const char *path)
{
	struct selected_groups *groups = r->groups;
	struct group *group = &groups->group[groups->n];
	int err;

	if (groups->n == SELECTION_GROUPS)
		return fs_because(r->why, -EINVAL, "", "more than %d groups of counters", SELECTION_GROUPS);
	err = group_read(path, group, r->why);
	if (err != 0)
		return err;
	groups->n++;
	for (unsigned i = 0; i + 1 < groups->n; i++) {
		if (strcmp(groups->group[i].name, group->name) == 0)
			return fs_because(r->why, -EINVAL, "name each group once", "counters: group %s is named twice", group->name);
	}
	return add_group_events(r, group, path);
}

static int add_word(struct resolving *r, const char *word)
{
	const struct fs_counter *counter = find_source(word);
	const char *colon = strchr(word, ':');
	char path[SELECTION_TEXT];

	if (strcmp(word, "none") == 0)
		return 0;
	if (strcmp(word, "all") == 0 || strcmp(word, "default") == 0)
		return add_sources(r, word[0] == 'd');
	if (counter != NULL)
		return add_source(r, counter, false);
	if (group_path(word, path, sizeof(path)) == 0)
		return add_group(r, path);
	if (colon != NULL && colon[1] != '\0' && colon - word < SELECTION_SOURCE) {
		char source[SELECTION_SOURCE];

		snprintf(source, sizeof(source), "%.*s", (int)(colon - word), word);
		return add_of_source(r, source, colon + 1);
	}
	return is_device(word) ? 0 : unknown_word(r, word);
}

bool selection_names_files(const char *text)
{
	bool files = false;

	for (const char *p = text; *p != '\0'; p += strcspn(p, ",")) {
		char word[SELECTION_TEXT];

		p += *p == ',';
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, ","), p);
		files |= group_is_file(word);
	}
	return files;
}

int selection_parse(const char *text, struct selection *selection, struct selected_groups *groups, struct fs_reason *why)
{
	struct resolving r = {.selection = selection, .groups = groups, .why = why};
	int err = 0;

	memset(selection, 0, sizeof(*selection));
	memset(groups, 0, sizeof(*groups));
	if (text[0] == '\0')
		return fs_because(why, -EINVAL, "--counters none reads none", "counters: the list is empty");
	for (const char *p = text; err == 0 && p != NULL;) {
		char word[SELECTION_TEXT]; /* an event's name, or the path of a group */
		size_t len = strcspn(p, ",");

		if (len >= sizeof(word))
			return fs_because(
				why, -EINVAL, "use a shorter path", "counters: %s: a name has at most %d characters", p, SELECTION_TEXT - 1);
		if (len == 0)
			return fs_because(why, -EINVAL, "separate names by one comma", "counters: '%s' is not a name", p);
		snprintf(word, sizeof(word), "%.*s", (int)len, p);
		err = add_word(&r, word);
		p = p[len] == ',' ? p + len + 1 : NULL;
	}
	return err;
}

void groups_free(struct selected_groups *groups)
{
	for (unsigned i = 0; i < groups->n; i++)
		group_free(&groups->group[i]);
	groups->n = 0;
}
