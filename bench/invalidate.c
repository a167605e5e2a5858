/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * invalidate - what a change of the address space costs on a range that a device mirrors, and on one that it does not.
 *
 * The device writes to every page of the buffer, so that it has them and maps them. Then the CPU makes one system call on the range: mprotect to
 * read-only, madvise(MADV_DONTNEED), mremap to another address, munmap, or fork. mirrored is its time; plain the time of the same call on private
 * memory of the same size whose pages all exist. What the call did is then undone, and the device passes over the pages again: after is a page of
 * that pass, which must see the CPU's latest words. The first time of each is NAME_first (bench/repeat.h).
 *
 * Not measured: calls on a part of the range, calls while the device works. The rest of the process is in each fork.
 *
 * How it could lie: a page on the device is no mapped one, so the kernel's own work differs as well. A device whose page tables do not follow the
 * kernel's is not told of anything: there mprotect and fork are what the kernel does alone, and the other calls are a skip.
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/mark.h"
#include "bench/repeat.h"
#include "bench/touch_pages.h"

static const struct fs_param params[] = {
	{.name = "size", .type = FS_PARAM_SIZE, .form = FS_FORM_PAGES, .initial = "1M", .min = 1, .max = 1ull << 36, .help = "bytes of the range"},
	{.name = "call",
		.type = FS_PARAM_CHOICE,
		.initial = "mprotect",
		.choices = "mprotect|fork|madvise|mremap|munmap",
		.help = "what the CPU does"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "mirrored", .unit = "ns", .better = FS_LOWER, .help = "the call on a range that the device has"},
	{.name = "plain", .unit = "ns", .better = FS_LOWER, .help = "the call on a range of this process alone"},
	{.name = "after", .unit = "ns", .better = FS_LOWER, .help = "a page of the device's pass after it"},
	{.name = "mirrored_first", .unit = "ns", .better = FS_LOWER, .help = "mirrored, the first time"},
	{.name = "plain_first", .unit = "ns", .better = FS_LOWER, .help = "plain, the first time"},
	{.name = "after_first", .unit = "ns", .better = FS_LOWER, .help = "after, the first time"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "mirrored plain", .title = "what does a change of the address space cost where a device mirrors it?"},
	{0},
};

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	size_t pages;
	ulong key, passes;  /* passes: of the device since the words were filled */
	void *plain, *away; /* another range of that size, and one that mremap moves to */
};

/* Whether the call leaves new pages. */
static bool renews(const struct trial *t)
{
	return fs_is(t->job, "call", "madvise") || fs_is(t->job, "call", "munmap");
}

static void *map_new(void *at, size_t bytes)
{
	void *p = mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | (at != NULL ? MAP_FIXED : 0), -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

/* Only this range is inherited, not the other one. */
static int fork_with(struct trial *t, void *range, double *ns)
{
	void *other = range == t->plain ? t->buf.cpu : t->plain;
	int err = madvise(other, t->buf.bytes, MADV_DONTFORK);
	uint64_t start = fs_now();
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	*ns = (double)(fs_now() - start);
	if (child < 0 || waitpid(child, NULL, 0) != child)
		err = -1;
	return madvise(other, t->buf.bytes, MADV_DOFORK) != 0 ? -1 : err;
}

static int call_on(struct trial *t, void *range, double *ns)
{
	size_t bytes = t->buf.bytes;
	uint64_t start = fs_now();
	int err;

	if (fs_is(t->job, "call", "fork"))
		return fork_with(t, range, ns);
	if (fs_is(t->job, "call", "mprotect"))
		err = mprotect(range, bytes, PROT_READ);
	else if (fs_is(t->job, "call", "madvise"))
		err = madvise(range, bytes, MADV_DONTNEED);
	else if (fs_is(t->job, "call", "mremap"))
		err = mremap(range, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, t->away) == t->away ? 0 : -1;
	else
		err = munmap(range, bytes);
	*ns = (double)(fs_now() - start);
	if (err == 0 && fs_is(t->job, "call", "mprotect"))
		err = mprotect(range, bytes, PROT_READ | PROT_WRITE);
	if (err == 0 && fs_is(t->job, "call", "mremap"))
		err = mremap(t->away, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, range) == range && map_new(t->away, bytes) != NULL ? 0 : -1;
	if (err == 0 && fs_is(t->job, "call", "munmap"))
		err = map_new(range, bytes) != NULL ? 0 : -1;
	return err;
}

static int call(struct trial *t, void *range, const char *metric)
{
	double ns;

	if (call_on(t, range, &ns) != 0)
		return fs_error(t->job, -errno, "%s: %s", metric, strerror(errno));
	fs_sample(t->job, metric, ns);
	return 0;
}

static int pass(struct trial *t, double *ns)
{
	struct fs_launch launch = touch_pages_launch(t->pages, true);
	uint64_t start;
	int err;

	fs_results_clear(t->job);
	start = fs_device_clock(t->job);
	err = fs_launch_start(t->job, &t->buf, &launch);
	if (err >= 0)
		err = fs_launch_wait(t->job);
	*ns = (double)(fs_device_clock(t->job) - start) / (double)t->pages;
	for (size_t i = 0; i < t->pages && err >= 0; i++) {
		ulong seen = fs_results(t->job)[i], expected = mark_of(i, t->key) + t->passes;

		if (seen != expected)
			return fs_wrong(t->job, "the device read %lx on page %zu, not %lx", seen, i, expected);
	}
	t->passes++;
	return err < 0 ? err : 0;
}

static int measure(struct trial *t, bool is_first)
{
	double ns;
	int err = pass(t, &ns);

	memset(t->plain, 1, t->buf.bytes);
	if (err == 0)
		err = call(t, t->buf.cpu, is_first ? "mirrored_first" : "mirrored");
	if (err == 0)
		err = call(t, t->plain, is_first ? "plain_first" : "plain");
	if (err != 0)
		return err;
	if (renews(t)) {
		t->passes = 0;
		mark_all(&t->buf, ++t->key);
	}
	err = pass(t, &ns);
	if (err == 0)
		fs_sample(t->job, is_first ? "after_first" : "after", ns);
	return err;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .pages = fs_size(job, "size") / page_bytes(), .key = fs_seed(job)};
	int err;

	if (t.pages > FS_OUT_WORDS)
		return fs_skip(job, "a smaller size", "%zu pages are more than %d", t.pages, FS_OUT_WORDS);
	/* The driver of the kernel's test device would crash the kernel there (6.12). */
	if (fs_is_frail(job) && !renews(&t))
		return fs_skip(job, "call=madvise,munmap, or another device", "this device does not find its own pages again after the call");
	if (!fs_is_ordinary(job) && !fs_is(job, "call", "mprotect") && !fs_is(job, "call", "fork"))
		return fs_skip_device(job, FS_TRAIT_ORDINARY, NULL, "has page tables that do not follow those of the kernel");
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	t.plain = map_new(NULL, t.buf.bytes);
	t.away = map_new(NULL, t.buf.bytes);
	err = t.plain == NULL || t.away == NULL ? fs_error(job, -ENOMEM, "no memory for %zu bytes", t.buf.bytes) : 0;
	mark_all(&t.buf, t.key);
	for (int n = 0; n < 1 + REPEATS && err == 0; n++)
		err = measure(&t, n == 0);
	fs_release(job, &t.buf);
	return err;
}

const struct fs_bench bench_invalidate = {
	.name = "invalidate",
	.summary = "mprotect, fork, madvise, mremap and munmap of a range that a device mirrors, and of a plain one",
	.needs = FS_FAULTS,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};
