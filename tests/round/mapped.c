/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mapped.c - how much of a range is mapped, and with which pages: by the page tables of this process, which are looked at page by page; and the
 * evidence of a cell's parameter `page` on the host and on the device.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/fake/job.h"
#include "tests/tap.h"

static size_t page;

/* Between two pages that nothing can be merged with. */
static unsigned char *map(size_t pages)
{
	unsigned char *at = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || mprotect(at + page, pages * page, PROT_READ | PROT_WRITE) != 0)
		exit(99);
	madvise(at + page, pages * page, MADV_NOHUGEPAGE);
	return at + page;
}

static void unmap(unsigned char *at, size_t pages)
{
	munmap(at - page, (pages + 2) * page);
}

static void touch(unsigned char *at, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		at[i * page] = 1;
}

/* Three mappings side by side, of which 2, 3 and 1 pages exist. */
static void test_add(void)
{
	unsigned char *at = map(12);
	struct fs_mapped mapped = {.bytes = 5, .huge_bytes = 3};

	/* which makes it a mapping of its own */
	madvise(at + 4 * page, 4 * page, MADV_DONTFORK);
	touch(at, 2);
	touch(at + 4 * page, 3);
	touch(at + 8 * page, 1);
	is_int(fs_mapped_add(0, at, 12 * page, &mapped), 0, "three mappings of this process");
	is_int((long long)mapped.bytes, (long long)(5 + 6 * page), "all that exists of them is added");
	is_int((long long)mapped.huge_bytes, 3, "and nothing is huge");
	mapped = (struct fs_mapped){0};
	is_int(fs_mapped_add(getpid(), at + 4 * page, 4 * page, &mapped), 0, "the middle one, of this process by its number");
	is_int((long long)mapped.bytes, (long long)(3 * page), "is added without those that begin or end where it does");
	mapped = (struct fs_mapped){0};
	fs_mapped_add(0, at + 4 * page - 1, 2, &mapped);
	is_int((long long)mapped.bytes, (long long)(5 * page), "a range of two bytes may lie in two mappings, which count as a whole");
	unmap(at, 12);
	is_int(fs_mapped_add(999999999, at, page, &mapped), -ENOENT, "a process that is not there has none");
}

/* ---- the evidence */

static const struct fs_metric no_metrics[] = {{0}};
static const struct fs_param params[] = {{.name = "page", .type = FS_PARAM_SIZE, .initial = "1G", .min = 1, .max = 1e12, .help = ""}, {0}};
static const struct fs_bench bench = {.name = "made up", .metrics = no_metrics, .params = params};
static struct fs_mapped there;
static int told;
static bool has_huge; /* the kernel has huge pages for this process */

static int device_mapped(void *dev, const struct fs_memory *memory, struct fs_mapped *mapped)
{
	(void)dev;
	(void)memory;
	mapped->bytes += there.bytes;
	mapped->huge_bytes += there.huge_bytes;
	return told;
}

static const struct fs_device telling = {.name = "telling", .mapped = device_mapped}, silent = {.name = "silent"};
static struct fake_job fake;

static void begin(const struct fs_device *device, size_t page_is)
{
	char args[64];

	snprintf(args, sizeof(args), "page=%zu", page_is);
	if (fake_job_open(&fake, NULL, &bench, args) != 0)
		exit(99);
	fake.cell.device = device;
	there = (struct fs_mapped){0};
	told = 0;
}

static void is_evidence(unsigned i, const char *what, double seen, double expected)
{
	const struct share_evidence *e = &fake.job.share->evidence[i];

	is_str(i < fake.job.share->nevidence ? e->what : NULL, what, "evidence %u is %s", i, what);
	is_near(e->seen, seen, 0, "%s: seen", what);
	is_near(e->expected, expected, 0, "%s: expected", what);
	is_int(e->holds, seen == expected, "%s: holds or not", what);
}

