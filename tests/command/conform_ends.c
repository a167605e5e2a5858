/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conform_ends.c - fivestep with cases of conformance that end in every way there is, for conform.sh.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "harness/fivestep.h"

static int end_kept(struct fs_job *job)
{
	fs_expect(job, "it's 1 # or more", 2, FS_GE, 1);
	return 0;
}

static int end_broken(struct fs_job *job)
{
	fs_expect(job, "pages", 3, FS_EQ, 4);
	return 0;
}

static int end_wrong(struct fs_job *job)
{
	return fs_wrong(job, "the word is #7, not '8'");
}

static int end_crash(struct fs_job *job)
{
	(void)job;
	raise(SIGKILL);
	return 0;
}

static int end_hang(struct fs_job *job)
{
	(void)job;
	for (;;)
		pause();
	return 0;
}

static int end_skip(struct fs_job *job)
{
	return fs_skip(job, "another machine", "there is no #1");
}

static int end_error(struct fs_job *job)
{
	return fs_error(job, -ENODEV, "cannot begin");
}

#define END(end, ...)                                                                                                                                \
	static const struct fs_bench case_##end = {                                                                                                  \
		.name = FS_CASE "end_" #end, .summary = #end, .promise = "It's " #end ".", .host_only = true, .run = end_##end, __VA_ARGS__}
#define EXPECTED .expected_failure = "known since #2"

#define end_todo       end_broken
#define end_todo_kept  end_kept
#define end_todo_crash end_crash

END(kept);
END(broken);
END(wrong);
END(crash);
END(hang);
END(skip);
END(error);
END(todo, EXPECTED);
END(todo_kept, EXPECTED);
END(todo_crash, EXPECTED);

static const struct fs_bench *const cases[] = {
	&case_kept, &case_broken, &case_wrong, &case_crash, &case_hang, &case_skip, &case_error, &case_todo, &case_todo_kept, &case_todo_crash, NULL};

int main(int argc, char **argv)
{
	return fivestep_main(argc, argv, &(struct fs_extension){.cases = cases});
}
