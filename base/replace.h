/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replace.h - a file written under another name and renamed: whoever reads it meanwhile sees the old one or the whole new one.
 */
#ifndef FIVESTEP_REPLACE_H
#define FIVESTEP_REPLACE_H

#include <stdio.h>

/* write fills the new file, and returns 0 or -errno. 0, or -errno: the old file is as it was then, and nothing is left beside it. */
int replace_file(const char *path, int (*write)(FILE *file, const void *what), const void *what);

#endif
