/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * round.h - one round of a cell in a fresh process, seen from the runner and from inside.
 *
 * The process executes this program again (command __round) instead of only forking: each round gets its own address space layout, so that two runs
 * of the same build differ no more than two rounds of one run.
 */
#ifndef FIVESTEP_ROUND_H
#define FIVESTEP_ROUND_H

#include <signal.h>

#include "harness/round/share.h"

#define ROUND_COMMAND "__round"

/* The shared memory of rounds, reused from one to the next. */
struct round {
	struct share *share;
	int fd;
	int log_fd;	    /* what the round's process wrote to standard error */
	uint64_t inject_ns; /* from plan_options, as is timeout_s; set between round_open() and the first round */
	unsigned timeout_s; /* 0: the cell's own */
	double wall_ms;
	bool interrupted; /* the runner was told to stop while it ran: the round is not counted */
};

/* Tries what every round needs of the kernel: memory that processes share, and a process that can be watched. 0, or -errno with the reason. */
int round_probe(struct fs_reason *why);

int round_open(struct round *round, const struct fs_machine *machine, const struct selection *selection, struct fs_reason *why);
void round_close(struct round *round);
/*
 * Runs the cell; round->share then holds the results, with a verdict in every case. *stop is watched while waiting. -errno only if no process
 * could be started.
 */
int round_run(struct round *round, const struct cell *cell, uint64_t seed, const volatile sig_atomic_t *stop, struct fs_reason *why);

/* The end of the output of the last round's process, as ASCII; empty if there was none. */
void round_log(const struct round *round, char *text, size_t bytes);

/* The other side: the body of the command __round. Returns an exit status. */
int child_main(int argc, char **argv);

#endif
