/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_name.h - the names of perf's events, and why one cannot be opened; for the source perf.
 *
 *   page-faults  instructions  dTLB-load-misses     by name: software, hardware and cache events
 *   r01c2                                           a raw code of this processor's
 *   migrate:mm_migrate_pages                        a tracepoint
 *   instructions:u  page-faults:k                   user code only, kernel only
 *   page-faults@device                              of the threads and processes that the device started, not of the CPU side
 */
#ifndef FIVESTEP_PERF_NAME_H
#define FIVESTEP_PERF_NAME_H

#include "harness/fivestep.h"

struct perf_name {
	uint32_t type; /* PERF_TYPE_* */
	uint64_t config;
	char system[32], tracepoint[FS_EVENT_NAME]; /* of a tracepoint, whose config is found in tracefs */
	bool user_only, kernel_only;
	bool device;
	bool kernel_alone; /* it occurs only in the kernel: counted in user code it would wrongly be zero */
	bool clock;	   /* it counts all time, whatever code runs */
};

extern const struct fs_event perf_events[]; /* the named events */

/* 0, or -EINVAL if it cannot be the name of an event. Pure. */
int perf_name_parse(const char *text, struct perf_name *name);
/* Finds a tracepoint's number; nothing to do for others. 0, or -errno with the reason. */
int perf_name_resolve(struct perf_name *name, const struct fs_machine *machine, struct fs_reason *why);

#define PERF_KINDS 8

/* The PMUs of the CPUs. If there are kinds of cores, each kind has its own, which counts nothing while a task runs on another kind. */
struct perf_cores {
	bool any;
	unsigned kinds; /* 0: all cores are of one kind, whose events need no PMU's number */
	uint32_t type[PERF_KINDS];
};
void perf_cores_read(const struct fs_machine *machine, struct perf_cores *cores);
/* The config of a named event of that kind of core. Pure. */
uint64_t perf_kind_config(uint64_t config, uint32_t type);
/*
 * The reading of an event whose sum is over the PMUs of all kinds: of the time that a task ran, each was enabled for all, and one of them was
 * running. So the ratio of the two, by which a multiplexed count is scaled, is that of the whole. Pure.
 */
void perf_kinds_whole(struct fs_reading *sum, unsigned kinds);

/* What forbids or limits perf_event_open for this process. */
struct perf_rights {
	long long paranoid; /* kernel.perf_event_paranoid; -2: unknown */
	bool perfmon;	    /* CAP_PERFMON or CAP_SYS_ADMIN */
	bool filtered;	    /* a seccomp filter is active */
	bool has_pmu;	    /* the kernel offers a PMU of the CPUs */
	bool guest;
};
void perf_rights_read(const struct fs_machine *machine, struct perf_rights *rights);
/* The reason of an error of perf_event_open; returns err. Pure. */
int perf_why(int err, const char *event, uint32_t type, const struct perf_rights *rights, struct fs_reason *why);

#endif
