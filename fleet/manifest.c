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

/* One write for a line, so that it is there or torn at the end, where the reader ignores it; a line after a torn one starts anew. */
static int append_line(struct manifest *manifest, json_t *line, struct fs_reason *why)
{
	struct text bytes = {0};
	off_t end = lseek(manifest->fd, 0, SEEK_END);
	char *json = jsontext_make(line, JSON_COMPACT), last = '\n';
	int err = 0;

	json_decref(line);
	if (json == NULL || (end > 0 && pread(manifest->fd, &last, 1, end - 1) != 1))
		err = fs_no_memory(why);
	text_add(&bytes, "%s%s\n", last != '\n' ? "\n" : "", json != NULL ? json : "");
	if (err == 0 && bytes.lost)
		err = fs_no_memory(why);
	errno = ENOSPC;
	if (err == 0 && (write(manifest->fd, bytes.text, bytes.len) != (ssize_t)bytes.len || fsync(manifest->fd) != 0))
		err = fs_because(why, -errno, "is the disk full?", "%s/" MANIFEST_FILE ": %s", manifest->dir, strerror(errno));
	text_clear(&bytes);
	free(json);
	return err;
}

static json_t *fleet_json(const struct manifest *manifest)
{
	json_t *nodes = json_array(), *pass = json_object();

	for (size_t i = 0; i < manifest->nodes.n; i++)
		json_array_append_new(nodes, json_string(manifest->nodes.names[i]));
	for (size_t i = 0; i < MANIFEST_PASSES; i++)
		if (manifest->pass[i] != NULL)
			json_object_set_new(pass, manifest_pass_names[i], json_string(manifest->pass[i]));
	return json_pack("{s:s, s:i, s:s, s:s, s:i, s:o, s:o}", "type", "fleet", "schema", MANIFEST_SCHEMA, "id", manifest->id, "plan",
		manifest->plan, "limit_min", (int)manifest->limit_min, "pass", pass, "nodes", nodes);
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
	int err = path != NULL ? make_folders(manifest, why) : fs_no_memory(why);

	if (err == 0) {
		manifest->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
		if (manifest->fd < 0)
			err = fs_because(why, -errno, "choose another folder; fivestep fleet submit --resume continues a fleet", "%s: %s", path,
				strerror(errno));
	}
	if (err == 0)
		err = append_line(manifest, fleet_json(manifest), why);
	free(path);
	return err;
}

static int add_submission(struct manifest *manifest, const char *job, const size_t *nodes, size_t n, struct fs_reason *why)
{
	struct manifest_submission *submission;
	int err = array_grow(&manifest->submissions, manifest->n_submissions, 1, sizeof(*manifest->submissions), ARRAY_MANY, "submissions", why);

	if (err != 0)
		return err;
	submission = &manifest->submissions[manifest->n_submissions];
	*submission = (struct manifest_submission){.nodes = calloc(n + 1, sizeof(*nodes)), .n = n};
	if (submission->nodes == NULL)
		return fs_no_memory(why);
	memcpy(submission->nodes, nodes, n * sizeof(*nodes));
	text_fit(submission->job, sizeof(submission->job), "%s", job);
	manifest->n_submissions++;
	return 0;
}

int manifest_append(struct manifest *manifest, const char *job, const size_t *nodes, size_t n, struct fs_reason *why)
{
	json_t *tasks = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(tasks, json_string(manifest->nodes.names[nodes[i]]));
	if (append_line(manifest, json_pack("{s:s, s:s, s:o}", "type", "submit", "job", job, "tasks", tasks), why) != 0)
		return -EIO;
	return add_submission(manifest, job, nodes, n, why);
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
	nodes_free(&manifest->nodes);
	if (manifest->fd >= 0)
		close(manifest->fd);
	memset(manifest, 0, sizeof(*manifest));
	manifest->fd = -1;
}
