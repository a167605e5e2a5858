/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * side.h - one of the two that `fivestep ab` compares: part of a command line of fivestep, and the process that takes a turn with it.
 *
 *     [NAME=VALUE...] [PATH/fivestep] [guest run [OPTION...] --] [run] [OPTION...]
 *
 * are environment, another build, another guest (kernel, boot parameters), and other settings; none of them is needed, and the words are
 * quoted as a shell has them. A turn is an ordinary `fivestep run` of a few rounds into a file of its own, which any build can do.
 */
#ifndef FIVESTEP_SIDE_H
#define FIVESTEP_SIDE_H

#include <signal.h>
#include <wordexp.h>

#include "harness/fivestep.h"

#define SIDE_WORDS 128

struct side {
	const char *name, *text; /* "a" or "b"; as the user wrote it */
	wordexp_t words;
	char *const *environment; /* NAME=VALUE, n_environment of them */
	size_t n_environment;
	const char *program; /* a path; NULL: this one */
	char *const *guest;  /* guest run ... --: n_guest words, 0 on this machine */
	size_t n_guest;
	char *const *options; /* of run */
	size_t n_options;
};

/* text must live as long. -EINVAL with the reason; side_free() takes it in any case. */
int side_parse(const char *name, const char *text, struct side *side, struct fs_reason *why);
void side_free(struct side *side);

/* What both sides have in common, and what is this turn's. */
struct side_turn {
	char *const *words; /* names, parameters and options of run */
	size_t n_words;
	unsigned rounds;
	uint64_t seed;
	const char *output; /* a file that is not there yet */
};
/*
 * Runs it and waits. 0 with the exit status of run, or -errno: -EINTR where it was told to stop, else with what the process said last.
 * Nothing of it is left running.
 */
int side_run(const struct side *side, const struct side_turn *turn, const volatile sig_atomic_t *stop, int *status, struct fs_reason *why);

#endif
