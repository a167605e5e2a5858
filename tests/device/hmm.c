/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HMM engine: pages really fault and really move, the counts are exact, and the data are right.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/device/emu/engine.h"
#include "tests/tap.h"

#define PAGE	      fs_page_bytes()
#define DEATH_LIMIT_S 600 /* of what must not hang */

/* Adds u[0] to one word of every page with an index in the range. */
static FS_BODY(add_pages)
{
	(void)out;
	FS_FOR(i)
	{
		*FS_ARRAY(ulong, i * PAGE) += a.u[0];
	}
}

/* Adds to words that straddle two pages: index i is the end of page i. */
static FS_BODY(add_straddling)
{
	(void)out;
	FS_FOR(i)
	{
		ulong value;

		__builtin_memcpy(&value, buf + (i + 1) * PAGE - 4, sizeof(value));
		value += a.u[0];
		__builtin_memcpy(buf + (i + 1) * PAGE - 4, &value, sizeof(value));
	}
}

static FS_BODY(crash)
{
	FS_UNUSED_BODY_ARGS();
	__builtin_trap();
}

static struct hmm_config config_of(size_t bytes, size_t granule)
{
	return (struct hmm_config){.bytes = bytes,
		.granule = granule,
		.workers = 2,
		.drivers = 1,
		.thrash_moves = 3,
		.thrash_window_us = 1000000,
		.throttle_us = 1000,
		.node = -1,
		.stuck_page = -1};
}

/* An engine with so many pages mapped; NULL where that cannot be: a skip if it is for lack of huge pages, else a failed check. */
static struct hmm_engine *open_pages(const struct hmm_config *config, size_t pages, unsigned char **p)
{
	struct hmm_engine *engine = NULL;
	struct fs_reason why = {0};
	int err = hmm_open(config, &engine, &why);

	if (err == 0 && hmm_map(engine, pages * PAGE, (void **)p) == 0)
		return engine;
	/* A kernel without them, or memory too fragmented for them. */
	if (config->huge && err == -ENOTSUP)
		skip(why.what, 1);
	else
		ok(false, "open: %s", err == 0 ? hmm_why(engine)->what : why.what);
	hmm_close(engine);
	return NULL;
}

static void add_on_host(unsigned char *p, size_t pages, ulong value)
{
	for (size_t i = 0; i < pages; i++)
		*(ulong *)(p + i * PAGE) += value;
}

static size_t pages_with(const unsigned char *p, size_t pages, ulong value)
{
	size_t n = 0;

	for (size_t i = 0; i < pages; i++)
		n += *(const ulong *)(p + i * PAGE) == value;
	return n;
}

static int launch(struct hmm_engine *engine, fs_body_fn body, ulong first, ulong last, ulong value)
{
	struct fs_launch launch = {.name = "test", .body = body, .args.u = {value}, .first = first, .last = last};
	int err = hmm_launch(engine, &launch);

	return err == 0 ? hmm_wait(engine) : err;
}

/* Page tables that disagree with the ownership table, pinned granules apart. */
static size_t conflicts(struct hmm_engine *engine, size_t pages)
{
	uint8_t *owner = malloc(pages), *present = malloc(pages);
	size_t n = 0;

	hmm_owner(engine, 0, pages * PAGE, owner);
	hmm_present(engine, 0, pages * PAGE, present);
	for (size_t i = 0; i < pages; i++)
		n += !hmm_pinned(engine, i * PAGE) && (present[i] & (1u << (owner[i] == FS_HOST ? FS_DEVICE : FS_HOST))) != 0;
	free(owner);
	free(present);
	return n;
}

static size_t owned_by(struct hmm_engine *engine, size_t pages, enum fs_side side)
{
	uint8_t *owner = malloc(pages);
	size_t n = 0;

	hmm_owner(engine, 0, pages * PAGE, owner);
	for (size_t i = 0; i < pages; i++)
		n += owner[i] == side;
	free(owner);
	return n;
}

