/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * records.c - see records.h.
 */
#include "config.h"

#include "base/say.h"
#include "guest/records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/stamp.h"
#include "guest/wire.h"
#include "harness/plan/plan.h"

int records_open(struct guest_records *records, const struct guest_options *options, struct fs_reason *why)
{
	int err = 0;

	*records = (struct guest_records){.file = {.fd = -1, .copy_fd = -1}, .status = -1};
	if (options->output != NULL)
		err = options->resumes ? writer_append(&records->file, options->output, why) : writer_create(&records->file, options->output, why);
	records->writes = options->output != NULL && err == 0;
	records->resumes = options->resumes;
	records->plan = options->plan;
	return err;
}

void records_begin(struct guest_records *records)
{
	records->len = 0;
	records->status = -1;
	guest_progress_begin(&records->progress, records->resumes ? records->file.path : NULL);
}

void records_close(struct guest_records *records)
{
	/* A guest that died before its first record leaves no file in the way of the next one. */
	if (records->writes && !records->resumes && records->n == 0)
		unlink(records->file.path);
	writer_close(&records->file);
	free(records->line);
	records->line = NULL;
}

/* ---- lines */

/* Handles lines that are not for the run file. */
static bool is_for_launcher(struct guest_records *records, const char *line)
{
	size_t len = strlen(WIRE_LACKS);
	int status;

	if (sscanf(line, WIRE_STATUS, &status) == 1)
		records->status = status;
	else if (strncmp(line, WIRE_LACKS, len) == 0)
		say("guest run", "this kernel lacks %.*s", (int)strcspn(line + len, "\""), line + len);
	else
		return false;
	return true;
}

/* The run record with the plan's name on the host instead of that in the guest; NULL if the line is not a run record. */
static json_t *named(const struct guest_records *records, const char *line, size_t len)
{
	static const char begin[] = "{\"type\":\"run\",";
	char name[PLAN_NAME];
	json_t *json;

	if (records->plan == NULL || strncmp(line, begin, sizeof(begin) - 1) != 0)
		return NULL;
	plan_name_of(records->plan, name);
	json = json_loadb(line, len, 0, NULL);
	json_object_set_new(json_object_get(json, "plan"), "name", json_string(name));
	return json;
}

static int keep(struct guest_records *records, const char *line, size_t len, struct fs_reason *why)
{
	json_t *renamed;
	int err;

	guest_progress_clear(&records->progress);
	if (is_for_launcher(records, line) || !records->writes)
		return 0;
	renamed = named(records, line, len);
	err = renamed != NULL ? writer_line(&records->file, renamed, why) : writer_text(&records->file, line, len, why);
	if (err == 0) {
		records->n++;
		guest_progress_show(&records->progress, line, len);
	}
	return err;
}

/* A run record names every cell, so that no fixed length is enough. */
static int make_room(struct guest_records *records, size_t more)
{
	size_t room = records->room > 0 ? records->room : 1 << 16;
	char *line;

	while (room < records->len + more + 1)
		room *= 2;
	line = room > records->room ? realloc(records->line, room) : records->line;
	if (line == NULL)
		return -ENOMEM;
	records->line = line;
	records->room = room;
	return 0;
}

int records_take(struct guest_records *records, const char *bytes, size_t len, struct fs_reason *why)
{
	int err = 0;

	while (len > 0 && err == 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t part = end != NULL ? (size_t)(end - bytes) + 1 : len;

		err = make_room(records, part);
		if (err < 0)
			return fs_no_memory(why);
		memcpy(records->line + records->len, bytes, part);
		records->len += part;
		records->line[records->len] = '\0';
		if (end != NULL) {
			err = keep(records, records->line, records->len, why);
			records->len = 0;
		}
		bytes += part;
		len -= part;
	}
	return err;
}

void records_say_end(struct guest_records *records, bool interrupted, const char *why)
{
	struct fs_reason unwritten;
	char at[STAMP_TEXT];

	if (!records->writes || records->n == 0)
		return;
	stamp_utc(at);
	writer_line(&records->file,
		json_pack("{s:s, s:s, s:s, s:s}", "type", "end", "at", at, "stop", interrupted ? "interrupted" : "died", "why", why), &unwritten);
	records->n++;
}
