/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor.h - the parts of the benchmark floor: floor.c has the clock and the frame, floor_memory.c copies, floor_read.c reads, floor_fault.c faults,
 * which floor_server.c serves.
 */
#ifndef FIVESTEP_BENCH_FLOOR_H
#define FIVESTEP_BENCH_FLOOR_H

#include "bench/order.h"
#include "bench/repeat.h"

#define FLOOR_PASSES  5
#define FLOOR_CHUNK   (2ul << 20)
#define FLOOR_READERS 64

/* Of one of the two buffers, whole chunks. */
size_t floor_bytes(const struct fs_args *args);

/* memcpy, memcpy_4k and stream_read. 0 or negative. */
int floor_memory(struct fs_job *job);

/* stream_read of so many words, word i of which is i ^ seed. 0 or negative. */
int floor_read(struct fs_job *job, const ulong *base, size_t words, uint64_t seed);

/*
 * raw_fault, raw_fault_two, fault, move and harness_cost, where the kernel allows them. granule: bytes that a fault moves, a power of two;
 * noted_ns: what timing and noting one touch takes. 0 or negative.
 */
int floor_faults(struct fs_job *job, size_t granule, double noted_ns);

#endif
