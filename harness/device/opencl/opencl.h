/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * opencl.h - internals of the OpenCL device.
 *
 *   opencl.c    the device: parameters, capabilities, open and close, primitives
 *   library.c   the library, opened at run time, and what its errors mean
 *   units.c     the platforms' devices, and what each can do
 *   memory.c    the kinds of memory, copies, transfer of ownership
 *   program.c   compiles a body for a unit
 *   launch.c    launches bodies
 *   ceiling.c   upper bound: plain copies
 *   events.c    times of copies, bodies and mappings by the device's own clock
 */
#ifndef FIVESTEP_OPENCL_H
#define FIVESTEP_OPENCL_H

#include "harness/device/opencl/api.h"
#include "harness/fivestep.h"

#define OPENCL_UNITS   FS_UNITS
#define OPENCL_STREAMS 2
#define OPENCL_PINS    4 /* pieces of host memory that are pinned at a time */

/* ---- library.c */

/* NULL with a reason if it is not available. It stays open until the process ends. */
const struct opencl_api *opencl_library(struct fs_reason *why);
/* Whether it is the tests' stand-in, with which nothing can be measured. */
bool opencl_library_is_stand_in(void);
/* "CL_OUT_OF_RESOURCES" */
const char *opencl_status(int status);
/* Fills the reason of a failed call (status 0: an answer that makes no sense); returns a negative errno. */
int opencl_because(struct fs_reason *why, int status, const char *call);

/* ---- units.c */

struct opencl_unit {
	opencl_handle device;
	char name[96], platform[64], driver[64];
	char bus[16];	  /* "0000:17:00.0"; empty if the driver does not say */
	unsigned version; /* 10 * major + minor */
	uint64_t type, svm, alloc_bytes;
	unsigned compute_units;
	size_t group_max; /* work items per group */
	bool compiles, doubles, int64_atomics, little_endian;
	bool exact_floats; /* it can round quotients and square roots of floats correctly */
};

struct opencl_units {
	unsigned n, found;		       /* found: the number that the platforms have */
	struct opencl_unit unit[OPENCL_UNITS]; /* CPUs last */
};

int opencl_units_find(const struct opencl_api *cl, struct opencl_units *units, struct fs_reason *why);
/* Whether it can run bodies at all. */
int opencl_unit_serves(const struct opencl_unit *unit, struct fs_reason *why);
/* Its FS_CAP_*; the reasons for missing ones go to lacks, by bit, if that is not NULL. */
unsigned opencl_unit_caps(const struct opencl_unit *unit, struct fs_reason *lacks);
static inline bool opencl_unit_is_cpu(const struct opencl_unit *unit)
{
	return (unit->type & OPENCL_DEVICE_TYPE_CPU) != 0;
}

/* ---- program.c */

struct opencl_program {
	char name[32]; /* of the body; empty: none was built */
	opencl_handle program, kernel;
};

/* Builds the body for the unit. flaw: test only, the fault to inject. */
int opencl_program_build(const struct opencl_api *cl, const struct opencl_unit *unit, opencl_handle context, const char *body, const char *flaw,
	struct opencl_program *program, struct fs_reason *why);
void opencl_program_release(const struct opencl_api *cl, struct opencl_program *program);

/* ---- events.c */

enum opencl_did { OPENCL_COPIED_TO_HOST, OPENCL_COPIED_TO_DEVICE, OPENCL_COMPUTED, OPENCL_ACQUIRED, OPENCL_DID };

/* Commands whose times have not been read yet: they are read outside timed sections. */
struct opencl_events {
	unsigned n, capacity;
	struct opencl_event {
		opencl_handle event;
		enum opencl_did did;
	} * pending;
	uint64_t ns[OPENCL_DID], lost;
};

/* Takes over the event. */
void opencl_events_add(const struct opencl_api *cl, struct opencl_events *events, enum opencl_did did, opencl_handle event);
/* Call it when all pending commands have completed: adds up their times. */
void opencl_events_read(const struct opencl_api *cl, struct opencl_events *events);
void opencl_events_free(const struct opencl_api *cl, struct opencl_events *events);

/* ---- the device */

struct opencl {
	struct fs_job *job;
	const struct opencl_api *cl;
	struct opencl_unit unit;
	enum fs_memory_kind kind;
	opencl_handle context, queue[OPENCL_STREAMS];
	bool busy[OPENCL_STREAMS];
	struct opencl_program program;
	const char *flaw;
	/* The buffer: a handle of the device, or an address of both sides. */
	opencl_handle buffer;
	void *address;
	size_t bytes;
	enum fs_side side; /* the owner, if ownership is exclusive */
	bool launched;
	struct {
		opencl_handle buffer;
		void *host;
	} pin[OPENCL_PINS];
	/* Results of bodies: the CPU owns them while they are mapped. */
	opencl_handle out;
	ulong *out_mapped;
	ulong *out_failed; /* zeros, if it cannot be mapped: the answer is then wrong, and reported as such */
	uint64_t copied_bytes[FS_SIDES], acquired[FS_SIDES], launches, addresses_checked, address_conflicts;
	struct opencl_events events;
	struct fs_reason why;
};

static inline bool opencl_is_shared(enum fs_memory_kind kind)
{
	return kind == FS_MEMORY_EXCLUSIVE || kind == FS_MEMORY_SVM_FINE || kind == FS_MEMORY_SVM_SYSTEM;
}

static inline int opencl_failed(struct opencl *dev, int status, const char *call)
{
	return opencl_because(&dev->why, status, call);
}

/* ---- memory.c; those of a device are as in struct fs_device */

/* Takes the result of a command that was submitted to a stream; takes over the event. */
int opencl_ordered(struct opencl *dev, int stream, int status, const char *call, enum opencl_did did, opencl_handle event);
opencl_handle opencl_buffer(struct opencl *dev, uint64_t flags, size_t bytes, void *host, int *err);
/* The device's own memory, allocated before step 1. */
int opencl_memory_open(struct opencl *dev, size_t bytes);
/* Queries the device for the buffer's address; counts a conflict if it is not the CPU's. */
void opencl_check_address(struct opencl *dev);
int opencl_wait(void *device, int stream);
int opencl_hand(void *device, struct fs_memory *memory, enum fs_side to);
int opencl_alloc(void *device, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
void opencl_free(void *device, struct fs_memory *memory);
int opencl_pin(void *device, size_t bytes, void **host);
void opencl_unpin(void *device, void *host, size_t bytes);
int opencl_copy(void *device, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);

/* ---- launch.c; as in struct fs_device */

int opencl_launch(void *device, int stream, struct fs_memory *memory, const struct fs_launch *launch);
ulong *opencl_out(void *device);
/* Compiles the round's body, and runs it over an empty range, so that the driver's lazy initialisation is done. */
int opencl_prepare_body(struct opencl *dev, const char *name);

/* ---- ceiling.c */

int opencl_ceiling(void *device, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns);

#endif
