/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.h - the file of the running program, and executing it anew: for rounds, for sessions, for what is packed into the guest.
 *
 * In a bundle (build-aux/bundle.sh) the program is started by the dynamic loader that the bundle brings along, and /proc/self/exe is that loader.
 */
#ifndef FIVESTEP_PROGRAM_H
#define FIVESTEP_PROGRAM_H

/* Full path of the program's file, however it was loaded; "/proc/self/exe" if unknown. Valid until the program ends. */
const char *program_path(void);
/* How others start it: in a bundle the script that calls the loader, else its path. Valid until the next call. */
const char *program_command(void);
/*
 * Executes this program with arguments (up to PROGRAM_WORDS, with argv[0], NULL at the end). Returns only on failure: -errno.
 * May be called after fork() in a process without threads: it does not allocate once program_path() was called.
 */
#define PROGRAM_WORDS 1022
int program_execute(char *const argv[]);

#endif
