/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reason.h - why something cannot be done, and what the user can do about it: every error of fivestep has both, filled where it is first detected.
 */
#ifndef FIVESTEP_REASON_H
#define FIVESTEP_REASON_H

#include <stdarg.h>

#define FS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define FS_ARRAY_SIZE(a)     (sizeof(a) / sizeof((a)[0]))

/*
 * Both are one line; remedy may be empty. They have room for FS_REASON_BYTES, since reasons are copied and go through shared memory. A longer one
 * keeps its sentence: its longest words (names, paths, values) lose their middle, which becomes "...".
 */
#define FS_REASON_BYTES 480
struct fs_reason {
	char what[FS_REASON_BYTES];
	char remedy[FS_REASON_BYTES];
};
/* Fills why (which may be NULL) and returns err, so that an error path is one line. */
int fs_because(struct fs_reason *why, int err, const char *remedy, const char *fmt, ...) FS_PRINTF(4, 5);
int fs_because_va(struct fs_reason *why, int err, const char *remedy, const char *fmt, va_list ap) FS_PRINTF(4, 0);
int fs_no_memory(struct fs_reason *why); /* the same for "out of memory": -ENOMEM */

#endif
