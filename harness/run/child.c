/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child.c - a round's process: reads the request from the shared memory, runs the benchmark or the five steps, and leaves the verdict there.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "harness/plan/inputs.h"
#include "harness/round/crosscheck.h"
#include "harness/round/five_step.h"
#include "harness/run/round.h"

static struct share *share_map(const char *fd_text)
{
	struct share *share;
	char *end;
	long fd = strtol(fd_text, &end, 10);

	if (*end != '\0')
		return NULL;
	share = mmap(NULL, sizeof(*share), PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
	close((int)fd);
	if (share == MAP_FAILED)
		return NULL;
	return share->magic == SHARE_MAGIC ? share : NULL;
}

/* The runner's line names exactly one cell. */
static const struct cell *cell_read(struct plan *plan, struct share *share)
{
	plan_init(plan);
	if (plan_add(plan, share->cell, &share->why) != 0)
		return NULL;
	if (plan->ncells == 1 && inputs_digest(&plan->cells[0]) != share->inputs) {
		fs_because(&share->why, -ESTALE, "start a new run", "an input of this cell has changed since the run began");
		return NULL;
	}
	return plan->ncells == 1 ? &plan->cells[0] : NULL;
}

static void run_cell(struct fs_job *job)
{
	const struct cell *cell = job->cell;
	int err = job_open(job);

	if (err == 0) {
		if (cell->kernel != NULL) {
			err = five_step(job, cell->kernel);
		} else {
			job_started(job);
			err = cell->bench->run(job);
		}
		counters_end(&job->counters);
		crosscheck(job->share);
	}
	if (err < 0 && job->share->verdict == VERDICT_OK)
		fs_error(job, err, "%s: %s", cell->name, job->share->why.what[0] != '\0' ? job->share->why.what : strerror(-err));
	job->share->finished = true;
	job_close(job);
}

int child_main(int argc, char **argv)
{
	struct fs_job job = {0};
	struct plan plan;
	int status = EXIT_OWN_ERROR;

	/* It survives exec, but does not help if the runner died before it was set. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc != 2)
		return EXIT_USAGE;
	job.share = share_map(argv[1]);
	if (job.share == NULL)
		return EXIT_USAGE;
	if (getppid() == 1)
		return EXIT_OWN_ERROR;
	job.cell = cell_read(&plan, job.share);
	if (job.cell == NULL) {
		job.share->verdict = VERDICT_FAIL;
		job.share->finished = true;
		status = EXIT_FINE;
	} else {
		job_inject(job.share->inject_ns);
		lie_begin(&job);
		job.metrics = job.cell->kernel != NULL ? five_step_metrics : job.cell->bench->metrics;
		run_cell(&job);
		status = EXIT_FINE;
	}
	plan_free(&plan);
	return status;
}
