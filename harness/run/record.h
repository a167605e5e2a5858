/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.h - the records of a run, each a line of the run file (results/SCHEMA.md).
 */
#ifndef FIVESTEP_RECORD_H
#define FIVESTEP_RECORD_H

#include <jansson.h>

#include "harness/run/round.h"
#include "results/writer.h"

struct record {
	struct writer writer;
	const struct selected_groups *groups; /* their derived metrics are recorded too; set it between opening and the first line */
};

/* Each writes one complete line, or nothing: a partial write is undone. They own no reference. */
int record_run(struct record *record, const struct plan *plan, uint64_t seed, const struct fs_machine *machine, struct fs_reason *why);
int record_resume(struct record *record, const struct plan_options *options, const struct fs_machine *machine, struct fs_reason *why);
/* noise may be NULL; round_number counts a cell's rounds from 0. */
int record_round(
	struct record *record, const struct cell *cell, unsigned round_number, const struct round *round, json_t *noise, struct fs_reason *why);
/* A cell that cannot run here: one round with verdict skip. */
int record_skip(struct record *record, const struct cell *cell, struct fs_reason *why);
/* stops: by cell id; the reasons of schedule.h */
int record_end(
	struct record *record, const char *stop, const struct plan *plan, const unsigned *rounds, const char *const *stops, struct fs_reason *why);

#endif
