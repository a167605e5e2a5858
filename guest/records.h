/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * records.h - the guest's record port: lines of the run file, which are written as they arrive, and messages of the guest's first process
 * (wire.h).
 */
#ifndef FIVESTEP_GUEST_RECORDS_H
#define FIVESTEP_GUEST_RECORDS_H

#include "guest/launch.h"
#include "guest/progress.h"
#include "results/writer.h"

struct guest_records {
	struct writer file;
	bool writes;	  /* there is a run file */
	bool resumes;	  /* it existed before */
	const char *plan; /* the user's plan, which has another name in the guest; may be NULL */
	char *line;	  /* the incomplete line */
	size_t len, room;
	unsigned n; /* lines written to the file so far */
	int status; /* of the command; -1 until it is reported */
	struct guest_progress progress;
};

/* Creates or resumes the run file named by the options, if any. Call records_close() in every case. */
int records_open(struct guest_records *records, const struct guest_options *options, struct fs_reason *why);
/* Another boot: an incomplete line and the status are dropped. */
void records_begin(struct guest_records *records);
/* Takes any piece of the stream; -errno if a line cannot be written. */
int records_take(struct guest_records *records, const char *bytes, size_t len, struct fs_reason *why);
/* Appends a last line that says how the guest ended: "interrupted" or "died", and why. A failure to write it is ignored. */
void records_say_end(struct guest_records *records, bool interrupted, const char *why);
void records_close(struct guest_records *records);

#endif
