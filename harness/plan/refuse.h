/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * refuse.h - errors for unknown words in a plan's line. All return -ENOENT or -EINVAL, with a reason and a remedy.
 */
#ifndef FIVESTEP_REFUSE_H
#define FIVESTEP_REFUSE_H

#include "harness/fivestep.h"

/* There is no such benchmark or kernel, setup, device: names the nearest ones. */
int refuse_name(const char *asked, struct fs_reason *why);
int refuse_setup(const char *asked, struct fs_reason *why);
int refuse_device(const char *asked, struct fs_reason *why);
/* No part of a line with these benchmarks and kernels has the parameter: names the nearest of those that they have. */
int refuse_param(const char *const *names, unsigned nnames, const char *asked, struct fs_reason *why);
/*
 * The parameter is known, but has no effect in any cell of the line, whose memory is under: its values would all measure the same cell. Says where
 * it acts.
 */
int refuse_idle(const struct fs_param *param, unsigned under, struct fs_reason *why);

#endif
