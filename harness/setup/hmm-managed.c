/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmm-managed - driver-allocated memory at one address, whose pages fault and migrate as under hmm; and the advice that a driver takes about its
 * use. Advice decides where pages are to be: evidence requires just that.
 */
#include "config.h"

#include "harness/setup/common.h"

static const struct fs_param params[] = {
	{.name = "advice",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|read-mostly|prefer-device|prefer-host|accessed-by",
		.help = "advice given to the driver before the first touch: readers may keep a copy; pages prefer a side; the device maps "
			"pages wherever they are"},
	{0},
};

static enum fs_advice advice_of(const struct fs_job *job)
{
	static const char *const names[] = {"none", "read-mostly", "prefer-device", "prefer-host", "accessed-by"};
	unsigned advice = FS_ADVICE_NONE;

	while (advice < FS_ARRAY_SIZE(names) - 1 && !fs_is(job, "advice", names[advice]))
		advice++;
	return (enum fs_advice)advice;
}

static int alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf)
{
	int err = fs_device_alloc(job, FS_MEMORY_MANAGED, bytes, FS_HOST, &buf->memory);

	buf->cpu = buf->memory.cpu;
	return err == 0 ? fs_device_advise(job, &buf->memory, advice_of(job)) : err;
}

static int evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after)
{
	enum fs_advice advice = advice_of(job);

	/* A page copied to both sides has no single residence; if the CPU may access remotely, the first touch decides. */
	if (advice == FS_ADVICE_READ_MOSTLY || (advice == FS_ADVICE_PREFER_DEVICE && after != FS_DEVICE_COMPUTE))
		return 0;
	if (after == FS_CPU_BEFORE)
		return shared_expect_side(job, buf, FS_HOST);
	if (after == FS_DEVICE_COMPUTE)
		return shared_expect_side(job, buf, advice == FS_ADVICE_NONE || advice == FS_ADVICE_PREFER_DEVICE ? FS_DEVICE : FS_HOST);
	return 0;
}

const struct fs_setup setup_hmm_managed = {
	.name = "hmm-managed",
	.summary = "driver-allocated memory whose pages fault and migrate, with advice",
	.needs = FS_CAP_MANAGED | FS_CAP_RESIDENCE,
	.offers = FS_SAME_ADDRESS | FS_FAULTS | FS_MOVE | FS_RESIDENCE | FS_SHARED,
	.memory = FS_MEMORY_MANAGED,
	.copies = 2,
	.params = params,
	.alloc = alloc,
	.device_compute = shared_compute,
	.cpu_begin = nothing_begins,
	.release = mirror_release,
	.move = shared_move,
	.evidence = evidence,
};
