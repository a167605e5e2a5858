/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bodies.c - assembles a body's source from the embedded files.
 */
#include "config.h"

#include "harness/device/bodies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/fivestep.h"

struct bodies_file {
	const char *path, *text;
};

struct bodies_body {
	const char *name, *path;
};

#include "harness/device/bodies.inc"

#define PATH_BYTES 128

static const struct bodies_body *find(const char *name)
{
	for (const struct bodies_body *body = bodies; body->name != NULL; body++) {
		if (strcmp(body->name, name) == 0)
			return body;
	}
	return NULL;
}

static int file_index(const char *path)
{
	for (int i = 0; files[i].path != NULL; i++) {
		if (strcmp(files[i].path, path) == 0)
			return i;
	}
	return -1;
}

/* The embedded file that a line includes; -1 if it includes none, or a system header. */
static int included(const char *line)
{
	char path[PATH_BYTES];

	return sscanf(line, "#include \"%127[^\"]\"", path) == 1 ? file_index(path) : -1;
}

/* An included file is inserted at its first inclusion: run-time compilers have no include path. */
static void put(FILE *to, int file, bool done[FS_ARRAY_SIZE(files)])
{
	unsigned number = 1;

	done[file] = true;
	fprintf(to, "#line 1 \"%s\"\n", files[file].path);
	for (const char *line = files[file].text; *line != '\0'; line = strchr(line, '\n') + 1, number++) {
		int inner = included(line);

		if (inner < 0) {
			fwrite(line, 1, (size_t)(strchr(line, '\n') - line) + 1, to);
			continue;
		}
		if (!done[inner])
			put(to, inner, done);
		fprintf(to, "#line %u \"%s\"\n", number + 1, files[file].path);
	}
}

bool bodies_have(const char *name)
{
	return find(name) != NULL;
}

char *bodies_source(const char *name)
{
	const struct bodies_body *body = find(name);
	bool done[FS_ARRAY_SIZE(files)] = {false};
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = body != NULL ? open_memstream(&text, &bytes) : NULL;

	if (to == NULL)
		return NULL;
	put(to, file_index(body->path), done);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

const char *bodies_name(unsigned i)
{
	return i < FS_ARRAY_SIZE(bodies) ? bodies[i].name : NULL;
}
