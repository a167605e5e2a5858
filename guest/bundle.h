/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle.h - a fivestep that was built elsewhere, for a guest of another architecture: the folder that `make bundle` packs.
 */
#ifndef FIVESTEP_GUEST_BUNDLE_H
#define FIVESTEP_GUEST_BUNDLE_H

#include "guest/arch.h"
#include "guest/initramfs.h"

/* Adds DIR/bin/fivestep at path, and DIR/lib where programs look for libraries. 0, or -errno with the reason: DIR is none, or is of another
 * architecture. */
int bundle_add(struct initramfs *fs, const struct guest_arch *arch, const char *dir, const char *path, struct fs_reason *why);

#endif
