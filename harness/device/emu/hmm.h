/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hmm.h - the software-coherence engine of the emulated device: two processes, each with its own page tables,
 * one buffer at one address, pages that fault and migrate between two memories.
 */
#ifndef FIVESTEP_EMU_HMM_H
#define FIVESTEP_EMU_HMM_H

#include "harness/fivestep.h"

enum hmm_thrash { HMM_THRASH_NONE, HMM_THRASH_PIN, HMM_THRASH_THROTTLE };

struct hmm_config {
	size_t bytes;	  /* of the largest buffer to be mapped */
	size_t granule;	  /* bytes migrated by one fault: a power of two, one base page at least */
	size_t capacity;  /* bytes of device memory; 0: as large as the buffer */
	bool huge;	  /* both memories are pools of huge pages; needs a granule of one */
	unsigned workers; /* threads that run bodies on the device */
	int node;	  /* of the device's memory and workers; -1: the kernel decides */
	unsigned drivers; /* fault-serving threads in each process */
	enum hmm_thrash thrash;
	unsigned thrash_moves; /* moves of one granule within the window that count as thrashing */
	unsigned thrash_window_us;
	unsigned throttle_us;
	long stuck_page; /* tests only: index of a page that is reported to migrate but does not; -1: none */
};

/* What the engine did since it was opened: exact. Indexed by the side that the page moved to. */
struct hmm_counts {
	uint64_t events[FS_SIDES];     /* userfaultfd events read, by the side that faulted */
	uint64_t faults[FS_SIDES];     /* events that migrated a granule */
	uint64_t remaps[FS_SIDES];     /* events on a page already on the faulter's side: mapped, nothing moved */
	uint64_t prefetched[FS_SIDES]; /* pages moved on request, no fault */
	uint64_t pages[FS_SIDES];      /* base pages moved, by any cause */
	uint64_t bytes[FS_SIDES];
	uint64_t evicted;	    /* pages moved back to free device memory; also in pages[FS_HOST] */
	uint64_t pinned, throttled; /* granules pinned to the host; delayed faults */
	uint64_t wait_ns[FS_SIDES], unmap_ns[FS_SIDES], copy_ns[FS_SIDES], map_ns[FS_SIDES]; /* time of each stage */
	uint64_t moved_ns[FS_SIDES];							     /* of all stages */
};

struct hmm_engine;

/* Whether these values are compatible: 0, or -EINVAL with the reason and a remedy. */
int hmm_check(const struct hmm_config *config, struct fs_reason *why);
/* Whether it works with this kernel and for this user. */
int hmm_probe(const struct fs_machine *machine, struct fs_reason *why);
/* Forks the device process; device memory is populated here, before step 1. Single-threaded callers only. */
int hmm_open(const struct hmm_config *config, struct hmm_engine **engine, struct fs_reason *why);
void hmm_close(struct hmm_engine *engine);

/* One buffer at a time: mapped at one address in both processes, every page on the host, nothing allocated. */
int hmm_map(struct hmm_engine *engine, size_t bytes, void **address);
/* The engine's own first use, in both processes, of the buffer's allocated pages of system memory. Call it while nothing works on the buffer. */
int hmm_warm(struct hmm_engine *engine);
/* Whether device memory could not be allocated in huge pages: then each page has its own entry in the engine's page tables. */
bool hmm_scattered(const struct hmm_engine *engine);
void hmm_unmap(struct hmm_engine *engine);

/* Runs a body on the device's workers, indices divided evenly; one launch at a time. */
int hmm_launch(struct hmm_engine *engine, const struct fs_launch *launch);
int hmm_wait(struct hmm_engine *engine);
ulong *hmm_out(struct hmm_engine *engine); /* FS_OUT_WORDS words shared by both processes */

/* Moves the whole granules that cover the range; synchronous. 0 or -errno. */
int hmm_migrate(struct hmm_engine *engine, size_t offset, size_t bytes, enum fs_side to);

/* The driver's ownership table: residence as the engine records it. One enum fs_side per base page. */
int hmm_owner(struct hmm_engine *engine, size_t offset, size_t bytes, uint8_t *side);
/* Whether the granule there is pinned to the host: the device's page table then legitimately maps its pages, too. */
bool hmm_pinned(struct hmm_engine *engine, size_t offset);
/* The page tables themselves (/proc/PID/pagemap of each process): one bit per side, 1u << side. Independent of
 * the ownership table: evidence compares the two. A page that is mapped nowhere gives 0. */
int hmm_present(struct hmm_engine *engine, size_t offset, size_t bytes, uint8_t *sides);
/* Adds what the device's process has mapped of the buffer. 0 or -errno */
int hmm_mapped(struct hmm_engine *engine, struct fs_mapped *mapped);
void hmm_counts_read(struct hmm_engine *engine, struct hmm_counts *counts);
struct fs_reason *hmm_why(struct hmm_engine *engine);

#endif
