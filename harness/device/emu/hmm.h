/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmm.h - the software-coherence engine of the emulated device: two processes, each with page tables of
 * its own, one buffer at one address, pages that fault and migrate between two memories.
 */
#ifndef FIVESTEP_EMU_HMM_H
#define FIVESTEP_EMU_HMM_H

#include "harness/fivestep.h"

enum hmm_thrash { HMM_THRASH_NONE, HMM_THRASH_PIN, HMM_THRASH_THROTTLE };

struct hmm_config {
	size_t bytes;	  /* of the largest buffer to come */
	size_t granule;	  /* bytes migrated by one fault: a power of two, one base page at least */
	size_t capacity;  /* bytes of device memory; 0: as large as the buffer */
	bool huge;	  /* both memories are pools of huge pages; needs a granule of one */
	unsigned workers; /* threads that run bodies on the device */
	int node;	  /* of the device's memory and workers; -1: the kernel decides */
	unsigned drivers; /* fault-serving threads in each process */
	enum hmm_thrash thrash;
	unsigned thrash_moves; /* migrations of one granule within the window that count as thrashing */
	unsigned thrash_window_us;
	unsigned throttle_us;
	long lie_page; /* tests only: this page (index) is said to migrate and does not; -1: none */
};

/* What the engine did, from open on: exact. Indexed by the side the page went to. */
struct hmm_counts {
	uint64_t events[FS_SIDES];     /* userfaultfd events read, by the side that faulted */
	uint64_t faults[FS_SIDES];     /* events that migrated a granule */
	uint64_t remaps[FS_SIDES];     /* events on a page already on the faulter's side: mapped, nothing moved */
	uint64_t prefetched[FS_SIDES]; /* pages moved on request, no fault */
	uint64_t pages[FS_SIDES];      /* base pages moved, by any cause */
	uint64_t bytes[FS_SIDES];
	uint64_t evicted;	    /* pages moved back to make room; also in pages[FS_HOST] */
	uint64_t pinned, throttled; /* granules pinned to the host; faults held back */
	uint64_t wait_ns[FS_SIDES], unmap_ns[FS_SIDES], copy_ns[FS_SIDES], map_ns[FS_SIDES]; /* time by stage */
	uint64_t moved_ns[FS_SIDES];							     /* of all stages */
};

struct hmm_engine;

/* Whether these values go together; 0, or -EINVAL with the reason and a remedy. */
int hmm_check(const struct hmm_config *config, struct fs_reason *why);
/* Whether this kernel and this user may have it at all. */
int hmm_probe(const struct fs_machine *machine, struct fs_reason *why);
/* Forks the device process; device memory is populated here, before step 1. Single-threaded callers only. */
int hmm_open(const struct hmm_config *config, struct hmm_engine **engine, struct fs_reason *why);
void hmm_close(struct hmm_engine *engine);

/* One buffer at a time: mapped at one address in both processes, every page on the host, nothing allocated. */
int hmm_map(struct hmm_engine *engine, size_t bytes, void **address);
/* The first use of system memory by the engine itself, in both processes: of those pages of the buffer that are there. While nothing works on it. */
int hmm_warm(struct hmm_engine *engine);
/* Whether device memory could not be had in huge pages: then each page of it has an entry of its own in the engine's page tables. */
bool hmm_scattered(const struct hmm_engine *engine);
void hmm_unmap(struct hmm_engine *engine);

/* Runs a body on the device's workers, indices divided evenly; one launch at a time. */
int hmm_launch(struct hmm_engine *engine, const struct fs_launch *launch);
int hmm_wait(struct hmm_engine *engine);
ulong *hmm_out(struct hmm_engine *engine); /* FS_OUT_WORDS words shared by both processes */

/* Moves whole granules that cover the range; returns after they are there, or -errno. */
int hmm_migrate(struct hmm_engine *engine, size_t offset, size_t bytes, enum fs_side to);

/* The driver's ownership table: what the engine believes. One enum fs_side a base page. */
int hmm_owner(struct hmm_engine *engine, size_t offset, size_t bytes, uint8_t *side);
/* Whether the granule there is pinned to the host: the device's page table holds its pages too, by right. */
bool hmm_pinned(struct hmm_engine *engine, size_t offset);
/* The page tables themselves (/proc/PID/pagemap of each process): one bit a side, 1u << side. Independent of
 * the ownership table: evidence holds one against the other. A page mapped nowhere gives 0. */
int hmm_present(struct hmm_engine *engine, size_t offset, size_t bytes, uint8_t *sides);
/* Adds what the device's process has mapped of the buffer. 0 or -errno */
int hmm_mapped(struct hmm_engine *engine, struct fs_mapped *mapped);
void hmm_counts_read(struct hmm_engine *engine, struct hmm_counts *counts);
struct fs_reason *hmm_why(struct hmm_engine *engine);

#endif
