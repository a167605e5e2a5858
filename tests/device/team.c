/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * team.c - the workers of the emulated device: each does its part, on a CPU of its own where there are as many.
 */
#include "config.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "harness/device/emu/team.h"
#include "tests/tap.h"

#define WORKERS	 2
#define LAUNCHES 200

static int cpu_of[WORKERS][LAUNCHES];

/* Two indices, one for each worker. */
static void where(FS_BODY_PARAMS)
{
	(void)buf;
	(void)out;
	(void)stride;
	for (ulong i = first; i < last; i++)
		cpu_of[i][a.u[0]] = sched_getcpu();
}

/* Returns how many launches had both workers on one CPU, or a worker on another CPU than before. */
static int launches_astray(const struct sync_peer *peer)
{
	struct team team = {0};
	struct team_threads threads;
	int astray = 0;

	memset(cpu_of, 0xff, sizeof(cpu_of));
	is_int(team_start(&threads, &team, WORKERS, -1, peer), 0, "two workers start");
	for (ulong i = 0; i < LAUNCHES; i++) {
		struct fs_launch launch = {.name = "where", .body = where, .args = {.u = {i}}, .last = WORKERS};

		team_post(&team, &launch, NULL, NULL);
		team_wait(&team, peer);
		astray += cpu_of[0][i] == cpu_of[1][i] || cpu_of[0][i] != cpu_of[0][0] || cpu_of[1][i] != cpu_of[1][0];
	}
	team_stop(&threads);
	return astray;
}

static int launches_missed(void)
{
	int missed = 0;

	for (int i = 0; i < LAUNCHES; i++)
		missed += cpu_of[0][i] < 0 || cpu_of[1][i] < 0;
	return missed;
}

int main(void)
{
	static sync_word dead;
	const struct sync_peer peer = {.dead = &dead};
	cpu_set_t all, one;

	sched_getaffinity(0, sizeof(all), &all);
	if (CPU_COUNT(&all) < WORKERS) {
		skip("one CPU only", 3);
	} else {
		is_int(launches_astray(&peer), 0, "each is on a CPU of its own in every launch");
		is_int(launches_missed(), 0, "and does its part");
	}
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0) {
		skip("the CPU cannot be chosen here", 3);
	} else {
		is_int(launches_astray(&peer), LAUNCHES, "where there is one CPU they share it");
		is_int(launches_missed(), 0, "and do their parts");
	}
	done_testing();
	return exit_status();
}