/* One trip there and back; granule in bytes. */
static void round_trip(size_t pages, size_t granule, bool huge)
{
	struct hmm_config config = config_of(pages * PAGE, granule);
	size_t faults = (pages * PAGE + granule - 1) / granule;
	struct hmm_engine *engine;
	struct hmm_counts counts;
	unsigned char *p = NULL;

	config.huge = huge;
	config.workers = 1;
	engine = open_pages(&config, pages, &p);
	if (engine == NULL)
		return;
	add_on_host(p, pages, 1);
	hmm_counts_read(engine, &counts);
	is_int(counts.events[FS_HOST], 0, "first touches by the CPU are no events");
	is_int(launch(engine, add_pages_body, 0, pages, 10), 0, "the device adds");
	hmm_counts_read(engine, &counts);
	is_int(counts.faults[FS_DEVICE], faults, "one fault a granule");
	is_int(counts.pages[FS_DEVICE], pages, "every page moved once");
	is_int(owned_by(engine, pages, FS_DEVICE), pages, "every page is the device's");
	is_int(conflicts(engine, pages), 0, "the page tables agree");
	is_int(pages_with(p, pages, 11), pages, "the CPU sees what the device did");
	hmm_counts_read(engine, &counts);
	is_int(counts.faults[FS_HOST], faults, "one fault a granule back");
	is_int(counts.pages[FS_HOST], pages, "every page moved back");
	is_int(owned_by(engine, pages, FS_HOST), pages, "every page is the host's");
	is_int(conflicts(engine, pages), 0, "the page tables agree");
	is_int(counts.events[FS_DEVICE], counts.faults[FS_DEVICE] + counts.remaps[FS_DEVICE], "events are faults and remaps");
	ok(counts.copy_ns[FS_DEVICE] > 0 && counts.unmap_ns[FS_DEVICE] > 0 && counts.map_ns[FS_DEVICE] > 0, "time by stage");
	hmm_unmap(engine);
	is_int(hmm_map(engine, pages * PAGE, (void **)&p), 0, "map again");
	if (!huge)
		is_int(pages_with(p, pages, 0), pages, "a new buffer is empty");
	hmm_close(engine);
}

static uint64_t minor_faults_of(pid_t pid)
{
	char path[64], text[1024] = "";
	unsigned long long faults = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file != NULL) {
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
	}
	/* The name before it is in brackets, and may hold anything. */
	if (strrchr(text, ')') != NULL)
		sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %llu", &faults);
	return faults;
}

/* Minor faults of both processes while all pages go to the device on request, and back. Nobody touches the view. */
static uint64_t faults_of_a_trip(struct hmm_engine *engine, size_t pages)
{
	uint64_t before = minor_faults_of(getpid()) + minor_faults_of(engine->child.pid);

	is_int(hmm_migrate(engine, 0, pages * PAGE, FS_DEVICE), 0, "migrate to the device");
	is_int(hmm_migrate(engine, 0, pages * PAGE, FS_HOST), 0, "migrate back");
	return minor_faults_of(getpid()) + minor_faults_of(engine->child.pid) - before;
}

/*
 * The engine's own mappings have been used before the first move: it costs what the next one does. Without that each of the two processes has a fault
 * for every few pages of system memory, and for every page of device memory that is not contiguous.
 */
static void first_use(size_t granule, bool huge)
{
	enum { PAGES = 4096, FEW = 128 };
	struct hmm_config config = config_of(PAGES * PAGE, granule);
	struct hmm_engine *engine;
	unsigned char *p = NULL;
	uint64_t first, second;

	config.huge = huge;
	engine = open_pages(&config, PAGES, &p);
	if (engine == NULL)
		return;
	add_on_host(p, PAGES / 2, 1);
	is_int(hmm_warm(engine), 0, "the engine uses what there is");
	is_int(pages_with(p, PAGES / 2, 1), PAGES / 2, "and changes nothing");
	add_on_host(p + PAGES / 2 * PAGE, PAGES / 2, 1);
	is_int(hmm_warm(engine), 0, "the engine uses all");
	first = faults_of_a_trip(engine, PAGES);
	second = faults_of_a_trip(engine, PAGES);
	ok(first <= FEW, "the first way there and back of %d pages has few faults: %llu", PAGES, (unsigned long long)first);
	ok(second <= FEW, "as the second: %llu", (unsigned long long)second);
	is_int(pages_with(p, PAGES, 1), PAGES, "the data are right");
	hmm_close(engine);
}

/* Untouched pages do not exist, and querying them does not allocate them. */
static void no_first_touch(void)
{
	struct hmm_config config = config_of(256 * PAGE, PAGE);
	struct hmm_engine *engine;
	unsigned char *p = NULL;
	struct stat system;

	engine = open_pages(&config, 256, &p);
	if (engine == NULL)
		return;
	add_on_host(p, 5, 1);
	is_int(hmm_warm(engine), 0, "the engine uses what there is");
	fstat(engine->pool_fd[FS_HOST], &system);
	is_int(system.st_blocks * 512, 5 * (long long)PAGE, "no page of system memory comes of it");
	hmm_close(engine);
}

