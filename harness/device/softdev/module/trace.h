/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - the driver's tracepoints, group softdev. Whatever the driver counts has an event, so the events of a context add up to its counts. "pid"
 * is the bound process.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM softdev

#if !defined(SOFTDEV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SOFTDEV_TRACE_H

#include <linux/tracepoint.h>

#include "internal.h"

/* clang-format off */

#define softdev_cause_names \
	{SOFTDEV_HOST_FAULT, "host_fault"}, \
	{SOFTDEV_DEVICE_FAULT, "device_fault"}, \
	{SOFTDEV_MOVE_TO_HOST, "move_to_host"}, \
	{SOFTDEV_MOVE_TO_DEVICE, "move_to_device"}, \
	{SOFTDEV_EVICTION, "eviction"}

/* The device accessed a page that is not mapped, or wrote to one that is mapped read-only. failed: it gets SIGBUS. */
TRACE_EVENT(softdev_device_fault,
	TP_PROTO(const struct softdev_context *context, unsigned long address, bool write, long moved, bool failed),
	TP_ARGS(context, address, write, moved, failed),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(unsigned long, address)
		__field(long, moved)
		__field(bool, write)
		__field(bool, failed)
	),
	TP_fast_assign(
		__entry->pid = context->pid;
		__entry->address = address;
		__entry->moved = moved;
		__entry->write = write;
		__entry->failed = failed;
	),
	TP_printk("pid=%d address=0x%lx write=%d moved=%ld failed=%d",
		__entry->pid, __entry->address, __entry->write, __entry->moved, __entry->failed)
);

/* The CPU accessed a page that is on the device. */
TRACE_EVENT(softdev_host_fault,
	TP_PROTO(const struct softdev_context *context, unsigned long address, long moved),
	TP_ARGS(context, address, moved),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(unsigned long, address)
		__field(long, moved)
	),
	TP_fast_assign(
		__entry->pid = context->pid;
		__entry->address = address;
		__entry->moved = moved;
	),
	TP_printk("pid=%d address=0x%lx moved=%ld", __entry->pid, __entry->address, __entry->moved)
);

/* One call of migrate_vma_setup() to migrate_vma_finalize(), for a fault or a request. */
TRACE_EVENT(softdev_migrate,
	TP_PROTO(const struct softdev_context *context, int cause, unsigned long start, unsigned long pages, long moved),
	TP_ARGS(context, cause, start, pages, moved),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(int, cause)
		__field(unsigned long, start)
		__field(unsigned long, pages)
		__field(long, moved)
	),
	TP_fast_assign(
		__entry->pid = context->pid;
		__entry->cause = cause;
		__entry->start = start;
		__entry->pages = pages;
		__entry->moved = moved;
	),
	TP_printk("pid=%d cause=%s start=0x%lx pages=%lu moved=%ld",
		__entry->pid, __print_symbolic(__entry->cause, softdev_cause_names), __entry->start, __entry->pages, __entry->moved)
);

/* A page is evicted to free device memory or because its context was closed. pfn: of the device page. */
TRACE_EVENT(softdev_evict,
	TP_PROTO(const struct softdev_context *context, unsigned long pfn, long moved),
	TP_ARGS(context, pfn, moved),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(unsigned long, pfn)
		__field(long, moved)
	),
	TP_fast_assign(
		__entry->pid = context ? context->pid : 0;
		__entry->pfn = pfn;
		__entry->moved = moved;
	),
	TP_printk("pid=%d pfn=0x%lx moved=%ld", __entry->pid, __entry->pfn, __entry->moved)
);

/* The kernel is about to change page tables of the bound process. event: enum mmu_notifier_event of this kernel. */
TRACE_EVENT(softdev_invalidate,
	TP_PROTO(const struct softdev_context *context, unsigned long start, unsigned long end, int event),
	TP_ARGS(context, start, end, event),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(unsigned long, start)
		__field(unsigned long, end)
		__field(int, event)
	),
	TP_fast_assign(
		__entry->pid = context->pid;
		__entry->start = start;
		__entry->end = end;
		__entry->event = event;
	),
	TP_printk("pid=%d start=0x%lx end=0x%lx event=%d", __entry->pid, __entry->start, __entry->end, __entry->event)
);

/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
