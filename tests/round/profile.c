/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * profile.c - a kernel's profile against a device that says what was counted: what is expected of each count, in all and in each step, where pages
 * are, and what is recorded where all agrees. The kernel fills two pages, of which the device reads one and writes a third, which the CPU reads, in
 * two turns.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/registry.h"
#include "harness/round/profile.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define PAGES 4
#define TURNS 2

enum { TO_HOST, TO_DEVICE, FAULTS_TO_HOST, FAULTS_TO_DEVICE, COPIED_TO_HOST, COPIED_TO_DEVICE, EVICTED, PINNED, COUNTS };

static size_t page;
static uint64_t count[COUNTS];
static uint8_t where[PAGES];
static bool has_counts, refuses;
static size_t granule_bytes;

static int device_count_all(void *dev, uint64_t *values)
{
	(void)dev;
	memcpy(values, count, sizeof(count));
	return has_counts ? 0 : -EIO;
}

static size_t device_granule(const struct fs_job *job)
{
	(void)job;
	return granule_bytes;
}

static int device_residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	(void)dev;
	(void)memory;
	memcpy(side, where + offset / page, bytes / page);
	return 0;
}

static const struct fs_count_def counts[] = {{"pages_to_host", "", "", 0}, {"pages_to_device", "", "", 0}, {"faults_to_host", "", "", 0},
	{"faults_to_device", "", "", 0}, {"copied_to_host_bytes", "", "", 0}, {"copied_to_device_bytes", "", "", 0}, {"evicted_pages", "", "", 0},
	{"pinned_granules", "", "", 0}, {0}};
static const struct fs_device telling = {
	.name = "telling", .count = device_count_all, .counts = counts, .granule = device_granule, .residence = device_residence};
static const struct fs_device silent = {.name = "silent", .count = device_count_all, .counts = counts, .residence = device_residence};

/* Page 0 is read by the device, 2 written by it and read by the CPU; 1 is only filled, 3 does not exist. */
static int kernel_profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)work;
	if (refuses && turn == 1)
		return -EDOM;
	if (side == FS_DEVICE) {
		fs_reads(pages, 0, 1);
		fs_writes(pages, 2 * page, page);
	} else {
		fs_reads(pages, 2 * page + 1, 8);
	}
	return 0;
}

static uint64_t body_bytes(const struct fs_work *work)
{
	(void)work;
	return 12345;
}

static struct fs_kernel kernel = {.name = "made up", .profile = kernel_profile};
static struct fake_job fake;
static struct profile profile;
static struct fs_work work;
static struct fs_buffer buf;

static const struct fs_setup *setup_named(const char *name)
{
	for (unsigned i = 0; registry_setups[i] != NULL; i++) {
		if (strcmp(registry_setups[i]->name, name) == 0)
			return registry_setups[i];
	}
	exit(99);
}

static void begin(const char *setup, const struct fs_device *device)
{
	if (fake_job_open(&fake, &kernel, NULL, "") != 0)
		exit(99);
	fake.cell.setup = setup_named(setup);
	fake.cell.device = device;
	if (fake.cell.setup->params != NULL && args_declare(&fake.cell.args, fake.cell.setup->params, 0) != 0)
		exit(99);
	has_counts = true;
	refuses = false;
	granule_bytes = page;
	memset(count, 0, sizeof(count));
	memset(&fake.job.requested, 0, sizeof(fake.job.requested));
	work = (struct fs_work){.bytes = PAGES * page,
		.regions = {{"in", 0, 2 * page, FS_IN}, {"out", 2 * page, page, FS_OUT}, {"own", 3 * page, page, 0}},
		.launch = {.first = 0, .last = 10}};
	buf = (struct fs_buffer){.bytes = PAGES * page};
	/* as with hmm at the end */
	where[0] = FS_DEVICE;
	where[1] = FS_HOST;
	where[2] = FS_HOST;
	where[3] = FS_SIDES;
}

/* What the device counted by the end of each step of each turn: side by side, so much more than before. */
struct more {
	unsigned of; /* COUNTS and beyond: requests */
	uint64_t n[TURNS][FS_SIDES];
};

static uint64_t *counter_of(unsigned of)
{
	return of < COUNTS ? &count[of] : &fake.job.requested[of - COUNTS];
}

