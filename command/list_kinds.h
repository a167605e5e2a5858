/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list_kinds.h - the kinds of `fivestep list`. Each is built as JSON; the text is printed from it.
 */
#ifndef FIVESTEP_LIST_KINDS_H
#define FIVESTEP_LIST_KINDS_H

#include <jansson.h>
#include <stdbool.h>

struct list_kind {
	const char *name;
	json_t *(*make)(void);
	bool with_owners; /* its entries are printed with their owners; as a kind of its own only on request */
};
/* The last entry is zero. */
extern const struct list_kind list_kinds[];

json_t *list_inputs(void);

#endif
