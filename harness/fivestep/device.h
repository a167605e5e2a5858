/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * device.h - devices, which compute in step 3. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_DEVICE_H
#define FIVESTEP_CONTRACT_DEVICE_H

#include "harness/fivestep/memory.h"
#include "harness/fivestep/param.h"

enum fs_cap {
	FS_CAP_COPY = 1u << 0,		/* memory of its own, copies both ways */
	FS_CAP_MIRROR = 1u << 1,	/* page tables that mirror the process; an access faults */
	FS_CAP_MIGRATE = 1u << 2,	/* migration of a range on request */
	FS_CAP_COHERENT = 1u << 3,	/* direct coherent access by both sides */
	FS_CAP_RESIDENCE = 1u << 4,	/* reports the residence of each page */
	FS_CAP_PREFETCH = 1u << 5,	/* migration ahead of use, of mirrored memory */
	FS_CAP_ATOMIC = 1u << 6,	/* atomics on memory that both sides work on */
	FS_CAP_CAPACITY = 1u << 7,	/* its memory can be limited: eviction */
	FS_CAP_MAPPED_BUFFER = 1u << 8, /* maps its buffers to the CPU, which then owns them exclusively */
	FS_CAP_EXCLUSIVE = 1u << 9,	/* memory at one address, owned exclusively by one side at a time */
	FS_CAP_SVM_FINE = 1u << 10,	/* driver-allocated memory at one address, used by both sides at the same time */
	FS_CAP_SVM_SYSTEM = 1u << 11,	/* the same for all memory of the process */
	FS_CAP_PIN = 1u << 12,		/* allocates host memory that it copies from fastest */
	FS_CAP_MANAGED = 1u << 13,	/* driver-allocated memory whose pages migrate between the sides, with advice */
	FS_CAP_NODE = 1u << 14,		/* its coherent memory is a NUMA node, whose pages the kernel's balancing moves */
};
#define FS_CAPS 15
extern const char *const fs_cap_names[FS_CAPS];

struct fs_probe {
	unsigned caps;			 /* what it supports here */
	struct fs_reason lacks[FS_CAPS]; /* by bit number: why each missing capability is missing */
	char summary[FS_REASON_BYTES];	 /* one line for doctor */
	bool only_named;		 /* present, but only measured by plans that name the device */
};

/*
 * Further facts of a unit: those that make it another unit, so that results are not comparable (identity); those that one compares (factor); its
 * current settings, with a remedy if they perturb results (state). harness/machine/unit.h adds them.
 */
enum fs_fact_kind { FS_FACT_IDENTITY, FS_FACT_FACTOR, FS_FACT_STATE, FS_FACT_KINDS };
struct fs_fact {
	enum fs_fact_kind kind;
	char name[24], value[64], remedy[96]; /* one that is too long ends with "..." */
};
#define FS_UNIT_FACTS 24
struct fs_facts {
	unsigned n, lost; /* lost: beyond FS_UNIT_FACTS */
	struct fs_fact fact[FS_UNIT_FACTS];
};

/* A piece of hardware, or software in its place, that a device finds; its parameter `unit` selects one. */
struct fs_unit {
	char name[96], driver[160];
	char detail[FS_REASON_BYTES]; /* its features, or why it cannot be used: for doctor */
	char bus[16];		      /* "0000:17:00.0", as in sysfs, if it is on a PCI bus; else empty */
	bool emulated;
	struct fs_facts facts;
};
#define FS_UNITS 16 /* of one device: of more, the first are used, and doctor says so */

/* A count that a device keeps: exact, monotonic within a round. */
#define FS_DEVICE_COUNTS 96 /* of one device: a device with more cannot be opened */
struct fs_count_def {
	const char *name; /* "faults_to_device" */
	const char *unit; /* "faults", "pages", "bytes", "ns" */
	const char *help;
	/*
	 * FS_TO(side): what went to that side by any cause: faults, pages or bytes by its unit, each in one such count of a unit only, since reports
	 * add them up. 0: anything else, such as a part of such a count, or what was requested.
	 */
	unsigned to;
};
#define FS_TO(side) (1u + (side))

/*
 * A device. Required: name, summary, probe, open, close, alloc, free, launch, wait, out. The others may be NULL if the capability is absent; a device
 * that can fail has why. Streams are 0 and 1: work on one stream is in order, work on two may overlap.
 */
