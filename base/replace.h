/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replace.h - writes a file under another name and renames it: a reader sees the old file or the complete new one.
 */
#ifndef FIVESTEP_REPLACE_H
#define FIVESTEP_REPLACE_H

#include <stdio.h>

/* write() fills the new file and returns 0 or -errno. On failure (-errno) the old file is unchanged and no temporary file is left. */
int replace_file(const char *path, int (*write)(FILE *file, const void *what), const void *what);

#endif
