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

#include "base/text.h"

static char root[256];

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

static void file_write(const char *path, const char *text)
{
	FILE *file = file_create(path);

	must(fputs(text, file) >= 0, path);
	must(fclose(file) == 0, path);
}

/* One entry: "/a/cpu{0-3,8}/b" is a file of the same text for each number of the list. */
static void write_entry(const char *path, const char *text)
{
	const char *open = strchr(path, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
	char one[PATH_MAX], *end;

	if (close == NULL) {
		file_write(path, text);
		return;
	}
	for (const char *at = open; at < close; at = end) {
		unsigned long first = strtoul(at + 1, &end, 10), last = *end == '-' ? strtoul(end + 1, &end, 10) : first;

		must(*end == ',' || *end == '}', path);
		for (unsigned long i = first; i <= last; i++) {
			snprintf(one, sizeof(one), "%.*s%lu%s", (int)(open - path), path, i, close + 1);
			file_write(one, text);
		}
	}
}

static void unpack(const char *name)
{
	char path[512], line[4096], entry[4096] = "";
	struct text content = {0};
	FILE *from;

	source_path(path, sizeof(path), name, "files");
	from = fopen(path, "r");
	must(from != NULL, path);
	while (fgets(line, sizeof(line), from) != NULL) {
		if (strncmp(line, "== ", 3) != 0) {
			text_add(&content, "%s", line);
			continue;
		}
		if (entry[0] != '\0')
			write_entry(entry, text_string(&content));
		text_clear(&content);
		line[strcspn(line, "\n")] = '\0';
		strcpy(entry, line + 3);
	}
	must(entry[0] != '\0', path);
	write_entry(entry, text_string(&content));
	text_clear(&content);
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

void fake_machine_unpack(const char *name, const char *folder)
{
	must(snprintf(root, sizeof(root), "%s", folder) < (int)sizeof(root), folder);
	unpack(name);
}

void fake_machine_write(const char *path, const char *text)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", root, path);
	if (text == NULL) {
		must(unlink(full) == 0, full);
		return;
	}
	file_write(path, text);
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
