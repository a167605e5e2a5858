/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.c - see explain.h.
 *
 * A user's own kernel may lack what the guest needs to reach its first process; that can only be recognised by how it fails. What is missing
 * later is reported by the first process itself (lacks.c).
 */
#include "config.h"

#include "guest/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "guest/wire.h"

/* How a kernel fails without each option. */
static const struct {
	const char *says, *option;
} symptoms[] = {
	{"Unable to mount root fs", "CONFIG_BLK_DEV_INITRD"},
	{"error -8", "CONFIG_BINFMT_ELF, CONFIG_64BIT"},
	{"unable to open an initial console", "CONFIG_DEVTMPFS, CONFIG_DEVTMPFS_MOUNT"},
};

/* A first process without a port to its launcher writes what the kernel lacks to the console, the most important first. */
static bool told_on_console(const char *console, char *options, size_t bytes)
{
	const char *told = strstr(console, WIRE_LACKS);
	size_t len = told != NULL ? strcspn(told + strlen(WIRE_LACKS), "\"") : 0;

	if (told != NULL)
		snprintf(options, bytes, "%.*s%s", (int)(len < bytes - 4 ? len : bytes - 4), told + strlen(WIRE_LACKS), len < bytes - 4 ? "" : "...");
	return told != NULL;
}

/* The kernel option to set, or where to look. */
static void find_remedy(const struct guest_end *end, char *remedy, size_t bytes)
{
	const char *option = end->console[0] == '\0' ? end->arch->console_option : NULL;

	for (size_t i = 0; i < FS_ARRAY_SIZE(symptoms) && option == NULL; i++) {
		if (strstr(end->console, symptoms[i].says) != NULL)
			option = symptoms[i].option;
	}
	if (option != NULL && end->without_records)
		snprintf(remedy, bytes, "use a kernel with %s", option);
	else
		snprintf(remedy, bytes, "fivestep guest run --verbose shows the console");
}

#define LAST_LINES 3

/* The panic's line from the panic on, or the last three lines. */
static void last_words(const char *console, char *text, size_t bytes)
{
	const char *panic = strstr(console, GUEST_PANIC), *at = panic;
	size_t n = 0;

	if (panic == NULL) {
		at = console + strlen(console);
		for (int lines = at > console && at[-1] == '\n' ? -1 : 0; at > console && (lines += at[-1] == '\n') < LAST_LINES; at--)
			;
	}
	for (; *at != '\0' && n + 1 < bytes; at++) {
		if (panic != NULL && *at == '\n')
			break;
		text[n++] = *at == '\n' || *at == '\r' ? ' ' : *at;
	}
	text[n] = '\0';
	if (n == 0)
		snprintf(text, bytes, "nothing");
}

int guest_explain(const struct guest_end *end, struct fs_reason *why)
{
	char words[160], remedy[192], lacks[170];

	last_words(end->console, words, sizeof(words));
	find_remedy(end, remedy, sizeof(remedy));
	if (end->err == -EINTR)
		return fs_because(why, end->err, "", "interrupted");
	if (strstr(end->console, GUEST_PANIC) != NULL)
		return fs_because(why, -EIO, remedy, "the guest's kernel died: %s", words);
	if (end->err == -ETIMEDOUT)
		return fs_because(why, end->err, "use a longer --time-limit", "the guest did not finish within %u s; its last output: %s",
			end->timeout_s, words);
	if (end->err < 0)
		return end->err;
	if (end->command_status >= 0)
		return 0;
	if (WIFEXITED(end->wait_status) && WEXITSTATUS(end->wait_status) == 127)
		return fs_because(why, -ENOENT, "fivestep doctor", "%s cannot be started", end->arch->qemu);
	if (WIFSIGNALED(end->wait_status))
		return fs_because(why, -EIO, "out of memory? dmesg shows what the kernel killed", "%s was killed by signal %d (%s)", end->arch->qemu,
			WTERMSIG(end->wait_status), strsignal(WTERMSIG(end->wait_status)));
	if (told_on_console(end->console, lacks, sizeof(lacks)))
		return fs_because(why, -EIO, "build them in (=y, not =m), as guest/kernel.config does; fivestep guest build makes such a kernel",
			"this kernel has no virtio port to the host; it lacks %s", lacks);
	return fs_because(why, -EIO, remedy, "the guest ended without a status; its last output: %s", words);
}
