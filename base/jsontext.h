/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jsontext.h - JSON values as text: complete, or not at all.
 *
 * jansson builds values piece by piece and silently leaves out a piece if its allocation fails: a record would lose a count, a comparison a
 * cell. So jansson's allocations go through here, and once one has failed, no more text is made.
 */
#ifndef FIVESTEP_JSONTEXT_H
#define FIVESTEP_JSONTEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Whether any of jansson's allocations has failed in this process. */
bool jsontext_lost(void);
/* The text of a value, which the caller frees; flags are jansson's. NULL without memory or value. */
char *jsontext_make(const json_t *value, size_t flags);
/* Writes a value followed by a newline and flushes. 0, -ENOMEM, -EIO */
int jsontext_print(const json_t *value, size_t flags, FILE *out);

#endif