static void test_evidence(void)
{
	unsigned char *at = map(4), *beside = map(4);
	struct fs_buffer buf = {.cpu = at, .bytes = 4 * page}, none = {.bytes = 4 * page};

	touch(at, 3);
	touch(beside, 2);
	begin(&silent, page);
	is_int(job_expect_pages(&fake.job, &buf), 0, "base pages where base pages are asked for");
	is_int(fake.job.share->nevidence, 1, "are looked at on the host");
	is_evidence(0, "host_huge_bytes", 0, 0);
	fake_job_close(&fake);
	begin(&silent, page + 1);
	has_huge = job_expect_pages(&fake.job, &buf) == 0;
	if (!has_huge) {
		skip("the kernel has no huge page for this process, so that base pages are no fault", 8);
	} else {
		is_evidence(0, "host_huge_bytes", 0, (double)(3 * page));
		is_int(fake.job.share->verdict, VERDICT_INVALID, "base pages where larger ones are asked for make the round invalid");
		fake_job_close(&fake);
		begin(&silent, 2 * page);
		buf.staging = beside;
		job_expect_pages(&fake.job, &buf);
		is_evidence(0, "host_huge_bytes", 0, (double)(5 * page));
		buf.staging = NULL;
	}
	fake_job_close(&fake);
	begin(&telling, page);
	there = (struct fs_mapped){.bytes = 700, .huge_bytes = 600};
	is_int(job_expect_pages(&fake.job, &buf), 0, "a device that tells");
	is_int(fake.job.share->nevidence, 2, "is looked at, too");
	is_evidence(1, "device_huge_bytes", 600, 0);
	fake_job_close(&fake);
	begin(&telling, 2 * page);
	there = (struct fs_mapped){.bytes = 700, .huge_bytes = 700};
	job_expect_pages(&fake.job, &buf);
	is_evidence(1, "device_huge_bytes", 700, 700);
	fake_job_close(&fake);
	/* nothing is known */
	begin(&telling, page);
	told = -ENOENT;
	is_int(job_expect_pages(&fake.job, &buf), 0, "base pages are believed where nobody tells");
	is_int(fake.job.share->nevidence, 0, "without evidence");
	fake_job_close(&fake);
	begin(&telling, 2 * page);
	told = -ENOENT;
	is_int(job_expect_pages(&fake.job, &buf), -ENOTSUP, "huge ones are not");
	is_int(fake.job.share->verdict, VERDICT_SKIP, "the round is skipped");
	fake_job_close(&fake);
	begin(&telling, 2 * page);
	is_int(job_expect_pages(&fake.job, &none), 0, "memory that the host does not see");
	is_int(fake.job.share->nevidence, 0, "is not looked at");
	fake.job.share->verdict = VERDICT_FAIL;
	is_int(job_expect_pages(&fake.job, &buf), 0, "nor is that of a round that failed");
	is_int(fake.job.share->nevidence, 0, "of which nothing is expected");
	fake_job_close(&fake);
	unmap(at, 4);
	unmap(beside, 4);
}

static void test_scarce(void)
{
	unsigned char *at = map(4);
	struct fs_buffer buf = {.cpu = at, .bytes = 4 * page}, untouched = {.cpu = map(4), .bytes = 4 * page};

	touch(at, 3);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	begin(&silent, 2 * page);
	is_int(job_expect_pages(&fake.job, &buf), -ENOTSUP, "base pages, where the kernel finds no huge ones");
	is_int(fake.job.share->verdict, VERDICT_SKIP, "are a skip");
	is_int(fake.job.share->nevidence, 0, "and no evidence against the round");
	fake_job_close(&fake);
	begin(&telling, 2 * page);
	there = (struct fs_mapped){.bytes = 700, .huge_bytes = 700};
	is_int(job_expect_pages(&fake.job, &untouched), 0, "memory that is all in huge pages is looked at");
	is_evidence(1, "device_huge_bytes", 700, 700);
	fake_job_close(&fake);
	begin(&telling, 2 * page);
	there = (struct fs_mapped){.bytes = 700, .huge_bytes = 600};
	is_int(job_expect_pages(&fake.job, &untouched), -ENOTSUP, "base pages on the device, where the kernel finds no huge ones");
	is_int(fake.job.share->verdict, VERDICT_SKIP, "are a skip as well");
	fake_job_close(&fake);
	prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
	begin(&telling, 2 * page);
	there = (struct fs_mapped){.bytes = 700, .huge_bytes = 600};
	if (!has_huge) {
		skip("the kernel has no huge page for this process", 6);
	} else {
		is_int(job_expect_pages(&fake.job, &untouched), 0, "base pages on the device, where it finds some");
		is_evidence(1, "device_huge_bytes", 600, 700);
		is_int(fake.job.share->verdict, VERDICT_INVALID, "make the round invalid");
	}
	fake_job_close(&fake);
	unmap(at, 4);
	unmap(untouched.cpu, 4);
}

int main(void)
{
	page = fs_page_bytes();
	if (access("/proc/self/smaps", R_OK) != 0) {
		skip_all("the kernel does not tell how memory is mapped");
		return exit_status();
	}
	test_add();
	test_evidence();
	test_scarce();
	done_testing();
	return exit_status();
}
