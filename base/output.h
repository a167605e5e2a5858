/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.h - makes sure that standard input, output and error are open from the start, and that output was written at the end.
 */
#ifndef FIVESTEP_OUTPUT_H
#define FIVESTEP_OUTPUT_H

/*
 * Occupies descriptors 0, 1 and 2 if the caller closed them, so that no file opened later becomes standard output: a table would be written into a
 * run file. Writing to standard output then fails, as it does if that is closed.
 */
void output_reserve(void);
/* At exit, even if argp exits: an error if standard output could not be written (EXIT_OWN_ERROR). */
void output_check_at_exit(void);

#endif
