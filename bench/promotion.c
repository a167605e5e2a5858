/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * promotion - pages on the device's node that only the CPU works on: how long until the kernel has found out and brought them back, what does
 * finding out cost, and how much does it slow the passes down meanwhile? Where a touch does not fault by itself, the kernel must unmap pages now and
 * then to see which CPU touches them (NUMA hint faults): that is the price that a fault of a mirrored page table does not have. What such a fault
 * costs on the same misplaced pages is fault_back's `touch`.
 *
 * All pages are put on the device's side, then the CPU passes over them, a word a page, until they are back or the patience
 * is over. Where they are is asked between the passes, outside of what is timed.
 *
 * Not measured: which pages of many are found first, pages that both sides want, the way to the device.
 *
 * How it could lie: a kernel that waits before it first looks (a second of CPU time, on Linux) makes half_back a figure of that setting:
 * cost_a_page is the one to compare. Pages might be back because something else moved them: they are asked for before the
 * first pass, and must all be on the device's side, and there must be faults. A kernel that brings nothing back has no half_back, and says
 * pages_back=0.
 */
#include "config.h"

#include "bench/order.h"

/* Between two questions where the pages are: many passes, and little of what the kernel's own scan takes. */
#define LOOK_NS 20000000ull
/* A pass is settled where no page moves any more: so many of them give its time. */
#define SETTLED_PASSES 64

static const struct fs_param params[] = {
	{.name = "size", .type = FS_PARAM_SIZE, .initial = "16M", .min = 1 << 20, .max = 64.0 * (1ull << 30), .help = "bytes of the buffer"},
	{.name = "patience", .type = FS_PARAM_REAL, .initial = "10", .min = 0.1, .max = 600, .help = "seconds to wait for pages to come back"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "half_back", .unit = "ns", .better = FS_LOWER, .help = "until half of the pages were on the CPU's side"},
	{.name = "cost_a_page",
		.unit = "ns",
		.better = FS_LOWER,
		.help = "of the passes that faulted, beyond settled ones, for each page that came back"},
	{.name = "pages_back", .unit = "pages", .better = FS_HIGHER, .help = "that the kernel brought back"},
	{.name = "hint_faults",
		.unit = "faults",
		.better = FS_LOWER,
		.help = "hint faults: of pages that are present, taken to see which CPU touches them"},
	{.name = "pass", .unit = "ns", .better = FS_LOWER, .help = "a settled pass, a page"},
	{.name = "slowdown", .unit = "ratio", .better = FS_LOWER, .help = "a pass in which there were hint faults over a settled one, on average"},
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_BARS, "half_back", .title = "until the kernel has found half of the pages that are on the wrong node"},
	{FS_DRAW_BARS, "cost_a_page", .title = "what finding and bringing back a page costs its user"},
	{0},
};

struct search {
	struct fs_buffer buf;
	size_t pages;
	uint64_t passes;
	uint64_t faults, faulting_passes, faulting_ns; /* passes in which there were hint faults, and their time */
	uint64_t back, half_ns;			       /* half_ns: 0 until then */
	double settled_ns;
};

static uint64_t pass(struct search *search)
{
	unsigned char *p = search->buf.cpu;
	size_t page = page_bytes();
	uint64_t start = fs_now();

	for (size_t i = 0; i < search->pages; i++)
		(*(volatile ulong *)(p + i * page))++;
	return fs_now() - start;
}

/* Passes until it is time to look again. All pages are there: faults are the kernel's hint faults. */
static void pass_for_a_while(struct search *search)
{
	uint64_t start = fs_now();

	do {
		uint64_t before = minor_faults(), faults, took_ns;

		took_ns = pass(search);
		faults = minor_faults() - before;
		search->passes++;
		search->faults += faults;
		search->faulting_passes += faults > 0;
		search->faulting_ns += faults > 0 ? took_ns : 0;
	} while (fs_now() - start < LOOK_NS);
}

static int wait_for_pages(struct fs_job *job, struct search *search)
{
	uint64_t start = fs_now(), patience_ns = (uint64_t)(fs_real(job, "patience") * 1e9);
	int err = 0;

	while (err == 0 && search->back < search->pages && fs_now() - start < patience_ns) {
		pass_for_a_while(search);
		err = pages_on_side(job, &search->buf, FS_HOST, &search->back);
		if (search->half_ns == 0 && search->back * 2 >= search->pages)
			search->half_ns = fs_now() - start;
	}
	return err;
}

static void settle(struct search *search)
{
	uint64_t start = fs_now();

	for (int i = 0; i < SETTLED_PASSES; i++)
		pass(search);
	search->settled_ns = (double)(fs_now() - start) / SETTLED_PASSES;
	search->passes += SETTLED_PASSES;
}

static int check(struct fs_job *job, const struct search *search)
{
	for (size_t i = 0; i < search->pages; i++) {
		ulong word = *(const ulong *)((const unsigned char *)search->buf.cpu + i * page_bytes());

		if (word != search->passes)
			return fs_wrong(job, "page %zu was touched %lu times, not %lu", i, word, (ulong)search->passes);
	}
	return 0;
}

static void give(struct fs_job *job, const struct search *search)
{
	if (search->half_ns != 0)
		fs_sample(job, "half_back", (double)search->half_ns);
	if (search->back > 0)
		fs_sample(job, "cost_a_page",
			((double)search->faulting_ns - (double)search->faulting_passes * search->settled_ns) / (double)search->back);
	fs_sample(job, "pages_back", (double)search->back);
	fs_sample(job, "hint_faults", (double)search->faults);
	/* What came back without a fault was not found by hint faults. One fault may stand for all base pages of a huge one. */
	fs_expect(job, "hint_faults", (double)search->faults, FS_GE, (double)search->back * (double)page_bytes() / (double)fs_huge_bytes());
	fs_sample(job, "pass", search->settled_ns / (double)search->pages);
	if (search->faulting_passes > 0 && search->settled_ns > 0)
		fs_sample(job, "slowdown", (double)search->faulting_ns / (double)search->faulting_passes / search->settled_ns);
}

static int find(struct fs_job *job, struct search *search)
{
	int err = fs_move(job, &search->buf, 0, search->buf.bytes, FS_DEVICE), there;

	if (err < 0)
		return err;
	there = expect_side(job, &search->buf, FS_DEVICE);
	if (there <= 0)
		return there;
	err = wait_for_pages(job, search);
	if (err < 0)
		return err;
	settle(search);
	give(job, search);
	return check(job, search);
}

static int run(struct fs_job *job)
{
	struct search search = {0};
	size_t bytes = fs_size(job, "size");
	int err = fs_alloc(job, bytes, &search.buf);

	if (err < 0)
		return err;
	search.pages = (bytes + page_bytes() - 1) / page_bytes();
	/* Only what has been touched can be put anywhere. */
	for (size_t i = 0; i < search.pages; i++)
		*(ulong *)((unsigned char *)search.buf.cpu + i * page_bytes()) = 0;
	err = find(job, &search);
	fs_release(job, &search.buf);
	return err;
}

const struct fs_bench bench_promotion = {
	.name = "promotion",
	.summary = "how the kernel finds pages that are on the wrong node, and what that costs",
	.needs = FS_BALANCED | FS_RESIDENCE,
	.timeout_s = 900,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};
