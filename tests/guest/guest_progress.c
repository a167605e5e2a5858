/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest_progress.c - what a terminal shows of a guest's run is made of the records that come: rounds of those that are to come at least, over
 * what a resumed run has already; nothing where there is no terminal.
 */
#include "config.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/progress.h"
#include "tests/screen.h"
#include "tests/tap.h"

static struct guest_progress progress;

static void take(const char *line)
{
	guest_progress_show(&progress, line, strlen(line));
}

/* Three cells of four rounds at least, of which the last is skipped. */
static void take_run(void)
{
	take("{\"type\": \"run\", \"cells\": [{}, {}, {}], \"options\": {\"rounds_min\": 4}}\n");
	take("{\"type\": \"round\", \"bench\": \"third\", \"verdict\": \"skip\"}\n");
}

static void take_round(void)
{
	take("{\"type\": \"round\", \"bench\": \"triad\", \"setup\": \"hmm\", \"device\": \"emu\", \"verdict\": \"ok\"}\n");
}

static char *run_file(void)
{
	static char path[] = "guest_progress.XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");

	fputs("{\"type\": \"run\", \"cells\": [{}, {}, {}], \"options\": {\"rounds_min\": 4}}\n"
	      "{\"type\": \"round\", \"bench\": \"third\", \"verdict\": \"skip\"}\n"
	      "{\"type\": \"round\", \"bench\": \"triad\", \"verdict\": \"ok\"}\n"
	      "{\"type\": \"round\", \"bench\": \"triad\", \"verdict\": \"timeout\"}\n"
	      "{\"type\": \"end\"}\n"
	      "{\"type\": \"rou",
		file);
	fclose(file);
	return path;
}

/* What the terminal has shown since the last look; the last line of it, without what clears the one before. */
static const char *shown(void)
{
	const char *text = screen_written(), *last = strstr(text, "guest: ");

	for (const char *next = last; next != NULL; next = strstr(next + 1, "guest: "))
		last = next;
	return last != NULL ? last : text;
}

static void like(const char *got, const char *pattern, const char *name)
{
	if (!ok(fnmatch(pattern, got, 0) == 0, "%s", name))
		diag("got '%s', expected what matches '%s'", got, pattern);
}

static void test_run(void)
{
	guest_progress_begin(&progress, NULL);
	is_str(shown(), "guest: booting", "at first it boots");
	take_run();
	is_str(shown(), "", "what is skipped is no round");
	take_round();
	like(shown(), "guest: \\[  1/8 rounds\\] triad hmm emu  ETA *[0-9]s", "a round of the least that there will be, and how long that takes");
	for (int i = 0; i < 7; i++)
		take_round();
	like(shown(), "guest: \\[  8/8 rounds\\] triad hmm emu", "the last of them");
	take_round();
	like(shown(), "guest: \\[  9 rounds\\] triad hmm emu", "a cell that is not precise yet gets more");
	take("not a record\n");
	is_str(shown(), "", "what is no record is nothing");
}

static void test_resumed_run(void)
{
	char *path = run_file();

	guest_progress_begin(&progress, path);
	is_str(shown(), "guest: booting", "the guest of a resumed run boots");
	take("{\"type\": \"resume\"}\n");
	take_round();
	like(shown(), "guest: \\[  3/8 rounds\\] triad hmm emu  ETA *[0-9]s", "what it has is done");
	unlink(path);
	guest_progress_begin(&progress, path);
	take_round();
	like(shown(), "guest: \\[  1 rounds\\] triad hmm emu", "one that cannot be read has no total");
}

static void test_elsewhere(void)
{
	int null = open("/dev/null", O_WRONLY), kept = dup(STDERR_FILENO);

	dup2(null, STDERR_FILENO);
	guest_progress_begin(&progress, NULL);
	take_run();
	take_round();
	ok(!progress.on_terminal && progress.done == 0, "without a terminal nothing is shown");
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(null);
	is_str(shown(), "", "anywhere");
}

int main(void)
{
	setenv("TERM", "xterm", 1);
	if (!screen_open(200)) {
		skip_all("no pseudo-terminal can be opened: mount -t devpts devpts /dev/pts");
		return exit_status();
	}
	test_run();
	test_resumed_run();
	test_elsewhere();
	screen_close();
	done_testing();
	return exit_status();
}
