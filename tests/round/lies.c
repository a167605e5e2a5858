/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lies.c - each lie does to a device's calls what it says, on the occasions that it is told, and nothing else.
 */
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/round/lie.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define PAGES 4

static size_t page;
static char noted[512];
static unsigned char *host; /* what is shared, or copied from and to */
static uint8_t seen_byte;   /* the first, when it was copied or moved */
static uint8_t seen_last;
static ulong result[1];
static uint64_t counted;

static void note(const char *fmt, ...) TAP_PRINTF(1, 2);
static void note(const char *fmt, ...)
{
	size_t len = strlen(noted);
	va_list args;

	va_start(args, fmt);
	vsnprintf(noted + len, sizeof(noted) - len, fmt, args);
	va_end(args);
}

static int device_copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *from, size_t bytes, enum fs_side to)
{
	(void)dev;
	(void)memory;
	seen_byte = *(unsigned char *)from;
	seen_last = bytes != 0 ? ((unsigned char *)from)[bytes - 1] : 0;
	note("copy%d-%s:%zu+%zu ", stream, to == FS_DEVICE ? "to" : "back", offset, bytes);
	return 0;
}

static int device_migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	(void)dev;
	seen_byte = ((unsigned char *)memory->cpu)[offset];
	note("move-%s:%zu+%zu ", to == FS_DEVICE ? "to" : "back", offset, bytes);
	return 0;
}

static int device_residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	(void)dev;
	(void)memory;
	note("where:%zu+%zu ", offset, bytes);
	memset(side, FS_DEVICE, bytes / page);
	side[0] = FS_HOST;
	return 0;
}

static int device_launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	(void)dev;
	(void)memory;
	note("run%d:%u-%u ", stream, (unsigned)launch->first, (unsigned)launch->last);
	return 0;
}

static int device_wait(void *dev, int stream)
{
	(void)dev;
	note("wait%d ", stream);
	return 0;
}

static ulong *device_out(void *dev)
{
	(void)dev;
	return result;
}

static int device_count_all(void *dev, uint64_t *values)
{
	(void)dev;
	values[0] = counted;
	values[1] = 7;
	return 0;
}

static const struct fs_count_def counts[] = {{"faults_to_device", "faults", "", 0}, {"other", "faults", "", 0}, {0}};
static const struct fs_device device = {.name = "fake",
	.copy = device_copy,
	.migrate = device_migrate,
	.residence = device_residence,
	.launch = device_launch,
	.wait = device_wait,
	.out = device_out,
	.count = device_count_all,
	.counts = counts};
static const struct fs_setup setup = {.name = "fake"};
static const struct fs_metric no_metrics[] = {{0}};
static const struct fs_bench bench = {.name = "made up", .metrics = no_metrics};

static struct fake_job fake;
static struct fs_buffer buf;
static struct fs_memory memory;

/* A round that tells this lie, on all occasions from the first on unless said otherwise. */
static void begin(enum lie_kind kind, enum fs_side to)
{
	if (fake_job_open(&fake, NULL, &bench, "") != 0)
		exit(99);
	fake.cell.device = &device;
	fake.cell.setup = &setup;
	fake.job.lie = (struct lie){.kind = kind, .to = to, .from = 1};
	memset(host, 0, PAGES * page);
	memory = (struct fs_memory){.bytes = PAGES * page, .cpu = host};
	buf = (struct fs_buffer){.bytes = PAGES * page, .cpu = host, .memory = memory};
	fake.job.buffer = &buf;
	noted[0] = '\0';
	result[0] = 40;
	seen_byte = seen_last = 99;
}

static void end(void)
{
	fake_job_close(&fake);
}

static long long asked(enum fs_cost cost)
{
	return (long long)fake.job.requested[cost];
}

/* Two pages from the second on; what was asked of the device, in pages and bytes. */
static void copies(enum lie_kind kind, enum fs_side lies_to, enum fs_side to, const char *wanted, const char *what)
{
	char text[256];

	begin(kind, lies_to);
	is_int(lie_of_copy(&fake.job, 3, &memory, page, host + page, 2 * page, to), 0, "%s", what);
	snprintf(text, sizeof(text), wanted, page, 2 * page, page, 2 * page);
	is_str(noted, text, "%s: the device is asked", what);
}

