/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.c - the progress line on a terminal, to the letter, and that there is none elsewhere. Standard error is one end of a pseudo-terminal here.
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/run/progress.h"
#include "tests/tap.h"

static struct cell cells[4];
static struct plan plan = {.options = {.rounds_min = 10, .rounds_max = 30, .precision_pct = 2}, .cells = cells, .ncells = 4};
static struct schedule schedule;
static int terminal = -1, own_stderr = -1;

/* A terminal of so many columns as standard error. */
static bool terminal_open(unsigned short columns)
{
	struct winsize size = {.ws_col = columns, .ws_row = 24};
	const char *name;
	int fd = -1;

	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0 && (name = ptsname(terminal)) != NULL)
		fd = open(name, O_RDWR | O_NOCTTY);
	if (fd < 0 || ioctl(fd, TIOCSWINSZ, &size) != 0)
		return false;
	own_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
	return true;
}

/* What was written to it. */
static const char *written(void)
{
	static char text[1000];
	ssize_t n = read(terminal, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void terminal_close(void)
{
	dup2(own_stderr, STDERR_FILENO);
	close(own_stderr);
	close(terminal);
}

static void test_line(struct progress *progress)
{
	progress_init(progress, &plan, false);
	ok(progress->on_terminal, "a terminal is one");
	is_int(progress->columns, 200, "and as wide as it says");
	is_int(progress->ncells, 3, "cells that are skipped are not counted");
	progress_show(progress, &schedule, &cells[2], -1);
	is_str(written(), "\r\033[K[ 0/3 done] made - -   round 1  no interval yet  ETA 6s", "at first nothing is done");
	for (unsigned i = 0; i < 10; i++)
		schedule_visited(&schedule, 2, VERDICT_OK, i % 2 == 0 ? 100 : 110, 1000);
	progress_show(progress, &schedule, &cells[2], -1);
	is_str(written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 24s", "then there is an interval, and a time");
	progress_show(progress, &schedule, &cells[2], 3);
	is_str(written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 3s", "which is no longer than the time limit");
	progress_show(progress, &schedule, &cells[2], 3600);
	is_str(written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 24s", "nor as long, if that is far");
	progress_show(progress, &schedule, &cells[2], 0);
	is_str(written(), "\r\033[K[ 0/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 0s", "and none where the limit is reached");
	schedule.cells[0].stop = STOP_PRECISION;
	progress_show(progress, &schedule, &cells[2], 3);
	is_str(written(), "\r\033[K[ 1/3 done] made - -   round 11  +-4.8 % (target 2 %)  ETA 3s", "a cell that has stopped is done");
	progress_clear(progress);
	is_str(written(), "\r\033[K", "the line is removed");
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
	if (!terminal_open(200)) {
		skip_all("no pseudo-terminal");
		return exit_status();
	}
	test_line(&progress);
	progress_init(&progress, &plan, true);
	progress_show(&progress, &schedule, &cells[2], -1);
	progress_clear(&progress);
	is_str(written(), "", "a quiet run has no line");
	terminal_close();
	terminal_open(30);
	progress_init(&progress, &plan, false);
	progress_show(&progress, &schedule, &cells[2], -1);
	is_str(written(), "\r\033[K[ 1/3 done] made - -   roun..", "a narrow terminal shows what fits on one line");
	terminal_close();
	terminal_open(20);
	progress_init(&progress, &plan, false);
	is_int(progress.columns, 80, "one of hardly any columns is not believed");
	terminal_close();
	terminal_open(21);
	progress_init(&progress, &plan, false);
	is_int(progress.columns, 21, "one that is a little wider is");
	setenv("TERM", "dumb", 1);
	progress_init(&progress, &plan, false);
	ok(!progress.on_terminal, "one on which nothing can be written over has no line");
	unsetenv("TERM");
	progress_init(&progress, &plan, false);
	ok(!progress.on_terminal, "nor has one that does not say what it is");
	terminal_close();
	schedule_free(&schedule);
	done_testing();
	return exit_status();
}
