/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.h - standard input, output and error of the program: there from its start, and their end is looked at.
 */
#ifndef FIVESTEP_OUTPUT_H
#define FIVESTEP_OUTPUT_H

/*
 * Takes descriptors 0, 1 and 2 where the caller closed them, so that no file that is opened becomes standard output: a table would be written into a
 * run file. What is then written to standard output fails, as it does where that is closed.
 */
void output_reserve(void);
/* At exit, also where argp exits: what could not be written to standard output is said, and is an error (EXIT_OWN_ERROR). */
void output_check_at_exit(void);

#endif
