/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * side.h - one of the two sides that `fivestep ab` compares: part of a command line of fivestep, and the process that measures a turn with it.
 *
 *     [NAME=VALUE...] [PATH/fivestep] [guest run [OPTION...] --] [run] [OPTION...]
 *
 * are the environment, another build, another guest (kernel, boot parameters), and other settings. All are optional; quoting is that of a
 * shell. A turn is an ordinary `fivestep run` of a few rounds into a file of its own, which any build can do.
 */
#ifndef FIVESTEP_SIDE_H
#define FIVESTEP_SIDE_H

#include <signal.h>
#include <wordexp.h>

#include "harness/fivestep.h"

#define SIDE_WORDS 128

struct side {
	const char *name, *text; /* "a" or "b"; the side as the user wrote it */
	wordexp_t words;
	char *const *environment; /* NAME=VALUE, n_environment of them */
	size_t n_environment;
	const char *program; /* a path; NULL: this one */
	char *const *guest;  /* guest run ... --: n_guest words; 0: on this machine */
	size_t n_guest;
	char *const *options; /* options of `run` */
	size_t n_options;
};

/* text must outlive the side. Returns 0 or -EINVAL; call side_free() in every case. */
int side_parse(const char *name, const char *text, struct side *side, struct fs_reason *why);
void side_free(struct side *side);

/* What both sides share, and what is specific to this turn. */
struct side_turn {
	char *const *words; /* names, parameters and options of `run` */
	size_t n_words;
	unsigned rounds;
	uint64_t seed;
	const char *output; /* must not exist yet */
};
/*
 * Runs the turn and waits for it. Returns 0 with the exit status of `run`, or -errno: -EINTR if *stop was set, else with the last error message of
 * the process. No process is left behind.
 */
int side_run(const struct side *side, const struct side_turn *turn, const volatile sig_atomic_t *stop, int *status, struct fs_reason *why);

#endif
