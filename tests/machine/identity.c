/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity.c - a machine's fingerprint does not depend on luck: each open and each read of a look at it fails once, and each file that is opened
 * fails always; then the fingerprint is the same, or what could not be read is said. What hwloc calls is this program's, too: the functions
 * here stand before the C library's.
 */
#include "config.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/machine/fingerprint.h"
#include "harness/machine/parts.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

enum call { OPENS, READS, CALLS };

#define PATHS 1024

static struct {
	enum call call;
	unsigned long at; /* which of these calls fails, from 1; 0: none */
	const char *path; /* every open of which fails; NULL: none */
	unsigned long seen[CALLS];
	bool collects;
	char *paths[PATHS]; /* that were opened, each once */
	unsigned npaths;
} inject;

static bool fails(enum call call)
{
	bool now = ++inject.seen[call] == inject.at && inject.call == call;

	if (now)
		errno = EIO;
	return now;
}

/* hwloc opens below the root's descriptor what fivestep opens by the whole path. */
static const char *plain(const char *path)
{
	const char *root = getenv("FIVESTEP_ROOT");

	if (root != NULL && strncmp(path, root, strlen(root)) == 0)
		path += strlen(root);
	return path + strspn(path, "/");
}

static bool path_fails(const char *path)
{
	size_t len;

	path = plain(path);
	len = strlen(path);
	while (len > 0 && path[len - 1] == '/')
		len--;
	if (inject.path == NULL || strlen(inject.path) != len || strncmp(path, inject.path, len) != 0)
		return false;
	errno = EACCES;
	return true;
}

/* Only what is there: to be denied a file that is not there is no answer of a kernel. */
static void collect(const char *path, bool opened)
{
	path = plain(path);
	if (!inject.collects || !opened || inject.npaths == PATHS || *path == '\0')
		return;
	for (unsigned i = 0; i < inject.npaths; i++) {
		if (strcmp(inject.paths[i], path) == 0)
			return;
	}
	inject.paths[inject.npaths] = strdup(path);
	for (size_t len = strlen(path); len > 0 && inject.paths[inject.npaths][len - 1] == '/'; len--)
		inject.paths[inject.npaths][len - 1] = '\0';
	inject.npaths++;
}

/* The next definition after this program's own. */
#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

int open(const char *path, int flags, ...)
{
	va_list args;
	int fd, mode;

	va_start(args, flags);
	mode = va_arg(args, int);
	va_end(args);
	if (fails(OPENS) || path_fails(path))
		return -1;
	fd = NEXT(open)(path, flags, mode);
	collect(path, fd >= 0);
	return fd;
}

int openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	int fd, mode;

	va_start(args, flags);
	mode = va_arg(args, int);
	va_end(args);
	if (fails(OPENS) || path_fails(path))
		return -1;
	fd = NEXT(openat)(folder, path, flags, mode);
	collect(path, fd >= 0);
	return fd;
}

FILE *fopen(const char *path, const char *mode)
{
	FILE *file;

	if (fails(OPENS) || path_fails(path))
		return NULL;
	file = NEXT(fopen)(path, mode);
	collect(path, file != NULL);
	return file;
}

DIR *opendir(const char *path)
{
	DIR *folder;

	if (fails(OPENS) || path_fails(path))
		return NULL;
	folder = NEXT(opendir)(path);
	collect(path, folder != NULL);
	return folder;
}

ssize_t read(int fd, void *bytes, size_t len)
{
	return fails(READS) ? -1 : NEXT(read)(fd, bytes, len);
}

size_t fread(void *bytes, size_t size, size_t n, FILE *file)
{
	return fails(READS) ? 0 : NEXT(fread)(bytes, size, n, file);
}

char *fgets(char *text, int len, FILE *file)
{
	return fails(READS) ? NULL : NEXT(fgets)(text, len, file);
}

struct dirent *readdir(DIR *folder)
{
	return fails(READS) ? NULL : NEXT(readdir)(folder);
}

/* ---- */

static struct fs_machine machine;
static struct fs_reason why;
static char truth[FINGERPRINT_HEX];

static void hash(char hex[FINGERPRINT_HEX])
{
	json_t *identity = fingerprint_identity(&machine);

	fingerprint_hash(identity, hex);
	json_decref(identity);
}

/* Whether a look under the injection finds the same, or says what it does not know. */
static bool is_known(const char **how)
{
	char hex[FINGERPRINT_HEX];
	int err;

	memset(inject.seen, 0, sizeof(inject.seen));
	err = topology_probe(&machine, &why);
	if (err != 0)
		*how = "refused";
	else if (machine.nunread != 0)
		*how = "said";
	else
		*how = "same";
	if (err == 0)
		hash(hex);
	return err != 0 || machine.nunread != 0 || strcmp(hex, truth) == 0;
}

/* Every step-th of all calls. */
static void try_numbers(const char *name, enum call call, const char *what, unsigned long all, unsigned step)
{
	unsigned long wrong = 0, said = 0;
	const char *how;

	inject.call = call;
	for (inject.at = 1; inject.at <= all; inject.at += step) {
		if (!is_known(&how)) {
			diag("%s: %s %lu changes the fingerprint and nobody says so", name, what, inject.at);
			wrong++;
		}
		said += strcmp(how, "same") != 0;
	}
	inject.at = 0;
	ok(all > 0 && wrong == 0, "%s: each %u. of %lu %ss fails once: %lu change the fingerprint in silence, %lu are said", name, step, all, what,
		wrong, said);
	is_int((long long)said, 0, "%s: one that fails once is made good by another look", name);
}

static void try_paths(const char *name)
{
	unsigned wrong = 0, said = 0;
	const char *how;

	for (unsigned i = 0; i < inject.npaths; i++) {
		inject.path = inject.paths[i];
		if (!is_known(&how)) {
			diag("%s: without %s the fingerprint is another and nobody says so", name, inject.path);
			wrong++;
		}
		said += strcmp(how, "same") != 0;
	}
	inject.path = NULL;
	ok(inject.npaths > 0 && wrong == 0, "%s: each of %u files and folders is denied: %u change the fingerprint in silence, %u are said", name,
		inject.npaths, wrong, said);
	ok(said > 0, "%s: what is denied is said", name);
	for (unsigned i = 0; i < inject.npaths; i++)
		free(inject.paths[i]);
	inject.npaths = 0;
}

/* A large machine's calls are many, and alike. */
static void try_all(const char *name, const char *files, unsigned step)
{
	unsigned long counts[CALLS];

	fake_machine_enter(files, NULL);
	inject.collects = true;
	memset(inject.seen, 0, sizeof(inject.seen));
	is_int(topology_probe(&machine, &why), 0, "%s: can be looked at", name);
	inject.collects = false;
	is_int(machine.nunread, 0, "%s: all of it can be read", name);
	hash(truth);
	memcpy(counts, inject.seen, sizeof(counts));
	try_numbers(name, OPENS, "open", counts[OPENS], step);
	try_numbers(name, READS, "read", counts[READS], step);
	try_paths(name);
	fake_machine_leave();
}

int main(void)
{
	try_all("guest", "guest", 1);
	try_all("cxl", "cxl", 61);
	try_all("this machine", NULL, 41);
	done_testing();
	return exit_status();
}
