/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - see progress.h:
 *
 *     guest: [ 42/170 rounds] fault_back hmm dmirror  ETA 21s
 */
#include "config.h"

#include "guest/progress.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/terminal.h"
#include "harness/fivestep.h"

void guest_progress_clear(const struct guest_progress *progress)
{
	if (progress->on_terminal)
		fputs("\r\033[K", stderr);
}

static const char *text_of(const json_t *line, const char *member)
{
	const char *text = json_string_value(json_object_get(line, member));

	return text != NULL ? text : "-";
}

static void hear_run(struct guest_progress *progress, const json_t *line)
{
	progress->cells = (unsigned)json_array_size(json_object_get(line, "cells"));
	progress->rounds_a_cell = (unsigned)json_integer_value(json_object_get(json_object_get(line, "options"), "rounds_min"));
	progress->done = progress->before = 0;
	progress->first_ns = fs_now();
}

static void hear_resume(struct guest_progress *progress)
{
	progress->before = progress->done;
	progress->first_ns = fs_now();
}

static bool is_skip(const json_t *line)
{
	return strcmp(text_of(line, "verdict"), "skip") == 0;
}

static void hear_round(struct guest_progress *progress, const json_t *line)
{
	if (!is_skip(line))
		progress->done++;
	else if (progress->cells > 0)
		progress->cells--;
}

/* Returns whether the line is a measured round. */
static bool hear(struct guest_progress *progress, const json_t *line)
{
	const char *type = text_of(line, "type");
	bool is_round = strcmp(type, "round") == 0;

	if (is_round)
		hear_round(progress, line);
	else if (strcmp(type, "run") == 0)
		hear_run(progress, line);
	else if (strcmp(type, "resume") == 0)
		hear_resume(progress);
	return is_round && !is_skip(line);
}

/* Rounds of all cells are interleaved, so that the finished ones are representative for the estimate. */
static void show_round(const struct guest_progress *progress, const json_t *line)
{
	unsigned least = progress->cells * progress->rounds_a_cell;
	double each_s;
	char eta[DURATION_TEXT];

	/* Cells that are not precise enough get more rounds. */
	fprintf(stderr, "guest: [%3u", progress->done);
	if (progress->done <= least)
		fprintf(stderr, "/%u", least);
	fprintf(stderr, " rounds] %s %s %s", text_of(line, "bench"), text_of(line, "setup"), text_of(line, "device"));
	if (progress->done < least) {
		each_s = (double)(fs_now() - progress->first_ns) / 1e9 / (progress->done - progress->before);
		duration_put(each_s * (least - progress->done), eta);
		fprintf(stderr, "  ETA %s", eta);
	}
}

static void take(struct guest_progress *progress, const char *line, size_t len, bool shown)
{
	json_t *json = json_loadb(line, len, 0, NULL);

	if (json != NULL && hear(progress, json) && shown)
		show_round(progress, json);
	json_decref(json);
}

/* A file that cannot be read is reported by the command that resumes it. */
static void read_rounds(struct guest_progress *progress, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while (file != NULL && (len = getline(&line, &room, file)) > 0)
		take(progress, line, (size_t)len, false);
	free(line);
	if (file != NULL)
		fclose(file);
}

void guest_progress_begin(struct guest_progress *progress, const char *from)
{
	*progress = (struct guest_progress){.on_terminal = terminal_erases(stderr)};
	if (progress->on_terminal && from != NULL)
		read_rounds(progress, from);
	if (progress->on_terminal)
		fputs("\r\033[Kguest: booting", stderr);
}

void guest_progress_show(struct guest_progress *progress, const char *line, size_t len)
{
	if (progress->on_terminal)
		take(progress, line, len, true);
}
