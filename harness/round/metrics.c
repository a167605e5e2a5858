/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metrics.c - what a round measures: samples, histograms, noise.
 */
#include "config.h"

#include "harness/round/job.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"

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
	text_fit(m->dropped_why, sizeof(m->dropped_why), "%s", why);
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

/* Everything that harness and device count so far. */
static void count_costs(struct fs_job *job, double *costs)
{
	static const char *const faults[FS_SIDES] = {"faults_to_host", "faults_to_device"};
	static const char *const pages[FS_SIDES] = {"pages_to_host", "pages_to_device"};
	bool moves = job->cell->setup != NULL && job->cell->setup->memory == FS_MEMORY_MIRROR;
	uint64_t n;

	for (unsigned i = 0; i < FS_COSTS; i++)
		costs[i] = (double)job->requested[i];
	for (int side = 0; side < FS_SIDES; side++) {
		if (device_count(job, faults[side], &n))
			costs[FS_COST_FAULT + side] = (double)n;
		/* What moved, or the ranges of the requests where that is not counted. Of each fault's granule the first page is the fault's. */
		if (moves && device_count(job, pages[side], &n))
			costs[FS_COST_PAGE + side] = (double)n - costs[FS_COST_FAULT + side];
	}
}

void fs_contains_begin(struct fs_job *job)
{
	count_costs(job, job->contained);
}

void fs_contains_end(struct fs_job *job, const char *metric, double per, bool is_first)
{
	double *contains = job->share->metric[metric_index(job, metric)].contains, now[FS_COSTS];

	count_costs(job, now);
	for (unsigned i = 0; i < FS_COSTS; i++)
		contains[i] = (now[i] - job->contained[i]) / per;
	for (int side = 0; side < FS_SIDES && is_first; side++)
		contains[FS_COST_FIRST_WAY + side] = contains[FS_COST_PAGE + side] + contains[FS_COST_FAULT + side];
}

void fs_contains(struct fs_job *job, const char *metric, enum fs_cost cost, double n)
{
	job->share->metric[metric_index(job, metric)].contains[cost] = n;
}

void fs_noise(struct fs_job *job, const char *device, const char *name, double value)
{
	struct share *share = job->share;

	if (share->nnoises == SHARE_NOISES) {
		share->noise_lost++;
		return;
	}
	if (!text_fit(share->noise[share->nnoises].name, sizeof(share->noise[0].name), "%s.%s", device, name))
		fs_error(job, -E2BIG, "a name of noise has more than %zu characters: %s.%s", sizeof(share->noise[0].name) - 1, device, name);
	share->noise[share->nnoises++].value = value;
}
