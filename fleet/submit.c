/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * submit.c - a Slurm job for each node of a fleet; see submit.h.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/child.h"
#include "fleet/quote.h"
#include "fleet/submit.h"
#include "fleet/task.h"

/* sbatch with its own options, those that are passed on, the script, its arguments, and NULL. */
#define WORDS 36

struct submission {
	struct manifest *manifest;
	const struct submit_options *options;
	const struct submit_task *tasks;
	size_t n;
	unsigned number;	    /* of its files */
	char *script, *together;    /* below the folder; together is "-" if tasks do not wait for each other */
	char (*jobs)[MANIFEST_JOB]; /* of each task */
	size_t n_jobs;
};

struct words {
	char *words[WORDS];
	size_t n;
	bool lost; /* one could not be made, or there was no room */
};

static void add_word(struct words *words, char *word)
{
	if (word == NULL || words->n == WORDS - 1)
		words->lost = true;
	else
		words->words[words->n++] = word;
}

static void words_free(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->words[i]);
}

/* With a limit of N at once, a job waits for the one N places before it: N lanes. after: that job, NULL if there is none. */
static void make_words(const struct submission *submission, size_t task, const char *after, struct words *words)
{
	const struct submit_options *options = submission->options;
	const struct manifest *manifest = submission->manifest;
	const char *earlier = submission->tasks[task].earlier;

	add_word(words, strdup("sbatch"));
	add_word(words, strdup("--parsable"));
	add_word(words, strdup("--hold"));
	add_word(words, strdup("--array=0"));
	add_word(words, strdup("--nodes=1"));
	add_word(words, strdup("--ntasks=1"));
	add_word(words, text_format("--nodelist=%s", manifest->nodes.names[submission->tasks[task].node]));
	add_word(words, strdup("--exclusive"));
	add_word(words, strdup("--no-requeue"));
	if (after != NULL)
		add_word(words, text_format("--dependency=afterany:%s", after));
	add_word(words, text_format("--job-name=fivestep-%s", manifest->id));
	add_word(words, text_format("--time=%u", manifest->limit_min));
	/* Slurm replaces %A and the like in names of output files, but not here: so the folder may have any name. */
	add_word(words, text_format("--chdir=%s", manifest->dir));
	add_word(words, strdup("--output=log/%A-%a.txt"));
	for (size_t i = 0; i < MANIFEST_PASSES; i++)
		if (manifest->pass[i] != NULL)
			add_word(words, text_format("--%s=%s", manifest_pass_names[i], manifest->pass[i]));
	add_word(words, text_format("%s/%s", manifest->dir, submission->script));
	add_word(words, strdup(options->program));
	add_word(words, strdup(options->bundle != NULL ? options->bundle : "-"));
	add_word(words, strdup(manifest->plan));
	add_word(words, strdup(earlier != NULL ? earlier : "-"));
	add_word(words, strdup(submission->together));
	add_word(words, text_format("%zu", submission->n));
}

/* ---- the files of a submission */

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

static int name_files(struct submission *submission, struct fs_reason *why)
{
	free(submission->script);
	free(submission->together);
	submission->script = text_format("task-%u.sh", submission->number);
	submission->together = submission->options->together ? text_format("together-%u", submission->number) : strdup("-");
	return submission->script != NULL && submission->together != NULL ? 0 : fs_no_memory(why);
}

static int make_together(const struct submission *submission, struct fs_reason *why)
{
	char *path = manifest_path(submission->manifest, submission->together);
	int err = path != NULL ? 0 : fs_no_memory(why);

	if (err == 0 && mkdir(path, 0777) != 0)
		err = fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	free(path);
	return err;
}

/* An earlier submission, also one that did not get as far as the manifest, has left its number behind. */
static int write_files(struct submission *submission, struct fs_reason *why)
{
	int err;

	do {
		err = name_files(submission, why);
		if (err == 0)
			err = write_new(submission->manifest, submission->script, task_script, why);
	} while (err == -EEXIST && submission->number++ < MANIFEST_MAX);
	if (err == 0 && submission->options->together)
		err = make_together(submission, why);
	return err;
}

/* ---- the commands */

