/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.h - the guest's command: files that it names are on the host and get fixed names in the guest.
 */
#ifndef FIVESTEP_GUEST_WORDS_H
#define FIVESTEP_GUEST_WORDS_H

#include "guest/launch.h"

#define GUEST_WORDS 128 /* at most, in a command */

/* Do not copy it: options point into it. */
struct guest_words {
	char *word[GUEST_WORDS + 3]; /* the arguments after `fivestep`, two more for the run file, and NULL */
	char output[64];	     /* the name of a run file that the user did not name */
};

/*
 * For `run` and `conform`: sets options->output and options->resumes to the file named by -o or --resume, in any form that getopt accepts, or to a
 * file named by the time of day, and options->plan to the user's plan. In the guest these files have fixed names (wire.h): the length of an argument
 * shifts the stack and the kernel's memory, and with them counts. An invalid command is not changed: it reports its error itself. Other commands
 * write no run.
 */
void guest_words_redirect(struct guest_words *words, struct guest_options *options);

#endif
