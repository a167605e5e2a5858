/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * submit.c - one Slurm job array for the nodes of a fleet; see submit.h.
 */
#include "config.h"

#include "fleet/submit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fleet/child.h"
#include "fleet/quote.h"
#include "fleet/task.h"

/* sbatch with its own options, those that are passed on, the script, its arguments, and NULL. */
#define WORDS 32

struct array {
	struct manifest *manifest;
	const struct submit_options *options;
	const struct submit_task *tasks;
	size_t n;
	unsigned number;       /* of its files */
	char *script, *resume; /* below the folder; resume is "-" if nothing is continued */
	char *words[WORDS];
	size_t n_words;
};

static void add_word(struct array *array, char *word)
{
	if (array->n_words < WORDS - 1)
		array->words[array->n_words++] = word;
}

static void make_words(struct array *array)
{
	const struct manifest *manifest = array->manifest;
	char at_once[16] = "";

	if (array->options->at_once != 0)
		text_fit(at_once, sizeof(at_once), "%%%u", array->options->at_once);
	add_word(array, strdup("sbatch"));
	add_word(array, strdup("--parsable"));
	add_word(array, strdup("--hold"));
	add_word(array, text_format("--array=0-%zu%s", array->n - 1, at_once));
	add_word(array, strdup("--nodes=1"));
	add_word(array, strdup("--ntasks=1"));
	add_word(array, strdup("--exclusive"));
	add_word(array, strdup("--no-requeue"));
	add_word(array, text_format("--job-name=fivestep-%s", manifest->id));
	add_word(array, text_format("--time=%u", manifest->limit_min));
	/* Slurm replaces %A and the like in names of output files, but not here: so the folder may have any name. */
	add_word(array, text_format("--chdir=%s", manifest->dir));
	add_word(array, strdup("--output=log/%A-%a.txt"));
	for (size_t i = 0; i < MANIFEST_PASSES; i++)
		if (manifest->pass[i] != NULL)
			add_word(array, text_format("--%s=%s", manifest_pass_names[i], manifest->pass[i]));
	add_word(array, text_format("%s/%s", manifest->dir, array->script));
	add_word(array, strdup(array->options->program));
	add_word(array, strdup(array->options->bundle != NULL ? array->options->bundle : "-"));
	add_word(array, strdup(manifest->plan));
	add_word(array, strdup(array->resume));
	add_word(array, array->options->together ? text_format("%zu", array->n) : strdup("-"));
}

static bool has_all_words(const struct array *array)
{
	for (size_t i = 0; i < array->n_words; i++)
		if (array->words[i] == NULL)
			return false;
	return array->n_words < WORDS - 1;
}

/* ---- the files of an array */

/* Creates a file, which must not exist. */
static int write_new(const struct manifest *manifest, const char *name, const char *content, struct fs_reason *why)
{
	char *path = manifest_path(manifest, name);
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1, err = 0;
	size_t len = strlen(content);

	if (path == NULL)
		return fs_no_memory(why);
	if (fd < 0)
		err = errno == EEXIST ? -EEXIST : fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	errno = ENOSPC;
	if (fd >= 0 && write(fd, content, len) != (ssize_t)len)
		err = fs_because(why, -errno, "is the disk full?", "%s: %s", path, strerror(errno));
	if (fd >= 0 && close(fd) != 0 && err == 0)
		err = fs_because(why, -errno, "is the disk full?", "%s: %s", path, strerror(errno));
	free(path);
	return err;
}

static bool continues(const struct array *array)
{
	for (size_t i = 0; i < array->n; i++)
		if (array->tasks[i].earlier != NULL)
			return true;
	return false;
}

static int name_files(struct array *array, struct fs_reason *why)
{
	free(array->script);
	free(array->resume);
	array->script = text_format("task-%u.sh", array->number);
	array->resume = continues(array) ? text_format("task-%u.continued", array->number) : strdup("-");
	return array->script != NULL && array->resume != NULL ? 0 : fs_no_memory(why);
}

/* An earlier submission that did not get as far as the manifest may have left a number behind. */
static int write_files(struct array *array, struct fs_reason *why)
{
	struct text list = {0};
	int err;

	do {
		err = name_files(array, why);
		if (err == 0)
			err = write_new(array->manifest, array->script, task_script, why);
	} while (err == -EEXIST && array->number++ < MANIFEST_ARRAY_MAX);
	for (size_t i = 0; i < array->n; i++)
		if (array->tasks[i].earlier != NULL)
			text_add(&list, "%zu %s\n", i, array->tasks[i].earlier);
	if (err == 0 && continues(array))
		err = list.lost ? fs_no_memory(why) : write_new(array->manifest, array->resume, text_string(&list), why);
	text_clear(&list);
	return err == -EEXIST ? fs_because(why, err, "", "%s/%s exists", array->manifest->dir, array->resume) : err;
}

