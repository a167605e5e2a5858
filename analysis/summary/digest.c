/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.c - caches what a comparison needs of a large run; see digest.h. This file handles identity and storage; the
 * body is handled by digest_body.c.
 *
 * The head has the body's length and checksum, so that a truncated or damaged file is not taken for a digest.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analysis/summary/digest.h"
#include "analysis/summary/digest_body.h"
#include "base/program.h"
#include "base/replace.h"

#define MAGIC	 0x7473656769647366u /* "fsdigest" */
#define WORD	 sizeof(uint64_t)
#define SUFFIX	 ".digest"
#define SETTLE_S 1 /* no file system's clock is coarser */

struct head {
	uint64_t magic;
	struct digest_key key;
	uint64_t words; /* of the body */
	uint64_t checksum;
};

/* ---- which file ---------------------------------------------------------------------------------------- */

int digest_key_of(const char *path, struct digest_key *key)
{
	struct timespec now;
	struct stat file, program;

	if (stat(path, &file) || stat(program_path(), &program) || clock_gettime(CLOCK_REALTIME, &now))
		return -errno;
	if (!S_ISREG(file.st_mode) || file.st_size < DIGEST_WORTHWHILE_BYTES)
		return -ERANGE;
	if (file.st_ctim.tv_sec + SETTLE_S >= now.tv_sec)
		return -EAGAIN;
	*key = (struct digest_key){
		.device = file.st_dev,
		.inode = file.st_ino,
		.bytes = (uint64_t)file.st_size,
		.modified_s = (uint64_t)file.st_mtim.tv_sec,
		.modified_ns = (uint64_t)file.st_mtim.tv_nsec,
		.changed_s = (uint64_t)file.st_ctim.tv_sec,
		.changed_ns = (uint64_t)file.st_ctim.tv_nsec,
		.program_bytes = (uint64_t)program.st_size,
		.program_modified_s = (uint64_t)program.st_mtim.tv_sec,
		.program_modified_ns = (uint64_t)program.st_mtim.tv_nsec,
	};
	return 0;
}

/* One per run file, whatever its state, so that a growing run does not leave many digests. */
static int digest_path(const char *folder, const struct digest_key *key, char *path, size_t bytes)
{
	uint64_t name = digest_hash(DIGEST_HASH_BEGIN, (uint64_t[]){key->device, key->inode}, 2);
	int len = snprintf(path, bytes, "%s/%016llx%s", folder, (unsigned long long)name, SUFFIX);

	return len >= 0 && (size_t)len < bytes ? 0 : -ENAMETOOLONG;
}

/* ---- the file ------------------------------------------------------------------------------------------ */

struct digest_file {
	const struct head *head;
	const uint64_t *body;
};

static int write_file(FILE *file, const void *what)
{
	const struct digest_file *digest = what;
	size_t words = digest->head->words;

	return fwrite(digest->head, sizeof(*digest->head), 1, file) == 1 && fwrite(digest->body, WORD, words, file) == words ? 0 : -EIO;
}

/* Removes the oldest of more than DIGEST_KEPT. */
static void prune(const char *folder)
{
	struct timespec oldest_time = {0};
	char oldest[256] = "";
	size_t n = 0;
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct stat stat;

		if (strstr(entry->d_name, SUFFIX) == NULL || fstatat(dirfd(dir), entry->d_name, &stat, 0))
			continue;
		n++;
		if (*oldest && stat.st_mtim.tv_sec >= oldest_time.tv_sec)
			continue;
		oldest_time = stat.st_mtim;
		snprintf(oldest, sizeof(oldest), "%s", entry->d_name);
	}
	if (dir != NULL && n > DIGEST_KEPT)
		unlinkat(dirfd(dir), oldest, 0);
	if (dir != NULL)
		closedir(dir);
}

static int make_folder(const char *folder)
{
	char path[1024];

	if (snprintf(path, sizeof(path), "%s", folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(path, 0777) && errno != EEXIST ? -errno : 0;
}

int digest_save(const char *folder, const struct digest_key *key, const struct runfile *run, const struct summary *summary)
{
	struct head head = {.magic = MAGIC, .key = *key};
	uint64_t *body = digest_pack(run, summary, &head.words);
	char path[900];
	int err = body != NULL ? make_folder(folder) : -ENOMEM;

	head.checksum = body != NULL ? digest_hash(DIGEST_HASH_BEGIN, body, head.words) : 0;
	if (err == 0)
		err = digest_path(folder, key, path, sizeof(path));
	if (err == 0)
		err = replace_file(path, write_file, &(struct digest_file){&head, body});
	if (err == 0)
		prune(folder);
	free(body);
	return err;
}

/* Only a file that the user owns and no other user can write is read: another user's digest would be trusted as the contents of a run file. */
static FILE *open_own(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat stat;
	FILE *file = NULL;

	if (fd >= 0 && !fstat(fd, &stat) && S_ISREG(stat.st_mode) && stat.st_uid == geteuid() && !(stat.st_mode & (S_IWGRP | S_IWOTH)))
		file = fdopen(fd, "r");
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

/* The body of the digest with that key; NULL if it has another key or is incomplete. The caller frees it. */
static uint64_t *read_file(const char *path, const struct digest_key *key, size_t *n)
{
	FILE *file = open_own(path);
	uint64_t *words = NULL;
	struct stat stat;
	struct head head;

	if (file == NULL)
		return NULL;
	if (fread(&head, sizeof(head), 1, file) == 1 && head.magic == MAGIC && memcmp(&head.key, key, sizeof(*key)) == 0 &&
		!fstat(fileno(file), &stat) && head.words <= SIZE_MAX / WORD && sizeof(head) + head.words * WORD == (uint64_t)stat.st_size)
		words = malloc(head.words * WORD + 1);
	if (words != NULL &&
		(fread(words, WORD, head.words, file) != head.words || digest_hash(DIGEST_HASH_BEGIN, words, head.words) != head.checksum)) {
		free(words);
		words = NULL;
	}
	*n = head.words;
	fclose(file);
	return words;
}

int digest_load(const char *folder, const struct digest_key *key, const char *path, struct runfile *run, struct summary *summary)
{
	uint64_t *body;
	char name[900];
	size_t n;
	int err = digest_path(folder, key, name, sizeof(name));

	if (err != 0)
		return err;
	body = read_file(name, key, &n);
	return body != NULL ? digest_unpack(body, n, path, run, summary) : -ENOENT;
}
