/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * softdev_uapi.h - the user interface of the kernel module softdev, included by the module and by programs.
 *
 * An open file is a context of the device. The host process binds a range of its address space to it (SOFTDEV_BIND). Another process, the device's
 * compute side, maps the file; the file offset is the address in the bound process. Its access to a page that is not mapped is a device fault.
 */
#ifndef SOFTDEV_UAPI_H
#define SOFTDEV_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define SOFTDEV_ABI  2
#define SOFTDEV_NODE "/dev/softdev"

/* The device's memory. */
enum softdev_kind {
	SOFTDEV_PRIVATE,  /* the CPU cannot access it: an access faults and migrates the page back */
	SOFTDEV_COHERENT, /* the CPU can access it like any memory: the range given when the module was loaded */
	SOFTDEV_KINDS,
};

enum softdev_policy {
	SOFTDEV_MIGRATE, /* a device fault migrates the granule to the device's memory */
	SOFTDEV_REMOTE,	 /* a device fault maps the granule where it is */
};

enum softdev_side { SOFTDEV_HOST, SOFTDEV_DEVICE };

#define SOFTDEV_GRANULE_PAGES 512 /* largest granule */

/* Flags of a binding. */
#define SOFTDEV_READ_ONLY_FIRST (1u << 0) /* a read by the device maps the page read-only, so that the first write faults as well */

/* The clock for the time by stage. */
enum softdev_clock {
	SOFTDEV_CLOCK_NS,     /* CLOCK_MONOTONIC_RAW */
	SOFTDEV_CLOCK_CYCLES, /* get_cycles(): the time-stamp counter on x86 */
};

struct softdev_info {
	__u32 abi;
	__u32 page_bytes;
	__u64 pages[SOFTDEV_KINDS];	 /* size of the device's memory now; private memory grows as ranges are bound */
	__u64 free_pages[SOFTDEV_KINDS]; /* of those, owned by no context */
	__u64 most_pages[SOFTDEV_KINDS]; /* what it can grow to */
	__u64 contexts;			 /* that are bound */
};

/* Allocates device memory before SOFTDEV_BIND, which allocates only what is still missing. */
struct softdev_reserve {
	__u64 pages;
	__s32 node; /* as in struct softdev_bind */
	__u32 kind;
};

struct softdev_bind {
	__u32 abi; /* SOFTDEV_ABI */
	__u32 kind;
	__u64 start, bytes;   /* whole pages of the calling process's address space */
	__u64 capacity_pages; /* of device memory; 0: the size of the range */
	__u32 granule_pages;  /* pages that one device fault covers, a power of two */
	__u32 policy;
	__u32 migrate_after; /* the device fault of a granule that migrates it; earlier ones map it where it is. 0 and 1: the first */
	__u32 pin_after;     /* number of CPU faults on a granule after which it stays on the host; 0: never */
	__u32 flags;
	__u32 clock;
	__s32 node; /* of the pages that back private memory; -1: the kernel decides. Must be -1 for coherent memory */
	__u32 reserved;
};

struct softdev_move {
	__u64 start, bytes;
	__u32 side;
	__u32 reserved;
	__u64 moved_pages; /* out */
};

/* SOFTDEV_FILL, called by a device process: maps the pages of the range that are present, wherever they are, within its mapping. */
struct softdev_range {
	__u64 start, bytes;
};

/* Where a page is: one byte per page. */
#define SOFTDEV_PLACE_NOWHERE 0
#define SOFTDEV_PLACE_HOST    1
#define SOFTDEV_PLACE_DEVICE  2 /* of this context */
#define SOFTDEV_PLACE_OTHER   3 /* of another device */
#define SOFTDEV_PLACE_MASK    0x0f
#define SOFTDEV_PLACE_WRITE   0x10 /* writable in the host's page tables */

struct softdev_where {
	__u64 start, bytes;
	__u64 places; /* address of an array, one byte per page */
};

