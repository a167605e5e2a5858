/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * manifest.c - writes what was submitted; see manifest.h. It is read in manifest_read.c.
 */
#include "config.h"

#include "fleet/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/array.h"
#include "base/jsontext.h"
#include "base/text.h"

const char *const manifest_pass_names[MANIFEST_PASSES] = {"partition", "constraint", "reservation", "account", "qos", "gres"};

char *manifest_path(const struct manifest *manifest, const char *name)
{
	return text_format("%s/%s", manifest->dir, name);
}

/* One write for all lines, so that each is there or torn, where the reader ignores it; a line after a torn one starts anew. */
static int append(struct manifest *manifest, const struct text *lines, struct fs_reason *why)
{
	off_t end = lseek(manifest->fd, 0, SEEK_END);
	struct text bytes = {0};
	char last = '\n';
	int err = 0;

	if (end > 0 && pread(manifest->fd, &last, 1, end - 1) != 1)
		return fs_because(why, -EIO, "", "%s/" MANIFEST_FILE " cannot be read", manifest->dir);
	text_add(&bytes, "%s%s", last != '\n' ? "\n" : "", text_string(lines));
	if (bytes.lost || lines->lost)
		err = fs_no_memory(why);
	errno = ENOSPC;
	if (err == 0 && (write(manifest->fd, bytes.text, bytes.len) != (ssize_t)bytes.len || fsync(manifest->fd) != 0))
		err = fs_because(why, -errno, "is the disk full?", "%s/" MANIFEST_FILE ": %s", manifest->dir, strerror(errno));
	text_clear(&bytes);
	return err;
}

static void add_line(struct text *lines, json_t *line)
{
	char *json = jsontext_make(line, JSON_COMPACT);

	if (json != NULL)
		text_add(lines, "%s\n", json);
	lines->lost |= json == NULL;
	json_decref(line);
	free(json);
}

static json_t *fleet_json(const struct manifest *manifest)
{
	json_t *nodes = json_array(), *pass = json_object();

	for (size_t i = 0; i < manifest->nodes.n; i++)
		json_array_append_new(nodes, json_string(manifest->nodes.names[i]));
	for (size_t i = 0; i < MANIFEST_PASSES; i++)
		if (manifest->pass[i] != NULL)
			json_object_set_new(pass, manifest_pass_names[i], json_string(manifest->pass[i]));
	return json_pack("{s:s, s:i, s:s, s:s, s:i, s:o, s:o*, s:o*, s:s*, s:o}", "type", "fleet", "schema", MANIFEST_SCHEMA, "id", manifest->id,
		"plan", manifest->plan, "limit_min", (int)manifest->limit_min, "pass", pass, "together", manifest->together ? json_true() : NULL,
		"at_once", manifest->at_once != 0 ? json_integer(manifest->at_once) : NULL, "bundle", manifest->bundle, "nodes", nodes);
}

static int make_folders(const struct manifest *manifest, struct fs_reason *why)
{
	static const char *const names[] = {"runs", "log", "plan"};
	int err = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(names) && err == 0; i++) {
		char *path = manifest_path(manifest, names[i]);

		if (path == NULL)
			err = fs_no_memory(why);
		else if (mkdir(path, 0777) != 0 && errno != EEXIST)
			err = fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
		free(path);
	}
	return err;
}

int manifest_create(struct manifest *manifest, struct fs_reason *why)
{
	char *path = manifest_path(manifest, MANIFEST_FILE);
	struct text line = {0};
	int err = path != NULL ? make_folders(manifest, why) : fs_no_memory(why);

	if (err == 0) {
		manifest->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
		if (manifest->fd < 0)
			err = fs_because(why, -errno, "choose another folder; fivestep fleet submit --resume continues a fleet", "%s: %s", path,
				strerror(errno));
	}
	if (err == 0) {
		add_line(&line, fleet_json(manifest));
		err = append(manifest, &line, why);
	}
	text_clear(&line);
	free(path);
	return err;
}

static int add_submission(struct manifest *manifest, const char *job, size_t node, struct fs_reason *why)
{
	struct manifest_submission *submission;
	int err = ARRAY_ADD(manifest->submissions, manifest->n_submissions, ARRAY_MANY, "submissions", why);

	if (err != 0)
		return err;
	submission = &manifest->submissions[manifest->n_submissions];
	*submission = (struct manifest_submission){.nodes = malloc(sizeof(*submission->nodes)), .n = 1};
	if (submission->nodes == NULL)
		return fs_no_memory(why);
	submission->nodes[0] = node;
	text_fit(submission->job, sizeof(submission->job), "%s", job);
	manifest->n_submissions++;
	return 0;
}

int manifest_append(struct manifest *manifest, const char (*jobs)[MANIFEST_JOB], const size_t *nodes, size_t n, struct fs_reason *why)
{
	struct text lines = {0};
	int err;

	for (size_t i = 0; i < n; i++)
		add_line(&lines, json_pack("{s:s, s:s, s:[s]}", "type", "submit", "job", jobs[i], "tasks", manifest->nodes.names[nodes[i]]));
	err = append(manifest, &lines, why);
	for (size_t i = 0; i < n && err == 0; i++)
		err = add_submission(manifest, jobs[i], nodes[i], why);
	text_clear(&lines);
	return err;
}

void manifest_free(struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->n_submissions; i++)
		free(manifest->submissions[i].nodes);
	for (size_t i = 0; i < MANIFEST_PASSES; i++)
		free(manifest->pass[i]);
	free(manifest->submissions);
	free(manifest->dir);
	free(manifest->plan);
	free(manifest->bundle);
	nodes_free(&manifest->nodes);
	if (manifest->fd >= 0)
		close(manifest->fd);
	memset(manifest, 0, sizeof(*manifest));
	manifest->fd = -1;
}
