/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_beside.c - the digest of a run in a file beside it; see digest_beside.h.
 */
#include "config.h"

#include "analysis/summary/digest_beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/summary/digest_body.h"
#include "analysis/summary/digest_check.h"
#include "analysis/summary/digest_sources.inc"
#include "base/replace.h"

#define MAGIC	    0x6264747365766966u /* "fivestdb", which another byte order reads as something else */
#define WORD	    sizeof(uint64_t)
#define BLOCK_WORDS 65536

struct head {
	uint64_t magic;
	uint64_t sources; /* of the build that wrote it */
	uint64_t layout;
	struct digest_content content; /* of the run */
	uint64_t words;		       /* of the body */
	uint64_t checksum;
};

/* Sizes that differ from machine to machine and are in the body as they are. */
static uint64_t layout(void)
{
	return digest_hash(DIGEST_HASH_BEGIN, (const uint64_t[]){sizeof(struct runfile_text), sizeof(double), sizeof(unsigned), sizeof(size_t)}, 4);
}

/* ---- the run's content */

static int content_of(int fd, struct digest_content *content)
{
	uint64_t *block = malloc(BLOCK_WORDS * WORD);
	size_t filled = 0;
	ssize_t n = 0;
	int err = block != NULL ? 0 : -ENOMEM;

	*content = (struct digest_content){.hash = DIGEST_HASH_BEGIN};
	do {
		n = err == 0 ? read(fd, (char *)block + filled, BLOCK_WORDS * WORD - filled) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = -errno;
		if (n > 0)
			filled += (size_t)n;
		/* The last word is filled up with zeros: the size tells it from one that has them. */
		if (block != NULL && n == 0)
			memset((char *)block + filled, 0, (WORD - filled % WORD) % WORD);
		if (block != NULL && (n == 0 || filled == BLOCK_WORDS * WORD)) {
			content->hash = digest_hash(content->hash, block, (filled + WORD - 1) / WORD);
			content->bytes += filled;
			filled = 0;
		}
	} while (n != 0 && err == 0);
	free(block);
	return err;
}

