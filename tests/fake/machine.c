/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_machine.c - unpacks a machine for tests; see fake_machine.h.
 */
#include "config.h"

#include "tests/fake/machine.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[96];

/* A test that cannot lay out its machine has no result at all. */
static void must(bool done, const char *what)
{
	if (done)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

static void source_path(char *path, size_t bytes, const char *name, const char *extension)
{
	const char *srcdir = getenv("srcdir");

	snprintf(path, bytes, "%s/tests/machines/%s.%s", srcdir != NULL ? srcdir : ".", name, extension);
}

static FILE *file_create(const char *path)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = strchr(full + strlen(root) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		must(mkdir(full, 0755) == 0 || errno == EEXIST, full);
		*slash = '/';
	}
	file = fopen(full, "w");
	must(file != NULL, full);
	return file;
}

static void unpack(const char *name)
{
	char path[512], line[4096];
	FILE *from, *to = NULL;

	source_path(path, sizeof(path), name, "files");
	from = fopen(path, "r");
	must(from != NULL, path);
	while (fgets(line, sizeof(line), from) != NULL) {
		if (strncmp(line, "== ", 3) != 0) {
			must(to == NULL || fputs(line, to) >= 0, path);
			continue;
		}
		line[strcspn(line, "\n")] = '\0';
		must(to == NULL || fclose(to) == 0, path);
		to = file_create(line + 3);
	}
	must(to != NULL && fclose(to) == 0, path);
	fclose(from);
}

void fake_machine_enter(const char *files, const char *xml)
{
	const char *folder = getenv("TMPDIR");
	char path[512];

	snprintf(root, sizeof(root), "%.60s/fivestep-machine-XXXXXX", folder != NULL ? folder : "/tmp");
	must(mkdtemp(root) != NULL, root);
	if (files != NULL) {
		unpack(files);
		setenv("FIVESTEP_ROOT", root, 1);
	}
	if (xml != NULL) {
		source_path(path, sizeof(path), xml, "xml");
		setenv("HWLOC_XMLFILE", path, 1);
	}
}

void fake_machine_write(const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	if (text == NULL) {
		must(unlink(full) == 0, full);
		return;
	}
	file = file_create(path);
	must(fputs(text, file) >= 0, path);
	must(fclose(file) == 0, path);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	(void)stat;
	(void)type;
	(void)where;
	return remove(path);
}

void fake_machine_leave(void)
{
	unsetenv("FIVESTEP_ROOT");
	unsetenv("HWLOC_XMLFILE");
	must(nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, root);
}

int fake_machine_probe(const char *files, const char *xml, struct fs_machine *machine, struct fs_reason *why)
{
	int err;

	fake_machine_enter(files, xml);
	err = machine_probe(machine, why);
	fake_machine_leave();
	return err;
}
