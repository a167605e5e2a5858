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
	FS_CAP_RESIDENCE = 1u << 4,	/* says where each page is */
	FS_CAP_PREFETCH = 1u << 5,	/* migration ahead of use, of mirrored memory */
	FS_CAP_ATOMIC = 1u << 6,	/* atomics on memory that both sides work on */
	FS_CAP_CAPACITY = 1u << 7,	/* its memory can be limited: eviction */
	FS_CAP_MAPPED_BUFFER = 1u << 8, /* maps its buffers to the CPU, which then has them to itself */
	FS_CAP_EXCLUSIVE = 1u << 9,	/* memory at one address that is handed over between the sides */
	FS_CAP_SVM_FINE = 1u << 10,	/* memory at one address for both sides at once, of its driver's making */
	FS_CAP_SVM_SYSTEM = 1u << 11,	/* all of the process's memory is such */
	FS_CAP_PIN = 1u << 12,		/* allocates host memory from which it copies best */
	FS_CAP_MANAGED = 1u << 13,	/* memory of its driver's making whose pages migrate between the sides, and takes advice */
};
#define FS_CAPS 14
extern const char *const fs_cap_names[FS_CAPS];

struct fs_probe {
	unsigned caps;			 /* what it can do here */
	struct fs_reason lacks[FS_CAPS]; /* by bit number: why not, for each it can't */
	char summary[160];		 /* one line for doctor */
	bool only_named;		 /* there, but no plan that did not name the device shall spend its time on it */
};

/*
 * What else is to be known of a unit: what makes it another one, so that results are not compared (identity); what one compares (factor); what it
 * happens to be set to, with the remedy where that disturbs (state). harness/machine/unit.h adds them.
 */
enum fs_fact_kind { FS_FACT_IDENTITY, FS_FACT_FACTOR, FS_FACT_STATE, FS_FACT_KINDS };
struct fs_fact {
	enum fs_fact_kind kind;
	char name[24], value[48], remedy[80];
};
#define FS_UNIT_FACTS 16
struct fs_facts {
	unsigned n;
	struct fs_fact fact[FS_UNIT_FACTS];
};

/* One of the pieces of hardware, or of software in its place, that a device finds; its parameter `unit` chooses. */
struct fs_unit {
	char name[96], driver[80];
	char detail[128]; /* what it can do, for doctor */
	char bus[16];	  /* "0000:17:00.0" where it is on a PCI bus, as sysfs writes it; else empty */
	bool emulated;
	struct fs_facts facts;
};
#define FS_UNITS 16

/* A count that a device keeps: exact, monotonic within a round. */
#define FS_DEVICE_COUNTS 64 /* of one device: a device with more cannot be opened */
struct fs_count_def {
	const char *name; /* "faults_to_device" */
	const char *unit; /* "faults", "pages", "bytes", "ns" */
	const char *help;
};

/*
 * A device. Required: name, summary, probe, open, close, alloc, free, launch, wait. The rest may be NULL
 * where the capability is absent. Streams are 0 and 1: work on one stream is in order, two may overlap.
 */
struct fs_device {
	const char *name, *summary;
	const struct fs_param *params;
	bool hidden;	      /* only used when named: tests the harness */
	bool emulated;	      /* software stands in for hardware: every result is labelled so */
	bool reads_shadow;    /* a body works on an image of shared memory, which a launch reads before and writes after */
	const char *coherent; /* what its FS_MEMORY_COHERENT is, in a word or two; NULL without */
	unsigned can;	      /* FS_CAP_* that it has on some machine; 0: any. Setups that need another are left out unless named */
	/* Where there may be several: fills up to room, worth how many. A unit can be emulated where the device is not. May be NULL */
	unsigned (*units)(struct fs_unit *units, unsigned room);
	void (*probe)(const struct fs_machine *machine, struct fs_probe *probe);
	/*
	 * Whether the values of the cell's parameters go together, for a buffer of so many bytes: asked before the first round.
	 * 0, or -errno with the reason and a remedy: the cell is a skip then. May be NULL
	 */
	int (*accepts)(const struct fs_args *args, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why);
	/* bytes: of the buffer to come; kind: the memory it will be asked for. Device memory exists from here on. */
	int (*open)(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev);
	void (*close)(void *dev);
	/* side: where COHERENT memory is placed at its first touch; FS_SIDES: no policy, the toucher's node */
	int (*alloc)(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
	void (*free)(void *dev, struct fs_memory *memory);
	/*
	 * Once between the CPU's first work on the memory and the device's, untimed: the first use of pages through mappings of the device's own,
	 * which could not be before these pages existed. Changes no data and no page's side; pages that do not exist yet stay so. May be NULL
	 */
	int (*warm)(void *dev, struct fs_memory *memory);
	/* Explicit transfer between host memory and FS_MEMORY_DEVICE, queued on a stream. FS_CAP_COPY */
	int (*copy)(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
	/*
	 * What the device's plainest orders reach, for others to be held against: the fastest of a few copies of bytes, in ns; to FS_SIDES: within
	 * the memory, from its first half to its second, bytes read and written together. The buffer's content goes. May be NULL
	 */
	int (*ceiling)(void *dev, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns);
	/* Host memory of the driver's making (page-locked, where it says the truth), for copies. FS_CAP_PIN */
	int (*pin)(void *dev, size_t bytes, void **host);
	void (*unpin)(void *dev, void *host, size_t bytes);
	int (*launch)(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch);
	int (*wait)(void *dev, int stream);
	/* Puts a range on a side: FS_CAP_MIGRATE. Returns after it is there. Best effort: ask residence. */
	int (*migrate)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
	/* Of all of MANAGED memory, before its first touch: FS_CAP_MANAGED */
	int (*advise)(void *dev, struct fs_memory *memory, enum fs_advice advice);
	/*
	 * Gives MAPPED or HANDED memory to a side: FS_CAP_MAPPED_BUFFER, FS_CAP_EXCLUSIVE. New memory is the host's. To the host: returns when the
	 * CPU may touch it; to the device: before the next launch on stream 0 begins.
	 */
	int (*acquire)(void *dev, struct fs_memory *memory, enum fs_side to);
	/* One entry a base page of [offset, offset + bytes), enum fs_side; FS_SIDES: on neither. FS_CAP_RESIDENCE */
	int (*residence)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
	/* Adds what it maps of the memory in page tables or at an address of its own: proof of its parameter `page`. May be NULL */
	int (*mapped)(void *dev, const struct fs_memory *memory, struct fs_mapped *mapped);
	/* Ends with a zero entry, FS_DEVICE_COUNTS at most; count fills one value each. */
	const struct fs_count_def *counts;
	int (*count)(void *dev, uint64_t *values);
	/*
	 * ns spent so far, within primitives, on what nobody asked for: a mechanism may have a verification built in, and what it takes to know how
	 * long that takes is aside, too. May be NULL
	 */
	uint64_t (*excluded_ns)(void *dev);
	/* Results of bodies, FS_OUT_WORDS words; the CPU reads them after wait. */
	ulong *(*out)(void *dev);
	struct fs_reason *(*why)(void *dev); /* of the last failure */
};

#endif
