/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cache.h - where guest kernels are kept between runs.
 */
#ifndef FIVESTEP_GUEST_CACHE_H
#define FIVESTEP_GUEST_CACHE_H

#include "guest/arch.h"
#include "harness/fivestep.h"

/* The kernel of that architecture that was built last. -ENOENT with the remedy if there is none, -EPERM if another user could have put it there. */
int cache_kernel(const struct guest_arch *arch, char *path, size_t bytes, struct fs_reason *why);

#endif
