/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conform.h - what the run file of `fivestep conform` says of its cases, as TAP 14.
 */
#ifndef FIVESTEP_ANALYSIS_CONFORM_H
#define FIVESTEP_ANALYSIS_CONFORM_H

#include <stdio.h>

#include "base/exit_status.h"
#include "results/runfile.h"

/* Whether a cell is a case of conformance. */
bool conform_is_case(const struct runfile_cell *cell);

/*
 * Prints every case in the order of the run: a line, and a YAML block with what is promised, what was seen, and why it is not so. A case that was not
 * visited is "not ok". Other cells are passed over.
 */
void conform_tap(const struct runfile *run, FILE *out);

/*
 * EXIT_BAD_DATA if a case fails and no failure of it is expected, or if one was not visited; EXIT_ALL_SKIPPED if there is nothing but skips, else
 * EXIT_FINE.
 */
enum exit_status conform_status(const struct runfile *run);

/*
 * Kinds of memory by ways of sharing in Markdown: in each cell whether pages move, stay or cannot be reached when the device touches them, and when
 * they are asked to move. False: the run has none.
 */
bool conform_table(const struct runfile *run, FILE *out);

#endif
