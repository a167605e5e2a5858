/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile_round.h - the inside of runfile.c: members of records, and a round made of them.
 */
#ifndef FIVESTEP_RUNFILE_ROUND_H
#define FIVESTEP_RUNFILE_ROUND_H

#include "base/lookup.h"
#include "results/runfile.h"

/* What the reader knows beyond the run itself. */
struct runfile_reader {
	struct runfile *run;
	unsigned line;
	unsigned end_line; /* of the last end record */
	unsigned unusable; /* lines that are no records */
	unsigned records;
	bool ended;		     /* a second run begins here: not ours */
	struct lookup cells, rounds; /* by number */
	int err;		     /* why no more can be read, with the reason */
	struct fs_reason why;
	long cleaned;	/* texts that were made visible */
	double lost[2]; /* samples and evidence that a round had no room for */
};

/* Adds "file:line: what" to the run's warnings; line 0: of the file as a whole. */
FS_PRINTF(3, 4) void runfile_warn(struct runfile *run, unsigned line, const char *fmt, ...);

/* A text of the run's, "" where there is none; a number, 0 where there is none; an integer, -1 where there is none. */
const char *runfile_text_of(struct runfile *run, const json_t *object, const char *key);
double runfile_number_of(const json_t *object, const char *key);
json_int_t runfile_integer_of(const json_t *object, const char *key);
/* An object of texts; NULL where it is empty. */
struct runfile_text *runfile_read_texts(struct runfile *run, json_t *object, size_t *n);

/* All that the record says of the round but its number and verdict. */
void runfile_read_round(struct runfile_reader *reader, json_t *record, struct runfile_round *round);

#endif
