/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * describe.h - descriptions of a plan's parts in the run record, so that a reader of records needs no list of its own: what each benchmark, setup and
 * device is, and how results are to be drawn.
 */
#ifndef FIVESTEP_DESCRIBE_H
#define FIVESTEP_DESCRIBE_H

#include <jansson.h>

#include "harness/plan/plan.h"

/* The words for kinds of memory. */
extern const char *const describe_memory[FS_MEMORIES];

/*
 * The initial value of each parameter, and where it acts: {NAME: {"initial", "word", "memory", "when", "test_only"}}; members that a
 * parameter does not declare are absent. Each part below has its own as "parameters".
 */
json_t *describe_params(const struct fs_param *params);
/* {NAME: {"kind", "summary", "plots": [{"draw", "metrics", "over", "by", "mark", "title"}]}}; members that a plot does not declare are absent. */
json_t *describe_benches(const struct plan *plan);
/* {NAME: {"summary", "memory": a word for its enum fs_memory_kind, "offers": [text]}} */
json_t *describe_setups(const struct plan *plan);
/* [{"name", "summary", "emulated", "coherent" if it has such memory, "moved": {COUNT: side}, "units": [{"unit", "name", "driver", "emulated"}]}]:
 * emulated if one of the used units is */
json_t *describe_devices(const struct plan *plan, const struct fs_machine *machine);
/* {LIE: true} for each lie that some cell injects; NULL if there are none. */
json_t *describe_lies(const struct plan *plan);
/* {NAME: DIGEST} of the real inputs that cells name; NULL if there are none. */
json_t *describe_inputs(const struct plan *plan);
/* Whether cells have the parameters for lies, which belong to no part. */
bool describe_has_lies(const struct plan *plan);

#endif
