/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * manifest_read.c - reads what was submitted; see manifest.h. Nothing in it is executed, and every name in it is checked before it is used.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <jansson.h>

#include "base/array.h"
#include "base/lines.h"
#include "base/text.h"
#include "fleet/manifest.h"
#include "results/runfile.h"

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* "plan/NAME": within the folder. */
static bool is_plan(const char *path)
{
	return strncmp(path, "plan/", 5) == 0 && path[5] != '\0' && strchr(path + 5, '/') == NULL && strcmp(path + 5, "..") != 0;
}

static int bad_field(const struct manifest *manifest, const char *name, const char *expected, struct fs_reason *why)
{
	return fs_because(why, -ENODATA, "the first line is as fivestep fleet submit wrote it, or the folder is of no use",
		"%s/" MANIFEST_FILE ":1: \"%s\" is not %s", manifest->dir, name, expected);
}

static int read_passes(struct manifest *manifest, const json_t *passes, struct fs_reason *why)
{
	for (size_t i = 0; i < MANIFEST_PASSES; i++) {
		const json_t *value = json_object_get(passes, manifest_pass_names[i]);

		if (value != NULL && !json_is_string(value))
			return bad_field(manifest, manifest_pass_names[i], "a text", why);
		manifest->pass[i] = value != NULL ? strdup(json_string_value(value)) : NULL;
		if (value != NULL && manifest->pass[i] == NULL)
			return fs_no_memory(why);
	}
	return 0;
}

/* How it was submitted, which another submission of it repeats. */
static int read_ways(struct manifest *manifest, const json_t *line, struct fs_reason *why)
{
	const json_t *together = json_object_get(line, "together"), *at_once = json_object_get(line, "at_once"),
		     *bundle = json_object_get(line, "bundle");

	if (together != NULL && !json_is_boolean(together))
		return bad_field(manifest, "together", "true or false", why);
	if (at_once != NULL && (json_integer_value(at_once) < 1 || json_integer_value(at_once) > MANIFEST_MAX))
		return bad_field(manifest, "at_once", "a number of tasks from 1 to 10000000", why);
	if (bundle != NULL && !json_is_string(bundle))
		return bad_field(manifest, "bundle", "a text", why);
	manifest->together = json_is_true(together);
	manifest->at_once = (unsigned)json_integer_value(at_once);
	manifest->bundle = bundle != NULL ? strdup(json_string_value(bundle)) : NULL;
	return bundle != NULL && manifest->bundle == NULL ? fs_no_memory(why) : 0;
}

static int read_fleet(struct manifest *manifest, const json_t *line, struct fs_reason *why)
{
	json_int_t limit_min = json_integer_value(json_object_get(line, "limit_min"));
	const json_t *entry;
	size_t i;
	int err;

	if (json_integer_value(json_object_get(line, "schema")) != MANIFEST_SCHEMA)
		return fs_because(
			why, -EPROTONOSUPPORT, "use the fivestep that submitted it", "%s: not a fleet of schema %d", manifest->dir, MANIFEST_SCHEMA);
	if (!is_plan(text_of(line, "plan")))
		return bad_field(manifest, "plan", "the path of a plan in the folder: plan/NAME", why);
	if (strlen(text_of(line, "id")) >= sizeof(manifest->id) || !nodes_is_name(text_of(line, "id")))
		return bad_field(manifest, "id", "a name of up to 16 letters and digits", why);
	/* Slurm takes 0 minutes for no limit. */
	if (limit_min < 1 || limit_min > MANIFEST_LIMIT_MAX_MIN)
		return bad_field(manifest, "limit_min", "a number of minutes from 1 to 1000000", why);
	manifest->plan = strdup(text_of(line, "plan"));
	strcpy(manifest->id, text_of(line, "id"));
	manifest->limit_min = (unsigned)limit_min;
	err = read_passes(manifest, json_object_get(line, "pass"), why);
	if (err == 0)
		err = read_ways(manifest, line, why);
	json_array_foreach(json_object_get(line, "nodes"), i, entry)
	{
		if (err == 0)
			err = nodes_add(&manifest->nodes, json_is_string(entry) ? json_string_value(entry) : "", why);
	}
	return err == 0 && manifest->plan == NULL ? fs_no_memory(why) : err;
}

/* ---- submissions: node by name */

