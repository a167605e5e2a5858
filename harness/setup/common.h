/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common.h - what setups of one family share: copies, mirrored page tables, coherent memory. A setup's own
 * file has only its policy: when what moves.
 */
#ifndef FIVESTEP_SETUP_POLICY_H
#define FIVESTEP_SETUP_POLICY_H

#include "harness/fivestep.h"

/* ---- what every policy implies */

/* Steps 1 and 5: the buffer itself. Pages that exist count in step 5. */
void common_imply(struct fs_implied *implied);
/* The side that works in the step: the device in step 3. */
enum fs_side implied_side(const struct fs_implied *implied);
/* A page is allocated, on the side that `where` has for it. */
void imply_exists(struct fs_implied *implied, size_t page);
/* An existing page moves to a side, unless it is there already. */
void imply_moves(struct fs_implied *implied, size_t page, enum fs_side to);

/* ---- copies: host memory here, device memory there */

#define TRANSFER_PAGE                                                                                                                                \
	.name = "page", .type = FS_PARAM_SIZE, .form = FS_FORM_PAGE, .initial = "base", .min = 1, .max = 1ull << 40,                                 \
	.help = "page size of host memory: base or huge"
extern const struct fs_param transfer_params[];
int transfer_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void transfer_release(struct fs_job *job, struct fs_buffer *buf);
/* The same with host memory allocated by the driver: FS_CAP_PIN. */
int transfer_alloc_pinned(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void transfer_release_pinned(struct fs_job *job, struct fs_buffer *buf);
/* Step 3 and the start of step 4: everything that is read is copied to the device, everything written is copied back. */
int transfer_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int transfer_begin(struct fs_job *job, struct fs_buffer *buf);
int transfer_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
int transfer_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
/* Queues the copy of one piece on a stream; to the device it is taken from the marshalled image, if there is one. */
int transfer_queue(struct fs_job *job, int stream, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
/* Marshals the regions that hold links, and tells the launch that links are offsets now. */
int transfer_marshal(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
/* Whether a region must be transferred: not to a device whose copy is current. */
bool transfer_is_due(const struct fs_region *region, enum fs_side to);
/* Transfers every region with one of the flags `with` and none of `without`, on stream 0, and waits; the whole
 * buffer if there are no regions. */
int transfer_regions(struct fs_job *job, struct fs_buffer *buf, unsigned with, unsigned without, enum fs_side to);

void transfer_imply(struct fs_implied *implied);
/* The same if host memory exists from step 1 on. */
void transfer_imply_pinned(struct fs_implied *implied);
/* Steps 1 and 2, the marshalling of step 3, and the CPU's touches in step 4, which are not transfers. */
void transfer_imply_host(struct fs_implied *implied);
/* One transfer of a region; a transfer to the host allocates its pages there. */
void transfer_imply_copy(struct fs_implied *implied, const struct fs_region *region, enum fs_side to, uint64_t pieces);

/* The same in chunks, on two streams: one chunk is transferred while another is computed on. Each setup has its own parameters. */
extern const struct fs_param overlap_params[], overlap_pinned_params[];
int overlap_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int overlap_begin(struct fs_job *job, struct fs_buffer *buf);
void overlap_imply(struct fs_implied *implied);
void overlap_imply_pinned(struct fs_implied *implied);

/* ---- mirrored page tables: pages move, by faults or on request */

int mirror_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void mirror_release(struct fs_job *job, struct fs_buffer *buf);
/* Page tables agree with the driver's ownership table, events with faults served, moves with the residence of pages. */
int mirror_evidence(struct fs_job *job, struct fs_buffer *buf);
/* After step 3: for a device that counts nothing, the residence of pages. */
int mirror_expect_moved(struct fs_job *job, struct fs_buffer *buf);
/* A touch of a page on the other side moves its granule here. */
void mirror_imply(struct fs_implied *implied);
/* In steps 3 and 4 every region with one of the flags is migrated ahead of use, by one request each. */
void mirror_imply_prefetch(struct fs_implied *implied, unsigned flags);

/* ---- one address space for both sides: links are pointers */

int shared_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int shared_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
int nothing_begins(struct fs_job *job, struct fs_buffer *buf);
/* How many pages of the kernel's input are on the side, and of how many; without regions, of the whole buffer. */
int shared_count_pages(struct fs_job *job, struct fs_buffer *buf, enum fs_side side, uint64_t *on_side, uint64_t *of);
int shared_expect_side(struct fs_job *job, struct fs_buffer *buf, enum fs_side side);
/* The same for the whole buffer, whatever its regions; the last page may be partial. */
int shared_count_on_device(struct fs_job *job, struct fs_buffer *buf, uint64_t *on_device);

/* ---- coherent memory on nodes */

/* Placed on a side; FS_SIDES: where it is touched first. */
int coherent_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf, enum fs_side side);
int coherent_alloc_host(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int coherent_alloc_device(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
void coherent_release(struct fs_job *job, struct fs_buffer *buf);
/* The input is on that side. If a device counts the pages that enter and leave its memory, as many are there as it counted. */
int coherent_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_side side);
/* The same after every step: it stays there. */
int coherent_evidence_host(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
int coherent_evidence_device(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
/* New pages are allocated on that side, whichever side touches them first, and nothing moves. */
void coherent_imply_host(struct fs_implied *implied);
void coherent_imply_device(struct fs_implied *implied);

/* ---- exclusive: ownership passes to the device before step 3 and back after it */

int mapped_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int exclusive_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int exclusive_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
int exclusive_begin(struct fs_job *job, struct fs_buffer *buf);
void exclusive_release(struct fs_job *job, struct fs_buffer *buf);
int exclusive_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
/* The device was asked for the buffer's address, and it is the CPU's. */
void shared_expect_address(struct fs_job *job);

/* ---- one address for both sides at once, by means that the driver does not disclose */

int svm_alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, struct fs_buffer *buf);
void svm_release(struct fs_job *job, struct fs_buffer *buf);
int svm_evidence(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);

#endif
