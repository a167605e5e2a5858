/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * file.c - what targets share: bytes as a file and as a text, and what an error owes; see targets.h.
 */
#include "config.h"

#include "tests/fuzz/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/fivestep.h"

static int file = -1;
static char path[32];

const char *fuzz_file(const uint8_t *data, size_t bytes)
{
	if (file < 0)
		file = memfd_create("fuzz", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, bytes, 0) != (ssize_t)bytes)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return path;
}

char *fuzz_text(const uint8_t *data, size_t bytes)
{
	char *text = malloc(bytes + 1);

	if (text == NULL)
		abort();
	memcpy(text, data, bytes);
	text[bytes] = '\0';
	return text;
}

void fuzz_refused(int err, const struct fs_reason *why)
{
	if (err < 0 && why->what[0] == '\0') {
		fprintf(stderr, "refused without a reason: %s\n", strerror(-err));
		abort();
	}
}
