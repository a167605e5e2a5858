/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tap.c - the producer of flat TAP behind tap.h. Every line is flushed at once, so that a crash shows where it was.
 */
#include "config.h"

#include "tests/tap.h"

#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned planned, ran, failed;
static bool has_plan;

/* A name with # or a line break would be read as a directive or as another line. */
static void print_text(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#')
			fputc('\\', stdout);
		fputc(*text == '\n' ? ' ' : *text, stdout);
	}
}

static void print_diag(const char *text)
{
	const char *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1)
		printf("# %.*s\n", (int)(end - text), text);
	printf("# %s\n", text);
}

/* A check: where it stands, and what is said where it failed; seen and wanted may be NULL. */
struct tap_check {
	const char *file;
	int line;
	const char *seen, *wanted;
};

static void check(bool passed, struct tap_check at, const char *fmt, va_list args)
{
	char name[1024];

	vsnprintf(name, sizeof(name), fmt, args);
	pthread_mutex_lock(&lock);
	printf("%sok %u - ", passed ? "" : "not ", ++ran);
	print_text(name);
	printf("\n");
	if (!passed) {
		failed++;
		printf("# at %s:%d\n", at.file, at.line);
		if (at.seen != NULL) {
			print_diag(at.seen);
			print_diag(at.wanted);
		}
	}
	fflush(stdout);
	pthread_mutex_unlock(&lock);
}

void plan_tests(unsigned checks)
{
	planned = checks;
	has_plan = true;
	printf("1..%u\n", checks);
	fflush(stdout);
}

void done_testing(void)
{
	if (!has_plan)
		plan_tests(ran);
}

bool tap_ok(const char *file, int line, bool passed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	check(passed, (struct tap_check){file, line, NULL, NULL}, fmt, args);
	va_end(args);
	return passed;
}

bool tap_is_int(const char *file, int line, long long got, long long want, const char *fmt, ...)
{
	char seen[64], wanted[64];
	va_list args;

	snprintf(seen, sizeof(seen), "     got: %lld", got);
	snprintf(wanted, sizeof(wanted), "expected: %lld", want);
	va_start(args, fmt);
	check(got == want, (struct tap_check){file, line, seen, wanted}, fmt, args);
	va_end(args);
	return got == want;
}

bool tap_is_str(const char *file, int line, const char *got, const char *want, const char *fmt, ...)
{
	bool passed = got == NULL || want == NULL ? got == want : strcmp(got, want) == 0;
	char seen[4096], wanted[4096];
	va_list args;

	snprintf(seen, sizeof(seen), "     got: %s", got != NULL ? got : "(null)");
	snprintf(wanted, sizeof(wanted), "expected: %s", want != NULL ? want : "(null)");
	va_start(args, fmt);
	check(passed, (struct tap_check){file, line, seen, wanted}, fmt, args);
	va_end(args);
	return passed;
}

bool tap_is_near(const char *file, int line, double got, double want, double tolerance, const char *fmt, ...)
{
	bool passed = got == want || fabs(got - want) <= tolerance;
	char seen[96], wanted[96];
	va_list args;

	snprintf(seen, sizeof(seen), "     got: %.17g", got);
	snprintf(wanted, sizeof(wanted), "expected: %.17g +- %g", want, tolerance);
	va_start(args, fmt);
	check(passed, (struct tap_check){file, line, seen, wanted}, fmt, args);
	va_end(args);
	return passed;
}

void skip(const char *why, unsigned n)
{
	pthread_mutex_lock(&lock);
	while (n-- > 0) {
		printf("ok %u # SKIP ", ++ran);
		print_text(why);
		printf("\n");
	}
	fflush(stdout);
	pthread_mutex_unlock(&lock);
}

void skip_all(const char *why)
{
	has_plan = true;
	printf("1..0 # SKIP ");
	print_text(why);
	printf("\n");
	fflush(stdout);
}

void diag(const char *fmt, ...)
{
	char text[4096];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pthread_mutex_lock(&lock);
	print_diag(text);
	fflush(stdout);
	pthread_mutex_unlock(&lock);
}

void temporary(char path[TAP_PATH], const char *name)
{
	const char *folder = getenv("TMPDIR");

	if (snprintf(path, TAP_PATH, "%s/fivestep-%s-XXXXXX", folder != NULL ? folder : "/tmp", name) >= TAP_PATH)
		abort();
}

int exit_status(void)
{
	if (has_plan && planned != ran)
		diag("planned %u checks, ran %u", planned, ran);
	if (failed > 0)
		diag("%u of %u checks failed", failed, ran);
	return failed > 0 || !has_plan || planned != ran;
}