static void test_copies(void)
{
	copies(LIE_NONE, FS_HOST, FS_DEVICE, "copy3-to:%zu+%zu ", "the truth of a copy");
	is_int(asked(FS_COST_COPY + FS_DEVICE), 1, "is counted");
	is_int(asked(FS_COST_COPY_BYTE + FS_DEVICE), (long long)(2 * page), "with its bytes");
	is_int(asked(FS_COST_COPY + FS_HOST), 0, "on that side alone");
	end();
	copies(LIE_COPY_NONE, FS_HOST, FS_DEVICE, "", "a copy that does nothing");
	is_int(asked(FS_COST_COPY + FS_DEVICE), 0, "is not counted");
	end();
	begin(LIE_COPY_SHORT, FS_HOST);
	lie_of_copy(&fake.job, 0, &memory, 0, host, 2 * page, FS_DEVICE);
	lie_of_copy(&fake.job, 0, &memory, 0, host, page, FS_DEVICE);
	is_int(asked(FS_COST_COPY_BYTE + FS_DEVICE), (long long)page, "a copy without its last page: nothing is left of one page");
	end();
	copies(LIE_COPY_TWICE, FS_HOST, FS_HOST, "copy3-back:%zu+%zu copy3-back:%zu+%zu ", "a copy that is made twice");
	end();
	copies(LIE_COPY_FIRST, FS_DEVICE, FS_DEVICE, "copy3-to:%zu+%zu wait3 ", "a first byte that changes on its way to the device");
	ok(seen_byte == 1 && seen_last == 0 && host[page] == 0, "is changed there alone");
	end();
	copies(LIE_COPY_FIRST, FS_DEVICE, FS_HOST, "copy3-back:%zu+%zu ", "on the way back it is none");
	ok(seen_byte == 0 && host[page] == 0, "and nothing is changed");
	end();
	copies(LIE_COPY_LAST, FS_HOST, FS_HOST, "copy3-back:%zu+%zu wait3 ", "a last byte that changes on its way back");
	ok(seen_last == 0 && host[3 * page - 1] == 1 && host[page] == 0, "is changed on the host alone");
	end();
	copies(LIE_COPY_LAST, FS_DEVICE, FS_DEVICE, "copy3-to:%zu+%zu wait3 ", "a last byte that changes on its way there");
	ok(seen_last == 1 && host[3 * page - 1] == 0, "is changed there alone");
	end();
}

static void moves(enum lie_kind kind, enum fs_side to, size_t bytes, size_t moved)
{
	char text[256] = "";

	begin(kind, FS_HOST);
	lie_of_migrate(&fake.job, &memory, page, bytes, to);
	if (moved != 0)
		snprintf(text, sizeof(text), "move-%s:%zu+%zu ", to == FS_DEVICE ? "to" : "back", page, moved);
	is_str(noted, text, "of %zu bytes %zu are moved", bytes, moved);
	is_int(asked(FS_COST_MIGRATE + to), moved != 0, "%zu bytes: the request is counted", bytes);
	is_int(asked(FS_COST_PAGE + to), (long long)((moved + page - 1) / page), "%zu bytes: with its pages, parts of them included", bytes);
}

static void test_moves(void)
{
	moves(LIE_NONE, FS_DEVICE, 2 * page, 2 * page);
	end();
	moves(LIE_NONE, FS_HOST, page + 1, page + 1);
	end();
	moves(LIE_MIGRATE_NONE, FS_DEVICE, 2 * page, 0);
	end();
	moves(LIE_MIGRATE_SHORT, FS_DEVICE, 2 * page, page);
	end();
	moves(LIE_MIGRATE_SHORT, FS_DEVICE, page, page);
	end();
	moves(LIE_MIGRATE_BYTE, FS_DEVICE, page, page);
	ok(seen_byte == 1 && host[page] == 1 && host[0] == 0, "a byte is changed before it moves to the device");
	end();
	moves(LIE_MIGRATE_BYTE, FS_HOST, page, page);
	ok(seen_byte == 0 && host[page] == 1, "and after it came back");
	end();
}

static void lies_where(enum lie_kind kind, enum fs_side to, uint8_t first, uint8_t rest, const char *what)
{
	uint8_t side[PAGES] = {0};

	begin(kind, to);
	is_int(lie_of_residence(&fake.job, &memory, 0, (PAGES - 1) * page, side), 0, "%s", what);
	ok(side[0] == first && side[1] == rest && side[2] == rest, "%s: %d, then %d", what, side[0], side[1]);
	is_int(side[PAGES - 1], 0, "and nothing is said of a page that was not asked for");
}

