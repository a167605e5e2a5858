/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * team.c - the workers of the emulated device: each does its part, and they share no CPU where there are enough.
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
static cpu_set_t share_of[WORKERS];

/* Two indices, one for each worker. */
static void where(FS_BODY_PARAMS)
{
	(void)buf;
	(void)out;
	(void)stride;
	for (ulong i = first; i < last; i++) {
		cpu_of[i][a.u[0]] = sched_getcpu();
		sched_getaffinity(0, sizeof(share_of[i]), &share_of[i]);
	}
}

/* Returns in how many launches both workers were on one CPU. */
static int launches_together(const struct sync_peer *peer)
{
	struct team team = {0};
	struct team_threads threads;
	int together = 0;

	memset(cpu_of, 0xff, sizeof(cpu_of));
	is_int(team_start(&threads, &team, WORKERS, -1, peer), 0, "two workers start");
	for (ulong i = 0; i < LAUNCHES; i++) {
		struct fs_launch launch = {.name = "where", .body = where, .args = {.u = {i}}, .last = WORKERS};

		team_post(&team, &launch, NULL, NULL);
		team_wait(&team, peer);
		together += cpu_of[0][i] == cpu_of[1][i];
	}
	team_stop(&threads);
	return together;
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
	cpu_set_t all, one, common, both;

	sched_getaffinity(0, sizeof(all), &all);
	if (CPU_COUNT(&all) < WORKERS) {
		skip("one CPU only", 5);
	} else {
		is_int(launches_together(&peer), 0, "no launch has them on one CPU");
		CPU_AND(&common, &share_of[0], &share_of[1]);
		CPU_OR(&both, &share_of[0], &share_of[1]);
		is_int(CPU_COUNT(&common), 0, "they have no CPU in common");
		ok(CPU_EQUAL(&both, &all), "and all CPUs between them");
		is_int(launches_missed(), 0, "each does its part");
	}
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0) {
		skip("the CPU cannot be chosen here", 3);
	} else {
		is_int(launches_together(&peer), LAUNCHES, "where there is one CPU they share it");
		is_int(launches_missed(), 0, "and do their parts");
	}
	done_testing();
	return exit_status();
}
