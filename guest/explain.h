/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.h - why a guest did not live: from the last it said, and how QEMU ended.
 */
#ifndef FIVESTEP_GUEST_EXPLAIN_H
#define FIVESTEP_GUEST_EXPLAIN_H

#include "harness/fivestep.h"

#define GUEST_PANIC "Kernel panic"

struct guest_end {
	const char *console;  /* the last that came from the console, QEMU's own messages among it */
	int err;	      /* of listening: 0, -ETIMEDOUT, -EINTR (the user's), or another */
	int command_status;   /* what the guest's first process sent; -1 without */
	int wait_status;      /* of QEMU, as waitpid gives it; where err is 0 it ended by itself, or by another's signal */
	unsigned timeout_s;   /* what -ETIMEDOUT was about */
	bool without_records; /* not one line of records came */
};

/* 0 where the command ended and said so; else -errno with the reason. A reason that is there already stays. */
int guest_explain(const struct guest_end *end, struct fs_reason *why);

#endif
