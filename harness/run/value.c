/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value.c - the value of a round that adaptive stopping uses; see value.h.
 */
#include "config.h"

#include "harness/run/value.h"

#include <math.h>

#include "base/statistics.h"
#include "harness/round/five_step.h"

static double samples_value(const double *samples, size_t n)
{
	struct statistics_interval interval;

	return statistics_median(samples, n, &interval) == 0 ? interval.median : NAN;
}

static double histogram_value(const struct fs_histogram *histogram)
{
	uint64_t total = 0, sum = 0, low = 0, high = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		total += histogram->count[i];
	if (total == 0)
		return NAN;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS && 2 * sum < total; i++) {
		sum += histogram->count[i];
		histogram_bounds(i, &low, &high);
	}
	return (double)(low + high) / 2;
}

double value_of_round(const struct cell *cell, const struct share *share)
{
	const struct fs_metric *metrics = cell->kernel != NULL ? five_step_metrics : cell->bench->metrics;
	double value = NAN;

	/* If all samples of a metric were dropped the round has no value: that of the next metric would be another quantity. */
	for (unsigned i = 0;
		metrics != NULL && i < SHARE_METRICS && metrics[i].name != NULL && isnan(value) && (i == 0 || share->metric[i - 1].dropped == 0);
		i++) {
		if (metrics[i].kind == FS_HISTOGRAM)
			value = histogram_value(&share->histogram[i]);
		else
			value = samples_value(share->metric[i].sample, share->metric[i].nsamples);
	}
	return value;
}

double value_of_record(const struct runfile_round *round)
{
	const struct runfile_metric *metric = round->metrics;

	if (round->n_metrics == 0)
		return NAN;
	if (metric->n_buckets != 0)
		return statistics_histogram_quantile(metric->buckets, metric->n_buckets, 0.5);
	return samples_value(metric->samples, metric->n_samples);
}
