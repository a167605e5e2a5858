/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memory.h - memory that both sides work on. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_MEMORY_H
#define FIVESTEP_CONTRACT_MEMORY_H

#include "harness/fivestep/common.h"

enum fs_memory_kind {
	FS_MEMORY_DEVICE,     /* the device's own memory, reached by copies (FS_CAP_COPY) */
	FS_MEMORY_MIRROR,     /* one address on both sides, pages migrate (FS_CAP_MIRROR) */
	FS_MEMORY_COHERENT,   /* one page table, both sides reach every page (FS_CAP_COHERENT) */
	FS_MEMORY_MAPPED,     /* the device's buffer, mapped for the CPU at another address: one side at a time (FS_CAP_MAPPED_BUFFER) */
	FS_MEMORY_EXCLUSIVE,  /* one address on both sides, one side at a time (FS_CAP_EXCLUSIVE) */
	FS_MEMORY_SVM_FINE,   /* one address, both sides at once; residence is unknown (FS_CAP_SVM_FINE) */
	FS_MEMORY_SVM_SYSTEM, /* the same for any memory of the process (FS_CAP_SVM_SYSTEM) */
	FS_MEMORY_MANAGED,    /* one address, the driver's memory; pages migrate by faults and on request (FS_CAP_MANAGED) */
	FS_MEMORIES,
};

/* What a device primitive allocated. */
struct fs_memory {
	enum fs_memory_kind kind;
	size_t bytes;
	void *cpu;    /* the CPU's address; NULL for FS_MEMORY_DEVICE */
	void *device; /* the device's address or handle; equals cpu where both share one */
	void *priv;   /* the device's own */
};

/* How a kernel uses a part of the buffer: tells setups with explicit transfers what to copy. */
enum fs_region_flags {
	FS_IN = 1u << 0,       /* the device reads it: crosses before step 3's computation */
	FS_OUT = 1u << 1,      /* the device writes it: crosses back before step 4 */
	FS_SLICED = 1u << 2,   /* slice i belongs to slice i of the index range: may be copied in chunks */
	FS_POINTERS = 1u << 3, /* contains links: must be marshalled if addresses differ */
	FS_KEPT = 1u << 4,     /* the device's copy is still current from the last sweep: not copied again */
	FS_FILLED = 1u << 5,   /* step 2 fills it for the CPU alone; what is FS_IN in the first turn is filled as well */
};
struct fs_region {
	const char *name;
	size_t offset, bytes;
	unsigned flags;
};
#define FS_REGIONS 8

/* The buffer of the five steps. The setup owns everything but cpu, bytes and work. */
struct fs_buffer {
	void *cpu; /* where the CPU works */
	size_t bytes;
	struct fs_memory memory;	/* as allocated by the device */
	void *staging;			/* a copy setup's marshalled image, or NULL */
	const struct fs_work *work;	/* the kernel's instance, or NULL under a microbenchmark */
	uint64_t transferred[FS_SIDES]; /* bytes moved by explicit transfer to each side so far */
};

/* One launch of a body over indices [first, last) */
struct fs_launch {
	const char *name; /* of the body: devices that compile their own look it up by this */
	fs_body_fn body;
	struct fs_body_args args;
	uint64_t first, last;
	bool reads_only; /* it writes nothing to the buffer: a device that works on a copy does not write that back */
};
#define FS_OUT_WORDS 65536

/* Advice to a driver about the use of managed memory. */
enum fs_advice {
	FS_ADVICE_NONE,
	FS_ADVICE_READ_MOSTLY,	 /* each side that reads may keep a copy */
	FS_ADVICE_PREFER_DEVICE, /* pages stay on the device, once there */
	FS_ADVICE_PREFER_HOST,	 /* pages stay on the host, the device accesses them remotely */
	FS_ADVICE_ACCESSED_BY,	 /* the device maps them wherever they are, so that it does not fault */
};

/* Bytes of a range mapped by page tables, and how many of these by huge pages. */
struct fs_mapped {
	uint64_t bytes, huge_bytes;
};
/* Adds what process pid (0: this one) has mapped of a range, according to the kernel. 0, or -errno if the kernel does not tell */
int fs_mapped_add(int pid, const void *address, size_t bytes, struct fs_mapped *mapped);

#endif
