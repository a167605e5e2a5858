/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_inputs.c - the real inputs that a kernel's parameter may name, as JSON; see list_kinds.h. Only the head of each file is read, since files may
 * be large: a round that reads the whole file verifies its claims.
 */
#include "config.h"

#include "command/list_kinds.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "base/text.h"
#include "harness/plan/inputs.h"

#define SUFFIX	   ".mtx"
#define HEAD_LINES 1000 /* limit on comments before the line of sizes; more than any file has */

static bool has_name(const json_t *list, const char *name)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
	{
		if (strcmp(json_string_value(json_object_get(entry, "name")), name) == 0)
			return true;
	}
	return false;
}

/* The banner, the first comment and the line of sizes: "coordinate pattern symmetric, 34 34 78: Zachary's karate club". */
static void describe(FILE *file, char *text, size_t bytes)
{
	char line[1024], kind[128] = "", about[512] = "", sizes[128] = "";

	for (unsigned i = 0; i < HEAD_LINES && sizes[0] == '\0' && fgets(line, sizeof(line), file) != NULL; i++) {
		const char *words = line + strspn(line, "% ");

		line[strcspn(line, "\r\n")] = '\0';
		text_make_visible(line, sizeof(line));
		if (i == 0 && sscanf(line, "%%%%MatrixMarket matrix %127[^\n]", kind) != 1)
			break;
		if (i > 0 && line[0] != '%' && words[0] != '\0')
			text_fit(sizes, sizeof(sizes), "%s", words);
		else if (i > 0 && about[0] == '\0')
			text_fit(about, sizeof(about), "%s", words);
	}
	if (sizes[0] == '\0')
		snprintf(text, bytes, "not in the Matrix Market format");
	else
		snprintf(text, bytes, "%s, %s%s%s", kind, sizes, about[0] != '\0' ? ": " : "", about);
}

static void list_file(json_t *list, const char *folder, char *name)
{
	char path[4096], text[1024], *dot = strrchr(name, '.');
	FILE *file;

	if (dot == NULL || strcmp(dot, SUFFIX) != 0 || snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return;
	*dot = '\0';
	if (!input_is_name(name) || has_name(list, name))
		return;
	file = fopen(path, "re");
	if (file == NULL)
		snprintf(text, sizeof(text), "cannot be read: %m");
	else
		describe(file, text, sizeof(text));
	if (file != NULL)
		fclose(file);
	json_array_append_new(list, json_pack("{s:s, s:s}", "name", name, "summary", text));
}

static void list_folder(json_t *list, const char *folder)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		list_file(list, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

json_t *list_inputs(void)
{
	json_t *list = json_array();
	char shipped[4096];

	/* Of several inputs with one name, the first is the one that a run finds. */
	if (inputs_folder() != NULL)
		list_folder(list, inputs_folder());
	if (datafile_path(INPUTS_TREE, INPUTS_INSTALLED, "", shipped, sizeof(shipped)) == 0)
		list_folder(list, shipped);
	return list;
}
