/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_cost - where the time of a fault goes: the stages that the device's driver counts, and what is left.
 *
 * Pages are touched one after the other, by a launch (side=device) or a read (side=host) each, while they are on the other side, and then again
 * where they are. fault is the difference of the two passes over the faults. The stages are the driver's own counts over the same faults, as far as
 * it tells them apart; rest is fault without them: the trap, the way to the driver, the wake-up. The driver's stages must add up to what it counts as
 * its whole, within 2 %. The first pass is fault_first. Not measured: faults in company (fault_burst), migration on request (migrate_batch).
 *
 * How it could lie: a stage that a driver counts under another name is in rest. Reading the clock between stages takes time, too. The difference of
 * two passes is dropped where it is not positive, and rest where it would be negative.
 */
#include "config.h"

#include <stdio.h>

#include "bench/mark.h"
#include "bench/repeat.h"
#include "bench/touch_pages.h"

#define WITHIN 0.02 /* what the driver's stages may differ from its whole */

static const struct fs_param params[] = {
	{.name = "size", .type = FS_PARAM_SIZE, .form = FS_FORM_PAGES, .initial = "1M", .min = 1, .max = 1ull << 36, .help = "bytes of the buffer"},
	{.name = "side", .type = FS_PARAM_CHOICE, .initial = "device", .choices = "host|device", .help = "which side faults"},
	{0},
};

#define STAGE(stage, what)                                                                                                                           \
	{                                                                                                                                            \
		.name = stage, .unit = "ns", .better = FS_LOWER, .help = what ", a fault"                                                            \
	}

static const struct fs_metric metrics[] = {
	STAGE("fault", "the whole"),
	STAGE("fault_first", "the whole, in the first pass"),
	STAGE("wait", "taking locks"),
	STAGE("room", "evicting what is in the way"),
	STAGE("look", "looking pages up"),
	STAGE("collect", "collecting and unmapping pages"),
	STAGE("allocate", "getting pages"),
	STAGE("copy", "copying"),
	STAGE("install", "mapping pages where they go"),
	STAGE("finish", "ending the migration"),
	STAGE("map", "filling the device's page tables"),
	STAGE("leave", "giving back what was taken"),
	STAGE("rest", "what no stage contains"),
	{0},
};

static const struct fs_plot plots[] = {
	{FS_DRAW_STACK, "wait room look collect allocate copy install finish map leave rest", .mark = "fault", .title = "where does its time go?"},
	{0},
};

/* Stages, and the other name that drivers have for them. */
static const char *const stages[][2] = {{"wait", "wait"}, {"room", ""}, {"look", ""}, {"collect", "unmap"}, {"allocate", ""}, {"copy", "copy"},
	{"install", "map"}, {"finish", ""}, {"map", ""}, {"leave", ""}};
static const char *const wholes[] = {"moved_ns_to_device", "moved_ns_to_host", "device_faults_ns", "host_faults_ns", NULL};
enum { STAGES = sizeof(stages) / sizeof(stages[0]), WHOLE = STAGES, FAULTS, COUNTED }; /* all of them, and the faults */

struct trial {
	struct fs_job *job;
	struct fs_buffer buf;
	enum fs_side side;
	ulong pages, key;
};

/* A stage's count, or that of the whole with "": in one of the two ways in which drivers name them. False where there is neither. */
static bool stage_ns(struct trial *t, const char *stage, const char *other, uint64_t *ns)
{
	const char *side = t->side == FS_DEVICE ? "device" : "host";
	char name[2][48];

	snprintf(name[0], sizeof(name[0]), "%s_ns_to_%s", other, side);
	snprintf(name[1], sizeof(name[1]), "%s_faults%s%s_ns", side, stage[0] != '\0' ? "_" : "", stage);
	*ns = 0;
	return fs_device_count(t->job, name[0], ns) || fs_device_count(t->job, name[1], ns);
}

/* First the faults: to read that count waits until the driver has done with the last one. */
static void count(struct trial *t, uint64_t counted[COUNTED])
{
	counted[FAULTS] = count_now(t->job, faults_to(t->side));
	for (int i = 0; i < STAGES; i++)
		stage_ns(t, stages[i][0], stages[i][1], &counted[i]);
	stage_ns(t, "", "moved", &counted[WHOLE]);
}

