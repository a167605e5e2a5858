/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.h - one line on a terminal that says where the guest stands; silent anywhere else. It is made here of the records that come: a
 * guest that told of its progress would count other instructions where somebody looks on.
 */
#ifndef FIVESTEP_GUEST_PROGRESS_H
#define FIVESTEP_GUEST_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest_progress {
	bool on_terminal;
	unsigned cells, rounds_a_cell; /* of the run record: rounds are the least that a cell gets */
	unsigned done, before;	       /* rounds; those before it was gone on with */
	uint64_t first_ns;	       /* when the run record came, or it was gone on with */
};

/* A boot begins. FROM: the run file that it goes on with, whose rounds are done; NULL: none. */
void guest_progress_begin(struct guest_progress *progress, const char *from);
/* A line of the run file has come: its LEN bytes. */
void guest_progress_show(struct guest_progress *progress, const char *line, size_t len);
/* Before anything else is written to the terminal. */
void guest_progress_clear(const struct guest_progress *progress);

#endif