static int steps(const struct more *more, unsigned n)
{
	static const enum fs_side order[FS_SIDES] = {FS_DEVICE, FS_HOST};

	profile_begin(&profile, &fake.job, &kernel);
	for (unsigned turn = 0; turn < TURNS; turn++) {
		profile_turn(&profile, &work);
		for (unsigned s = 0; s < FS_SIDES; s++) {
			for (unsigned i = 0; i < n; i++)
				*counter_of(more[i].of) += more[i].n[turn][order[s]];
			profile_step(&profile, order[s]);
		}
		work.iteration++;
		work.regions[0].flags |= FS_KEPT;
	}
	return profile_evidence(&profile, &work, &buf);
}

static const struct share_evidence *evidence(const char *what)
{
	const struct share *share = fake.job.share;

	for (unsigned i = 0; i < share->nevidence; i++) {
		if (strcmp(share->evidence[i].what, what) == 0)
			return &share->evidence[i];
	}
	return NULL;
}

static void holds(const char *what, double expected)
{
	const struct share_evidence *e = evidence(what);

	if (ok(e != NULL && e->holds, "%s holds", what))
		is_near(e->expected, expected, 0, "%s: as many are expected", what);
}

static void fails(const char *what, double seen)
{
	const struct share_evidence *e = evidence(what);

	if (ok(e != NULL && !e->holds, "%s does not hold", what))
		is_near(e->seen, seen, 0, "%s: so many were seen", what);
}

static void lacks(const char *what)
{
	ok(evidence(what) == NULL, "nothing is said of %s", what);
}

static void end(void)
{
	profile_end(&profile);
	fake_job_close(&fake);
}

/*
 * hmm, granules of a page: the device faults on page 0 once, which stays, and on page 2 in each turn, which is first allocated there; the CPU takes
 * it back.
 */
#define HMM_N 5
static void hmm_counts(struct more more[HMM_N])
{
	const struct more all[HMM_N] = {
		{TO_DEVICE, {{[FS_DEVICE] = 2}, {[FS_DEVICE] = 1}}},
		{TO_HOST, {{[FS_HOST] = 1}, {[FS_HOST] = 1}}},
		{FAULTS_TO_DEVICE, {{[FS_DEVICE] = 2}, {[FS_DEVICE] = 1}}},
		{FAULTS_TO_HOST, {{[FS_HOST] = 1}, {[FS_HOST] = 1}}},
		{COUNTS + FS_COST_LAUNCH, {{[FS_DEVICE] = 1}, {[FS_DEVICE] = 1}}},
	};

	memcpy(more, all, sizeof(all));
}

static void test_hmm(void)
{
	struct more more[HMM_N];

	begin("hmm", &telling);
	hmm_counts(more);
	/* what was counted before the first step counts for nothing */
	count[TO_DEVICE] = 1000;
	count[COPIED_TO_HOST] = 7;
	fake.job.requested[FS_COST_LAUNCH] = 5;
	is_int(steps(more, HMM_N), 0, "a device that counts what the policy implies");
	holds("profile.pages_to_device", 3);
	holds("profile.pages_to_host", 2);
	holds("profile.faults_to_device", 3);
	holds("profile.faults_to_host", 2);
	holds("profile.copied_to_host_bytes", 0);
	holds("profile.copied_to_device_bytes", 0);
	holds("profile.migrates_to_host", 0);
	holds("profile.migrates_to_device", 0);
	holds("profile.copies_to_host", 0);
	holds("profile.copies_to_device", 0);
	holds("profile.launches", 2);
	holds("profile.steps_off", 0);
	holds("profile.pages_astray", 0);
	is_int(fake.job.share->verdict, VERDICT_OK, "is believed");
	ok(fake.job.share->is_implied, "and what is implied is recorded");
	is_int((long long)fake.job.share->step[FS_DEVICE_COMPUTE].implied[FS_COST_FAULT + FS_DEVICE], 3, "with the steps: faults of the device");
	is_int((long long)fake.job.share->step[FS_DEVICE_COMPUTE].implied[FS_COST_BODY_BYTE], (long long)(4 * page),
		"the pages that its body touches");
	is_int((long long)fake.job.share->step[FS_CPU_AFTER].implied[FS_COST_AFTER_BYTE], (long long)(2 * page), "those of the CPU after it");
	is_int((long long)fake.job.share->step[FS_CPU_BEFORE].implied[FS_COST_FILL_BYTE], (long long)(2 * page), "those that are filled");
	is_int((long long)fake.job.share->step[FS_ALLOC].implied[FS_COST_ALLOC_PAGE], PAGES, "those of the buffer");
	is_int((long long)fake.job.share->step[FS_RELEASE].implied[FS_COST_RELEASE_PAGE], 3, "and of what is released");
	end();
}

