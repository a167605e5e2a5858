/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * setup.h - setups, which define how the buffer is shared, and the functions that setups and benchmarks call. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_SETUP_H
#define FIVESTEP_CONTRACT_SETUP_H

#include "harness/fivestep/cost.h"
#include "harness/fivestep/device.h"

struct fs_pages; /* kernel.h */

enum fs_offer {
	FS_SAME_ADDRESS = 1u << 0, /* pointers are valid on both sides */
	FS_TRANSFER = 1u << 1,	   /* data moves by explicit transfer */
	FS_FAULTS = 1u << 2,	   /* an access from the other side faults, and the page migrates */
	FS_MOVE = 1u << 3,	   /* fs_move() moves a range to a side */
	FS_REMOTE = 1u << 4,	   /* a side can access memory that stays on the other */
	FS_RESIDENCE = 1u << 5,	   /* fs_residence() reports where each page is */
	FS_SHARED = 1u << 6,	   /* both sides may work on the buffer at the same time */
	FS_BALANCED = 1u << 7,	   /* the kernel migrates pages by observed accesses; fs_move() only sets where they start */
};
#define FS_OFFERS 8
extern const char *const fs_offer_names[FS_OFFERS];

/*
 * What a policy implies in a step for a program that says which pages it touches. Called for the five steps in order, steps 3 and 4 once a turn; the
 * setup's imply() adds to n, and changes where, exists and been.
 */
struct fs_implied {
	enum fs_step step;
	const struct fs_args *args;	 /* of the cell: the setup's parameters */
	const struct fs_region *regions; /* of the kernel, with the flags of this turn */
	const struct fs_pages *pages;	 /* what the step's side touches; nothing in steps 1 and 5 */
	uint64_t items;			 /* of the launch's index range */
	size_t granule;			 /* pages that move together */
	/* A page: the side that has it or would have it, whether it exists, a bit for each side that it has moved to, and one for that where it
	 * began. */
	uint8_t *where, *exists, *been;
	uint64_t n[FS_COSTS];
};

/*
 * A setup: how the buffer is shared, as a policy built only from the device's primitives (device.h).
 * All but params, probe, move, evidence and imply are required.
 */
