/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unlike.h - the differences between the machines and builds of two runs, field by field.
 *
 * Identity must be equal for a comparison to mean anything; factors are what one compares; state may disturb. If the records have different versions
 * of identity, only the fields that both have count, and an older record's "no" to being virtual or emulated is treated as unknown.
 */
#ifndef FIVESTEP_UNLIKE_H
#define FIVESTEP_UNLIKE_H

#include "results/runfile.h"
#include "base/text.h"

enum unlike_kind { UNLIKE_IDENTITY, UNLIKE_FACTOR, UNLIKE_STATE };

struct unlike_field {
	enum unlike_kind kind;
	char *name;	  /* as in the run record; those of the build are "build.commit" and the like */
	char *base, *new; /* a text as it is, anything else as JSON; "-" if the run does not say */
	bool allowed;	  /* to differ, although it belongs to identity */
	bool unread;	  /* could not be read on one of the machines: whether it differs is unknown */
};

struct unlike {
	struct unlike_field *fields; /* identity first, then factors, then state; each in alphabetical order */
	size_t n;
};

/* Both runs have a header. Returns 0 or -ENOMEM; call unlike_free() in any case. */
int unlike_find(const struct runfile *base, const struct runfile *new, struct unlike *unlike);
void unlike_free(struct unlike *unlike);

/* The first field of a run's identity that could not be read, and why: "nodes (FILE: Permission denied)"; "" if all could. */
void unlike_unread(const struct runfile *run, struct text *text);

/* Allows the identity field of that name to differ. False if no run's identity has such a field. */
bool unlike_allow(struct unlike *unlike, const struct runfile *base, const struct runfile *new, const char *name);
/* If both count instructions: the parts of the guest that differ, which may change the layout of memory and so the counts a little; else "". */
void unlike_layout(const struct unlike *unlike, const struct runfile *base, struct text *text);
/* The number of fields of that kind that differ; of identity, those that are not allowed to. */
size_t unlike_count(const struct unlike *unlike, enum unlike_kind kind);

#endif
