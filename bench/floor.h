/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor.h - the parts of the benchmark floor: floor.c has the clock, copies and reads, floor_fault.c has faults.
 */
#ifndef FIVESTEP_BENCH_FLOOR_H
#define FIVESTEP_BENCH_FLOOR_H

#include "bench/order.h"

#define FLOOR_PASSES 5

/* Sorts. */
double floor_median(double *values, size_t n);

/*
 * raw_fault, raw_fault_two, fault, move and harness_cost, where the kernel allows them. granule: bytes that a fault moves, a power of two;
 * noted_ns: what timing and noting one touch takes. 0 or negative.
 */
int floor_faults(struct fs_job *job, size_t granule, double noted_ns);

#endif