/* ---- the commands */

/* "17", "17;cluster": the number. */
static int submit(struct array *array, char job[24], struct fs_reason *why)
{
	struct text out = {0};
	int err = child_run((const char *const *)array->words, &out, why);
	size_t digits = strspn(text_string(&out), "0123456789");

	if (err == 0 && (digits == 0 || digits > 20))
		err = fs_because(why, -EIO, "", "sbatch did not print the number of a job but %s", text_string(&out));
	else if (err == 0)
		text_fit(job, 24, "%.*s", (int)digits, text_string(&out));
	text_clear(&out);
	return err;
}

static int pin(const char *job, size_t task, const char *node, struct fs_reason *why)
{
	char *id = text_format("JobId=%s_%zu", job, task), *list = text_format("ReqNodeList=%s", node);
	const char *const words[] = {"scontrol", "update", id, list, NULL};
	struct fs_reason said = {0};
	struct text out = {0};
	int err = id != NULL && list != NULL ? child_run(words, &out, &said) : fs_no_memory(&said);

	if (err != 0)
		err = fs_because(why, err, said.remedy[0] != '\0' ? said.remedy : "sinfo -N lists the nodes", "%s: %s", node, said.what);
	text_clear(&out);
	free(id);
	free(list);
	return err;
}

static void cancel(const char *job)
{
	const char *const words[] = {"scancel", job, NULL};
	struct text out = {0};

	child_run(words, &out, NULL);
	text_clear(&out);
}

static int record(struct array *array, const char *job, struct fs_reason *why)
{
	size_t *nodes = calloc(array->n, sizeof(*nodes));
	int err = nodes != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < array->n && err == 0; i++)
		nodes[i] = array->tasks[i].node;
	if (err == 0)
		err = manifest_append(array->manifest, job, nodes, array->n, why);
	free(nodes);
	return err;
}

static int carry_out(struct array *array, struct fs_reason *why)
{
	const char *words[] = {"scontrol", "release", NULL, NULL};
	struct text out = {0};
	char job[24];
	int err = submit(array, job, why);

	if (err != 0)
		return err;
	for (size_t i = 0; i < array->n && err == 0; i++)
		err = pin(job, i, array->manifest->nodes.names[array->tasks[i].node], why);
	if (err == 0)
		err = record(array, job, why);
	words[2] = job;
	if (err == 0)
		err = child_run(words, &out, why);
	if (err != 0)
		cancel(job);
	text_clear(&out);
	return err;
}

/* The same for a shell. What is executed with these commands is what would be done without --dry-run, once the folder has its files. */
static void print_commands(const struct array *array)
{
	struct text line = {0};

	for (size_t i = 0; i < array->n_words; i++) {
		text_add(&line, "%s", i == 0 ? "job=$(" : " \\\n\t");
		quote_word(&line, array->words[i]);
	}
	text_add(&line, ")\n");
	for (size_t i = 0; i < array->n; i++) {
		text_add(&line, "scontrol update \"JobId=${job}_%zu\" ReqNodeList=", i);
		quote_word(&line, array->manifest->nodes.names[array->tasks[i].node]);
		text_add(&line, "\n");
	}
	text_add(&line, "scontrol release \"$job\"\n");
	fputs(text_string(&line), stdout);
	text_clear(&line);
}

static int submit_array(struct array *array, struct fs_reason *why)
{
	int err = array->options->dry_run ? name_files(array, why) : write_files(array, why);

	if (err == 0)
		make_words(array);
	if (err == 0 && !has_all_words(array))
		err = fs_no_memory(why);
	if (err == 0 && array->options->dry_run)
		print_commands(array);
	else if (err == 0)
		err = carry_out(array, why);
	for (size_t i = 0; i < array->n_words; i++)
		free(array->words[i]);
	free(array->script);
	free(array->resume);
	return err;
}

int submit_tasks(struct manifest *manifest, const struct submit_options *options, const struct submit_task *tasks, size_t n, struct fs_reason *why)
{
	unsigned number = (unsigned)manifest->n_submissions + 1;
	int err = 0;

	for (size_t done = 0; done < n && err == 0; number++) {
		size_t part = n - done < options->array ? n - done : options->array;
		struct array array = {.manifest = manifest, .options = options, .tasks = tasks + done, .n = part, .number = number};

		err = submit_array(&array, why);
		done += part;
	}
	return err;
}