static void test_residence(void)
{
	char text[128];

	lies_where(LIE_NONE, FS_HOST, FS_HOST, FS_DEVICE, "the truth of where pages are");
	end();
	lies_where(LIE_RESIDENCE_ASTRAY, FS_HOST, FS_DEVICE, FS_DEVICE, "the first page is elsewhere");
	end();
	lies_where(LIE_RESIDENCE_ALL, FS_DEVICE, FS_DEVICE, FS_DEVICE, "all are on the device");
	end();
	lies_where(LIE_RESIDENCE_ALL, FS_HOST, FS_HOST, FS_HOST, "all are on the host");
	end();
	lies_where(LIE_NOTHING_SEEN, FS_HOST, FS_HOST, FS_HOST, "nothing is seen");
	end();
	lies_where(LIE_RESIDENCE_RETURNS, FS_HOST, FS_HOST, FS_DEVICE, "pages come back after the question");
	snprintf(text, sizeof(text), "where:0+%zu move-back:0+%zu ", (PAGES - 1) * page, PAGES * page);
	is_str(noted, text, "all of them");
	end();
}

static void runs(enum lie_kind kind, const char *wanted, long long launches, ulong word_then, const char *what)
{
	struct fs_launch launch = {.first = 2, .last = 9};

	begin(kind, FS_HOST);
	is_int(lie_of_launch(&fake.job, 1, &memory, &launch), 0, "%s", what);
	is_str(noted, wanted, "%s: the device is asked", what);
	is_int(asked(FS_COST_LAUNCH), launches, "%s: launches are counted", what);
	is_int((long long)*(ulong *)host, (long long)word_then, "%s: the buffer's first word", what);
	is_int((long long)launch.last, 9, "the caller's launch is as it was");
	noted[0] = '\0';
	is_int(lie_of_wait(&fake.job, 1), 0, "the wait");
	is_str(noted, "wait1 ", "is asked for once");
}

static void test_launches(void)
{
	runs(LIE_NONE, "run1:2-9 ", 1, 0, "the truth of a launch");
	ok(*(ulong *)host == 0 && result[0] == 40, "nothing is changed");
	end();
	runs(LIE_LAUNCH_NONE, "", 0, 0, "a launch that does nothing");
	end();
	runs(LIE_LAUNCH_SHORT, "run1:2-8 ", 1, 0, "one without its last index");
	end();
	runs(LIE_LAUNCH_TWICE, "run1:2-9 wait1 run1:2-9 ", 2, 0, "one that is made twice");
	end();
	runs(LIE_DATA_BEFORE, "run1:2-9 ", 1, 1, "data that change before it");
	is_int((long long)*(ulong *)host, 1, "do so before it alone");
	end();
	runs(LIE_DATA_AFTER, "run1:2-9 ", 1, 0, "data that change after it");
	is_int((long long)*(ulong *)host, 1, "do so after the wait");
	end();
	runs(LIE_OUT_CHANGED, "run1:2-9 ", 1, 0, "a result that changes");
	is_int((long long)result[0], 41, "is one more");
	end();
}

/* What five readings of 10 say; -1: nothing was said. */
static void count_is(enum lie_kind kind, uint64_t from, uint64_t times, const char *of, const char *wanted)
{
	char text[128] = "";

	begin(kind, FS_HOST);
	fake.job.lie = (struct lie){.kind = kind, .count = of, .from = from, .times = times};
	counted = 10;
	for (int i = 0; i < 5; i++) {
		uint64_t value = 0;
		bool is = fs_device_count(&fake.job, "faults_to_device", &value);

		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", i > 0 ? " " : "", is ? (int)value : -1);
	}
	is_str(text, wanted, "a count of %s, from occasion %d on, %d times", of, (int)from, (int)times);
	end();
}

static void test_counts(void)
{
	uint64_t value = 0;

	count_is(LIE_NONE, 1, 0, "faults", "10 10 10 10 10");
	count_is(LIE_COUNT_ZERO, 1, 0, "faults", "0 0 0 0 0");
	count_is(LIE_COUNT_ZERO, 3, 0, "faults_to_device", "10 10 0 0 0");
	count_is(LIE_COUNT_ZERO, 2, 2, "", "10 0 0 10 10");
	count_is(LIE_COUNT_MORE, 2, 0, "faults", "10 11 12 13 14");
	count_is(LIE_COUNT_ABSENT, 5, 1, "faults", "10 10 10 10 -1");
	count_is(LIE_NOTHING_SEEN, 1, 1, "faults", "-1 10 10 10 10");
	count_is(LIE_COUNT_ZERO, 1, 0, "pages", "10 10 10 10 10");
	begin(LIE_COUNT_ZERO, FS_HOST);
	fake.job.lie = (struct lie){.kind = LIE_COUNT_ZERO, .count = "faults", .from = 1};
	ok(fs_device_count(&fake.job, "other", &value) && value == 7, "another count is what it is");
	ok(!fs_device_count(&fake.job, "none", &value), "one that is not kept is none");
	fake.job.lie.count = "none";
	ok(!fs_device_count(&fake.job, "none", &value), "whatever is said of it");
	end();
}

