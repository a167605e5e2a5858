/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.h - why a guest failed: from its last output and QEMU's exit status.
 */
#ifndef FIVESTEP_GUEST_EXPLAIN_H
#define FIVESTEP_GUEST_EXPLAIN_H

#include "guest/arch.h"
#include "harness/fivestep.h"

#define GUEST_PANIC "Kernel panic"

struct guest_end {
	const struct guest_arch *arch;
	const char *console;  /* the last console output, including QEMU's own messages */
	int err;	      /* of listening: 0, -ETIMEDOUT, -EINTR (by the user), or another */
	int command_status;   /* sent by the guest's first process; -1 if none was */
	int wait_status;      /* of QEMU, from waitpid(); if err is 0 it exited by itself, or by a signal from elsewhere */
	unsigned timeout_s;   /* the limit behind -ETIMEDOUT */
	bool without_records; /* not a single record arrived */
};

/* 0 if the command ended and reported its status; else -errno with the reason. A reason already filled in is kept. */
int guest_explain(const struct guest_end *end, struct fs_reason *why);

#endif
