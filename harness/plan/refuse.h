/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * refuse.h - what is said of a word of a plan's line that means nothing there. All return -ENOENT or -EINVAL, with a reason and a remedy.
 */
#ifndef FIVESTEP_REFUSE_H
#define FIVESTEP_REFUSE_H

#include "harness/fivestep.h"

/* There is no such benchmark or kernel, setup, device: the nearest are named. */
int refuse_name(const char *asked, struct fs_reason *why);
int refuse_setup(const char *asked, struct fs_reason *why);
int refuse_device(const char *asked, struct fs_reason *why);
/* No part of a line with these names of benchmarks and kernels has the parameter: the nearest of those that they have. */
int refuse_param(const char *const *names, unsigned nnames, const char *asked, struct fs_reason *why);
/*
 * The parameter is known, but changes nothing in any cell of the line, whose memory is under: one cell would be measured for each of its
 * values. Says where it acts.
 */
int refuse_idle(const struct fs_param *param, unsigned under, struct fs_reason *why);

#endif
