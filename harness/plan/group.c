/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group.c - reads groups of counters.
 */
#include "config.h"

#include "harness/plan/group.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/datafile.h"
#include "base/text.h"

const char *const group_facts[GROUP_FACTS] = {"bytes", "pages", "page_bytes", "time"};

/* ---- one line */

static char *strip(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* Cuts the text at '=': the left part in place, the right one returned; NULL if either is missing. */
static char *cut_at_equals(char *text)
{
	char *equals = strchr(text, '=');

	if (equals == NULL)
		return NULL;
	*equals = '\0';
	return *strip(text) != '\0' && *strip(equals + 1) != '\0' ? strip(equals + 1) : NULL;
}

static bool is_name(const char *text)
{
	size_t len = 0;

	if (!isalpha((unsigned char)text[0]))
		return false;
	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return text[len] == '\0' && len < FORMULA_NAME;
}

static bool knows_name(const struct group *group, const char *name)
{
	for (unsigned i = 0; i < GROUP_FACTS; i++) {
		if (strcmp(group_facts[i], name) == 0)
			return true;
	}
	for (unsigned i = 0; i < group->nevents; i++) {
		if (strcmp(group->event[i].name, name) == 0)
			return true;
	}
	return false;
}

static int read_event(struct group *group, char *text, struct fs_reason *why)
{
	char *value = cut_at_equals(text), *name = strip(text), *colon = value != NULL ? strchr(value, ':') : NULL;
	size_t len = colon != NULL ? (size_t)(colon - value) : 0;

	if (len == 0 || len >= sizeof(group->event[0].source) || colon[1] == '\0' || strlen(colon + 1) >= FS_EVENT_NAME || !is_name(name))
		return fs_because(why, -EINVAL, "", "expected event NAME = SOURCE:EVENT");
	if (knows_name(group, name))
		return fs_because(why, -EINVAL, "", "the name %s is already taken", name);
	if (group->nevents == GROUP_EVENTS)
		return fs_because(why, -EINVAL, "", "more than %d events", GROUP_EVENTS);
	snprintf(group->event[group->nevents].name, FORMULA_NAME, "%s", name);
	snprintf(group->event[group->nevents].source, sizeof(group->event[0].source), "%.*s", (int)len, value);
	snprintf(group->event[group->nevents].event, FS_EVENT_NAME, "%s", colon + 1);
	group->nevents++;
	return 0;
}

static int check_names(const struct group *group, const struct formula *formula, struct fs_reason *why)
{
	for (unsigned i = 0; i < formula->n; i++) {
		if (formula->term[i].what == 'x' && !knows_name(group, formula->term[i].name))
			return fs_because(why, -EINVAL, "define it in an event line above; the facts are bytes, pages, page_bytes and time",
				"the formula uses %s, which is not defined", formula->term[i].name);
	}
	return 0;
}

static int read_metric(struct group *group, char *text, struct fs_reason *why)
{
	char *formula = cut_at_equals(text), *name = strip(text), *unit;
	unsigned slot = group->nmetrics;
	int err;

	unit = name + strcspn(name, " \t");
	if (*unit != '\0') {
		*unit = '\0';
		unit = strip(unit + 1);
	}
	if (formula == NULL || !is_name(name) || *unit == '\0' || strlen(unit) >= GROUP_UNIT || strlen(formula) >= sizeof(group->metric[0].text))
		return fs_because(why, -EINVAL, "", "expected metric NAME UNIT = FORMULA");
	for (unsigned i = 0; i < slot; i++) {
		if (strcmp(group->metric[i].name, name) == 0)
			return fs_because(why, -EINVAL, "", "the metric %s is defined twice", name);
	}
	if (slot == GROUP_METRICS)
		return fs_because(why, -EINVAL, "", "more than %d metrics", GROUP_METRICS);
	snprintf(group->metric[slot].name, FORMULA_NAME, "%s", name);
	snprintf(group->metric[slot].unit, GROUP_UNIT, "%s", unit);
	snprintf(group->metric[slot].text, sizeof(group->metric[0].text), "%s", formula);
	err = formula_parse(formula, &group->metric[slot].formula, why);
	if (err == 0)
		err = check_names(group, &group->metric[slot].formula, why);
	group->nmetrics += err == 0;
	return err;
}

/* Returns 1 if the prose starts with the next line. */
static int read_line(struct group *group, char *line, struct fs_reason *why)
{
	char *text = strip(line), *rest;

	if (*text == '#') {
		text = strip(text + 1);
		if (group->summary == NULL && *text != '\0')
			group->summary = strdup(text);
		return 0;
	}
	if (*text == '\0')
		return 0;
	if (strcmp(text, "about") == 0)
		return 1;
	rest = text + strcspn(text, " \t");
	if (*rest != '\0')
		*rest++ = '\0';
	if (strcmp(text, "event") == 0)
		return read_event(group, rest, why);
	if (strcmp(text, "metric") == 0)
		return read_metric(group, rest, why);
	return fs_because(why, -EINVAL, "", "%s: expected event, metric, about, or a comment", text);
}

/* ---- the file */

static int check_whole(const struct group *group, struct fs_reason *why)
{
	if (group->nevents == 0)
		return fs_because(why, -EINVAL, "event NAME = SOURCE:EVENT", "the group has no events");
	if (group->summary == NULL || group->about == NULL || group->about[0] == '\0')
		return fs_because(why, -EINVAL, "", "the group has no description: start it with a comment line, and add prose after a line 'about'");
	return 0;
}

/* Reads the lines up to `about`; the rest is prose. */
static int read_lines(struct group *group, char *text, unsigned *number, struct fs_reason *why)
{
	char *line = text, *next;
	int err = 0;

	for (; line != NULL && err == 0; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (next == NULL && *line == '\0')
			break;
		++*number;
		err = read_line(group, line, why);
	}
	if (err > 0)
		group->about = strdup(line != NULL ? line : "");
	return err < 0 ? err : 0;
}

static int name_of(const char *path, char name[GROUP_NAME], struct fs_reason *why)
{
	const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path, *dot = strrchr(base, '.');
	size_t len = dot != NULL ? (size_t)(dot - base) : strlen(base);

	if (len >= GROUP_NAME)
		return fs_because(why, -EINVAL, "give the file a shorter name", "a group's name has at most %d characters", GROUP_NAME - 1);
	snprintf(name, GROUP_NAME, "%.*s", (int)len, base);
	text_make_visible(name, GROUP_NAME);
	return 0;
}

int group_read(const char *path, struct group *group, struct fs_reason *why)
{
	struct fs_reason inner = {0};
	unsigned number = 0;
	char *text;
	int err = datafile_text(path, &text, why);

	memset(group, 0, sizeof(*group));
	if (err != 0)
		return err;
	err = name_of(path, group->name, &inner);
	if (err == 0)
		err = read_lines(group, text, &number, &inner);
	if (err == 0)
		err = check_whole(group, &inner);
	free(text);
	if (err == 0)
		return 0;
	group_free(group);
	if (number == 0)
		return fs_because(why, err, inner.remedy, "%s: %s", path, inner.what);
	return fs_because(why, err, inner.remedy, "%s:%u: %s", path, number, inner.what);
}

void group_free(struct group *group)
{
	free(group->summary);
	free(group->about);
	memset(group, 0, sizeof(*group));
}

bool group_is_file(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') != NULL || (len > 6 && strcmp(name + len - 6, ".group") == 0);
}

int group_path(const char *name, char *path, size_t bytes)
{
	size_t len = strlen(name);
	char file[GROUP_NAME + 8];

	if (group_is_file(name)) {
		snprintf(path, bytes, "%s", name);
		return access(path, R_OK) == 0 ? 0 : -ENOENT;
	}
	if (len == 0 || len >= GROUP_NAME)
		return -ENOENT;
	snprintf(file, sizeof(file), "%s.group", name);
	return datafile_path("harness/counter/groups", "groups", file, path, bytes) == 0 ? 0 : -ENOENT;
}
