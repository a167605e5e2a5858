/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * level_shift.c - the permutation test of a shift at a given split; see level_shift.h.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "analysis/statistics/level_shift.h"

#define LONGEST	  LEVEL_SHIFT_LONGEST
#define MAD_SIGMA 1.4826
#define COUNTED	  3    /* values on one side: up to that, all choices are counted */
#define EASY	  2.0  /* sigma: up to that, the normal distribution will do, as nothing is decided there */
#define NEARLY	  1e-9 /* of the standard deviation: sums in another order differ in the last digits */
#define RHO_MOST  0.99
#define RHO_SIGMA 3.0 /* deviations at which values are clipped: an outlier would hide the correlation of the others */
#define MANY	  50  /* values that are enough to measure the correlation, */
#define FEWER	  30  /* and how many fewer cannot measure it at all */
#define STEPS	  60  /* of Newton's method; ten are usual */

/* ---- the values ------------------------------------------------------------------------------------------ */

static double median_of(const double *values, size_t n)
{
	double work[LONGEST];

	memcpy(work, values, n * sizeof(*work));
	return gsl_stats_median(work, 1, n);
}

/* The deviation of the noise, from differences of neighbours, so that levels do not matter. */
static double noise_of(const double *values, size_t n)
{
	double differences[LONGEST];

	for (size_t i = 1; i < n; i++)
		differences[i - 1] = fabs(values[i] - values[i - 1]);
	return n > 1 ? MAD_SIGMA * median_of(differences, n - 1) / M_SQRT2 : 0.0;
}

/* Clips values beyond that many deviations from both levels; the levels are medians. */
static void clamp(const double *values, size_t n, size_t split, double *clamped)
{
	double before = median_of(values, split), after = median_of(values + split, n - split);
	double reach = LEVEL_SHIFT_SIGMA * noise_of(values, n), least = fmin(before, after) - reach, most = fmax(before, after) + reach;

	for (size_t i = 0; i < n; i++)
		clamped[i] = reach > 0.0 ? fmin(fmax(values[i], least), most) : values[i];
}

/* ---- serial correlation ---------------------------------------------------------------------------------- */

/* Deviations from the median, clipped. */
static void center(const double *values, size_t n, double reach, double *residuals)
{
	double median = median_of(values, n);

	for (size_t i = 0; i < n; i++)
		residuals[i] = reach > 0.0 ? fmin(fmax(values[i] - median, -reach), reach) : values[i] - median;
}

/* An estimated correlation may be too low, and a few values cannot show that there is none. */
double level_shift_cautious(double rho, size_t n)
{
	double unsure;

	rho = fmin(fmax(rho, 0.0), RHO_MOST);
	unsure = sqrt((1.0 - rho * rho) / (double)n);
	rho += fmin(fmax(rho - unsure, 0.0), unsure);
	return fmin(fmax(rho, n < MANY ? 1.65 * unsure * fmin((MANY - (double)n) / FEWER, 1.0) : 0.0), RHO_MOST);
}

/* Correlation of neighbours around both levels. Subtracting each mean, estimated from the same values, biases it by -(1 + 3 rho) / n. */
static double correlation(const double *values, size_t n, size_t split)
{
	double residuals[LONGEST], squares = 0.0, products = 0.0, bias = 2.0 / (double)n, rho;

	center(values, split, 0.0, residuals);
	center(values + split, n - split, 0.0, residuals + split);
	for (size_t i = 0; i < n; i++)
		residuals[i] = fabs(residuals[i]);
	rho = RHO_SIGMA * MAD_SIGMA * median_of(residuals, n);
	center(values, split, rho, residuals);
	center(values + split, n - split, rho, residuals + split);
	for (size_t i = 0; i < n; i++) {
		squares += residuals[i] * residuals[i];
		products += i && i != split ? residuals[i] * residuals[i - 1] : 0.0;
	}
	if (squares <= 0.0)
		return 0.0;
	rho = products / squares;
	if (3.0 * bias >= 1.0)
		return rho > 0.0 ? RHO_MOST : 0.0;
	return level_shift_cautious((rho + bias) / (1.0 - 3.0 * bias), n);
}