/* Touches each page once; *ns is the whole pass. */
static int pass(struct trial *t, enum fs_side side, uint64_t *ns)
{
	struct fs_launch launch = touch_pages_launch(1, false);
	ulong *results = fs_results_clear(t->job);
	uint64_t start = fs_device_clock(t->job);
	int err = 0;

	for (size_t i = 0; i < t->pages && err >= 0; i++) {
		launch.first = i, launch.last = i + 1;
		if (side == FS_DEVICE)
			err = launch_run(t->job, &t->buf, &launch);
		else
			results[i] = *(volatile ulong *)mark_first(&t->buf, i);
	}
	*ns = fs_device_clock(t->job) - start;
	for (size_t i = 0; i < t->pages && err >= 0; i++) {
		if (results[i] != mark_of(i, t->key))
			return fs_wrong(t->job, "page %zu holds %lx, not %lx", i, results[i], mark_of(i, t->key));
	}
	return err;
}

/* The driver's stages against its whole, and against what was seen from outside. */
static bool judge(struct fs_job *job, const uint64_t by[COUNTED], uint64_t pass_ns)
{
	uint64_t sum = 0;

	for (int i = 0; i < STAGES; i++)
		sum += by[i];
	return fs_expect(job, "faults", (double)by[FAULTS], FS_GE, 1) && fs_expect(job, "stages in a pass", (double)sum, FS_LE, (double)pass_ns) &&
	       fs_expect(job, "stages of the whole", (double)sum, FS_GE, (1 - WITHIN) * (double)by[WHOLE]) &&
	       fs_expect(job, "stages of the whole", (double)sum, FS_LE, (1 + WITHIN) * (double)by[WHOLE]);
}

static void give(struct trial *t, bool is_first, const uint64_t by[COUNTED], double ns)
{
	double rest = ns;

	fs_sample(t->job, is_first ? "fault_first" : "fault", ns / (double)by[FAULTS]);
	for (int i = 0; i < STAGES && !is_first; i++) {
		if (by[i] != 0)
			fs_sample(t->job, stages[i][0], (double)by[i] / (double)by[FAULTS]);
		rest -= (double)by[i];
	}
	if (!is_first && rest >= 0)
		fs_sample(t->job, "rest", rest / (double)by[FAULTS]);
	else if (!is_first)
		fs_drop(t->job, "rest", "the stages took longer than the faults added to the pass: more pages, or less load");
}

/* From the other side; positive where it holds. */
static int measure(struct trial *t, bool is_first)
{
	enum fs_side other = t->side == FS_DEVICE ? FS_HOST : FS_DEVICE;
	uint64_t before[COUNTED], by[COUNTED], pass_ns, again_ns = 0;
	int err = pass(t, other, &pass_ns);

	if (err == 0)
		err = expect_side(t->job, &t->buf, other);
	if (err <= 0)
		return err;
	count(t, before);
	fs_step_begin(t->job, FS_DEVICE_COMPUTE);
	err = pass(t, t->side, &pass_ns);
	if (fs_step_end(t->job, FS_DEVICE_COMPUTE, err) < 0)
		return err;
	count(t, by);
	for (int i = 0; i < COUNTED; i++)
		by[i] -= before[i];
	err = judge(t->job, by, pass_ns) ? pass(t, t->side, &again_ns) : 0;
	if (err < 0 || again_ns == 0)
		return err;
	if (pass_ns > again_ns)
		give(t, is_first, by, (double)(pass_ns - again_ns));
	else
		fs_drop(t->job, "fault", "with faults a pass took no longer: more pages, or less load");
	return 1;
}

static int run(struct fs_job *job)
{
	struct trial t = {.job = job, .pages = fs_size(job, "size") / page_bytes(), .key = fs_seed(job)};
	uint64_t unused;
	int err;

	t.side = fs_is(job, "side", "host") ? FS_HOST : FS_DEVICE;
	if (t.pages > FS_OUT_WORDS)
		return fs_skip(job, "a smaller size, or larger pages", "%lu pages are more than %d", t.pages, FS_OUT_WORDS);
	if (!stage_ns(&t, "", "moved", &unused))
		return fs_skip_device(job, FS_TRAIT_COUNTS, wholes, "does not tell the stages of a fault apart");
	err = fs_alloc(job, fs_size(job, "size"), &t.buf);
	if (err < 0)
		return err;
	err = 1;
	mark_all(&t.buf, t.key);
	for (int n = 0; n < 1 + REPEATS && err > 0; n++)
		err = measure(&t, n == 0);
	fs_release(job, &t.buf);
	return err < 0 ? err : 0;
}

const struct fs_bench bench_fault_cost = {
	.name = "fault_cost",
	.summary = "where the time of a fault goes, stage by stage",
	.needs = FS_FAULTS | FS_RESIDENCE,
	.params = params,
	.metrics = metrics,
	.plots = plots,
	.run = run,
};
