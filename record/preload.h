/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * preload.h - what fivestep record puts into a program (LD_PRELOAD): its calls of OpenCL and of CUDA's driver go on to the vendor's library, and what
 * they say of memory goes to a trace, a line each, in the folder $FIVESTEP_RECORD. command/record_trace.c reads it:
 *
 *   region ID BYTES              a buffer; IDs count from 0
 *   gone ID
 *   host read|write ID OFFSET BYTES
 *   launch NAME [r:ID:PAGES] [w:ID:PAGES]...   base pages that the device read or wrote; "?" where that is unknown
 *   unseen WHAT                  something that has no line
 *
 * Nothing of it is in fivestep itself, and nothing of it runs in a program that was not started by fivestep record.
 */
#ifndef FIVESTEP_PRELOAD_H
#define FIVESTEP_PRELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The vendor's call of that name: the next one after ours. A program that calls it has it. */
void *preload_next(const char *name);

void trace_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One line of which the parts are put together; NAME is made one word. */
#define TRACE_LINE 4096
struct trace_text {
	char text[TRACE_LINE];
	size_t n;
};
void trace_launch_begin(struct trace_text *line, const char *name);
void trace_launch_use(struct trace_text *line, char how, unsigned id, long pages); /* pages negative: unknown */
void trace_launch_end(struct trace_text *line);

/* ---- buffers: what is known of the program's memory. All under one lock, which the caller holds. */

struct buffer {
	const void *handle; /* an OpenCL buffer, or the device's address */
	size_t bytes;
	unsigned id;
	bool is_read, is_written; /* what the program says that the device may do */
	unsigned char *own;	  /* memory of ours behind it, whose touched pages can be seen; NULL */
	struct buffer *next;
};

void preload_lock(void);
void preload_unlock(void);
struct buffer *buffer_add(const void *handle, size_t bytes, bool is_read, bool is_written);
struct buffer *buffer_find(const void *handle);
/* The buffer that holds the device's address. */
struct buffer *buffer_at(uint64_t address);
struct buffer *buffer_first(void);
void buffer_gone(const void *handle);

/* ---- pages that are touched, where the device computes in memory of this process */

size_t touched_page_bytes(void);
/* Memory in a mapping of its own, all of whose pages exist; NULL without. */
unsigned char *touched_alloc(size_t bytes);
void touched_free(unsigned char *memory, size_t bytes);
/* From now on. False where the kernel cannot say. */
bool touched_begin(unsigned char *memory, size_t bytes);
/* The base pages of that memory that were read or written since; -1: the kernel does not say. */
long touched_pages(const unsigned char *memory);

#endif
