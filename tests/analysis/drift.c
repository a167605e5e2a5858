/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drift.c - the line through values that drift, and how its interval widens with the correlation of neighbours that is assumed.
 */
#include "config.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "analysis/statistics/drift.h"
#include "tests/tap.h"

#define N 60

/* Half of the slope's interval. The values are above and below their line in turns, so that no correlation but the assumed one is found. */
static double width_of(double rho, struct drift *drift)
{
	double values[N];

	for (size_t i = 0; i < N; i++)
		values[i] = 1000 + 3.0 * (double)i + (i % 2 == 0 ? 4 : -4);
	ok(drift_line(values, N, rho, drift), "%d values that drift, and a correlation of %g at least", N, rho);
	is_near(drift->slope, 3, 0.01, "the slope does not depend on it");
	is_near((drift->lo + drift->hi) / 2, drift->slope, 1e-12, "its interval is around it");
	return (drift->hi - drift->lo) / 2;
}

int main(void)
{
	static const double rhos[] = {0.2, 0.5, 0.8};
	struct drift drift;
	double plain = width_of(0, &drift), p = drift.p, squares = 0;

	/* As any textbook has it: the residuals' deviation over that of the places. */
	for (size_t i = 0; i < N; i++)
		squares += pow((double)i - (N - 1) / 2.0, 2);
	is_near(plain, gsl_cdf_tdist_Pinv(0.975, N - 2) * sqrt(16.0 * N / (N - 2) / squares), 0.001, "without one it is that of a regression");
	is_near(drift.before, 1000, 0.3, "the line begins at the first value");
	is_near(drift.after, 1000 + 3.0 * (N - 1), 0.3, "and ends at the last");
	for (size_t i = 0; i < sizeof(rhos) / sizeof(rhos[0]); i++) {
		double part = (1 - rhos[i]) / (1 + rhos[i]);
		double wanted = plain / sqrt(part) * gsl_cdf_tdist_Pinv(0.975, fmax(N * part - 2, 2)) / gsl_cdf_tdist_Pinv(0.975, N - 2);

		is_near(width_of(rhos[i], &drift) / wanted, 1, 1e-9, "it widens as fewer values are independent");
		ok(drift.p >= p, "and p grows: %g", drift.p);
		p = drift.p;
	}
	done_testing();
	return exit_status();
}