struct named {
	const char *name;
	size_t place;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static struct named *sort_names(const struct nodes *nodes)
{
	struct named *named = calloc(nodes->n + 1, sizeof(*named));

	for (size_t i = 0; i < nodes->n && named != NULL; i++)
		named[i] = (struct named){nodes->names[i], i};
	if (named != NULL && nodes->n != 0)
		qsort(named, nodes->n, sizeof(*named), by_name);
	return named;
}

static bool is_number(const char *text, size_t room)
{
	size_t len = strlen(text);

	return len > 0 && len < room && strspn(text, "0123456789") == len;
}

/* Returns 1 if the line is no submission of this fleet. */
static int read_submission(struct manifest *manifest, const struct named *named, const json_t *line, struct fs_reason *why)
{
	const json_t *tasks = json_object_get(line, "tasks"), *entry;
	struct manifest_submission submission = {.n = json_array_size(tasks)};
	size_t i;
	int err;

	if (!is_number(text_of(line, "job"), sizeof(submission.job)) || submission.n == 0)
		return 1;
	err = array_grow(&manifest->submissions, manifest->n_submissions, 1, sizeof(*manifest->submissions), ARRAY_MANY, "submissions", why);
	submission.nodes = err == 0 ? calloc(submission.n, sizeof(*submission.nodes)) : NULL;
	if (submission.nodes == NULL)
		return err != 0 ? err : fs_no_memory(why);
	json_array_foreach(tasks, i, entry)
	{
		const struct named key = {.name = json_is_string(entry) ? json_string_value(entry) : ""};
		const struct named *found = bsearch(&key, named, manifest->nodes.n, sizeof(*named), by_name);

		if (found == NULL) {
			free(submission.nodes);
			return 1;
		}
		submission.nodes[i] = found->place;
	}
	strcpy(submission.job, text_of(line, "job"));
	manifest->submissions[manifest->n_submissions++] = submission;
	return 0;
}

/* ---- the file */

static int read_lines(struct manifest *manifest, FILE *file, struct fs_reason *why)
{
	struct lines lines = {.file = file, .limit = RUNFILE_LINE_BYTES};
	struct named *named = NULL;
	int err = 0, more;

	while (err == 0 && (more = lines_next(&lines)) > 0) {
		json_t *line = lines.whole ? json_loadb(lines.text, lines.len, 0, NULL) : NULL;

		if (named == NULL) {
			err = line != NULL ? read_fleet(manifest, line, why)
					   : fs_because(why, -ENODATA, "", "%s/" MANIFEST_FILE ": its first line cannot be read", manifest->dir);
			named = err == 0 ? sort_names(&manifest->nodes) : NULL;
			if (err == 0 && named == NULL)
				err = fs_no_memory(why);
		} else {
			int read = line != NULL ? read_submission(manifest, named, line, why) : 1;

			manifest->bad_lines += read == 1;
			err = read < 0 ? read : 0;
		}
		json_decref(line);
	}
	if (err == 0 && named == NULL)
		err = fs_because(why, -ENODATA, "", "%s/" MANIFEST_FILE " is empty", manifest->dir);
	free(named);
	lines_free(&lines);
	return err;
}

int manifest_read(struct manifest *manifest, FILE *file, struct fs_reason *why)
{
	return read_lines(manifest, file, why);
}

int manifest_load(struct manifest *manifest, const char *dir, bool lock, struct fs_reason *why)
{
	char *path = NULL;
	FILE *file = NULL;
	int err = 0;

	*manifest = (struct manifest){.dir = realpath(dir, NULL), .fd = -1};
	if (manifest->dir == NULL)
		return fs_because(why, -errno, "name the folder given to fivestep fleet submit -o", "%s: %s", dir, strerror(errno));
	path = manifest_path(manifest, MANIFEST_FILE);
	manifest->fd = path != NULL ? open(path, (lock ? O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC) : -1;
	if (manifest->fd < 0)
		err = fs_because(why, -errno, "name the folder given to fivestep fleet submit -o", "%s/" MANIFEST_FILE ": %s", dir, strerror(errno));
	else if (lock && flock(manifest->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		err = fs_because(why, -EBUSY, "wait for the other fivestep fleet submit", "%s: somebody else is submitting this fleet", dir);
	file = err == 0 ? fopen(path, "re") : NULL;
	if (err == 0 && file == NULL)
		err = fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	if (err == 0)
		err = read_lines(manifest, file, why);
	if (file != NULL)
		fclose(file);
	free(path);
	return err;
}
