/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * needs.h - which files of data the guest's command needs: plans and groups of counters. One that it does not need must not be in the guest, or what
 * else is installed would move its memory.
 */
#ifndef FIVESTEP_GUEST_NEEDS_H
#define FIVESTEP_GUEST_NEEDS_H

#include "guest/launch.h"

struct guest_needs {
	char *text; /* in which the names stand; NULL: every file is needed */
};

/* 0 or -errno; guest_needs_free() in any case. */
int guest_needs_read(struct guest_needs *needs, const struct guest_options *options);
void guest_needs_free(struct guest_needs *needs);

/* name: of a file, with its extension. */
bool guest_needs_file(const struct guest_needs *needs, const char *name);

#endif
