/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cuda.h - internals of the CUDA device.
 *
 *   cuda.c      the device: parameters, capabilities, open and close
 *   library.c   the driver's library, opened at run time, and what its errors mean
 *   units.c     the GPUs, what each can do, and for what it cannot why
 *   memory.c    the kinds of memory, copies, pinning, advice, migration, where pages are
 *   program.c   the bodies, from the PTX in the program
 *   peer.c      the device's memory on another GPU
 *   nvml.c      what the GPU is set to, and what may disturb a round
 *   launch.c    bodies are started
 *   ceiling.c   upper bound: plain copies
 *   events.c    what the device's own clock says of copies and bodies
 */
#ifndef FIVESTEP_CUDA_H
#define FIVESTEP_CUDA_H

#include "harness/device/cuda/api.h"
#include "harness/fivestep.h"

#define CUDA_UNITS   FS_UNITS
#define CUDA_STREAMS 2

/* ---- library.c */

/* NULL with a reason if it is not available. It stays open until the process ends. */
const struct cuda_api *cuda_library(struct fs_reason *why);
/* Whether it is the tests' stand-in, with which nothing can be measured. */
bool cuda_library_is_stand_in(void);
/* Fills the reason of a failed call; returns a negative errno. */
int cuda_because(const struct cuda_api *cu, struct fs_reason *why, int status, const char *call);

/* ---- units.c */

struct cuda_unit {
	int device;
	char name[96], bus[16]; /* bus: domain:bus:device.function of PCI */
	unsigned driver;	/* the newest CUDA version that the driver supports, 1000 * major + 10 * minor */
	unsigned arch;		/* 10 * major + minor of the compute capability */
	uint64_t memory_bytes;
	unsigned processors;
	int mode; /* CUDA_COMPUTEMODE_* */
	bool ecc, integrated, has_timeout;
	bool managed, concurrent; /* cuMemAllocManaged; concurrent access by both sides, so that accesses fault */
	bool pageable, host_page_tables;
	int node;	       /* NUMA node of its memory according to the driver, else -1 */
	struct fs_facts facts; /* of nvml.c; filled where the units are described, not in rounds */
};

struct cuda_units {
	unsigned n, found; /* found: all that the driver has */
	struct cuda_unit unit[CUDA_UNITS];
};

int cuda_units_find(const struct cuda_api *cu, struct cuda_units *units, struct fs_reason *why);
/* Whether bodies can run on it at all. */
int cuda_unit_serves(const struct cuda_unit *unit, struct fs_reason *why);
/* Its FS_CAP_*; the reasons for missing ones go to lacks, by bit, if that is not NULL. */
unsigned cuda_unit_caps(const struct cuda_unit *unit, const struct fs_machine *machine, struct fs_reason *lacks);
/* The node of its memory; -1: none, or unknown. */
int cuda_unit_node(const struct cuda_unit *unit, const struct fs_machine *machine);

/* ---- nvml.c */

/* Adds the management library's facts about the GPU on that bus; nothing without the library. */
void cuda_nvml_facts(const char *bus, struct fs_facts *facts);
/* Before step 1 and after the last: the round's noise. */
struct cuda_nvml {
	cuda_handle gpu; /* NULL: none is read */
	bool has_held;
	uint64_t held_ns; /* for so long the clocks were held down by then */
};
struct cuda;
void cuda_nvml_begin(struct cuda *dev);
void cuda_nvml_end(struct cuda *dev);

/* ---- peer.c */

/* Another GPU, whose memory stands in for the device's own. */
struct cuda_peer {
	bool used;
	int device;
	cuda_handle context; /* of that GPU; the memory is in it */
};
/* Adds to each unit the peers whose memory it can access. */
void cuda_peer_facts(const struct cuda_api *cu, struct cuda_units *units);
/* peer: "none", or the number of a unit. */
int cuda_peer_choose(struct cuda *dev, const char *peer, const struct cuda_units *units);
int cuda_peer_alloc(struct cuda *dev, size_t bytes);
void cuda_peer_evidence(struct cuda *dev);
void cuda_peer_close(struct cuda *dev);

