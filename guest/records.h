/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * records.h - what comes down the guest's line of records: lines of the run file, which are kept as they come, and what the guest's first
 * process says for itself (wire.h).
 */
#ifndef FIVESTEP_GUEST_RECORDS_H
#define FIVESTEP_GUEST_RECORDS_H

#include "guest/launch.h"
#include "guest/progress.h"
#include "results/writer.h"

struct guest_records {
	struct writer file;
	bool writes;	  /* there is a file */
	bool resumes;	  /* it was there before */
	const char *plan; /* the user's, which has another name in the guest; may be NULL */
	char *line;	  /* that is not whole yet */
	size_t len, room;
	unsigned n; /* lines that reached the file, in all */
	int status; /* of the command; -1 until its process has told */
	struct guest_progress progress;
};

/* Opens the run file that the options name, if they name one, to begin it or to go on with it. Take it with records_close() in any case. */
int records_open(struct guest_records *records, const struct guest_options *options, struct fs_reason *why);
/* Another boot: what is left of a line and the status are forgotten. */
void records_begin(struct guest_records *records);
/* Any piece of the stream; -errno where a line cannot be written. */
int records_take(struct guest_records *records, const char *bytes, size_t len, struct fs_reason *why);
/* A last line that says how the guest ended: "interrupted" or "died", and why. Where even that cannot be written the message has to do. */
void records_say_end(struct guest_records *records, bool interrupted, const char *why);
void records_close(struct guest_records *records);

#endif
