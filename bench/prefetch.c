/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * prefetch - a pass over pages that are on the other side: on demand, with a hint before it, and with a hint that comes too late.
 *
 * demand_*: each page faults when it is touched. hinted_*: all pages are requested first, then the pass finds them there; the value contains the
 * request, which alone is request_*. late_to_device: the device is started, and pages are requested while it is faulting on them; until both have
 * ended. Each touch adds one to a word of its page. A value is over the pages. The first time is NAME_first (bench/repeat.h).
 *
 * Not measured: hints for a part of what is touched, a request that overlaps with other work of the same side, late hints for the CPU.
 *
 * How it could lie: a late request may come so late that nothing is left to move, or so early that it is a hint in time: faults_late says how many
 * touches still faulted.
 */
#include "config.h"

#include "bench/repeat.h"
#include "bench/touch_pages.h"

static const struct fs_param params[] = {
	{.name = "size",
		.type = FS_PARAM_SIZE,
		.form = FS_FORM_PAGES,
		.initial = "1M",
		.min = 1,
		.max = 64.0 * (1ull << 30),
		.help = "bytes of the buffer, whole pages"},
	{0},
};

#define TIME(metric, what)                                                                                                                           \
	{.name = metric, .unit = "ns", .better = FS_LOWER, .help = what},                                                                            \
	{                                                                                                                                            \
		.name = metric "_first", .unit = "ns", .better = FS_LOWER, .help = metric ", the first time"                                         \
	}

static const struct fs_metric metrics[] = {
	TIME("demand_to_device", "a page of the device's pass, on demand"),
	TIME("hinted_to_device", "a page of a request and the device's pass after it"),
	TIME("late_to_device", "a page of the device's pass and a request while it runs"),
	TIME("demand_to_host", "a page of the CPU's pass, on demand"),
	TIME("hinted_to_host", "a page of a request and the CPU's pass after it"),
	TIME("request_to_device", "a page of the request alone"),
	TIME("request_to_host", "a page of the request alone"),
	{.name = "faults_late", .unit = "faults", .better = FS_LOWER, .help = "faults of a pass whose hint came too late"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "demand_to_device hinted_to_device late_to_device", .title = "does a hint pay, and one that is too late?"},
	{FS_DRAW_BARS, "demand_to_host hinted_to_host", .title = "does a hint pay for the CPU?"},
	{0},
};

enum hint { HINT_NONE, HINT_BEFORE, HINT_LATE };

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t pages;
	ulong key, passes; /* passes: of either side so far */
	bool is_first;
};

static void sample(struct trial *t, const char *const names[2], uint64_t ns)
{
	fs_sample(t->job, names[t->is_first], (double)ns / (double)t->pages);
}

static ulong *word_of(const struct trial *t, size_t page)
{
	return (ulong *)((unsigned char *)t->buf.cpu + page * page_bytes());
}

static int launch(struct trial *t, bool with_request)
{
	struct fs_launch launch = touch_pages_launch(t->pages, true);
	int err, late;

	fs_results_clear(t->job);
	err = fs_launch_start(t->job, &t->buf, &launch);
	late = err >= 0 && with_request ? fs_move(t->job, &t->buf, 0, t->buf.bytes, FS_DEVICE) : 0;
	if (err >= 0)
		err = fs_launch_wait(t->job);
	return err < 0 ? err : late;
}

static int pass_of_device(struct trial *t, bool with_request)
{
	int err = launch(t, with_request);

	for (size_t i = 0; i < t->pages && err >= 0; i++) {
		ulong seen = fs_results(t->job)[i], expected = order_word(i, t->key) + t->passes;

		if (seen != expected)
			return fs_wrong(t->job, "the device read %lx on page %zu, not %lx", seen, i, expected);
	}
	t->passes++;
	return err < 0 ? err : 0;
}

