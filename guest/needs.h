/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * needs.h - which data files the guest's command needs: plans and counter groups. Others must not be in the guest, or whatever else is installed
 * would shift its memory.
 */
#ifndef FIVESTEP_GUEST_NEEDS_H
#define FIVESTEP_GUEST_NEEDS_H

#include "guest/launch.h"

struct guest_needs {
	char *text; /* the text that the names are searched in; NULL: every file is needed */
};

/* 0 or -errno; call guest_needs_free() in every case. */
int guest_needs_read(struct guest_needs *needs, const struct guest_options *options);
void guest_needs_free(struct guest_needs *needs);

/* name: the file's name with its extension. */
bool guest_needs_file(const struct guest_needs *needs, const char *name);

#endif