/* "17", "17;cluster": the number. */
static int submit_one(struct submission *submission, size_t task, struct fs_reason *why)
{
	unsigned at_once = submission->options->at_once;
	const char *node = submission->manifest->nodes.names[submission->tasks[task].node];
	struct fs_reason said = {0};
	struct words words = {0};
	struct text out = {0};
	size_t digits;
	int err;

	make_words(submission, task, at_once != 0 && task >= at_once ? submission->jobs[task - at_once] : NULL, &words);
	err = words.lost ? fs_no_memory(&said) : child_run((const char *const *)words.words, &out, &said);
	digits = strspn(text_string(&out), "0123456789");
	if (err == 0 && (digits == 0 || digits >= MANIFEST_JOB))
		err = fs_because(&said, -EIO, "", "sbatch did not print the number of a job but %s", text_string(&out));
	if (err != 0)
		fs_because(why, err, said.remedy[0] != '\0' ? said.remedy : "sinfo -N lists the nodes", "%s: %s", node, said.what);
	else
		text_fit(submission->jobs[submission->n_jobs++], MANIFEST_JOB, "%.*s", (int)digits, text_string(&out));
	text_clear(&out);
	words_free(&words);
	return err;
}

/* "scontrol release 17,18" or "scancel 17 18": by lists, since a command takes some milliseconds. */
static int command_all(const struct submission *submission, bool release, struct fs_reason *why)
{
	int err = 0;

	for (size_t from = 0; from < submission->n_jobs && err == 0; from += SUBMIT_LIST) {
		const char *words[SUBMIT_LIST + 2] = {release ? "scontrol" : "scancel", "release"};
		size_t n = release ? 2 : 1;
		struct text list = {0}, out = {0};

		for (size_t i = from; i < submission->n_jobs && i < from + SUBMIT_LIST; i++) {
			text_add(&list, "%s%s", list.len != 0 ? "," : "", submission->jobs[i]);
			if (!release)
				words[n++] = submission->jobs[i];
		}
		if (release)
			words[n++] = text_string(&list);
		words[n] = NULL;
		err = list.lost ? fs_no_memory(why) : child_run(words, &out, why);
		text_clear(&list);
		text_clear(&out);
	}
	return err;
}

static int record(const struct submission *submission, struct fs_reason *why)
{
	size_t *nodes = calloc(submission->n + 1, sizeof(*nodes));
	int err = nodes != NULL ? 0 : fs_no_memory(why);

	for (size_t i = 0; i < submission->n && err == 0; i++)
		nodes[i] = submission->tasks[i].node;
	if (err == 0)
		err = manifest_append(submission->manifest, (const char(*)[MANIFEST_JOB])submission->jobs, nodes, submission->n, why);
	free(nodes);
	return err;
}

static int carry_out(struct submission *submission, struct fs_reason *why)
{
	int err = 0;

	for (size_t i = 0; i < submission->n && err == 0; i++)
		err = submit_one(submission, i, why);
	if (err == 0)
		err = record(submission, why);
	if (err == 0)
		err = command_all(submission, true, why);
	if (err != 0)
		command_all(submission, false, NULL);
	return err;
}

/* The same for a shell. What is executed with these commands is what would be done without --dry-run, once the folder has its files. */
static int print_commands(const struct submission *submission, struct fs_reason *why)
{
	unsigned at_once = submission->options->at_once;
	struct text all = {0};
	bool lost = false;

	for (size_t task = 0; task < submission->n && !lost; task++) {
		struct words words = {0};

		make_words(submission, task, NULL, &words);
		lost = words.lost;
		text_add(&all, "job%zu=$(", task);
		for (size_t i = 0; i < words.n; i++) {
			text_add(&all, "%s", i == 0 ? "" : " \\\n\t");
			quote_word(&all, words.words[i]);
			if (i == 1 && at_once != 0 && task >= at_once)
				text_add(&all, " \\\n\t--dependency=afterany:\"$job%zu\"", task - at_once);
		}
		text_add(&all, ")\n");
		words_free(&words);
	}
	for (size_t task = 0; task < submission->n; task++)
		text_add(&all, "scontrol release \"$job%zu\"\n", task);
	lost |= all.lost;
	if (!lost)
		fputs(text_string(&all), stdout);
	text_clear(&all);
	return lost ? fs_no_memory(why) : 0;
}

int submit_tasks(struct manifest *manifest, const struct submit_options *options, const struct submit_task *tasks, size_t n, struct fs_reason *why)
{
	struct submission submission = {.manifest = manifest, .options = options, .tasks = tasks, .n = n, .number = 1};
	int err = 0;

	if (n == 0)
		return 0;
	submission.jobs = calloc(n, sizeof(*submission.jobs));
	if (submission.jobs == NULL)
		err = fs_no_memory(why);
	if (err == 0)
		err = options->dry_run ? name_files(&submission, why) : write_files(&submission, why);
	if (err == 0)
		err = options->dry_run ? print_commands(&submission, why) : carry_out(&submission, why);
	free(submission.jobs);
	free(submission.script);
	free(submission.together);
	return err;
}
