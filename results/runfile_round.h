/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile_round.h - internals of runfile.c: members of records, and the record of a round.
 */
#ifndef FIVESTEP_RUNFILE_ROUND_H
#define FIVESTEP_RUNFILE_ROUND_H

#include "base/lookup.h"
#include "results/runfile.h"

/* The reader's state besides the run itself. */
struct runfile_reader {
	struct runfile *run;
	unsigned line;
	unsigned end_line; /* the line of the last end record */
	unsigned unusable; /* lines that are not records */
	unsigned records;
	bool ended;		     /* a second run starts here, which is ignored */
	struct lookup cells, rounds; /* by number */
	int err;		     /* nonzero: reading stops, with the reason */
	struct fs_reason why;
	long cleaned;	/* texts in which characters were made visible */
	double lost[2]; /* samples and evidence beyond the capacity of a round */
};

/* Adds "file:line: what" to the run's warnings; line 0: of the file as a whole. */
FS_PRINTF(3, 4) void runfile_warn(struct runfile *run, unsigned line, const char *fmt, ...);

/* A text, "" if missing; a number, 0 if missing or, with a warning, if it is none that a measurement can have; an integer, -1 if missing. */
const char *runfile_text_of(struct runfile *run, const json_t *object, const char *key);
double runfile_number_of(struct runfile_reader *reader, const json_t *object, const char *key);
json_int_t runfile_integer_of(const json_t *object, const char *key);
/* An object of texts; NULL if it is empty. */
struct runfile_text *runfile_read_texts(struct runfile *run, json_t *object, size_t *n);

/* Everything in the round's record except its number and verdict. */
void runfile_read_round(struct runfile_reader *reader, json_t *record, struct runfile_round *round);

#endif
