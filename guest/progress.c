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
#include <string.h>
#include <unistd.h>

#include "harness/fivestep.h"
#include "harness/progress.h"

void guest_progress_begin(struct guest_progress *progress)
{
	*progress = (struct guest_progress){.on_terminal = isatty(STDERR_FILENO) == 1};
	if (progress->on_terminal)
		fputs("\r\033[Kguest: booting", stderr);
}

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
	progress->done = 0;
	progress->first_ns = fs_now();
}

/* Rounds of all cells are interleaved, so those that are done stand for those that are not. */
static void hear_round(struct guest_progress *progress, const json_t *line)
{
	unsigned least;
	double each_s;
	char eta[32];

	if (strcmp(text_of(line, "verdict"), "skip") == 0) {
		progress->cells -= progress->cells > 0 ? 1 : 0;
		return;
	}
	least = progress->cells * progress->rounds_a_cell;
	progress->done++;
	/* Cells that are not precise yet get more; a run that is gone on with does not say how many are to come. */
	fprintf(stderr, "guest: [%3u", progress->done);
	if (progress->done <= least)
		fprintf(stderr, "/%u", least);
	fprintf(stderr, " rounds] %s %s %s", text_of(line, "bench"), text_of(line, "setup"), text_of(line, "device"));
	if (progress->done < least) {
		each_s = (double)(fs_now() - progress->first_ns) / 1e9 / progress->done;
		progress_eta(each_s * (least - progress->done), eta, sizeof(eta));
		fprintf(stderr, "  ETA %s", eta);
	}
}

void guest_progress_show(struct guest_progress *progress, const char *line, size_t len)
{
	json_t *json = progress->on_terminal ? json_loadb(line, len, 0, NULL) : NULL;

	if (json == NULL)
		return;
	if (strcmp(text_of(json, "type"), "run") == 0)
		hear_run(progress, json);
	else if (strcmp(text_of(json, "type"), "round") == 0)
		hear_round(progress, json);
	json_decref(json);
}
