/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity_text.h - how a cell and its parameters are written, and read back. What of them says which cell it is: identity.h.
 */
#ifndef FIVESTEP_IDENTITY_TEXT_H
#define FIVESTEP_IDENTITY_TEXT_H

#include "results/runfile.h"

/* "fault_latency/hmm/emu"; allocated, NULL without memory. */
char *identity_cells(const struct runfile_cell *cell);
/* "CELLS/a=1/b=2" of n parameters in any order; frees these. NULL without memory, as where one of them is NULL. */
char *identity_join(const char *cells, char **params, size_t n);

/* "CELLS/a=1/b=2#3", taken apart. */
struct identity_parts {
	char *text;		  /* of which the rest are pieces */
	const char *cells, *twin; /* "3", or NULL */
	char **params;
	size_t n;
};
/* 0 or -ENOMEM; identity_parts_free() in any case. */
int identity_parts_make(const char *text, struct identity_parts *parts);
void identity_parts_free(struct identity_parts *parts);

#endif