/* Why pages move. */
enum softdev_cause {
	SOFTDEV_HOST_FAULT,
	SOFTDEV_DEVICE_FAULT,
	SOFTDEV_MOVE_TO_HOST,
	SOFTDEV_MOVE_TO_DEVICE,
	SOFTDEV_EVICTION,
	SOFTDEV_CAUSES,
};

/* Time by stage. The stages of a cause add up to WHOLE. */
enum softdev_stage {
	SOFTDEV_WAIT,	  /* taking locks: the granule's, the mmap lock of the bound process */
	SOFTDEV_ROOM,	  /* evicting other pages; also counted under EVICTION */
	SOFTDEV_COLLECT,  /* migrate_vma_setup(): collect, isolate and unmap pages */
	SOFTDEV_ALLOCATE, /* allocating destination pages */
	SOFTDEV_COPY,
	SOFTDEV_INSTALL, /* migrate_vma_pages() */
	SOFTDEV_FINISH,	 /* migrate_vma_finalize(): map the new pages in the host's page tables, free the old ones */
	SOFTDEV_LOOK,	 /* hmm_range_fault() */
	SOFTDEV_MAP,	 /* filling the device's page tables */
	SOFTDEV_LEAVE,	 /* releasing locks and memory */
	SOFTDEV_WHOLE,	 /* from entry to return, measured separately */
	SOFTDEV_STAGES,
};

/* Exact counts since SOFTDEV_BIND. */
struct softdev_counts {
	__u64 events[SOFTDEV_CAUSES];  /* faults, requests, evictions */
	__u64 pages[SOFTDEV_CAUSES];   /* moved */
	__u64 bytes[SOFTDEV_CAUSES];   /* copied; a page that was not populated yet is cleared, not copied */
	__u64 refused[SOFTDEV_CAUSES]; /* pages that were to move and did not */
	__u64 time[SOFTDEV_CAUSES][SOFTDEV_STAGES];
	__u64 write_faults;	   /* device faults by writes */
	__u64 idle_faults[2];	   /* faults of each side that moved no page */
	__u64 failed_faults;	   /* device faults that ended in SIGBUS */
	__u64 made_pages;	   /* pages that were first populated on the device */
	__u64 dropped_pages;	   /* pages that were freed on the device because they were unmapped */
	__u64 mapped_device_pages; /* entries made in the device's page tables for device pages */
	__u64 mapped_host_pages;   /* likewise for pages on the host */
	__u64 invalidations;	   /* calls of the MMU notifier */
	__u64 retries;		   /* device faults that had to repeat the lookup because of an invalidation */
	__u64 cow_breaks;	   /* writes by the device to pages that were shared copy-on-write */
	__u64 pinned_granules;
	__u64 resident_pages; /* now */
};

/* Failure injection for tests: the next count operations of the kind fail. */
enum softdev_failure {
	SOFTDEV_FAIL_DEVICE_PAGE, /* allocating a device page */
	SOFTDEV_FAIL_HOST_PAGE,	  /* allocating a host page */
	SOFTDEV_FAIL_COPY,	  /* copying a page */
	SOFTDEV_FAIL_BLOCK,	  /* an invalidation that may not block */
	SOFTDEV_FAILURES,
};

struct softdev_inject {
	__u32 failure;
	__u32 count;
};

#define SOFTDEV_IOC	0xf5
#define SOFTDEV_INFO	_IOR(SOFTDEV_IOC, 1, struct softdev_info)
#define SOFTDEV_BIND	_IOW(SOFTDEV_IOC, 2, struct softdev_bind)
#define SOFTDEV_MOVE	_IOWR(SOFTDEV_IOC, 3, struct softdev_move)
#define SOFTDEV_WHERE	_IOW(SOFTDEV_IOC, 4, struct softdev_where)
#define SOFTDEV_COUNT	_IOR(SOFTDEV_IOC, 5, struct softdev_counts)
#define SOFTDEV_INJECT	_IOW(SOFTDEV_IOC, 6, struct softdev_inject)
#define SOFTDEV_RESERVE _IOW(SOFTDEV_IOC, 7, struct softdev_reserve)
#define SOFTDEV_FILL	_IOW(SOFTDEV_IOC, 8, struct softdev_range)

#endif
