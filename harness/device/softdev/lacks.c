/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lacks.c - why a machine cannot use softdev and the remedy, from files of the kernel and its package. Reports the first obstacle. Nothing is built
 * or loaded here.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/device/softdev/softdev.h"

#define IN_GUEST "FIVESTEP_SOFTDEV" /* set by the guest's first process if it could not load the module */

/* Finds the first line that starts with a text; line is "" if there is none. Returns 0, or -errno if the file cannot be opened. */
static int line_of(const char *root, const char *path, const char *beginning, char *line, size_t bytes)
{
	char full[512];
	FILE *file;
	bool found = false;

	snprintf(full, sizeof(full), "%s%s", root, path);
	line[0] = '\0';
	file = fopen(full, "re");
	if (file == NULL)
		return -errno;
	while (!found && fgets(line, (int)bytes, file) != NULL)
		found = strncmp(line, beginning, strlen(beginning)) == 0;
	if (!found)
		line[0] = '\0';
	fclose(file);
	return 0;
}

/* From the kernel's configuration, if its package installed that. */
static bool lacks_option(const char *root, const char *release, const char *option)
{
	char path[256], set[64], line[512];

	snprintf(path, sizeof(path), "/boot/config-%s", release);
	snprintf(set, sizeof(set), "%s=y", option);
	return line_of(root, path, set, line, sizeof(line)) == 0 && line[0] == '\0';
}

static bool takes_no_modules(const char *root)
{
	char line[64];

	return line_of(root, "/proc/sys/kernel/modules_disabled", "", line, sizeof(line)) == 0 && line[0] == '1';
}

/* Most distributions lock the kernel down under Secure Boot. */
static bool is_locked_down(const char *root)
{
	char line[128];

	return line_of(root, "/sys/kernel/security/lockdown", "", line, sizeof(line)) == 0 && line[0] != '\0' && strstr(line, "[none]") == NULL;
}

static bool has_headers(const char *root, const char *release)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/lib/modules/%s/build/Makefile", root, release);
	return access(path, R_OK) == 0;
}

void softdev_lacks(const char *root, const char *release, struct fs_reason *why)
{
	const char *in_guest = getenv(IN_GUEST);
	char remedy[FS_REASON_BYTES];

	text_fit(remedy, sizeof(remedy), "fivestep guest run, or install the headers of %s, then make module", release);
	if (in_guest != NULL)
		fs_because(why, 0, "fivestep guest build makes kernel and module together", "%s", in_guest);
	else if (lacks_option(root, release, "CONFIG_DEVICE_PRIVATE"))
		fs_because(why, 0, "fivestep guest run, or a kernel that has the option", "this kernel has no CONFIG_DEVICE_PRIVATE");
	else if (takes_no_modules(root))
		fs_because(why, 0, "fivestep guest run, or boot without kernel.modules_disabled", "this kernel takes no more modules");
	else if (is_locked_down(root))
		fs_because(why, 0, "fivestep guest run, or sign softdev.ko with a key that the kernel trusts (docs/devices.md)",
			"this kernel is locked down (Secure Boot): it takes signed modules only");
	else if (!has_headers(root, release))
		fs_because(why, 0, remedy, "the module softdev is not loaded, and there are no headers of this kernel to build it against");
	else
		fs_because(why, 0, "make module, then insmod softdev.ko as root (docs/devices.md); or fivestep guest run",
			"the module softdev is not loaded");
}
