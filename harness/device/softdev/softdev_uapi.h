/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * softdev_uapi.h - the interface of the kernel module softdev, the same file for the kernel and for programs.
 *
 * One open file is one context of the device. The process that wants its memory shared binds a range of its address space
 * (SOFTDEV_BIND). Another process, the device's compute side, maps the file with the address in the bound process as offset: what
 * it touches and has not mapped is a device fault.
 */
#ifndef SOFTDEV_UAPI_H
#define SOFTDEV_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define SOFTDEV_ABI  2
#define SOFTDEV_NODE "/dev/softdev"

/* The device's memory. */
enum softdev_kind {
	SOFTDEV_PRIVATE,  /* the CPU cannot reach it: its touch of a page that is there is a fault, and the page comes back */
	SOFTDEV_COHERENT, /* the CPU reaches it like any memory: a range that the module was loaded with */
	SOFTDEV_KINDS,
};

enum softdev_policy {
	SOFTDEV_MIGRATE, /* a device fault brings the granule to the device's memory */
	SOFTDEV_REMOTE,	 /* a device fault maps the granule where it lies */
};

enum softdev_side { SOFTDEV_HOST, SOFTDEV_DEVICE };

#define SOFTDEV_GRANULE_PAGES 512 /* at most */

/* Flags of a binding. */
#define SOFTDEV_READ_ONLY_FIRST (1u << 0) /* a read by the device maps read-only, so that its first write is a fault of its own */

/* By what stages are timed. */
enum softdev_clock {
	SOFTDEV_CLOCK_NS,     /* CLOCK_MONOTONIC_RAW */
	SOFTDEV_CLOCK_CYCLES, /* the processor's counter (time-stamp counter), as it is */
};

struct softdev_info {
	__u32 abi;
	__u32 page_bytes;
	__u64 pages[SOFTDEV_KINDS];	 /* of the device's memory, so far: private memory grows by what is bound */
	__u64 free_pages[SOFTDEV_KINDS]; /* of those, in no context */
	__u64 most_pages[SOFTDEV_KINDS]; /* what it may grow to */
	__u64 contexts;
};

/* Before a binding: device memory for it, so that it is there before the buffer is. A binding takes what it lacks. */
struct softdev_reserve {
	__u64 pages;
	__s32 node; /* as in the binding */
	__u32 kind; /* likewise */
};

struct softdev_bind {
	__u32 abi; /* SOFTDEV_ABI */
	__u32 kind;
	__u64 start, bytes;   /* whole pages of the calling process's address space */
	__u64 capacity_pages; /* of device memory; 0: as many as are bound */
	__u32 granule_pages;  /* a power of two: what one device fault covers */
	__u32 policy;
	__u32 migrate_after; /* migrate a granule at its n-th device fault, map where it lies before; 0 and 1: at once */
	__u32 pin_after;     /* so many CPU faults on a granule keep it on the host for good; 0: never */
	__u32 flags;
	__u32 clock;
	__s32 node; /* of the memory behind private device memory; -1: the kernel decides. Of coherent memory always -1 */
	__u32 reserved;
};

struct softdev_move {
	__u64 start, bytes;
	__u32 side;
	__u32 reserved;
	__u64 moved_pages; /* out */
};

/* Asked by a device process: what is there of the range is mapped in it, wherever it is, as far as it maps the range. */
struct softdev_range {
	__u64 start, bytes;
};

/* Where a page is: a byte a page. */
#define SOFTDEV_PLACE_NOWHERE 0
#define SOFTDEV_PLACE_HOST    1
#define SOFTDEV_PLACE_DEVICE  2 /* of this context */
#define SOFTDEV_PLACE_OTHER   3 /* of another device */
#define SOFTDEV_PLACE_MASK    0x0f
#define SOFTDEV_PLACE_WRITE   0x10 /* the host's page tables allow writing */

struct softdev_where {
	__u64 start, bytes;
	__u64 places; /* address of one byte a page */
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

/* Where the time goes; the stages of a cause add up to its WHOLE. */
enum softdev_stage {
	SOFTDEV_WAIT,	  /* for locks: the granule's, the mmap lock of the bound process */
	SOFTDEV_ROOM,	  /* evicting others; that time is also EVICTION's own */
	SOFTDEV_COLLECT,  /* migrate_vma_setup(): collect and isolate pages, unmap them */
	SOFTDEV_ALLOCATE, /* a page for each */
	SOFTDEV_COPY,
	SOFTDEV_INSTALL, /* migrate_vma_pages() */
	SOFTDEV_FINISH,	 /* migrate_vma_finalize(): map them in the host's page tables, free the old ones */
	SOFTDEV_LOOK,	 /* hmm_range_fault() */
	SOFTDEV_MAP,	 /* in the device's page tables */
	SOFTDEV_LEAVE,	 /* giving back locks and lists */
	SOFTDEV_WHOLE,	 /* from entry to return, by clock readings of its own */
	SOFTDEV_STAGES,
};

/* Exact, from SOFTDEV_BIND on. Pages of the memory's page size. */
struct softdev_counts {
	__u64 events[SOFTDEV_CAUSES];  /* faults, requests, evictions */
	__u64 pages[SOFTDEV_CAUSES];   /* moved */
	__u64 bytes[SOFTDEV_CAUSES];   /* copied: a page that did not exist yet is made, not copied */
	__u64 refused[SOFTDEV_CAUSES]; /* pages that should have moved and did not */
	__u64 time[SOFTDEV_CAUSES][SOFTDEV_STAGES];
	__u64 write_faults;	   /* of the device, those that were writes */
	__u64 idle_faults[2];	   /* of each side, those that moved no page */
	__u64 failed_faults;	   /* of the device, those that ended in SIGBUS */
	__u64 made_pages;	   /* that did not exist before a device fault or request made them on the device */
	__u64 dropped_pages;	   /* that were on the device when the host's last mapping of them went */
	__u64 mapped_device_pages; /* entries made in the device's page tables, of device memory */
	__u64 mapped_host_pages;   /* likewise, of pages that stayed on the host */
	__u64 invalidations;	   /* by the MMU notifier */
	__u64 retries;		   /* of device faults that met one */
	__u64 cow_breaks;	   /* a write by the device to a page that is shared copy-on-write */
	__u64 pinned_granules;
	__u64 resident_pages; /* now */
};

/* Failures on request: the next COUNT of a kind fail. */
enum softdev_failure {
	SOFTDEV_FAIL_DEVICE_PAGE, /* there is no device page */
	SOFTDEV_FAIL_HOST_PAGE,	  /* there is no host page */
	SOFTDEV_FAIL_COPY,
	SOFTDEV_FAIL_BLOCK, /* the notifier may not wait: an invalidation that may fail does */
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
