/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.h - the file of the running program, and executing it anew: for rounds, for sessions, for what is packed into the guest.
 *
 * In a bundle (build-aux/bundle.sh) the program is started by the dynamic loader that the bundle brings along, and /proc/self/exe is that loader.
 */
#ifndef FIVESTEP_PROGRAM_H
#define FIVESTEP_PROGRAM_H

/* Whole path of the program's file, whoever loaded it; "/proc/self/exe" where the system does not tell. Valid until the program ends. */
const char *program_path(void);
/* What others start it by: in a bundle the script that calls the loader, else its path. Valid until the next call. */
const char *program_command(void);
/*
 * Executes this program with arguments (up to PROGRAM_WORDS, argv[0] is what it is called, NULL at the end). Only returns where that fails: -errno.
 * May be called after fork() in a process without threads: allocates nothing once program_path() was called.
 */
#define PROGRAM_WORDS 1022
int program_execute(char *const argv[]);

#endif
