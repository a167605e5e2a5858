/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache_dir.c - what is executed from the cache is nobody else's: folders and files that another user could have written are refused, links are not
 * followed.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cache_dir.h"
#include "tests/tap.h"

static char folder[TAP_PATH];

static const char *below(const char *name)
{
	static char path[TAP_PATH + 64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void make_file(const char *name, mode_t mode)
{
	int fd = open(below(name), O_CREAT | O_WRONLY, 0600);

	if (fd >= 0)
		close(fd);
	chmod(below(name), mode);
}

static void test_names(void)
{
	struct fs_reason why = {0};
	char path[32];

	setenv("HOME", "/home/me", 1);
	unsetenv("XDG_CACHE_HOME");
	unsetenv("FIVESTEP_CACHE");
	is_int(cache_dir(path, sizeof(path), &why), 0, "the cache is found below HOME");
	is_str(path, "/home/me/.cache/fivestep", "in .cache");
	setenv("XDG_CACHE_HOME", "/var/x", 1);
	cache_dir(path, sizeof(path), &why);
	is_str(path, "/var/x/fivestep", "XDG_CACHE_HOME comes before HOME");
	setenv("FIVESTEP_CACHE", "/my/own", 1);
	cache_dir(path, sizeof(path), &why);
	is_str(path, "/my/own", "FIVESTEP_CACHE before both");
	is_int(cache_dir(path, strlen("/my/own") + 1, &why), 0, "room for just the name is enough");
	is_int(cache_dir(path, strlen("/my/own"), &why), -ENAMETOOLONG, "one byte less is not");
	setenv("FIVESTEP_CACHE", "", 1);
	setenv("XDG_CACHE_HOME", "", 1);
	cache_dir(path, sizeof(path), &why);
	is_str(path, "/home/me/.cache/fivestep", "empty variables are none");
	setenv("HOME", "", 1);
	is_int(cache_dir(path, sizeof(path), &why), -ENOENT, "nor is an empty HOME");
}

static void test_folders(void)
{
	struct fs_reason why = {0};
	char *too_long = malloc(PATH_MAX + 2);
	struct stat st;

	is_int(cache_make(below("a/b/c"), &why), 0, "a folder is made with its parents");
	ok(stat(below("a/b/c"), &st) == 0 && S_ISDIR(st.st_mode), "it is there");
	is_int(cache_make(below("a/b/c"), &why), 0, "and again");
	is_int(cache_check(below("a/b/c"), &why), 0, "it is nobody else's");
	is_int(cache_check(below("none"), &why), -ENOENT, "one that does not exist is told so");
	chmod(below("a/b/c"), 0777);
	is_int(cache_check(below("a/b/c"), &why), -EPERM, "a folder that all may write to is refused");
	ok(strstr(why.what, "others may write to") != NULL && strstr(why.remedy, "chmod go-w") != NULL, "with the reason and a remedy");
	chmod(below("a/b/c"), 01777);
	is_int(cache_check(below("a/b/c"), &why), -EPERM, "the sticky bit does not save the folder itself");
	chmod(below("a/b/c"), 0755);
	chmod(below("a"), 0777);
	is_int(cache_check(below("a/b/c"), &why), -EPERM, "one below a folder that all may write to, too");
	chmod(below("a"), 01777);
	is_int(cache_check(below("a/b/c"), &why), 0, "but for the sticky bit, as /tmp has it");
	chmod(below("a"), 0755);
	make_file("plain", 0644);
	is_int(cache_make(below("plain/c"), &why), -ENOTDIR, "no folder is made below a file");
	memset(too_long, 'x', PATH_MAX + 1);
	too_long[0] = '/';
	too_long[PATH_MAX + 1] = '\0';
	is_int(cache_make(too_long, &why), -ENAMETOOLONG, "nor one of too long a name");
	free(too_long);
}

static void test_group(void)
{
	struct fs_reason why = {0};

	make_file("group", 0664);
	if (chown(below("group"), (uid_t)-1, getegid() + 1) != 0) {
		skip("only root can give a file to another group", 1);
		return;
	}
	is_int(cache_open(below("group"), &why), -EPERM, "a file that another group may write to is refused");
}

static void test_owner(void)
{
	struct fs_reason why = {0};

	make_file("foreign", 0644);
	mkdir(below("theirs"), 0755);
	mkdir(below("theirs/mine"), 0755);
	if (chown(below("foreign"), 1, (gid_t)-1) != 0 || chown(below("theirs"), 1, (gid_t)-1) != 0 || geteuid() != 0) {
		skip("only root can give a file to another user", 4);
		return;
	}
	is_int(cache_open(below("foreign"), &why), -EPERM, "a file of another user is refused");
	ok(strstr(why.what, "belongs to another user (1)") != NULL, "and whose it is");
	is_int(cache_check(below("theirs"), &why), -EPERM, "a folder of another user");
	is_int(cache_check(below("theirs/mine"), &why), -EPERM, "and one below it");
}

static void test_files(void)
{
	struct fs_reason why = {0};
	int fd;

	make_file("fine", 0644);
	fd = cache_open(below("fine"), &why);
	ok(fd >= 0, "the user's own file is opened");
	close(fd);
	make_file("private-group", 0664);
	fd = cache_open(below("private-group"), &why);
	ok(fd >= 0, "as is one that one's own group may write to");
	close(fd);
	is_int(cache_open(below("absent"), &why), -ENOENT, "one that is not there is told so");
	make_file("open", 0666);
	is_int(cache_open(below("open"), &why), -EPERM, "one that all may write to is refused");
	if (symlink("fine", below("link")) == 0)
		is_int(cache_open(below("link"), &why), -EPERM, "a link is not followed, wherever it leads");
	ok(strstr(why.what, "is a symbolic link") != NULL, "and said to be one");
	is_int(cache_open(below("a"), &why), -EPERM, "a folder is no file");
	ok(strstr(why.what, "is not a file") != NULL, "and said so");
	if (mkfifo(below("pipe"), 0600) == 0)
		is_int(cache_open(below("pipe"), &why), -EPERM, "nor is a pipe, which nothing waits for");
	is_int(cache_open(below("fine/below"), &why), -ENOTDIR, "what cannot be opened for another reason");
	ok(strstr(why.what, "cannot read") != NULL, "has that reason");
}

int main(void)
{
	char command[TAP_PATH + 16];
	mode_t mask = umask(022);

	temporary(folder, "cache-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 99;
	test_names();
	test_folders();
	test_files();
	test_group();
	test_owner();
	umask(mask);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ok(system(command) == 0, "nothing is left");
	done_testing();
	return exit_status();
}
