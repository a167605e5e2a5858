/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.h - the command of the guest: the run file that it names is one of the host's, and the guest's own copy of it inside.
 */
#ifndef FIVESTEP_GUEST_WORDS_H
#define FIVESTEP_GUEST_WORDS_H

#include "guest/launch.h"

#define GUEST_WORDS 128 /* of a command, at most */

/* Not to be copied: options point into it. */
struct guest_words {
	char *word[GUEST_WORDS + 3]; /* as after `fivestep`; room for the run file's two, and NULL at the end */
	char output[512];
};

/*
 * Where the command is `run`: options->output and options->resumes are what it names with -o or --resume, in any form that getopt knows, or a file
 * named by the time of day, and options->plan is the user's plan. In the guest these have the same names whatever they are called here (wire.h): the
 * length of an argument moves the stack and the kernel's memory, and with them counts. A command that is wrong stays as it is: it says so itself.
 * Any other writes no run.
 */
void guest_words_redirect(struct guest_words *words, struct guest_options *options);

#endif
