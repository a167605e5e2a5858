/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_kinds.h - what `fivestep list` knows of: each kind is made as JSON once, and text is a view of it.
 */
#ifndef FIVESTEP_LIST_KINDS_H
#define FIVESTEP_LIST_KINDS_H

#include <jansson.h>
#include <stdbool.h>

struct list_kind {
	const char *name;
	json_t *(*make)(void);
	bool with_owners; /* its entries stand with what has them: all at once only when asked for */
};
/* Ends with a zero entry. */
extern const struct list_kind list_kinds[];

#endif
