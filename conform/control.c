/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * control.c - settings of the kernel, and control groups; see control.h.
 */
#include "config.h"

#include "conform/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/machine/topology.h"

int control_need_guest(struct fs_job *job, const char *doing)
{
	if (machine_is_reference_guest(fs_machine(job)))
		return 0;
	return fs_skip(job, "fivestep guest run -- conform", "%s, of a machine that others may use as well: only done in the reference guest", doing);
}

/* ---- files */

int control_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -errno;
	close(fd);
	return err;
}

int control_read(const char *path, char *text, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	text[0] = '\0';
	if (fd < 0)
		return -errno;
	got = read(fd, text, bytes - 1);
	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	close(fd);
	return got < 0 ? -errno : 0;
}

long long control_number(const char *path)
{
	char text[64];

	return control_read(path, text, sizeof(text)) == 0 ? strtoll(text, NULL, 10) : -1;
}

long long control_field(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	size_t length = strlen(name);
	long long value = -1;
	char line[256];

	while (file != NULL && value < 0 && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, name, length) == 0 && (line[length] == ' ' || line[length] == ':'))
			value = strtoll(line + length + 1, NULL, 10);
	}
	if (file != NULL)
		fclose(file);
	return value;
}

/* ---- settings */

int control_set(struct fs_job *job, struct control_setting *setting, const char *path, const char *value, const char *lacks)
{
	int err;

	setting->path = NULL;
	err = control_read(path, setting->before, sizeof(setting->before));
	if (err == 0)
		err = control_write(path, value);
	if (err < 0)
		return fs_skip(job, "a guest's kernel of fivestep guest build", "this kernel has no %s: %s: %s", lacks, path, strerror(-err));
	setting->path = path;
	return 0;
}

void control_reset(const struct control_setting *setting)
{
	if (setting->path != NULL)
		control_write(setting->path, setting->before);
}

/* ---- control groups */

static int group_error(struct fs_job *job, struct control_group *group, const char *what)
{
	int err = -errno;

	umount2(group->root, MNT_DETACH);
	rmdir(group->root);
	return fs_skip(job, "a guest's kernel of fivestep guest build", "no control group: %s: %s", what, strerror(-err));
}

int control_group_open(struct fs_job *job, struct control_group *group, const char *controller)
{
	int err = control_need_guest(job, "would make a control group");
	char text[32];

	if (err < 0)
		return err;
	snprintf(group->root, sizeof(group->root), "/tmp/fivestep-groups-XXXXXX");
	if (mkdtemp(group->root) == NULL)
		return fs_error(job, -errno, "no folder in /tmp: %s", strerror(errno));
	snprintf(text, sizeof(text), "+%s", controller);
	if (mount("none", group->root, "cgroup2", 0, NULL) != 0)
		return group_error(job, group, "cgroup2 cannot be mounted");
	/* Its path is that of the root while there is no group of its own. */
	snprintf(group->path, sizeof(group->path), "%s", group->root);
	err = control_write(control_group_file(group, "cgroup.subtree_control"), text);
	snprintf(group->path, sizeof(group->path), "%s/conform-%d", group->root, (int)getpid());
	errno = -err;
	if (err < 0 || mkdir(group->path, 0755) != 0)
		return group_error(job, group, controller);
	return 0;
}

const char *control_group_file(const struct control_group *group, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", group->path, name);
	return path;
}

int control_group_enter(const struct control_group *group)
{
	return control_write(control_group_file(group, "cgroup.procs"), "0");
}

int control_group_enter_thread(const struct control_group *group)
{
	int err = control_write(control_group_file(group, "cgroup.type"), "threaded");

	return err == 0 ? control_write(control_group_file(group, "cgroup.threads"), "0") : err;
}

int control_group_close(struct control_group *group, int err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/cgroup.procs", group->root);
	control_write(path, "0");
	rmdir(group->path);
	umount2(group->root, MNT_DETACH);
	rmdir(group->root);
	return err;
}
