/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tap.h - what a test in C prints: flat TAP, one line a check, its name a sentence.
 *
 *	int main(void)
 *	{
 *		is_int(1 + 1, 2, "one and one is two");
 *		done_testing();
 *		return exit_status();
 *	}
 *
 * A test says plan_tests(n) first or done_testing() last. A failed check prints what was seen and what was expected
 * as diagnostics. Safe to call from several threads; a forked child that checks things must report through its parent.
 */
#ifndef FIVESTEP_TAP_H
#define FIVESTEP_TAP_H

#include <stdbool.h>

#define TAP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

void plan_tests(unsigned checks);
void done_testing(void);

/*
 * Each returns whether the check passed; one that did not says in which line of which file it stands. The names follow as for printf.
 *
 *	bool ok(bool passed, const char *fmt, ...)
 *	bool is_int(long long got, long long want, const char *fmt, ...)
 *	bool is_str(const char *got, const char *want, const char *fmt, ...)				NULL equals NULL only
 *	bool is_near(double got, double want, double tolerance, const char *fmt, ...)	tolerance is absolute; not-a-number is near nothing
 */
#define ok(...)	     tap_ok(__FILE__, __LINE__, __VA_ARGS__)
#define is_int(...)  tap_is_int(__FILE__, __LINE__, __VA_ARGS__)
#define is_str(...)  tap_is_str(__FILE__, __LINE__, __VA_ARGS__)
#define is_near(...) tap_is_near(__FILE__, __LINE__, __VA_ARGS__)
bool tap_ok(const char *file, int line, bool passed, const char *fmt, ...) TAP_PRINTF(4, 5);
bool tap_is_int(const char *file, int line, long long got, long long want, const char *fmt, ...) TAP_PRINTF(5, 6);
bool tap_is_str(const char *file, int line, const char *got, const char *want, const char *fmt, ...) TAP_PRINTF(5, 6);
bool tap_is_near(const char *file, int line, double got, double want, double tolerance, const char *fmt, ...) TAP_PRINTF(6, 7);

/* Counts n checks as skipped, each with the reason. */
void skip(const char *why, unsigned n);
/* All of the test is skipped: instead of plan_tests(), and nothing else follows. */
void skip_all(const char *why);
/* A line for the reader: goes to standard output as a TAP comment. */
void diag(const char *fmt, ...) TAP_PRINTF(1, 2);

/* A name for mkstemp() or mkdtemp(), in the folder for temporary files ($TMPDIR, else /tmp). Aborts where it is too long. */
#define TAP_PATH 512
void temporary(char path[TAP_PATH], const char *name);

/* For main to return: 0 when every check passed and as many ran as planned, else 1. */
int exit_status(void);

#endif