struct fs_device {
	const char *name, *summary;
	const struct fs_param *params;
	bool hidden;	   /* only used when named: tests the harness */
	bool emulated;	   /* software instead of hardware: every result is labelled */
	bool reads_shadow; /* a body works on a shadow copy of shared memory, which a launch reads before and writes back after */
	/*
	 * FS_UNDER() of the kinds of memory that are ordinary memory of this process: whatever the process maps at the buffer's addresses, the device
	 * reaches as well.
	 */
	unsigned ordinary;
	/*
	 * Its driver brings the kernel down when it reaches a page of mirrored memory that stayed on the device while the host's page tables changed
	 * (fork, mprotect, mremap): such pages must come back first. Nor can it write to a page there that is write-protected, as after a fork.
	 */
	bool is_frail;
	/* Its coherent memory is no node: the driver decides where a page is, and a setup's policy does not say it. */
	bool places_itself;
	const char *coherent; /* what its FS_MEMORY_COHERENT is, in a few words; NULL if it has none */
	bool in_threads;      /* several threads may call migrate at once, also while a body runs */
	unsigned can;	      /* FS_CAP_* that it has on any machine; 0: all. Setups that need others are left out unless named */
	/*
	 * If there can be several: fills up to max units and returns how many there are, which may be more. A unit can be emulated although the
	 * device is not. May be NULL
	 */
	unsigned (*units)(struct fs_unit *units, unsigned max);
	void (*probe)(const struct fs_machine *machine, struct fs_probe *probe);
	/*
	 * Whether this combination of parameter values is valid for a buffer of that size: called before the first round.
	 * 0, or -errno with the reason and a remedy: the cell is then a skip. May be NULL
	 */
	int (*accepts)(const struct fs_args *args, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why);
	/* bytes: size of the buffer to be allocated; kind: its memory. Device memory exists from here on. */
	int (*open)(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev);
	void (*close)(void *dev);
	/* side: where COHERENT memory is placed at first touch; FS_SIDES: no policy, the node of the CPU that touches it */
	int (*alloc)(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
	void (*free)(void *dev, struct fs_memory *memory);
	/*
	 * Called once between the CPU's first work on the memory and the device's, untimed: first use of the pages through the device's own mappings,
	 * which is not possible before the pages exist. Changes no data and no residence; pages that do not exist yet are not created. May be NULL
	 */
	int (*warm)(void *dev, struct fs_memory *memory);
	/* Explicit transfer between host memory and FS_MEMORY_DEVICE, queued on a stream. FS_CAP_COPY */
	int (*copy)(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
	/*
	 * Upper bound: the best of a few plain driver copies of that many bytes, in ns; to FS_SIDES: within the device's memory, from its first half
	 * to its second, bytes read and written together. Overwrites the buffer. May be NULL
	 */
	int (*ceiling)(void *dev, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns);
	/* Host memory allocated by the driver (page-locked, according to it), for copies. FS_CAP_PIN */
	int (*pin)(void *dev, size_t bytes, void **host);
	void (*unpin)(void *dev, void *host, size_t bytes);
	int (*launch)(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch);
	int (*wait)(void *dev, int stream);
	/* Migrates a range to a side and waits for it. Best effort: check residence. FS_CAP_MIGRATE */
	int (*migrate)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
	/* Advice for MANAGED memory as a whole, before its first touch. FS_CAP_MANAGED */
	int (*advise)(void *dev, struct fs_memory *memory, enum fs_advice advice);
	/*
	 * Transfers ownership of MAPPED or EXCLUSIVE memory to a side: FS_CAP_MAPPED_BUFFER, FS_CAP_EXCLUSIVE. New memory is owned by the host. To
	 * the host: returns when the CPU may access it; to the device: takes effect before the next launch on stream 0 starts.
	 */
	int (*acquire)(void *dev, struct fs_memory *memory, enum fs_side to);
	/*
	 * A failure on request, to see what a kernel does then: of the pages that migration needs on a side, the next n cannot be allocated. May be
	 * NULL
	 */
	int (*refuse)(void *dev, enum fs_side side, unsigned n);
	/*
	 * Opens a unit that reaches, beside the first device of the round, memory which that one allocated and which is ordinary memory of this
	 * process. args: of the round if its device is of this kind: it is another unit then; else NULL. 0 or -errno with the reason; -ENODEV: this
	 * machine has none. May be NULL
	 */
	int (*join)(const struct fs_args *args, const struct fs_memory *memory, struct fs_reason *why, void **dev);
	/*
	 * From now on the device alone reaches pages that stay on the host, until the CPU touches them; and how many of the range's pages are so
	 * still. Offsets and bytes of whole pages. Both may be NULL
	 */
	int (*seize)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes);
	int (*seized)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, size_t *pages);
	/* One entry per base page of [offset, offset + bytes), enum fs_side; FS_SIDES: on neither. FS_CAP_RESIDENCE */
	int (*residence)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
	/* Adds what the device maps of the memory in page tables or at an address of its own: evidence for its parameter `page`. May be NULL */
	int (*mapped)(void *dev, const struct fs_memory *memory, struct fs_mapped *mapped);
	/* Ends with a zero entry, FS_DEVICE_COUNTS at most; count fills one value each. */
	const struct fs_count_def *counts;
	int (*count)(void *dev, uint64_t *values);
	/*
	 * ns spent so far, within primitives, in work that is not part of the operation and is to be excluded: a mechanism may have a built-in
	 * verification. Measuring that work is excluded, too. May be NULL
	 */
	uint64_t (*excluded_ns)(void *dev);
	/*
	 * Bytes that move together, by the parameters of a round with mirrored memory; 0: these parameters do not say. NULL: none do, and nothing is
	 * told of pages in advance.
	 */
	size_t (*granule)(const struct fs_job *job);
	/* Bytes of mirrored memory that the device holds at once, whoever touches more having others evicted; 0: all, or unknown. NULL: all. */
	size_t (*capacity)(const struct fs_job *job);
	/* Results of bodies, FS_OUT_WORDS words; the CPU reads them after wait. */
	ulong *(*out)(void *dev);
	struct fs_reason *(*why)(void *dev); /* of the last failure; NULL: none of its calls fails once it is open */
};

#endif
