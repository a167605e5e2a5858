/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - the progress line on a terminal, to the letter, and that there is none elsewhere. Standard error is one end of a pseudo-terminal here.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/run/progress.h"
#include "tests/screen.h"
#include "tests/tap.h"

static struct cell cells[4];
static struct plan plan = {.options = {.rounds_min = 10, .rounds_max = 30, .precision_pct = 2}, .cells = cells, .ncells = 4};
static struct schedule schedule;
static void test_line(struct progress *progress)
{
	progress_init(progress, &plan, false);
	ok(progress->on_terminal, "a terminal is one");
	is_int(progress->columns, 200, "and as wide as it says");
	is_int(progress->ncells, 3, "cells that are skipped are not counted");
	progress_show(progress, &schedule, &cells[2], -1);
	is_str(screen_written(), "\r\033[K[ 0/3 done] made - -   round 1  no interval yet  ETA 6s", "at first nothing is done");
	for (unsigned i = 0; i < 10; i++)
		schedule_visited(&schedule, 2, VERDICT_OK, i % 2 == 0 ? 100 : 110, 1000);
	progress_show(progress, &schedule, &cells[2], -1);
	is_str(screen_written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 24s", "then there is an interval, and a time");
	progress_show(progress, &schedule, &cells[2], 3);
	is_str(screen_written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 3s", "which is no longer than the time limit");
	progress_show(progress, &schedule, &cells[2], 3600);
	is_str(screen_written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 24s", "nor as long, if that is far");
	progress_show(progress, &schedule, &cells[2], 0);
	is_str(screen_written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 0s", "and none where the limit is reached");
	schedule.cells[0].stop = STOP_PRECISION;
	progress_show(progress, &schedule, &cells[2], 3);
	is_str(screen_written(), "\r\033[K[ 1/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 3s", "a cell that has stopped is done");
	progress_clear(progress);
	is_str(screen_written(), "\r\033[K", "the line is removed");
}

int main(void)
{
	static const struct fs_bench bench = {.name = "made"};
	struct progress progress;

	for (unsigned i = 0; i < 4; i++) {
		cells[i].id = i;
		cells[i].name = "made";
		cells[i].bench = &bench;
	}
	cells[3].skipped = true;
	schedule_init(&schedule, &plan, 1);
	setenv("TERM", "xterm", 1);
	if (!screen_open(200)) {
		skip_all("no pseudo-terminal can be opened: mount -t devpts devpts /dev/pts");
		return exit_status();
	}
	test_line(&progress);
	progress_init(&progress, &plan, true);
	progress_show(&progress, &schedule, &cells[2], -1);
	progress_clear(&progress);
	is_str(screen_written(), "", "a quiet run has no line");
	screen_close();
	screen_open(30);
	progress_init(&progress, &plan, false);
	progress_show(&progress, &schedule, &cells[2], -1);
	is_str(screen_written(), "\r\033[K[ 1/3 done] made - -   roun..", "a narrow terminal shows what fits on one line");
	screen_close();
	screen_open(20);
	progress_init(&progress, &plan, false);
	is_int(progress.columns, 80, "one of hardly any columns is not believed");
	screen_close();
	screen_open(21);
	progress_init(&progress, &plan, false);
	is_int(progress.columns, 21, "one that is a little wider is");
	setenv("TERM", "dumb", 1);
	progress_init(&progress, &plan, false);
	ok(!progress.on_terminal, "one on which nothing can be written over has no line");
	unsetenv("TERM");
	progress_init(&progress, &plan, false);
	ok(!progress.on_terminal, "nor has one that does not say what it is");
	screen_close();
	schedule_free(&schedule);
	done_testing();
	return exit_status();
}
