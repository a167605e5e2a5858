/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exit_status.h - the exit statuses that all commands share; docs/fivestep.1 says what each means.
 */
#ifndef FIVESTEP_EXIT_STATUS_H
#define FIVESTEP_EXIT_STATUS_H

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

#endif
