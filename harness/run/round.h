/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * round.h - one visit to a cell in a fresh process, seen from the runner and from inside.
 *
 * The process is this program executed anew (command __round), not a bare fork: each round gets an address
 * layout of its own, so that two runs of the same build differ by no more than two rounds of one run do.
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
	uint64_t inject_ns; /* plan_options, as is timeout_s; set between round_open() and the first round */
	unsigned timeout_s; /* 0: the cell's own */
	double wall_ms;
	bool interrupted; /* the runner was told to stop while it ran: the round does not count */
};

int round_open(struct round *round, const struct fs_machine *machine, const struct selection *selection, struct fs_reason *why);
void round_close(struct round *round);
/*
 * Runs the cell; round->share then holds what came of it, with a verdict in every case. stop is watched
 * while waiting. -errno only where no process could be started.
 */
int round_run(struct round *round, const struct cell *cell, uint64_t seed, const volatile sig_atomic_t *stop, struct fs_reason *why);

/* The end of what the last round's process printed, as ASCII; empty where it printed nothing. */
void round_log(const struct round *round, char *text, size_t bytes);

/* The other side: the body of the command __round. Returns an exit status. */
int child_main(int argc, char **argv);

#endif