/* Variance of a mean of n values of an AR(1) series, in variances of a value. */
static double variance_of_mean(double rho, size_t n)
{
	double k = (double)n;

	return ((1.0 + rho) / (1.0 - rho) - 2.0 * rho * (1.0 - pow(rho, k)) / (k * (1.0 - rho) * (1.0 - rho))) / k;
}

/* The factor by which serial correlation widens the difference of both means. */
static double widening(double rho, size_t n, size_t split)
{
	double apart = 1.0 / (double)split + 1.0 / (double)(n - split);

	return sqrt((variance_of_mean(rho, split) + variance_of_mean(rho, n - split)) / apart);
}

/* ---- exact counting -------------------------------------------------------------------------------------- */

/* The number of choices of k values with a sum of at least `sum`; values are in ascending order. */
static double count_choices(const double *sorted, size_t n, size_t k, double sum)
{
	double count = 0.0;

	if (k == 1) {
		while (n && sorted[n - 1] >= sum) {
			n--;
			count++;
		}
	} else if (k == 2) {
		for (size_t lo = 0, hi = n - 1; lo < hi;) {
			if (sorted[lo] + sorted[hi] >= sum)
				count += (double)(hi-- - lo);
			else
				lo++;
		}
	} else {
		for (size_t i = 2; i < n; i++)
			count += count_choices(sorted, i, k - 1, sum - sorted[i]);
	}
	return count;
}

/* ---- the saddlepoint ------------------------------------------------------------------------------------- */

struct cumulants {
	double k, u, v, uu, uv, vv; /* the generating function and its derivatives */
};

/* The generating function of the sum (u) and number (v) of chosen values, if each of n values is chosen with probability k / n. */
static struct cumulants cumulants_at(const double *values, size_t n, double odds, double u, double v)
{
	struct cumulants at = {0};
	double chosen = odds / (1.0 + odds);

	for (size_t i = 0; i < n; i++) {
		double a = values[i], tilt = u * a + v, weight, p;

		if (tilt > 0.0) {
			weight = (1.0 - chosen) * exp(-tilt);
			at.k += tilt + log(weight + chosen);
			p = chosen / (weight + chosen);
		} else {
			weight = chosen * exp(tilt);
			at.k += log(1.0 - chosen + weight);
			p = weight / (1.0 - chosen + weight);
		}
		at.u += a * p;
		at.v += p;
		p *= 1.0 - p;
		at.uu += a * a * p;
		at.uv += a * p;
		at.vv += p;
	}
	return at;
}

/*
 * P that k of n values, chosen at random, have at least that sum. Values have mean 0 and standard deviation 1. NaN if Newton's method does not
 * converge, as near the largest possible sum.
 */
static double saddlepoint(const double *values, size_t n, size_t k, double sum)
{
	double odds = (double)k / (double)(n - k), u = 0.0, v = 0.0, w, r;
	struct cumulants at = cumulants_at(values, n, odds, u, v);
	double vv_at_0 = at.vv;

	for (int step = 0;; step++) {
		double miss_u = sum - at.u, miss_v = (double)k - at.v, det = at.uu * at.vv - at.uv * at.uv, by_u, by_v, most;

		if (fabs(miss_u) < 1e-8 * (double)k && fabs(miss_v) < 1e-8 * (double)k)
			break;
		if (step == STEPS || det <= 1e-280)
			return NAN;
		by_u = (miss_u * at.vv - miss_v * at.uv) / det;
		by_v = (miss_v * at.uu - miss_u * at.uv) / det;
		most = fmax(fabs(by_u), fabs(by_v));
		u += most > 1.0 ? by_u / most : by_u;
		v += most > 1.0 ? by_v / most : by_v;
		at = cumulants_at(values, n, odds, u, v);
	}
	w = 2.0 * (u * sum + v * (double)k - at.k);
	if (u <= 0.0 || w <= 0.0)
		return NAN;
	w = sqrt(w);
	r = u * sqrt((at.uu * at.vv - at.uv * at.uv) / vv_at_0);
	return gsl_cdf_ugaussian_Q(w) + gsl_ran_ugaussian_pdf(w) * (1.0 / r - 1.0 / w);
}

