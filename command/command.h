/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * command.h - a command of fivestep, one file each in command/.
 */
#ifndef FIVESTEP_COMMAND_H
#define FIVESTEP_COMMAND_H

#include "base/exit_status.h"

struct command {
	const char *name;
	const char *usage;		   /* what follows the name, such as "[PLAN | NAME...] [OPTION...]" */
	const char *summary;		   /* one line */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit status */
};

/* NULL if there is no command of that name. */
const struct command *command_find(const char *name);

#endif