static void untouched_pages(void)
{
	struct hmm_config config = config_of(64 * PAGE, PAGE);
	struct hmm_engine *engine;
	unsigned char *p = NULL;

	engine = open_pages(&config, 64, &p);
	if (engine == NULL)
		return;
	is_int(launch(engine, add_pages_body, 0, 64, 5), 0, "the device touches first");
	is_int(pages_with(p, 64, 5), 64, "pages nobody touched begin as zeros");
	is_int(launch(engine, add_straddling_body, 0, 63, 7), 0, "words that straddle pages");
	{
		ulong value = 0;

		memcpy(&value, p + 5 * PAGE - 4, 8);
		is_int(value >> 32, 5, "the upper half is the next page's first word");
		is_int(value & 0xffffffff, 7, "the lower half is what was added");
	}
	hmm_close(engine);
}

static void requests(bool limited)
{
	struct hmm_config config = config_of(256 * PAGE, 4 * PAGE);
	struct hmm_engine *engine;
	struct hmm_counts counts;
	unsigned char *p = NULL;

	if (limited)
		config.capacity = 64 * PAGE;
	engine = open_pages(&config, 256, &p);
	if (engine == NULL)
		return;
	add_on_host(p, 256, 1);
	is_int(hmm_migrate(engine, 0, 256 * PAGE, FS_DEVICE), 0, "migrate to the device%s", limited ? ", which is small" : "");
	hmm_counts_read(engine, &counts);
	is_int(counts.prefetched[FS_DEVICE], 256, "pages moved on request");
	is_int(counts.evicted, 256 - owned_by(engine, 256, FS_DEVICE), "pages evicted");
	ok(limited ? owned_by(engine, 256, FS_DEVICE) <= 64 && owned_by(engine, 256, FS_DEVICE) >= 32 : owned_by(engine, 256, FS_DEVICE) == 256,
		"pages on the device");
	is_int(launch(engine, add_pages_body, 0, 256, 2), 0, "the device works on all of it");
	hmm_counts_read(engine, &counts);
	if (limited)
		ok(counts.faults[FS_DEVICE] > 0 && owned_by(engine, 256, FS_DEVICE) <= 64,
			"what was evicted faults, and never more than fits is there");
	else
		is_int(counts.faults[FS_DEVICE], 0, "without a fault");
	is_int(counts.pages[FS_DEVICE] - counts.pages[FS_HOST], owned_by(engine, 256, FS_DEVICE), "what went and did not return is there");
	is_int(conflicts(engine, 256), 0, "the page tables agree");
	is_int(hmm_migrate(engine, 0, 256 * PAGE, FS_HOST), 0, "migrate to the host");
	is_int(owned_by(engine, 256, FS_HOST), 256, "all is back");
	is_int(pages_with(p, 256, 3), 256, "the data are right");
	is_int(hmm_migrate(engine, 255 * PAGE, 4 * PAGE, FS_DEVICE), -EINVAL, "a range beyond the buffer is refused");
	hmm_close(engine);
}

/* A device that is small makes room as long as it works, and not a moment longer: what is looked at after it stands still. */
static void rest(void)
{
	enum { PAGES = 64, TURNS = 300 };
	struct hmm_config config = config_of(PAGES * PAGE, PAGE);
	struct hmm_engine *engine = NULL;
	struct hmm_counts before, after;
	struct fs_reason why;
	unsigned char *p = NULL;
	unsigned failed = 0, moving = 0, miscounted = 0;

	config.capacity = 8 * PAGE;
	config.drivers = 2;
	if (hmm_open(&config, &engine, &why) != 0) {
		ok(false, "open: %s", why.what);
		return;
	}
	for (int turn = 0; turn < TURNS; turn++) {
		if (hmm_map(engine, PAGES * PAGE, (void **)&p) != 0) {
			diag("%s", hmm_why(engine)->what);
			failed++;
			break;
		}
		add_on_host(p, PAGES, 1);
		hmm_counts_read(engine, &before);
		failed += (turn % 2 == 0 ? launch(engine, add_pages_body, 0, PAGES, 1) : hmm_migrate(engine, 0, PAGES * PAGE, FS_DEVICE)) != 0;
		moving += conflicts(engine, PAGES) != 0;
		hmm_counts_read(engine, &after);
		miscounted += after.pages[FS_DEVICE] - before.pages[FS_DEVICE] - (after.pages[FS_HOST] - before.pages[FS_HOST]) !=
			      owned_by(engine, PAGES, FS_DEVICE);
		hmm_unmap(engine);
	}
	is_int(failed, 0, "a buffer is released while nothing moves");
	is_int(moving, 0, "nor does anything after the device is done");
	is_int(miscounted, 0, "and counts and places agree");
	hmm_close(engine);
}

