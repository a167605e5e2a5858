/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * index_names.h - what the cells of a machine are called in an index. A cell keeps the name that it got first, so that its series continues where a
 * later build has other parameters, or names cells otherwise: which cell it is follows from identity.h, by the initial values that the index keeps.
 */
#ifndef FIVESTEP_INDEX_NAMES_H
#define FIVESTEP_INDEX_NAMES_H

#include "analysis/history/index.h"
#include "analysis/summary/identity.h"
#include "base/lookup.h"

struct index_name {
	char *name, *identity;
};

struct index_names {
	const char *machine;
	struct identity *identity;
	struct index_name *names;
	size_t n;
	struct lookup lookup;
};

/* For the cells of a run; what it says of initial values is kept. 0 or negative errno; index_names_close() in any case. */
int index_names_open(struct index *index, const char *machine, const struct runfile *run, struct index_names *names, struct fs_reason *why);
void index_names_close(struct index_names *names);
/* The name of a cell, by identity_of(); a new cell gets that as its name. */
int index_names_find(struct index *index, struct index_names *names, const char *identity, const char **name, struct fs_reason *why);

#endif
