/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed_triad.c - triad's body against the loop of STREAM's triad, on as many threads, each of which has a part of the same arrays. See
 * program_speed.c.
 */
#include "config.h"

#include <string.h>

#include "bench/crew.h"
#include "bench/program_speed.h"

#define SCALE	   3.0
#define LINE_WORDS (64 / sizeof(double))

FS_BODY_DECLARE(triad);

/* STREAM's arrays are known to be apart; here that has to be said. */
static FS_BODY(stream_triad)
{
	double *restrict x = FS_ARRAY(double, a.u[0]);
	const double *restrict y = FS_ARRAY(double, a.u[1]), *restrict z = FS_ARRAY(double, a.u[2]);

	(void)out;
	FS_FOR(i)
	{
		x[i] = y[i] + a.f[0] * z[i];
	}
}

struct pass {
	fs_body_fn body;
	unsigned char *buf;
	struct fs_body_args args;
	ulong n;
};

static int part(void *arg, ulong which, ulong n)
{
	const struct pass *pass = arg;

	pass->body(pass->buf, NULL, pass->args, pass->n / n * which, which + 1 < n ? pass->n / n * (which + 1) : pass->n, 1);
	return 0;
}

int speed_triad(const struct speed *t)
{
	ulong n = t->bytes / 3 / sizeof(double) / LINE_WORDS * LINE_WORDS, threads = fs_count(t->job, "threads");
	struct pass body = {triad_body, t->buf, {.u = {0, n * sizeof(double), 2 * n * sizeof(double)}, .f = {SCALE}}, n}, plain = body;
	double *x = (double *)t->buf, *y = x + n, *z = y + n;
	struct speed_times times;
	int err = 0;

	plain.body = stream_triad_body;
	for (ulong i = 0; i < n; i++) {
		y[i] = speed_small(i);
		z[i] = speed_small(n + i);
	}
	for (unsigned i = 0; i < SPEED_PASSES && err == 0; i++) {
		err = crew_run(t->job, threads, part, &plain, &times.plain_ns[i]);
		/* The last answer is the body's alone. */
		if (i + 1 == SPEED_PASSES)
			memset(x, 0, n * sizeof(*x));
		if (err == 0)
			err = crew_run(t->job, threads, part, &body, &times.body_ns[i]);
	}
	if (err != 0)
		return err;
	x[n - 1] += fs_is(t->job, "wrong", "triad");
	for (ulong i = 0; i < n; i++) {
		if (x[i] != y[i] + SCALE * z[i])
			return fs_wrong(t->job, "triad: element %lu is %g, not %g", i, x[i], y[i] + SCALE * z[i]);
	}
	speed_sample(t, "triad_share", "triad", "triad_stream", &times, 3.0 * (double)n * sizeof(double));
	return 0;
}
