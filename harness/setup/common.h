/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common.h - what setups of one family share: copies, mirrored page tables, coherent memory. A setup's own
 * file holds only what is its own: when what moves.
 */
#ifndef FIVESTEP_SETUP_POLICY_H
#define FIVESTEP_SETUP_POLICY_H

#include "harness/fivestep.h"

/* ---- what all imply */

/* Steps 1 and 5: the buffer itself. Pages that exist count in step 5. */
void common_imply(struct fs_implied *implied);
/* The side whose step it is: the device in step 3. */
enum fs_side implied_side(const struct fs_implied *implied);
/* A page comes to exist where it is said to be. */
void imply_exists(struct fs_implied *implied, size_t page);
/* A page that exists is moved to a side, unless it is there. */
void imply_moves(struct fs_implied *implied, size_t page, enum fs_side to);

/* ---- copies: host memory here, device memory there */

#define TRANSFER_PAGE                                                                                                                                \
	.name = "page", .type = FS_PARAM_SIZE, .form = FS_FORM_PAGE, .initial = "base", .min = 1, .max = 1ull << 40,                                 \
	.help = "page size of host memory: base or huge"
extern const struct fs_param transfer_params[];
int transfer_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void transfer_release(struct fs_job *job, struct fs_buffer *buf);
/* The same with host memory of the driver's making: FS_CAP_PIN. */
int transfer_alloc_pinned(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void transfer_release_pinned(struct fs_job *job, struct fs_buffer *buf);
/* Step 3 and the opening of step 4: all that is read goes there, all that was written comes back. */
int transfer_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int transfer_begin(struct fs_job *job, struct fs_buffer *buf);
int transfer_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
int transfer_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
/* Queues one piece on a stream; to the device it comes from the marshalled image where there is one. */
int transfer_queue(struct fs_job *job, int stream, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
/* Marshals the regions that hold links, and tells the launch that links are offsets now. */
int transfer_marshal(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
/* Whether a region has to cross: not to a device whose copy is current. */
bool transfer_is_due(const struct fs_region *region, enum fs_side to);
/* Moves every region with one of the flags `with` and none of `without`, on stream 0, and waits; the whole
 * buffer where there are no regions. */
int transfer_regions(struct fs_job *job, struct fs_buffer *buf, unsigned with, unsigned without, enum fs_side to);

void transfer_imply(struct fs_implied *implied);
/* The same where host memory exists from step 1 on. */
void transfer_imply_pinned(struct fs_implied *implied);
/* Steps 1 and 2, the marshalling of step 3, and what the CPU touches in step 4, which is no transfer. */
void transfer_imply_host(struct fs_implied *implied);
/* One transfer of a region; to the host its pages come to exist. */
void transfer_imply_copy(struct fs_implied *implied, const struct fs_region *region, enum fs_side to, uint64_t pieces);

/* The same in chunks, on two streams: one crosses while another is computed on. Each has its parameters. */
extern const struct fs_param overlap_params[], overlap_pinned_params[];
int overlap_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int overlap_begin(struct fs_job *job, struct fs_buffer *buf);
void overlap_imply(struct fs_implied *implied);
void overlap_imply_pinned(struct fs_implied *implied);

/* ---- mirrored page tables: pages move, by faults or on request */

int mirror_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void mirror_release(struct fs_job *job, struct fs_buffer *buf);
/* Page tables agree with the driver's ownership, events with what was served, moves with where pages are. */
int mirror_evidence(struct fs_job *job, struct fs_buffer *buf);
/* After step 3: of a device that counts nothing, where pages are. */
int mirror_expect_moved(struct fs_job *job, struct fs_buffer *buf);
/* A touch of what is on the other side brings its granule. */
void mirror_imply(struct fs_implied *implied);
/* In steps 3 and 4 all of the regions with one of the flags is brought ahead, by a request for each. */
void mirror_imply_prefetch(struct fs_implied *implied, unsigned flags);

/* ---- one address space for both: links are pointers */

int shared_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int shared_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
int nothing_begins(struct fs_job *job, struct fs_buffer *buf);
/* Pages of the kernel's input that are on the side, of how many; without regions, of the whole buffer. */
int shared_count_pages(struct fs_job *job, struct fs_buffer *buf, enum fs_side side, uint64_t *on_side, uint64_t *of);
int shared_expect_side(struct fs_job *job, struct fs_buffer *buf, enum fs_side side);
/* Of the whole buffer, whatever its regions are; the last page may be a part of one. */
int shared_count_on_device(struct fs_job *job, struct fs_buffer *buf, uint64_t *on_device);

/* ---- coherent memory on nodes */

int coherent_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf, enum fs_side side);
void coherent_release(struct fs_job *job, struct fs_buffer *buf);
/* The input is on that side. A device that counts pages into its memory and out of it has there as many as it counted. */
int coherent_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_side side);
/* New pages come to exist on a side, whoever touches them first, and nothing moves. */
void coherent_imply(struct fs_implied *implied, enum fs_side place);

/* ---- one side at a time: handed over at the borders of step 3 */

int mapped_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int exclusive_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int exclusive_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int exclusive_begin(struct fs_job *job, struct fs_buffer *buf);
void exclusive_release(struct fs_job *job, struct fs_buffer *buf);
int exclusive_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
/* The device was asked where it sees the buffer, and that is where the CPU does. */
void shared_expect_address(struct fs_job *job);

/* ---- one address for both at once, on terms that nobody tells */

int svm_alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, struct fs_buffer *buf);
void svm_release(struct fs_job *job, struct fs_buffer *buf);
int svm_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);

#endif
