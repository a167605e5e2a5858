/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * needs.c - see needs.h.
 *
 * A run names its plan and counter groups in its arguments; groups are also named in its plan or in the run that it resumes. Whatever is named there,
 * even in a comment, is packed: that depends on those texts alone, and not on what else is installed.
 */
#include "config.h"

#include "guest/needs.h"

#include <limits.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/datafile.h"

#define DEFAULT_PLAN "quick" /* for a run that names nothing */

static int append_file(FILE *to, const char *path)
{
	FILE *file = fopen(path, "re");
	char bytes[4096];
	size_t got;
	int err;

	if (file == NULL)
		return -errno;
	/* A zero byte would end the text. */
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0) {
		for (size_t i = 0; i < got; i++)
			fputc(bytes[i] != '\0' ? bytes[i] : ' ', to);
	}
	err = ferror(file) ? -EIO : 0;
	fclose(file);
	fputc('\n', to);
	return err;
}

/* The run record, which has the options; round records name nothing else. */
static int append_line(FILE *to, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	if (file == NULL)
		return -errno;
	if (getline(&line, &room, file) > 0)
		fputs(line, to);
	free(line);
	fclose(file);
	return 0;
}

/* If the word is the name of an installed plan, appends that plan's text. */
static void append_plan(FILE *to, const char *word)
{
	char *file = text_format("%s.plan", word), path[PATH_MAX];

	if (file != NULL && strchr(word, '/') == NULL && datafile_path("harness/plans", "plans", file, path, sizeof(path)) == 0)
		append_file(to, path);
	free(file);
}

/* Whether the arguments of `run` name something to measure besides options; possible option values are not counted. */
static bool names_something(char *const *words)
{
	bool may_be_value = false;

	for (; *words != NULL; words++) {
		if ((*words)[0] != '-' && !may_be_value)
			return true;
		may_be_value = (*words)[0] == '-' && strchr(*words, '=') == NULL;
	}
	return false;
}

int guest_needs_read(struct guest_needs *needs, const struct guest_options *options)
{
	size_t bytes = 0;
	FILE *to;
	int err = 0;

	needs->text = NULL;
	if (strcmp(options->args[0], "run") != 0)
		return 0;
	to = open_memstream(&needs->text, &bytes);
	if (to == NULL)
		return -ENOMEM;
	if (!names_something(options->args + 1)) {
		fprintf(to, "%s\n", DEFAULT_PLAN);
		append_plan(to, DEFAULT_PLAN);
	}
	for (char *const *word = options->args + 1; *word != NULL; word++) {
		fprintf(to, "%s\n", *word);
		append_plan(to, *word);
	}
	if (options->plan != NULL)
		err = append_file(to, options->plan);
	if (err == 0 && options->resumes)
		err = append_line(to, options->output);
	return fclose(to) == 0 ? err : -ENOMEM;
}

void guest_needs_free(struct guest_needs *needs)
{
	free(needs->text);
	needs->text = NULL;
}

static bool is_of_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

bool guest_needs_file(const struct guest_needs *needs, const char *name)
{
	size_t len = strcspn(name, ".");
	const char *at = needs->text;
	char stem[256];

	if (needs->text == NULL)
		return true;
	snprintf(stem, sizeof(stem), "%.*s", (int)len, name);
	while (len != 0 && (at = strstr(at, stem)) != NULL) {
		if ((at == needs->text || !is_of_name(at[-1])) && !is_of_name(at[len]))
			return true;
		at++;
	}
	return false;
}
