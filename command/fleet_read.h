/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_read.h - reads the runs of a fleet: by the digest beside a run where it holds (analysis/summary/digest_beside.h), else the run.
 */
#ifndef FIVESTEP_COMMAND_FLEET_READ_H
#define FIVESTEP_COMMAND_FLEET_READ_H

#include "analysis/summary/summary.h"
#include "command/fleet_actions.h"

/* Starts as {0}. */
struct fleet_reader {
	size_t digests, refused; /* used; there, but not used */
	struct fs_reason first;	 /* why the first of those was not */
};

/*
 * On 0 the run has its run record, and its cells may have no rounds; else -errno with the reason. Both are to be freed in any case, and are {0}
 * before.
 */
int fleet_read(struct fleet_reader *reader, const char *path, struct runfile *run, struct summary *summary, struct fs_reason *why);
/* Says on standard error which digests were not used. */
void fleet_read_say(const struct fleet_reader *reader);

#endif
