/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.h - the guest's progress, one line on a terminal. It is derived on the host from the records that arrive: if the guest printed it, its
 * instruction counts would depend on whether progress is being displayed.
 */
#ifndef FIVESTEP_GUEST_PROGRESS_H
#define FIVESTEP_GUEST_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest_progress {
	bool on_terminal;
	unsigned cells, rounds_a_cell; /* from the run record; a cell gets at least this many rounds */
	unsigned done, before;	       /* rounds; those done before it was resumed */
	uint64_t first_ns;	       /* when the run record arrived, or the run was resumed */
};

/* A boot starts. from: the run file being resumed, whose rounds are done; NULL: none. */
void guest_progress_begin(struct guest_progress *progress, const char *from);
/* A line of the run file has arrived, of len bytes. */
void guest_progress_show(struct guest_progress *progress, const char *line, size_t len);
/* Call it before anything else is written to the terminal. */
void guest_progress_clear(const struct guest_progress *progress);

#endif
