/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nodes.h - the nodes of a list as Slurm writes them: "n[1-3,7],gpu01,rack[1-2]n[01-16]".
 *
 * A name has letters, digits, '.', '_' and '-', and starts with a letter or digit: so it is safe as a file's name and as an argument. Anything else
 * is refused.
 */
#ifndef FIVESTEP_FLEET_NODES_H
#define FIVESTEP_FLEET_NODES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/reason.h"

#define NODES_MAX      100000u
#define NODES_NAME_MAX 255 /* characters of a name */

struct nodes {
	char **names; /* in the order of the list; none occurs twice */
	size_t n;
};

/* Expands a list and adds its nodes. 0, or -errno with the reason; call nodes_free() in any case. */
int nodes_expand(struct nodes *nodes, const char *list, struct fs_reason *why);
/* Adds one node; whether it is there already is not checked. */
int nodes_add(struct nodes *nodes, const char *name, struct fs_reason *why);
bool nodes_is_name(const char *name);
void nodes_free(struct nodes *nodes);

#endif
