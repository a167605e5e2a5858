/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_part.h - a context of the device softdev for tests of its driver: a buffer of this process, and work by a device process, which is forked
 * for it. The buffer is not inherited (MADV_DONTFORK), so that a fork shares none of its pages.
 */
#ifndef FIVESTEP_TESTS_SOFTDEV_PART_H
#define FIVESTEP_TESTS_SOFTDEV_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/device/softdev/softdev_uapi.h"

#define HUGE_BYTES ((size_t)2 << 20)

struct part {
	int fd;
	volatile uint64_t *buf;
	size_t page, pages, bytes;
	volatile uint64_t *shared; /* a page for both processes */
};

/* What a binding says; the rest is as in a binding of zeros. */
struct part_options {
	unsigned granule, policy, after, pin, flags;
	size_t capacity; /* pages */
	unsigned kind;
	bool on_node; /* the memory behind is of NODE */
	int node;
	bool untouched, inherited;
};

/* Opens, maps, fills (word 0 of page i is i) and binds. Ends the program where it cannot. */
struct part part_make(size_t pages, const struct part_options *options);
void part_free(struct part *part);

typedef void (*part_fn)(struct part *part);
/* Runs fn in a device process that maps the buffer, at its address; returns how that ended, as wait() says. */
pid_t part_start(struct part *part, part_fn fn);
int part_device(struct part *part, part_fn fn);

struct softdev_counts part_counts(const struct part *part);
struct softdev_info part_info(const struct part *part);
size_t part_on_device(const struct part *part);
size_t part_moved(struct part *part, bool to_device); /* pages that a request for all of it moved */
void part_inject(const struct part *part, unsigned failure, unsigned count);
size_t part_wrong(const struct part *part, uint64_t added); /* pages whose word 0 is not its number and what was added */

/* 0, or the error number with which a request is refused. */
int softdev_refusal(int fd, unsigned long request, void *arg);

/* Bodies. */
void part_read(struct part *part);
void part_add(struct part *part); /* 1 to word 0 of each page */
void part_host_add(struct part *part);

void softdev_counts_cases(void);
void softdev_process_cases(void);
void softdev_bad_cases(void);
/* Also of the node that the memory behind private memory is of. */
void softdev_coherent_cases(void);
void softdev_trace_cases(void);
/* Each adder makes so many updates at least, and all go on for so many seconds at least. */
void softdev_stress_cases(unsigned updates, unsigned seconds);
void softdev_release_cases(void);
void softdev_kill_cases(unsigned kills);
void softdev_fuzz_cases(unsigned requests);

unsigned softdev_draw(unsigned *seed);

#endif
