/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.c - a plan from its file, line by line.
 */
#include "config.h"

#include "harness/plan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "base/text.h"

void plan_init(struct plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	plan->options = (struct plan_options){.rounds_min = 10, .rounds_max = 50, .precision_pct = 2.0, .counters = COUNTERS_DEFAULT};
	snprintf(plan->name, sizeof(plan->name), "command-line");
}

void plan_free(struct plan *plan)
{
	free(plan->text);
	free(plan->cells);
	free(plan->seen);
	memset(plan, 0, sizeof(*plan));
}

static int option_line(struct plan *plan, char *line, struct fs_reason *why)
{
	char *save;
	int err = 0;

	for (char *word = strtok_r(line, PLAN_BLANKS, &save); word != NULL && err == 0; word = strtok_r(NULL, PLAN_BLANKS, &save)) {
		char *value = strchr(word, '=');

		if (value == NULL)
			return fs_because(why, -EINVAL, "write option NAME=VALUE", "no value for option %s", word);
		*value++ = '\0';
		err = plan_option(&plan->options, word, value, why);
	}
	return err;
}

static int plan_line(struct plan *plan, char *line, struct fs_reason *why)
{
	char *keyword, *rest;

	line[strcspn(line, "#\n")] = '\0';
	keyword = line + strspn(line, PLAN_BLANKS);
	rest = keyword + strcspn(keyword, PLAN_BLANKS);
	if (*keyword == '\0')
		return 0;
	if (*rest != '\0')
		*rest++ = '\0';
	if (strcmp(keyword, "run") == 0)
		return plan_add(plan, rest, why);
	if (strcmp(keyword, "option") == 0)
		return option_line(plan, rest, why);
	return fs_because(why, -EINVAL, "start a line with run, option or #", "expected run or option, not %s", keyword);
}

void plan_name_of(const char *path, char name[PLAN_NAME])
{
	const char *base = strrchr(path, '/');

	base = base != NULL ? base + 1 : path;
	snprintf(name, PLAN_NAME, "%.*s", (int)strcspn(base, "."), base);
	text_make_visible(name, PLAN_NAME);
}

int plan_read(struct plan *plan, const char *path, struct fs_reason *why)
{
	char *text, *copy = NULL, *next;
	int err = datafile_text(path, &text, why);
	unsigned number = 1;

	/* The file is kept as one text, for the record. */
	if (err == -ENOENT && why != NULL)
		snprintf(why->remedy, sizeof(why->remedy), "see fivestep list plans");
	if (err != 0)
		return err;
	copy = strdup(text);
	free(plan->text);
	plan->text = text;
	plan_name_of(path, plan->name);
	if (copy == NULL)
		return fs_no_memory(why);
	for (char *line = copy; line != NULL && err == 0; line = next, number++) {
		struct fs_reason reason = {0};

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		err = plan_line(plan, line, &reason);
		if (err != 0)
			fs_because(why, err, reason.remedy, "%s:%u: %s", path, number, reason.what);
	}
	free(copy);
	if (err == 0 && plan->ncells == 0)
		err = fs_because(why, -EINVAL, "add a line that starts with run", "the plan %s has no cells", path);
	return err;
}