/* ---- new memory */

static void test_alloc(void)
{
	unsigned char in_core[PAGES];

	begin(LIE_ALLOC_POPULATED, FS_HOST);
	buf.cpu = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(buf.cpu, PAGES * page, MADV_NOHUGEPAGE);
	lie_of_alloc(&fake.job, &buf);
	mincore(buf.cpu, PAGES * page, in_core);
	ok((in_core[0] & 1) == 1 && (in_core[PAGES - 2] & 1) == 1 && (in_core[PAGES - 1] & 1) == 0, "all pages exist but the last");
	fake.job.lie = (struct lie){.kind = LIE_ALLOC_ALIAS, .from = 1};
	lie_of_alloc(&fake.job, &buf);
	((unsigned char *)buf.cpu)[5] = 77;
	ok(((unsigned char *)buf.cpu)[page + 5] == 77 && ((unsigned char *)buf.cpu)[2 * page + 5] == 0, "the first two pages are one, and no other");
	is_int((long long)((ulong *)buf.cpu)[1], 1, "whose second word is not zero");
	fake.job.lie = (struct lie){.kind = LIE_ALLOC_DIRTY, .from = 1};
	lie_of_alloc(&fake.job, &buf);
	is_int(((unsigned char *)buf.cpu)[5], 0, "the first page is new");
	is_int((long long)((ulong *)buf.cpu)[1], 1, "and not zero");
	is_int(((unsigned char *)buf.cpu)[page + 5], 77, "the second is as it was");
	munmap(buf.cpu, PAGES * page);
	end();
}

/* ---- time: of one thread, from the third reading on */

static const char *clock_name;
static uint64_t clock_said[5];
static bool clock_lied;

static void *read_clock(void *unused)
{
	static const struct fs_bench timed = {.name = "made up", .metrics = no_metrics, .params = lie_params};
	struct fake_job own;
	char args[64];

	snprintf(args, sizeof(args), "lie=%s lie_from=3", clock_name);
	if (fake_job_open(&own, NULL, &timed, args) != 0)
		exit(99);
	lie_begin(&own.job);
	clock_lied = lie_has_clock;
	for (uint64_t i = 0; i < 5 && clock_lied; i++)
		clock_said[i] = lie_of_clock(1000000000 + 500 * i);
	fake_job_close(&own);
	return unused;
}

/* What five readings of a clock that goes on by 500 say more than 1 s. */
static void clock_says(const char *name, long long third, long long fourth, long long fifth)
{
	pthread_t thread;

	clock_name = name;
	if (pthread_create(&thread, NULL, read_clock, NULL) != 0 || pthread_join(thread, NULL) != 0)
		exit(99);
	ok(clock_lied, "%s is a lie of the clock", name);
	ok(!lie_has_clock, "%s: of its own thread alone", name);
	ok(clock_said[0] == 1000000000 && clock_said[1] == 1000000500, "%s: the first two readings are true", name);
	is_int((long long)clock_said[2] - 1000000000, third, "%s: the third", name);
	is_int((long long)clock_said[3] - 1000000000, fourth, "%s: the fourth", name);
	is_int((long long)clock_said[4] - 1000000000, fifth, "%s: the fifth", name);
}

static void test_clock(void)
{
	clock_says("clock.back", 1000, 500, 0);
	clock_says("clock.still", 1000, 1000, 1000);
	clock_says("clock.step", 1000, 1001000, 2001000);
	clock_name = "copy.none";
	read_clock(NULL);
	ok(!clock_lied, "a lie of copies is none of the clock");
}

int main(void)
{
	page = fs_page_bytes();
	host = malloc(PAGES * page);
	if (host == NULL)
		return 99;
	test_copies();
	test_moves();
	test_residence();
	test_launches();
	test_counts();
	test_alloc();
	test_clock();
	free(host);
	done_testing();
	return exit_status();
}