/* ---- program.c */

struct cuda_program {
	char name[32];	 /* of the body; empty: none was loaded */
	char image[160]; /* what the module was made of: "cubin sm_90", "ptx" */
	cuda_handle module, function;
};

/* arch: 10 * major + minor of the compute capability that may have machine code, 0: none. flaw: test only. */
int cuda_program_load(const struct cuda_api *cu, unsigned arch, const char *flaw, struct cuda_program *program, struct fs_reason *why);
int cuda_program_find(const struct cuda_api *cu, const char *body, struct cuda_program *program, struct fs_reason *why);
void cuda_program_release(const struct cuda_api *cu, struct cuda_program *program);
/* Whether the build had a compiler for them. */
bool cuda_program_is_there(void);

/* ---- events.c */

enum cuda_did { CUDA_COPIED_TO_HOST, CUDA_COPIED_TO_DEVICE, CUDA_COMPUTED, CUDA_MOVED, CUDA_DID };

/* Commands whose times have not been read yet: they are read outside timed sections. Events are reused. */
struct cuda_events {
	unsigned n, capacity;
	struct cuda_event {
		cuda_handle start, ended;
		enum cuda_did did;
	} * pending;
	uint64_t ns[CUDA_DID], lost;
};

/* Creates the first ones in advance, so that no command waits for it. */
int cuda_events_open(const struct cuda_api *cu, struct cuda_events *events);
/* Before a command: returns the argument of cuda_events_end(), NULL if it cannot be timed. */
struct cuda_event *cuda_events_begin(const struct cuda_api *cu, struct cuda_events *events, cuda_handle stream);
void cuda_events_end(const struct cuda_api *cu, struct cuda_events *events, struct cuda_event *event, enum cuda_did did, cuda_handle stream);
/* Call it when all pending commands have completed: adds up their times. */
void cuda_events_read(const struct cuda_api *cu, struct cuda_events *events);
void cuda_events_free(const struct cuda_api *cu, struct cuda_events *events);

/* ---- the device */

struct cuda {
	struct fs_job *job;
	const struct cuda_api *cu;
	struct cuda_unit unit;
	enum fs_memory_kind kind;
	cuda_handle context, stream[CUDA_STREAMS];
	bool busy[CUDA_STREAMS];
	struct cuda_program program;
	const char *flaw;
	cuda_address buffer; /* FS_MEMORY_DEVICE: there before step 1; else the address of both */
	size_t bytes, page_bytes;
	int node, host_node; /* FS_MEMORY_COHERENT */
	bool ordered;	     /* the device had the buffer: a page that the CPU does not see may be there */
	int pagemap;	     /* -1: not open */
	ulong *out;
	uint64_t copied_bytes[FS_SIDES], launches, moved_pages[FS_SIDES], not_moved_pages;
	struct cuda_events events;
	struct cuda_nvml nvml;
	struct cuda_peer peer;
	struct fs_reason why;
};

static inline int cuda_failed(struct cuda *dev, int status, const char *call)
{
	return cuda_because(dev->cu, &dev->why, status, call);
}

/* ---- memory.c; those of a device are as in struct fs_device */

int cuda_memory_open(struct cuda *dev, size_t bytes);
void cuda_memory_close(struct cuda *dev);
int cuda_wait(void *device, int stream);
int cuda_alloc(void *device, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
void cuda_free(void *device, struct fs_memory *memory);
int cuda_pin(void *device, size_t bytes, void **host);
void cuda_unpin(void *device, void *host, size_t bytes);
int cuda_copy(void *device, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
int cuda_advise(void *device, struct fs_memory *memory, enum fs_advice advice);
int cuda_migrate(void *device, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
int cuda_residence(void *device, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);

/* ---- launch.c */

int cuda_launch(void *device, int stream, struct fs_memory *memory, const struct fs_launch *launch);
/* Runs the round's body over an empty range, so that the driver's lazy initialisation is done. */
int cuda_prepare_body(struct cuda *dev, const char *name);

/* ---- ceiling.c */

int cuda_ceiling(void *device, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns);

#endif
