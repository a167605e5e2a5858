/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - the progress line:
 *
 *     [ 7/24] fault_latency hmm emu granule=4K   18 rounds  +-2.7 % (target 2 %)   ETA 3m10s
 */
#include "config.h"

#include "harness/run/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/terminal.h"

void progress_init(struct progress *progress, const struct plan *plan, bool quiet)
{
	struct winsize size = {0};

	progress->on_terminal = !quiet && terminal_erases(stderr);
	/* As narrow as it is: a line of two lines cannot be written over. */
	progress->columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
	progress->ncells = 0;
	for (unsigned i = 0; i < plan->ncells; i++)
		progress->ncells += !plan->cells[i].skipped;
}

static void format_precision(const struct schedule *schedule, unsigned cell, char *text, size_t bytes)
{
	double pct = schedule_precision_pct(schedule, cell);

	if (isnan(pct))
		snprintf(text, bytes, "no interval yet");
	else
		snprintf(text, bytes, "+-%.1f %% (target %g %%)", pct, schedule->plan->options.precision_pct);
}

static unsigned cells_done(const struct schedule *schedule)
{
	unsigned done = 0;

	for (unsigned i = 0; i < schedule->plan->ncells; i++) {
		enum stop stop = schedule->cells[i].stop;

		done += stop != STOP_NOT && stop != STOP_SKIP;
	}
	return done;
}

void progress_show(const struct progress *progress, const struct schedule *schedule, const struct cell *cell, double limit_s)
{
	char params[96], precision[48], eta[DURATION_TEXT], line[400];
	double left_s = schedule_left_s(schedule);

	if (!progress->on_terminal)
		return;
	if (limit_s >= 0 && limit_s < left_s)
		left_s = limit_s;
	cell_params_set(cell, params, sizeof(params));
	format_precision(schedule, cell->id, precision, sizeof(precision));
	duration_put(left_s, eta);
	snprintf(line, sizeof(line), "[%2u/%u done] %s %s %s %s  round %u  %s  ETA %s", cells_done(schedule), progress->ncells, cell->name,
		cell_setup(cell), cell_device(cell), params, schedule->cells[cell->id].rounds + 1, precision, eta);
	fputs("\r\033[K", stderr);
	terminal_put(stderr, line, terminal_width(line) < progress->columns ? 0 : progress->columns - 1, false);
}

void progress_clear(const struct progress *progress)
{
	if (progress->on_terminal)
		fputs("\r\033[K", stderr);
}
