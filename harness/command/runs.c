/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runs.c - the run files that a command was given; see runs.h.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command/runs.h"

enum exit_status runs_status_of(int err)
{
	static const int names[] = {ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, EROFS, ELOOP, ENAMETOOLONG, EEXIST};

	for (size_t i = 0; i < FS_ARRAY_SIZE(names); i++)
		if (err == -names[i])
			return EXIT_USAGE;
	return err == -ENODATA || err == -EPROTONOSUPPORT ? EXIT_BAD_DATA : EXIT_OWN_ERROR;
}

static enum exit_status load(struct runfile *file, struct summary *summary, const char *command, const char *path)
{
	struct fs_reason why = {0};
	int err = runfile_load(path, file, &why);

	if (err) {
		fprintf(stderr, "fivestep: %s: %s%s%s\n", command, why.what, *why.remedy ? " -> " : "", why.remedy);
		return runs_status_of(err);
	}
	for (size_t w = 0; w < file->n_warnings; w++)
		fprintf(stderr, "fivestep: %s: %s\n", command, file->warnings[w]);
	if (summary_make(file, summary)) {
		fprintf(stderr, "fivestep: %s: out of memory\n", command);
		return EXIT_OWN_ERROR;
	}
	return EXIT_FINE;
}

enum exit_status runs_load(struct runs *runs, const char *command, char *const *paths, size_t n)
{
	enum exit_status status = EXIT_FINE;

	runs->files = calloc(n, sizeof(*runs->files));
	runs->summaries = calloc(n, sizeof(*runs->summaries));
	runs->n = n;
	if (!runs->files || !runs->summaries) {
		fprintf(stderr, "fivestep: %s: out of memory\n", command);
		return EXIT_OWN_ERROR;
	}
	for (size_t i = 0; i < n && status == EXIT_FINE; i++)
		status = load(&runs->files[i], &runs->summaries[i], command, paths[i]);
	return status;
}

void runs_free(struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++) {
		if (runs->summaries)
			summary_free(&runs->summaries[i]);
		if (runs->files)
			runfile_free(&runs->files[i]);
	}
	free(runs->summaries);
	free(runs->files);
	memset(runs, 0, sizeof(*runs));
}

enum exit_status runs_status(const struct runs *runs)
{
	static const enum exit_status status_of[] = {
		[SUMMARY_FINE] = EXIT_FINE, [SUMMARY_BAD_DATA] = EXIT_BAD_DATA, [SUMMARY_ALL_SKIPPED] = EXIT_ALL_SKIPPED};

	return status_of[summary_judge(runs->files, runs->n)];
}