/* Opens the run, and says who owns it. The descriptor, or -errno with the reason. */
static int open_run(const char *path, struct stat *owner, struct fs_reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = fd >= 0 && fstat(fd, owner) == 0 ? 0 : -errno;

	if (err == 0 && !S_ISREG(owner->st_mode))
		err = -EINVAL;
	if (err == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return fs_because(why, err, "", "%s: %s", path, err == -EINVAL ? "not a regular file" : strerror(-err));
}

static int read_content(const char *path, struct digest_content *content, struct stat *owner, struct fs_reason *why)
{
	int fd = open_run(path, owner, why), err = fd;

	if (fd < 0)
		return err;
	err = content_of(fd, content);
	close(fd);
	return err == 0 ? 0 : fs_because(why, err, "", "%s: %s", path, strerror(-err));
}

/* ---- writing */

struct digest_file {
	struct head head;
	uint64_t *body;
};

static int write_file(FILE *file, const void *what)
{
	const struct digest_file *digest = what;
	size_t words = digest->head.words;

	return fwrite(&digest->head, sizeof(digest->head), 1, file) == 1 && fwrite(digest->body, WORD, words, file) == words ? 0 : -EIO;
}

/* The body of the run, whose list of cells in its record is left out: the cells are there besides. */
static int pack(const char *path, struct digest_file *digest, struct fs_reason *why)
{
	struct summary summary = {0};
	struct runfile run = {0};
	int err = runfile_load(path, &run, why);

	if (err == 0 && run.header == NULL)
		err = fs_because(why, -ENODATA, "", "%s: it has no run record", path);
	if (err == 0) {
		json_object_del(run.header, "cells");
		err = summary_make(&run, &summary);
		digest->body = err == 0 ? digest_pack(&run, &summary, &digest->head.words) : NULL;
		if (digest->body == NULL)
			err = fs_no_memory(why);
	}
	if (err == 0 && !digest_is_sound(&run, &summary))
		err = fs_because(why, -EINVAL, "", "%s: it has values that no digest may have", path);
	summary_free(&summary);
	runfile_free(&run);
	return err;
}

static int write_digest(const char *path, const struct digest_file *digest, struct fs_reason *why)
{
	char *name = text_format("%s" RUNFILE_DIGEST, path);
	int err = name != NULL ? replace_file(name, write_file, digest) : -ENOMEM;

	if (err != 0)
		fs_because(why, err, err == -ENOSPC ? "is the disk full?" : "", "%s" RUNFILE_DIGEST ": %s", path, strerror(-err));
	free(name);
	return err;
}

int digest_beside_save(const char *path, struct fs_reason *why)
{
	struct digest_file digest = {.head = {.magic = MAGIC, .sources = DIGEST_SOURCES, .layout = layout()}};
	struct digest_content after;
	struct stat owner;
	int err = read_content(path, &digest.head.content, &owner, why);

	if (err == 0)
		err = pack(path, &digest, why);
	if (err == 0)
		err = read_content(path, &after, &owner, why);
	if (err == 0 && memcmp(&after, &digest.head.content, sizeof(after)) != 0)
		err = fs_because(why, -EAGAIN, "wait until the run has ended", "%s: it changes", path);
	if (err == 0) {
		digest.head.checksum = digest_hash(DIGEST_HASH_BEGIN, digest.body, digest.head.words);
		err = write_digest(path, &digest, why);
	}
	free(digest.body);
	return err;
}

/* ---- reading */

static int refuse(struct fs_reason *why, int err, const char *path, const char *what)
{
	return fs_because(why, err, "", "%s" RUNFILE_DIGEST ": %s", path, what);
}

/* What the head says, before the run is read for it. */
static int judge_head(const char *path, const struct head *head, uint64_t bytes, struct fs_reason *why)
{
	if (head->magic != MAGIC)
		return refuse(why, -EBADMSG, path, "not a digest of this kind of machine");
	if (head->sources != DIGEST_SOURCES || head->layout != layout())
		return refuse(why, -EPROTONOSUPPORT, path, "made by another build");
	if (bytes > DIGEST_BESIDE_BYTES || bytes < sizeof(*head) || head->words != (bytes - sizeof(*head)) / WORD || bytes % WORD != 0)
		return refuse(why, -EBADMSG, path, "torn");
	return 0;
}

int digest_beside_read(
	const char *path, FILE *file, const struct digest_content *content, struct runfile *run, struct summary *summary, struct fs_reason *why)
{
	struct summary values;
	struct runfile kept;
	struct stat status;
	struct head head;
	uint64_t *words;
	int err;

	if (fstat(fileno(file), &status) != 0 || fread(&head, sizeof(head), 1, file) != 1)
		return refuse(why, -EBADMSG, path, "torn");
	err = judge_head(path, &head, (uint64_t)status.st_size, why);
	if (err != 0)
		return err;
	if (memcmp(&head.content, content, sizeof(*content)) != 0)
		return refuse(why, -ESTALE, path, "of another content of the run");
	words = malloc(head.words * WORD + 1);
	if (words == NULL)
		return fs_no_memory(why);
	if (fread(words, WORD, head.words, file) != head.words || digest_hash(DIGEST_HASH_BEGIN, words, head.words) != head.checksum) {
		free(words);
		return refuse(why, -EBADMSG, path, "damaged");
	}
	err = digest_unpack(words, head.words, path, &kept, &values);
	if (err == -ENOMEM)
		return fs_no_memory(why);
	if (err == 0 && !digest_is_sound(&kept, &values)) {
		summary_free(&values);
		runfile_free(&kept);
		err = -EBADMSG;
	}
	if (err != 0)
		return refuse(why, err, path, "it has what no run has");
	*run = kept;
	*summary = values;
	for (size_t i = 0; i < summary->n; i++)
		summary->rows[i].run = run;
	return 0;
}

/* Whether whoever may write the digest may write the run as well. */
static bool is_as_safe(const struct stat *digest, const struct stat *run)
{
	mode_t others = S_IWGRP | S_IWOTH;

	return digest->st_uid == run->st_uid && (digest->st_mode & others & ~run->st_mode) == 0 &&
	       ((digest->st_mode & S_IWGRP) == 0 || digest->st_gid == run->st_gid);
}

/* Never waits, as for a pipe, and follows no link. */
static int open_digest(const char *path, FILE **file, struct stat *status, struct fs_reason *why)
{
	char *name = text_format("%s" RUNFILE_DIGEST, path);
	int fd = name != NULL ? open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1, err = 0;

	*file = NULL;
	if (name == NULL)
		err = fs_no_memory(why);
	else if (fd < 0 && errno == ENOENT)
		err = -ENOENT;
	else if (fd < 0)
		err = refuse(why, -errno, path, strerror(errno));
	else if (fstat(fd, status) != 0 || !S_ISREG(status->st_mode) || (*file = fdopen(fd, "r")) == NULL)
		err = refuse(why, -EINVAL, path, "not a regular file");
	if (err != 0 && fd >= 0)
		close(fd);
	free(name);
	return err;
}

int digest_beside_load(const char *path, struct runfile *run, struct summary *summary, struct fs_reason *why)
{
	struct digest_content content;
	struct stat digest, owner;
	FILE *file;
	int err = open_digest(path, &file, &digest, why);

	if (err != 0)
		return err;
	err = read_content(path, &content, &owner, why);
	if (err == 0 && !is_as_safe(&digest, &owner))
		err = refuse(why, -EPERM, path, "others may write it than may write the run");
	if (err == 0)
		err = digest_beside_read(path, file, &content, run, summary, why);
	fclose(file);
	return err;
}