static int pass_of_host(struct trial *t)
{
	for (size_t i = 0; i < t->pages; i++) {
		volatile ulong *word = word_of(t, i);
		ulong seen = *word, expected = order_word(i, t->key) + t->passes;

		*word = seen + 1;
		if (seen != expected)
			return fs_wrong(t->job, "page %zu holds %lx, not %lx", i, seen, expected);
	}
	t->passes++;
	return 0;
}

/* A pass of one side over pages that are on the other, and where they are after it. Positive where it holds. */
static int pass(struct trial *t, enum fs_side to, enum hint hint)
{
	static const char *const request[FS_SIDES][2] = {
		{"request_to_host", "request_to_host_first"}, {"request_to_device", "request_to_device_first"}};
	static const char *const names[FS_SIDES][3][2] = {{{"demand_to_host", "demand_to_host_first"}, {"hinted_to_host", "hinted_to_host_first"}},
		{{"demand_to_device", "demand_to_device_first"}, {"hinted_to_device", "hinted_to_device_first"},
			{"late_to_device", "late_to_device_first"}}};
	enum fs_step step = to == FS_DEVICE ? FS_DEVICE_COMPUTE : FS_CPU_AFTER;
	uint64_t before = count_now(t->job, faults_to(to)), by, began, requested;
	int err = 0;

	fs_step_begin(t->job, step);
	began = fs_device_clock(t->job);
	if (hint == HINT_BEFORE)
		err = fs_move(t->job, &t->buf, 0, t->buf.bytes, to);
	requested = fs_device_clock(t->job);
	if (err >= 0)
		err = to == FS_DEVICE ? pass_of_device(t, hint == HINT_LATE) : pass_of_host(t);
	began = fs_device_clock(t->job) - began;
	requested = hint == HINT_BEFORE ? fs_device_clock(t->job) - requested : 0;
	if (fs_step_end(t->job, step, err) < 0)
		return err;
	sample(t, names[to][hint], began);
	if (hint == HINT_BEFORE)
		sample(t, request[to], began - requested);
	if (count_grew(t->job, faults_to(to), before, &by)) {
		if (hint == HINT_LATE)
			fs_sample(t->job, "faults_late", (double)by);
		if (hint == HINT_NONE && !fs_expect(t->job, "faults on demand", (double)by, FS_GE, 1))
			return 0;
		if (hint == HINT_BEFORE && !fs_expect(t->job, "faults after a hint", (double)by, FS_EQ, 0))
			return 0;
	}
	return expect_side(t->job, &t->buf, to);
}

static int measure(struct trial *t)
{
	int err = expect_side(t->job, &t->buf, FS_HOST);

	for (int n = 0; n < 1 + REPEATS && err > 0; n++) {
		t->is_first = n == 0;
		err = pass(t, FS_DEVICE, HINT_NONE);
		if (err > 0)
			err = pass(t, FS_HOST, HINT_NONE);
		if (err > 0)
			err = pass(t, FS_DEVICE, HINT_BEFORE);
		if (err > 0)
			err = pass(t, FS_HOST, HINT_BEFORE);
		if (err > 0)
			err = pass(t, FS_DEVICE, HINT_LATE);
		if (err > 0)
			err = pass_of_host(t) < 0 ? -EIO : 1;
	}
	return err < 0 ? err : 0;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .pages = fs_size(job, "size") / page_bytes(), .key = fs_seed(job)};
	int err;

	if (t.pages > FS_OUT_WORDS)
		return fs_skip(job, "a smaller size, or larger pages", "%zu pages are more than %d", t.pages, FS_OUT_WORDS);
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	for (size_t i = 0; i < t.pages; i++)
		*word_of(&t, i) = order_word(i, t.key);
	err = measure(&t);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_prefetch = {
	.name = "prefetch",
	.summary = "a pass on demand, with a hint before it, and with a hint that comes too late",
	.needs = FS_FAULTS | FS_MOVE | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};
