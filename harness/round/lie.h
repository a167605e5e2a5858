/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lie.h - injects faults of a device where the harness calls it, so that each evidence rule and each oracle can be seen to fail, with any device
 * on any machine.
 */
#ifndef FIVESTEP_LIE_H
#define FIVESTEP_LIE_H

#include "harness/plan/lies.h"

/* Called at the start of a round, before anything is opened. */
void lie_begin(struct fs_job *job);

/* Each does what the function of that name in device_calls.c does, and lies if that is the round's lie. */
void lie_of_alloc(struct fs_job *job, struct fs_buffer *buf); /* after it */
bool lie_of_count(struct fs_job *job, const char *name, uint64_t *value, bool counted);
int lie_of_copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
int lie_of_migrate(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
int lie_of_residence(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
int lie_of_launch(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch);
int lie_of_wait(struct fs_job *job, int stream);
extern _Thread_local bool lie_has_clock; /* checked in each reading of the clock */
uint64_t lie_of_clock(uint64_t now);

#endif