/* Back and forth over the same pages. */
static void thrash(enum hmm_thrash policy)
{
	struct hmm_config config = config_of(8 * PAGE, PAGE);
	struct hmm_engine *engine;
	struct hmm_counts counts;
	unsigned char *p = NULL;

	config.thrash = policy;
	engine = open_pages(&config, 8, &p);
	if (engine == NULL)
		return;
	for (int i = 0; i < 10; i++) {
		add_on_host(p, 8, 1);
		launch(engine, add_pages_body, 0, 8, 1);
	}
	is_int(pages_with(p, 8, 20), 8, "the data are right after thrashing, policy %d", policy);
	hmm_counts_read(engine, &counts);
	if (policy == HMM_THRASH_NONE)
		is_int(counts.pages[FS_HOST], 80, "every turn moves every page");
	if (policy == HMM_THRASH_PIN) {
		is_int(counts.pinned, 8, "every granule is pinned");
		is_int(counts.pages[FS_HOST], 16, "and stops moving after the third move");
	}
	if (policy == HMM_THRASH_THROTTLE)
		ok(counts.throttled > 0 && counts.pages[FS_HOST] == 80, "faults are held back, and served");
	is_int(conflicts(engine, 8), 0, "the page tables agree");
	hmm_close(engine);
}

static void lie(void)
{
	struct hmm_config config = config_of(16 * PAGE, PAGE);
	struct hmm_engine *engine;
	unsigned char *p = NULL;

	config.stuck_page = 3;
	engine = open_pages(&config, 16, &p);
	if (engine == NULL)
		return;
	add_on_host(p, 16, 1);
	launch(engine, add_pages_body, 0, 16, 1);
	is_int(owned_by(engine, 16, FS_DEVICE), 16, "the engine says that every page moved");
	is_int(conflicts(engine, 16), 1, "the page tables tell on the one that did not");
	hmm_close(engine);
}

static void death(void)
{
	struct hmm_config config = config_of(16 * PAGE, PAGE);
	struct hmm_engine *engine;
	unsigned char *p = NULL;

	engine = open_pages(&config, 16, &p);
	if (engine == NULL)
		return;
	is_int(launch(engine, add_pages_body, 0, 16, 1), 0, "the pages are on the device");
	is_int(launch(engine, crash_body, 0, 1, 1), -EPIPE, "a body that crashes is seen");
	ok(strstr(hmm_why(engine)->what, "signal") != NULL, "and said: %s", hmm_why(engine)->what);
	/* Ends the test where it hangs. */
	alarm(DEATH_LIMIT_S);
	(void)*(volatile unsigned char *)p;
	is_int(alarm(0) > 0, 1, "a touch of a lost page does not hang");
	is_int(hmm_migrate(engine, 0, PAGE, FS_HOST), -EPIPE, "nor does an order");
	hmm_close(engine);
}

static void bad_configs(void)
{
	struct hmm_config config = config_of(16 * PAGE, 3 * PAGE);
	struct hmm_engine *engine = NULL;
	struct fs_reason why;

	is_int(hmm_open(&config, &engine, &why), -EINVAL, "a granule that is no power of two: %s", why.what);
	config = config_of(16 * PAGE, PAGE);
	config.huge = true;
	is_int(hmm_open(&config, &engine, &why), -EINVAL, "huge pages and a small granule: %s", why.what);
	config = config_of(16 * PAGE, PAGE);
	config.capacity = 2 * PAGE;
	is_int(hmm_open(&config, &engine, &why), -EINVAL, "too small a capacity: %s", why.what);
}

int main(void)
{
	bad_configs();
	round_trip(1024, PAGE, false);
	round_trip(1000, 16 * PAGE, false);
	round_trip(1000, 512 * PAGE, false);
	round_trip(fs_huge_bytes() / PAGE * 2, fs_huge_bytes(), true);
	first_use(PAGE, false);
	first_use(fs_huge_bytes(), true);
	no_first_touch();
	untouched_pages();
	requests(false);
	requests(true);
	rest();
	thrash(HMM_THRASH_NONE);
	thrash(HMM_THRASH_PIN);
	thrash(HMM_THRASH_THROTTLE);
	lie();
	death();
	done_testing();
	return exit_status();
}
