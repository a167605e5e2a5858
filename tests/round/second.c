/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * second.c - a second device in a round: which one it is, what it is given, and that the first one is left alone. The device is made up.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/fake/job.h"
#include "tests/tap.h"

static const struct fs_metric no_metrics[] = {{0}};
static const struct fs_param no_params[] = {{0}};
static const struct fs_bench bench = {.name = "made up", .metrics = no_metrics, .params = no_params};
static const struct fs_setup setup = {.name = "made up", .memory = FS_MEMORY_COHERENT};
static struct fake_job fake;
static char devices[2]; /* what is opened: addresses alone count */
static unsigned opened, closed;
static int fails;
static size_t bytes_seen;
static const struct fs_args *args_seen;
static const struct fs_memory *memory_seen;

static int open_it(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	bytes_seen = bytes;
	opened += kind == FS_MEMORY_COHERENT;
	*dev = &devices[1];
	return fails == 0 ? 0 : fs_because(fs_why(job), fails, "", "it does not open");
}

static int join(const struct fs_args *args, const struct fs_memory *memory, struct fs_reason *why, void **dev)
{
	args_seen = args;
	memory_seen = memory;
	*dev = &devices[1];
	return fails == 0 ? 0 : fs_because(why, fails, "buy one", "there is none");
}

static void close_it(void *dev)
{
	closed += dev == &devices[1];
}

static const struct fs_device joins = {.name = "joins", .open = open_it, .join = join, .close = close_it};
static const struct fs_device alone = {.name = "alone", .open = open_it, .close = close_it};

static void begin(const struct fs_device *device, int err)
{
	if (fake_job_open(&fake, NULL, &bench, "") != 0)
		exit(99);
	fake.cell.device = device;
	fake.cell.setup = &setup;
	fake.job.device = &devices[0];
	fails = err;
}

static void test_open(void)
{
	struct fs_job *second = NULL;

	begin(&alone, 0);
	is_int(fs_second_open(&fake.job, 4096, &second), 0, "the same device once more");
	is_int(opened, 1, "it is opened for the setup's memory");
	is_int((long)bytes_seen, 4096, "and for that many bytes");
	ok(second != NULL && second->device == &devices[1], "the second job has the new one");
	ok(fake.job.device == &devices[0] && fake.job.cell->device == &alone, "the first keeps its own");
	ok(second->share == fake.job.share, "what it says is the round's");
	fs_second_close(second);
	is_int(closed, 1, "it is closed, and the first is not");
	fake_job_close(&fake);
	begin(&alone, -EIO);
	is_int(fs_second_open(&fake.job, 4096, &second), -EIO, "one that does not open");
	is_int(fake.job.share->verdict, VERDICT_FAIL, "fails the round");
	is_str(fake.job.share->why.what, "it does not open", "with its reason");
	fake_job_close(&fake);
}

static void test_join(void)
{
	struct fs_buffer buf = {.memory = {.kind = FS_MEMORY_COHERENT, .bytes = 1}};
	struct fs_job *second = NULL;

	begin(&joins, 0);
	is_int(fs_second_join(&fake.job, &buf, &second), 0, "another unit of a device that joins");
	ok(args_seen == &fake.cell.args, "it is told which one the first is");
	ok(memory_seen == &buf.memory, "and which memory it is about");
	ok(second != NULL && second->device == &devices[1] && second->cell->device == &joins, "the second job has it");
	fs_second_close(second);
	fake_job_close(&fake);
	begin(&joins, -ENODEV);
	fs_second_join(&fake.job, &buf, &second);
	is_int(fake.job.share->verdict, VERDICT_SKIP, "where there is none it is a skip");
	is_str(fake.job.share->why.what, "there is none", "with the device's reason");
	is_str(fake.job.share->why.remedy, "buy one", "and remedy");
	fake_job_close(&fake);
	begin(&joins, -EIO);
	is_int(fs_second_join(&fake.job, &buf, &second), -EIO, "one that does not open");
	is_int(fake.job.share->verdict, VERDICT_FAIL, "fails the round");
	is_str(fake.job.share->why.what, "there is none", "with its reason");
	fake_job_close(&fake);
	args_seen = &fake.cell.args;
	begin(&alone, 0);
	/* The registered device that joins is not on this machine, or it is, in the guest. */
	if (fs_second_join(&fake.job, &buf, &second) == 0) {
		ok(second->cell->device != &alone, "a device that does not join has another beside it");
		fs_second_close(second);
	} else {
		is_int(fake.job.share->verdict, VERDICT_SKIP, "a device that does not join has another beside it, where there is one");
	}
	ok(args_seen == &fake.cell.args, "it is not asked itself");
	fake_job_close(&fake);
}

int main(void)
{
	test_open();
	test_join();
	done_testing();
	return exit_status();
}