/* ---- the correlation of a whole series ------------------------------------------------------------------- */

/*
 * The correlation of the differences of neighbours is (rho - 1) / 2, whatever levels there are: a step is one difference, clipped like an outlier's.
 */
double level_shift_correlation(const double *values, size_t n)
{
	double squares = 0.0, products = 0.0, reach;

	if (n > LONGEST) {
		values += n - LONGEST;
		n = LONGEST;
	}
	if (n < 3 || (reach = RHO_SIGMA * M_SQRT2 * noise_of(values, n)) <= 0.0)
		return 0.0;
	for (size_t i = 1; i < n; i++) {
		double here = fmin(fmax(values[i] - values[i - 1], -reach), reach);

		squares += here * here;
		if (i + 1 < n)
			products += here * fmin(fmax(values[i + 1] - values[i], -reach), reach);
	}
	return 1.0 + 2.0 * products / squares;
}

/* ---- the test -------------------------------------------------------------------------------------------- */

double level_shift_least(size_t n, size_t split)
{
	return exp(-gsl_sf_lnchoose((unsigned)n, (unsigned)split));
}

/*
 * The sum of k of n standardized values for which Student's t is smaller by that factor. The sum itself is not divided: for two levels far
 * apart it is close to the largest possible one, whatever the noise.
 */
static double narrowed(double sum, size_t n, size_t k, double times)
{
	double most = (double)k * (double)(n - k), r2 = fmin(sum * sum / most, 1.0 - 1e-12), t2 = r2 / (1.0 - r2) / (times * times);

	return sqrt(most * t2 / (1.0 + t2));
}

/* Whether only the k largest values reach that sum: with the next value instead of the smallest of them, it is lower. The saddlepoint misses such
 * gaps. */
static bool is_only_one(const double *sorted, size_t n, size_t k, double sum)
{
	double largest = 0.0;

	for (size_t i = n - k; i < n; i++)
		largest += sorted[i];
	return largest - sorted[n - k] + sorted[n - k - 1] < sum;
}

/* P that `k` of the standardized values have at least that sum, which is above 0. */
static double tail(const double *values, size_t n, size_t k, double sum)
{
	double sorted[LONGEST], z = sum / sqrt((double)k * (double)(n - k) / (double)n), p;

	if (z < EASY)
		return gsl_cdf_ugaussian_Q(z);
	memcpy(sorted, values, n * sizeof(*sorted));
	gsl_sort(sorted, 1, n);
	if (k <= COUNTED)
		p = count_choices(sorted, n, k, sum - NEARLY) * level_shift_least(n, k);
	else if (is_only_one(sorted, n, k, sum - NEARLY))
		p = level_shift_least(n, k);
	else
		p = saddlepoint(values, n, k, sum);
	/* beyond the range of the approximation there are only a few choices */
	if (!(p <= 1.0))
		p = level_shift_least(n, k);
	return fmax(p, level_shift_least(n, k));
}

void level_shift_test(const double *values, size_t n, size_t split, double rho, struct level_shift *shift)
{
	double all[LONGEST], mean, sd, sum = 0.0;
	size_t few = split < n - split ? split : n - split;

	*shift = (struct level_shift){.p = 1.0};
	clamp(values, n, split, all);
	mean = gsl_stats_mean(all, 1, n);
	sd = sqrt(gsl_stats_tss_m(all, 1, n, mean) / (double)n);
	if (sd <= NEARLY * fabs(mean))
		return;
	for (size_t i = 0; i < n; i++)
		all[i] = (all[i] - mean) / sd;
	for (size_t i = split; i < n; i++)
		sum += all[i];
	shift->up = sum > 0.0;
	shift->rho = fmax(correlation(all, n, split), rho);
	/* take the side with fewer values, and make the shift upwards */
	if (shift->up != (few == n - split))
		for (size_t i = 0; i < n; i++)
			all[i] = -all[i];
	shift->p = tail(all, n, few, narrowed(fabs(sum), n, few, widening(shift->rho, n, split)));
}
