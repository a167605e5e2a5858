/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metrics.c - what a round measures: samples, histograms, noise.
 */
#include "config.h"

#include "harness/round/job.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static int metric_index(const struct fs_job *job, const char *metric)
{
	for (int i = 0; job->metrics[i].name != NULL; i++) {
		if (strcmp(job->metrics[i].name, metric) == 0)
			return i;
	}
	assert(!"the metric is not declared");
	return 0;
}

void fs_sample(struct fs_job *job, const char *metric, double value)
{
	struct share_metric *m = &job->share->metric[metric_index(job, metric)];

	if (m->nsamples < SHARE_SAMPLES)
		m->sample[m->nsamples++] = value;
	else
		m->lost++;
}

void fs_drop(struct fs_job *job, const char *metric, const char *why)
{
	struct share_metric *m = &job->share->metric[metric_index(job, metric)];

	m->dropped++;
	snprintf(m->dropped_why, sizeof(m->dropped_why), "%s", why);
}

struct fs_histogram *fs_histogram(struct fs_job *job, const char *metric)
{
	int i = metric_index(job, metric);
	struct fs_histogram *h = &job->share->histogram[i];

	assert(job->metrics[i].kind == FS_HISTOGRAM);
	/* Populates its pages, so that adding a sample causes no fault while faults are timed and counted. */
	for (size_t c = 0; c < HISTOGRAM_BUCKETS; c += 512)
		*(volatile uint32_t *)&h->count[c] = h->count[c];
	return h;
}

void fs_histogram_add(struct fs_histogram *h, uint64_t ns)
{
	h->count[histogram_bucket(ns)]++;
}

void fs_noise(struct fs_job *job, const char *device, const char *name, double value)
{
	struct share *share = job->share;

	if (share->nnoises == SHARE_NOISES) {
		share->noise_lost++;
		return;
	}
	snprintf(share->noise[share->nnoises].name, sizeof(share->noise[0].name), "%s.%s", device, name);
	share->noise[share->nnoises++].value = value;
}
