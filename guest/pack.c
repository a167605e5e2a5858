/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pack.c - see pack.h.
 */
#include "config.h"

#include "guest/pack.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/datafile.h"
#include "guest/initramfs.h"
#include "guest/qemu.h"
#include "guest/wire.h"
#include "harness/record.h"

/* A file of the user's that a word of the command names: a plan. */
static bool is_users_file(const char *word)
{
	return strstr(word, ".plan") != NULL && access(word, R_OK) == 0;
}

const char *pack_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int add_words(struct initramfs *fs, const char *path, char *const *words)
{
	char text[16384];
	size_t len = 0;

	for (; *words != NULL; words++) {
		const char *word = is_users_file(*words) ? pack_name(*words) : *words;
		size_t n = strlen(word) + 1;

		if (len + n > sizeof(text))
			return -E2BIG;
		memcpy(text + len, word, n);
		len += n;
	}
	return initramfs_add_bytes(fs, path, text, len, 0644);
}

/* Every file of a folder of data, as it is called when it is installed. */
static int add_data(struct initramfs *fs, const char *tree_folder, const char *installed_folder)
{
	char dir[512], source[1024], path[512];
	struct dirent *entry;
	DIR *d;
	int err = 0;

	d = datafile_path(tree_folder, installed_folder, "", dir, sizeof(dir)) == 0 ? opendir(dir) : NULL;
	while (d != NULL && err == 0 && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(source, sizeof(source), "%s/%s", dir, entry->d_name);
		snprintf(path, sizeof(path), WIRE_DATA "/%s/%.200s", installed_folder, entry->d_name);
		err = initramfs_add_file(fs, path, source, 0644);
	}
	if (d != NULL)
		closedir(d);
	return err;
}

static int add_users_file(struct initramfs *fs, const char *source)
{
	char path[300];

	snprintf(path, sizeof(path), WIRE_FOLDER "/%.255s", pack_name(source));
	return initramfs_add_file(fs, path, source, 0644);
}

static int add_users_files(struct initramfs *fs, const struct guest_options *options)
{
	int err = initramfs_add_dir(fs, WIRE_FOLDER);

	for (char *const *word = options->args; *word != NULL && err == 0; word++) {
		if (is_users_file(*word))
			err = add_users_file(fs, *word);
	}
	return err == 0 && options->resumes ? add_users_file(fs, options->output) : err;
}

int pack_initramfs(const struct guest_options *options, const char *accelerator, int fd)
{
	char date[48], word[300], emulator[160], version[128], id[RECORD_ID_TEXT] = "00000000-0000-4000-8000-000000000000", run_id[64];
	char *environment[] = {"PATH=/bin", "HOME=/tmp", "TERM=dumb", "LD_LIBRARY_PATH=/lib", "FIVESTEP_DATADIR=" WIRE_DATA,
		"FIVESTEP_RECORD_COPY=" WIRE_RECORDS, date, word, emulator, run_id, options->instructions ? "FIVESTEP_CLOCK=instructions" : NULL,
		/* Under that clock: a heap for each thread comes when two meet, another mapping by which a fault may search a level deeper. */
		"MALLOC_ARENA_MAX=1", NULL};
	struct initramfs fs;
	char path[64];
	int err;

	/* The guest's own clock may be a fixed one, and its chance the same in every boot. Always as many bytes, so that they cannot matter. */
	strftime(date, sizeof(date), "FIVESTEP_DATE=%Y-%m-%dT%H:%M:%SZ", gmtime_r(&(time_t){time(NULL)}, &(struct tm){0}));
	snprintf(word, sizeof(word), "FIVESTEP_ACCELERATOR=%s", accelerator);
	record_draw_id(id);
	snprintf(run_id, sizeof(run_id), "FIVESTEP_RUN_ID=%s", id);
	qemu_version(version, sizeof(version));
	snprintf(emulator, sizeof(emulator), "FIVESTEP_QEMU=%s", version);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = initramfs_open(&fs, path);
	if (err < 0)
		return err;
	err = initramfs_add_program(&fs, WIRE_PROGRAM);
	for (const char *const *dir = (const char *const[]){"/proc", "/sys", "/dev", "/tmp", "/etc", NULL}; *dir != NULL && err == 0; dir++)
		err = initramfs_add_dir(&fs, *dir);
	if (err == 0)
		err = add_words(&fs, WIRE_ARGS, options->args);
	if (err == 0)
		err = add_words(&fs, WIRE_ENV, environment);
	if (err == 0)
		err = add_data(&fs, "harness/plans", "plans");
	if (err == 0)
		err = add_data(&fs, "harness/counter/groups", "groups");
	if (err == 0)
		err = add_users_files(&fs, options);
	return initramfs_close(&fs) == 0 ? err : -EIO;
}
