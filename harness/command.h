/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * command.h - a command of fivestep, one file each in harness/command/, and the exit statuses they share.
 */
#ifndef FIVESTEP_COMMAND_H
#define FIVESTEP_COMMAND_H

/* Not 2: make returns it for any failure. An interrupted command exits with 128 + the signal's number. */
enum exit_status {
	EXIT_FINE = 0,
	EXIT_REGRESSION = 1,
	EXIT_NOT_COMPARABLE = 3,
	EXIT_BAD_DATA = 4,
	EXIT_UNDECIDED = 5,
	EXIT_USAGE = 64,
	EXIT_ALL_SKIPPED = 77,
	EXIT_OWN_ERROR = 99,
};

struct command {
	const char *name;
	const char *usage;		   /* what follows the name: "[PLAN | NAME...] [OPTION...]" */
	const char *summary;		   /* one line */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit status */
};

/* NULL where there is none of that name. */
const struct command *command_find(const char *name);

#endif
