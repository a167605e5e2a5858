/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.h - the run file: JSON Lines, append-only, one fsync a record (results/SCHEMA.md).
 */
#ifndef FIVESTEP_RECORD_H
#define FIVESTEP_RECORD_H

#include <jansson.h>

#include "harness/run/round.h"

#define RECORD_SCHEMA  1
#define RECORD_ID_TEXT 37 /* of a run, a UUID, with its end */

struct record {
	int fd;
	int copy_fd; /* where each line goes as well; -1: nowhere */
	char path[512];
	bool created;			      /* by record_create() */
	bool torn;			      /* its last line is not whole: a newline goes before the next */
	bool clock_is_instructions;	      /* unit ns is then recorded as insn */
	const struct selected_groups *groups; /* what they derive is recorded too; set between opening and the first line */
};

/* A new file that must not exist yet, locked against a second writer. */
int record_create(struct record *record, const char *path, struct fs_reason *why);
/* An existing file to add to. With the first line a torn last one is closed with a newline: it stays, as a line that readers name. */
int record_append(struct record *record, const char *path, struct fs_reason *why);
/* A file that was created and has no line is removed: it would say nothing, and its name would be taken. */
void record_close(struct record *record);
/* Closes it and removes it where record_create() made it; a file that was there before stays. */
void record_discard(struct record *record);
/* A new id, version 4; false where the system has no random numbers. */
bool record_draw_id(char text[RECORD_ID_TEXT]);
/* As a run record has it: "monotonic" or "instructions". */
const char *record_clock(const struct record *record);

/* Both write a line that was made elsewhere, whole or not at all. line: LEN bytes, the last of them a newline; or JSON, whose reference goes over. */
int record_text(struct record *record, const char *line, size_t len, struct fs_reason *why);
int record_line(struct record *record, json_t *line, struct fs_reason *why);
/* Each writes one line, or nothing: a write that fails half-way is taken back. They own no reference. */
int record_run(struct record *record, const struct plan *plan, uint64_t seed, const struct fs_machine *machine, struct fs_reason *why);
int record_resume(struct record *record, const struct plan_options *options, const struct fs_machine *machine, struct fs_reason *why);
/* noise may be NULL; round_number counts a cell's rounds from 0. */
int record_round(
	struct record *record, const struct cell *cell, unsigned round_number, const struct round *round, json_t *noise, struct fs_reason *why);
/* A cell that could not be visited: one round with verdict skip. */
int record_skip(struct record *record, const struct cell *cell, struct fs_reason *why);
/* stops: by cell id; the reasons of schedule.h */
int record_end(
	struct record *record, const char *stop, const struct plan *plan, const unsigned *rounds, const char *const *stops, struct fs_reason *why);

#endif