/* One more of each, at the very end; or one in another step, which all counts together do not tell. */
static void test_wrong_counts(void)
{
	struct more more[HMM_N];

	for (unsigned i = 0; i < HMM_N; i++) {
		static const char *const names[HMM_N] = {
			"profile.pages_to_device", "profile.pages_to_host", "profile.faults_to_device", "profile.faults_to_host", "profile.launches"};
		static const double seen[HMM_N] = {4, 3, 4, 3, 3};

		begin("hmm", &telling);
		hmm_counts(more);
		more[i].n[TURNS - 1][FS_HOST]++;
		is_int(steps(more, HMM_N), 0, "one more: %s", names[i]);
		fails(names[i], seen[i]);
		fails("profile.steps_off", 1);
		is_int(fake.job.share->verdict, VERDICT_INVALID, "one more: %s: the round is invalid", names[i]);
		end();
		begin("hmm", &telling);
		hmm_counts(more);
		more[i].n[0][FS_DEVICE]++;
		more[i].n[TURNS - 1][FS_HOST]--;
		if (more[i].n[TURNS - 1][FS_HOST] == UINT64_MAX) {
			more[i].n[TURNS - 1][FS_HOST] = 0;
			more[i].n[TURNS - 1][FS_DEVICE]--;
		}
		steps(more, HMM_N);
		ok(evidence(names[i]) != NULL && evidence(names[i])->holds, "in another step: %s holds in all", names[i]);
		ok(evidence("profile.steps_off") != NULL && !evidence("profile.steps_off")->holds, "in another step: %s is seen by the step",
			names[i]);
		end();
	}
}

/* Pages that are elsewhere: one that should be there, one that should not exist at all. */
static void test_wrong_places(void)
{
	struct more more[HMM_N];

	begin("hmm", &telling);
	hmm_counts(more);
	where[0] = FS_HOST;
	where[3] = FS_DEVICE;
	steps(more, HMM_N);
	fails("profile.pages_astray", 2);
	end();
	begin("hmm", &telling);
	hmm_counts(more);
	where[3] = FS_HOST;
	steps(more, HMM_N);
	holds("profile.pages_astray", 0);
	end();
}

/* A granule of two pages moves with its neighbour: page 1, filled, goes with page 0; page 3, which does not exist, with page 2. */
static void test_granule(void)
{
	const struct more more[] = {
		{TO_DEVICE, {{[FS_DEVICE] = 4}, {[FS_DEVICE] = 2}}},
		{TO_HOST, {{[FS_HOST] = 2}, {[FS_HOST] = 2}}},
		{FAULTS_TO_DEVICE, {{[FS_DEVICE] = 2}, {[FS_DEVICE] = 1}}},
		{FAULTS_TO_HOST, {{[FS_HOST] = 1}, {[FS_HOST] = 1}}},
		{COUNTS + FS_COST_LAUNCH, {{[FS_DEVICE] = 1}, {[FS_DEVICE] = 1}}},
	};

	begin("hmm", &telling);
	granule_bytes = 2 * page;
	where[1] = FS_DEVICE;
	where[3] = FS_HOST;
	is_int(steps(more, sizeof(more) / sizeof(*more)), 0, "granules of two pages");
	holds("profile.pages_to_device", 6);
	holds("profile.faults_to_device", 3);
	holds("profile.steps_off", 0);
	holds("profile.pages_astray", 0);
	end();
}

/* What cannot be known is not expected. */
static void test_silence(void)
{
	struct more more[HMM_N];

	begin("hmm", &silent);
	hmm_counts(more);
	more[0].n[0][FS_DEVICE] = 50;
	is_int(steps(more, HMM_N), 0, "a device that does not say what moves together");
	lacks("profile.pages_to_device");
	lacks("profile.faults_to_host");
	lacks("profile.pages_astray");
	holds("profile.copied_to_device_bytes", 0);
	holds("profile.launches", 2);
	holds("profile.steps_off", 0);
	ok(!fake.job.share->is_implied, "nothing implied is recorded");
	end();
	begin("hmm", &telling);
	hmm_counts(more);
	has_counts = false;
	is_int(steps(more, HMM_N), 0, "a device whose counts cannot be read");
	lacks("profile.pages_to_device");
	lacks("profile.copied_to_host_bytes");
	holds("profile.launches", 2);
	end();
	for (unsigned disturbed = EVICTED; disturbed <= PINNED; disturbed++) {
		begin("hmm", &telling);
		hmm_counts(more);
		count[disturbed] = 1;
		is_int(steps(more, HMM_N), 0, "a device that moved pages for reasons of its own");
		is_int(fake.job.share->nevidence, 0, "is not asked");
		end();
	}
	begin("hmm", &telling);
	kernel.profile = NULL;
	is_int(steps(more, HMM_N), 0, "a kernel without a profile");
	kernel.profile = kernel_profile;
	is_int(fake.job.share->nevidence, 0, "tells nothing");
	end();
	begin("hmm", &telling);
	refuses = true;
	hmm_counts(more);
	is_int(steps(more, HMM_N), -EDOM, "a profile that fails is an error");
	lacks("profile.steps_off");
	ok(!fake.job.share->is_implied, "and nothing is recorded");
	end();
	begin("hmm", &telling);
	profile_begin(&profile, &fake.job, &kernel);
	profile_turn(&profile, &work);
	profile_step(&profile, FS_DEVICE);
	work.iteration = 1;
	is_int(profile_evidence(&profile, &work, &buf), -ENOMEM, "steps that are missing cannot be compared");
	is_int(fake.job.share->verdict, VERDICT_FAIL, "and the round fails");
	end();
}

