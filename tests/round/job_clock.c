/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * job_clock.c - the clock that devices are timed by stops while a device does work that is to be excluded: in benchmarks' own times and in
 * those of the steps.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/round/five_step.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

static uint64_t excluded_ns;

static uint64_t aside(void *dev)
{
	(void)dev;
	return excluded_ns;
}

static const struct fs_device plain = {.name = "plain"}, verifying = {.name = "verifying", .excluded_ns = aside};

/* Whether the job's clock is behind by just LATE_NS. */
static bool is_late_by(const struct fs_job *job, uint64_t late_ns)
{
	uint64_t before = fs_now(), now = fs_device_clock(job), after = fs_now();

	return now >= before - late_ns && now <= after - late_ns;
}

static void test_devices(struct fake_job *fake)
{
	static char dev;

	excluded_ns = 1000;
	ok(is_late_by(&fake->job, 0), "without a device it is the clock");
	fake->cell.device = &plain;
	fake->job.device = &dev;
	ok(is_late_by(&fake->job, 0), "as with one that only does what it is asked for");
	fake->cell.device = &verifying;
	ok(is_late_by(&fake->job, 1000), "with another what was aside is not in it");
	fake->job.device = NULL;
	ok(is_late_by(&fake->job, 0), "before that is open nothing was");
	fake->job.device = &dev;
}

/* Of a step's time so much is left out at least: more than all else in it takes, unless this process is kept from its CPU. */
#define ASIDE_NS 10000000ull

static void test_steps(struct fake_job *fake)
{
	const struct share_step *step = &fake->job.share->step[FS_DEVICE_COMPUTE];
	uint64_t outer_ns = fs_now(), inner_ns, left_out_ns = 0;

	/* No counters are selected. */
	fake->job.counters.share = fake->job.share;
	fs_step_begin(&fake->job, FS_DEVICE_COMPUTE);
	inner_ns = fs_now();
	while (left_out_ns < ASIDE_NS)
		left_out_ns = fs_now() - inner_ns;
	excluded_ns += left_out_ns;
	inner_ns = fs_now() - inner_ns;
	fs_step_end(&fake->job, FS_DEVICE_COMPUTE, 0);
	outer_ns = fs_now() - outer_ns;
	ok(step->ns + left_out_ns >= inner_ns && step->ns + left_out_ns <= outer_ns, "a step has just what passed but for what was aside in it");
}

/* Two readings of different clocks would make no interval. */
static void test_kind(void)
{
	unsetenv("FIVESTEP_CLOCK");
	ok(!fs_counts_instructions(), "without a word the clock counts time");
	setenv("FIVESTEP_CLOCK", "instructions", 1);
	ok(!fs_counts_instructions(), "and goes on to, whatever is said later");
	unsetenv("FIVESTEP_CLOCK");
}

int main(void)
{
	static const struct fs_metric metrics[] = {{0}};
	static const struct fs_param params[] = {{0}};
	static const struct fs_bench bench = {.name = "clock", .metrics = metrics, .params = params};
	struct fake_job fake;

	test_kind();
	ok(fake_job_open(&fake, NULL, &bench, "") == 0, "a round");
	test_devices(&fake);
	test_steps(&fake);
	fake.job.device = NULL;
	fake_job_close(&fake);
	done_testing();
	return exit_status();
}
