/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_lacks.c - what a machine without the driver of softdev is told: the first thing that stands in the way, with its remedy. The machines are
 * folders.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/device/softdev/softdev.h"
#include "tests/tap.h"

#define RELEASE "6.99-example"

static char root[TAP_PATH];

/* A file below root, with its folders. */
static void put(const char *path, const char *text)
{
	char full[2 * TAP_PATH];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		mkdir(full, 0755);
		*at = '/';
	}
	file = fopen(full, "we");
	if (file == NULL)
		abort();
	fputs(text, file);
	fclose(file);
}

static void says(const char *what, const char *remedy, const char *name)
{
	struct fs_reason why = {0};

	softdev_lacks(root, RELEASE, &why);
	ok(strstr(why.what, what) != NULL, "%s", name);
	ok(strstr(why.remedy, remedy) != NULL, "%s: with a remedy", name);
	if (strstr(why.what, what) == NULL || strstr(why.remedy, remedy) == NULL)
		diag("%s -> %s", why.what, why.remedy);
}

int main(void)
{
	char command[TAP_PATH + 16];

	temporary(root, "softdev-XXXXXX");
	if (mkdtemp(root) == NULL)
		abort();
	unsetenv("FIVESTEP_SOFTDEV");
	says("no headers", "fivestep guest run, or install the headers of " RELEASE, "a machine without headers");
	put("/lib/modules/" RELEASE "/build/Makefile", "");
	says("not loaded", "make module", "a machine that could have it");
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	put("/proc/sys/kernel/modules_disabled", "0\n");
	put("/boot/config-" RELEASE, "CONFIG_MODULES=y\nCONFIG_DEVICE_PRIVATE=y\n");
	says("not loaded", "make module", "one that says so in every file");
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	says("locked down", "sign softdev.ko", "a machine that is locked down");
	put("/proc/sys/kernel/modules_disabled", "1\n");
	says("no more modules", "modules_disabled", "one that takes no more modules");
	put("/boot/config-" RELEASE, "CONFIG_MODULES=y\n# CONFIG_DEVICE_PRIVATE is not set\n");
	says("no CONFIG_DEVICE_PRIVATE", "guest run", "one whose kernel has no device-private memory");
	setenv("FIVESTEP_SOFTDEV", "no module was built for this kernel", 1);
	says("no module was built", "guest build", "a guest whose kernel came without it");
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	if (system(command) != 0)
		diag("cannot remove %s", root);
	done_testing();
	return exit_status();
}