/* copy: page 0 and 1 go once, page 2 comes back in each turn; what moves is bytes and requests. */
static void test_copy(void)
{
	struct more more[] = {
		{COPIED_TO_DEVICE, {{[FS_DEVICE] = 0}, {0}}},
		{COPIED_TO_HOST, {{[FS_DEVICE] = 0}, {0}}},
		{COUNTS + FS_COST_COPY + FS_DEVICE, {{[FS_DEVICE] = 1}, {0}}},
		{COUNTS + FS_COST_COPY + FS_HOST, {{[FS_HOST] = 1}, {[FS_HOST] = 1}}},
		{COUNTS + FS_COST_LAUNCH, {{[FS_DEVICE] = 1}, {[FS_DEVICE] = 1}}},
	};

	more[0].n[0][FS_DEVICE] = 2 * page;
	more[1].n[0][FS_HOST] = more[1].n[1][FS_HOST] = page;
	begin("copy", &silent);
	kernel.device_bytes = body_bytes;
	is_int(steps(more, sizeof(more) / sizeof(*more)), 0, "a device that copies");
	holds("profile.copied_to_device_bytes", (double)(2 * page));
	holds("profile.copied_to_host_bytes", (double)(2 * page));
	holds("profile.copies_to_device", 1);
	holds("profile.copies_to_host", 2);
	holds("profile.steps_off", 0);
	lacks("profile.pages_to_device");
	lacks("profile.pages_astray");
	ok(fake.job.share->is_implied, "copies are known without granules");
	is_int((long long)fake.job.share->step[FS_DEVICE_COMPUTE].implied[FS_COST_BODY_BYTE], 12345, "a kernel knows its body's bytes");
	kernel.device_bytes = NULL;
	end();
}

static void test_tells(void)
{
	struct fs_setup none = *setup_named("copy");
	struct fs_device placing = telling;

	ok(profile_tells(setup_named("copy"), &silent), "copies are told without granules");
	ok(!profile_tells(setup_named("hmm"), &silent), "faults are not");
	ok(profile_tells(setup_named("hmm"), &telling), "but with them");
	placing.places_itself = true;
	ok(profile_tells(setup_named("cdm"), &telling), "coherent memory is told where policies place it");
	ok(!profile_tells(setup_named("cdm"), &placing), "but not where the driver does");
	ok(profile_tells(setup_named("hmm"), &placing), "whose faults are told all the same");
	none.imply = NULL;
	ok(!profile_tells(&none, &telling), "and nothing without a policy");
}

static void test_touches(void)
{
	uint8_t touch[PAGES] = {0};
	struct fs_pages pages = {.n = PAGES, .touch = touch};

	fs_reads(&pages, 0, 0);
	ok(touch[0] == 0, "no bytes touch nothing");
	fs_reads(&pages, page - 1, 1);
	ok(touch[0] == FS_READS && touch[1] == 0, "the last byte of a page is of that page");
	fs_writes(&pages, page - 1, 2);
	ok(touch[0] == (FS_READS | FS_WRITES) && touch[1] == FS_WRITES && touch[2] == 0, "two bytes may be of two pages");
	fs_writes(&pages, 3 * page, 5 * page);
	ok(touch[3] == FS_WRITES && touch[2] == 0, "and nothing is noted behind the buffer");
}

int main(void)
{
	page = fs_page_bytes();
	test_touches();
	test_hmm();
	test_wrong_counts();
	test_wrong_places();
	test_granule();
	test_silence();
	test_copy();
	test_tells();
	done_testing();
	return exit_status();
}