struct fs_setup {
	const char *name, *summary;
	unsigned needs;	 /* FS_CAP_* */
	unsigned offers; /* FS_* of enum fs_offer */
	enum fs_memory_kind memory;
	unsigned copies; /* number of copies of the buffer: 2 if each side has its own */
	const struct fs_param *params;
	int (*probe)(const struct fs_machine *machine, struct fs_reason *why); /* needs beyond the device's; may be NULL */
	int (*alloc)(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
	/* Step 3: makes the data current on the device, and launches. */
	int (*device_compute)(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
	/* Start of step 4: makes the data current for the CPU. */
	int (*cpu_begin)(struct fs_job *job, struct fs_buffer *buf);
	void (*release)(struct fs_job *job, struct fs_buffer *buf);
	/* Moves a range to a side now: FS_MOVE */
	int (*move)(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
	/* Checks counts and residence after a step with fs_expect(). */
	int (*evidence)(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
	/* What follows from the policy for a kernel that says which pages it touches; calls nothing. NULL: nobody says. */
	void (*imply)(struct fs_implied *implied);
};

/* For benchmarks and five_step; each calls the round's setup and device. */
unsigned fs_offers(const struct fs_job *job);
int fs_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int fs_device_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
const struct fs_buffer *fs_buffer(const struct fs_job *job); /* the round's buffer; NULL before fs_alloc and after fs_release */
int fs_cpu_begin(struct fs_job *job, struct fs_buffer *buf);
void fs_release(struct fs_job *job, struct fs_buffer *buf);
int fs_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
int fs_residence(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, uint8_t *side);
/* The body alone, without the setup's transfers: for benchmarks that place data themselves. */
int fs_launch_start(struct fs_job *job, struct fs_buffer *buf, const struct fs_launch *launch);
int fs_launch_wait(struct fs_job *job);
/* The fastest of the device's own plain copies; a skip if it has none. See struct fs_device. */
int fs_ceiling(struct fs_job *job, struct fs_buffer *buf, enum fs_side to, uint64_t *best_ns);
const ulong *fs_results(struct fs_job *job); /* the bodies' results, after the wait */
ulong *fs_results_clear(struct fs_job *job); /* zeroed, for the next launch */
/* Whether a body accesses the buffer's memory itself, wherever it is, and not a shadow copy. */
bool fs_device_reaches(const struct fs_job *job);
/* Whether several threads may call fs_move() at once, also while a body runs. */
bool fs_moves_in_threads(const struct fs_job *job);
/* Whether the process may map other memory at the buffer's addresses, which the device then reaches (fs_device.ordinary). */
bool fs_is_ordinary(const struct fs_job *job);
/* Whether its driver must not reach pages on the device after the host's page tables changed (fs_device.is_frail). */
bool fs_is_frail(const struct fs_job *job);
/*
 * A skip for what only some devices do; `what` follows the device's name, and the remedy names those that do it under this setup. For
 * FS_TRAIT_COUNTS, counts are names, of which such a device keeps one, ended by NULL.
 */
enum fs_trait {
	FS_TRAIT_REACHES,    /* fs_device_reaches() */
	FS_TRAIT_IN_THREADS, /* fs_moves_in_threads() */
	FS_TRAIT_ORDINARY,   /* fs_is_ordinary() */
	FS_TRAIT_STURDY,     /* not fs_is_frail() */
	FS_TRAIT_CEILING,    /* fs_ceiling() */
	FS_TRAIT_COUNTS,     /* fs_device_count() */
	FS_TRAIT_REFUSES,    /* fs_device_refuse() */
	FS_TRAIT_SEIZES,     /* fs_device_seize() */
};
int fs_skip_device(struct fs_job *job, enum fs_trait trait, const char *const *counts, const char *what);
/* After a call of the device that had to fail: takes back the verdict and the reason that it left. */
void fs_forgive(struct fs_job *job);
/*
 * A second device in this round: *second is for launches, moves, residence and memory; evidence and verdicts are the round's. One at a time, closed
 * by fs_second_close(). 0 or -errno.
 *
 * fs_second_open(): the same device once more, for a buffer of that many bytes of its own; in a child it is the child's.
 * fs_second_join(): another one that reaches buf, which remains the first device's. A skip if this machine has none.
 */
int fs_second_open(struct fs_job *job, size_t bytes, struct fs_job **second);
int fs_second_join(struct fs_job *job, const struct fs_buffer *buf, struct fs_job **second);
void fs_second_close(struct fs_job *second);
/* Whether the device is emulated: its bodies run on this machine's CPUs. */
bool fs_emulated(const struct fs_job *job);

/* What firmware says of a memory node, as the CPUs nearest to it see it (HMAT; from sysfs): 0 where it says nothing. */
struct fs_claims {
	int node;	  /* the operating system's number */
	double read_ns;	  /* latency of a read */
	double read_gbps; /* bandwidth of reading, in GB/s */
};
/* That of the node of the buffer's first page. 0, or -errno where the kernel does not say which node it is on. */
int fs_claims(const struct fs_job *job, const struct fs_buffer *buf, struct fs_claims *claims);
/* A device count by name; false if the device has none of that name. */
bool fs_device_count(struct fs_job *job, const char *name, uint64_t *value);

/* The device's primitives, for setups. */
int fs_device_alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
void fs_device_free(struct fs_job *job, struct fs_memory *memory);
int fs_device_copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
int fs_device_advise(struct fs_job *job, struct fs_memory *memory, enum fs_advice advice);
int fs_device_launch(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch);
int fs_device_wait(struct fs_job *job, int stream);
int fs_device_migrate(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
int fs_device_pin(struct fs_job *job, size_t bytes, void **host);
void fs_device_unpin(struct fs_job *job, void *host, size_t bytes);
int fs_device_acquire(struct fs_job *job, struct fs_memory *memory, enum fs_side to);
int fs_device_refuse(struct fs_job *job, enum fs_side side, unsigned n); /* a skip if it cannot fail on request */
/* See struct fs_device; a skip if the device cannot. */
int fs_device_seize(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes);
int fs_device_seized(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, size_t *pages);
int fs_device_residence(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);

#endif
