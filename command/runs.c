/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runs.c - the run files on a command line; see runs.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/say.h"
#include "analysis/summary/digest.h"
#include "base/text.h"
#include "base/cache_dir.h"
#include "command/runs.h"

enum exit_status runs_status_of(int err)
{
	static const int names[] = {ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, EROFS, ELOOP, ENAMETOOLONG, EEXIST};

	for (size_t i = 0; i < FS_ARRAY_SIZE(names); i++)
		if (err == -names[i])
			return EXIT_USAGE;
	return err == -ENODATA || err == -EPROTONOSUPPORT ? EXIT_BAD_DATA : EXIT_OWN_ERROR;
}

static void say_warnings(const struct runfile *file, const char *command)
{
	for (size_t w = 0; w < file->n_warnings; w++)
		say(command, "%s", file->warnings[w]);
}

static enum exit_status load(struct runfile *file, struct summary *summary, const char *command, const char *path)
{
	struct fs_reason why = {0};
	int err = runfile_load(path, file, &why);

	if (err != 0) {
		say_error(command, &why);
		return runs_status_of(err);
	}
	say_warnings(file, command);
	if (summary_make(file, summary)) {
		say(command, "out of memory");
		return EXIT_OWN_ERROR;
	}
	return EXIT_FINE;
}

static bool digests_folder(char *folder, size_t bytes)
{
	struct fs_reason why;
	char cache[400];

	/* A folder that others may write to is not used. */
	return !cache_dir(cache, sizeof(cache), &why) && snprintf(folder, bytes, "%s/digests", cache) < (int)bytes && !cache_make(folder, &why);
}

static bool load_digest(const char *folder, const struct digest_key *key, const char *path, struct runfile *file, struct summary *summary)
{
	struct runfile kept;
	struct summary values;

	if (digest_load(folder, key, path, &kept, &values))
		return false;
	summary_free(summary);
	runfile_free(file);
	*file = kept;
	*summary = values;
	for (size_t i = 0; i < summary->n; i++)
		summary->rows[i].run = file;
	return true;
}

/*
 * Loads the digest if there is one. Otherwise loads the whole file, saves its digest, and replaces the file by it, which needs a tenth of the
 * memory. Without a cache everything works, only slower.
 */
static enum exit_status load_values(struct runfile *file, struct summary *summary, const char *command, const char *path)
{
	struct digest_key key;
	char folder[512];
	bool kept = digests_folder(folder, sizeof(folder)) && !digest_key_of(path, &key);
	enum exit_status status = EXIT_FINE;

	if (kept && load_digest(folder, &key, path, file, summary)) {
		say_warnings(file, command);
		return EXIT_FINE;
	}
	status = load(file, summary, command, path);
	if (kept && status == EXIT_FINE && !digest_save(folder, &key, file, summary))
		load_digest(folder, &key, path, file, summary);
	return status;
}

enum exit_status runs_load(struct runs *runs, const char *command, char *const *paths, size_t n, enum runs_what what)
{
	enum exit_status status = EXIT_FINE;

	runs->files = calloc(n, sizeof(*runs->files));
	runs->summaries = calloc(n, sizeof(*runs->summaries));
	runs->n = n;
	if (runs->files == NULL || runs->summaries == NULL) {
		say(command, "out of memory");
		return EXIT_OWN_ERROR;
	}
	for (size_t i = 0; i < n && status == EXIT_FINE; i++)
		status = (what == RUNS_VALUES ? load_values : load)(&runs->files[i], &runs->summaries[i], command, paths[i]);
	return status;
}

void runs_free(struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++) {
		if (runs->summaries != NULL)
			summary_free(&runs->summaries[i]);
		if (runs->files != NULL)
			runfile_free(&runs->files[i]);
	}
	free(runs->summaries);
	free(runs->files);
	memset(runs, 0, sizeof(*runs));
}

int runs_print_table(const char *path)
{
	char *argv[] = {(char *)"show", (char *)path, NULL};

	return command_find(argv[0])->run(2, argv);
}

enum exit_status runs_status(const struct runs *runs)
{
	static const enum exit_status status_of[] = {
		[SUMMARY_FINE] = EXIT_FINE, [SUMMARY_BAD_DATA] = EXIT_BAD_DATA, [SUMMARY_ALL_SKIPPED] = EXIT_ALL_SKIPPED};

	return status_of[summary_judge(runs->summaries, runs->n)];
}
