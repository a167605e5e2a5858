/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pack.h - what the guest boots from: this very program, its data, the command and what it must know of the machine that it is in.
 */
#ifndef FIVESTEP_GUEST_PACK_H
#define FIVESTEP_GUEST_PACK_H

#include "guest/launch.h"

/* Into an open file, from its beginning. accelerator: as in the run record. 0 or -errno. */
int pack_initramfs(const struct guest_options *options, const char *accelerator, int fd);

/* What a file of the user's is called in the guest, in WIRE_FOLDER: the last part of its path. */
const char *pack_name(const char *path);

#endif
