/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * access.h - what the access benchmarks share: the initiator (the side that accesses), the residence (where the data are), moving them there,
 * and the evidence that they stayed there.
 */
#ifndef FIVESTEP_BENCH_ACCESS_H
#define FIVESTEP_BENCH_ACCESS_H

#include "bench/order.h"

#define ACCESS_PARAMS                                                                                                                                \
	{.name = "initiator", .type = FS_PARAM_CHOICE, .initial = "host", .choices = "host|device", .help = "which side accesses"},                  \
	{                                                                                                                                            \
		.name = "residence", .type = FS_PARAM_CHOICE, .initial = "host", .choices = "host|device", .help = "where the data are"              \
	}

struct access {
	struct fs_job *job;
	struct fs_buffer buf;
	enum fs_side initiator, residence;
	uint64_t faults_before;
};

static inline uint64_t access_faults(struct fs_job *job)
{
	return count_now(job, faults_to(FS_HOST)) + count_now(job, faults_to(FS_DEVICE));
}

/* Allocates; a side that cannot reach the other's memory without moving it is a skip, and a device whose accesses reach none. */
static inline int access_open(struct access *access, struct fs_job *job)
{
	access->job = job;
	access->initiator = fs_is(job, "initiator", "device") ? FS_DEVICE : FS_HOST;
	access->residence = fs_is(job, "residence", "device") ? FS_DEVICE : FS_HOST;
	if (access->initiator != access->residence && (fs_offers(job) & FS_REMOTE) == 0)
		return fs_skip(job, "the same initiator and residence, or a setup with REMOTE: fivestep list setups",
			"under this setup no side reaches memory that stays on the other");
	/* The copy costs the same wherever the memory is, and reading it would fault on pages that the device has not touched yet: neither is part
	 * of the access. */
	if (access->initiator == FS_DEVICE && !fs_device_reaches(job))
		return fs_skip_device(job, FS_TRAIT_REACHES, NULL, "computes on a copy of the buffer: none of its accesses is one of the memory");
	return fs_alloc(job, fs_size(job, "size"), &access->buf);
}

/* What the CPU filled goes to its residence. 1, or 0 where evidence fails, or negative. */
static inline int access_place(struct access *access)
{
	bool transfer = fs_offers(access->job) & FS_TRANSFER;
	int err = 0;

	/* The host's own memory is where the CPU filled it. */
	if (!transfer || access->residence == FS_DEVICE)
		err = fs_move(access->job, &access->buf, 0, access->buf.bytes, access->residence);
	if (err == 0)
		err = expect_side(access->job, &access->buf, access->residence);
	access->faults_before = access_faults(access->job);
	return err;
}

/* Nothing faulted and nothing moved meanwhile: otherwise it was not the residence that was timed. As access_place(). */
static inline int access_stayed(struct access *access)
{
	if (!fs_expect(access->job, "faults", (double)(access_faults(access->job) - access->faults_before), FS_EQ, 0))
		return 0;
	return expect_side(access->job, &access->buf, access->residence);
}

/* Brings back to the CPU what the initiator wrote. */
static inline int access_fetch(struct access *access)
{
	return access->residence == FS_HOST ? 0 : fs_move(access->job, &access->buf, 0, access->buf.bytes, FS_HOST);
}

/* Runs a body on the initiator over [0, last); returns ns, or negative on error. What it wrote to out[0] is returned in *out. */
static inline int64_t access_run(struct access *access, struct fs_launch *launch, ulong *out)
{
	uint64_t start;
	int err;

	launch->args.link_base = (ulong)access->buf.cpu;
	*out = 0;
	if (access->initiator == FS_HOST) {
		start = fs_now();
		launch->body(access->buf.cpu, out, launch->args, launch->first, launch->last, 1);
		return (int64_t)(fs_now() - start);
	}
	fs_results_clear(access->job);
	start = fs_device_clock(access->job);
	err = launch_run(access->job, &access->buf, launch);
	if (err < 0)
		return err;
	start = fs_device_clock(access->job) - start;
	*out = fs_results(access->job)[0];
	return (int64_t)start;
}

#endif
