/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * launch - what it costs to start a body on the device and to wait for its end.
 *
 * empty is a body that only counts that it ran, without the setup: request, start, end, wait. word is step 3 with one word of work: with all that the
 * setup does so that the device computes on current data. Each is done once (NAME_first) and then TIMES times, of which the median counts.
 *
 * Not measured: step 4, in which the CPU gets its data back (five_step has it); several launches on their way at once.
 *
 * How it could lie: an idle CPU or device wakes up slowly, and a busy one does not, so that the figure depends on what runs beside it. Under setups
 * that copy, word grows with size; keep it small.
 */
#include "config.h"

#include "bench/launch.body.h"
#include "bench/order.h"
#include "bench/repeat.h"

#define TIMES 64

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.initial = "base",
		.min = sizeof(ulong),
		.max = 1ull << 40,
		.help = "bytes of the buffer; the body works on its first word"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "empty", .unit = "ns", .better = FS_LOWER, .help = "an empty body, from its request to the end of the wait"},
	{.name = "empty_first", .unit = "ns", .better = FS_LOWER, .help = "empty, the first time"},
	{.name = "word", .unit = "ns", .better = FS_LOWER, .help = "step 3 with one word of work, with what the setup does for it"},
	{.name = "word_first", .unit = "ns", .better = FS_LOWER, .help = "word, the first time"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "empty word", .title = "what does it cost to start the device?"},
	{0},
};

static struct fs_launch launch_of(bool word)
{
	return (struct fs_launch){.name = "launch", .body = launch_body, .args = {.u = {word}}, .last = 1};
}

static int ran_once(struct fs_job *job)
{
	ulong ran = fs_results(job)[0];

	return ran == 1 ? 0 : fs_wrong(job, "the body ran %lu times, not once", ran);
}

static int start_empty(struct fs_job *job, struct fs_buffer *buf, double *ns)
{
	struct fs_launch launch = launch_of(false);
	uint64_t start;
	int err;

	fs_results_clear(job);
	start = fs_device_clock(job);
	err = fs_launch_start(job, buf, &launch);
	if (err >= 0)
		err = fs_launch_wait(job);
	*ns = (double)(fs_device_clock(job) - start);
	return err < 0 ? err : ran_once(job);
}

static int compute_word(struct fs_job *job, struct fs_buffer *buf, double *ns)
{
	struct fs_launch launch = launch_of(true);
	uint64_t start;
	int err;

	fs_results_clear(job);
	start = fs_device_clock(job);
	err = fs_device_compute(job, buf, &launch);
	*ns = (double)(fs_device_clock(job) - start);
	return err < 0 ? err : ran_once(job);
}

/* The CPU's step between two of the device's: it reads what the device left, and leaves another value. */
static int answer(struct fs_job *job, struct fs_buffer *buf, ulong *expected)
{
	ulong *word = buf->cpu;
	int err = fs_cpu_begin(job, buf);

	if (err < 0)
		return err;
	if (*word != *expected + 1)
		return fs_wrong(job, "the word is %lu, not %lu", *word, *expected + 1);
	*expected += 3;
	*word = *expected;
	return 0;
}

static int measure(struct fs_job *job, struct fs_buffer *buf)
{
	double first_ns, ns[TIMES];
	ulong expected = fs_seed(job) >> 1;
	int err;

	fs_contains(job, "empty", FS_COST_LAUNCH, 1);
	*(ulong *)buf->cpu = expected;
	err = compute_word(job, buf, &first_ns);
	fs_sample(job, "word_first", first_ns);
	/* The buffer is the device's now: an empty body asks for nothing more. */
	if (err == 0)
		err = start_empty(job, buf, &first_ns);
	fs_sample(job, "empty_first", first_ns);
	for (int i = 0; i < TIMES && err == 0; i++)
		err = start_empty(job, buf, &ns[i]);
	if (err != 0)
		return err;
	fs_sample(job, "empty", repeat_median(ns, TIMES));
	for (int i = 0; i < TIMES && err == 0; i++) {
		err = answer(job, buf, &expected);
		if (err == 0)
			err = compute_word(job, buf, &ns[i]);
	}
	if (err == 0)
		err = answer(job, buf, &expected);
	if (err == 0)
		fs_sample(job, "word", repeat_median(ns, TIMES));
	return err;
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	int err = fs_alloc(job, fs_size(job, "size"), &buf);

	if (err < 0)
		return err;
	err = measure(job, &buf);
	fs_release(job, &buf);
	return err;
}

const struct fs_bench bench_launch = {
	.name = "launch",
	.summary = "starting a body on the device: empty, and with one word of work",
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};
