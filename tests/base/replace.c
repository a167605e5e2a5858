/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replace.c - a file that is replaced is the whole new one or the old one as it was, and nothing is left beside it; mixed numbers are those of
 * SplitMix64, in the house and in bodies; the time as text is one that sorts.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mix.h"
#include "base/replace.h"
#include "base/stamp.h"
#include "harness/fivestep.h"
#include "tests/tap.h"

static char folder[TAP_PATH], path[TAP_PATH + 16];

static int write_text(FILE *file, const void *text)
{
	return fputs(text, file) < 0 ? -EIO : 0;
}

static int write_half(FILE *file, const void *text)
{
	fprintf(file, "%.3s", (const char *)text);
	return -ENOSPC;
}

static const char *content(void)
{
	static char text[64];
	FILE *file = fopen(path, "re");

	memset(text, 0, sizeof(text));
	if (file != NULL) {
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

static int files_beside(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return n;
}

static void test_replace(void)
{
	mode_t mask = umask(027);
	struct stat stat_of = {0};

	is_int(replace_file(path, write_text, "the first"), 0, "a file that was not there is written");
	is_str(content(), "the first", "as it was meant");
	stat(path, &stat_of);
	is_int(stat_of.st_mode & 0777, 0640, "with the mode that the user's mask gives");
	umask(mask);
	is_int(replace_file(path, write_text, "the second"), 0, "it is replaced");
	is_str(content(), "the second", "by the new one");
	is_int(replace_file(path, write_half, "the third"), -ENOSPC, "writing that fails is said");
	is_str(content(), "the second", "and the old file is as it was");
	is_int(files_beside(), 1, "with nothing beside it");
	unlink(path);
	mkdir(path, 0700);
	is_int(replace_file(path, write_text, "the fourth"), -EISDIR, "a folder is not replaced");
	is_int(files_beside(), 1, "and nothing is left beside it");
	rmdir(path);
}

static void test_mix(void)
{
	is_int((long long)(mix64(0) == UINT64_C(0xe220a8397b1dcdaf)), 1, "the first number of SplitMix64");
	is_int((long long)(mix64(UINT64_C(0x9e3779b97f4a7c15)) == UINT64_C(0x6e789e6aa1b965f4)), 1, "and the second");
	is_int((long long)(fs_mix(12345) == mix64(12345)), 1, "bodies have the same function");
}

static void test_stamps(void)
{
	char text[STAMP_TEXT];

	stamp_utc(text);
	is_int((long long)strlen(text), 20, "the time in UTC has 20 characters");
	ok(text[4] == '-' && text[10] == 'T' && text[19] == 'Z', "year first, and says that it is UTC: %s", text);
	stamp_name(text);
	is_int((long long)strspn(text, "0123456789-"), 15, "the time in a file's name is digits: %s", text);
}

/* Where standard input is closed, the new file has its number. */
static void test_descriptor_0(void)
{
	int saved = dup(STDIN_FILENO);

	close(STDIN_FILENO);
	is_int(replace_file(path, write_text, "of number 0"), 0, "a file is replaced where standard input is closed");
	is_str(content(), "of number 0", "it is the new one");
	if (saved >= 0)
		dup2(saved, STDIN_FILENO);
	close(saved);
	unlink(path);
}

int main(void)
{
	temporary(folder, "replace");
	if (mkdtemp(folder) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/file", folder);
	test_replace();
	test_descriptor_0();
	test_mix();
	test_stamps();
	rmdir(folder);
	done_testing();
	return exit_status();
}
