/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.h - the words of a run file (results/SCHEMA.md): one table for each kind, from which the harness writes and the analysis reads. The
 * enumerations that benchmarks use as well are in harness/fivestep.h, with fs_step_names, fs_cap_names, fs_offer_names and fs_draw_names.
 */
#ifndef FIVESTEP_WORDS_H
#define FIVESTEP_WORDS_H

#include <stdbool.h>

#include "harness/fivestep.h"

#define WORDS_SCHEMA 1 /* of the run record */

/* Verdicts of a round, in ascending order of severity; a cell's verdict is that of its worst round. */
enum verdict { VERDICT_OK, VERDICT_SKIP, VERDICT_INVALID, VERDICT_TIMEOUT, VERDICT_CRASH, VERDICT_FAIL, VERDICTS };
extern const char *const verdict_names[VERDICTS];

extern const char *const better_names[FS_BETTERS];     /* of enum fs_better: lower, higher, exact */
extern const char *const relation_signs[FS_RELATIONS]; /* of enum fs_relation: ==, >=, <= */

/* The clock that a run's times were measured with. */
enum clock_kind { CLOCK_NANOSECONDS, CLOCK_INSTRUCTIONS, CLOCKS };
extern const char *const clock_names[CLOCKS]; /* monotonic, instructions */
/* Whether this names the clock that counts instructions. */
bool clock_counts_instructions(const char *name);
/* The clock's unit: ns or insn. */
const char *clock_unit(const char *name);

/* The index of a name in a table of n; n if it is not there. */
unsigned words_find(const char *const *table, unsigned n, const char *name);

#endif
